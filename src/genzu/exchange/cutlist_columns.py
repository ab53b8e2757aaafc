"""Headings of cut lists in English and Japanese, and which column of a table is which."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from genzu.core.findings import Finding, Spot, error, warning

HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("cut", "カット", "cut no", "cut number", "no", "number", "shot", "c", "カット番号", "カットno", "番号",
               "c#", "#"),
    "length": ("length", "尺", "duration", "秒+コマ", "秒コマ", "尺(秒+コマ)", "秒数+コマ", "seconds+frames"),
    "frames": ("frames", "コマ", "コマ数", "フレーム", "フレーム数", "尺(コマ)", "total frames", "frame count"),
    "seconds": ("seconds", "秒", "秒数", "sec", "尺(秒)"),
    "place": ("place", "場所", "location", "舞台", "ロケーション"),
    "season": ("season", "季節"),
    "time": ("time", "時間", "time of day", "時間帯", "時刻"),
    "weather": ("weather", "天候", "天気"),
    "prompt": ("prompt", "プロンプト", "words", "description", "内容", "画面内容"),
    "layout": ("layout", "原図", "レイアウト", "layout file", "file", "file name", "lo", "ファイル", "ファイル名"),
    "uses": ("uses", "兼用", "same bg as", "shared bg", "shared", "兼用カット", "bg兼用", "兼用bg"),
    "books": ("books", "ブック", "book", "bookシート"),
    "cels": ("cels", "セル", "cel"),
    "camera_words": ("camera", "カメラ", "カメラワーク", "camera work", "撮影指示", "撮影"),
    "camera": ("camera path", "カメラパス", "カメラ座標"),
    "dissolve": ("transition", "つなぎ", "繋ぎ", "transition in", "トランジション", "場面転換"),
    "record_in": ("record in", "レコードイン", "rec in", "record", "start", "開始", "タイムコード", "tc", "timecode"),
    "note": ("note", "備考", "notes", "remark", "remarks", "comment", "comments", "メモ", "注記"),
}  # fmt: skip
"""By field; the first heading is the one that is written in English, the second in Japanese."""

LOOKED_FOR = 10
"""Rows at the top that may be a title or blank before the headings come."""


def _key(heading: str) -> str:
    plain = unicodedata.normalize("NFKC", heading).casefold().replace("_", " ").replace(".", "").replace(":", "")
    return "".join(plain.split())


_FIELD_OF = {_key(word): name for name, words in HEADINGS.items() for word in words}


def field_of(heading: str) -> str | None:
    """The field that a heading names; case, width of letters, blanks, dots and underscores do not count."""
    return _FIELD_OF.get(_key(heading))


def letter(index: int) -> str:
    """The letter that a spreadsheet gives a column: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds which field."""

    of: dict[str, int]
    """Field to index."""
    names: dict[str, str]
    """Field to letter and heading: ``E 場所``."""
    width: int
    findings: tuple[Finding, ...]


def score(row: Sequence[str]) -> int:
    """How much a row looks like headings: 0 if it names no column for the cut's number."""
    fields = {field_of(cell) for cell in row} - {None}
    return len(fields) if "number" in fields else 0


def columns(headings: Sequence[str], row: int) -> Columns:
    """Read a row of headings; unknown ones are told, the same twice is an error."""
    of: dict[str, int] = {}
    names: dict[str, str] = {}
    findings: list[Finding] = []
    spot = Spot(row=row)
    for index, heading in enumerate(headings):
        name = f"{letter(index)} {' '.join(heading.split())[:40]}"
        field = field_of(heading)
        if not heading.strip():
            continue
        if field is None:
            near = get_close_matches(_key(heading)[:60], _FIELD_OF, n=1, cutoff=0.75)
            meant = f"; did you mean {HEADINGS[_FIELD_OF[near[0]]][0]!r}?" if near else ""
            findings.append(warning(f"this column is not known and is not taken{meant}", spot, name))
        elif field in of:
            findings.append(error(f"this column means the same as column {names[field]}; take one out", spot, name))
        else:
            of[field], names[field] = index, name
    if "frames" not in of and (length := names.get("length") or names.get("seconds")):
        names["frames"] = length
    return Columns(of, names, len(headings), tuple(findings))
