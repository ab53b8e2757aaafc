"""A disk that takes no more: one clear error, nothing half, and all goes on when there is room again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from store_samples import machine_take, show_with_cut, tiny

from genzu.core.cut import Cut
from genzu.errors import CannotWrite
from genzu.store.show import Show

LIMITED = f"""
import resource, sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
import numpy as np
from store_samples import hand_take, tiny
from genzu.errors import CannotWrite
from genzu.store.show import Show
show = Show.open(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
given = Path(sys.argv[1]).parent / "given.psd"
jobs = (
    lambda: show.keep_picture(tiny(height=300, width=300)),
    lambda: show.keep_file(given),
    lambda: show.export(show.folder / "a.bin", lambda path: path.write_bytes(bytes(200_000)) and None),
    lambda: [hand_take(show, seed=5) for _ in range(400)],
)
for job in jobs:
    try:
        job()
    except CannotWrite as error:
        print(error)
    else:
        print("it was written")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits exist on POSIX systems only")
def test_where_files_may_not_grow_nothing_is_half_written(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        machine_take(show)
    (tmp_path / "given.psd").write_bytes(bytes(200_000))
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "show"), "150000"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert len(lines) == 4, run.stdout
    assert all(str(tmp_path) in line for line in lines)
    assert not (tmp_path / "show" / "a.bin").exists()
    with Show.open(tmp_path / "show") as show:
        assert show.verify() == ()
        assert list((show.folder / ".genzu" / "scratch").iterdir()) == []
        assert show.keep_picture(tiny(height=300, width=300))
        before = len(show.takes())
        assert machine_take(show, seed=3).id == before + 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    try:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, check=False
        )
    except OSError:
        pytest.skip("there is no mount program to make a small disk with")
    if mounted.returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_loses_nothing(small_disk: Path) -> None:
    with show_with_cut(small_disk / "show") as show:
        take = machine_take(show)
        filler = small_disk / "filler"
        with pytest.raises(OSError, match="space"), filler.open("wb", buffering=0) as stream:
            while True:
                stream.write(bytes(4096))
        with pytest.raises(CannotWrite, match="space"):
            show.keep_picture(tiny(height=200, width=200))
        with pytest.raises(CannotWrite, match=r"space|full"):
            show.add_cut(Cut(number="2", layout=show.cut("001").layout, prompt="x" * 50_000))
        with pytest.raises(CannotWrite, match="space"):
            show.export(show.folder / "a.bin", lambda path: path.write_bytes(bytes(9000)) and None)
        assert show.takes() == (take,)
        filler.unlink()
        assert show.verify() == ()
        assert machine_take(show, seed=1).number == 2
        assert np.array_equal(show.picture(take.picture), tiny())
        show.close()
