"""The demo: a small show with layouts that the program brings along, painted whole, with a page to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genzu.core.credit import Contribution, Role
from genzu.core.cut import Cut
from genzu.exchange.index_page import PageCut, PagePicture, index_page
from genzu.picture.contact import thumbnail
from genzu.picture.files import read_rgb8, write_jpeg
from genzu.steps.batch import CutOrder, CutResult, paint_cuts
from genzu.steps.demo_pack import six_layouts
from genzu.steps.package import PaintedSheet
from genzu.steps.staff_roll import staff_roll
from genzu.steps.training_facts import training_facts
from genzu.steps.watch import Watch, nobody
from genzu.store.show import Show

TITLE = "Genzu demo: six cuts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demo left behind."""

    page: Path
    cuts: tuple[CutResult, ...]

    @property
    def failed(self) -> tuple[CutResult, ...]:
        """Cuts that could not be painted."""
        return tuple(cut for cut in self.cuts if cut.error)


def make_demo(folder: Path, *, workers: int | None = None, watch: Watch = nobody) -> Demo:
    """Make the show in ``folder``, paint its cuts, write ``index.html``; run again, it goes on where it stopped."""
    with Show.open_or_create(folder, TITLE) as show, six_layouts() as (source, plan):
        folder = show.folder
        _add_cuts(show, source, plan)
        # The busiest drawings first, so that no worker is left alone with the longest cut at the end.
        busiest = sorted(plan, key=lambda entry: -(source / entry["layout"]).stat().st_size)
        numbers = [entry["cut"] for entry in busiest]
        orders = [CutOrder(show=folder, number=n, out=folder / n, stem=f"c{n}") for n in numbers]
        results = tuple(sorted(paint_cuts(orders, workers=workers, watch=watch), key=lambda result: result.number))
        page = _write_page(show, folder, plan, source, results)
    return Demo(page=page, cuts=results)


def _add_cuts(show: Show, source: Path, plan: Sequence[dict[str, Any]]) -> None:
    known = {cut.number for cut in show.cuts()}
    for entry in plan:
        if entry["cut"] in known:
            continue
        show.add_cut(
            Cut(
                number=entry["cut"],
                layout=show.keep_file(source / entry["layout"]),
                materials=show.keep_file(source / entry["materials"]),
                prompt=entry["prompt"],
                seed=entry["seed"],
            )
        )
        show.credit(Contribution(name=entry["layout_by"], role=Role.LAYOUT, cut=entry["cut"]))


def _write_page(
    show: Show, folder: Path, plan: Sequence[dict[str, Any]], source: Path, results: Sequence[CutResult]
) -> Path:
    entries = {entry["cut"]: entry for entry in plan}
    cuts = [_page_cut(show, folder, entries[sheet.cut], source, sheet) for result in results for sheet in result.sheets]
    lead = "Layout by hand → rough (AI 1) → painting (AI 2). Click a picture to see it at full size."
    html = index_page(TITLE, lead, cuts, staff_roll(show, training=training_facts()).text)
    return show.export(folder / "index.html", lambda path: _write_text(path, html))


def _page_cut(show: Show, folder: Path, entry: dict[str, Any], source: Path, sheet: PaintedSheet) -> PageCut:
    layout = show.export(
        folder / sheet.cut / entry["layout"], lambda path: _write_bytes(path, (source / entry["layout"]).read_bytes())
    )
    pictures = []
    for caption, large in (
        ("layout 原図", layout),
        ("rough (AI 1)", sheet.files["rough"]),
        ("painting (AI 2)", sheet.files["painting"]),
    ):
        small = show.export(
            folder / "small" / f"{large.stem}.jpg",
            lambda path, f=large: write_jpeg(path, thumbnail(read_rgb8(f), 960)),  # type: ignore[misc]
        )
        pictures.append(
            PagePicture(
                caption=caption,
                small=small.relative_to(folder).as_posix(),
                large=large.relative_to(folder).as_posix(),
            )
        )
    scores = sheet.to_dict()["scores"]
    told = "line fidelity {line_fidelity:.3f} (by chance {chance:.3f}), shift {shift:.2f} px"
    facts = [(stage, told.format(**score)) for stage, score in scores.items()]
    people = ", ".join(f"{c.role.value}: {c.name}" for c in show.contributions(sheet.cut))
    facts.append(("credit", f"Background Designer: {sheet.painting.hand.value}; {people}"))
    return PageCut(
        title=f"Cut {sheet.cut}",
        subtitle=f"{entry['prompt']} ・ {entry['prompt_ja']}",
        pictures=pictures,
        facts=facts,
    )


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)
