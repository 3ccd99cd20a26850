"""`woda cite`: a released number, or what a study cites and which of its sentences move."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from woda_lib.records import (
    FigureNow,
    Pilot,
    ReleaseStanding,
    cite,
    figures_of_release,
    read_pilot,
    say_figure,
)
from woda_lib.settings import Settings
from woda_lib.verbs.saying import ERR, say, settings_of

if TYPE_CHECKING:
    from woda_lib.workbench.review.citations import Sentence

_MARKS = {"unchanged": "stands", "newer": "newer"}


def cite_(
    reference: Annotated[
        str,
        typer.Argument(
            metavar="REFERENCE",
            help="Such as patient_flow@1.3/days_saved; or a study, for all that it cites.",
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for a program.")] = False,
    unsigned: Annotated[
        bool, typer.Option("--unsigned", help="Also from a release that awaits signatures.")
    ] = False,
) -> None:
    """Say a released number, or how what a study cites stands.

    The number is proved to be what was signed. Of a study, exits 1 if a sentence of its last run,
    or of its last release, must be written anew.
    """
    settings = settings_of()
    if "@" not in reference and "/" not in reference:
        pilot = read_pilot(settings.parameters_folder / f"{reference}.yaml")
        _cited_by(pilot, settings, as_json=as_json)
        return
    cited = cite(reference, settings, unsigned=unsigned)
    if as_json:
        typer.echo(json.dumps(cited.model_dump(mode="json"), ensure_ascii=False))
        return
    say(f"{cited.reference}: {cited}")
    say(f"  {cited.standing_in_words}", style="yellow" if cited.fallen else None)


def say_fallen(standing: ReleaseStanding, settings: Settings) -> None:
    """Say which sentences of a study's release no longer stand, for what they cite has fallen."""
    from woda_lib.workbench.review.citations import sentences_of  # here: it brings the site

    if standing.state not in ("signed", "awaiting"):
        return
    fallen = [one for one in figures_of_release(standing.release, settings) if not one.stands]
    if fallen:
        say("  What it cites has fallen since, so that sentences of it no longer stand:", to=ERR)
    for one in fallen:
        _say_figure(one, to=ERR)
    _say_derived(sentences_of(fallen), to=ERR)


def _cited_by(pilot: Pilot, settings: Settings, *, as_json: bool) -> None:
    """Say how every figure stands that a study's last run cites, and its last release."""
    from woda_lib.workbench.review.citations import citations_of
    from woda_lib.workbench.review.index import update_index

    found = citations_of(pilot, settings, update_index(settings))
    moving = [one for each in found for one in each.moving]
    if as_json:
        told = [
            {"version": each.name, "figures": [_plain(one) for one in each.figures]}
            for each in found
        ]
        typer.echo(json.dumps(told, ensure_ascii=False))
    elif not found:
        how = f"Use `woda run {pilot.pilot}`." if pilot.cites else "Its file names no `cites`."
        say(f"{pilot.pilot} has cited nothing yet. {how}")
    for each in [] if as_json else found:
        say(f"{pilot.pilot}, {each.name}: {_count(len(each.figures), 'figure')} from elsewhere.")
        for one in each.figures:
            _say_figure(one)
        _say_derived(each.sentences)
        count = len(each.sentences)
        if each.moving:
            say(
                f"{_count(count, 'sentence')} must be written anew, and what tables and figures "
                "reckon from the same.",
                style="yellow",
            )
        else:
            say("Every sentence stands.")
    if moving:
        raise typer.Exit(1)


def _say_figure(one: FigureNow, **how: Any) -> None:
    style = "yellow" if one.moves else None
    mark = "moves" if one.moves and one.stands else _MARKS.get(one.state, one.state)
    figure = one.figure
    source = figure.source if figure.kind == "cited" else f"{figure.named} ({figure.source})"
    say(f"  {source}: {say_figure(figure)}: {mark}. {one.why}".rstrip(), style=style, **how)
    for sentence in figure.sentences if one.moves else ():
        say(f"    {one.step}: {sentence}", **how)


def _say_derived(sentences: Sequence[Sentence], **how: Any) -> None:
    derived = [one for one in sentences if one.derived]
    if derived:
        say("  Worked out from figures that move:", style="yellow", **how)
    for one in derived:
        say(f"    {one.step}: {one.text}", **how)


def _plain(one: FigureNow) -> dict[str, Any]:
    return {
        "step": one.step,
        "state": one.state,
        "moves": one.moves,
        "why": one.why,
        "figure": one.figure.model_dump(mode="json"),
        "now": one.now.model_dump(mode="json", exclude={"sentences", "derived"})
        if one.now
        else None,
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
