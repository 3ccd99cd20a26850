"""A monthly series that a model may rely on: months in order, none twice, none silently missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.errors import WodaError

Floats = NDArray[np.floating[Any]]


class SeriesError(WodaError):
    """The monthly series is not one that the question can be answered from."""


@dataclass(frozen=True, eq=False)
class MonthlySeries:
    """An outcome by month, with its comparison if there is one.

    Attributes
    ----------
    months
        (T,) first days of months, increasing.
    outcome
        (T,) values.
    control
        (T,) values of the comparison, or None.
    """

    months: pd.DatetimeIndex
    outcome: Floats
    control: Floats | None

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        *,
        outcome: str,
        month: str,
        control: str | None = None,
        exclude: Sequence[Any] = (),
    ) -> MonthlySeries:
        """Take a series from a table, or say what is wrong with it.

        Parameters
        ----------
        frame
            One row a month.
        outcome, control
            Columns of the outcome and of its comparison.
        month
            Column of the month: any day in it.
        exclude
            Months to leave out, such as the months in which a change was being rolled out.

        Raises
        ------
        SeriesError
            If a column is missing, dates carry a time zone, a month comes twice, is missing
            between others, or has no value.
        """
        columns = [month, outcome, *([control] if control else [])]
        absent = [name for name in columns if name not in frame.columns]
        if absent:
            raise SeriesError(
                f"The table has no column {', '.join(absent)}. It has: "
                f"{', '.join(map(str, frame.columns))}."
            )
        stamps = _months(frame[month])
        left_out = set(_months(pd.Series(list(exclude), dtype="object"))) if exclude else set()
        table = frame[columns[1:]].set_axis(stamps, axis=0).sort_index()
        if table.index.duplicated().any():
            raise SeriesError(
                f"A month comes twice in the column {month}, first "
                f"{table.index[table.index.duplicated()][0]:%B %Y}. Give one row a month."
            )
        table = table[~table.index.isin(list(left_out))].astype(float)
        if table.empty:
            raise SeriesError("No month is left in the series. Give at least some months.")
        empty = table.index[table.isna().any(axis=1)]
        if len(empty):
            raise SeriesError(
                f"{len(empty)} months have no value, first {empty[0]:%B %Y}. "
                "Mend them, or name them in `exclude`."
            )
        whole = pd.date_range(table.index[0], table.index[-1], freq="MS")
        missing = [day for day in whole if day not in table.index and day not in left_out]
        if missing:
            raise SeriesError(
                f"{len(missing)} months are missing between the first and the last, first "
                f"{missing[0]:%B %Y}. Mend them, or name them in `exclude`."
            )
        return cls(
            months=pd.DatetimeIndex(table.index),
            outcome=table[outcome].to_numpy(),
            control=table[control].to_numpy() if control else None,
        )

    @property
    def positions(self) -> Floats:
        """(T,) calendar position of each month, in months from the first."""
        start = self.months[0]
        months = (self.months.year - start.year) * 12 + self.months.month - start.month
        return months.to_numpy(dtype=float)

    @property
    def modelled(self) -> Floats:
        """(T,) what is fitted: the outcome, or its difference from the comparison."""
        return self.outcome if self.control is None else self.outcome - self.control

    def where(self, keep: NDArray[np.bool_]) -> MonthlySeries:
        """Return the chosen months."""
        control = None if self.control is None else self.control[keep]
        return MonthlySeries(self.months[keep], self.outcome[keep], control)

    def without_control(self) -> MonthlySeries:
        """Return the outcome alone."""
        return MonthlySeries(self.months, self.outcome, None)


def _months(dates: pd.Series) -> pd.DatetimeIndex:
    try:
        stamps = pd.DatetimeIndex(pd.to_datetime(dates, format="ISO8601"))
    except (ValueError, TypeError):
        raise SeriesError(
            "The column of months holds something that is not a date. Give any day of "
            "each month, written as 2024-04-01."
        ) from None
    if stamps.tz is not None:
        raise SeriesError(
            "The months carry a time zone, so that a month may begin on the day before. "
            "Give plain dates (`.dt.tz_localize(None)`)."
        )
    if stamps.hasnans:
        raise SeriesError("A row has no month. Give each row its month, or leave the row out.")
    return pd.DatetimeIndex(stamps.to_period("M").to_timestamp())
