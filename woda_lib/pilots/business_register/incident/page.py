"""The two lists of an incident as pages: premises inside, and who must be helped first.

Both are encrypted, opened on the record, and ask nothing of any network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
from jinja2 import Environment
from markupsafe import Markup

from woda_lib.figures import Picture, to_svg
from woda_lib.partners import OPENED
from woda_lib.pilots.business_register.incident.inside import Findings
from woda_lib.pilots.business_register.incident.tables import receiving
from woda_lib.pilots.business_register.sections import SECTIONS
from woda_lib.stationery import opened_style
from woda_lib.stationery.templates import page_environment

_HERE = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Part:
    """A heading, a sentence and a table of texts."""

    title: str
    says: str
    headings: tuple[str, ...] = ()
    rows: Sequence[tuple[str, ...]] = ()

    @classmethod
    def of(cls, title: str, says: str, table: pd.DataFrame) -> Part:
        """Return a part of a table whose columns are headings; what is missing is blank."""
        texts = table.astype(object).where(table.notna(), "").astype(str)
        headings = tuple(str(name) for name in table.columns)
        return cls(title, says, headings, [tuple(row) for row in texts.to_numpy()])


def render(
    *,
    title: str,
    eyebrow: str,
    answer: str,
    warnings: Sequence[str],
    facts: Sequence[tuple[str, str]],
    parts: Sequence[Part],
    synthetic: bool,
    drawing: str = "",
    drawing_alt: str = "",
) -> str:
    """Return a page with the place where whoever opens it is told who they are."""
    return (
        _environment()
        .get_template("incident.html")
        .render(
            title=title,
            eyebrow=eyebrow,
            answer=answer,
            warnings=warnings,
            facts=facts,
            parts=parts,
            synthetic=synthetic,
            drawing=Markup(drawing),
            drawing_alt=drawing_alt,
            opened=Markup(OPENED),
        )
    )


def premises_page(
    found: Findings,
    near: pd.DataFrame,
    picture: Picture,
    *,
    on: date,
    agreement: str,
    synthetic: bool,
) -> str:
    """Return the list of what stands inside, for those who answer an incident.

    Parameters
    ----------
    found, near
        From `inside.look_inside` and `inside.shelters`.
    picture
        From `picture.incident_map`.
    on
        The day on which it stood so.
    """
    sites, only = _sites(found.worked_at), _sites(found.registered)
    alone = found.properties[~found.properties["is_home"].astype(bool)]
    alone = alone[~alone["uprn"].isin(found.sites["uprn"].dropna())]
    homes = int(found.properties["is_home"].astype(bool).sum())
    return render(
        title="What stands inside this incident area?",
        eyebrow=f"{found.area.words[:1].upper()}{found.area.words[1:]}, as known on {on:%-d %B %Y}",
        answer=(
            f"{len(sites):,} sites of businesses, {len(alone):,} other premises, "
            f"{len(found.buildings):,} buildings of partners and {homes:,} homes."
        ),
        warnings=(
            "Restricted: names firms, among them people who trade under their own name.",
            f"For those who answer this incident, under the agreement {agreement}, purpose "
            "resilience. Nobody of the assistance register stands on it.",
        ),
        facts=(
            ("Area", f"{found.area.square_km:,.2f} km²; SHA-256 {found.area.sha256[:16]}"),
            ("On the edge", f"{len(found.edge['sites']):,} sites within {found.margin:,.0f} m"),
            *_beyond(found),
        ),
        drawing=to_svg(picture),
        drawing_alt="The area, with partners' buildings, care homes, schools and hospitals in it.",
        parts=(
            Part.of(
                "Businesses",
                "By street. A number of employees that is blank is not known and not nought.",
                sites,
            ),
            Part.of(
                "Firms that are only registered here",
                "Their accountant or agent may be here, and none of their staff.",
                only.drop(columns=["Employees", "Sector"]),
            ),
            Part.of(
                "Other premises", "In the gazetteer, and matched to no business.", _rest(alone)
            ),
            Part.of(
                "Partners' buildings inside",
                "Opening hours are those that the partner gave.",
                _buildings(found.buildings),
            ),
            Part.of(
                "Where people could be received",
                "Outside the area and its edge, the nearest first, as the crow flies. Ring before "
                "anybody is sent: neither hours nor condition say that somebody is there.",
                receiving(near).rename(columns=_titled),
            ),
        ),
        synthetic=synthetic,
    )


def _beyond(found: Findings) -> list[tuple[str, str]]:
    if found.area.outside < 0.005:
        return []
    share = f"{100 * found.area.outside:.0f}% of the area lies outside it; nothing is known there"
    return [("Beyond the county", share)]


def _titled(name: str) -> str:
    return name.replace("_m2", ", m²").replace("_", " ").capitalize()


def _sites(sites: pd.DataFrame) -> pd.DataFrame:
    ordered = sites.sort_values(["postcode", "address", "name"], kind="stable")
    return pd.DataFrame(
        {
            "Name": ordered["name"].astype(object),
            "Address": ordered["address"].astype(object),
            "Postcode": ordered["postcode"].astype(object),
            "Sector": ordered["section"].astype(object).map(SECTIONS),
            "Employees": ordered["employees"].astype("Int64").astype(object),
            "Easting, northing": _grid(ordered),
            "Placed by": ordered["located_by"].astype(object),
        }
    )


def _rest(premises: pd.DataFrame) -> pd.DataFrame:
    ordered = premises.sort_values(["postcode", "street", "building"], kind="stable")
    named = ordered["organisation"].astype(object).fillna("(no name in the gazetteer)")
    number = ordered["building"].astype("string").fillna("")
    street = ordered["street"].astype("string").fillna("")
    town = ", " + ordered["town"].astype("string")
    return pd.DataFrame(
        {
            "Name": named,
            "Address": ((number + " " + street).str.strip() + town.fillna("")).astype(object),
            "Postcode": ordered["postcode"].astype(object),
            "Class": ordered["class_code"].astype(object),
            "Easting, northing": _grid(ordered),
        }
    )


def _buildings(buildings: pd.DataFrame) -> pd.DataFrame:
    ordered = buildings.sort_values(["use", "building_name"], kind="stable")
    return pd.DataFrame(
        {
            "Name": ordered["building_name"].astype(object),
            "Use": ordered["use"].astype(object).str.replace("_", " ").str.capitalize(),
            "Address": ordered["address"].astype(object),
            "Postcode": ordered["postcode"].astype(object),
            "Open": ordered["opening_hours"].astype(object),
            "Condition": ordered["condition"].astype(object),
        }
    )


def _grid(rows: pd.DataFrame) -> pd.Series:
    """Easting and northing to the metre, as a satellite navigation set takes them."""
    whole = rows[["easting", "northing"]].astype(float).round().astype("int64").astype(str)
    return whole["easting"] + "\N{NO-BREAK SPACE}" + whole["northing"]


@cache
def _environment() -> Environment:
    style = opened_style() + (_HERE / "incident.css").read_text(encoding="utf-8")
    return page_environment(_HERE, style=style)
