"""Ways in which pipelines of diffusers are called."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """A pipeline that is run by tiles, or one that only diffusers itself understands."""

    SD = "Stable Diffusion 1 or 2"
    SDXL = "Stable Diffusion XL"
    SD3 = "Stable Diffusion 3"
    FLUX = "Flux"
    QWEN = "Qwen-Image"
    OTHER = "another, from a picture"
    WORDS = "another, from words only"

    @property
    def flow(self) -> bool:
        """True for models of flow matching."""
        return self in (Kind.SD3, Kind.FLUX, Kind.QWEN)

    @property
    def packed(self) -> bool:
        """True if the denoiser sees 2 × 2 latents as one token."""
        return self in (Kind.FLUX, Kind.QWEN)

    @property
    def tiled(self) -> bool:
        """True if the denoiser is run by tiles inside the pipeline's loop."""
        return self not in (Kind.OTHER, Kind.WORDS)

    @property
    def from_picture(self) -> bool:
        """True if it can begin with a picture."""
        return self is not Kind.WORDS

    @property
    def weighs(self) -> bool:
        """True if words can be given weights."""
        return self in (Kind.SD, Kind.SDXL)


_CLASSES = {
    "StableDiffusionPipeline": Kind.SD, "StableDiffusionImg2ImgPipeline": Kind.SD,
    "StableDiffusionXLPipeline": Kind.SDXL, "StableDiffusionXLImg2ImgPipeline": Kind.SDXL,
    "StableDiffusion3Pipeline": Kind.SD3, "StableDiffusion3Img2ImgPipeline": Kind.SD3,
    "FluxPipeline": Kind.FLUX, "FluxImg2ImgPipeline": Kind.FLUX,
    "QwenImagePipeline": Kind.QWEN, "QwenImageImg2ImgPipeline": Kind.QWEN,
}  # fmt: skip


def kind_of(pipeline: str) -> Kind:
    """The kind of a pipeline by the name of its class in ``model_index.json``."""
    known = _CLASSES.get(pipeline)
    if known is not None:
        return known
    from diffusers.pipelines import auto_pipeline

    try:
        auto_pipeline._get_task_class(auto_pipeline.AUTO_IMAGE2IMAGE_PIPELINES_MAPPING, pipeline)
    except ValueError:
        return Kind.WORDS
    return Kind.OTHER
