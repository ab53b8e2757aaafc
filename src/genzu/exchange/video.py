"""Films as files: H.264 in MP4 for looking at, ProRes 422 HQ in QuickTime for going on with; written by PyAV.

Pictures are sRGB; the film is tagged BT.709 (primaries, transfer, matrix; video range), which is how players and
editing programs expect pictures of this kind. PyAV is an extra (``genzu[film]``): its wheel carries x264, which is
under the GPL.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genzu.core.atomic import cannot_write, replacing
from genzu.core.geometry import Extent
from genzu.errors import BadInput
from genzu.picture.arrays import UInt8, extent_of

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import OutputContainer
    from av.video.stream import VideoStream

LARGEST = Extent(8192, 4352)
"""H.264 level 6.2; larger films are not written."""
BEST_CRF, WORST_CRF = 0, 51
_BT709 = 1
_VIDEO_RANGE = 1


class Codec(StrEnum):
    """How a film is coded; the value is what a person reads."""

    H264 = "H.264"
    PRORES = "ProRes 422 HQ"

    @property
    def suffix(self) -> str:
        """The file's suffix: a film under another one would not open everywhere."""
        return ".mp4" if self is Codec.H264 else ".mov"

    @property
    def pixels(self) -> str:
        """Samples as FFmpeg names them."""
        return "yuv420p" if self is Codec.H264 else "yuv422p10le"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmFormat:
    """Size, speed and coding of a film."""

    extent: Extent
    rate: Fraction = Fraction(24)
    """Frames per second, exact: 24000/1001 is not 23.976."""
    codec: Codec = Codec.H264
    crf: int = 18
    """Quality of H.264, 0 (lossless) to 51; 18 cannot be told from the original by eye."""
    preset: str = "veryfast"
    """How long x264 looks for a smaller file."""

    def __post_init__(self) -> None:
        width, height = self.extent.width, self.extent.height
        if width % 2 or height % 2:
            raise BadInput(f"a film of {self.extent} px is not possible", do="use even numbers, such as 1920x1080")
        if min(width, height) < 16 or width > LARGEST.width or height > LARGEST.height:
            raise BadInput(f"a film of {self.extent} px is not possible", do=f"use 16x16 to {LARGEST}")
        if not BEST_CRF <= self.crf <= WORST_CRF:
            raise BadInput(f"a quality of {self.crf} is not possible", do="use --crf 0 (best) to 51; 18 is usual")


class FilmWriter:
    """Takes the frames of one film, in order."""

    def __init__(self, container: OutputContainer, stream: VideoStream, rate: Fraction) -> None:
        self._container, self._stream, self._rate = container, stream, rate
        self.frames = 0
        """How many were added."""

    def add(self, frame: VideoFrame) -> None:
        """The next frame; the same one may be given again and again, as :func:`film_frame` made it."""
        frame.pts, frame.time_base = self.frames, 1 / self._rate
        self._container.mux(self._stream.encode(frame))
        self.frames += 1

    def finish(self) -> None:
        """No frame follows."""
        self._container.mux(self._stream.encode(None))


@contextmanager
def writing_film(path: Path, form: FilmFormat, *, title: str = "") -> Iterator[FilmWriter]:
    """Write a film at ``path``; it appears there whole when the block ends well, and not at all otherwise.

    Raises ``CannotWrite`` (a full disk …), ``BadInput`` where PyAV is not installed or ``path`` has another suffix
    than its coding.
    """
    av = load_pyav()
    if path.suffix.lower() != form.codec.suffix:
        raise BadInput(f"{form.codec} goes into a {form.codec.suffix} file", where=path, do="name it so")
    with replacing(path) as scratch, _translated(path, av):
        container = av.open(str(scratch), "w", format=form.codec.suffix[1:], container_options=_container_options(form))
        try:
            if title:
                container.metadata["title"] = title
            writer = FilmWriter(container, _stream(container, form), form.rate)
            yield writer
            writer.finish()
            container.close()
        except BaseException:
            with suppress(Exception):  # closing a film that could not be written fails for the same reason
                container.close()
            raise


def film_frame(pixels: UInt8, form: FilmFormat) -> VideoFrame:
    """An (H, W, 3) sRGB or (H, W) grey picture as a frame in the film's own samples. Safe to call in threads."""
    av = load_pyav()
    if extent_of(pixels) != form.extent:
        raise ValueError(f"a picture of {extent_of(pixels)} px is no frame of a film of {form.extent} px")
    rgb = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
    frame = frame.reformat(
        format=form.codec.pixels, src_colorspace="ITU709", dst_colorspace="ITU709",
        src_color_range="JPEG", dst_color_range="MPEG", interpolation=_exact(av), threads=1,
    )  # fmt: skip
    frame.color_primaries = frame.color_trc = frame.colorspace = _BT709
    frame.color_range = _VIDEO_RANGE
    return frame


def load_pyav() -> Any:
    """PyAV, or one clear sentence that says how to get it."""
    try:
        import av
    except ImportError:
        raise BadInput("films are written by PyAV, which is not installed", do="pip install 'genzu[film]'") from None
    return av


def _stream(container: OutputContainer, form: FilmFormat) -> VideoStream:
    h264 = form.codec is Codec.H264
    options = {"crf": str(form.crf), "preset": form.preset} if h264 else {"profile": "hq", "vendor": "apl0"}
    stream: VideoStream = container.add_stream(
        "libx264" if h264 else "prores_ks", rate=form.rate, options=options, time_base=1 / form.rate,
        width=form.extent.width, height=form.extent.height, pix_fmt=form.codec.pixels,
    )  # fmt: skip
    # Tags on the context too: the container's own colour box is written from it.
    context = stream.codec_context
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = _VIDEO_RANGE
    return stream


def _container_options(form: FilmFormat) -> dict[str, str]:
    """The index goes to the front, so that a film plays while it loads; times are whole frames."""
    scale = form.rate.numerator if form.rate.numerator >= 600 else form.rate.numerator * 512
    return {"movflags": "+faststart+write_colr", "video_track_timescale": str(scale)}


def _exact(av: Any) -> int:
    scaling = av.video.reformatter.Interpolation
    return int(scaling.BICUBIC | scaling.ACCURATE_RND | scaling.FULL_CHR_H_INP | scaling.FULL_CHR_H_INT)


@contextmanager
def _translated(path: Path, av: Any) -> Iterator[None]:
    """FFmpeg's errors become one sentence."""
    try:
        yield
    except av.FFmpegError as error:
        raise cannot_write(path, OSError(error.errno or 0, error.strerror or str(error))) from error
