from __future__ import annotations

import json

import pytest
from hypothesis import given
from tests.cutlists import CAMERAS

from genzu.core.camera import CameraPath, Easing, Framing
from genzu.errors import BadInput, BadRecord


@given(CAMERAS)
def test_a_path_comes_back_from_its_text_and_its_json(path: CameraPath) -> None:
    assert CameraPath.parse(str(path)) == path
    assert CameraPath.from_dict(json.loads(json.dumps(path.to_dict()))) == path


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("0,0 > 2,0", CameraPath(start=Framing(0, 0), end=Framing(2, 0))),
        ("(0,0,1)→(0.25,0.25,0.5) クッション",
         CameraPath(start=Framing(0, 0), end=Framing(0.25, 0.25, 0.5), easing=Easing.EASE)),
        ("０，０　＞　１，０　ease-in", CameraPath(start=Framing(0, 0), end=Framing(1, 0), easing=Easing.EASE_IN)),
        ("0,0,2,2 -> 0,0,1,1", CameraPath(start=Framing(0, 0, 2), end=Framing(0, 0, 1))),
    ],
)  # fmt: skip
def test_paths_as_people_write_them(text: str, path: CameraPath) -> None:
    assert CameraPath.parse(text) == path


@pytest.mark.parametrize(
    "text", ["", "PAN", "0,0", "0,0 > 1,0 > 2,0", "0,0 > 2", "0,0,1,2 > 0,0,1,2", "0,0 > 1,0 wobbly", "0,0,0 > 1,0",
             "9999999,0 > 0,0", "nan,0 > 1,0"],
)  # fmt: skip
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        CameraPath.parse(text)


@pytest.mark.parametrize("easing", Easing)
def test_every_easing_goes_from_start_to_end_and_never_back(easing: Easing) -> None:
    shares = [easing.share(step / 50) for step in range(51)]
    assert (shares[0], shares[-1]) == (0, 1)
    assert shares == sorted(shares)


@pytest.mark.parametrize(
    ("change", "where"),
    [({"easing": "wobbly"}, "easing"), ({"start": None}, "start"), ({"end": {"x": 0}}, "end.y"),
     ({"speed": 1}, "speed"), ({"start": {"x": 0, "y": 0, "size": 0}}, "start"), ({"end": {"x": 1e9, "y": 0}}, "end")],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_path(change: dict[str, object], where: str) -> None:
    record = CameraPath(start=Framing(0, 0), end=Framing(2, 0)).to_dict()
    with pytest.raises(BadRecord) as caught:
        CameraPath.from_dict({**record, **change}, "cuts[012].camera")
    assert caught.value.where == f"cuts[012].camera.{where}"
