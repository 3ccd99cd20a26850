"""The page of those to be helped first: who, where, what help, and until when it may be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from woda_lib.pilots.business_register.incident.page import Part, render
from woda_lib.pilots.business_register.incident.tables import NEEDS

if TYPE_CHECKING:
    from woda_lib.pilots.business_register.incident.breaking_glass import Opening

NEEDED_FIRST = ("oxygen", "dialysis", "bed", "wheelchair", "memory", "sight", "hearing")
"""Needs in the order of the page: what fails with the power first, then who cannot leave alone.

An order for reading and no triage: whoever answers decides."""

_COLUMNS = {
    "name": "Name",
    "need": "Help",
    "telephone": "Telephone",
    "address": "Address",
    "postcode": "Postcode",
    "assistance_id": "Entry",
    "since": "On the register since",
}


def lines(people: pd.DataFrame) -> pd.DataFrame:
    """Return a line a person: `name, need, telephone, address, postcode, entry, since`."""
    first = people["forename"].astype("string").fillna("")
    name = (first + " " + people["surname"].astype("string")).str.strip()
    told = people.assign(
        name=name.astype(object),
        need=people["need"].astype(object).map(NEEDS),
        telephone=people["telephone"].astype(object).fillna("no number"),
        address=people["address"].astype(object).fillna("not told"),
        postcode=people["postcode"].astype(object).fillna("not told"),
        since=people["started_on"].dt.strftime("%B %Y"),
    )
    return told[list(_COLUMNS)].rename(columns=_COLUMNS)


def people_page(opening: Opening, *, agreement: str, exempt: str, why: str, synthetic: bool) -> str:
    """Return the page of an opening.

    Parameters
    ----------
    opening
        From `breaking_glass.Glass.break_for`.
    agreement, why
        Under which, and why it lets people be named.
    exempt
        Why opt-outs do not apply, in the agreement's words.
    """
    request, people = opening.request, opening.people
    at_home = people["how"].eq("home")
    count = len(people)
    who = "one person" if count == 1 else f"{count:,} people"
    return render(
        title="Who inside this incident area asked to be helped first?",
        eyebrow=f"Incident {request.incident}",
        answer=(
            f"{who[:1].upper()}{who[1:]} of the assistance register. Destroy this page by "
            f"{opening.destroy_by.astimezone():%-d %B %Y at %H:%M}."
        ),
        warnings=(
            "Restricted: names people. For those who are sent to them, in this incident alone.",
            f"Agreement {agreement}, purpose emergency. {why}",
            exempt,
        ),
        facts=(
            ("Made", f"{opening.made.astimezone():%-d %B %Y at %H:%M}"),
            ("To be destroyed by", f"{opening.destroy_by.astimezone():%-d %B %Y at %H:%M}"),
            ("Authorised by", request.authoriser),
            ("Reason", request.reason),
            ("Area", f"{opening.area.words}, SHA-256 {opening.area.sha256[:16]}"),
            ("Record of the audit log", str(opening.head.number)),
        ),
        parts=(
            Part.of(
                "At home inside the area",
                "Those whom a failing supply harms first stand first; it is no triage. Who moved "
                "and told nobody may live elsewhere; who lives here and asked for nothing is not "
                "on it.",
                lines(people[at_home]),
            ),
            Part.of(
                "Their postcode reaches into the area",
                "Their home could not be found by its address. They may be outside: ring first.",
                lines(people[~at_home]),
            ),
            Part(
                "Whom this page cannot show",
                "Entries of the register whose address cannot be placed, that give none, or that "
                f"came so that they could not be read: {opening.nowhere:,}. Ask the fire service's "
                "community risk team for them.",
            ),
        ),
        synthetic=synthetic,
    )
