"""`woda restricted`: row-level tables, named pages and models, for those who may."""

from __future__ import annotations

from typing import Annotated

import typer

from woda_lib.records import read_pilot
from woda_lib.verbs.saying import noun, say, settings_of, short

app = noun("Open a restricted table, page or model, on the record.")


@app.callback()
def _restricted() -> None:
    pass


@app.command("open")
def open_(
    run: Annotated[str, typer.Argument(metavar="RUN", help="<pilot>, or <pilot>/<run> or /draft.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="<step>:<table, page or model>.")],
    purpose: Annotated[str, typer.Option(help="One of the agreement's purposes.")],
    reason: Annotated[str, typer.Option(help="What for, in your words; it is recorded.")],
    hours: Annotated[int, typer.Option(min=1, max=72, help="How long the copy lasts.")] = 8,
) -> None:
    """Write a copy of a restricted table, page or model that you alone can read; it expires."""
    from woda_lib.partners.opening import open_restricted

    settings = settings_of()
    pilot, _, identifier = run.partition("/")
    opened = open_restricted(
        read_pilot(settings.parameters_folder / f"{pilot}.yaml"),
        identifier or None,
        name,
        purpose=purpose,
        reason=reason,
        settings=settings,
        hours=hours,
    )
    kind = "Unpack" if opened.path.suffix == ".zip" else "Open in a browser"
    what = kind if opened.rows is None else f"{opened.rows:,} rows"
    say(f"{what}: {short(opened.path)}")
    say(f"The copy expires on {opened.expires.astimezone():%-d %B %Y at %H:%M}. Do not pass it on.")
