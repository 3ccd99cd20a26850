"""How a number is said, the same in sentences, tables and figures; and where a sentence ends."""

from __future__ import annotations

import math
import re

MINUS = "\u2212"
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z£“\"({])")
_WORDS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def say_number(number: float, decimals: int = 1) -> str:
    """Return a number with thousands separated and a true minus sign: −1,234.5.

    Parameters
    ----------
    number : float
    decimals : int
        Digits after the point; a negative number rounds to tens (-1), hundreds (-2) and so on.
    """
    if math.isnan(number):
        return "not known"
    rounded = round(number, decimals) + 0.0  # no negative nought
    return f"{rounded:,.{max(decimals, 0)}f}".replace("-", MINUS)


def say_range(low: float, high: float, decimals: int = 1) -> str:
    """Return an interval as the house writes it: 2.1 to 3.3."""
    return f"{say_number(low, decimals)} to {say_number(high, decimals)}"


def say_p(value: float) -> str:
    """Return a p value as a table has it: 0.012, or under 0.001."""
    return "under 0.001" if value < 0.001 else say_number(value, 3)


def say_count(number: int) -> str:
    """Return a whole number as a sentence says it: in words up to twelve, then in digits."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else say_number(number, 0)


def of_100(share: float) -> str:
    """Return a share in words: 0.05 is "5 in 100"; what is less than one is "1 in 100"."""
    return f"{max(round(100 * share), 1)} in 100"


def sentences(paragraph: str) -> list[str]:
    """Return the sentences of a paragraph: what stands between a full stop and a capital."""
    return _SENTENCE.split(paragraph)
