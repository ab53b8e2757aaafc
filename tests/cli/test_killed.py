"""``genzu paint`` killed with SIGKILL at any moment: the next run goes on and ends as if nothing had happened."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Genzu, pixels

SCRIPT = "import sys; from genzu.cli.main import run; sys.argv[0] = 'genzu'; run()"


@pytest.mark.parametrize("share", [0.25, 0.45, 0.65, 0.8, 0.9])
def test_a_killed_run_goes_on(share: float, genzu: Genzu, layout: Path, materials: Path, tmp_path: Path) -> None:
    words = [layout, "-p", "village, summer", "--materials", materials]
    begin = time.perf_counter()
    whole = [sys.executable, "-c", SCRIPT, "paint", *map(str, words), "-o"]
    subprocess.run([*whole, str(tmp_path / "unkilled")], check=True, capture_output=True)
    took = time.perf_counter() - begin

    out = tmp_path / "killed"
    child = subprocess.Popen([*whole, str(out)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(took * share)
    child.kill()
    child.wait()

    ran = genzu("paint", *words, "-o", out)
    assert ran.code == 0, ran.err
    names = sorted(path.name for path in (tmp_path / "unkilled").iterdir())
    assert sorted(path.name for path in out.iterdir()) == names
    for name in names:
        if name.endswith(".png"):
            assert np.array_equal(pixels(out / name), pixels(tmp_path / "unkilled" / name))
    assert genzu("verify", "--show", out).code == 0
