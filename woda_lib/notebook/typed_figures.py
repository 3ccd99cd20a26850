"""Figures that somebody typed by hand: where every figure is a citation, prose holds none.

A number that stands in a text as somebody typed it stays there when the release that it came from
is withdrawn. No figures, but names, are: years where the words around them say that they are years,
and days of a month; what stands in code marks and is no bare amount, or is the address of a link; a
number that belongs to a name (*A38*, *SHA-256*); *95% interval*, which says of what kind an
interval is; and the marker of a numbered heading or list.
"""

from __future__ import annotations

import re

from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.filling import PLACEHOLDER

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_YEAR = r"(?:19|20)\d\d"
_ENDS = r"(?![\d.,]*\d|%)"
# What is counted follows its number: *2016 bed-days*, *1950 people*.
_NOT_COUNTING = (
    r"(?!\s+(?!this\b|does\b)(?:[a-z-]{3,}s|people|children|[mbt]illion|per\s+cent|percent)\b)"
)
_OF_A_YEAR = r"(?:in|of|since|by|from|until|till|to|before|after|during|year|and|or)"
_NAMES = (
    re.compile(r"`(?=[^`\s]*(?:[A-Za-z]{2}|[_@/]))[^`\s]+`"),
    PLACEHOLDER,
    re.compile(r"\]\([^)]*\)|https?://\S+"),
    re.compile(rf"\b\d{{1,2}} {_MONTH}\b(?: {_YEAR}{_ENDS})?"),
    re.compile(rf"\b{_MONTH} {_YEAR}{_ENDS}"),
    re.compile(rf"\b{_OF_A_YEAR}\s+{_YEAR}(?:[-–]{_YEAR})?{_ENDS}{_NOT_COUNTING}", re.IGNORECASE),
    re.compile(rf"(?<=[(,])\s?{_YEAR}(?=\))"),
    re.compile(r"\b95% (?=intervals?\b)"),
    re.compile(rf"\b(?:[A-Z]{{2,5}}-)\d{{1,3}}\b{_ENDS}|\b[A-Z]\d{{1,3}}\b{_ENDS}"),
)
_FINANCIAL = re.compile(rf"(?<![\d.,£])({_YEAR})[-–/](\d\d(?:\d\d)?){_ENDS}")
_HEADING = re.compile(r"[ \t]*#+[ \t]*\d{1,2}(?:\.\d{1,2})*[.)](?=\s)")
_ITEM = re.compile(r"[ \t]*(\d{1,2})(?:\.\d{1,2})*[.)](?=\s)")
_DIGITS = re.compile(r"(?:[£$€]|[A-Z]{0,3}-?(?=\d))?(?:\d[\d.,]*|[½¼¾⅓⅔⅛])%?")
_TENS = "twen|thir|for|fif|six|seven|eigh|nine"
_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_PARTS = "third|quarter|fifth|sixth|seventh|eighth|ninth|tenth|hundredth|thousandth"
_WORDS = re.compile(
    rf"\b(?:{_NUMBERS}|zero|dozens?|a\s+couple\s+of|thrice|twice|"
    rf"(?:thir|four|fif|six|seven|eigh|nine)teen|(?:{_TENS})ty|hundreds?|thousands?|"
    r"[mbt]r?illions?|half|halves|halved?|halving|(?:doubl|tripl|trebl|quadrupl)(?:e[sd]?|ing)|"
    rf"(?:{_NUMBERS}|hundred|thousand)-?fold|(?:an?|one)[\s-]+(?:{_PARTS})|(?:{_PARTS})s\s+of)\b",
    re.IGNORECASE,
)


def typed_figure(text: str) -> str | None:
    """Return the first figure that stands in a text without a citation, or nothing.

    Parameters
    ----------
    text : str
        With placeholders where figures are put in.
    """
    text = _FINANCIAL.sub(_unless_it_is_a_year, _without_markers(text))
    for name in _NAMES:
        text = name.sub(" ", text)
    found = sorted(
        (match for form in (_DIGITS, _WORDS) if (match := form.search(text))),
        key=lambda match: match.start(),
    )
    return found[0].group().rstrip(".,") if found else None


def refuse_typed(text: str, where: str) -> None:
    """Refuse a text that says a figure without saying where it is from.

    Raises
    ------
    NotebookError
        Quoting the figure, with what to write in its place.
    """
    if figure := typed_figure(text):
        raise NotebookError(
            f"{where} says {figure!r}, typed by hand. Write a citation in its place, such as "
            "{patient_flow/days_saved}, {assumed/…} for a parameter, {reported/…} for what others "
            "reported or the name of a value of this step; or say it without a number."
        )


def _without_markers(text: str) -> str:
    """Take away the numbers of headings and list items, and no number that a line begins with.

    An item stands at the beginning of a paragraph or after another item; elsewhere a line that
    begins with a number goes on with the sentence before it.
    """
    lines, begins = [], True
    for line in text.splitlines():
        item = _ITEM.match(line) if begins else None
        marker = item or _HEADING.match(line)
        lines.append(line[marker.end() :] if marker else line)
        begins = bool(item) or not line.strip() or line.lstrip().startswith("#")
    return "\n".join(lines)


def _unless_it_is_a_year(match: re.Match[str]) -> str:
    """A financial year, or a calendar year and the next: 2015-16, 2024/25, 2024–2025."""
    first, last = match.groups()
    return " " if str(int(first) + 1).endswith(last) else match.group()
