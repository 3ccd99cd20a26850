"""How a recorded value is said: with its unit and interval."""

from __future__ import annotations

from woda_lib.phrases import MINUS, say_number
from woda_lib.records.runs import Value


def say_quantity(number: float, unit: str, decimals: int = 1) -> str:
    """Return a number with its unit: "2.7 days", "£153,000", "97.1%"."""
    text = say_number(number, decimals)
    if unit == "pounds":
        return f"{MINUS}£{text[1:]}" if text.startswith(MINUS) else f"£{text}"
    if unit == "%":
        return f"{text}%"
    return f"{text} {unit}" if unit else text


def say_amount(value: Value) -> str:
    """Return a value with its unit, or that it was withheld."""
    if value.value is None:
        return "too few to say"
    return say_quantity(value.value, value.unit, value.decimals)


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
