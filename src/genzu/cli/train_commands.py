"""Commands of ``genzu train``: a style (LoRA) from the studio's own paintings, with a licence for each of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genzu.cli.common import JsonOption, say, say_json
from genzu.cli.progress import errors, watching
from genzu.core.codec import Plain
from genzu.core.own_art import TrainingRun, shares
from genzu.engines import profiles
from genzu.engines.diffusion.profile import ModelProfile
from genzu.errors import BadInput
from genzu.steps.own_art.licences import LEDGER, find_ledger, write_entries
from genzu.steps.own_art.train import Look, Wanted, enter_record, look, record_path, train_lora, usual_settings
from genzu.steps.own_art.training_set import Wishes, without_entry

train = typer.Typer(no_args_is_help=True, help="Train on the studio's own paintings.", rich_markup_mode=None)
_FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder with the paintings.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    train.command(name="lora")(lora)
    train.command(name="licences")(licences)
    train.command(name="record")(record)
    app.add_typer(train, name="train")


def lora(
    folder: _FolderArgument,
    profile: Annotated[str, typer.Option("--profile", metavar="NAME", help="The profile of the base model.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="The LoRA: NAME.safetensors.")] = None,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who trains, and answers for --without-licence.")] = "",
    title: Annotated[str, typer.Option(help="Title of the style (default: the file's name).")] = "",
    licence: Annotated[str, typer.Option(help="Licence of the LoRA itself.")] = "",
    trigger: Annotated[str, typer.Option(help="Word that calls the style; it stands before every caption.")] = "",
    usage: Annotated[str, typer.Option(help="How to use it, for the file's header.")] = "",
    without_licence: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Take in this one file although it has no licence entry; repeat for more."),
    ] = None,
    leave_out: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Leave out a file, folder or pattern; repeat for more.")
    ] = None,
    keep_duplicates: Annotated[bool, typer.Option("--keep-duplicates", help="Learn from near duplicates too.")] = False,
    drop_word: Annotated[
        list[str] | None, typer.Option(metavar="WORD", help="A word of file names that says nothing; repeat for more.")
    ] = None,
    ledger: Annotated[Path | None, typer.Option(metavar="CSV", help=f"The licence ledger, if not {LEDGER}.")] = None,
    steps: Annotated[int | None, typer.Option(help="Optimiser steps.")] = None,
    resolution: Annotated[int | None, typer.Option(help="px; 512 for SD 1.5, 1024 for SDXL and Flux.")] = None,
    bucket_step: Annotated[int | None, typer.Option(hidden=True)] = None,
    batch: Annotated[int | None, typer.Option(help="Pictures at once.")] = None,
    accumulate: Annotated[int | None, typer.Option(help="Batches per step.")] = None,
    rank: Annotated[int | None, typer.Option(help="Size of the LoRA.")] = None,
    alpha: Annotated[float | None, typer.Option(help="Strength is alpha/rank.")] = None,
    targets: Annotated[str | None, typer.Option(help="attention, or all (feed-forward too).")] = None,
    rate: Annotated[float | None, typer.Option(help="Highest learning rate.")] = None,
    text_rate: Annotated[float | None, typer.Option(help="The same for the text encoders; 0 = they do not learn.")] = (
        None
    ),
    warmup: Annotated[int | None, typer.Option(help="Steps over which the rate rises.")] = None,
    caption_dropout: Annotated[float | None, typer.Option(help="Share of pictures shown without caption.")] = None,
    noise_offset: Annotated[float | None, typer.Option(help="About 0.05 for darker nights.")] = None,
    min_snr: Annotated[float | None, typer.Option(help="Gamma of min-SNR weights; 0 = off.")] = None,
    control_share: Annotated[
        float | None, typer.Option(help="Share of pictures learned under the profile's line-art ControlNet.")
    ] = None,
    save_memory: Annotated[bool, typer.Option("--save-memory", help="Slower, with less memory.")] = False,
    seed: Annotated[int | None, typer.Option(help="Another seed is another training.")] = None,
    save_every: Annotated[int | None, typer.Option(help="Steps from sheet to sheet.")] = None,
    evaluations: Annotated[int | None, typer.Option(hidden=True)] = None,
    sample: Annotated[
        list[str] | None, typer.Option(metavar="PROMPT", help="A prompt of the sample sheets; repeat for more.")
    ] = None,
    sheets: Annotated[bool, typer.Option("--sheets/--no-sheets", help="Paint sample sheets along the way.")] = True,
    sheet_steps: Annotated[int, typer.Option(help="Steps of a sample.", min=1, max=200)] = 20,
    show: Annotated[
        Path | None,
        typer.Option("--show", "-s", metavar="DIR", help="Enter the training into this show's ledger."),
    ] = None,
    pause_after: Annotated[
        int | None, typer.Option(metavar="STEP", help="Stop after this step; the same command goes on.", min=1)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show pictures, captions, licences, sizes.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Train a LoRA on the paintings of a folder. Every painting needs a line in licences.csv."""
    base = _profile(profile)
    settings = usual_settings(
        base, steps=steps, resolution=resolution, bucket_step=bucket_step, batch=batch, accumulate=accumulate,
        rank=rank, alpha=alpha if alpha is not None else rank, targets=targets, rate=rate, text_rate=text_rate,
        warmup=warmup, caption_dropout=caption_dropout, noise_offset=noise_offset, min_snr=min_snr,
        control_share=control_share, save_memory=save_memory or None, seed=seed, save_every=save_every,
        evaluations=evaluations,
    )  # fmt: skip
    wishes = Wishes(
        without_licence=tuple(without_licence or ()), by=by, leave_out=tuple(leave_out or ()),
        keep_duplicates=keep_duplicates, drop_words=tuple(drop_word or ()), ledger=ledger,
    )  # fmt: skip
    if dry_run:
        with watching("looking through", quiet=as_json) as watch:
            seen = look(folder, wishes, settings, watch)
        return say_json(_look_facts(seen)) if as_json else _say_look(seen, trigger)
    if out is None:
        raise BadInput("where the LoRA goes is not said", do="add -o NAME.safetensors, or --dry-run to look first")
    wanted = Wanted(
        folder=folder, out=out, profile=base, settings=settings, wishes=wishes, title=title, author=by, licence=licence,
        trigger=trigger, usage=usage, prompts=tuple(sample or ()), sheets=sheets, sheet_steps=sheet_steps, show=show,
    )  # fmt: skip
    with watching("training", quiet=as_json) as watch:
        done = train_lora(wanted, watch, stop_after=pause_after)
    for sentence in (*done.remarks, *done.notes):
        errors.print(sentence, markup=False)
    if as_json:
        return say_json(
            {"finished": done.finished, "run": str(done.run), "lora": str(out) if done.finished else None,
             "remarks": [*done.remarks, *done.notes], "record": done.record.to_dict() if done.record else None}
        )  # fmt: skip
    if done.record is None:
        return say(f"{done.run}: paused after step {pause_after}; the same command without --pause-after goes on")
    return _say_done(out, done.run, done.record, show)


def licences(
    folder: _FolderArgument,
    owner: Annotated[str, typer.Option(metavar="NAME", help="Who owns the rights.")],
    licence: Annotated[str, typer.Option(help="Under which terms, in the words of your contract or an SPDX name.")],
    source: Annotated[str, typer.Option(help="Where they come from: show, contract, address.")] = "",
    ledger: Annotated[Path | None, typer.Option(metavar="CSV", help=f"The licence ledger (default: {LEDGER}).")] = None,
) -> None:
    """Enter all paintings of a folder that have no licence entry yet, each with its hash; list what was entered."""
    path = ledger or find_ledger(folder) or folder / LEDGER
    new = without_entry(folder, path)
    if not new:
        return say(f"{path}: every painting has its entry already")
    write_entries(path, new, owner=owner, licence=licence, source=source)
    for name, _ in new:
        say(f"  {name}")
    return say(f"{path}: {len(new)} entered as owned by {owner}, {licence}. Take out every line that is not so.")


def record(
    file: Annotated[Path, typer.Argument(help="The LoRA, or its STEM.training.json.")],
    show: Annotated[Path, typer.Option("--show", "-s", metavar="DIR", help="The show that uses it.")],
) -> None:
    """Enter a training that was made elsewhere into a show's ledger, with every painting it learned from."""
    entered = enter_record(file, show)
    say(f"{show}: {entered.title} by {entered.author}, {len(entered.files)} paintings")


def _profile(name: str) -> ModelProfile:
    """By name, as ``diffusers:NAME``, or by the path of the TOML file."""
    return ModelProfile.from_file(profiles.find_profile("diffusers", name.removeprefix("diffusers:")))


def _say_look(seen: Look, trigger: str) -> None:
    for picture in seen.art.pictures:
        record = picture.record
        whose = f"{record.owner}, {record.licence}" if not record.waived_by else f"NO ENTRY, {record.waived_by} answers"
        lines = f"lines of {picture.layout.name}" if picture.layout else "lines drawn from it"
        say(f"{record.file}  {picture.extent}  {whose}")
        say(f"    “{', '.join(part for part in (trigger, record.caption) if part)}”  ({lines})")
    for size, count in seen.buckets.items():
        say(f"seen at {size}: {count}")
    for share in shares(seen.art.files):
        say(f"of {share.owner}, {share.licence}: {share.count}")
    for remark in seen.art.remarks:
        say(remark)


def _look_facts(seen: Look) -> Plain:
    return {
        "pictures": [
            {**picture.record.to_dict(), "layout": picture.layout.name if picture.layout else None,
             "untranslated": list(picture.caption.untranslated)}
            for picture in seen.art.pictures
        ],
        "buckets": dict(seen.buckets), "remarks": list(seen.art.remarks),
    }  # fmt: skip


def _say_done(out: Path, run: Path, entered: TrainingRun, show: Path | None) -> None:
    say(f"{out}: {entered.title}, learned from {len(entered.files)} paintings")
    for share in shares(entered.files):
        say(f"  {share.count} of {share.owner}, {share.licence}")
    say(f"{record_path(out)}: every file with owner, licence and hash")
    say(f"{run}: sample sheets, log, earlier states")
    if show is not None:
        say(f"{show}: entered into the ledger")
