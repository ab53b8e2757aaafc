"""Node classes of the test server: those of ComfyUI's core that need no weights, done for real in numpy, and stand-ins
with the true names and inputs for those that do. Arrays are (H, W, 3) float32 0–1; latents are pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

Step = Callable[[int, int, Image.Image | None], None]
"""(value, max, preview)."""

INT: Any = "INT"
SEED = [INT, {"default": 0, "min": 0, "max": 2**64 - 1}]
SHARE = ["FLOAT", {"default": 1.0, "min": 0.0, "max": 1.0}]


@dataclass
class World:
    """What nodes can reach: folders and the weights that the server has."""

    folder: Path
    checkpoints: list[str] = field(default_factory=lambda: ["sd15.safetensors", "studio.safetensors"])
    controls: list[str] = field(default_factory=lambda: ["line.safetensors", "seg.safetensors", "tile.safetensors"])
    saved: int = 0

    def __post_init__(self) -> None:
        for name in ("input", "output", "temp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def save(self, picture: np.ndarray, kind: str, prefix: str) -> dict[str, str]:
        self.saved += 1
        name = f"{prefix}_{self.saved:05}_.png"
        Image.fromarray(np.clip(255 * picture, 0, 255).astype(np.uint8)).save(self.folder / kind / name)
        return {"filename": name, "subfolder": "", "type": kind}


@dataclass(frozen=True)
class NodeClass:
    inputs: dict[str, list[Any]]
    """Name → [type, facts] or [[choices], facts]."""
    outputs: tuple[str, ...]
    work: Callable[..., Any]
    """(world, step, **inputs) → tuple of outputs, or the ``ui`` dict of an output node."""
    optional: dict[str, list[Any]] = field(default_factory=dict)
    output_node: bool = False
    check: Callable[..., str | bool] | None = None
    """(world, **constants) → True or what is wrong; stands in for VALIDATE_INPUTS."""

    def info(self, name: str) -> dict[str, Any]:
        return {
            "input": {"required": self.inputs} | ({"optional": self.optional} if self.optional else {}),
            "input_order": {"required": list(self.inputs)},
            "output": list(self.outputs), "output_is_list": [False] * len(self.outputs),
            "output_name": list(self.outputs), "name": name, "display_name": name, "description": "",
            "python_module": "nodes", "category": "test", "output_node": self.output_node,
        }  # fmt: skip


def classes(world: World) -> dict[str, NodeClass]:
    """By name; choices are those of the moment."""
    picture: list[Any] = ["IMAGE"]
    conditioning: list[Any] = ["CONDITIONING"]
    return {
        "LoadImage": NodeClass(
            {"image": [_inputs(world), {"image_upload": True}]}, ("IMAGE", "MASK"), _load, check=_is_there
        ),
        "PreviewImage": NodeClass({"images": picture}, (), _preview, output_node=True),
        "SaveImage": NodeClass(
            {"images": picture, "filename_prefix": ["STRING", {"default": "ComfyUI"}]}, (), _save, output_node=True
        ),
        "ImageInvert": NodeClass({"image": picture}, ("IMAGE",), lambda _w, _s, image: (1 - image,)),
        "ImageScale": NodeClass(
            {
                "image": picture, "upscale_method": [["nearest-exact", "bilinear", "area", "bicubic", "lanczos"]],
                "width": [INT, {"min": 0, "max": 16384}], "height": [INT, {"min": 0, "max": 16384}],
                "crop": [["disabled", "center"]],
            },
            ("IMAGE",), _scale,
        ),
        "ImageBlend": NodeClass(
            {
                "image1": picture, "image2": picture, "blend_factor": SHARE,
                "blend_mode": ["COMBO", {"options": ["normal", "multiply", "screen"]}],
            },
            ("IMAGE",), _blend,
        ),
        "ImageAddNoise": NodeClass({"image": picture, "seed": SEED, "strength": SHARE}, ("IMAGE",), _noise),
        "PrimitiveString": NodeClass({"value": ["STRING", {}]}, ("STRING",), lambda _w, _s, value: (value,)),
        "CheckpointLoaderSimple": NodeClass(
            {"ckpt_name": [world.checkpoints, {}]}, ("MODEL", "CLIP", "VAE"),
            lambda _w, _s, ckpt_name: (ckpt_name, ckpt_name, ckpt_name),
        ),
        "ControlNetLoader": NodeClass(
            {"control_net_name": [world.controls, {}]},
            ("CONTROL_NET",),
            lambda _w, _s, control_net_name: (control_net_name,),
        ),
        "CLIPTextEncode": NodeClass(
            {"text": ["STRING", {"multiline": True}], "clip": ["CLIP"]},
            ("CONDITIONING",),
            lambda _w, _s, text, clip: ([text],),
        ),
        "ControlNetApplyAdvanced": NodeClass(
            {
                "positive": conditioning, "negative": conditioning, "control_net": ["CONTROL_NET"], "image": picture,
                "strength": ["FLOAT", {"min": 0.0, "max": 10.0}], "start_percent": SHARE, "end_percent": SHARE,
            },
            ("CONDITIONING", "CONDITIONING"), _control, optional={"vae": ["VAE"]},
        ),
        "VAEEncode": NodeClass({"pixels": picture, "vae": ["VAE"]}, ("LATENT",), _encode),
        "VAEDecode": NodeClass(
            {"samples": ["LATENT"], "vae": ["VAE"]}, ("IMAGE",), lambda _w, _s, samples, vae: (samples,)
        ),
        "KSampler": NodeClass(
            {
                "model": ["MODEL"], "seed": SEED, "steps": [INT, {"min": 1, "max": 10000}],
                "cfg": ["FLOAT", {"min": 0.0, "max": 100.0}], "sampler_name": [["euler", "dpmpp_2m"], {}],
                "scheduler": [["normal", "karras"], {}], "positive": conditioning, "negative": conditioning,
                "latent_image": ["LATENT"], "denoise": SHARE,
            },
            ("LATENT",), _sample,
        ),
    }  # fmt: skip


def _inputs(world: World) -> list[str]:
    """As the real class does it: only files that lie directly in the folder are choices."""
    return sorted(path.name for path in (world.folder / "input").iterdir() if path.is_file())


def _is_there(world: World, image: object) -> str | bool:
    path = world.folder / "input" / str(image)
    return True if path.is_file() else f"Invalid image file: {image}"


def _load(world: World, _step: Step, image: str) -> Any:
    picture = np.asarray(Image.open(world.folder / "input" / image).convert("RGB"), np.float32) / 255
    return picture, np.zeros((64, 64), np.float32)


def _preview(world: World, _step: Step, images: np.ndarray) -> Any:
    return {"images": [world.save(images, "temp", "ComfyUI_temp_abcde")]}


def _save(world: World, _step: Step, images: np.ndarray, filename_prefix: str) -> Any:
    return {"images": [world.save(images, "output", filename_prefix)]}


def _scale(_world: World, _step: Step, image: np.ndarray, width: int, height: int, **_how: object) -> Any:
    return (_resized(image, width, height),)


def _resized(image: np.ndarray, width: int, height: int) -> np.ndarray:
    small = Image.fromarray((image * 255 + 0.5).astype(np.uint8)).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(small, np.float32) / 255


def _blend(_world: World, _step: Step, image1: Any, image2: Any, blend_factor: float, blend_mode: str) -> Any:
    if image2.shape != image1.shape:
        image2 = _resized(image2, image1.shape[1], image1.shape[0])
    if blend_mode not in ("normal", "multiply", "screen"):
        raise ValueError(f"Unsupported blend mode: {blend_mode}")
    mixed = {"normal": image2, "multiply": image1 * image2, "screen": 1 - (1 - image1) * (1 - image2)}[blend_mode]
    return (np.clip(image1 * (1 - blend_factor) + mixed * blend_factor, 0, 1),)


def _noise(_world: World, _step: Step, image: np.ndarray, seed: int, strength: float) -> Any:
    noise = np.random.default_rng(seed).standard_normal(image.shape, np.float32)
    return (np.clip(image + strength * noise, 0, 1),)


def _control(
    _world: World, _step: Step, positive: list[Any], negative: list[Any], control_net: str, image: Any, strength: float,
    start_percent: float, end_percent: float, vae: object = None,
) -> Any:  # fmt: skip
    hint = (control_net, float(image.mean()), image.shape, strength, start_percent, end_percent)
    return [*positive, hint], [*negative, hint]


def _encode(_world: World, _step: Step, pixels: np.ndarray, vae: object) -> Any:
    """As the real one: what does not divide by 8 is cut off around the middle."""
    height, width = pixels.shape[0] // 8 * 8, pixels.shape[1] // 8 * 8
    top, left = pixels.shape[0] % 8 // 2, pixels.shape[1] % 8 // 2
    return (pixels[top : top + height, left : left + width],)


def _sample(
    _world: World, step: Step, model: str, seed: int, steps: int, cfg: float, sampler_name: str, scheduler: str,
    positive: list[Any], negative: list[Any], latent_image: np.ndarray, denoise: float,
) -> Any:  # fmt: skip
    """Paints from all of its inputs: the start picture, a tint from the words, soft noise from the seed."""
    said = f"{model} {cfg} {sampler_name} {scheduler} {positive} {negative}".encode()
    tint = np.frombuffer(sha256(said).digest()[:3], np.uint8).astype(np.float32) / 255
    height, width = latent_image.shape[:2]
    clumps = np.random.default_rng(seed).random((max(1, height // 8), max(1, width // 8), 3), np.float32)
    target = 0.5 * tint + 0.5 * _resized(clumps, width, height)
    picture = latent_image
    for number in range(1, steps + 1):
        share = 0.6 * denoise * number / steps
        picture = latent_image * (1 - share) + target * share
        step(number, steps, Image.fromarray((picture * 255).astype(np.uint8)))
    return (picture,)
