"""`woda review`: the site that reviewers read, and what is printed of it."""

from __future__ import annotations

from typing import Annotated

import typer

from woda_lib.records import read_pilot, read_pilots
from woda_lib.verbs.saying import noun, say, settings_of, short

app = noun("Build the site that reviewers read, and print it.")


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


@app.command()
def pack(
    pdf: Annotated[bool, typer.Option("--pdf", help="Print it too, one A4 page a question.")] = (
        False
    ),
) -> None:
    """Write the pack for the Partnership Executive Group: one page a question."""
    from woda_lib.workbench.review.index import update_index
    from woda_lib.workbench.review.pack import write_pack
    from woda_lib.workbench.review.pdf import print_page

    settings = settings_of()
    pilots = list(read_pilots(settings.parameters_folder).values())
    page = write_pack(settings, update_index(settings), pilots)
    say(f"Pack: {short(page)}")
    if pdf:
        say(f"PDF: {short(print_page(page, page.with_suffix('.pdf'), whole='.sheet'))}")


@app.command()
def pdf(
    pilot: Annotated[str, typer.Argument(metavar="PILOT", help="Which question.")],
    release: Annotated[
        str, typer.Option(metavar="VERSION", help="A release. [the last one, or else the last run]")
    ] = "",
    run: Annotated[
        str, typer.Option(metavar="ID", help="A run, or the beginning of its name.")
    ] = "",
    step: Annotated[
        str, typer.Option(metavar="STEP", help="Another report than the one that answers.")
    ] = "",
) -> None:
    """Print the report of a release or run as a PDF, for a committee paper."""
    from woda_lib.workbench.review.index import update_index
    from woda_lib.workbench.review.paper import print_report

    if release and run:
        raise typer.BadParameter("use --release or --run, not both.")
    settings = settings_of()
    asked = read_pilot(settings.parameters_folder / f"{pilot}.yaml")
    printed = print_report(settings, update_index(settings), asked, release or run, step)
    say(f"PDF: {short(printed)}")
