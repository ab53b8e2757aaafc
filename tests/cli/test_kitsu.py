"""``genzu kitsu`` against a real server: the tests start it, and people other than Genzu speak in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genzu.core.credit import Hand
from genzu.core.take import NewTake, Stage, Take
from genzu.exchange.kitsu.writing import Desk
from genzu.store.show import Show
from tests.cli.conftest import Genzu, Ran
from tests.postgres import postgres as postgres
from tests.steps.painted_shows import layout_picture, paint, painted_show, town
from tests.zou import ADMIN, PASSWORD, Zou
from tests.zou import zou as zou

gazu = pytest.importorskip("gazu", reason="gazu is not installed (pip install 'genzu[kitsu]')")


class Studio:
    """The server as its people see it, and one show that is sent to it."""

    def __init__(self, server: Zou, show: Path, title: str, genzu: Genzu) -> None:
        self.server, self.folder, self.title, self._genzu = server, show, title, genzu
        self.admin = self.login(ADMIN)

    def login(self, email: str) -> Any:
        client = gazu.client.create_client(self.server.url)
        gazu.log_in(email, PASSWORD, client=client)
        return client

    def person(self, first: str, last: str, role: str) -> Any:
        """A client that is logged in as a person of the production's team."""
        email = f"{first}.{last}@example.com".lower()
        person = gazu.person.new_person(first, last, email, role=role, client=self.admin)
        gazu.person.change_password_for_person(person, PASSWORD, client=self.admin)
        gazu.project.add_person_to_team(self.project, person, client=self.admin)
        return self.login(email)

    def push(self, *words: object) -> Ran:
        return self._genzu("kitsu", "push", "-s", self.folder, *words)

    def pull(self, *words: object) -> Ran:
        return self._genzu("kitsu", "pull", "-s", self.folder, *words)

    def begin(self) -> None:
        done = self.push("--project", self.title, "--create")
        assert done.code == 0, done.err

    @property
    def project(self) -> Any:
        return gazu.project.get_project_by_name(self.title, client=self.admin)

    def shots(self) -> dict[str, Any]:
        return {one["name"]: one for one in gazu.shot.all_shots_for_project(self.project, client=self.admin)}

    def task(self, shot: str) -> Any:
        (task,) = gazu.task.all_tasks_for_shot(self.shots()[shot], client=self.admin)
        return task

    def comments(self, shot: str) -> list[Any]:
        """Oldest first."""
        return list(reversed(gazu.task.all_comments_for_task(self.task(shot), client=self.admin)))

    def status(self, shot: str) -> str:
        (short,) = [one["short_name"] for one in self.statuses if one["id"] == self.task(shot)["task_status_id"]]
        return short

    @property
    def statuses(self) -> list[Any]:
        return gazu.task.all_task_statuses(client=self.admin)

    def says(self, who: Any, shot: str, status: str, text: str, **more: Any) -> Any:
        (chosen,) = [one for one in self.statuses if one["short_name"] == status]
        return gazu.task.add_comment(self.task(shot), chosen, text, client=who, **more)

    def show(self) -> Show:
        return Show.open(self.folder)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    painted_show(folder, cuts=("001", "002")).close()
    return folder / "show"


@pytest.fixture
def studio(
    zou: Zou, model: Path, tmp_path: Path, genzu: Genzu, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Studio]:
    for name, value in (("HOST", zou.url), ("LOGIN", ADMIN), ("PASSWORD", PASSWORD)):
        monkeypatch.setenv(f"KITSU_{name}", value)
    monkeypatch.delenv("KITSU_TOKEN", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    shutil.copytree(model, tmp_path / "show")  # painting it anew takes longer than the test
    yield Studio(zou, tmp_path / "show", request.node.name.removeprefix("test_").replace("_", " "), genzu)


def retouched(show: Show, cut: str, by: str = "佐藤") -> Take:
    painting = show.latest(cut, "BG", Stage.PAINTING)
    assert painting is not None
    pixels = town()
    pixels[40:120, 40:200] = (250, 240, 200)
    return show.record(
        NewTake(
            cut=cut, sheet="BG", stage=Stage.RETOUCH, picture=show.keep_picture(pixels), hand=Hand.AI_AND_HUMAN, by=by,
            parents=(painting.id,),
        )
    )  # fmt: skip


def test_three_cuts_are_pushed_and_a_second_push_does_nothing(studio: Studio, tmp_path: Path) -> None:
    shutil.copytree(studio.folder, tmp_path / "other")
    with studio.show() as show:
        show.add_cut(replace(show.cut("001"), number="003", engine="fake"))
        show.update_cut(replace(show.cut("001"), frames=72, note="海が見える"))
    assert studio._genzu("paint", "--cut", "003", "-s", studio.folder).code == 0
    planned = studio.push("--project", studio.title, "--create", "--dry-run")
    assert planned.code == 0 and "3 revisions would be published" in planned.out
    assert studio.project is None
    studio.begin()
    shot = studio.shots()["001"]
    assert (shot["nb_frames"], shot["description"]) == (72, "海が見える")
    assert (shot["data"]["frame_in"], shot["data"]["frame_out"], shot["data"]["fps"]) == (1, 72, "24")
    assert list(studio.shots()) == ["001", "002", "003"]
    assert studio.status("003") == "wfa"
    assert studio.status("001") == "wip"  # an engine of another version made it: a build would paint it anew
    (comment,) = studio.comments("001")
    (preview,) = comment["previews"]
    assert (preview["revision"], preview["status"], preview["width"]) == (1, "ready", 640)
    for words in ("**BG** painting, take 1 · AI", "AI: embedded 1", "Layout: 鈴木", "Recipe "):
        assert words in comment["text"]
    answer = gazu.files.download_preview_file(preview["id"], file_path=None, client=studio.admin)
    with Image.open(BytesIO(answer.content)) as there:
        far = np.abs(np.asarray(there.convert("RGB")).astype(int) - town().astype(int)).mean()
    assert far < 4, "the preview is not the painting"

    before = [studio.comments(name) for name in studio.shots()]
    again = studio.push()
    assert again.code == 0 and "0 revisions published, 3 cuts as they are" in again.out
    # Another machine, whose ledger knows of no push, does nothing either.
    elsewhere = studio._genzu("kitsu", "push", "-s", tmp_path / "other", "--project", studio.title, "--cuts", "001,002")
    assert elsewhere.code == 0 and "0 revisions published" in elsewhere.out
    assert [studio.comments(name) for name in studio.shots()] == before
    assert PASSWORD not in planned.out + again.out
    assert not [path for path in studio.folder.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]


def test_a_touch_up_is_a_new_revision_with_its_painter(studio: Studio) -> None:
    studio.begin()
    with studio.show() as show:
        retouched(show, "002")
    assert "BG retouch 1 published as painted" in studio.push().out
    first, second = studio.comments("002")
    assert [one["previews"][0]["revision"] for one in (first, second)] == [1, 2]
    assert "AI (+ Human)" in second["text"] and "Human: 佐藤 (Touch-up)" in second["text"]
    assert len(studio.comments("001")) == 1


def test_a_retake_by_a_person_comes_back_once_with_name_and_reason(studio: Studio) -> None:
    studio.begin()
    arai = studio.person("Keiko", "Arai", "supervisor")
    points = [{"text": "電線を消す", "checked": False}, {"text": "済み", "checked": True}]
    said = studio.says(arai, "002", "retake", "空が重い", checklist=points)

    waits = studio.push()
    assert waits.code == 0 and "pull first" in waits.out
    assert "retake by Keiko Arai" in studio.pull("--dry-run").out
    with studio.show() as show:
        assert show.retakes() == ()
    assert studio.pull().code == studio.pull().code == 0
    with studio.show() as show:
        (asked,) = show.retakes()
        painting = show.latest("002", "BG", Stage.PAINTING)
        assert painting is not None
        assert (asked.cut, asked.take, asked.by, asked.reason) == (
            "002", painting.id, "Keiko Arai", "空が重い\n- 電線を消す",
        )  # fmt: skip
        assert asked.source == f"kitsu:{said['id']}"
        assert "revision 1" in asked.note
        retouched(show, "002")
    assert studio.status("002") == "retake"
    assert "BG retouch 1 published as painted" in studio.push().out
    assert studio.status("002") == "wfa"


def test_done_by_a_person_approves_the_picture_that_was_seen(studio: Studio) -> None:
    studio.begin()
    arai = studio.person("Miki", "Arai", "supervisor")
    artist = studio.person("Ken", "Ito", "user")
    gazu.task.assign_task(studio.task("001"), gazu.client.get_current_user(client=artist), client=studio.admin)
    with studio.show() as show:
        seen = show.latest("001", "BG", Stage.PAINTING)
        retouched(show, "001")  # nobody in Kitsu has seen it
    studio.says(arai, "001", "done", "いいですね")
    studio.says(artist, "001", "done", "thank you")
    assert studio.pull().code == 0
    with studio.show() as show:
        assert show.approved("001", "BG") == seen
        approvals = [one for one in show.history("001") if one.what == "take approved"]
        assert [one.who for one in approvals] == ["Miki Arai"]
        show.approve(show.takes("001", "BG", Stage.RETOUCH)[0].id, "監督")
    assert studio.push().code == 0
    assert studio.status("001") == "done"
    assert "Approved by 監督" in studio.comments("001")[-1]["text"]
    assert studio.pull().code == 0  # an older word from Kitsu does not come back
    with studio.show() as show:
        assert [one.who for one in show.history("001") if one.what == "take approved"] == ["Miki Arai", "監督"]


def test_what_is_decided_here_is_said_there_once(studio: Studio) -> None:
    studio.begin()
    with studio.show() as show:
        ids = {cut: show.takes(cut, "BG", Stage.PAINTING)[0].id for cut in ("001", "002")}
        show.approve(ids["001"], "監督")
        show.retake(ids["002"], reason="暗い #all @Super Admin", by="監督")
    assert studio.push().code == studio.push().code == 0
    assert (studio.status("001"), studio.status("002")) == ("done", "retake")
    said = studio.comments("002")
    assert len(said) == 2 and "Retake by 監督: 暗い ＃all ＠Super Admin" in said[1]["text"] and not said[1]["mentions"]
    assert studio.pull().code == 0
    with studio.show() as show:
        assert len(show.retakes()) == 1, "Genzu heard itself"


def test_a_renamed_shot_stays_its_cut_and_lengths_go_both_ways(studio: Studio) -> None:
    studio.begin()
    shot = studio.shots()["002"]
    gazu.shot.update_shot({"id": shot["id"], "name": "SH0020", "nb_frames": 84, "description": "from Kitsu"},
                          client=studio.admin)  # fmt: skip
    assert "frames – here, 84 in Kitsu" in studio.push().out
    assert studio.pull().code == 0
    with studio.show() as show:
        assert (show.cut("002").frames, show.cut("002").note) == (84, "from Kitsu")
        show.update_cut(replace(show.cut("002"), frames=90))
    assert studio.push().code == 0
    assert sorted(studio.shots()) == ["001", "SH0020"]
    assert (studio.shots()["SH0020"]["nb_frames"], studio.shots()["SH0020"]["data"]["frame_out"]) == (90, 90)
    # Both sides at once: nobody's is taken without a word.
    gazu.shot.update_shot({"id": shot["id"], "nb_frames": 60}, client=studio.admin)
    with studio.show() as show:
        show.update_cut(replace(show.cut("002"), frames=96))
    assert "changed on both sides" in studio.pull().out
    with studio.show() as show:
        assert show.cut("002").frames == 96
    assert studio.pull("--theirs").code == 0
    with studio.show() as show:
        assert show.cut("002").frames == 60


def test_new_shots_are_told_or_come_with_their_layout(studio: Studio, tmp_path: Path) -> None:
    studio.begin()
    sequence = gazu.shot.all_sequences_for_project(studio.project, client=studio.admin)[0]
    for name in ("004", "005"):
        gazu.shot.new_shot(
            studio.project, sequence, name, nb_frames=48, data={"place": "三番倉庫"}, client=studio.admin
        )
    told = studio.pull()
    assert told.code == 0 and "2 shots are no cut of this show" in told.out
    layouts = tmp_path / "layouts"
    layouts.mkdir()
    Image.fromarray(layout_picture()).save(layouts / "c004.png")
    stopped = studio.pull("--layouts", layouts)
    assert stopped.code == 2 and "is not known" in stopped.out and "nothing was pulled" in stopped.err
    with studio.show() as show:
        assert len(show.cuts()) == 2
    assert studio.pull("--layouts", layouts, "--new-places").code == 0
    with studio.show() as show:
        assert [cut.number for cut in show.cuts()] == ["001", "002", "004"]
        assert (show.cut("004").frames, show.cut("004").place) == (48, "三番倉庫")


def test_books_are_pictures_beside_the_background(studio: Studio) -> None:
    with studio.show() as show:
        alpha = np.zeros((360, 640), np.uint8)
        alpha[100:200, 100:300] = 255
        paint(show, "001", sheet="BOOK1", seed=3, alpha=alpha)
    studio.begin()
    (comment,) = studio.comments("001")
    assert sorted((one["revision"], one["position"]) for one in comment["previews"]) == [(1, 1), (1, 2)]
    arai = studio.person("Yumi", "Arai", "supervisor")
    studio.says(arai, "001", "retake", "BOOK1 の色を明るく")
    assert studio.pull().code == 0
    with studio.show() as show:
        assert [(one.sheet, one.by) for one in show.retakes()] == [("BOOK1", "Yumi Arai")]


def test_a_series_wants_an_episode(studio: Studio) -> None:
    gazu.project.new_project(studio.title, production_type="tvshow", client=studio.admin)
    none = studio.push("--project", studio.title, "--create")
    assert none.code == 2 and "--episode" in none.out and len(none.err.splitlines()) == 1
    assert studio.push("--project", studio.title, "--create", "--episode", "EP01", "--sequence", "SQ01").code == 0
    (sequence,) = gazu.shot.all_sequences_for_project(studio.project, client=studio.admin)
    episodes = gazu.shot.all_episodes_for_project(studio.project, client=studio.admin)
    (episode,) = [one for one in episodes if one["name"] == "EP01"]  # Kitsu makes a first one by itself
    assert (sequence["name"], sequence["parent_id"]) == ("SQ01", episode["id"])
    assert "2 cuts as they are" in studio.push().out


@pytest.mark.parametrize("step", ["make_task", "add_preview", "upload"])
def test_a_push_that_is_killed_is_finished_by_the_next(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as broken:
        calls = iter(range(10))
        real = getattr(Desk, step)

        def dies(*words: Any, **named: Any) -> Any:
            if next(calls) == 1:
                raise KeyboardInterrupt
            return real(*words, **named)

        broken.setattr(Desk, step, dies)
        assert studio.push("--project", studio.title, "--create").code == 130
    _finished(studio)


def test_a_server_that_stops_in_the_middle_gets_the_rest_later(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        real = Desk.upload
        calls = iter(range(10))

        def upload(*words: Any, **named: Any) -> None:
            if next(calls) == 1:
                studio.server.stop()
            real(*words, **named)

        broken.setattr(Desk, "upload", upload)
        stopped = studio.push("--project", studio.title, "--create")
    assert stopped.code == 2 and "can be reached" in stopped.err and len(stopped.err.splitlines()) == 1
    studio.server.start()
    studio.admin = studio.login(ADMIN)
    _finished(studio)


def _finished(studio: Studio) -> None:
    """The next push brings what is missing; nothing is there twice."""
    assert studio.push("--project", studio.title, "--create").code == 0
    assert list(studio.shots()) == ["001", "002"]
    for name in studio.shots():
        (comment,) = studio.comments(name)
        (preview,) = comment["previews"]
        assert preview["status"] == "ready" and preview["original_name"]
    assert "2 cuts as they are" in studio.push().out


def test_a_damaged_picture_stops_its_own_cut_only(studio: Studio) -> None:
    with studio.show() as show:
        broken = paint(show, "001", seed=0, picture=town(4), sheet="BOOK1").picture
    for path in (studio.folder / ".genzu" / "pictures").rglob(f"*{broken[2:]}*"):
        path.unlink()
    done = studio.push("--project", studio.title, "--create")
    assert done.code == 1 and done.err.startswith("genzu: cut 001: ") and "1 revisions published" in done.out
    assert studio.comments("001") == [] and len(studio.comments("002")) == 1


def test_what_cannot_be_is_told_in_one_sentence(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.begin()
    artist = studio.person("Aki", "Mori", "user")
    email = gazu.client.get_current_user(client=artist)["email"]
    with studio.show() as show:
        retouched(show, "001")
    for changes, words, said in (
        ({}, ("--project", studio.title[:-2]), f"did you mean {studio.title}?"),
        ({"PASSWORD": "wrong"}, (), "does not take this login"),
        ({"LOGIN": email}, (), "this account may not do that"),
        ({"HOST": "http://127.0.0.1:1"}, ("--project", "x"), "no Kitsu can be reached there"),
        ({"HOST": "http://kitsu.example.com"}, ("--project", "x"), "use https"),
        ({}, ("--task-type", "Matte Painting"), "has no task type 'Matte Painting'"),
        ({}, ("--status", "painted=nope"), "so nothing was pushed"),
    ):
        with monkeypatch.context() as now:
            for name, value in changes.items():
                now.setenv(f"KITSU_{name}", value)
            done = studio.push(*words)
        assert done.code == 2, done
        assert said in done.err and len(done.err.strip().splitlines()) == 1
        assert "wrong" not in done.err + done.out
    assert len(studio.comments("001")) == 1


def test_a_bot_comes_with_a_token_and_keeps_it(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    bot = gazu.person.new_bot("genzu", "genzu-bot@example.com", role="admin", client=studio.admin)
    monkeypatch.setenv("KITSU_TOKEN", bot["access_token"])
    monkeypatch.setenv("KITSU_LOGIN", "")
    monkeypatch.setenv("KITSU_PASSWORD", "")
    studio.begin()
    assert "2 cuts as they are" in studio.push().out
