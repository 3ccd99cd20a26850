"""`woda identities`: who is who, as a person decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from woda_lib.records import read_pilot
from woda_lib.verbs.saying import noun, say, settings_of, short

if TYPE_CHECKING:  # it brings pandas
    from woda_lib.pilots.identities import Decided, Deciding

app = noun("Un-merge and merge people of a single view, on the record.")

_Pilot = Annotated[str, typer.Argument(metavar="PILOT", help="Whose linkage, such as single_view.")]
_Person = Annotated[str, typer.Argument(metavar="PERSON", help="person-…, as the page has it.")]
_Purpose = Annotated[str, typer.Option(help="One of the agreement's purposes.")]
_Reason = Annotated[str, typer.Option(help="Why, in your words and without names; it is kept.")]
_By = Annotated[str, typer.Option(help="Who decides. [your account]")]


@app.command()
def unmerge(
    pilot: _Pilot,
    person: _Person,
    records: Annotated[
        list[str],
        typer.Argument(metavar="RECORD...", help="<dataset>:<number> of somebody else's records."),
    ],
    purpose: _Purpose,
    reason: _Reason,
    by: _By = "",
) -> None:
    """Say that some records of a person are somebody else's; the next run follows it."""
    decided = _deciding(pilot, purpose, reason, by).unmerge(person, records)
    _say(pilot, decided)


@app.command()
def merge(
    pilot: _Pilot,
    person: _Person,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The same person's other name.")],
    purpose: _Purpose,
    reason: _Reason,
    by: _By = "",
) -> None:
    """Say that two persons are one; the next run follows it."""
    _say(pilot, _deciding(pilot, purpose, reason, by).merge(person, other))


@app.command("take-back")
def take_back(
    pilot: _Pilot,
    act: Annotated[str, typer.Argument(metavar="ACT", help="As `woda identities list` has it.")],
    purpose: _Purpose,
    reason: _Reason,
    by: _By = "",
) -> None:
    """Take a decision back: the linkage decides again."""
    _say(pilot, _deciding(pilot, purpose, reason, by).take_back(act))


@app.command()
def settle(pilot: _Pilot, purpose: _Purpose) -> None:
    """Take over what reviewers agree on; the next run follows it."""
    from woda_lib.pilots.identities import linking_step
    from woda_lib.pilots.settling import settle as settle_reviews
    from woda_lib.records import complete_runs

    settings = settings_of()
    asked = read_pilot(settings.parameters_folder / f"{pilot}.yaml")
    runs = complete_runs(settings.outputs_folder, pilot)[-1:]
    step = linking_step(asked, runs[-1]) if runs else asked.answered_by
    done = settle_reviews(asked, step, purpose=purpose, settings=settings)
    say(f"{done.taken} pairs taken over from {done.reviewers} reviewers.")
    say(f"{done.disputed} are disputed and wait for a third; {done.undecided} could not be told.")


@app.command("list")
def list_(pilot: _Pilot) -> None:
    """Say what people decided, when, by whom and why."""
    from woda_lib.pilots.identities import acts

    settings = settings_of()
    table = acts(read_pilot(settings.parameters_folder / f"{pilot}.yaml"), settings)
    for act in table.to_dict("records"):
        stands = "in force" if act["in_force"] == act["pairs"] else f"{act['in_force']} in force"
        what = f"{act['decision'].replace('_', ' ')}, {act['pairs']} pairs, {stands}"
        say(f"{act['act']}  {act['on']}  {act['by']}: {what}. {act['reason']}")
    if table.empty:
        say(f"Nobody has decided anything about the people of {pilot}.")


def _deciding(pilot: str, purpose: str, reason: str, by: str) -> Deciding:
    from woda_lib.pilots.identities import Deciding

    settings = settings_of()
    asked = read_pilot(settings.parameters_folder / f"{pilot}.yaml")
    return Deciding(asked, purpose=purpose, reason=reason, settings=settings, by=by)


def _say(pilot: str, decided: Decided) -> None:
    say(f"Act {decided.act}: {decided.rows} pairs decided, in {short(decided.path)}.")
    say(
        f"It holds from the next `woda run {pilot}` on; until then `woda plan` shows what is stale."
    )
