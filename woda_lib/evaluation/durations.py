"""Durations of which some are only known to be longer: read from a table, and counted by day.

A row is a person whose clock ran for so long and then either *ended* in one of one or more ways, or
was *censored*: still running when last looked at. Everything that this room says about durations
rests on the counts made here: how many were still in view just before each time, how many ended
then, and how many were lost from sight then. Those lost at a time at which others end are taken to
have been in view for it, as is usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.evaluation.errors import EvaluationError
from woda_lib.evaluation.frames import numbers, take

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]
Booleans = NDArray[np.bool_]


class DurationError(EvaluationError):
    """The durations cannot answer the question."""


@dataclass(frozen=True, eq=False)
class Durations:
    """How long each person was seen, and how it ended.

    Attributes
    ----------
    times
        (n,) from start to end, or to the last time of being seen without an end.
    codes
        (n,) 0 where censored, else 1 + the place of how it ended in `ways`.
    ways
        What may end a duration, as the caller's column says it.
    """

    times: Floats
    codes: Ints
    ways: tuple[Any, ...]

    @classmethod
    def of(cls, frame: pd.DataFrame, *, duration: str, event: str, ended: Any = None) -> Durations:
        """Read durations with one way of ending.

        Parameters
        ----------
        frame
            One row a person.
        duration, event
            Columns of the duration and of whether it ended.
        ended
            The value (or values) of `event` that is the end; everything else is censored. Without
            it `event` must be true and false, or 1 and 0.

        Raises
        ------
        DurationError
            If a duration is negative, or `event` is not what it should be, or nothing ever ended.
        FrameError
            If a column is missing or a duration is no number.
        """
        tidy = take(frame, duration=duration, event=event)
        times = _times(tidy["duration"], duration)
        codes = _filled(tidy["event"], event)
        if ended is None:
            happened = _yes_or_no(codes, event)
        else:
            wanted = ended if isinstance(ended, list | tuple | set | frozenset) else [ended]
            happened = codes.isin(list(wanted)).to_numpy()
            _check_known(wanted, codes, event)
        if not happened.any():
            raise DurationError(
                f"All {len(times):,} rows are censored: by the column {event!r} nothing ever "
                "ended, so that there is no duration to learn from. Check what its values mean, "
                "or wait for a later extract."
            )
        return cls(times, happened.astype(int), (True,))

    @classmethod
    def with_ways(
        cls, frame: pd.DataFrame, *, duration: str, event: str, censored: Any = 0
    ) -> Durations:
        """Read durations that may end in more than one way.

        Parameters
        ----------
        frame
            One row a person.
        duration, event
            Columns of the duration and of how it ended.
        censored
            The value of `event` (or values) that says that it had not ended.

        Raises
        ------
        DurationError, FrameError
            As in `of`.
        """
        tidy = take(frame, duration=duration, event=event)
        times = _times(tidy["duration"], duration)
        how = _filled(tidy["event"], event)
        still = censored if isinstance(censored, list | tuple | set | frozenset) else [censored]
        open_ended = how.isin(list(still)).to_numpy()
        if isinstance(how.dtype, pd.CategoricalDtype):
            ways = [way for way in how.cat.categories if (how == way).any() and way not in still]
        else:
            ways = in_order(how[~open_ended])
        if not ways:
            raise DurationError(
                f"All {len(times):,} rows are censored: by the column {event!r} nothing ever "
                "ended. Check what its values mean, or wait for a later extract."
            )
        if not open_ended.any() and len(ways) > 12:
            raise DurationError(
                f"The column {event!r} holds {len(ways)} different ways of ending and nobody who "
                "is censored. Say with `censored` which value means that it had not ended."
            )
        codes = np.zeros(len(times), dtype=int)
        for place, way in enumerate(ways, start=1):
            codes[(how == way).to_numpy()] = place
        return cls(times, codes, tuple(ways))

    def __len__(self) -> int:
        return len(self.times)

    def place_of(self, cause: Any, column: str) -> int:
        """Return the place of a way of ending in `ways`.

        Raises
        ------
        DurationError
            If nobody ended so.
        """
        if cause not in self.ways:
            raise DurationError(
                f"Nobody ended as `cause` says: no row of the column {column!r} holds it. There "
                f"are {len(self.ways)} ways of ending; write the code as the column does, and of "
                "its type."
            )
        return self.ways.index(cause)

    @property
    def ended(self) -> Booleans:
        """(n,) whether each ended at all."""
        return self.codes > 0

    def where(self, rows: Booleans) -> Durations:
        """Keep some of the rows."""
        return Durations(self.times[rows], self.codes[rows], self.ways)

    @property
    def counts(self) -> Counts:
        """Who was in view, who ended and who was lost, at each time at which anything happened."""
        return Counts.of(self.times, self.codes, ways=len(self.ways))


@dataclass(frozen=True, eq=False)
class Counts:
    """People by time.

    Attributes
    ----------
    times
        (t,) the different times, in order.
    at_risk
        (t,) in view just before.
    ended
        (t, ways) ended then.
    censored
        (t,) lost from sight then.
    """

    times: Floats
    at_risk: Floats
    ended: Floats
    censored: Floats

    @classmethod
    def of(cls, times: Floats, codes: Ints, *, ways: int) -> Counts:
        """Count."""
        different, place = np.unique(times, return_inverse=True)
        table = np.zeros((len(different), ways + 1))
        np.add.at(table, (place, codes), 1.0)
        leaving = table.sum(axis=1)
        at_risk = leaving[::-1].cumsum()[::-1]
        return cls(different, at_risk, table[:, 1:], table[:, 0])


def check_horizon(horizon: Any) -> float:
    """Return a horizon as a number.

    Raises
    ------
    DurationError
        If it is no finite number above nought.
    """
    try:
        number = float(horizon)
    except (TypeError, ValueError):
        number = np.nan
    if isinstance(horizon, bool) or not (np.isfinite(number) and number > 0):
        raise DurationError(
            f"`horizon` must be a number above nought, in the unit of the durations, and it is "
            f"{horizon!r}. It says up to when time counts."
        )
    return number


def check_level(level: float) -> float:
    """Return the level of an interval, which must lie between 0 and 1."""
    if not 0 < level < 1:
        raise DurationError(
            f"`level` must lie between 0 and 1, as 0.95 does for a 95% interval; it is {level!r}."
        )
    return float(level)


def in_order(values: pd.Series) -> list[Any]:
    """Return the different values: categories in their order, others sorted, missing ones not."""
    known = values.dropna()
    if isinstance(known.dtype, pd.CategoricalDtype):
        return list(known.cat.remove_unused_categories().cat.categories)
    different = list(pd.unique(known))
    try:
        return sorted(different)
    except TypeError:
        return sorted(different, key=str)


def name_of(group: Any) -> str:
    """Return how a group or a way of ending is called in tables and pictures."""
    if isinstance(group, float | np.floating) and group == round(group):
        return str(int(group))
    return str(group)


def read_groups(values: pd.Series, column: str, *, reference: Any = None) -> tuple[Ints, list[Any]]:
    """Return which group each row is in, and the groups with the reference first.

    The reference is the group that `reference` names; otherwise the first of a categorical column's
    categories, False before True, and the smallest (or alphabetically first) of others.

    Raises
    ------
    DurationError
        If a row has no group, or the reference is none of them.
    """
    if values.isna().any():
        raise DurationError(
            f"The column {column!r} has no value in {int(values.isna().sum()):,} rows (the first "
            f"is row {int(values.isna().to_numpy().argmax()) + 1}). Give each row its group, or "
            "leave such rows out and report how many there were."
        )
    groups = in_order(values)
    if reference is not None:
        if reference not in groups:
            raise DurationError(
                f"`reference` names a group that the column {column!r} does not hold. It holds "
                f"{len(groups)} groups; write the reference as the column does, and of its type."
            )
        groups = [reference, *(each for each in groups if each != reference)]
    code = {group: place for place, group in enumerate(groups)}
    return values.map(code).to_numpy(dtype=int), groups


def two_groups(values: pd.Series, column: str, *, reference: Any = None) -> tuple[Ints, list[Any]]:
    """As `read_groups`, for a comparison of exactly two.

    Raises
    ------
    DurationError
        If there is one group only, or more than two.
    """
    place, groups = read_groups(values, column, reference=reference)
    if len(groups) == 1:
        raise DurationError(
            f"The column {column!r} puts everyone in one group, so there is nothing to compare. "
            "Check how the groups were made."
        )
    if len(groups) > 2:
        raise DurationError(
            f"The column {column!r} holds {len(groups)} groups, and a difference needs two. Keep "
            "the rows of two of them, or make a column that is true for one side."
        )
    return place, groups


def read_levels(frame: pd.DataFrame, columns: Sequence[str], argument: str) -> pd.DataFrame:
    """Return columns to adjust by as numbers: a text column becomes one column for each but its
    first value.

    Raises
    ------
    DurationError
        If a value is missing, or a column says the same of everyone.
    FrameError
        If a column does not exist or a number is infinite.
    """
    made: dict[str, Floats] = {}
    for column in columns:
        values = take(frame, **{argument: column})[argument]
        if values.nunique(dropna=True) < 2:
            raise DurationError(
                f"The column {column!r}, given in `{argument}`, says the same of everyone, so that "
                "nothing can be adjusted by it. Leave it out."
            )
        if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
            place, groups = read_groups(values, column)
            for number, group in enumerate(groups[1:], start=1):
                made[f"{column}: {name_of(group)}"] = (place == number).astype(float)
        else:
            made[column] = numbers(values, column).to_numpy()
    return pd.DataFrame(made, index=range(len(frame)))


def _times(values: pd.Series, column: str) -> Floats:
    if pd.api.types.is_timedelta64_dtype(values):
        values = values.dt.total_seconds() / 86_400
    times = numbers(values, column).to_numpy()
    if (times < 0).any():
        raise DurationError(
            f"The column {column!r} is negative in row {int((times < 0).argmax()) + 1} of the "
            f"table ({int((times < 0).sum())} such rows): a clock cannot end before it starts. "
            "Mend such rows or leave them out, and report how many there were."
        )
    return times


def _filled(values: pd.Series, column: str) -> pd.Series:
    if values.isna().any():
        row = int(values.isna().to_numpy().argmax()) + 1
        raise DurationError(
            f"The column {column!r} has no value in row {row} of the table "
            f"({int(values.isna().sum())} such rows). Say of each row whether it "
            "ended; somebody still waiting is censored and not missing."
        )
    return values


def _yes_or_no(values: pd.Series, column: str) -> Booleans:
    numeric = pd.to_numeric(values, errors="coerce")
    if numeric.isna().any() or not set(numeric.unique()) <= {0, 1}:
        raise DurationError(
            f"The column {column!r} holds {values.nunique()} different values that are not just "
            "true and false (or 1 and 0). Say with `ended` which of them is the end that is "
            "studied; the others are then censored. Where another way of ending rules this one "
            "out, use `competing_risks` instead."
        )
    return numeric.to_numpy(dtype=float) == 1


def _check_known(wanted: Any, codes: pd.Series, column: str) -> None:
    if not codes.isin(list(wanted)).any():
        raise DurationError(
            f"No row of the column {column!r} holds what `ended` names. Its values are "
            f"{codes.nunique()} different ones; write the code as the column does, and of its type."
        )
