from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from genzu.core.take import Stage
from genzu.engines.diffusion.families import DEFAULTS, ControlKind, Family, Precision
from genzu.engines.diffusion.profile import ModelProfile
from genzu.errors import BadInput, BadRecord

FULL = """
title = "Studio"
licence = "CreativeML OpenRAIL++-M"
author = "Somebody"
origin = "bought"
training = "the studio's own art"
family = "sdxl"
path = "base"
vae = "vae"
variant = "fp16"
precision = "bf16"
offload = "model"
device = "cuda:1"
scheduler = "DPM++ 2M Karras"
lora_folder = "loras"
[[lora]]
path = "loras/town.safetensors"
weight = 0.6
licence = "CC0-1.0"
[[control]]
kind = "lineart"
path = "lines"
weight = 0.5
start = 0.1
end = 0.9
[[control]]
kind = "tile"
path = "tile"
stages = ["rough", "painting"]
mode = 6
[reference]
path = "ip.safetensors"
encoder = "encoder"
weight = 0.4
picture = "mood.png"
[rough]
steps = 12
strength = 0.9
[painting]
tile = 768
overlap = 96
[registration]
limit = 1.0
tries = 3
[prompt]
prefix = "anime background"
negative = "people"
"""


def read(text: str, folder: Path = Path("/models")) -> ModelProfile:
    return ModelProfile.from_dict(tomllib.loads(text), source=folder / "studio.toml")


def test_a_profile_says_everything() -> None:
    profile = read(FULL)
    assert (profile.name, profile.full_name, profile.title) == ("studio", "diffusers:studio", "Studio")
    assert profile.path == Path("/models/base")
    assert (str(profile.sampler), profile.precision_on("cuda"), profile.device) == ("DPM++ 2M Karras", "bf16", "cuda:1")
    lines, tile = profile.controls
    assert (lines.kind, lines.weight, lines.start, lines.end) == (ControlKind.LINEART, 0.5, 0.1, 0.9)
    assert profile.controls_of(Stage.ROUGH) == (lines, tile)
    assert (profile.loras[0].stem, profile.loras[0].weight, profile.loras[0].rights.licence) == ("town", 0.6, "CC0-1.0")
    assert profile.reference is not None and profile.reference.picture == Path("/models/mood.png")
    assert (profile.rough.steps, profile.rough.strength, profile.rough.tile) == (12, 0.9, 1024)
    assert (profile.painting.tile, profile.painting.overlap, profile.painting.steps) == (768, 96, 30)
    assert (profile.registration.tries, profile.registration.control_step) == (3, 0.15)


@pytest.mark.parametrize("family", Family)
def test_what_is_not_said_is_usual_for_the_family(family: Family) -> None:
    profile = read(f'family = "{family}"\npath = "m"\n[[control]]\nkind = "lineart"\npath = "c"')
    usual = DEFAULTS[family]
    assert (profile.rough, profile.painting, profile.sampler) == (usual.rough, usual.painting, usual.sampler)
    assert profile.controls[0].weight == usual.lineart.weight
    assert profile.controls[0].stages == (Stage.ROUGH, Stage.PAINTING)
    assert profile.precision_on("cpu") is Precision.FP32
    assert profile.precision_on("cuda:0") is usual.half
    assert profile.painting.overlap * 2 < profile.painting.tile


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ('path = "m"\nfamly = "sdxl"', "famly", "did you mean family"),
        ('path = "m"\nfamily = "sd3"', "family", "use one of sd15"),
        ("", "path", "missing"),
        ('path = "../m"', "path", "leaves the profile's folder"),
        ('path = "m.ckpt"', "path", "safetensors"),
        ('path = "m.safetensors"', "config", "nothing is downloaded"),
        ('path = "m"\nscheduler = "DPM++ 3X"', "scheduler", "is not a scheduler"),
        ('path = "m"\nfamily = "flux"\nscheduler = "DDIM"', "scheduler", "flow matching"),
        ('path = "m"\nscheduler = "Euler a Karras"', "scheduler", "leave the word Karras out"),
        ('path = "m"\ndevice = "gpu"', "device", "use auto"),
        ('path = "m"\n[[lora]]\npath = "l.safetensors"\nweight = "x"', "lora[0].weight", "float"),
        ('path = "m"\n[[lora]]\npath = "l.pt"', "lora[0].path", "convert"),
        ('path = "m"\n[[lora]]\npath = "a/l.safetensors"\n[[lora]]\npath = "b/l.safetensors"', "lora[1].path", "name"),
        ('path = "m"\n[[control]]\nkind = "canny"\npath = "c"', "control[0].kind", "use one of lineart"),
        ('path = "m"\n[[control]]\nkind = "tile"\npath = "c"\nstart = 0.9\nend = 0.2', "control[0].end", "later"),
        ('path = "m"\n[[control]]\nkind = "tile"\npath = "c"\nstages = ["layout"]', "control[0].stages[0]", "use"),
        ('path = "m"\n[[control]]\nkind = "tile"\npath = "c.safetensors"', "control[0].config", "nothing is"),
        ('path = "m"\n[[control]]\nkind = "tile"\npath = "c"\nwait = 1', "control[0].wait", "did you mean weight"),
        ('path = "m"\n[rough]\nstrength = 1.2', "rough.strength", "use 0 to 1"),
        ('path = "m"\n[rough]\nsteps = true', "rough.steps", "int"),
        ('path = "m"\n[painting]\ntile = 256\noverlap = 128', "painting.overlap", "take less"),
        ('path = "m"\n[registration]\nretries = 2', "registration.retries", "did you mean tries"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(text: str, where: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(text)
    assert caught.value.where == where
    assert said in caught.value.sentence


def test_errors_of_a_file_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "studio.toml"
    path.write_text('path = "m"\n[rough]\nsteps = 0')
    with pytest.raises(BadRecord, match=r"studio\.toml: rough\.steps"):
        ModelProfile.load(path)


def test_a_whole_path_may_lead_anywhere() -> None:
    assert read('path = "/disk/m"').path == Path("/disk/m")
    assert read('path = "a/../m"').path == Path("/models/m")


def test_settings_hold_what_decides_pixels_and_nothing_of_this_machine() -> None:
    one = read(FULL)
    elsewhere = read(
        FULL.replace("cuda:1", "cpu").replace('offload = "model"', "").replace("Somebody", "X"), Path("/x")
    )
    assert one.settings() == elsewhere.settings()
    for change in (("0.6", "0.7"), ("Karras", "Beta"), ("bf16", "fp16"), ("steps = 12", "steps = 13"),
                   ("people", "person"), ("tries = 3", "tries = 4"), ("start = 0.1", "start = 0.2"),
                   ("weight = 0.4", "weight = 0.5"), ("mode = 6", "mode = 5")):  # fmt: skip
        assert read(FULL.replace(*change)).settings() != one.settings(), change


def test_a_profile_is_read_without_anything_heavy() -> None:
    asked = "import sys, genzu.engines.diffusion.profile, genzu.engines.diffusion.check; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout.split()
    assert not {"torch", "diffusers", "transformers", "safetensors"} & set(loaded)
