"""The files behind a profile: which they are, their SHA-256 (computed once per file), and the digest of it all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from genzu.core.codec import Plain, digest
from genzu.engines.diffusion.hashes import sha_of
from genzu.engines.diffusion.pickles import CONVERT, is_pickle
from genzu.engines.diffusion.profile import ModelProfile, Rights
from genzu.errors import BadInput, NotFound

_TEXTS = frozenset({".json", ".txt", ".model"})
"""Configurations, vocabularies and sentence-piece tables: they decide pixels as weights do."""
_INDEX = ".safetensors.index.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One model, LoRA, ControlNet … of a profile."""

    kind: str
    """``model``, ``vae``, ``lora``, ``control lineart`` …, ``reference``, ``image encoder``."""
    where: str
    """Field of the profile."""
    path: Path
    variant: str | None
    rights: Rights
    weight: float | None = None
    source: Path | None = None
    """The profile, for errors."""

    @property
    def place(self) -> str:
        """File and field, for errors."""
        return self.where if self.source is None else f"{self.source}: {self.where}"

    def files(self) -> tuple[Path, ...]:
        """All files that are read, in order of their names below the part; weights and texts.

        Raises :class:`NotFound` if it is not there or holds no weights, :class:`BadInput` if it holds only pickles.
        """
        if self.path.is_file():
            return (self.path,)
        if not self.path.is_dir():
            raise NotFound(f"{self.path} is not there", where=self.place, do="correct the path in the profile")
        return tuple(sorted(self._in_folder()))

    def weight_files(self) -> tuple[Path, ...]:
        """Only the ``.safetensors`` among :meth:`files`."""
        return tuple(path for path in self.files() if path.suffix.lower() == ".safetensors")

    def name_of(self, path: Path) -> str:
        """How a file of this part is called: below its folder, or plainly."""
        return path.name if path == self.path else path.relative_to(self.path).as_posix()

    def _in_folder(self) -> Iterator[Path]:
        """The folder itself and the folders of its components, one level deep, as diffusers lays them out."""
        held = 0
        for folder in (self.path, *sorted(one for one in self.path.iterdir() if one.is_dir())):
            if folder.name.startswith("."):
                continue
            files = [path for path in sorted(folder.iterdir()) if path.is_file()]
            weights = self._weights(folder, files)
            held += len(weights)
            yield from weights
            yield from (path for path in files if path.suffix in _TEXTS and not path.name.endswith(_INDEX))
        if not held:
            raise NotFound(
                f"no .safetensors lies in {self.path}", where=self.place, do="name a folder in diffusers' layout"
            )

    def _weights(self, folder: Path, files: list[Path]) -> list[Path]:
        """What diffusers would load of a component: the variant's files, else those without one."""
        if folder == self.path and (folder / "model_index.json").is_file():
            return []  # whole checkpoints that lie beside the components are not read
        found = [path for path in files if path.suffix.lower() == ".safetensors"]
        pickles = [path for path in files if is_pickle(path) and _is_weight(path)]
        if pickles and not found:
            raise BadInput(
                f"{self.name_of(pickles[0])} can run code when it is opened, and there is no .safetensors beside it",
                where=self.place, do=CONVERT,
            )  # fmt: skip
        if self.variant:
            own = [path for path in found if f".{self.variant}." in path.name or f".{self.variant}-" in path.name]
            return own or [path for path in found if not _has_variant(path)]
        return [path for path in found if not _has_variant(path)] or found


def parts(profile: ModelProfile) -> tuple[Part, ...]:
    """Everything that the profile names, the model first."""
    found = [
        Part(
            kind="model", where="path", path=profile.path, variant=profile.variant, rights=profile.rights,
            source=profile.source,
        )
    ]  # fmt: skip

    def add(kind: str, where: str, path: Path | None, rights: Rights, weight: float | None = None) -> None:
        if path is not None:
            found.append(
                Part(
                    kind=kind, where=where, path=path, variant=None, rights=rights, weight=weight,
                    source=profile.source,
                )
            )  # fmt: skip

    add("vae", "vae", profile.vae, Rights())
    for index, lora in enumerate(profile.loras):
        add("lora", f"lora[{index}].path", lora.path, lora.rights, lora.weight)
    for index, control in enumerate(profile.controls):
        add(f"control {control.kind}", f"control[{index}].path", control.path, control.rights, control.weight)
    if profile.reference is not None:
        add("reference", "reference.path", profile.reference.path, profile.reference.rights, profile.reference.weight)
        add("image encoder", "reference.encoder", profile.reference.encoder, Rights())
    return tuple(found)


def part_sha(part: Part) -> str:
    """SHA-256 of a single file; of the list of names and hashes for a folder."""
    if part.path.is_file():
        return sha_of(part.path)
    return digest({part.name_of(path): sha_of(path) for path in part.files()})


def fingerprint(profile: ModelProfile) -> Plain:
    """Settings and hashes: what a recipe needs to be painted again, and what the digest is made of."""
    shas = [[part.kind, part_sha(part)] for part in parts(profile)]
    extra = {
        "config": profile.config, "vae_config": profile.vae_config,
        "picture": profile.reference.picture if profile.reference else None,
    }  # fmt: skip
    texts = {key: _text_sha(path) for key, path in extra.items() if path is not None}
    return {"settings": profile.settings(), "parts": shas, "texts": texts}


def profile_digest(profile: ModelProfile) -> str:
    """SHA-256 over everything that decides pixels; no path, name, device or licence enters it."""
    return digest(fingerprint(profile))


def _text_sha(path: Path) -> str:
    """Of a file, or of the configurations in a folder and its components."""
    if path.is_file():
        return sha_of(path)
    if not path.is_dir():
        raise NotFound(f"{path} is not there", do="correct the path in the profile")
    found = sorted({*path.glob("*"), *path.glob("*/*")})
    return digest({p.relative_to(path).as_posix(): sha_of(p) for p in found if p.is_file() and p.suffix in _TEXTS})


def _has_variant(path: Path) -> bool:
    """``model.fp16.safetensors`` and ``model.fp16-00001-of-00002.safetensors``, not ``model-00001-of-…``."""
    return "." in path.name.removesuffix(path.suffix)


def _is_weight(path: Path) -> bool:
    """Optimiser states and arguments of a training are pickles that nothing reads."""
    return path.stem not in ("training_args", "optimizer", "scheduler", "rng_state", "random_states_0")
