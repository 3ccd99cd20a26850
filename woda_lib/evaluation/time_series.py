"""A series that a model may rely on: times in order, none twice, none silently missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.evaluation.errors import EvaluationError
from woda_lib.evaluation.frames import take
from woda_lib.evaluation.time_axis import TimeAxis

Floats = NDArray[np.floating[Any]]


class SeriesError(EvaluationError):
    """The series is not one that the question can be answered from."""


@dataclass(frozen=True, eq=False)
class TimeSeries:
    """An outcome over time, with its exposure and its comparison if there are any.

    Attributes
    ----------
    axis
        What the positions mean.
    positions
        (T,) where each point lies, in steps from the first time of the table, increasing.
    outcome
        (T,) values.
    exposure
        (T,) people or time at risk, as given; ones without any.
    control, control_exposure
        (T,) of the comparison, or None.
    adjust
        (T, m) further columns.
    counts
        Whether the outcome counts events, and is therefore modelled on the log scale.
    """

    axis: TimeAxis
    positions: Floats
    outcome: Floats
    exposure: Floats
    control: Floats | None
    control_exposure: Floats | None
    adjust: Floats
    counts: bool

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        *,
        outcome: str,
        time: str,
        offset: str | None = None,
        control: str | None = None,
        control_offset: str | None = None,
        adjust: Sequence[str] = (),
        exclude: Iterable[Any] = (),
        counts: bool = False,
    ) -> TimeSeries:
        """Take a series from a table, or say what is wrong with it.

        Parameters
        ----------
        frame
            One row a time.
        outcome, control
            Columns of the outcome and of its comparison.
        time
            Column of the times, as `TimeAxis` reads them.
        offset, control_offset
            Columns of the exposure of either.
        adjust
            Further columns.
        exclude
            Times to leave out: single ones, and pairs of a first and a last one.
        counts
            Whether outcome and control count events.

        Raises
        ------
        FrameError
            If a column is missing, or the table is empty.
        TimeError
            If the times are no even scale, or carry a time zone.
        SeriesError
            If a time comes twice or is missing between others, or has no value or one that cannot
            be.
        """
        table = take(
            frame,
            time=time,
            outcome=outcome,
            offset=offset,
            control=control,
            control_offset=control_offset,
            **{f"adjust {place}": name for place, name in enumerate(adjust)},
        )
        axis = TimeAxis.of(table["time"], column=time, widest=True)
        table["time"] = axis.positions
        table = table.sort_values("time", ignore_index=True)
        _refuse_repeats(table["time"], axis, time)
        left_out = _left_out(axis, exclude, last=table["time"].iloc[-1])
        table = table[~table["time"].isin(left_out)].reset_index(drop=True)
        if table.empty:
            raise SeriesError("No time is left in the series: `exclude` names them all.")
        _refuse_gaps(table["time"], left_out, axis)
        said = {"outcome": outcome, "offset": offset, "control": control}
        said |= {"control_offset": control_offset}
        said |= {f"adjust {place}": name for place, name in enumerate(adjust)}
        values = {
            name: _numbers(table[name], table["time"], axis, str(said[name]))
            for name in table.columns.drop("time")
        }
        for name in ("outcome", "control"):
            if name in values and counts:
                _refuse_no_counts(values[name], table["time"], axis, str(said[name]))
        for name in ("offset", "control_offset"):
            if name in values:
                _refuse_no_exposure(values[name], table["time"], axis, str(said[name]))
        rows = len(table)
        further = [values[f"adjust {place}"] for place in range(len(adjust))]
        return cls(
            axis=axis,
            positions=table["time"].to_numpy(),
            outcome=values["outcome"],
            exposure=values.get("offset", np.ones(rows)),
            control=values.get("control"),
            control_exposure=values.get("control_offset", np.ones(rows)) if control else None,
            adjust=np.column_stack(further) if further else np.empty((rows, 0)),
            counts=counts,
        )

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def times(self) -> list[Any]:
        """(T,) the times: Timestamps, or numbers where times are numbers."""
        return [self.axis.time(position) for position in self.positions]

    @property
    def modelled(self) -> Floats:
        """(T,) what is fitted: the outcome, or its difference from the comparison.

        Counts are taken on the log scale, log(y + 1/2) less the log of the exposure, where a
        difference is the log of a ratio. The half lets a time without any event stand, and its mean
        is the log of the Poisson mean m up to terms of 1 / m squared, since the 1 / (2 m) that the
        half adds is what the curve of the logarithm takes away.
        """
        own = _scale(self.outcome, self.exposure, counts=self.counts)
        return own - self.base

    @property
    def base(self) -> Floats:
        """(T,) the comparison on the scale that is fitted; noughts without one."""
        if self.control is None or self.control_exposure is None:
            return np.zeros(len(self))
        return _scale(self.control, self.control_exposure, counts=self.counts)

    def observable(self, fitted: Floats) -> Floats:
        """Turn values of the fitted scale into what the outcome would be."""
        whole = fitted + self.base
        return self.exposure * np.exp(whole) if self.counts else whole

    def where(self, keep: NDArray[np.bool_]) -> TimeSeries:
        """Return the chosen times."""
        return replace(
            self,
            positions=self.positions[keep],
            outcome=self.outcome[keep],
            exposure=self.exposure[keep],
            control=None if self.control is None else self.control[keep],
            control_exposure=(
                None if self.control_exposure is None else self.control_exposure[keep]
            ),
            adjust=self.adjust[keep],
        )

    def without_control(self) -> TimeSeries:
        """Return the outcome alone."""
        return replace(self, control=None, control_exposure=None)


def _scale(values: Floats, exposure: Floats, *, counts: bool) -> Floats:
    return np.log((values + 0.5) / exposure) if counts else values


def _refuse_repeats(places: pd.Series, axis: TimeAxis, column: str) -> None:
    repeated = places[places.duplicated()]
    if len(repeated):
        first = repeated.iloc[0]
        raise SeriesError(
            f"The column {column!r} holds {axis.say(first)} {int((places == first).sum())} times "
            f"(times were read as {axis.words}). The method needs one row a time: add up or "
            f"average the rows of each first, `frame.groupby({column!r}, as_index=False).sum()`, "
            "or choose one group."
        )


def _left_out(axis: TimeAxis, exclude: Iterable[Any], *, last: float) -> list[float]:
    if isinstance(exclude, str):
        raise SeriesError('`exclude` must be a list of times: exclude=["2020-04"].')
    found: list[float] = []
    for each in exclude:
        ends = each if isinstance(each, tuple | list) else (each, each)
        if len(ends) != 2:
            raise SeriesError(
                "`exclude` takes single times, and pairs of a first and a last time to leave out: "
                '["2020-04", ("2020-11", "2021-02")].'
            )
        first, until = (axis.place(end, argument="exclude") for end in ends)
        if first > until or until < 0 or first > last:
            raise SeriesError(
                f"`exclude` names {axis.say(first)} to {axis.say(until)}, and the series runs from "
                f"{axis.say(0)} to {axis.say(last)}. Check the dates."
            )
        found.extend(np.arange(first, until + 1))
    return found


def _refuse_gaps(places: pd.Series, left_out: list[float], axis: TimeAxis) -> None:
    whole = np.arange(places.iloc[0], places.iloc[-1] + 1)
    missing = whole[~np.isin(whole, places) & ~np.isin(whole, left_out)]
    if len(missing):
        raise SeriesError(
            f"Between the first and the last time {_say_many(len(missing), axis)} missing, first "
            f"{axis.say(missing[0])} (times were read as {axis.words}). Mend them (where nothing "
            "happened the count is 0), or name them in `exclude`."
            + (
                " For working days only, number the days 1, 2, 3, … and give period=5."
                if axis.every == "day"
                else ""
            )
        )


def _say_many(number: int, axis: TimeAxis) -> str:
    return f"{number} of the {axis.words} {'is' if number == 1 else 'are'}"


def _numbers(values: pd.Series, places: pd.Series, axis: TimeAxis, column: str) -> Floats:
    if pd.api.types.is_bool_dtype(values):
        raise SeriesError(
            f"The column {column!r} holds true and false. Give a number for each time: how "
            "many, or what share."
        )
    found = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    bad = ~np.isfinite(found)
    if bad.any():
        place = int(bad.argmax())
        what = "no value" if pd.isna(values.iloc[place]) else "no finite number"
        raise SeriesError(
            f"The column {column!r} has {what} in {axis.say(places.iloc[place])}"
            f"{f', and in {int(bad.sum()) - 1} more' if bad.sum() > 1 else ''}. Mend it, or name "
            "such times in `exclude`."
        )
    return found


def _refuse_no_counts(values: Floats, places: pd.Series, axis: TimeAxis, column: str) -> None:
    for bad, what in ((values < 0, "a negative number"), (values % 1 != 0, "a fraction")):
        if bad.any():
            raise SeriesError(
                f"The column {column!r} holds {what} in "
                f"{axis.say(places.iloc[int(bad.argmax())])}, and this family is for counts of "
                "events. Give the counts themselves, with the people or time at risk as `offset`; "
                'or use family="gaussian" for a measure.'
            )
    if not values.any():
        raise SeriesError(f"The column {column!r} counts no event at all.")


def _refuse_no_exposure(values: Floats, places: pd.Series, axis: TimeAxis, column: str) -> None:
    if (values <= 0).any():
        raise SeriesError(
            f"The exposure {column!r} is nought or less in "
            f"{axis.say(places.iloc[int((values <= 0).argmax())])}. It must be the people or time "
            "at risk, as they are: the logarithm is taken here."
        )
