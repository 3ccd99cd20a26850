"""`woda plan`: which steps are fresh, which are to run, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from woda_lib.verbs.asking import Profile, open_to, overrides_of, pilots_of, source
from woda_lib.verbs.saying import ERR, OUT, say, settings_of

if TYPE_CHECKING:
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
    why: Annotated[
        bool, typer.Option("--why", help="List all that each step follows from.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The same for programs.")] = False,
) -> None:
    """Say step by step what a run would do, and why; nothing is run."""
    from woda_lib.workbench.county import county_is_missing
    from woda_lib.workbench.planning.decide import decide
    from woda_lib.workbench.planning.plan import make_plan, share_overrides

    settings = settings_of(**source(profile, extracts))
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
    plans = [make_plan(p, settings=settings, overrides=overrides[p.pilot]) for p in asked]
    decisions = decide(plans, settings=settings)
    ordered = {
        (each.pilot.pilot, step.step.name): decisions[each.pilot.pilot, step.step.name]
        for each in plans
        for step in each.steps
    }
    if as_json:
        told = [_for_programs(*node, made, why=why) for node, made in ordered.items()]
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    _show(ordered, why=why)


def _show(decisions: dict[tuple[str, str], Decision], *, why: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("pilot", "step", "state", "why"):
        table.add_column(heading, overflow="fold")
    for (pilot, step), made in decisions.items():
        state = _STATES[made.action]
        said = "\n".join(made.reasons) or _from(made)
        colour = "green" if made.action == "take over" else "yellow"
        table.add_row(pilot, step, Text(state, style=colour), Text(said))
    OUT.print(table)
    running = sum(made.action == "run" for made in decisions.values())
    fresh = sum(made.action == "take over" for made in decisions.values())
    say(f"{running} of {len(decisions)} steps to run, {fresh} fresh.")
    if why:
        for (pilot, step), made in decisions.items():
            say(f"\n{pilot}/{step} follows from")
            for line in _all(made):
                say(f"  {line}")


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
