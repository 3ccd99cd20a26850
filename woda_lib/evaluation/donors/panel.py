"""One treated unit, its donors and when the change came, read from a tidy table or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.evaluation.errors import EvaluationError
from woda_lib.evaluation.frames import numbers, take
from woda_lib.evaluation.time_axis import TimeAxis
from woda_lib.phrases import say_count

Floats = NDArray[np.floating[Any]]

FEWEST_BEFORE = 2
FEWEST_DONORS = 2


class DonorError(EvaluationError):
    """The table does not hold one treated unit beside donors, each with all its periods."""


@dataclass(frozen=True, eq=False)
class Panel:
    """Outcomes of the treated unit and of its donors, period by period.

    Attributes
    ----------
    rows
        The caller's rows that belong to the treated unit or a donor, in order: `unit` and the
        position of their period, `period`.
    names
        Of the units, the treated one first.
    outcomes
        (units, periods), the treated unit first.
    positions
        (periods,) of each period on `axis`.
    before
        How many periods lie before the start.
    axis
        The periods as times.
    treated_by
        How `treated` was read: a sentence.
    """

    rows: pd.DataFrame
    names: tuple[Any, ...]
    outcomes: Floats
    positions: Floats
    before: int
    axis: TimeAxis
    treated_by: str

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        *,
        outcome: str,
        unit: str,
        time: str,
        treated: Any,
        start: Any,
        donors: Sequence[Any] | None,
    ) -> Panel:
        """Read a table with one row a unit and period.

        Raises
        ------
        DonorError
            If the treated unit is not one, donors are too few, a unit lacks a period or has one
            twice, or the start leaves nothing before or after it.
        FrameError, TimeError
            If a column is not there, or holds what it cannot.
        """
        _refuse_arguments(start, donors)
        rows = take(frame, outcome=outcome, unit=unit, time=time).astype({"unit": object})
        if rows["unit"].isna().any():
            row = int(rows["unit"].isna().to_numpy().argmax()) + 1
            raise DonorError(
                f"The column {unit!r} names no unit in row {row} of the table. Name it, or leave "
                "the row out."
            )
        name, treated_by = _treated_unit(frame, rows["unit"], unit=unit, treated=treated)
        axis = TimeAxis.of(rows["time"], column=time)
        rows["period"] = axis.positions
        chosen = _donors(rows["unit"], name, donors, unit=unit)
        names = (name, *chosen)
        kept = rows["unit"].isin(names)
        # Checked before other rows go, so that an error counts the rows of the caller's table.
        rows = rows.assign(outcome=numbers(rows["outcome"].where(kept, 0), outcome))[kept]
        positions = np.unique(rows["period"].to_numpy(dtype=float))
        outcomes = _balanced(rows, names, positions, axis)
        first = axis.place(start, argument="start")
        before = int(np.searchsorted(positions, first - 0.5))
        _refuse_one_sided(before, positions, axis)
        if np.ptp(outcomes[1:]) == 0:
            raise DonorError(
                f"Every donor has the same value of {outcome!r} in every period, so no mixture of "
                "them follows anything. Check the column."
            )
        return cls(
            rows[["unit", "period"]].copy(), names, outcomes, positions, before, axis, treated_by
        )

    @property
    def donors(self) -> tuple[Any, ...]:
        """Names of the donors."""
        return self.names[1:]

    @property
    def times(self) -> list[Any]:
        """Return each period as a time: a Timestamp, or a number where times are numbers."""
        return [self.axis.time(position) for position in self.positions]

    def values(self, column: pd.Series, name: str) -> pd.DataFrame:
        """Lay another column of the caller's table out: one row a period, one column a unit.

        Raises
        ------
        DonorError
            If a value is no finite number. A missing value stays missing.
        """
        found = column.reset_index(drop=True).loc[self.rows.index]
        values = pd.to_numeric(found, errors="coerce").astype(float)
        if np.isinf(values).any() or (values.isna() & found.notna()).any():
            raise DonorError(
                f"The predictor {name!r} holds something that is no finite number. Give numbers, "
                "or leave it out of `predictors`."
            )
        wide = self.rows.assign(value=values).pivot(index="period", columns="unit", values="value")
        return wide[list(self.names)]


def _refuse_arguments(start: Any, donors: Sequence[Any] | None) -> None:
    if pd.api.types.is_scalar(start) and pd.isna(start):
        raise DonorError("`start` is missing. Give the first period with the change.")
    if isinstance(donors, str):
        raise DonorError("`donors` must be a list of names, even where there is one.")


def _treated_unit(
    frame: pd.DataFrame, units: pd.Series, *, unit: str, treated: Any
) -> tuple[Any, str]:
    """Return the treated unit's name and how it was found."""
    if not pd.api.types.is_scalar(treated):
        raise DonorError(
            "`treated` must be one unit, or one column. Average several treated units into one "
            "first, or use `difference_in_differences`."
        )
    if (units == treated).any():
        return treated, f"The treated unit is named in the column {unit!r}."
    if not isinstance(treated, str) or treated not in frame.columns:
        raise DonorError(
            f"No unit in the column {unit!r} is the one given as `treated`. Give its name as the "
            "column writes it, or a column that is true in the treated unit's rows."
        )
    marks = frame[treated].reset_index(drop=True)
    if marks.isna().any() or not marks.isin([0, 1]).all():
        raise DonorError(
            f"The column {treated!r}, given as `treated`, must be true or false (or 1 or 0) in "
            "every row: true in the rows of the treated unit, at least from the start on."
        )
    marked = units[marks.astype(bool)].unique()
    if len(marked) != 1:
        raise DonorError(
            f"The column {treated!r} marks {say_count(len(marked))} units, and a synthetic control "
            "is built for one. Average the treated units into one first, or use "
            "`difference_in_differences`."
        )
    return marked[0], f"The treated unit is the one that the column {treated!r} marks."


def _donors(
    units: pd.Series, treated: Any, donors: Sequence[Any] | None, *, unit: str
) -> tuple[Any, ...]:
    others = sorted((name for name in units.unique() if name != treated), key=str)
    if donors is not None:
        strangers = [name for name in donors if name not in others]
        if strangers:
            raise DonorError(
                f"`donors` holds {say_count(len(strangers))} that the column {unit!r} does not, or "
                "the treated unit itself. Give names as the column writes them."
            )
        others = [name for name in others if name in set(donors)]
    if len(others) < FEWEST_DONORS:
        raise DonorError(
            f"A mixture needs {say_count(FEWEST_DONORS)} donors or more, and the number of donors "
            f"here is {len(others)}. With one comparison use "
            "`interrupted_time_series` with `control=`."
        )
    return tuple(others)


def _balanced(
    rows: pd.DataFrame, names: tuple[Any, ...], positions: Floats, axis: TimeAxis
) -> Floats:
    """Lay outcomes out, or say which unit lacks a period or has one twice."""
    counts = rows.groupby(["unit", "period"]).size()
    if (counts > 1).any():
        where, position = counts.index[int((counts > 1).to_numpy().argmax())]
        raise DonorError(
            f"The unit {where} has more than one row for {axis.say(position)}. Add them up or "
            "choose, so that each unit has one row a period."
        )
    wide = rows.pivot(index="unit", columns="period", values="outcome").reindex(list(names))
    gaps = wide.isna().to_numpy()
    if gaps.any():
        short = [str(name) for name, gap in zip(names, gaps, strict=True) if gap.any()]
        first = axis.say(positions[gaps[names.index(_named(names, short[0]))].argmax()])
        listed = ", ".join(short[:5]) + (", …" if len(short) > 5 else "")
        raise DonorError(
            f"{say_count(len(short)).capitalize()} of the {len(names)} units lack a period that "
            f"others have: {listed} ({short[0]}: {first}). Fill the gap, keep the periods that all "
            "have, or name the complete donors in `donors`."
        )
    return wide.to_numpy(dtype=float)


def _named(names: tuple[Any, ...], text: str) -> Any:
    return next(name for name in names if str(name) == text)


def _refuse_one_sided(before: int, positions: Floats, axis: TimeAxis) -> None:
    span = f"The table reaches from {axis.say(positions[0])} to {axis.say(positions[-1])}"
    if before == len(positions):
        raise DonorError(f"{span}, and nothing of it comes at or after `start`. Check the date.")
    if before < FEWEST_BEFORE:
        raise DonorError(
            f"{span}, and the number of its periods before `start` is {before}. A mixture can "
            f"only be chosen on {say_count(FEWEST_BEFORE)} periods or more without the change."
        )
