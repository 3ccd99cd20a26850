"""`woda review`: the site that reviewers read."""

from __future__ import annotations

from typing import Annotated

import typer

from woda_lib.verbs.saying import noun, say, settings_of, short

app = noun("Build the site that reviewers read.")


@app.callback()
def _review() -> None:
    pass  # so that `build` stays a verb of its own while it is the only one


@app.command()
def build(
    whole: Annotated[
        bool, typer.Option("--all", help="Read every run again, not only those that are new.")
    ] = False,
) -> None:
    """Bring the site up to date with parameter files, runs and releases, and say where it is."""
    from woda_lib.workbench.review.site import build_site

    page = build_site(settings_of(), whole=whole)
    say(f"Review site: {short(page)}")
