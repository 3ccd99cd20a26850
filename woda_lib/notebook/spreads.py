"""How uncertain a step's parameters are, as the pilot's file says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from woda_lib.records import ParameterError, Pilot, Step, nearest


def spread_of(
    names: Iterable[str], *, pilot: Pilot, step: Step, values: Mapping[str, Any]
) -> pd.DataFrame:
    """Return a row a parameter with its limits at the run's values; see `Run.spread`."""
    rows = []
    for name in names:
        if name not in values:
            raise ParameterError(
                f"The step {step.name} has no parameter {name!r}. {nearest(name, values)}"
            )
        parameter, value = pilot.parameters[name], values[name]
        if parameter.type not in ("int", "float"):
            raise ParameterError(f"{name} is not a number, and so has no spread.")
        low, high = parameter.limits(float(value))
        family = (parameter.distribution or "normal") if low < high else "fixed"
        year = parameter.price_year or None
        words = parameter.unit or None, parameter.called or None
        rows.append((name, float(value), low, high, family, year, *words))
    columns = ["name", "estimate", "low", "high", "distribution", "price_year", "unit", "called"]
    return pd.DataFrame(rows, columns=columns)
