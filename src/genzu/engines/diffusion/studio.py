"""A profile's networks, loaded once and kept: the pipeline, its ControlNets, LoRAs and reference network.

Only ``.safetensors`` are opened and nothing is fetched. What the libraries say when a file does not fit becomes one
sentence with the file's path.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

import diffusers
import torch
import transformers

from genzu.engines.diffusion.families import Family, Offload, Precision
from genzu.engines.diffusion.kinds import Kind, kind_of
from genzu.engines.diffusion.memory import out_of_memory
from genzu.engines.diffusion.nets import Features
from genzu.engines.diffusion.pickles import CONVERT
from genzu.engines.diffusion.profile import Control, ModelProfile
from genzu.errors import BadInput, GenzuError, NotFound

_DTYPES = {Precision.FP32: torch.float32, Precision.FP16: torch.float16, Precision.BF16: torch.bfloat16}
_KIND_OF = {
    Family.SD15: Kind.SD, Family.SDXL: Kind.SDXL, Family.FLUX: Kind.FLUX, Family.QWEN_IMAGE: Kind.QWEN,
}  # fmt: skip
_LOCAL = {"local_files_only": True, "use_safetensors": True}


class Studio:
    """Everything that is loaded for one profile; each part on first use."""

    def __init__(self, profile: ModelProfile) -> None:
        self.profile = profile
        self.features = Features()
        self._controls: dict[Control, Any] = {}
        self._loras: dict[str, str] = {}
        """Path → name of the adapter, of all that were loaded."""
        self._active: tuple[tuple[str, float], ...] = ()

    @cached_property
    def device(self) -> Any:
        """Where the networks work."""
        asked = self.profile.device
        if asked != "auto":
            return torch.device(asked)
        if torch.cuda.is_available():
            return torch.device("cuda")
        if torch.xpu.is_available():
            return torch.device("xpu")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")

    @property
    def dtype(self) -> Any:
        """Number format of the weights."""
        return _DTYPES[self.profile.precision_on(str(self.device))]

    @cached_property
    def kind(self) -> Kind:
        """How the pipeline is called; from its index, without loading a weight."""
        folder = self.profile.config if self.profile.single_file else self.profile.path
        kind = kind_of(str(_json(folder or self.profile.path, "model_index.json").get("_class_name")))
        said = _KIND_OF.get(self.profile.family)
        if said is not None and kind is not said:
            raise BadInput(
                f"the profile says {self.profile.family.value}, the model is another kind ({kind.value})",
                where=self.profile.path, do="correct family in the profile, or leave it out",
            )  # fmt: skip
        return kind

    @cached_property
    def pipeline(self) -> Any:
        """The image-to-image pipeline, ready to be called; text-to-image where there is no other."""
        _be_quiet()
        kind, profile = self.kind, self.profile
        with _translated(profile.path):
            made = self._from_file() if profile.single_file else self._from_folder(profile.path, {})
            if profile.sampler is not None:
                name, options = profile.sampler.diffusers(flow=kind.flow)
                made.scheduler = getattr(diffusers, name).from_config(made.scheduler.config, **options)
            self._add_reference(made)
            made.set_progress_bar_config(disable=True)
            self._place(made)
            if getattr(made.vae.config, "force_upcast", False) and made.vae.dtype == torch.float16:
                made.vae.to(torch.float32)  # it overflows in half precision
        return made

    @cached_property
    def denoiser(self) -> Any:
        """The network that is called once a step."""
        return self.pipeline.unet if getattr(self.pipeline, "unet", None) is not None else self.pipeline.transformer

    def control(self, control: Control) -> Any:
        """A ControlNet, loaded on first use."""
        if control not in self._controls:
            with _translated(control.path):
                self._controls[control] = self._load_control(control)
        return self._controls[control]

    def use_loras(self, wanted: Mapping[Path, float]) -> None:
        """Exactly these LoRAs work from now on, with these weights."""
        pipeline = self.pipeline
        if wanted and not hasattr(pipeline, "load_lora_weights"):
            raise BadInput("this kind of model takes no LoRA", where=self.profile.path, do="take lora out")
        for path in wanted:
            if str(path) not in self._loras:
                self._load_lora(pipeline, path)
        asked = tuple((self._loras[str(path)], weight) for path, weight in wanted.items())
        if asked == self._active:
            return
        if asked:
            pipeline.enable_lora()
            pipeline.set_adapters([name for name, _ in asked], [weight for _, weight in asked])
        else:
            pipeline.disable_lora()
        self._active = asked

    @property
    def loras(self) -> tuple[tuple[str, float], ...]:
        """Names and weights of the LoRAs at work: text encodings depend on them."""
        return self._active

    def _load_lora(self, pipeline: Any, path: Path) -> None:
        if not path.is_file():
            raise NotFound("this LoRA is not there", where=path, do="correct the path in the profile")
        name = f"lora_{len(self._loras)}"
        with _translated(path):
            pipeline.load_lora_weights(str(path.parent), weight_name=path.name, adapter_name=name, **_LOCAL)
        self._loras[str(path)] = name

    def _from_folder(self, folder: Path, parts: dict[str, Any]) -> Any:
        index = _json(folder, "model_index.json")
        if "safety_checker" in index:
            parts = {"safety_checker": None, "requires_safety_checker": False, **parts}
        parts |= self._vae()
        auto = diffusers.AutoPipelineForImage2Image if self.kind.from_picture else diffusers.AutoPipelineForText2Image
        return auto.from_pretrained(str(folder), dtype=self.dtype, variant=self.profile.variant, **_LOCAL, **parts)

    def _from_file(self) -> Any:
        """A single file holds the whole model, or only its denoiser when the folder beside it holds the rest."""
        profile, config = self.profile, self.profile.config
        assert config is not None
        if any((config / "text_encoder").glob("*.safetensors")):
            index = _json(config, "model_index.json")
            name = "transformer" if "transformer" in index else "unet"
            network = getattr(diffusers, str(index[name][1])).from_single_file(
                str(profile.path), config=str(config), subfolder=name, dtype=self.dtype, local_files_only=True
            )
            return self._from_folder(config, {name: network})
        whole = getattr(diffusers, str(_json(config, "model_index.json")["_class_name"]))
        made = whole.from_single_file(
            str(profile.path), config=str(config), dtype=self.dtype, local_files_only=True, **self._vae()
        )
        auto = diffusers.AutoPipelineForImage2Image if self.kind.from_picture else diffusers.AutoPipelineForText2Image
        return auto.from_pipe(made)

    def _vae(self) -> dict[str, Any]:
        path, config = self.profile.vae, self.profile.vae_config
        if path is None:
            return {}
        with _translated(path):
            if path.is_dir():
                return {"vae": diffusers.AutoModel.from_pretrained(str(path), dtype=self.dtype, **_LOCAL)}
            folder = config or (self.profile.config or self.profile.path) / "vae"
            return {
                "vae": diffusers.AutoencoderKL.from_single_file(
                    str(path), config=str(folder), dtype=self.dtype, local_files_only=True
                )
            }

    def _load_control(self, control: Control) -> Any:
        folder = control.config if control.path.is_file() else control.path
        if folder is None:
            raise BadInput(
                "a single file needs the folder of its configuration, because nothing is downloaded",
                where=control.path, do="give the folder with its config.json as config",
            )  # fmt: skip
        name = str(_json(folder, "config.json").get("_class_name"))
        wanted = getattr(diffusers, name, None) if "ControlNet" in name else None
        if wanted is None:
            raise BadInput(f"it is not a ControlNet ({name})", where=folder, do="name the folder of a ControlNet")
        if control.path.is_file():
            made = wanted.from_single_file(
                str(control.path), config=str(folder), dtype=self.dtype, local_files_only=True
            )
        else:
            made = wanted.from_pretrained(str(control.path), dtype=self.dtype, **_LOCAL)
        made.eval()
        if self._offloads:
            from accelerate import cpu_offload

            return cpu_offload(made, self.device)
        return made.to(self.device)

    def _add_reference(self, pipeline: Any) -> None:
        """An IP-Adapter, from its state alone, with the image encoder that the profile names."""
        reference = self.profile.reference
        if reference is None:
            return
        from safetensors.torch import load_file

        if not hasattr(pipeline, "load_ip_adapter"):
            raise BadInput("this kind of model takes no reference", where=reference.path, do="take reference out")
        encoder = transformers.CLIPVisionModelWithProjection.from_pretrained(
            str(reference.encoder), dtype=self.dtype, **_LOCAL
        )
        side = encoder.config.image_size
        sees = transformers.CLIPImageProcessor(size={"shortest_edge": side}, crop_size={"height": side, "width": side})
        pipeline.register_modules(image_encoder=encoder, feature_extractor=sees)
        state: dict[str, dict[str, Any]] = {"image_proj": {}, "ip_adapter": {}}
        for key, value in load_file(str(reference.path)).items():
            part, _, name = key.partition(".")
            if part not in state:
                raise BadInput("it is not an IP-Adapter", where=reference.path, do="name an IP-Adapter's .safetensors")
            state[part][name] = value
        pipeline.load_ip_adapter(state, subfolder="", weight_name="", image_encoder_folder=None, local_files_only=True)
        pipeline.set_ip_adapter_scale(reference.weight)

    @property
    def _offloads(self) -> bool:
        return self.profile.offload is not Offload.NONE and self.device.type != "cpu"

    def _place(self, pipeline: Any) -> None:
        if not self._offloads:
            pipeline.to(self.device)
        elif self.profile.offload is Offload.MODEL:
            pipeline.enable_model_cpu_offload(device=self.device)
        else:
            pipeline.enable_sequential_cpu_offload(device=self.device)


def _json(folder: Path, name: str) -> Mapping[str, Any]:
    """A configuration file; raises :class:`NotFound` or :class:`BadInput`."""
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
    except OSError as error:
        raise NotFound(
            f"{name} cannot be read",
            where=folder,
            do="name a folder in diffusers' layout, or a single file with config",
        ) from error
    except ValueError as error:
        raise BadInput(f"{name} is not JSON ({error})", where=folder, do="copy the model again") from error
    if not isinstance(found, dict):
        raise BadInput(f"{name} holds no settings", where=folder, do="copy the model again")
    return found


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """What the libraries raise while they load becomes one sentence; a lack of memory passes."""
    try:
        yield
    except (GenzuError, ImportError):
        raise
    except Exception as error:
        if out_of_memory(error):
            raise
        said = " ".join(str(error).split())
        if any(ending in said for ending in (".bin", ".ckpt", "safetensors file")) and "safetensors" in said:
            raise BadInput("only .safetensors are read, and one is missing here", where=path, do=CONVERT) from error
        raise BadInput(
            f"it cannot be loaded ({type(error).__name__}: {said[:200]})", where=path,
            do="see whether it is whole and of the family that the profile says",
        ) from error  # fmt: skip


def _be_quiet() -> None:
    """Progress is told by Genzu itself."""
    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
