"""What is asked of a verb that runs or plans: which pilots, on which extracts, at which values."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typer

from woda_lib.records import ParameterFileError, Pilot, read_pilot, read_pilots
from woda_lib.settings import Settings
from woda_lib.verbs.saying import ERR, say

Profile = Literal["quick", "demo", "county"]


def source(profile: Profile | None, extracts: Path | None) -> dict[str, Any]:
    """What a run reads; an option that is given stands above the environment."""
    if profile and extracts:
        raise typer.BadParameter("use --profile or --extracts, not both.")
    if profile:
        return {"profile": profile, "extracts": None}
    return {"extracts": extracts} if extracts else {}


def day(as_of: datetime | None, reason: str) -> dict[str, Any]:
    """The day against which agreements are asked, where it is not today."""
    if as_of is None:
        return {}
    if not reason.strip():
        raise typer.BadParameter("needs --reason, which is recorded.", param_hint="--as-of")
    return {"today": as_of.date(), "as_of_reason": reason}


def pilots_of(settings: Settings, names: list[str] | None) -> list[Pilot]:
    """The pilots of some names, or all."""
    folder = settings.parameters_folder
    if names:
        return [read_pilot(folder / f"{name}.yaml") for name in dict.fromkeys(names)]
    if found := read_pilots(folder):
        return list(found.values())
    raise ParameterFileError(f"{folder} holds no parameter file, so there is nothing to run.")


def open_to(settings: Settings, pilots: list[Pilot]) -> list[Pilot]:
    """Leave studies out where partners delivered the extracts; they may read none of them."""
    from woda_lib.partners import synthetic_marker

    if synthetic_marker(settings.extracts_folder) is not None:
        return pilots
    studies = [pilot.pilot for pilot in pilots if pilot.is_study]
    if studies and len(studies) < len(pilots):
        say(f"Not run on partners' extracts: {', '.join(studies)} (without agreement).", to=ERR)
        return [pilot for pilot in pilots if pilot.pilot not in studies]
    return pilots


def overrides_of(given: list[str]) -> dict[str, str]:
    """Parameter values as ``-p name=value`` gives them."""
    pairs = [text.partition("=") for text in given]
    for name, equals, _ in pairs:
        if not (name and equals):
            raise typer.BadParameter(f"{name!r} must read name=value.", param_hint="-p")
    return {name.strip(): value.strip() for name, _, value in pairs}
