"""A recorded answer, made safe to be put into a page."""

from __future__ import annotations

import re
from html import unescape

from markupsafe import Markup, escape

BESIDE = 6
"""How many values stand beside an answer; the others are folded, or left to the report."""

_BOLD = re.compile(r"(</?strong>)")


def answer_paragraphs(answer: str) -> list[Markup]:
    """Return the paragraphs of a step's recorded answer; bold is the only markup that survives.

    Parameters
    ----------
    answer : str
        As `StepRecord.answer` holds it: escaped text with ``<strong>``, paragraphs set apart by a
        blank line.
    """
    return [
        Markup("").join(
            Markup(piece) if _BOLD.fullmatch(piece) else escape(unescape(piece))
            for piece in _BOLD.split(paragraph)
        )
        for paragraph in answer.split("\n\n")
        if paragraph.strip()
    ]
