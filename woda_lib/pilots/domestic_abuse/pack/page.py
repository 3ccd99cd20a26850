"""The pack of a night as one page: a first page that says what the night holds, then every card."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from woda_lib.partners import OPENED
from woda_lib.partners.datasets.incidents import DASH_QUESTIONS
from woda_lib.phrases import say_count, say_number
from woda_lib.pilots.domestic_abuse.card import Card, Pack
from woda_lib.pilots.domestic_abuse.pack import drawing, wording
from woda_lib.pilots.domestic_abuse.pack.overview import look_over
from woda_lib.pilots.domestic_abuse.pack.who_knows import who_knows
from woda_lib.pilots.domestic_abuse.pack.whole_texts import cut_up
from woda_lib.pilots.domestic_abuse.words import plain, say_day, say_list
from woda_lib.stationery import opened_style
from woda_lib.stationery.templates import page_environment

_HERE = Path(__file__).parent


def pack_page(pack: Pack) -> str:
    """Return the pack as HTML: it asks nothing of any network, and reads without its script.

    It holds once the place where `woda restricted open` says who opened it, and no score.

    Parameters
    ----------
    pack : Pack
        A night's cards, in the order in which they are spoken of.
    """
    template = _environment().get_template("pack.html")
    return template.render(pack=pack, overview=look_over(pack), opened=Markup(OPENED))


def _drawings(card: Card, pack: Pack) -> list[drawing.Drawing]:
    return [
        drawing.draw_timeline(
            card.timeline,
            wording.lanes_of(card),
            on=card.occurred_at.date(),
            until=pack.known_to,
            sheet=sheet,
        )
        for sheet in (drawing.WIDE, drawing.NARROW)
    ]


def _in_a_rule(words: str) -> str:
    """Return words for a string of the style sheet, whatever they hold."""
    return "".join(
        letter if letter.isascii() and letter.isalnum() else f"\\{ord(letter):06x}"
        for letter in words
    )


@cache
def _environment() -> Environment:
    style, script = (
        (_HERE / "assets" / name).read_text(encoding="utf-8") for name in ("pack.css", "pack.js")
    )
    environment = page_environment(
        _HERE / "templates",
        style=opened_style() + style,
        script=script,
        finalize=wording.seen,
    )
    environment.globals |= {
        "marks": wording,
        "questions": DASH_QUESTIONS,
        "drawings": _drawings,
        "pieces": lambda text, card: cut_up(text, card.flags),
    }
    environment.filters |= {
        "age": wording.say_age,
        "contact": wording.say_contact,
        "count": say_count,
        "day": say_day,
        "in_a_rule": lambda words: Markup(_in_a_rule(words)),
        "lead": wording.lead,
        "list_of": lambda words: say_list(list(words)),
        "knows": who_knows,
        "number": lambda number: say_number(number, 0),
        "partner": wording.say_partner,
        "plain": plain,
        "probability": wording.say_probability,
        "role": wording.role_of,
        "reported": wording.say_reported,
        "short_day": wording.say_short,
        "sure": wording.say_sure,
        "timeline_words": lambda card: drawing.timeline_in_words(
            card.timeline, wording.lanes_of(card)
        ),
        "when": wording.say_when,
    }
    return environment
