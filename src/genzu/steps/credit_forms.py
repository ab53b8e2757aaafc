"""The staff roll as text, as a table and as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from enum import StrEnum

from genzu.core.credit import Role
from genzu.picture.roll import Name
from genzu.steps.staff_roll import StaffRoll

COLUMNS = ("role", "japanese", "name", "cuts", "note")


class CreditsForm(StrEnum):
    """What a staff roll can be printed as."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


def credits_in(form: CreditsForm, roll: StaffRoll) -> str:
    """The staff roll in one of its forms."""
    if form is CreditsForm.CSV:
        return credits_csv(roll)
    return json.dumps(roll.to_dict(), ensure_ascii=False, indent=2) + "\n" if form is CreditsForm.JSON else roll.text


def credits_csv(roll: StaffRoll) -> str:
    """The staff roll as a table: one line for each engine, model, person in a role, and cut."""
    record = roll.to_dict()
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    designer = record["background_designer"] or "nothing is painted yet"
    painted = sum(1 for cut in record["cuts"] if cut["credit"])
    rows: list[tuple[object, ...]] = [("Background Designer", "", designer, painted, "")]
    rows += [("AI", "", f"{one['name']} {one['version']}", one["cuts"], one["training"]) for one in record["engines"]]
    rows += [
        ("Model", "", name.text, "", "; ".join(name.below)) for name in map(model_line, record.get("models") or ())
    ]
    rows += [(Role(one["role"]).english, one["japanese"], one["name"], one["cuts"], "") for one in record["people"]]
    for cut in record["cuts"]:
        sheets = ", ".join(f"{sheet['sheet']} {sheet['credit']}" for sheet in cut["sheets"]) or "not painted yet"
        rows.append(("Cut", "カット", cut["cut"], 1, sheets))
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def model_line(record: Mapping[str, object]) -> Name:
    """A model with its licence, as the ledger has them; what is not stated is said to be so."""

    def said(key: str) -> str:
        return str(record.get(key) or "")

    licence = f"licence {said('licence')}" if said("licence") else "licence not stated"
    by = f"by {said('author')}" if said("author") else "author not stated"
    below = (f"{by}, {licence}", *([said("training")] if said("training") else []))
    return Name(text=said("title"), note=said("kind"), below=below)


def _cell(value: object) -> object:
    """Spreadsheets run what begins like a formula: a quote before it makes it text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def counted_cuts(count: int) -> str:
    """``1 cut``, ``3 cuts``."""
    return "1 cut" if count == 1 else f"{count} cuts"
