"""A person's page: all that the partners know and may show, on one page that names people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from jinja2 import Environment
from markupsafe import Markup

from woda_lib.partners import OPENED
from woda_lib.phrases import MINUS, say_count
from woda_lib.pilots.single_view.person import drawing
from woda_lib.pilots.single_view.person.lines import Dossier
from woda_lib.pilots.single_view.person.words import (
    plain,
    say_day,
    say_list,
    say_partner,
    say_probability,
    say_short,
    sentence,
)
from woda_lib.stationery import opened_style
from woda_lib.stationery.templates import page_environment

if TYPE_CHECKING:
    from woda_lib.pilots.single_view.person.asked import Asked

_HERE = Path(__file__).parent
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def person_page(
    dossier: Dossier,
    *,
    agreement: str,
    purpose: str,
    timeline_years: int,
    synthetic: bool,
    opened: str = OPENED,
) -> str:
    """Return a person's page as HTML: it asks nothing of any network, and runs no script.

    Parameters
    ----------
    dossier
        What it says.
    agreement, purpose
        Under which and for what it is shown.
    timeline_years
        How far back the timeline goes from the newest delivery.
    synthetic
        Whether nobody on it is real.
    opened
        What stands where whoever reads it is told who opened it: the place that is filled when the
        encrypted page is opened, or a banner as markup for a page that is shown at once.
    """
    until = dossier.as_of
    begin = (pd.Timestamp(until) - pd.DateOffset(years=timeline_years)).date()
    return (
        _environment()
        .get_template("person.html")
        .render(
            person=dossier,
            agreement=agreement,
            purpose=purpose,
            begin=begin,
            drawings=[
                drawing.draw_timeline(
                    dossier.involvements, dossier.marks, begin=begin, until=until, sheet=sheet
                )
                for sheet in (drawing.WIDE, drawing.NARROW)
            ],
            synthetic=synthetic,
            opened=Markup(opened),
        )
    )


def found_page(
    asked: Sequence[Asked], *, agreement: str, purpose: str, pilot: str, synthetic: bool
) -> str:
    """Return a page of whom searches found, with a place for whoever opens it.

    Parameters
    ----------
    asked
        The searches with their hits.
    agreement, purpose, pilot
        Under which and for what they were made, and whose run makes a page of one of them.
    synthetic
        Whether nobody on it is real.
    """
    return (
        _environment()
        .get_template("found.html")
        .render(
            asked=asked,
            agreement=agreement,
            purpose=purpose,
            pilot=pilot,
            synthetic=synthetic,
            opened=Markup(OPENED),
        )
    )


def timeline_in_words(dossier: Dossier) -> str:
    """Say what a timeline shows, for those who cannot see it."""
    now = len(dossier.open_now)
    services = say_count(now) if now else "no"
    return (
        f"{sentence(services)} service{'s' * (now != 1)} open on {say_day(dossier.as_of)}, "
        f"{say_count(len(dossier.past))} before. The table below has the same."
    )


def bits(weight: float) -> str:
    """Return a weight in bits with its sign: +7.3 or −2.0."""
    return f"{weight:+.1f}".replace("-", MINUS)


def _seen(value: object) -> object:
    """Return text without the control characters that a page may not hold."""
    return _UNSEEN.sub("\ufffd", value) if type(value) is str else value


def _listed(things: Sequence[str]) -> str:
    return say_list(list(things))


@cache
def _environment() -> Environment:
    templates = _HERE / "templates"
    style = opened_style() + (templates / "person.css").read_text(encoding="utf-8")
    environment = page_environment(templates, style=style, finalize=_seen)
    filters: dict[str, Any] = {
        "bits": bits,
        "count": say_count,
        "day": say_day,
        "list_of": _listed,
        "partner": say_partner,
        "plain": plain,
        "probability": say_probability,
        "sentence": sentence,
        "short": say_short,
        "timeline_words": timeline_in_words,
        "svg": Markup,
    }
    environment.filters |= filters
    return environment
