"""How a recorded value is said: with its unit and interval."""

from __future__ import annotations

import re

from woda_lib.phrases import MINUS, say_number
from woda_lib.records.runs import Unexpected, Value

_INITIALS = {"nhs": "NHS", "uprn": "UPRN"}
_COUNTED = re.compile(r"\w+(?= (?:a|an|per|of) |,|$)")  # the noun of "full-time posts a year"
_ONE = ((r"people$", "person"), (r"ies$", "y"), (r"(?<=ss|ch|sh)es$", ""), (r"(?<!s)s$", ""))


def say_quantity(number: float, unit: str, decimals: int = 1) -> str:
    """Return a number with its unit: "2.7 days", "£153,000", "97.1%".

    What money is counted by follows it: "£1.42 a pound", of the unit "pounds a pound". A unit is
    given in the plural; of one it is said in the singular, "1 row".
    """
    kind, _, of = unit.partition(" ")
    text = say_number(number, decimals)
    if kind == "pounds":
        pounds = f"{MINUS}£{text[1:]}" if text.startswith(MINUS) else f"£{text}"
        return f"{pounds} {of}" if of else pounds
    if unit == "%":
        return f"{text}%"
    if text == "1" and not unit.startswith("%"):
        unit = _COUNTED.sub(lambda noun: _singular(noun.group()), unit, count=1)
    return f"{text} {unit}" if unit else text


def _singular(noun: str) -> str:
    return next(
        (re.sub(plural, one, noun) for plural, one in _ONE if re.search(plural, noun)), noun
    )


def say_amount(value: Value) -> str:
    """Return a value with its unit, or that it was withheld."""
    if value.value is None:
        return "too few to say"
    return say_quantity(value.value, value.unit, value.decimals)


def say_interval(value: Value) -> str:
    """Return a value's interval as "2.1 to 3.3", or nothing where it has none."""
    if value.low is None or value.high is None:
        return ""
    unit = "pounds" if value.unit.partition(" ")[0] == "pounds" else ""
    low, high = (say_quantity(end, unit, value.decimals) for end in (value.low, value.high))
    return f"{low} to {high}"


def say_name(name: str) -> str:
    """Return a snake_case name as a person would write it: ``days_saved`` → "Days saved"."""
    words = " ".join(_INITIALS.get(word, word) for word in name.split("_"))
    return words[:1].upper() + words[1:]


def say_label(value: Value) -> str:
    """Return what a value is called in a page: its label, or its name in words if it has none."""
    return value.label or say_name(value.name)


def say_label_within(value: Value) -> str:
    """Return what a value is called within a sentence: "days saved"."""
    label = say_label(value)
    return label[:1].lower() + label[1:]


def say_unexpected(found: Unexpected) -> str:
    """Return in a sentence what was expected of a value, and what came."""
    unit = found.value.unit if found.value else ""
    ends = [None if end is None else _end(end, unit) for end in (found.low, found.high)]
    if ends[0] and ends[1]:
        wanted = f"{ends[0]} to {ends[1]}"
    else:
        wanted = f"at least {ends[0]}" if ends[0] else f"at most {ends[1]}"
    if found.value is None:
        came = "no step recorded it"
    elif found.value.value is None:
        came = "it was withheld, because too few people stand behind it"
    else:
        came = f"it is {say_amount(found.value)}"
    name = say_label(found.value) if found.value else say_name(found.name)
    return f"{name}: {came}; expected {wanted}. {found.reason}".rstrip()


def _end(number: float, unit: str) -> str:
    """An end of a range, with as many digits as it was written with."""
    decimals = len(f"{number:.10f}".rstrip("0").partition(".")[2])
    return say_quantity(number, unit if unit in {"pounds", "%"} else "", decimals)
