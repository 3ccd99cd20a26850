"""How a number is said: in sentences, tables and headline boxes, the same everywhere."""

from __future__ import annotations

import math

from woda_lib.records.runs import Value

MINUS = "\u2212"


def say_number(number: float, decimals: int = 1) -> str:
    """Return a number with thousands separators and a true minus sign.

    Parameters
    ----------
    number : float
    decimals : int
        Digits after the point; a negative number rounds to tens (-1), hundreds (-2) and so on.
    """
    if math.isnan(number):
        return "not known"
    rounded = round(number, decimals) + 0.0
    return f"{rounded:,.{max(decimals, 0)}f}".replace("-", MINUS)


def say_quantity(number: float, unit: str, decimals: int = 1) -> str:
    """Return a number with its unit: "2.7 days", "£153,000", "97.1%"."""
    text = say_number(number, decimals)
    if unit == "pounds":
        return f"{MINUS}£{text[1:]}" if text.startswith(MINUS) else f"£{text}"
    if unit == "%":
        return f"{text}%"
    return f"{text} {unit}" if unit else text


def say_interval(value: Value) -> str:
    """Return a value's interval as "2.1 to 3.3", or nothing where it has none."""
    if value.low is None or value.high is None:
        return ""
    unit = value.unit if value.unit == "pounds" else ""
    low, high = (say_quantity(end, unit, value.decimals) for end in (value.low, value.high))
    return f"{low} to {high}"


def say_name(name: str) -> str:
    """Return a snake_case name as a person would write it: ``days_saved`` → "Days saved"."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
