"""``paint --all``, its options, ``status`` and ``--watch``, as they are typed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genzu.core.take import Stage
from genzu.store.show import Show
from tests.cli.conftest import Genzu, draw_layout

SCRIPT = "import sys; from genzu.cli.main import run; sys.argv[0] = 'genzu'; run()"


@pytest.fixture
def show(genzu: Genzu, tmp_path: Path) -> Path:
    """Cuts 001, 002, 003; the last shows the background of the first."""
    folder = tmp_path / "umi"
    assert genzu("init", folder).code == 0
    for number in ("001", "002", "003"):
        page = draw_layout(320, 180)
        page.putpixel((int(number), 3), (60, 60, 60))
        page.save(tmp_path / f"c{number}.png")
        materials = tmp_path / "materials.png"
        Image.fromarray(np.full((180, 320), 5, np.uint8)).save(materials)
        ran = genzu("add", tmp_path / f"c{number}.png", "--cut", number, "-p", "village, summer", "--engine", "fake",
                    "--materials", materials, "--show", folder)  # fmt: skip
        assert ran.code == 0, ran.err
    table = tmp_path / "list.csv"
    table.write_text("cut,shared bg\n003,001\n", encoding="utf-8")
    assert genzu("cuts", "import", table, "--show", folder).code == 0
    return folder


def paint(genzu: Genzu, show: Path, *words: object) -> dict[str, object]:
    ran = genzu("paint", "--all", "--show", show, "--workers", 1, "--json", *words)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_a_dry_run_tells_and_does_nothing(genzu: Genzu, show: Path) -> None:
    ran = genzu("paint", "--all", "--dry-run", "--show", show)
    assert ran.code == 0 and "cut 001: paint: never painted" in ran.out and "cut 002" in ran.out
    assert "cut 003: paint" not in ran.out and "1 show another cut's background" in ran.out
    assert paint(genzu, show, "--dry-run")["shared"] == {"003": "001"}
    assert not (show / "001").exists()


def test_only_what_is_stale_is_painted_and_the_report_says_so(genzu: Genzu, show: Path) -> None:
    first = paint(genzu, show)
    outcomes = {cut["cut"]: (cut["outcome"], cut["why"]) for cut in first["cuts"]}  # type: ignore[attr-defined]
    assert outcomes == dict.fromkeys(("001", "002"), ("painted", "never painted"))
    assert all(cut["seconds"] > 0 for cut in first["cuts"])  # type: ignore[attr-defined]
    second = paint(genzu, show)
    assert second["cuts"] == second["sheets"] == [] and second["up_to_date"] == ["001", "002"]
    assert "Nothing is stale: 2 cuts up to date" in genzu("paint", "--all", "--show", show).out
    genzu("add", show.parent / "c002.png", "--cut", "002", "-p", "village, autumn", "--engine", "fake", "--replace",
          "--materials", show.parent / "materials.png", "--show", show)  # fmt: skip
    third = paint(genzu, show)
    (cut,) = third["cuts"]  # type: ignore[misc]
    assert (cut["cut"], cut["why"]) == ("002", "prompt changed: 'village, summer' → 'village, autumn'")


def test_cuts_may_be_named_in_any_way(genzu: Genzu, show: Path) -> None:
    def chosen(*words: object) -> set[str]:
        told = paint(genzu, show, "--dry-run", *words)
        return {cut["cut"] for cut in told["planned"]}  # type: ignore[attr-defined]

    assert chosen("--cut", "002") == chosen("--cut", "2") == {"002"}
    assert chosen("--cut", "001", "002") == chosen("--cut", "001-002") == chosen("--cut", "1,2") == {"001", "002"}
    assert chosen("--cut", "003") == {"001"}, "it shows that background"
    ran = genzu("paint", "--all", "--cut", "404", "--show", show)
    assert ran.code == 2 and "404" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("--all", "c001.png"),
        ("--dry-run", "c001.png", "-o", "out"),
        ("c001.png", "c002.png", "-o", "out"),
        ("--all", "--watch", "--dry-run"),
        ("--all", "--watch", "--layouts", "nowhere"),
        ("--all", "--candidates", "0"),
    ],
)
def test_what_does_not_go_together_is_refused(
    genzu: Genzu, show: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(show)
    ran = genzu("paint", *words)
    assert ran.code == 2 and ran.err.count("\n") == 1, ran


def test_status_tells_why_and_counts(genzu: Genzu, show: Path) -> None:
    assert "not painted yet" in genzu("status", "--show", show).out
    paint(genzu, show)
    genzu("approve", "--by", "Kenji Arai", "--cut", "001", "--show", show)
    genzu("add", show.parent / "c002.png", "--cut", "002", "-p", "village, winter", "--engine", "fake", "--replace",
          "--materials", show.parent / "materials.png", "--show", show)  # fmt: skip
    told = genzu("status", "--show", show).out
    assert "stale: prompt changed: 'village, summer' → 'village, winter'" in told
    assert "shows the background of cut 001" in told
    assert "3 cuts: 1 up to date, 1 stale, 1 show another cut's background (兼用), 1 approved." in told
    stale = json.loads(genzu("status", "--stale", "--json", "--show", show).out)
    assert [row["cut"] for row in stale["cuts"]] == ["002"] and stale["counts"]["stale"] == 1
    rows = json.loads(genzu("status", "--cut", "001", "003", "--json", "--show", show).out)["cuts"]
    assert [(row["cut"], row["state"], row["shows"]) for row in rows] == [
        ("001", "up to date", "001"), ("003", "shared", "001"),
    ]  # fmt: skip


def test_a_retouch_on_an_older_painting_is_said_by_status_and_dry_run(genzu: Genzu, show: Path) -> None:
    paint(genzu, show)
    with Image.open(show / "001" / "001_painting.png") as picture:
        pixels = np.asarray(picture).copy()
    pixels[:80] = (200, 30, 30)
    Image.fromarray(pixels).save(show.parent / "touched.png")
    ran = genzu("retouch", show.parent / "touched.png", "--by", "Mika Sato", "--cut", "001", "--show", show)
    assert ran.code == 0, ran.err
    assert "older painting" not in genzu("status", "--show", show).out
    genzu("add", show.parent / "c001.png", "--cut", "001", "-p", "village, winter", "--engine", "fake", "--replace",
          "--materials", show.parent / "materials.png", "--show", show)  # fmt: skip
    for words in (("status",), ("paint", "--all", "--dry-run")):
        told = genzu(*words, "--show", show).out
        assert "NOTE: a person's retouch is on an older painting (retouch 1 by Mika Sato)" in told


def test_the_shared_background_is_delivered_and_retouched_where_it_is_painted(
    genzu: Genzu, show: Path, tmp_path: Path
) -> None:
    paint(genzu, show)
    ran = genzu("deliver", "--cut", "003", "-o", tmp_path / "out", "--formats", "png", "--show", show)
    assert ran.code == 0, ran.err
    assert (tmp_path / "out" / "umi_003_BG_t01.png").is_file()
    with Image.open(tmp_path / "out" / "umi_003_BG_t01.png") as one, Image.open(show / "001/001_painting.png") as other:
        assert np.array_equal(np.asarray(one), np.asarray(other))
    assert "AI: fake 1 (1 cut)" in ran.out
    ran = genzu("retouch", show / "001" / "001_painting.png", "--by", "Mika", "--cut", "003", "--show", show)
    assert ran.code == 2 and "cut 003 shows the background of cut 001" in ran.err


def wait_for(what: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_a_watching_process_paints_what_changes_and_ends_with_ctrl_c(genzu: Genzu, show: Path) -> None:
    paint(genzu, show)
    log = show.parent / "log.txt"
    with log.open("w") as out:
        child = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, "paint", "--watch", "--show", str(show)], stdout=out,
            stderr=subprocess.STDOUT, env={**__import__("os").environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
    try:
        wait_for(lambda: "Watching" in log.read_text())
        (show.parent / "c001.png").write_bytes(b"no picture")
        wait_for(lambda: "c001.png is not taken yet" in log.read_text())
        page = draw_layout(320, 180)
        page.paste((40, 40, 40), (20, 20, 23, 90))
        page.save(show.parent / "c001.png")

        def painted() -> bool:
            with Show.open(show) as opened:
                return len(opened.takes("001", "BG", Stage.PAINTING)) == 2

        wait_for(painted)
        wait_for(lambda: "1 cut done" in log.read_text())
    finally:
        child.send_signal(signal.SIGINT)
        code = child.wait(60)
    assert code == 0, log.read_text()
    assert "Watching ended" in log.read_text() and "Traceback" not in log.read_text()
