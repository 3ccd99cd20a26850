"""Reading what somebody typed: which of it is a name, a date, a postcode, a number.

::

    liz smyth 194? 12 mill ln wr5     →  liz, smyth, mill, lane   words of a name or an address
                                         194?                     born in the 1940s
                                         12                       a house number
                                         WR5                      the first part of a postcode
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from woda_lib.errors import WodaError
from woda_lib.identifiers import valid_nhs_numbers
from woda_lib.pilots.single_view.search.words import STREET_TYPES, bare_postcode, words

LONGEST = 200
MOST_WORDS = 12

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" if month[3:] else month for month in _MONTHS)
_NTH = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NOISE = frozenset("mr mrs ms miss master dr prof born dob aka nee formerly the and of at".split())

_DATES = tuple(
    re.compile(rf"(?<![\w/]){pattern}(?![\w/])", re.IGNORECASE)
    for pattern in (
        r"(?P<year>(?:19|20)\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>(?:19|20)?\d\d)",
        rf"{_NTH}[ -]+(?:of )?(?P<name>{_MONTH})[ -]+(?P<year>(?:19|20)\d\d)",
        rf"(?P<name>{_MONTH})[ -]+(?P<year>(?:19|20)\d\d)",
        rf"{_NTH}[ -]+(?:of )?(?P<name>{_MONTH})",
        r"(?P<month>\d{1,2})/(?P<year>(?:19|20)\d\d)",
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})",
        r"(?P<decade>(?:19|20)\d)(?:[?x*_]|0s)",
        r"(?P<year>(?:19|20)\d\d)",
    )
)
_NHS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_POSTCODE = re.compile(
    r"(?<![\w/])(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]?(?: \d)?)(?![\w/])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w/])(?=[\w/-]*\d{3})[A-Za-z]{0,4}[-/]?\d[\w/-]{2,}(?![\w/])")


class TermsError(WodaError):
    """Nobody can be searched for by what was typed."""

    exit_code = 2


@dataclass(frozen=True)
class Born:
    """What is known of a birth date.

    Attributes
    ----------
    year, month, day : int, optional
    decade : int, optional
        Its first year.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    decade: int | None = None

    @property
    def whole(self) -> bool:
        """Whether day, month and year are known."""
        return None not in (self.year, self.month, self.day)


@dataclass(frozen=True)
class Terms:
    """What somebody is searched for by.

    Attributes
    ----------
    words : tuple of str
        Of a name or an address, as `words.words` makes them.
    house : tuple of str
        Numbers of houses and flats, with a letter perhaps.
    born : tuple of Born
    postcodes : tuple of str
        Whole or the first part, without a space.
    numbers : tuple of str
        What may be a partner's number, as it was typed.
    nhs_number : str
        Ten digits, or nothing.
    """

    words: tuple[str, ...] = ()
    house: tuple[str, ...] = ()
    born: tuple[Born, ...] = ()
    postcodes: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    nhs_number: str = ""


def read_terms(text: str, *, today: date) -> Terms:
    """Read what somebody typed.

    Parameters
    ----------
    text : str
    today : date
        Nobody was born later: of ``3/5/62`` the year is 1962, of ``3/5/12`` it is 2012.

    Raises
    ------
    TermsError
        If there is nothing to search by, or too much.
    """
    if len(text) > LONGEST:
        raise TermsError(f"Search by at most {LONGEST} characters: a name, a birth date, a place.")
    rest = f" {text} "
    nhs, rest = _nhs_number(rest)
    born, rest = _dates(rest, today)
    numbers, rest = _taken(_NUMBER, rest, keep=lambda found: not _POSTCODE.fullmatch(found))
    postcodes, rest = _taken(_POSTCODE, rest)
    left = [STREET_TYPES.get(word, word) for word in words(rest)]
    left = [word for word in dict.fromkeys(left) if word not in _NOISE]
    house = [word for word in left if word[0].isdigit() and len(word) <= 5]
    plain = [word for word in left if not any(letter.isdigit() for letter in word)]
    terms = Terms(
        tuple(plain),
        tuple(house),
        tuple(born),
        tuple(bare_postcode(found) for found in postcodes),
        tuple(numbers),
        nhs,
    )
    if terms == Terms():
        raise TermsError(
            "There is nothing to search by. Type a name, a birth date or a part of it, words of an "
            "address, a postcode, or a partner's number of the person."
        )
    if len(plain) > MOST_WORDS:
        raise TermsError(f"Search by at most {MOST_WORDS} words of names and addresses.")
    return terms


def _nhs_number(text: str) -> tuple[str, str]:
    for found in _NHS.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if valid_nhs_numbers([digits])[0]:
            return digits, text.replace(found.group(), " ")
    return "", text


def _dates(text: str, today: date) -> tuple[list[Born], str]:
    found: list[Born] = []
    for pattern in _DATES:
        for match in list(pattern.finditer(text)):
            born = _born(match.groupdict(), today)
            if born is not None:
                found.append(born)
                text = text.replace(match.group(), " ", 1)
    return found, text


def _born(parts: dict[str, str | None], today: date) -> Born | None:
    if decade := parts.get("decade"):
        return Born(decade=int(decade) * 10)
    year, month, day = (int(parts.get(name) or 0) for name in ("year", "month", "day"))
    if name := parts.get("name"):
        month = next(n for n, each in enumerate(_MONTHS, 1) if each.startswith(name.lower()[:3]))
    if parts.get("year") and year < 100:
        year += 2000 if 2000 + year <= today.year else 1900
    if month > 12 >= day > 0:  # as Americans write it
        day, month = month, day
    if (parts.get("month") or parts.get("name")) and not 1 <= month <= 12:
        return None
    if parts.get("day") and not 1 <= day <= 31:
        return None
    return Born(year or None, month or None, day or None)


def _taken(pattern: re.Pattern[str], text: str, keep: object = None) -> tuple[list[str], str]:
    found = [match.group() for match in pattern.finditer(text)]
    if callable(keep):
        found = [each for each in found if keep(each)]
    for each in found:
        text = text.replace(each, " ", 1)
    return found, text
