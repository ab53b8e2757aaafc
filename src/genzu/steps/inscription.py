"""What is written into a picture's file so that others can read it: parameters, source type, names, our own recipe.

* ``parameters``: the text that A1111, Civitai and others parse. Only what is true stands in it: an engine without steps
  and sampler has none.
* ``prompt``: the graph of a take that a ComfyUI server made, as ComfyUI itself writes it.
* IPTC DigitalSourceType, creators and program in XMP.
* ``genzu``: the passport, from which ``genzu recipe`` tells and paints again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from genzu import __version__
from genzu.core.credit import Contribution, Hand, Role
from genzu.core.cut import FileRef
from genzu.core.infotext import Infotext
from genzu.core.passport import Made, Passport
from genzu.core.recipe import Recipe
from genzu.core.take import Stage, Take
from genzu.core.words.weights import parse, resolved
from genzu.engines import registry
from genzu.errors import BadInput, GenzuError
from genzu.picture.png_text import XMP_KEY
from genzu.picture.xmp import Xmp
from genzu.steps.chosen import lineage
from genzu.steps.engine_facts import RUN, Training, stated
from genzu.steps.staff_roll import cut_credit
from genzu.store.show import Show

PASSPORT_KEY = "genzu"
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_SETTINGS = {
    "steps": "Steps", "sampler": "Sampler", "schedule": "Schedule type", "cfg_scale": "CFG scale",
    "clip_skip": "Clip skip", "strength": "Denoising strength",
}  # fmt: skip
"""What an engine may tell of a picture (``measures["run"]``), and what A1111 calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inscription:
    """The words for one take."""

    xmp: Xmp
    parameters: str
    """Empty if no machine's pixels are in the picture."""
    passport: str
    """JSON in ASCII."""
    graph: str = ""
    """The ComfyUI graph as JSON in ASCII; empty if no such server made it."""

    def png(self, *, comment: str = "") -> dict[str, str]:
        """Text chunks of a PNG, in order."""
        chunks = {
            "Title": self.xmp.title, "Author": ", ".join(self.xmp.creators), "Software": self.xmp.tool,
            "Comment": comment, "DigitalSourceType": self.xmp.digital_source, "parameters": self.parameters,
            "prompt": self.graph, PASSPORT_KEY: self.passport, XMP_KEY: self.xmp.packet(),
        }  # fmt: skip
        return {key: value for key, value in chunks.items() if value}

    @property
    def packet(self) -> str:
        """The XMP of a file without text chunks (TIFF, JPEG, PSD): parameters and passport stand in it too."""
        return replace(self.xmp, comment=self.parameters, passport=self.passport).packet()


def inscription(show: Show, take: Take, *, title: str = "", learned: bool | None = None) -> Inscription:
    """The words for a take of the show.

    ``learned``: whether a machine in it was trained on anything; ``None`` asks the engines.
    """
    line = lineage(show, take)
    credit = cut_credit(show, take.cut, only=take)
    machine = next((one for one in line if one.recipe is not None), None) if take.hand is not Hand.HUMAN else None
    trained = learned if learned is not None else any(_learned(one) for one in line if one.recipe is not None)
    source = digital_source_type(take.hand, learned=trained)
    creators, others = _creators(credit.people)
    recipe = machine.recipe if machine else None
    return Inscription(
        xmp=Xmp(
            title=title or f"{show.title} {take.cut} {take.sheet} {take.stage.value} {take.number}",
            creators=creators,
            contributors=others,
            tool=f"Genzu {__version__}",
            credit=take.hand.value,
            digital_source=source,
            system=f"Genzu, engine {recipe.engine}" if recipe else "",
            system_version=recipe.engine_version if recipe else "",
            prompt=recipe.prompt if recipe else "",
        ),
        parameters=infotext(machine).text if machine else "",
        passport=json.dumps(_passport(show, take, line, credit.people, source).to_dict(), sort_keys=True),
        graph=_graph(machine.measures) if machine else "",
    )


def digital_source_type(hand: Hand, *, learned: bool) -> str:
    """IPTC DigitalSourceType (NewsCodes, 2024) of a picture; ``learned``: its machine was trained on data.

    ``algorithmicMedia`` is "created purely by an algorithm not based on any sampled training data". The embedded
    engine paints by rules, but what it paints where is decided by a network that was trained; it declares so
    (``Capabilities.learned``), and its pictures are ``trainedAlgorithmicMedia``: the milder word would be untrue.
    """
    word = {
        Hand.AI: "trainedAlgorithmicMedia" if learned else "algorithmicMedia",
        Hand.AI_AND_HUMAN: "compositeWithTrainedAlgorithmicMedia" if learned else "compositeSynthetic",
        Hand.HUMAN: "digitalCreation",
    }[hand]
    return IPTC + word


def infotext(take: Take) -> Infotext:
    """The A1111 parameters of a machine's take: settings of a diffusion engine where the take knows them."""
    recipe, told = take.recipe, take.measures.get(RUN)
    if recipe is None:
        raise BadInput("a person made this take", where=f"take {take.id}")
    known: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    settings = [(label, known.get(key)) for key, label in _SETTINGS.items() if key != "strength"]
    settings += [("Seed", recipe.seed), ("Size", f"{recipe.extent.width}x{recipe.extent.height}")]
    settings += _models(recipe, stated(take))
    settings += [("Denoising strength", known.get("strength")), ("Version", f"Genzu {__version__}")]
    prompt, negative = _spoken(recipe)
    return Infotext(
        prompt=str(known.get("prompt") or prompt),
        negative=str(known.get("negative_prompt") or negative),
        settings=tuple((key, str(value)) for key, value in settings if isinstance(value, str | int | float)),
    )


def _spoken(recipe: Recipe) -> tuple[str, str]:
    """Prompt and negative prompt with their weights; choices are made, and comments are for the studio only."""
    text = resolved(recipe.prompt, recipe.seed).strip()
    parsed = parse(text)
    if not parsed.negative:
        return text, ""
    tail = parsed.signs[-1]
    return text.removesuffix(tail).rstrip(" ,、\n"), tail.partition(":")[2].strip()


def _models(recipe: Recipe, said: Training | None) -> list[tuple[str, Any]]:
    """The main model with its hash, and the LoRAs, as far as the take names them; else the engine itself."""
    models = said.models if said else ()
    main = next((one for one in models if one.kind == "model"), None)
    loras = [one for one in models if one.kind == "lora" and one.sha256]
    found: list[tuple[str, Any]] = [("Model hash", main.sha256[:10])] if main and main.sha256 else []
    found.append(("Model", main.title if main else f"genzu-{recipe.engine}-{recipe.engine_version}"))
    if loras:
        found.append(("Lora hashes", ", ".join(f"{one.title}: {(one.sha256 or '')[:12]}" for one in loras)))
    return found


def _graph(measures: Mapping[str, Any]) -> str:
    """The graph that ran, as ComfyUI writes it; ASCII, so that it fits a tEXt chunk."""
    run = measures.get(RUN)
    graph = measures.get("workflow") or (run.get("graph") if isinstance(run, Mapping) else None)
    return json.dumps(graph) if isinstance(graph, Mapping) and graph else ""


def _creators(people: Iterable[Contribution]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Whose paint or drawing the picture is, and who took part otherwise; each once."""
    makers = (Role.LAYOUT, Role.COLOUR_ROUGH, Role.TOUCH_UP)
    creators: dict[str, None] = {}
    others: dict[str, None] = {}
    for one in people:
        (creators if one.role in makers else others)[one.name] = None
    return tuple(creators), tuple(name for name in others if name not in creators)


def _learned(take: Take) -> bool:
    """True if the engine of a take was trained on something, as the take recorded it; or cannot be asked."""
    said = stated(take)
    if said is not None or take.recipe is None:
        return said is not None and said.learned
    try:
        return registry.engine(take.recipe.engine).capabilities.learned
    except GenzuError:
        return True


def _passport(show: Show, take: Take, line: tuple[Take, ...], people: Iterable[Contribution], source: str) -> Passport:
    order = (take, *(one for one in line if one.id != take.id))
    recipes = [one.recipe for one in order if one.recipe is not None]
    return Passport(
        program=__version__,
        show=show.title,
        cut=take.cut,
        sheet=take.sheet,
        made=tuple(
            Made(
                stage=one.stage, number=one.number, pixels=one.picture, hand=one.hand, by=one.by, recipe=one.recipe
            )
            for one in order
        ),
        files=_files(show, take, line, recipes),
        people=tuple((one.name, one.role.value) for one in people),
        source=source,
    )  # fmt: skip


def _files(show: Show, take: Take, line: tuple[Take, ...], recipes: list[Recipe]) -> dict[str, FileRef]:
    """What people gave for this picture; a file that the cut has got since is not among it."""
    cut = show.cut(take.cut)
    newest = show.latest(take.cut, take.sheet, Stage.LAYOUT)
    files = {"layout": cut.layout} if newest is not None and newest.id in {one.id for one in line} else {}
    given = (("materials", cut.materials), ("marks", cut.marks), ("board", cut.board))
    return files | {
        key: ref for key, ref in given if ref and any(getattr(recipe, key) == ref.sha for recipe in recipes)
    }
