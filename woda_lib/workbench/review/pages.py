"""One self-contained page: a template with the stylesheet and the script inside it.

A page opens from a memory stick on an offline laptop and asks nothing of any network. Its content
security policy says so to the browser: nothing may be fetched, and of scripts only ours, known by
its hash, may run.
"""

from __future__ import annotations

import os
from datetime import date, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from woda_lib.phrases import MINUS, say_number
from woda_lib.records import say_amount, say_interval, say_label, say_label_within, say_name
from woda_lib.stationery import breakable
from woda_lib.stationery.templates import page_environment
from woda_lib.workbench.review.places import MENU

_HERE = Path(__file__).parent
_NBSP = "\u00a0"
_PARTED, _JOINED = f"{MINUS}£", f"{MINUS}\u2060£"  # a line may end within the first


def write_page(path: Path, template: str, **context: object) -> bool:
    """Render a template and write it whole or not at all: to a hidden file first, then renamed.

    A page that came out as it already is, is left alone.

    Parameters
    ----------
    path : Path
        Where the page goes; folders above it are made.
    template : str
        A file of ``templates/``. All text is escaped; `Markup` in the context is not.
    **context
        What the template names. A name that is missing is an error, not a blank. Every template
        may ask of a file whether it `lies_beside` the page, so that no link leads nowhere.

    Returns
    -------
    bool
        Whether it was written.
    """
    beside = {"lies_beside": lambda name: (path.parent / name).is_file()}
    text = _environment().get_template(template).render(context | beside)
    html = text.replace(_PARTED, _JOINED).encode()
    if path.is_file() and path.read_bytes() == html:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        hidden.write_bytes(html)
        hidden.replace(path)
    finally:
        hidden.unlink(missing_ok=True)
    return True


def say_day(day: date) -> str:
    """Return a date as it is written in text: 31 March 2025."""
    return f"{day.day} {day:%B %Y}"


def say_moment(moment: datetime) -> str:
    """Return a date and time: 18 November 2026, 06:01 UTC."""
    return f"{say_day(moment)}, {moment:%H:%M} {moment.tzname() or ''}".rstrip()


def say_step(name: str) -> str:
    """Return a step's name as a person would write it: ``2_evaluate`` → "2. Evaluate"."""
    number, _, words = name.partition("_")
    return f"{number}. {say_name(words)}" if number.isdigit() and words else say_name(name)


def say_duration(seconds: float) -> str:
    """Return how long something took: "under a second", "48 s", "4 min 10 s", "1 h 5 min".

    Number and unit are never parted at the end of a line.
    """
    if seconds < 1:
        return "under a second"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}{_NBSP}s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}{_NBSP}min {rest}{_NBSP}s" if rest else f"{minutes}{_NBSP}min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}{_NBSP}h {minutes}{_NBSP}min" if minutes else f"{hours}{_NBSP}h"


def short_day(day: date) -> str:
    """Return a date as a narrow column says it: 18 Nov 2026."""
    return f"{day.day} {day:%b %Y}"


def asset(name: str) -> Markup:
    """Return a file of ``assets/`` to be put into a page, such as a page kind's own styles."""
    return Markup((_HERE / "assets" / name).read_text(encoding="utf-8"))


def short_hash(digest: str, digits: int = 8) -> str:
    """Return the beginning of a hash, enough to tell two apart by eye."""
    return digest[:digits]


@cache
def _environment() -> Environment:
    environment = page_environment(
        _HERE / "templates", style=asset("woda.css"), script=asset("woda.js")
    )
    environment.globals |= {"asset": asset, "menu": MENU}
    environment.filters |= {
        "day": say_day,
        "short_day": short_day,
        "duration": say_duration,
        "moment": say_moment,
        "step": say_step,
        "name": say_name,
        "label": say_label,
        "label_within": say_label_within,
        "number": say_number,
        "quantity": say_amount,
        "interval": say_interval,
        "short": short_hash,
        "breakable": lambda text: Markup(breakable(text)),
    }
    return environment
