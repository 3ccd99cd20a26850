"""`woda incident`: who inside an incident's area must be helped first, once that is authorised."""

from __future__ import annotations

from typing import Annotated

import typer

from woda_lib.records import read_pilot
from woda_lib.verbs.saying import noun, say, settings_of

PILOT = "business_register"
app = noun("Break the glass: names of who must be helped first.")


@app.callback()
def _incident() -> None:
    pass


@app.command()
def people(
    area: Annotated[
        str, typer.Option(help='"SO 850 550 / 800 m", corners, or the name of an outline.')
    ] = "",
    incident: Annotated[str, typer.Option(help="The control room's reference.")] = "",
    authoriser: Annotated[
        str, typer.Option(help="Office and name of who decided that names are needed.")
    ] = "",
    reason: Annotated[str, typer.Option(help="What for; it is recorded, and names nobody.")] = "",
    hours: Annotated[int, typer.Option(help="How long the page may be kept, 1 to 72.")] = 8,
    show: Annotated[
        bool, typer.Option("--show", help="Print the names here, and keep no page.")
    ] = False,
) -> None:
    """Open the names of those inside, on the record, as one encrypted page that expires."""
    from woda_lib.partners import synthetic_marker
    from woda_lib.pilots.business_register.incident.breaking_glass import Glass, Request
    from woda_lib.pilots.business_register.incident.outlines import known_outlines
    from woda_lib.pilots.business_register.incident.people_page import lines
    from woda_lib.synthetic.assistance.floods import flood_outlines

    settings = settings_of()
    made_up = synthetic_marker(settings.extracts_folder) is not None
    outlines = {
        **(flood_outlines() if made_up else {}),
        **known_outlines(settings.places_folder),
    }
    pilot = read_pilot(settings.parameters_folder / f"{PILOT}.yaml")
    glass = Glass(pilot, settings, outlines)
    opened = glass.break_for(Request(incident, authoriser, reason, area, hours))
    say(f"People inside: {len(opened.people):,}. Record {opened.head.number} of the audit log.")
    if opened.times > 1:
        say(f"Openings for this incident so far, this one included: {opened.times:,}.")
    if opened.nowhere:
        say(f"Entries that cannot be placed, of whom its keeper knows: {opened.nowhere:,}.")
    until = f"{opened.destroy_by.astimezone():%-d %B %Y at %H:%M}"
    if show:
        for line in lines(opened.people).itertuples(index=False):
            say("  ".join(line))
        say(f"Destroy what you write down by {until}. Do not pass it on.")
        return
    name = glass.keep(opened)
    say(f"The page is encrypted, and is removed after {until}. To open it:")
    say(
        f"  woda restricted open {PILOT}/draft 3_resilience:{name} --purpose emergency "
        f'--reason "{incident}"'
    )
