"""What a sweep is asked for: ``-p bed_day_cost=280,306,350``, and the scenarios that follow.

A comma separates values. One that belongs to a text is written within double quotes, as in a CSV
file: ``-p 'note="first, second"'`` is one value. A double quote within them is doubled.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from woda_lib.records import ParameterError, Pilot

MOST = 20
"""How many scenarios a sweep may have without being allowed more."""

_MOST_SWEPT = 2


class SweepError(ParameterError):
    """A sweep is not asked for as it must be, or is larger than it may be."""


@dataclass(frozen=True)
class Grid:
    """The scenarios of a sweep.

    Attributes
    ----------
    pilot : Pilot
    swept : dict of str to tuple
        The values of each swept parameter, in the order given, as a parameters cell writes them.
    fixed : dict
        Other values for all scenarios alike.
    """

    pilot: Pilot
    swept: dict[str, tuple[Any, ...]]
    fixed: dict[str, Any]

    @property
    def base(self) -> dict[str, Any]:
        """The swept parameters' values in the parameter file."""
        parameters = self.pilot.parameters
        return {name: parameters[name].plain(parameters[name].value) for name in self.swept}

    @property
    def scenarios(self) -> list[dict[str, Any]]:
        """The points of the grid; the base comes first where it is not one of them."""
        points = [dict(zip(self.swept, values, strict=True)) for values in self._points()]
        return points if self.base in points else [self.base, *points]

    def _points(self) -> product[tuple[Any, ...]]:
        return product(*self.swept.values())


def read_values(text: str, name: str) -> list[str]:
    """Return the values that the text of one ``-p`` names; one, unless commas separate several.

    Raises
    ------
    SweepError
        If a quote is not closed, or a value is empty.
    """
    if "," not in text and not text.startswith('"'):
        return [text]
    try:
        [values] = csv.reader([text], strict=True, skipinitialspace=True)
    except (csv.Error, ValueError):
        raise SweepError(
            f"{name}: a double quote is not closed, or stands within a value. Write a text with a "
            f"comma as -p '{name}=\"first, second\"', and a quote within it twice."
        ) from None
    values = [value.strip() for value in values]
    if len(values) > 1 and not all(values):
        raise SweepError(f"{name} has a comma with no value before or after it.")
    return values


def read_grid(pilot: Pilot, given: Mapping[str, str], *, most: int = MOST) -> Grid:
    """Return the grid that some ``-p`` values span.

    Parameters
    ----------
    pilot : Pilot
    given : mapping of str to str
        Text by parameter, as on the command line.
    most : int
        The most scenarios that are run.

    Raises
    ------
    ParameterError
        If a name is not a parameter, or a value does not fit.
    SweepError
        If the grid is larger than `most`, or more than two parameters are swept.
    """
    texts = {name: read_values(text, name) for name, text in given.items()}
    pilot.values({name: values[0] for name, values in texts.items()})  # names the nearest
    typed: dict[str, tuple[Any, ...]] = {}
    for name, values in texts.items():
        parameter = pilot.parameters[name]
        if parameter.type in ("int", "float") and len(values) > 1:
            _refuse_thousands(name, values)
        typed[name] = tuple(
            dict.fromkeys(parameter.plain(parameter.checked(value, name)) for value in values)
        )
    swept = {name: values for name, values in typed.items() if len(values) > 1}
    fixed = {name: values[0] for name, values in typed.items() if len(values) == 1}
    if len(swept) > _MOST_SWEPT:
        raise SweepError(
            f"{', '.join(swept)} have several values each. A sweep is over one parameter or two, "
            "so that its report can be read."
        )
    count = prod(len(values) for values in swept.values())
    if count > most:
        raise SweepError(
            f"That is {count} scenarios, and at most {most} are run. Give fewer values, or allow "
            f"it with --sweep-limit {count}."
        )
    return Grid(pilot, swept, fixed)


def _refuse_thousands(name: str, values: list[str]) -> None:
    """`1,000` must not quietly become the values 1 and 0."""
    for value in values[1:]:
        if re.fullmatch(r"0\d+", value):
            raise SweepError(
                f"{name}={','.join(values)} reads as {len(values)} values, of which one is "
                f"{value!r}. Write {''.join(values)} if it is one number."
            )
