"""Does the effect differ between groups of people, and could the difference be chance?

Cut a study into enough groups and some of them will look special. So three things are done, and in
this order (Sun, Ioannidis, Agoritsas, Alba and Guyatt 2014, JAMA 311: 405-411, ask for them):

1. *Interaction before effect.* That one group's interval excludes zero and another's does not says
   nothing about a difference between them. Each group is set against the rest: the same model is
   fitted to the monthly difference of the two, in which whatever meets every group in a month drops
   out.
2. *Their number counts.* The p values of these differences are adjusted for how many there are:
   Holm's for the chance of any false finding, Benjamini and Hochberg's for the share of them.
3. *Small groups are refused*, with a sentence that says why, and not shown with an interval so wide
   that it invites reading.

Cochran's Q and I² describe how far the groups' own effects lie apart (Higgins and Thompson 2002,
Statistics in Medicine 21: 1539-1558). They take the groups for independent; groups that share their
months, or one control, resemble each other more than that, so that both err on the side of caution.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

from woda_lib.evaluation.errors import EvaluationError
from woda_lib.evaluation.forest import forest
from woda_lib.evaluation.frames import numbers, take
from woda_lib.evaluation.result import Result
from woda_lib.evaluation.series.interrupted_time_series import (
    InterruptedTimeSeries,
    interrupted_time_series,
)
from woda_lib.figures import Picture
from woda_lib.phrases import say_count, say_number

Adjust = Literal["holm", "bh"]

_METHOD: dict[str, str] = {"holm": "holm", "bh": "fdr_bh"}
_BY = {"holm": "Holm", "bh": "Benjamini and Hochberg"}
_ALL = "Everybody"
EXPLORATORY = (
    "Sub-groups are exploratory: a finding here is a question for the next study, and no answer."
)


class SubgroupError(EvaluationError):
    """The table cannot be cut into groups that can be compared."""


def subgroup_effects(
    frame: pd.DataFrame,
    *,
    group: str,
    outcome: str,
    time: str,
    start: Any,
    control: str | None = None,
    people: str | None = None,
    fewest: float = 10,
    adjust: Adjust = "holm",
    unit: str = "",
    level: float = 0.95,
    **settings: Any,
) -> SubgroupEffects:
    """Estimate an effect in each group of people, and whether any differs from the rest.

    Parameters
    ----------
    frame
        A row a time and group.
    group
        Column of the group's name.
    outcome, control, time, start, unit, level
        As `interrupted_time_series` takes them; `control` may be the same for every group.
    people
        Column of how many stand behind each outcome. The rest of a group is then averaged by their
        number, and not by that of groups.
    fewest
        People that a group must have at every time. A smaller one is refused in words.
    adjust
        How p values are adjusted for the number of groups: "holm" or "bh".
    **settings
        More settings of `interrupted_time_series`, the same for every group.

    Returns
    -------
    SubgroupEffects

    Raises
    ------
    SubgroupError
        If fewer than two groups are large enough, a group has a time twice, or `adjust` is unknown.
    FrameError
        If a column is missing, or a value is no number.

    Examples
    --------
    >>> rng, months = np.random.default_rng(1), pd.date_range("2021-01-01", periods=40, freq="MS")
    >>> parts = [
    ...     pd.DataFrame({"month": months, "age": age, "days": rng.normal(9, 0.3, 40)
    ...                   - saved * (months >= "2023-01-01")})
    ...     for age, saved in (("under 75", 1), ("75 to 84", 1), ("85 and over", 4))
    ... ]
    >>> found = subgroup_effects(pd.concat(parts), group="age", outcome="days", time="month",
    ...                          start="2023-01-01", unit="days")
    >>> found.differing
    ('85 and over', '75 to 84', 'under 75')
    """
    if adjust not in _METHOD:
        raise SubgroupError(f'`adjust` must be "holm" or "bh"; {adjust!r} is neither.')
    given = take(frame, group=group, outcome=outcome, time=time, control=control, people=people)
    tidy = _tidy(given, names={"outcome": outcome, "control": control, "people": people})
    tidy["group"] = given["group"].astype("string")
    tidy["time"] = given["time"]
    if tidy["group"].isna().any():
        raise SubgroupError(
            f"The column {group!r} has no group in some rows. Name the group of every row, such as "
            '"not known".'
        )
    if tidy.duplicated(["group", "time"]).any():
        raise SubgroupError("A group has two rows at one time. Give one row a time and group.")
    names, refused = _large_enough(tidy, fewest=fewest, counted=people is not None)
    if len(names) < 2:
        raise SubgroupError(
            f"Of {group!r}, fewer than two groups are large enough to be compared. "
            + " ".join(refused.values())
        )
    fit = _Fit(tidy, start=start, unit=unit, level=level, settings=dict(settings))
    rows, kept = [], []
    for name in names:
        try:
            rows.append(fit.of(name, [other for other in names if other != name]))
            kept.append(name)
        except EvaluationError as error:
            refused[name] = f"{name}: {error}"
    if len(rows) < 2:
        raise SubgroupError(
            f"Of {group!r}, the model fits fewer than two groups. " + " ".join(refused.values())
        )
    table = _adjusted(pd.DataFrame(rows), adjust)
    return SubgroupEffects(
        table=table,
        everybody=fit.everybody(kept),
        refused=refused,
        group=group,
        unit=unit,
        level=level,
        adjust=adjust,
    )


@dataclass(frozen=True, eq=False)
class SubgroupEffects(Result):
    """The effect in each group, and how each differs from the rest.

    The estimate is the effect over everybody in these groups together.

    Attributes
    ----------
    table : DataFrame
        A row a group: ``group, people, estimate, low, high, p_value``; ``differs`` (from the rest),
        ``differs_low, differs_high, differs_p`` and ``adjusted_p``.
    refused : mapping of str to str
        Groups that are not estimated, each with a sentence that says why.
    """

    table: pd.DataFrame
    everybody: tuple[float, float, float]
    refused: Mapping[str, str]
    group: str
    unit: str
    level: float
    adjust: Adjust

    @property
    def estimate(self) -> float:
        """The effect over everybody in these groups."""
        return self.everybody[0]

    @property
    def low(self) -> float:
        """The lower limit of its interval."""
        return self.everybody[1]

    @property
    def high(self) -> float:
        """The upper limit of its interval."""
        return self.everybody[2]

    @property
    def differing(self) -> tuple[str, ...]:
        """The groups whose effect differs from the rest's beyond chance, the surest first."""
        found = self.table[self.table["adjusted_p"] < 1 - self.level].sort_values(
            "adjusted_p", kind="stable"
        )
        return tuple(found["group"])

    @property
    def heterogeneity(self) -> tuple[float, float, float]:
        """Cochran's Q, its p value, and I² in per cent."""
        estimates, errors = (
            self.table[name].to_numpy(float) for name in ("estimate", "standard_error")
        )
        weights = 1 / errors**2
        mean = float((weights * estimates).sum() / weights.sum())
        q = float((weights * (estimates - mean) ** 2).sum())
        df = len(estimates) - 1
        return q, float(stats.chi2.sf(q, df)), 100 * max(0.0, (q - df) / q) if q > 0 else 0.0

    @property
    def method(self) -> str:
        """How each number was reached."""
        return (
            "The model of the whole in each group, and the same model on each group's difference "
            f"from the rest; p values of the differences adjusted by {_BY[self.adjust]}."
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What must hold."""
        return (
            "The change did not move people from one group to another.",
            "Groups would have kept their distance from each other without the change.",
            "Q and I² take the groups for independent, which errs on the side of caution.",
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What stands against reading more into it."""
        return (EXPLORATORY, *self.refused.values())

    @property
    def finding(self) -> str:
        """Say in a clause whether the effect differs between the groups."""
        smallest = float(self.table["adjusted_p"].min())
        p = "p < 0.001" if smallest < 0.001 else f"p = {say_number(smallest, 3)}"
        number = say_count(len(self.table))
        if not self.differing:
            return f"none of {number} groups differs from the rest beyond chance (smallest {p})"
        names = ", ".join(self.differing)
        verb = "differs" if len(self.differing) == 1 else "differ"
        return f"of {number} groups {names} {verb} from the rest beyond chance (smallest {p})"

    def summary(self) -> pd.DataFrame:
        """Return a row a group, and everybody first: ``group, estimate, low, high`` and more."""
        first = pd.DataFrame(
            [dict(zip(("estimate", "low", "high"), self.everybody, strict=True), group=_ALL)]
        )
        shown = ["group", "estimate", "low", "high", "differs", "differs_low", "differs_high"]
        return pd.concat([first, self.table], ignore_index=True)[[*shown, "adjusted_p"]]

    def plot(self) -> Picture:
        """Draw the forest of the groups, everybody on top."""
        rows = self.summary().rename(columns={"group": "method"})
        kinds = ["primary", *["other model"] * len(self.table)]
        measure = f"Change in {self.unit}" if self.unit else "Change"
        return forest(
            rows[["method", "estimate", "low", "high"]].assign(kind=kinds), measure=measure
        )


@dataclass(frozen=True, eq=False)
class _Fit:
    """The model of the whole, on one group, on its difference from others, and on all together."""

    tidy: pd.DataFrame
    start: Any
    unit: str
    level: float
    settings: dict[str, Any]

    def of(self, name: str, others: list[str]) -> dict[str, Any]:
        own = self._series([name])
        result = self._fitted(own)
        rest = self._series(others)
        both = own.merge(rest, on="time", suffixes=("", "_rest"))
        against = pd.DataFrame(
            {
                "time": both["time"],
                "outcome": both["outcome"] - both.get("control", 0),
                "control": both["outcome_rest"] - both.get("control_rest", 0),
            }
        )
        effect, differs = _effect(result), _effect(self._fitted(against))
        return {
            "group": name,
            "people": int(own["people"].sum()),
            **effect,
            "differs": differs["estimate"],
            "differs_low": differs["low"],
            "differs_high": differs["high"],
            "differs_p": differs["p_value"],
        }

    def everybody(self, names: list[str]) -> tuple[float, float, float]:
        found = _effect(self._fitted(self._series(names)))
        return found["estimate"], found["low"], found["high"]

    def _fitted(self, series: pd.DataFrame) -> InterruptedTimeSeries:
        control = "control" if "control" in series else None
        return interrupted_time_series(
            series,
            outcome="outcome",
            time="time",
            start=self.start,
            control=control,
            unit=self.unit,
            level=self.level,
            **self.settings,
        )

    def _series(self, names: list[str]) -> pd.DataFrame:
        """The mean of some groups at each time, by how many people stand behind each."""
        rows = self.tidy[self.tidy["group"].isin(names)]
        measures = [name for name in ("outcome", "control") if name in rows]
        weighted = rows[measures].mul(rows["people"], axis=0).assign(people=rows["people"])
        sums = weighted.groupby(rows["time"], sort=True).sum()
        means = sums[measures].div(sums["people"], axis=0).assign(people=sums["people"])
        return means.reset_index()


def _effect(result: InterruptedTimeSeries) -> dict[str, float]:
    first = result.summary().iloc[0]
    names = ("estimate", "low", "high", "standard_error", "p_value")
    return {name: float(first[name]) for name in names}


def _tidy(given: pd.DataFrame, *, names: Mapping[str, str | None]) -> pd.DataFrame:
    columns = {
        argument: numbers(given[argument], name)
        for argument, name in names.items()
        if name is not None
    }
    return pd.DataFrame({"people": 1.0} | columns, index=given.index)


def _large_enough(
    tidy: pd.DataFrame, *, fewest: float, counted: bool
) -> tuple[list[str], dict[str, str]]:
    """Divide the groups into those that can be estimated and those that are refused, with why."""
    times = tidy["time"].nunique()
    names, refused = [], {}
    for name in dict.fromkeys(tidy["group"]):
        rows = tidy[tidy["group"] == name]
        if len(rows) < times:
            refused[name] = (
                f"{name} is not estimated: it has no figure at {times - len(rows)} of {times} "
                "times."
            )
        elif counted and rows["people"].min() < fewest:
            refused[name] = (
                f"{name} is not estimated: in some months it has fewer than {fewest:g} people, and "
                "a mean over so few says nothing."
            )
        else:
            names.append(name)
    return names, refused


def _adjusted(table: pd.DataFrame, adjust: Adjust) -> pd.DataFrame:
    p_values = table["differs_p"].to_numpy(float)
    if len(table) == 2:
        # Each of two groups is the other's rest: one difference, and not two.
        return table.assign(adjusted_p=np.full(2, p_values[0]))
    return table.assign(adjusted_p=multipletests(p_values, method=_METHOD[adjust])[1])
