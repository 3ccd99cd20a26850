"""`woda plan`: which steps are fresh, which are to run, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from woda_lib.verbs.asking import Profile, open_to, overrides_of, pilots_of, source
from woda_lib.verbs.saying import ERR, OUT, say, settings_of

if TYPE_CHECKING:
    from woda_lib.records import RunFolder
    from woda_lib.workbench.planning.decide import Decision

_STATES = {"run": "to run", "render": "report again", "take over": "fresh"}


def plan(
    pilots: Annotated[
        list[str] | None,
        typer.Argument(metavar="PILOT", help="Which questions; all of them if none is named."),
    ] = None,
    profile: Annotated[
        Profile | None, typer.Option(help="The made-up county that would be used. [demo]")
    ] = None,
    extracts: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Partners' extracts instead of a made-up county."),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option("-p", metavar="NAME=VALUE", help="Another value for a parameter."),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Ask agreements as of this day."),
    ] = None,
    why: Annotated[
        bool, typer.Option("--why", help="List all that each step follows from.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The same for programs.")] = False,
) -> None:
    """Say step by step what a run would do, and why."""
    from woda_lib.workbench.county import county_is_missing
    from woda_lib.workbench.planning.decide import decide, standing
    from woda_lib.workbench.planning.elsewhere import require_tables
    from woda_lib.workbench.planning.plan import make_plan, share_overrides

    day = {"today": as_of.date()} if as_of else {}
    settings = settings_of(**source(profile, extracts), **day)
    asked = pilots_of(settings, pilots)
    overrides = share_overrides(overrides_of(parameter or []), asked)
    if county_is_missing(settings):
        say(
            f"The {settings.profile} county has not been made. `woda run` makes it, and then runs "
            "every step.",
            to=ERR,
        )
        return
    if not pilots:
        asked = open_to(settings, asked)
    plans = [
        make_plan(p, settings=settings, overrides=overrides[p.pilot], on_record=False)
        for p in asked
    ]
    decisions = decide(plans, settings=settings)
    require_tables(plans, decisions, settings)
    ordered = {
        (each.pilot.pilot, step.step.name): decisions[each.pilot.pilot, step.step.name]
        for each in plans
        for step in each.steps
    }
    if as_json:
        told = [_for_programs(*node, made, why=why) for node, made in ordered.items()]
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    (_as_table if OUT.is_terminal else _as_lines)(ordered)
    for each in plans:
        say(_in_all(each.pilot.pilot, ordered, standing(each, decisions, settings)))
    if why:
        for (pilot, step), made in ordered.items():
            say(f"\n{pilot}/{step} follows from")
            for line in _all(made):
                say(f"  {line}")


def _as_table(decisions: Mapping[tuple[str, str], Decision]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("pilot", "step", "state", "why"):
        table.add_column(heading, overflow="fold")
    for (pilot, step), made in decisions.items():
        colour = "green" if made.action == "take over" else "yellow"
        state = Text(_STATES[made.action], style=colour)
        table.add_row(pilot, step, state, Text("\n".join(made.reasons) or _from(made)))
    OUT.print(table)


def _as_lines(decisions: Mapping[tuple[str, str], Decision]) -> None:
    """The same where there is no screen, and lines must not be broken."""
    for (pilot, step), made in decisions.items():
        said = "; ".join(made.reasons) or _from(made)
        say(f"{pilot}/{step}: {_STATES[made.action]}: {said}")


def _in_all(
    pilot: str, decisions: Mapping[tuple[str, str], Decision], stands: RunFolder | None
) -> str:
    """What becomes of a pilot: whether its last run says it all, or how much is to be done."""
    if stands is not None:
        return f"{pilot}: nothing to do. Run {stands.path.name} says it all."
    own = [made.action for (owner, _), made in decisions.items() if owner == pilot]
    if set(own) == {"take over"}:
        return f"{pilot}: a new run, made of what earlier ones found; no step is run."
    running, fresh = own.count("run"), own.count("take over")
    return f"{pilot}: {running} of {len(own)} steps to run, {fresh} fresh."


def _from(made: Decision) -> str:
    return f"from run {_run(made)}" if made.source else ""


def _run(made: Decision) -> str | None:
    return made.made.run_id if made.made else None


def _all(made: Decision) -> Iterator[str]:
    """Everything that counts for a step, a line each; of a file the beginning of its hash."""
    found = made.fingerprint
    for name, value in found.parameters.items():
        yield f"parameter {name} = {value}"
    for name, text in found.settings.items():
        if name == "packages":
            yield from (f"package {each}" for each in text.split(", "))
        elif text:
            yield f"{name}: {text[:12] if name.startswith(('lock', 'agreement ')) else text}"
    for name, files in found.data.items():
        yield from (f"{name}: {path} {digest[:12]}" for path, digest in files.items())
    yield f"the notebook's code {found.code[:12]}, and for its report the prose {found.prose[:12]}"
    yield from (f"{path} {digest[:12]}" for path, digest in found.modules.items())


def _for_programs(pilot: str, step: str, made: Decision, *, why: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "pilot": pilot,
        "step": step,
        "action": made.action,
        "reasons": list(made.reasons),
        "run": _run(made),
    }
    return told | ({"fingerprint": made.fingerprint.model_dump(mode="json")} if why else {})
