"""One self-contained page: a template with the stylesheet and the script inside it.

A page opens from a memory stick on an offline laptop and asks nothing of any network. Its content
security policy says so to the browser: nothing may be fetched, and of scripts only ours, known by
its hash, may run.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from woda_lib.phrases import say_number
from woda_lib.records import say_amount, say_interval, say_name

_HERE = Path(__file__).parent


def write_page(path: Path, template: str, **context: object) -> None:
    """Render a template and write it whole or not at all: to a hidden file first, then renamed.

    Parameters
    ----------
    path : Path
        Where the page goes; folders above it are made.
    template : str
        A file of ``templates/``. All text is escaped; `Markup` in the context is not.
    **context
        What the template names. A name that is missing is an error, not a blank.
    """
    html = _environment().get_template(template).render(context)
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}.partial")
    hidden.write_text(html, encoding="utf-8")
    hidden.replace(path)


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


def short_hash(digest: str, digits: int = 8) -> str:
    """Return the beginning of a hash, enough to tell two apart by eye."""
    return digest[:digits]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = (
        (_HERE / "assets" / name).read_text(encoding="utf-8") for name in ("woda.css", "woda.js")
    )
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment.globals |= {
        "style": Markup(style),
        "script": Markup(script),
        "policy": (
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
            f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        ),
    }
    environment.filters |= {
        "day": say_day,
        "moment": say_moment,
        "step": say_step,
        "name": say_name,
        "number": say_number,
        "quantity": say_amount,
        "interval": say_interval,
        "short": short_hash,
    }
    return environment
