"""The pack of a night as one page: a first page that says what the night holds, then every card."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from woda_lib.partners.datasets.incidents import DASH_QUESTIONS
from woda_lib.partners.documents import OPENED
from woda_lib.phrases import say_count, say_number
from woda_lib.pilots.domestic_abuse.card import Card, Pack
from woda_lib.pilots.domestic_abuse.pack import drawing, wording
from woda_lib.pilots.domestic_abuse.pack.overview import look_over
from woda_lib.pilots.domestic_abuse.pack.who_knows import who_knows
from woda_lib.pilots.domestic_abuse.pack.whole_texts import Piece, cut_up
from woda_lib.pilots.domestic_abuse.words import plain, say_day, say_list
from woda_lib.stationery import content_policy, house_style

_HERE = Path(__file__).parent
Texts = Mapping[tuple[str, str], str]


def pack_page(pack: Pack, *, texts: Texts | None = None) -> str:
    """Return the pack as HTML: it asks nothing of any network, and reads without its script.

    It holds once the place where `woda restricted open` says who opened it. It holds no score.

    Parameters
    ----------
    pack : Pack
        A night's cards, in the order in which they are spoken of.
    texts : mapping, optional
        To each ``(force's number of the incident, "log" or "referral")`` the whole text, which
        then stands folded beneath the flags with their words marked.
    """
    template = _environment().get_template("pack.html")
    return template.render(
        pack=pack,
        overview=look_over(pack),
        whole=lambda card: _whole_texts(card, texts or {}),
        opened=Markup(OPENED),
    )


def _whole_texts(card: Card, texts: Texts) -> list[tuple[str, str, int, list[Piece]]]:
    """Return the texts of a card: which, of which incident, how long, and its pieces."""
    incidents = [card.incident] + [
        words.incident for line in card.flags for words in (*line.raised_by, *line.against)
    ]
    kinds: tuple[Literal["log", "referral"], ...] = ("log", "referral")
    return [
        (kind, incident, len(text), cut_up(text, incident, kind, card.flags))
        for incident in dict.fromkeys(incidents)
        for kind in kinds
        if (text := texts.get((incident, kind), ""))
    ]


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
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=wording.seen,
    )
    style, script = (
        Markup((_HERE / "assets" / name).read_text(encoding="utf-8"))
        for name in ("pack.css", "pack.js")
    )
    environment.globals |= {
        "style": Markup(house_style()) + style,
        "script": script,
        "policy": content_policy(script),
        "marks": wording,
        "questions": DASH_QUESTIONS,
        "drawings": _drawings,
    }
    environment.filters |= {
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
        "timeline_words": lambda card: drawing.timeline_in_words(
            card.timeline, wording.lanes_of(card)
        ),
        "when": wording.say_when,
    }
    return environment
