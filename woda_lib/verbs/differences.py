"""`woda diff`: what changed between two versions of a pilot, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from woda_lib.records import Value, read_pilot, say_amount, say_interval
from woda_lib.verbs.saying import OUT, say, settings_of, short

if TYPE_CHECKING:
    from woda_lib.workbench.review.differences import Difference, Version


def diff(
    pilot: Annotated[str, typer.Argument(metavar="PILOT", help="Which question.")],
    before: Annotated[
        str,
        typer.Argument(
            metavar="[BEFORE]",
            help="A release (1.2), a run or the beginning of its name, previous, last or released.",
        ),
    ] = "",
    after: Annotated[
        str,
        typer.Argument(metavar="[AFTER]", help="The same, of the newer one; the last run if none."),
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the whole difference for other programs.")
    ] = False,
) -> None:
    """Say what changed between two versions, and why.

    It writes their page, too. Without names it compares the last run with the one before; with one
    name, that version with the last run.
    """
    from woda_lib.workbench.review.differences import find_version, write_difference
    from woda_lib.workbench.review.index import update_index

    settings = settings_of()
    asked = read_pilot(settings.parameters_folder / f"{pilot}.yaml")
    index = update_index(settings)
    older = find_version(settings, index, pilot, before or "previous")
    newer = find_version(settings, index, pilot, after or "last")
    difference, page = write_difference(settings, asked, older, newer)
    if as_json:
        from pydantic import TypeAdapter

        typer.echo(TypeAdapter(type(difference)).dump_json(difference, indent=2))
        return
    _say_difference(difference, older, newer)
    say(f"Page: {short(page)}")


def _say_difference(difference: Difference, older: Version, newer: Version) -> None:
    from woda_lib.workbench.review.differences import sentences

    say(f"{difference.pilot}: {older.title} with {newer.title}")
    say(f"  {sentences.say_why(difference)}")
    for reason in difference.reasons:
        change = " → ".join(part for part in (reason.before, reason.after) if part)
        say(f"    {reason.cause}: {reason.what}, {change} ({', '.join(reason.steps)})")
    if difference.moved:
        OUT.print(_table(difference, older, newer))
    same = len(difference.values) - len(difference.moved)
    say(
        f"  {same} of {len(difference.values)} values are the same; "
        f"{difference.changed_cells:,} of {difference.cells:,} table cells differ, and "
        f"{_texts(len(difference.texts))}."
    )
    for note in difference.notes:
        say(f"  {note}")


def _table(difference: Difference, older: Version, newer: Version) -> Any:
    from rich.table import Table

    from woda_lib.workbench.review.differences import sentences

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Value", no_wrap=True)
    for name in (older.short, newer.short, "Change"):
        table.add_column(name, justify="right")
    table.add_column("Reading")
    for moved in difference.moved:
        change = moved.change
        sides = [_said(value) if value else "none" for value in (change.old, change.new)]
        amount = f"{change.words} {_in_brackets(change.interval)}".strip()
        table.add_row(moved.value.name, *sides, amount, sentences.say_reading(moved))
    return table


def _said(value: Value) -> str:
    return f"{say_amount(value)} {_in_brackets(say_interval(value))}".strip()


def _in_brackets(text: str) -> str:
    return f"({text})" if text else ""


def _texts(number: int) -> str:
    return "1 sentence or paragraph" if number == 1 else f"{number} sentences or paragraphs"
