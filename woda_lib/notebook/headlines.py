"""Headline numbers: checked, gated, and written as a record."""

from __future__ import annotations

import math

from woda_lib.disclosure import Rule, gate_count, headline
from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.memory import Memory
from woda_lib.records import Value

_OF_PEOPLE = frozenset(
    "people persons patients clients residents households families homes".split()
)


def headline_value(
    name: str,
    value: float,
    *,
    low: float | None,
    high: float | None,
    unit: str,
    decimals: int,
    label: str,
    rule: Rule,
    memory: Memory,
) -> Value:
    """Return the record of a headline number; see `Run.value`.

    A whole number of people without an interval is a count, which the gate rounds or withholds,
    and which the memory keeps.

    Raises
    ------
    NotebookError
        It has one end of an interval, lies outside it, or is not a number.
    DisclosureError
        If the gate refuses it.
    """
    if (low is None) != (high is None):
        raise NotebookError(f"The value {name} has one end of an interval. Give both low and high.")
    if low is not None and high is not None and not low <= value <= high:
        raise NotebookError(f"The value {name} lies outside its own interval. Check low and high.")
    if not math.isfinite(value):
        raise NotebookError(f"The value {name} is not a number. Record it only where there is one.")
    amount: float | None = float(value)
    if unit in _OF_PEOPLE and low is None and float(value).is_integer():
        others, earlier = memory.others(name), memory.earlier
        amount = gate_count(value, rule, name=name, others=others, earlier=earlier)
        memory.keep(headline(name, float(value), hidden=amount is None))
    return Value(
        name=name,
        label=label,
        value=amount,
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        unit=unit,
        decimals=decimals,
    )
