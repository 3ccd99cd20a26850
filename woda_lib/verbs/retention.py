"""`woda retention`: what must be deleted, and its deletion."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from woda_lib.records import read_pilots
from woda_lib.verbs.saying import noun, say, settings_of, short

app = noun("Say what is past its retention, and delete it.")

_Extracts = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Partners' extracts to look through, beside all results."),
]


@app.command("list")
def list_(extracts: _Extracts = None) -> None:
    """Say what is due for deletion, and under which clause."""
    _, found = _due(extracts)
    for item in found:
        stone = item.tombstone
        say(f"{stone.kind}: {stone.path}")
        say(f"  due since {stone.due:%-d %B %Y}, by {stone.clause} of {stone.agreement}")
    if found:
        say(f"{len(found)} due. `woda retention apply` deletes all of it, for good.")
    else:
        say("Nothing is due.")


@app.command()
def apply(
    extracts: _Extracts = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Delete what is due, destroy keys of ended agreements, and write a certificate."""
    from woda_lib.partners.retention import delete

    settings, found = _due(extracts)
    if not found:
        say("Nothing is due.")
        return
    if not yes:
        typer.confirm(f"{len(found)} things will be deleted for good. Go on?", abort=True)
    certificate, path = delete(found, settings)
    say(f"{len(certificate.deleted)} deleted. Certificate: {short(path)}")


def _due(extracts: Path | None) -> tuple[Any, list[Any]]:
    from woda_lib.partners import load_agreements
    from woda_lib.partners.retention import due

    settings = settings_of(**({"extracts": extracts} if extracts else {}))
    agreements = load_agreements(settings.agreements_folder)
    return settings, due(settings, agreements, read_pilots(settings.parameters_folder))
