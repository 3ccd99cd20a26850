"""`woda reviewers`: who may sign releases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from woda_lib.records.reviewers import add_reviewer, read_reviewers
from woda_lib.verbs.saying import noun, say, settings_of, short

app = noun("Say who may sign releases, and add a reviewer.")
_Day = typer.Option(formats=["%Y-%m-%d"], metavar="DAY")


@app.command("list")
def list_() -> None:
    """Say who may sign what, with which keys, and until when."""
    settings = settings_of()
    reviewers = read_reviewers(settings.reviewers_folder)
    for one in reviewers.values():
        say(f"{one.name} ({one.role}): signs {one.signs}.")
        for key in one.keys:
            since = f" from {key.since:%-d %B %Y}" if key.since else ""
            until = f" until {key.until:%-d %B %Y}" if key.until else ""
            say(f"  {key.key.partition(' ')[0]} {key.fingerprint}{since}{until}")
    if not reviewers:
        say("Nobody yet. Use `woda reviewers add`.")


@app.command()
def add(
    reviewer: Annotated[str, typer.Argument(metavar="NAME", help="Such as anna_price.")],
    name: Annotated[str, typer.Option(help="The person's name, as readers see it.")],
    role: Annotated[str, typer.Option(help="In which role, as readers see it.")],
    key: Annotated[
        Path, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="The public SSH key.")
    ],
    known_as: Annotated[
        list[str] | None,
        typer.Option(
            help="A name under which the person runs pilots: git's, an e-mail address, an account."
        ),
    ] = None,
    until: Annotated[datetime | None, _Day] = None,
    made_up_only: Annotated[
        bool, typer.Option("--made-up-only", help="May sign made-up data and nothing else.")
    ] = False,
) -> None:
    """Write a reviewer's file; it counts as soon as it is there, so agree and commit it."""
    settings = settings_of()
    made = {
        "reviewer": reviewer,
        "name": name,
        "role": role,
        "signs": "made-up data" if made_up_only else "real data",
        "known_as": known_as or [],
        "keys": [
            {
                "key": key.read_text(encoding="utf-8", errors="replace"),
                "from": settings.today,
                "until": until.date() if until else None,
            }
        ],
    }
    path = add_reviewer(made, settings.reviewers_folder)
    say(f"Reviewer: {short(path)}")
