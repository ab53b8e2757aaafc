"""A static page of a show: layout, rough and painting side by side, with scores and credits. No script, no server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
:root { color-scheme: dark; --paper: #f3efe6; --dim: #a8a49a; }
body { margin: 0; background: #1c1c1e; color: var(--paper); font: 16px/1.55 system-ui, 'Noto Sans JP', sans-serif; }
header, main, footer { max-width: 1500px; margin: 0 auto; padding: 1.6rem 2rem; }
h1 { font-weight: 600; margin: 0; } h2 { font-weight: 600; margin: 0 0 .2rem; }
p { margin: .2rem 0; } .dim { color: var(--dim); }
section { margin: 0 0 2.6rem; }
.way { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: .8rem; margin: .7rem 0 .3rem; }
figure { margin: 0; } figcaption { color: var(--dim); font-size: .85rem; padding-top: .2rem; }
img, video { width: 100%; display: block; border-radius: 3px; }
table { border-collapse: collapse; font-size: .9rem; } td, th { padding: .1rem 1.1rem .1rem 0; text-align: left; }
pre { font: inherit; white-space: pre-wrap; }
@media (max-width: 900px) { .way { grid-template-columns: 1fr; } }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePicture:
    """One picture of a row: a small file that is shown and the large one behind it, both relative to the page."""

    caption: str
    small: str
    large: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCut:
    """One cut on the page."""

    title: str
    subtitle: str
    pictures: Sequence[PagePicture]
    facts: Sequence[tuple[str, str]]


def index_page(title: str, lead: str, cuts: Sequence[PageCut], staff_roll: str, *, film: str = "") -> str:
    """The page as HTML; every text is escaped. ``film``: a film to play on it, relative to the page."""
    video = f'<video src="{escape(film)}" controls preload="metadata"></video>' if film else ""
    sections = "\n".join(_section(cut) for cut in cuts)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<header><h1>{escape(title)}</h1><p class="dim">{escape(lead)}</p>{video}</header>
<main>
{sections}
</main>
<footer><h2>Staff roll</h2><pre>{escape(staff_roll)}</pre></footer>
</body>
</html>
"""


def _section(cut: PageCut) -> str:
    figures = "\n".join(
        f'<figure><a href="{escape(p.large)}">'
        f'<img src="{escape(p.small)}" alt="{escape(p.caption)}" loading="lazy"></a>'
        f"<figcaption>{escape(p.caption)}</figcaption></figure>"
        for p in cut.pictures
    )
    facts = "\n".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in cut.facts)
    return f"""<section>
<h2>{escape(cut.title)}</h2><p class="dim">{escape(cut.subtitle)}</p>
<div class="way">
{figures}
</div>
<table>{facts}</table>
</section>"""
