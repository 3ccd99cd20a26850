"""Who was treated from when: a table of outcomes with the date on which each unit adopted.

A difference in differences needs to know of every row its unit, its period and the period in which
its unit was first treated. *Cohort* is the name of units that were first treated in one period. A
unit that is never treated while it is seen belongs to the cohort at infinity.

Rows come in two kinds. In a *panel* a unit has one row a period. In *repeated cross-sections* rows
are people or events: a unit has many of them in a period, or each row is a unit of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.evaluation.errors import EvaluationError
from woda_lib.evaluation.frames import numbers, take
from woda_lib.evaluation.time_axis import TimeAxis, TimeError
from woda_lib.phrases import say_count

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]
Booleans = NDArray[np.bool_]
Rows = Literal["auto", "panel", "cross-sections"]
Unbalanced = Literal["balanced", "cross-sections"]

NEVER = np.inf


class AdoptionError(EvaluationError):
    """The table does not say who was treated when, or leaves nothing to compare."""


@dataclass(frozen=True, eq=False)
class Adoption:
    """Rows of a study, each with its outcome, unit, period and cohort.

    Attributes
    ----------
    axis
        The times of the rows on an even scale.
    periods
        (periods,) positions on `axis` at which something was seen, rising.
    outcome, weight
        (rows,) numbers.
    unit, period, cluster
        (rows,) codes from nought; `period` is a place in `periods`.
    cohort
        (rows,) position on `axis` at which the row's unit was first treated; infinite for never.
    covariates
        (rows, covariates) numbers, one column each.
    anticipation
        Steps before treatment in which it may already have worked.
    rows
        Whether a unit has one row a period.
    clusters_given
        Whether the caller named a column of clusters.
    notes
        What was done to the table before anything was estimated, a sentence each.
    """

    axis: TimeAxis
    periods: Floats
    outcome: Floats
    weight: Floats
    unit: Integers
    period: Integers
    cluster: Integers
    cohort: Floats
    covariates: Floats
    anticipation: int
    rows: Literal["panel", "cross-sections"]
    clusters_given: bool
    notes: tuple[str, ...]

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        *,
        outcome: str,
        unit: str,
        time: str,
        first_treated: str,
        adjust: Sequence[str] = (),
        cluster: str | None = None,
        weights: str | None = None,
        anticipation: int = 0,
        rows: Rows = "auto",
        unbalanced: Unbalanced = "balanced",
    ) -> Adoption:
        """Read a table, or say what is wrong with it.

        The parameters are those of `difference_in_differences`.

        Raises
        ------
        AdoptionError, FrameError, TimeError
            If a column is missing or holds what it cannot, or nobody is left to compare.
        """
        taken = take(
            frame,
            outcome=outcome,
            unit=unit,
            time=time,
            first_treated=first_treated,
            cluster=cluster,
            weights=weights,
        )
        if outcome in ([adjust] if isinstance(adjust, str) else adjust):
            raise AdoptionError(
                f"The outcome {outcome!r} stands among the covariates of `adjust`, which would "
                "explain it by itself. Leave it out there."
            )
        measured = numbers(taken["outcome"], outcome).to_numpy()
        if np.ptp(measured) == 0:
            raise AdoptionError(
                f"The column {outcome!r} holds the same number in every row, so there is nothing "
                "to explain. Check that it is the outcome."
            )
        if taken["unit"].isna().any():
            row = int(taken["unit"].isna().to_numpy().argmax()) + 1
            raise AdoptionError(
                f"The column {unit!r} names no unit in row {row} of the table. Name it, or leave "
                "the row out."
            )
        axis = TimeAxis.of(taken["time"], column=time)
        periods, period = np.unique(axis.positions, return_inverse=True)
        if len(periods) < 2:
            raise AdoptionError(
                f"The column {time!r} holds one period only. A difference in differences compares "
                "periods before treatment with periods after it."
            )
        cohort = _cohorts(taken["first_treated"], axis, column=first_treated)
        codes, names = pd.factorize(taken["unit"], sort=False)
        _refuse_changing(codes, names, cohort, unit, first_treated)
        clusters = codes if cluster is None else pd.factorize(taken["cluster"])[0]
        if (clusters < 0).any():
            raise AdoptionError(
                f"The column {cluster!r} names no cluster in row {int((clusters < 0).argmax()) + 1}"
                " of the table. Name it, or leave the row out."
            )
        study = cls(
            axis=axis,
            periods=periods,
            outcome=measured,
            weight=_weights(taken, weights),
            unit=codes,
            period=period,
            cluster=clusters,
            cohort=cohort,
            covariates=_covariates(frame, adjust),
            anticipation=anticipation,
            rows="panel",
            clusters_given=cluster is not None,
            notes=(),
        )
        study = study._of_kind(rows, unbalanced, names=names, unit=unit, time=time)
        return study._of_use(first_treated)

    def _of_kind(
        self, rows: Rows, unbalanced: Unbalanced, *, names: pd.Index, unit: str, time: str
    ) -> Adoption:
        """Decide between panel and cross-sections; make a panel complete."""
        code = self.unit * len(self.periods) + self.period
        cells, rows_of = np.unique(code, return_counts=True)
        repeated = float((rows_of > 1).mean())
        once = self.units_seen_once
        if rows == "cross-sections" or (rows == "auto" and (repeated >= 0.5 or once)):
            note = () if rows == "cross-sections" else (_cross_sections_note(unit, once),)
            return replace(self, rows="cross-sections", notes=self.notes + note)
        if repeated > 0:
            first, period = divmod(int(cells[(rows_of > 1).argmax()]), len(self.periods))
            raise AdoptionError(
                f"{int((rows_of > 1).sum())} pairs of unit and period stand in more than one row, "
                f"first the {_ordinal(first)} unit of the column {unit!r} in "
                f"{self.axis.say(self.periods[period])}. In a panel a unit has one row a period: "
                "add such rows up or choose among them; or, if rows are people, set "
                'rows="cross-sections".'
            )
        seen = np.bincount(self.unit, minlength=len(names))
        partial = seen < len(self.periods)
        if not partial.any():
            return self
        if unbalanced == "cross-sections":
            return replace(
                self,
                rows="cross-sections",
                notes=(
                    *self.notes,
                    f"{int(partial.sum())} of {len(names)} units lack some of the "
                    f"{len(self.periods)} periods. All rows are used, as repeated cross-sections, "
                    "so units that come or go can look like an effect.",
                ),
            )
        if partial.all():
            raise AdoptionError(
                f"No unit has a row in each of the {len(self.periods)} periods of the column "
                f'{time!r}. Leave out sparse periods, or set unbalanced="cross-sections" to use '
                "all rows."
            )
        keep = ~partial[self.unit]
        return self.where(
            keep,
            f"{int(partial.sum())} of {len(names)} units lack some of the {len(self.periods)} "
            "periods and were left out, so that the same units are compared in all of them. "
            '(unbalanced="cross-sections" uses all rows.)',
        )

    def _of_use(self, first_treated: str) -> Adoption:
        """Leave out units with no period before treatment, and refuse if none can be compared."""
        study = self
        before = self.cohort - self.anticipation > self.periods[0]
        if not before.all():
            if not before.any():
                raise AdoptionError(
                    f"Every unit was treated already in the first period (column "
                    f"{first_treated!r}), so there is no before. Add earlier periods, and units "
                    "that were treated later or never."
                )
            count = self.count(~before)
            when = self.axis.say(self.periods[0])
            why = (
                f"no period before the {say_count(self.anticipation)} in which treatment was "
                "anticipated"
                if self.anticipation
                else f"no period before treatment, being treated already in {when}"
            )
            study = self.where(
                before,
                f"{say_count(count).capitalize()} {'unit has' if count == 1 else 'units have'} "
                f"{why}, and {'was' if count == 1 else 'were'} left out.",
            )
        late = np.isfinite(study.cohort) & (study.cohort - study.anticipation > study.periods[-1])
        if late.any():
            count = study.count(late)
            study = replace(
                study,
                cohort=np.where(late, NEVER, study.cohort),
                notes=(
                    *study.notes,
                    f"{say_count(count).capitalize()} "
                    f"{'unit is' if count == 1 else 'units are'} first treated after the last "
                    "period and counted as never treated.",
                ),
            )
        treated = study.treated
        if not treated.any():
            raise AdoptionError(
                f"No unit is first treated between the second and the last period (column "
                f"{first_treated!r}), so there is no effect to estimate."
            )
        if treated.all() and len(study.cohorts) == 1:
            raise AdoptionError(
                f"Every unit is treated, all of them from {study.axis.say(study.cohorts[0])}, so "
                f"there is nothing to compare with. Add units that were not treated (column "
                f"{first_treated!r} missing, 0 or infinite), or use an interrupted time series."
            )
        return study

    def where(self, keep: Booleans, *notes: str) -> Adoption:
        """Keep some rows, with codes counted afresh."""
        periods, period = np.unique(self.periods[self.period[keep]], return_inverse=True)
        return replace(
            self,
            periods=periods,
            outcome=self.outcome[keep],
            weight=self.weight[keep],
            unit=np.unique(self.unit[keep], return_inverse=True)[1],
            period=period,
            cluster=np.unique(self.cluster[keep], return_inverse=True)[1],
            cohort=self.cohort[keep],
            covariates=self.covariates[keep],
            notes=(*self.notes, *notes),
        )

    @property
    def treated(self) -> Booleans:
        """(rows,) whether the row's unit is ever treated while it is seen."""
        return self.cohort <= self.periods[-1]

    @property
    def cohorts(self) -> Floats:
        """Positions at which some units were first treated, rising."""
        return np.unique(self.cohort[self.treated])

    @property
    def on(self) -> Booleans:
        """(rows,) whether the unit is treated in the row's period."""
        return self.cohort <= self.periods[self.period]

    @property
    def people(self) -> bool:
        """Whether each row is a unit of its own, or units are no more than the two groups."""
        return self.rows == "cross-sections" and (
            self.units_seen_once or len(np.unique(self.unit)) == 2
        )

    @property
    def units_seen_once(self) -> bool:
        """Whether no unit is seen in two periods."""
        first = np.empty(int(self.unit.max()) + 1)
        first[self.unit] = self.period
        return bool((first[self.unit] == self.period).all())

    @property
    def steady_weights(self) -> bool:
        """Whether each unit has one weight in all its rows."""
        first = np.empty(int(self.unit.max()) + 1)
        first[self.unit] = self.weight
        return bool((first[self.unit] == self.weight).all())

    def count(self, which: Booleans) -> int:
        """Count the units among some rows."""
        return len(np.unique(self.unit[which]))


def _cohorts(values: pd.Series, axis: TimeAxis, *, column: str) -> Floats:
    """Read the period of first treatment; missing, nought and infinite mean never."""
    plain = pd.to_numeric(values, errors="coerce").dropna().unique()
    marks = len(plain) == values.dropna().nunique() and set(plain) <= {0, 1} and 1 in plain
    one = 1.0 - axis.first if axis.every == "step" else -1.0
    if pd.api.types.is_bool_dtype(values) or (marks and one <= 0):
        raise AdoptionError(
            f"The column {column!r} seems to mark treated rows or units with 1. It must hold the "
            "period in which the unit was first treated, the same in all rows of the unit, and "
            "nothing (or 0) for units that never were."
        )
    known: dict[Any, float] = {}
    for value in values.dropna().unique():
        number = isinstance(value, int | float | np.number)
        if number and np.isposinf(float(value)):
            known[value] = NEVER
        elif number and float(value) == 0:
            if axis.every == "step" and float(axis.first) < 0:
                raise AdoptionError(
                    f"The times run from {axis.first:g}, so that 0 in the column {column!r} may "
                    "mean the period 0 or never. Number the periods from 1, or write nothing for "
                    "units that were never treated and shift the times."
                )
            known[value] = NEVER
        else:
            try:
                known[value] = axis.place(value, argument=column)
            except (ValueError, OverflowError) as error:
                raise TimeError(
                    f"The column {column!r} holds something that is no period of this table. "
                    "Write periods as the column of times does."
                ) from error
    return values.map(known).astype(float).fillna(NEVER).to_numpy()


def _refuse_changing(
    codes: Integers,
    names: pd.Index,
    cohort: Floats,
    unit: str,
    first_treated: str,
) -> None:
    """Refuse a unit whose date of first treatment is not the same in all its rows."""
    first = np.empty(len(names))
    first[codes[::-1]] = cohort[::-1]
    changing = np.zeros(len(names), dtype=bool)
    changing[codes[cohort != first[codes]]] = True
    if not changing.any():
        return
    raise AdoptionError(
        f"The column {first_treated!r} is not the same in all rows of {int(changing.sum())} units "
        f"(of {len(names)} in the column {unit!r}). It must hold the one period from which the "
        f"unit was treated. A treatment that is switched off again, or that comes twice, is beyond "
        "this method."
    )


def _weights(taken: pd.DataFrame, weights: str | None) -> Floats:
    if weights is None:
        return np.ones(len(taken))
    found = numbers(taken["weights"], weights).to_numpy()
    if (found <= 0).any():
        raise AdoptionError(
            f"The column {weights!r} must hold weights above nought, and "
            f"{int((found <= 0).sum())} rows do not. Mend them or leave them out."
        )
    return found


def _covariates(frame: pd.DataFrame, names: Sequence[str]) -> Floats:
    """Return covariates as numbers, a column for each category of a text but the first."""
    if isinstance(names, str):
        names = (names,)
    columns = []
    for place, name in enumerate(names):
        values = take(frame, **{f"adjust[{place}]": name}).iloc[:, 0]
        if pd.api.types.is_numeric_dtype(values):
            columns.append(numbers(values, name).to_numpy()[:, None])
            continue
        if values.isna().any():
            raise AdoptionError(
                f"The column {name!r} has no value in row {int(values.isna().argmax()) + 1} of the "
                "table. Give missing values a category of their own, or leave the rows out."
            )
        columns.append(pd.get_dummies(values, drop_first=True).to_numpy(dtype=float))
    return np.hstack(columns) if columns else np.empty((len(frame), 0))


def _cross_sections_note(unit: str, once: bool) -> str:
    if once:
        return (
            f"No unit of the column {unit!r} is seen in two periods, so the rows are read as "
            "repeated cross-sections."
        )
    return (
        f"The units of the column {unit!r} have several rows in a period, so the rows are read "
        "as repeated cross-sections: people, say, of whom others are seen each time."
    )


def _ordinal(code: int) -> str:
    return "first" if code == 0 else f"{code + 1}."
