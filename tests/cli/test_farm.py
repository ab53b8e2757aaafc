"""``genzu farm``: the job that it writes is run for real by ``openjd run``."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image

import genzu as package
from genzu.core.cut import Cut
from genzu.core.take import Take
from genzu.steps.batch import CutOrder, LocalCrew, paint_cuts
from genzu.steps.farm_files import RUN_VALUES, TEMPLATE, VALUES
from genzu.store.show import Show
from tests.cli.conftest import Genzu, draw_layout

NUMBERS = ("001", "002A", "4.5-x", "099")
BAD = "099"


@pytest.fixture
def openjd() -> list[str]:
    if find_spec("openjd") is None or find_spec("openjd.cli") is None:
        pytest.skip("openjd-cli is not installed: pip install 'genzu[farm]'")
    return [sys.executable, "-m", "openjd"]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The genzu of this checkout as a program of the farm's machines."""
    path = tmp_path / "programs" / "genzu of the farm"
    path.parent.mkdir()
    source = str(Path(package.__file__).parents[1])
    path.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {source!r})\nfrom genzu.cli.main import run\nrun()\n"
    )
    path.chmod(0o755)
    return path


def show_at(folder: Path, *, bad: bool) -> list[CutOrder]:
    """Four cuts; the last one's layout is an empty sheet if ``bad``."""
    folder.mkdir(parents=True)
    page = folder / "layout.png"
    with Show.create(folder, "海 {{Param.Secret}}") as show:
        for number in NUMBERS:
            draw_layout(320, 180).save(page)
            if bad and number == BAD:
                Image.new("L", (320, 180), 255).save(page)
            show.add_cut(Cut(number=number, layout=show.keep_file(page), prompt="village, summer", engine="fake"))
    return [CutOrder(show=folder, number=number, out=folder / number) for number in NUMBERS]


def content(show: Show) -> list[tuple[object, ...]]:
    """All that the ledger says of takes, but the ids and times that depend on who came first."""

    def line(take: Take) -> tuple[object, ...]:
        measures = {name: value for name, value in take.measures.items() if name != "seconds"}
        recipe = take.recipe.digest if take.recipe else ""
        return (take.cut, take.sheet, take.stage.value, take.number, take.picture, recipe, str(measures))

    by_id = {take.id: take for take in show.takes()}
    return sorted(line(take) + tuple(line(by_id[parent]) for parent in take.parents) for take in show.takes())


def test_a_job_is_run_until_the_show_is_as_painted_here(
    genzu: Genzu, openjd: list[str], program: Path, tmp_path: Path
) -> None:
    expected = show_at(tmp_path / "here", bad=False)
    folder, job = tmp_path / "-港 町's {{Param.X}} $(touch x)", tmp_path / "the job"
    show_at(folder, bad=True)
    words = (folder, "-o", job, "--chunk", "3", "--genzu", program, "--json")

    written = json.loads(genzu("farm", *words, "--check").out)["job"]
    assert written["cuts"] == list(NUMBERS) and written["tasks"] == 2 and written["one_machine"]
    assert written["checked_by"].startswith("openjd-model ")
    assert {path.name for path in job.iterdir()} == {TEMPLATE, VALUES, RUN_VALUES}
    subprocess.run([*openjd, "check", written["template"]], check=True, capture_output=True)

    ran = subprocess.run([*openjd, *written["run"][1:], "-p", "Workers=1"], capture_output=True, text=True)
    assert ran.returncode != 0
    assert "openjd_progress: 33.3" in ran.stdout and "openjd_status: cut 4.5-x painted" in ran.stdout
    (told,) = [line for line in ran.stdout.splitlines() if "openjd_fail: " in line]
    assert f"cut {BAD}: " in told and "nothing is drawn" in told

    with Show.open(folder) as show:
        draw_layout(320, 180).save(folder / "layout.png")
        cut = show.cut(BAD)
        show.update_cut(
            Cut(number=BAD, layout=show.keep_file(folder / "layout.png"), prompt=cut.prompt, engine=cut.engine)
        )
    again = json.loads(genzu("farm", *words).out)["job"]
    assert again["cuts"] == [BAD], "what is painted is not painted again"
    ran = subprocess.run([*openjd, *again["run"][1:], "-p", "Workers=1"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
    assert "4 cuts: all painted as asked" in ran.stdout

    assert json.loads(genzu("farm", *words).out) == {"job": None}
    paint_cuts(expected, crew=LocalCrew(1))
    with Show.open(tmp_path / "here") as mine, Show.open(folder) as theirs:
        assert len(mine.takes()) == 12
        assert content(mine) == content(theirs)
    assert not Path("x").exists()


def test_what_a_person_changed_in_a_job_is_kept(genzu: Genzu, tmp_path: Path) -> None:
    show_at(tmp_path / "show", bad=False)
    assert genzu("farm", tmp_path / "show", "-o", tmp_path / "job", "--all").code == 0
    mine = tmp_path / "job" / TEMPLATE
    mine.write_text(mine.read_text().replace('"default": 0', '"default": 3'))
    kept = mine.read_text()
    said = json.loads(genzu("farm", tmp_path / "show", "-o", tmp_path / "job", "--all", "--chunk", "1", "--json").out)
    assert mine.read_text() == kept
    assert said["job"]["template"] != str(mine) and said["job"]["tasks"] == 4


def test_only_the_cuts_that_are_named_are_in_a_job(genzu: Genzu, tmp_path: Path) -> None:
    show_at(tmp_path / "show", bad=False)
    ran = genzu("farm", tmp_path / "show", "-o", tmp_path / "job", "--cut", "001-4.5-x", "--cut", BAD, "--json")
    assert json.loads(ran.out)["job"]["cuts"] == ["001", "002A", "4.5-x", BAD]
    ran = genzu("farm", tmp_path / "show", "-o", tmp_path / "job", "--cut", "2A", "--json")
    assert json.loads(ran.out)["job"]["cuts"] == ["002A"]


def test_a_task_says_what_is_amiss_with_a_show(genzu: Genzu, tmp_path: Path) -> None:
    show_at(tmp_path / "show", bad=False)
    ran = genzu("job-task", "--show", tmp_path / "show", "--check")
    assert ran.code == 1
    assert "openjd_fail: cut 001 is not painted as it is asked for." in ran.out
    assert all(line.startswith("openjd_") for line in ran.out.splitlines())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--cuts", "001", "--check"), "a task does one thing"),
        ((), "a task does one thing"),
        (("--cuts", ","), "no cut is given"),
        (("--cuts", "777"), "there is no such cut"),
    ],
)
def test_a_task_that_cannot_be_tells_the_farm(words: tuple[str, ...], said: str, genzu: Genzu, tmp_path: Path) -> None:
    show_at(tmp_path / "show", bad=False)
    ran = genzu("job-task", "--show", tmp_path / "show", *words)
    assert ran.code == 2 and said in ran.err
    assert "one thing" in said or f"openjd_fail: {ran.err.removeprefix('genzu: ').strip()}" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--chunk", "0"), "0 cuts in a task"),
        (("--cut", "777"), "there is no cut '777'"),
        (("--film", "film.avi"), "a film is an .mp4"),
        (("--genzu", ""), "is not a command"),
    ],
)
def test_a_job_that_cannot_be_is_one_sentence(words: tuple[str, ...], said: str, genzu: Genzu, tmp_path: Path) -> None:
    show_at(tmp_path / "show", bad=False)
    ran = genzu("farm", tmp_path / "show", "-o", tmp_path / "job", *words)
    assert ran.code == 2 and said in ran.err and len(ran.err.splitlines()) == 1
    assert not (tmp_path / "job").exists()


def test_without_the_library_a_check_names_the_extra(
    genzu: Genzu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openjd.model", None)
    show_at(tmp_path / "show", bad=False)
    ran = genzu("farm", tmp_path / "show", "-o", tmp_path / "job", "--check")
    assert ran.code == 2 and "genzu[farm]" in ran.err
    assert not (tmp_path / "job").exists()
