"""The times of anybody's series, put on one even scale: first, second, third step.

A series comes by day, week, month, quarter or year, or with plain numbers for its steps. Methods of
this room ask three things of it: how far apart are two rows in whole steps, where does a date
fall, and how many steps make a year (for seasons, and for slopes a year). Months are counted as
months and not as days, since a month is not always as long. A week begins on the weekday of the
first date.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.evaluation.errors import EvaluationError

Floats = NDArray[np.floating[Any]]
Every = Literal["day", "week", "month", "quarter", "year", "step"]

PER_YEAR: dict[Every, float] = {
    "day": 365.25,
    "week": 365.25 / 7,
    "month": 12,
    "quarter": 4,
    "year": 1,
}

_CODES: dict[Every, str] = {"day": "D", "month": "M", "quarter": "Q", "year": "Y"}
_WORDS: dict[Every, str] = {
    "day": "days",
    "week": "weeks",
    "month": "months",
    "quarter": "quarters",
    "year": "years",
    "step": "steps",
}
_SHORTEST: dict[Every, int] = {"month": 26, "quarter": 80, "year": 350}
"""Days that two neighbouring dates of a calendar step are apart at the least."""


class TimeError(EvaluationError):
    """The column of times cannot be put on an even scale."""


@dataclass(frozen=True, eq=False)
class TimeAxis:
    """The times of a table's rows on an even scale.

    Attributes
    ----------
    every
        The unit that times are counted in; "step" where they are plain numbers.
    positions
        (rows,) whole steps from the first time; equal where rows share a time.
    first
        The time of position nought: a Timestamp (the first day of its month, quarter or year), or
        a number.
    size
        Of a step: in the numbers' own unit, or how many weeks, months, … each step is.

    Examples
    --------
    >>> axis = TimeAxis.of(pd.Series(["2024-01", "2024-02", "2024-04"]), column="month")
    >>> axis.every, axis.positions.tolist()
    ('month', [0.0, 1.0, 3.0])
    >>> axis.place("2024-03-15", argument="start"), axis.say(2)
    (2.0, 'March 2024')
    """

    every: Every
    positions: Floats
    first: Any
    size: float = 1.0

    @classmethod
    def of(cls, times: pd.Series, *, column: str, widest: bool = False) -> TimeAxis:
        """Read a column of times.

        Parameters
        ----------
        times
            Dates, periods, dates as text (2024-04-01, 2024-04, 2024Q2, 2024), whole years, years
            with a fraction (1969.083, as R writes a monthly series), or plain numbers.
        column
            Its name in the caller's table, for the errors.
        widest
            Whether a step is the largest number of weeks, months, quarters or years of which every
            gap is a multiple, so that a census every ten years lacks none; else it is one of them.

        Raises
        ------
        TimeError
            If a time is missing or is no time, carries a time zone, or steps are uneven.
        """
        if len(times) == 0:
            raise TimeError(f"The column {column!r} has no rows. Check the filter it came through.")
        if times.isna().any():
            row = int(times.isna().to_numpy().argmax()) + 1
            raise TimeError(
                f"The column {column!r} has no time in row {row} of the table. Give each row its "
                "time, or leave the row out."
            )
        if pd.api.types.is_bool_dtype(times):
            raise TimeError(f"The column {column!r} holds true and false and not times.")
        kind = pd.api.types.infer_dtype(times.astype(object), skipna=False)
        if kind in ("integer", "floating", "mixed-integer-float"):
            # Numbers may hide in a column of objects or categories, where dates would be read.
            axis = cls._of_numbers(times.to_numpy(dtype=float), column)
        else:
            axis = cls._of_dates(_stamps(times, column))
        return axis._widened() if widest else axis

    @classmethod
    def _of_dates(cls, stamps: pd.DatetimeIndex) -> TimeAxis:
        unique = stamps.unique().sort_values()
        every = _every(unique)
        if every == "week":
            days = (stamps - unique[0]).days.to_numpy(dtype=float)
            return cls(every, np.floor(days / 7), unique[0].normalize())
        ordinals = _ordinals(stamps, every)
        start = unique[0].to_period(_CODES[every]).start_time
        return cls(every, ordinals - ordinals.min(), start)

    def _widened(self) -> TimeAxis:
        gaps = np.diff(np.unique(self.positions)).astype(int)
        if self.every in ("day", "step") or len(gaps) == 0:
            return self
        size = int(np.gcd.reduce(gaps))
        return replace(self, positions=self.positions / size, size=float(size))

    @classmethod
    def _of_numbers(cls, values: Floats, column: str) -> TimeAxis:
        if not np.isfinite(values).all():
            raise TimeError(f"The column {column!r} holds an infinite time.")
        unique = np.unique(values)
        years = unique[0] >= 1000 and unique[-1] < 3000
        whole = bool((unique == np.round(unique)).all())
        if whole and _dates_in_digits(unique):
            raise TimeError(
                f"The column {column!r} holds numbers that look like dates in digits (202404 or "
                "20240401). Turn them into dates first: "
                "`pd.to_datetime(column.astype(str), format='%Y%m')`, or '%Y%m%d'."
            )
        if years and not whole:
            for every in ("quarter", "month"):
                steps = values * PER_YEAR[every]
                if np.abs(steps - np.round(steps)).max() < 0.05:
                    place = np.round(steps)
                    start = _calendar(place.min(), every)
                    return cls(every, place - place.min(), start)
        gaps = np.diff(unique)
        size = float(gaps.min()) if len(gaps) else 1.0
        place = (values - unique[0]) / size
        if np.abs(place - np.round(place)).max() > 0.01:
            raise TimeError(
                f"The times in the column {column!r} are not evenly spaced: the smallest step is "
                f"{size:g}, and others are no multiple of it. Number the steps 1, 2, 3, …"
            )
        if years and whole:
            start = pd.Timestamp(int(unique[0]), 1, 1)
            return cls("year", values - unique[0], start)
        return cls("step", np.round(place), float(unique[0]), size)

    @property
    def per_year(self) -> float | None:
        """Steps that make a year; None for plain numbers."""
        return None if self.every == "step" else PER_YEAR[self.every] / self.size

    @property
    def words(self) -> str:
        """What the steps are called, in the plural: "months", or "steps of 2 weeks"."""
        plain = _WORDS[self.every]
        return (
            plain if self.every == "step" or self.size == 1 else f"steps of {self.size:g} {plain}"
        )

    def place(self, time: Any, *, argument: str) -> float:
        """Return where a time falls: the position of the step that it lies in.

        A plain number between two steps belongs to the later one.

        Parameters
        ----------
        time
            A date, a period, text, a year or a number, as the column of times holds.
        argument
            What the caller gave it as, for the error.

        Raises
        ------
        TimeError
            If it is no such time.
        """
        if self.every == "step":
            return float(np.ceil((self._number(time, argument) - self.first) / self.size - 0.01))
        stamp = self._stamp(time, argument)
        if self.every == "week":
            return float(np.floor((stamp - self.first).days / 7 / self.size))
        ordinals = _ordinals(pd.DatetimeIndex([stamp, self.first]), self.every)
        return float(np.floor((ordinals[0] - ordinals[1]) / self.size))

    def begins_step(self, time: Any, *, argument: str) -> bool:
        """Say whether a time is the very beginning of a step, and not somewhere within it.

        Parameters
        ----------
        time, argument
            As for `place`.
        """
        place = self.place(time, argument=argument)
        if self.every == "step":
            return abs(self._number(time, argument) - self.time(place)) <= 0.01 * self.size
        return bool(self._stamp(time, argument) == self.time(place))

    def _number(self, time: Any, argument: str) -> float:
        try:
            number = float(time)
        except (TypeError, ValueError):
            number = np.nan
        if not np.isfinite(number):
            raise TimeError(f"`{argument}` must be a number, as the column of times is.")
        return number

    def _stamp(self, time: Any, argument: str) -> pd.Timestamp:
        if isinstance(time, bool | np.bool_) or (pd.api.types.is_scalar(time) and pd.isna(time)):
            raise TimeError(f"`{argument}` is no time. Give a date, written as 2024-04-01.")
        if not isinstance(time, int | float | np.number):
            return _stamps(pd.Series([time], dtype="object"), argument)[0]
        year = float(time)
        if not 1000 <= year < 3000:
            raise TimeError(
                f"`{argument}` is a number that is no year. Give a date, written as 2024-04-01."
            )
        if year == round(year):
            return pd.Timestamp(int(year), 1, 1)
        return _calendar(np.round(year * PER_YEAR["month"]), "month")

    def time(self, position: float) -> Any:
        """Return the time at a position: a Timestamp, or a number where times are numbers."""
        along = position * self.size
        if self.every == "step":
            return self.first + along
        if self.every == "week":
            return self.first + pd.Timedelta(days=7 * along)
        return (self.first.to_period(_CODES[self.every]) + int(along)).start_time

    def say(self, position: float) -> str:
        """Name the time at a position as a reader would: "April 2024", "Q2 2024", "2024", "17"."""
        time = self.time(position)
        match self.every:
            case "step":
                return f"{time:g}"
            case "year":
                return f"{time:%Y}"
            case "quarter":
                return f"Q{time.quarter} {time:%Y}"
            case "month":
                return f"{time:%B %Y}"
            case _:
                return f"{time.day} {time:%B %Y}"


def moments(times: pd.Series, *, column: str) -> pd.Series:
    """Return times as a picture places them, evenly spaced or not: dates, or plain numbers.

    Parameters
    ----------
    times
        As `TimeAxis.of` takes them, but any distance apart and to the second.
    column
        Its name in the caller's table, for the errors.

    Raises
    ------
    TimeError
        If a time is missing or is no time, or carries a time zone.
    """
    numeric = pd.api.types.is_numeric_dtype(times) and not pd.api.types.is_bool_dtype(times)
    if not numeric or times.isna().any() or np.isinf(times.to_numpy(dtype=float)).any():
        TimeAxis.of(times, column=column)  # says what is wrong
        return pd.Series(_stamps(times, column), index=times.index)
    try:
        axis = TimeAxis.of(times, column=column)
    except TimeError:  # uneven, which is no fault here
        return times.astype(float)
    if axis.every == "step":
        return times.astype(float)
    return pd.Series(pd.DatetimeIndex([axis.time(at) for at in axis.positions]), index=times.index)


def _stamps(times: pd.Series, column: str) -> pd.DatetimeIndex:
    if isinstance(times.dtype, pd.PeriodDtype):
        return pd.DatetimeIndex(times.dt.to_timestamp())
    values = [each.start_time if isinstance(each, pd.Period) else each for each in times]
    try:
        texts = [each for each in values if isinstance(each, str)]
        if len(texts) == len(values) and all(len(t) == 6 and t[4] in "Qq" for t in texts):
            return pd.PeriodIndex(texts, freq="Q").to_timestamp()
        stamps = pd.DatetimeIndex(pd.to_datetime(values, format="ISO8601"))
    except (ValueError, TypeError):
        raise TimeError(
            f"{column!r} holds something that is no time. Give dates, written as 2024-04-01, or "
            "whole years, or the number of the step."
        ) from None
    if stamps.tz is not None:
        raise TimeError(
            f"The times in {column!r} carry a time zone, so that a month may begin on the day "
            "before. Give plain dates (`.dt.tz_localize(None)`)."
        )
    return stamps


def _dates_in_digits(unique: Floats) -> bool:
    """Whether all numbers read as 202404, or all as 20240401: even steps they are not."""
    readings = [unique, unique // 100]
    return any(
        bool(np.all((each >= 190001) & (each < 210000) & (each % 100 >= 1) & (each % 100 <= 12)))
        for each in readings
    )


def _every(unique: pd.DatetimeIndex) -> Every:
    """Say how far apart neighbouring dates are, from the shortest gap."""
    if len(unique) < 2:
        return "month"
    gaps = np.diff(unique.to_numpy()) / np.timedelta64(1, "D")
    for every in ("year", "quarter", "month"):
        if gaps.min() >= _SHORTEST[every] and len(np.unique(_ordinals(unique, every))) == len(
            unique
        ):
            return every
    if np.all(np.mod(gaps, 7) == 0):
        return "week"
    return "day"


def _ordinals(stamps: pd.DatetimeIndex, every: Every) -> Floats:
    """Count steps from a fixed day."""
    match every:
        case "year":
            return stamps.year.to_numpy(dtype=float)
        case "quarter":
            return (stamps.year * 4 + stamps.quarter - 1).to_numpy(dtype=float)
        case "month":
            return (stamps.year * 12 + stamps.month - 1).to_numpy(dtype=float)
        case _:
            return (stamps.normalize() - pd.Timestamp(1970, 1, 1)).days.to_numpy(dtype=float)


def _calendar(steps: float, every: Every) -> pd.Timestamp:
    """Return the first day of a month or quarter counted from the year nought."""
    per_year = int(PER_YEAR[every])
    year, within = divmod(int(steps), per_year)
    return pd.Timestamp(year, 1 + within * 12 // per_year, 1)
