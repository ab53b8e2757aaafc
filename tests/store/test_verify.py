from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from store_samples import hand_take, machine_take, show_with_cut

from genzu.core.credit import Hand
from genzu.core.take import NewTake, Stage

pytestmark = pytest.mark.usefixtures("both_ledgers")


def test_a_whole_show_has_no_faults_and_tells_its_progress(tmp_path: Path) -> None:
    shares: list[float] = []
    with show_with_cut(tmp_path / "show") as show:
        machine_take(show)
        hand_take(show)
        assert show.verify(shares.append) == ()
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_each_broken_thing_is_named_with_those_who_need_it(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        rough = machine_take(show)
        machine_take(show, Stage.PAINTING)  # of the same pixels
        retouch = hand_take(show)
        edited = tmp_path / "edited.psd"
        edited.write_bytes(b"8BPS")
        original = show.keep_file(edited)
        show.record(
            NewTake(
                cut="001", sheet="BG", stage=Stage.FINAL, picture=rough.picture, hand=Hand.HUMAN, original=original.sha
            )
        )
        private = show.folder / ".genzu"
        path = private / "pictures" / rough.picture[:2] / f"{rough.picture[2:]}.png"
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:-20])
        (private / "pictures" / retouch.picture[:2] / f"{retouch.picture[2:]}.png").unlink()
        show.file(show.cut("001").layout).unlink()
        show.file(original).unlink()
        found = {fault.where.split()[0] + " " + fault.where[-64:]: fault for fault in show.verify()}
        layout = show.cut("001").layout.sha
        assert {key: (fault.what, fault.used_by) for key, fault in found.items()} == {
            f"picture {rough.picture}": ("damaged", ("001 BG rough 1", "001 BG painting 1", "001 BG final 1")),
            f"picture {retouch.picture}": ("missing", ("001 BG retouch 1",)),
            f"file {layout}": ("missing", ("cut 001",)),
            f"file {original.sha}": ("missing", ("001 BG final 1",)),
        }
        assert "needed by 001 BG retouch 1" in found[f"picture {retouch.picture}"].sentence


def test_a_row_that_points_to_nothing_is_named(tmp_path: Path, both_ledgers: str) -> None:
    server = both_ledgers == "postgresql"
    off = "SET session_replication_role = replica" if server else "PRAGMA foreign_keys=OFF"
    with show_with_cut(tmp_path / "show") as show:
        with show._ledger.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql(off)
            connection.exec_driver_sql("BEGIN")
            connection.execute(text("INSERT INTO approvals VALUES (1, 99, 'x', 'now')"))
            connection.commit()
        (fault,) = show.verify()
        assert fault.where == "ledger"
        assert ("1 rows of approvals point to nothing in takes" if server else "approvals row 1") in fault.what
