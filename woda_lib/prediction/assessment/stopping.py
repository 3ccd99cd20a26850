"""The rule by which a model is *not* used, laid down before anybody saw how it does.

A model is piloted only if every condition is met: its list must beat the list that caseworkers
would draw without it by a margin, what it says must come true, and no group may be treated worse
than its bound allows. One that fails is enough. What too few households leave open is no failure
and no pass: it is named, and a bound of which nothing at all can be told is not met.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.phrases import say_count, say_number, say_range
from woda_lib.prediction.assessment.against_the_rule import OF_THE_RULE
from woda_lib.prediction.assessment.measures import Assessment
from woda_lib.prediction.assessment.verdict import Condition, Verdict
from woda_lib.prediction.errors import PredictionError
from woda_lib.records import Balance

_COLUMNS = (
    "by", "group", "households", "measure", "value", "gap", "gap_low", "gap_high", "exceeds",
    "within", "told", "shown",
)  # fmt: skip
_PLAIN = {"observed_over_expected"}
_NOT_SHOWN = "too few to tell how far"


@dataclass(frozen=True)
class Bound:
    """How far a group may lie from where it should.

    Attributes
    ----------
    measure : str
        As the table of groups calls it.
    size : float
        In the measure's unit.
    by : tuple of str
        The columns of groups that it holds for.
    says : str
        What is bounded, in words.
    """

    measure: str
    size: float
    by: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class StopRule:
    """When a model is not used.

    Attributes
    ----------
    margin : float
        Percentage points by which precision at capacity must be above the rule's.
    slope_from, slope_to : float
        Between which the calibration slope must lie.
    bounds : tuple of Bound
    review_months : int
        After so many months a pilot is judged again.
    """

    margin: float
    slope_from: float
    slope_to: float
    bounds: tuple[Bound, ...]
    review_months: int

    @classmethod
    def registered(cls, secondary: Iterable[Balance], **settings: Any) -> StopRule:
        """Take the rule from a protocol: the primary model's settings, the secondary outcomes.

        Parameters
        ----------
        secondary
            A bound each: the name of its measure, and the margin.
        **settings
            ``margin, slope_from, slope_to, review_months``, and for every bound, by its name, the
            columns of groups that it holds for.

        Raises
        ------
        PredictionError
            If a setting is missing or says what cannot be, or a bound has no groups.
        """
        balances = {one.name: one for one in secondary}
        own = ("margin", "slope_from", "slope_to", "review_months")
        if missing := [name for name in (*own, *balances) if name not in settings]:
            raise PredictionError(
                f"The protocol's stop rule does not say {', '.join(missing)}. Every bound among "
                "its secondary outcomes needs the groups that it holds for among the settings."
            )
        if unknown := sorted(set(settings) - {*own, *balances}):
            raise PredictionError(
                f"The protocol's stop rule sets {', '.join(unknown)}, which is no setting and no "
                "secondary outcome."
            )
        if not (settings["margin"] > 0 and 0 < settings["slope_from"] < 1 < settings["slope_to"]):
            raise PredictionError(
                "A stop rule needs a margin above 0, and bounds of the calibration slope below "
                "and above 1. Check parameters/protocols."
            )
        bounds = [
            Bound(name, one.margin, tuple(settings[name]), one.says)
            for name, one in balances.items()
        ]
        return cls(
            margin=float(settings["margin"]),
            slope_from=float(settings["slope_from"]),
            slope_to=float(settings["slope_to"]),
            bounds=tuple(bounds),
            review_months=int(settings["review_months"]),
        )

    @property
    def beyond_the_rule(self) -> dict[str, float]:
        """Bounds that `against_the_rule` measures: a group beside the rule's list of it."""
        return {one.measure: one.size for one in self.bounds if one.measure in OF_THE_RULE}

    @property
    def beside_the_rest(self) -> dict[str, float]:
        """Bounds that the fairness room measures: a group beside all others."""
        return {one.measure: one.size for one in self.bounds if one.measure not in OF_THE_RULE}

    def judge(
        self, assessed: Assessment, groups: pd.DataFrame, *, on: date, latest: Assessment | None
    ) -> Verdict:
        """Hold a model to the rule.

        Parameters
        ----------
        assessed
            Of the test date; the first scorer is set against the one that is called "rule".
        groups
            A row a group and measure, as the fairness room and `against_the_rule` give them:
            ``by, group, households, measure, value, gap, gap_low, gap_high, exceeds, within,
            told, shown``. What is not shown is judged, and named without its figures.
        on
            The day of the judgement.
        latest
            Of the last date that was followed, where the model must still beat the rule beyond
            chance; None where there is no later date than the test's.

        Returns
        -------
        Verdict

        Raises
        ------
        PredictionError
            If the table lacks a column, or a measure or groups for which a bound is registered: a
            bound that was not looked at would pass unseen.
        """
        if missing := [name for name in _COLUMNS if name not in groups]:
            raise PredictionError(
                f"The table of groups lacks {', '.join(missing)}, and without it no bound can be "
                "held. Hand over the tables of `fairness` and `against_the_rule`."
            )
        conditions = [self._beats(assessed), self._calibrated(assessed)]
        if latest is not None:
            conditions.append(_still_beats(latest))
        unsettled: list[str] = []
        too_small: list[str] = []
        for bound in self.bounds:
            rows = _rows_of(groups, bound)
            conditions.append(_held(rows, bound))
            open_ = rows["told"] & ~rows["exceeds"] & ~rows["within"]
            unsettled += _named(rows[open_], bound)
            too_small += _named(rows[~rows["told"]], bound)
        review = (pd.Timestamp(on) + pd.DateOffset(months=self.review_months)).date()
        return Verdict(tuple(conditions), tuple(unsettled), tuple(too_small), on, review)

    def _beats(self, assessed: Assessment) -> Condition:
        value, low, high = _points(assessed)
        said = (
            f"precision at capacity is {say_number(value)} percentage points above the rule's "
            f"({say_range(low, high)})"
        )
        return Condition(
            name="beats_the_rule",
            asks=f"Precision at capacity at least {say_number(self.margin)} percentage points "
            "above the rule's, and above it beyond chance",
            met=bool(value >= self.margin and low > 0),
            found=said,
            short=_short_of(value, low, self.margin),
        )

    def _calibrated(self, assessed: Assessment) -> Condition:
        row = assessed.row("calibration_slope", _first(assessed))
        bounds = say_range(self.slope_from, self.slope_to, 2)
        if np.isnan(row["value"]):
            found, met = "the calibration slope cannot be told", False
        else:
            met = bool(self.slope_from <= row["value"] <= self.slope_to)
            found = (
                f"the calibration slope is {say_number(row['value'], 2)} "
                f"({say_range(row['low'], row['high'], 2)})"
            )
        outside = np.fmax(self.slope_from - row["value"], row["value"] - self.slope_to)
        return Condition(
            name="calibrated",
            asks=f"Calibration slope from {bounds}",
            met=met,
            found=found,
            short=""
            if met
            else f"outside {bounds}" + ("" if np.isnan(outside) else f" by {outside:.2f}"),
        )


def _first(assessed: Assessment) -> str:
    return str(assessed.table["scorer"].iloc[0])


def _points(assessed: Assessment) -> tuple[float, float, float]:
    row = assessed.difference("precision", "rule")
    return 100 * float(row["value"]), 100 * float(row["low"]), 100 * float(row["high"])


def _short_of(value: float, low: float, margin: float) -> str:
    short = []
    if value < margin:
        short.append(f"{say_number(margin - value)} short of the margin of {say_number(margin)}")
    if not low > 0:
        short.append("no more than chance can bring")
    return " and ".join(short)


def _still_beats(latest: Assessment) -> Condition:
    value, low, high = _points(latest)
    return Condition(
        name="still_beats_the_rule",
        asks="On the last date that was followed, precision above the rule's beyond chance",
        met=bool(low > 0),
        found=f"on the last date that was followed precision is {say_number(value)} percentage "
        f"points above the rule's ({say_range(low, high)})",
        short="" if low > 0 else "no more than chance can bring",
    )


def _rows_of(groups: pd.DataFrame, bound: Bound) -> pd.DataFrame:
    rows = groups[(groups["measure"] == bound.measure) & groups["by"].isin(bound.by)]
    unseen = [by for by in bound.by if by not in set(rows["by"])]
    if unseen:
        raise PredictionError(
            f"A bound is registered for {bound.measure} by {', '.join(unseen)}, and the table of "
            "groups has no row of it. A bound that is not looked at must not pass."
        )
    return rows.astype({"told": bool, "exceeds": bool, "within": bool})


def _held(rows: pd.DataFrame, bound: Bound) -> Condition:
    """Whether no group exceeds a bound, and something can be told by every column of groups."""
    beyond = rows[rows["exceeds"]]
    silent = [by for by in bound.by if not rows.loc[rows["by"] == by, "told"].any()]
    told = int(rows["told"].sum())
    if len(beyond):
        worst = beyond.assign(size=beyond["gap"].abs()).sort_values("size", ascending=False)
        gaps = tuple(_say_gap(row, bound) for row in worst.to_dict("records"))
        verb = "group exceeds" if len(gaps) == 1 else "groups exceed"
        found = f"{bound.says}: {say_count(len(gaps))} {verb} {_sized(bound.size, bound)}"
        by, group, off = gaps[0]
        lies = off if off == _NOT_SHOWN else f"which lies {off} off"
        short = f"beyond the bound for {by} “{group}”, {lies}"
    elif silent:
        gaps = ()
        found = f"{bound.says}: by {_listed(silent)} no group is large enough to tell"
        short = "what cannot be told is not met"
    else:
        gaps = ()
        found = f"{bound.says}: none of {told} groups exceeds {_sized(bound.size, bound)}"
        short = ""
    return Condition(
        name=bound.measure,
        asks=f"{bound.says}: at most {_sized(bound.size, bound)}",
        met=not len(beyond) and not silent,
        found=found,
        short=short,
        gaps=gaps,
    )


def _say_gap(row: Mapping[Any, Any], bound: Bound) -> tuple[str, str, str]:
    who = _plainly(str(row["by"])), str(row["group"])
    if not row["shown"]:
        return *who, _NOT_SHOWN
    low, high = sorted((abs(float(row["gap_low"])), abs(float(row["gap_high"]))))
    scale, digits, unit = (1, 2, "") if bound.measure in _PLAIN else (100, 0, " in 100")
    size = say_number(scale * abs(float(row["gap"])), digits)
    return *who, f"{size}{unit} ({say_range(scale * low, scale * high, digits)})"


def _sized(size: float, bound: Bound) -> str:
    if bound.measure in _PLAIN:
        return say_number(size, 2)
    return f"{say_number(100 * size)} in 100"


def _named(rows: pd.DataFrame, bound: Bound) -> list[str]:
    """Say which groups these are, a clause a column of groups."""
    return [
        f"{bound.says}, by {_plainly(str(by))}: {', '.join(map(str, each['group']))}"
        for by, each in rows.groupby("by", sort=False)
    ]


def _plainly(by: str) -> str:
    return "number of services that know the household" if by == "services" else by


def _listed(names: Sequence[str]) -> str:
    said = [_plainly(name) for name in names]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
