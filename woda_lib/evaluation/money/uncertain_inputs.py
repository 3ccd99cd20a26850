"""Uncertain inputs as a tidy table: what each is, how sure it is, and where it is from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.evaluation.errors import FrameError
from woda_lib.evaluation.frames import take
from woda_lib.evaluation.interval import Interval
from woda_lib.evaluation.money.distributions import (
    Distribution,
    DistributionError,
    from_limits,
    from_parameters,
)
from woda_lib.evaluation.money.prices import price_factor
from woda_lib.evaluation.result import Result

COLUMNS = (
    *("name", "estimate", "low", "high", "level", "distribution", "parameters"),
    *("unit", "price_year", "source", "called"),
)
SHARE = "share"
"""How the unit of a share of one begins, which people read in per cent: 0.2 is 20%."""


def uncertain_inputs(*tables: pd.DataFrame, **inputs: Any) -> pd.DataFrame:
    """Put uncertain inputs into the tidy table that `monte_carlo_benefit` takes.

    Parameters
    ----------
    tables
        Tables that are so already, such as ``run.spread("bed_day_cost")``.
    inputs
        By name, each one of: a number, which is taken as known; an `Interval`; the result of an
        evaluation; draws of the number (an array or a Series); or a mapping with some of the
        table's columns, as a parameter file has them.

    Returns
    -------
    DataFrame
        One row an input: `name, estimate, low, high, level, distribution, parameters, unit,
        price_year, source, called`.

    Raises
    ------
    FrameError
        If an input is none of these.

    Examples
    --------
    >>> table = uncertain_inputs(
    ...     days_saved=Interval(2.7, 2.1, 3.3, "days"),
    ...     people=185,
    ...     bed_day_cost={"estimate": 306, "low": 260, "high": 352, "distribution": "gamma"},
    ... )
    >>> table[["name", "estimate", "low", "high", "distribution"]]
               name  estimate    low   high distribution
    0    days_saved       2.7    2.1    3.3       normal
    1        people     185.0  185.0  185.0        fixed
    2  bed_day_cost     306.0  260.0  352.0        gamma
    """
    rows = [{"name": name, **_row(name, given)} for name, given in inputs.items()]
    made = pd.DataFrame(rows, columns=list(COLUMNS))
    given = [table.reindex(columns=list(COLUMNS)) for table in tables]
    parts = [part for part in (*given, made) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else made


def as_share(unit: str) -> str:
    """Return the unit of a number in per cent for the same as a share of one; others as they are.

    >>> as_share("%, of the days saved")
    'share, of the days saved'
    """
    return unit.replace("%", SHARE, 1) if unit.startswith("%") else unit


def _row(name: str, given: Any) -> dict[str, Any]:
    if isinstance(given, Result):
        limits = {"low": float(given.low), "high": float(given.high), "level": given.level}
        words = {"distribution": "normal", "unit": given.unit, "source": given.method}
        return {"estimate": float(given.estimate), **limits, **words}
    if isinstance(given, Interval):
        spread = {"low": given.low, "high": given.high, "unit": given.unit}
        return {"estimate": given.estimate, **spread, "distribution": "normal"}
    if isinstance(given, Mapping):
        if unknown := [key for key in given if key not in COLUMNS]:
            raise FrameError(
                f"The input {name} has {unknown[0]!r}, which is not a column of inputs. They are "
                f"{', '.join(COLUMNS)}."
            )
        return dict(given)
    if isinstance(given, np.ndarray | pd.Series | list | tuple):
        draws = np.asarray(given, dtype=float)
        return {"distribution": "empirical", "parameters": {"draws": draws}}
    if isinstance(given, int | float | np.number) and not isinstance(given, bool):
        number = float(given)
        return {"estimate": number, "low": number, "high": number, "distribution": "fixed"}
    raise FrameError(
        f"The input {name} is a {type(given).__name__}. Give a number, an interval, a result, "
        "draws, or a mapping with estimate, low and high."
    )


@dataclass(frozen=True)
class Inputs:
    """The inputs of a model.

    Attributes
    ----------
    table : DataFrame
        One row an input: `name, estimate, low, high` (the limits at `level`, in the base year's
        prices), `distribution, unit, source`, and what people call it, `called`.
    distributions : tuple of Distribution
        In the inputs' own prices.
    factors : ndarray
        What brings each to the base year's prices.
    price_base : str
        The financial year; empty where no input has one.
    """

    table: pd.DataFrame
    distributions: tuple[Distribution, ...]
    factors: np.ndarray
    price_base: str

    @property
    def names(self) -> list[str]:
        """The inputs' names, in order."""
        return [str(name) for name in self.table["name"]]

    @property
    def notes(self) -> tuple[str, ...]:
        """What does not fit, a sentence each."""
        return tuple(found.note for found in self.distributions if found.note)

    def only(self, names: Collection[str]) -> Inputs:
        """Return some of the inputs, in the same order."""
        kept = [place for place, name in enumerate(self.names) if name in names]
        return Inputs(
            self.table.iloc[kept].reset_index(drop=True),
            tuple(self.distributions[place] for place in kept),
            self.factors[kept],
            self.price_base,
        )

    def quantiles(self, probabilities: np.ndarray) -> np.ndarray:
        """Turn probabilities, shape (draws, inputs), into values of the inputs."""
        columns = [
            found.quantile(probabilities[:, place]) * self.factors[place]
            for place, found in enumerate(self.distributions)
        ]
        return np.column_stack(columns)

    @property
    def estimates(self) -> dict[str, float]:
        """The inputs' estimates, by name."""
        return dict(zip(self.names, self.table["estimate"].astype(float), strict=True))


def read_inputs(
    frame: pd.DataFrame,
    *,
    name: str,
    estimate: str,
    low: str,
    high: str,
    distribution: str,
    level: float,
    price_base: str | None,
    deflators: pd.DataFrame | None,
) -> Inputs:
    """Read a tidy table of inputs.

    Parameters
    ----------
    frame
        One row an input. The columns `level, parameters, unit, price_year, source, called` are read
        where they are there.
    name, estimate, low, high, distribution
        Columns. All but the name may be absent, or empty in a row: without limits and parameters
        an input is fixed; without a distribution one with limits is normal.
    level
        Of the limits, where a row does not say.
    price_base, deflators
        The financial year whose prices everything is put into, and the index for it.

    Raises
    ------
    FrameError
        If a column is missing, a name is repeated or can be no name, or an input has no value.
    DistributionError, PriceYearError
        If an input's distribution or price year cannot be.
    """
    take(frame, name=name)
    columns = {"name": name, "estimate": estimate, "low": low, "high": high}
    columns |= {"distribution": distribution}
    columns |= {key: key for key in COLUMNS if key not in columns}
    there = {
        key: column for key, column in columns.items() if key == "name" or column in frame.columns
    }
    rows = take(frame, **there).reindex(columns=list(columns)).astype(object)
    _require_names(rows["name"], name)
    records: list[dict[str, Any]] = [
        {str(key): value for key, value in row.items() if not _missing(value)}
        for row in rows.to_dict("records")
    ]
    found = [_distribution(row, level) for row in records]
    base, factors = _prices(records, price_base, deflators)
    tail = (1 - level) / 2
    table = pd.DataFrame(
        [
            {
                "name": row["name"],
                "estimate": factor * float(row.get("estimate", made.mean)),
                "low": factor * float(made.quantile(np.array(tail))),
                "high": factor * float(made.quantile(np.array(1 - tail))),
                "distribution": made.family,
                "unit": str(row.get("unit", "")),
                "source": str(row.get("source", "")),
                "called": str(row.get("called", row["name"].replace("_", " "))),
            }
            for row, made, factor in zip(records, found, factors, strict=True)
        ]
    )
    return Inputs(table, tuple(found), factors, base)


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value))


def _require_names(names: pd.Series, column: str) -> None:
    for each in names:
        if not (isinstance(each, str) and each.isidentifier()):
            raise FrameError(
                f"{each!r} in the column {column!r} can be no name in a formula. Use small "
                "letters, digits and _, such as bed_day_cost."
            )
    if names.duplicated().any():
        raise FrameError(
            f"The input {names[names.duplicated()].iloc[0]} stands in the table more than once."
        )


def _distribution(row: Mapping[str, Any], level: float) -> Distribution:
    name = str(row["name"])
    parameters = dict(row.get("parameters", {}))
    limits = "low" in row and "high" in row
    family = row.get("distribution") or ("normal" if limits else "fixed")
    if ("low" in row) != ("high" in row):
        raise DistributionError(f"{name} has one limit and not the other. Give both, or neither.")
    if limits and set(parameters) <= {"df"} and family != "empirical":
        if "estimate" not in row:
            raise DistributionError(f"{name} has limits and no estimate. Give it too.")
        return from_limits(
            str(family),
            estimate=row["estimate"],
            low=row["low"],
            high=row["high"],
            level=float(row.get("level", level)),
            df=parameters.get("df"),
            name=name,
        )
    if family == "fixed" and not parameters:
        if "estimate" not in row:
            raise DistributionError(
                f"{name} has no value. Give its estimate, and low and high if it is uncertain."
            )
        parameters = {"value": row["estimate"]}
    return from_parameters(str(family), parameters, name=name)


def _prices(
    rows: list[dict[str, Any]], price_base: str | None, deflators: pd.DataFrame | None
) -> tuple[str, np.ndarray]:
    years = [row.get("price_year") for row in rows]
    given = {str(year) for year in years if year}
    if not given:
        return "", np.ones(len(rows))
    if price_base is None and len(given) == 1:
        return given.pop(), np.ones(len(rows))
    if price_base is None or deflators is None:
        raise FrameError(
            f"The inputs are in prices of {', '.join(sorted(given))}. Say in which year's prices "
            "the result shall be (`price_base`), and give the price index (`deflators`)."
        )
    factors = [
        price_factor(str(year), price_base, deflators=deflators) if year else 1.0 for year in years
    ]
    return price_base, np.array(factors)
