"""The hub's list as one page, a section a person; it names people and is encrypted."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
from jinja2 import Environment
from markupsafe import Markup

from woda_lib.partners import OPENED
from woda_lib.phrases import say_count
from woda_lib.pilots.domestic_abuse.safeguarding.interviews import (
    DECLINED,
    GROWN_UP,
    IN_TIME,
    LATE,
    NOT_DUE,
    NOT_OFFERED,
    STILL_MISSING,
    WAITING,
)
from woda_lib.pilots.domestic_abuse.words import plain, say_day
from woda_lib.stationery.templates import page_environment

_HERE = Path(__file__).parent
_INTERVIEWS = {
    IN_TIME: "Held in time.",
    LATE: "Held, but late.",
    DECLINED: "Offered; the child declined.",
    WAITING: "Offered, and not held by the newest delivery.",
    NOT_OFFERED: "None was offered by the newest delivery.",
    STILL_MISSING: "Due once the child is found.",
    NOT_DUE: "Due until {until}; the council’s records do not reach so far yet.",
    GROWN_UP: "Not due: a grown-up, or nobody knows the age.",
}


def hub_page(
    people: pd.DataFrame,
    *,
    as_of: date,
    list_days: int,
    missing_days: int,
    history_months: int,
    agreement: str,
    synthetic: bool,
) -> str:
    """Return the list as HTML that asks nothing of any network.

    Parameters
    ----------
    people
        From `with_names`, with the partners' own numbers.
    as_of
        The day of the newest delivery.
    list_days, missing_days, history_months
        With which the list was made.
    agreement
        Its name.
    synthetic
        Whether nobody on it is real.
    """
    shown = [
        {name: None if pd.isna(value) else value for name, value in person.items()}
        for person in people.to_dict("records")
    ]
    return (
        _environment()
        .get_template("hub.html")
        .render(
            people=shown,
            still=int(people["still_missing"].sum()),
            often=int(people["repeatedly"].sum()),
            as_of=as_of,
            list_days=list_days,
            missing_days=missing_days,
            history_months=history_months,
            agreement=agreement,
            synthetic=synthetic,
            opened=Markup(OPENED),
        )
    )


def say_moment(moment: pd.Timestamp) -> str:
    """Return a moment in words: 3 March 2025 at 21:05."""
    return f"{say_day(moment)} at {moment:%H:%M}"


def _interview(person: dict[str, object]) -> str:
    until = person["interview_by"]
    said = say_moment(until) if isinstance(until, pd.Timestamp) else ""
    return _INTERVIEWS[str(person["interview"])].format(until=said)


@cache
def _environment() -> Environment:
    templates = _HERE / "templates"
    style = (templates / "hub.css").read_text(encoding="utf-8")
    environment = page_environment(templates, style=style)
    environment.filters |= {
        "count": say_count,
        "day": say_day,
        "interview": _interview,
        "moment": say_moment,
        "plain": plain,
    }
    return environment
