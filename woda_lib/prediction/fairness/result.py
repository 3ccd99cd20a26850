"""A model judged by group: the table that the stop rule reads, its words and its pictures."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.figures import Picture
from woda_lib.phrases import say_count, say_number, say_range
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.fairness.enough import Enough
from woda_lib.prediction.fairness.measures import PLAIN, WORDS
from woda_lib.prediction.fairness.picture import groups_picture
from woda_lib.prediction.fairness.shares import shown_shares
from woda_lib.prediction.fairness.shares_picture import shares_picture

_FIGURES = ("value", "low", "high", "gap", "gap_low", "gap_high")


@dataclass(frozen=True, eq=False)
class Fairness:
    """How a model treats each group of households.

    Attributes
    ----------
    table : DataFrame
        A row a group and measure: ``by, group, households, happened, measure, value, low, high,
        gap, gap_low, gap_high, bound, exceeds, within, told, shown``. ``gap`` is the group's value
        less that of all others. ``exceeds``: the gap is larger than its bound, and its interval
        excludes nought. ``within``: the whole interval of the gap is inside the bound. Where
        neither is true, these households cannot settle it. A group that is too small has
        ``told`` false and no figures; a large group of which the rest is too small keeps its value,
        and has no gap. Where ``shown`` is false, figures would count a few households: they are
        judged by, and stand in no picture, sentence or summary.
    shares : DataFrame
        As `list_shares` returns it.
    equal_misses : DataFrame
        As `equal_misses` returns it.
    everybody : DataFrame
        ``measure, value, low, high`` over all households.
    bounds, enough, capacity, level, gap_level
        As asked for.
    unknown : mapping of str to int
        Households in the group "not known", by column.
    empty : mapping of str to list of str
        Groups that a column names and that no household is in.
    """

    table: pd.DataFrame
    shares: pd.DataFrame
    equal_misses: pd.DataFrame
    everybody: pd.DataFrame
    bounds: Mapping[str, float]
    enough: Enough
    capacity: float
    level: float
    gap_level: float
    unknown: Mapping[str, int]
    empty: Mapping[str, list[str]]

    @property
    def exceeding(self) -> pd.DataFrame:
        """The rows whose gap exceeds its bound, the largest in bounds first."""
        rows = self.table[self.table["exceeds"]]
        return rows.iloc[(-(rows["gap"].abs() / rows["bound"])).argsort(kind="stable")]

    @property
    def unsettled(self) -> pd.DataFrame:
        """The rows that have a bound, and of which these households cannot settle it."""
        table = self.table
        open_ = ~table["exceeds"] & ~table["within"] & table["bound"].notna()
        return table[open_ & table["told"]]

    @property
    def too_small(self) -> pd.DataFrame:
        """The rows that have a bound and too few households or outcomes to be told."""
        return self.table[~self.table["told"] & self.table["bound"].notna()]

    @property
    def finding(self) -> str:
        """Say in a sentence whether any gap exceeds its bound."""
        bounded = self.table[self.table["bound"].notna()]
        number = len(self.exceeding)
        rest = (
            f"{say_count(len(self.unsettled))} cannot be settled with these households, and "
            f"{say_count(len(self.too_small))} are of groups too small to tell."
        )
        if not number:
            return f"Of {len(bounded)} gaps none is shown to exceed its bound; {rest}"
        verb = "exceeds its bound" if number == 1 else "exceed their bounds"
        return f"Of {len(bounded)} gaps {say_count(number)} {verb}; {rest}"

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say every gap that exceeds its bound, a sentence each, the largest first."""
        return tuple(_say_gap(row, self.gap_level) for row in self.exceeding.to_dict("records"))

    @property
    def method(self) -> str:
        """How each number was reached."""
        return (
            f"The {say_number(self.capacity, 0)} riskiest of 1,000 households are the list. Each "
            f"group is set against all others; intervals ({self.level:.0%} of values, "
            f"{self.gap_level:.0%} of gaps, since many groups are looked at) come from households "
            "drawn again, and from Wilson's limits where a group has all or none."
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What in these data speaks against reading more into it, a sentence each."""
        return (*self._of_groups(), *self._of_columns())

    @property
    def _households(self) -> int:
        """Rows that were judged, which every column of groups shares out among its groups."""
        first = self.shares[self.shares["by"] == self.shares["by"].iloc[0]]
        return int(first["households"].sum())

    def cost(self) -> pd.DataFrame:
        """Return what equal misses would cost, a row a column of groups, in per cent.

        Columns: ``by, thresholds`` (groups with one of their own), ``precision,
        precision_equal, missed, missed_equal``.
        """
        table = self.equal_misses
        shares = ["precision", "precision_equal", "missed", "missed_equal"]
        shown = table[["by", "groups"]].rename(columns={"groups": "thresholds"})
        return pd.concat([shown, (100 * table[shares]).round(1)], axis=1)

    def doubts(self) -> pd.DataFrame:
        """Return a row a column of groups: of whom nothing can be told.

        Columns: ``by``; the groups of which, or of whose rest, ``too_few_to_whom_it_happened`` or
        ``too_few_households`` are there; ``not_known``, roughly; ``nobody_in``.
        """
        rows = []
        for by, number in self.unknown.items():
            small = [
                ", ".join(self._untold(by, measure)) or "none"
                for measure in ("false_negative_rate", "false_positive_rate")
            ]
            not_known = _say_few(number / self._households) if number else "nobody"
            nobody = ", ".join(self.empty.get(by, [])) or "none"
            rows.append((by, *small, not_known, nobody))
        names = ["too_few_to_whom_it_happened", "too_few_households", "not_known", "nobody_in"]
        return pd.DataFrame(rows, columns=["by", *names])

    def _untold(self, by: str, measure: str) -> list[str]:
        rows = self.table[(self.table["by"] == by) & (self.table["measure"] == measure)]
        return rows.loc[~rows["told"], "group"].tolist()

    def _of_groups(self) -> list[str]:
        said = []
        need = {
            "false_negative_rate": f"{self.enough.happened} households to whom it happened",
            "false_positive_rate": f"{self.enough.households} households",
        }
        for measure, fewest in need.items():
            small = self.table[(self.table["measure"] == measure) & ~self.table["told"]]
            if len(small):
                names = "; ".join(
                    f"{_said(str(by))}: {', '.join(rows['group'])}"
                    for by, rows in small.groupby("by", sort=False)
                )
                said.append(
                    f"Too small to tell who is {WORDS[measure]}, and how that differs from all "
                    f"others (the group or the rest has fewer than {fewest}): {names}."
                )
        return said

    def _of_columns(self) -> list[str]:
        said = []
        for by, number in self.unknown.items():
            if number:
                said.append(
                    f"Of {_say_few(number / self._households)} households the {_said(by)} is not "
                    "known. They are judged as a group of their own, and whoever is in it may be "
                    "of any other."
                )
        for by, names in self.empty.items():
            if names:
                said.append(
                    f"By {_said(by)} nobody is in {', '.join(names)}: nothing can be said of such "
                    "households."
                )
        for column, rows in self.table.groupby("by", sort=False):
            if len(rows["group"].unique()) == 1:
                said.append(
                    f"By {_said(str(column))} all households are in one group, and there is no "
                    "rest to set it against."
                )
        return said

    def summary(self) -> pd.DataFrame:
        """Return a row a measure: everybody's figure, and the widest gap that may be shown.

        Columns: ``measure, words``; in per cent, where the measure is a share, ``everybody, low,
        high``; ``widest_by, widest_group, widest_gap, gap_low, gap_high``, gaps in whole per cents;
        ``bound`` (of that gap; none where no bound holds for its kind of group); ``exceeds`` (how
        many gaps do), ``told, too_small`` (groups).
        """
        rows = [
            self._widest(str(name), rows)
            for name, rows in self.table.groupby("measure", sort=False)
        ]
        return pd.DataFrame(rows)

    def _widest(self, measure: str, table: pd.DataFrame) -> dict[str, Any]:
        told = table[table["told"]]
        shown = told[told["shown"]]
        whole = self.everybody[self.everybody["measure"] == measure]
        nothing = pd.Series(np.nan, [*_FIGURES, "by", "group", "bound"], dtype=object)
        first = whole.iloc[0] if len(whole) else nothing
        widest = shown.loc[shown["gap"].abs().idxmax()] if len(shown) else nothing
        times, decimals, of_group = (1, 2, 2) if measure in PLAIN else (100, 1, 0)

        def figure(number: Any, digits: int = decimals) -> float:
            return round(times * float(number), digits)

        return {
            "measure": measure,
            "words": WORDS[measure],
            "everybody": figure(first["value"]),
            "low": figure(first["low"]),
            "high": figure(first["high"]),
            "widest_by": widest["by"],
            "widest_group": widest["group"],
            "widest_gap": figure(widest["gap"], of_group),
            "gap_low": figure(widest["gap_low"], of_group),
            "gap_high": figure(widest["gap_high"], of_group),
            "bound": figure(widest["bound"], 2),
            "exceeds": int(table["exceeds"].sum()),
            "told": len(told),
            "too_small": int((~table["told"]).sum()),
        }

    def plot(self, measure: str = "false_negative_rate") -> Picture:
        """Draw one measure: a dot and its interval a group, everybody's figure a line.

        Raises
        ------
        PredictionError
            If there is no such measure.
        """
        if measure not in set(self.table["measure"]):
            known = ", ".join(dict.fromkeys(self.table["measure"]))
            raise PredictionError(f"There is no measure {measure!r}. Measures are {known}.")
        whole = self.everybody.loc[self.everybody["measure"] == measure, "value"]
        middle = float(whole.iloc[0]) if len(whole) else 1.0
        return groups_picture(
            self.table[self.table["measure"] == measure],
            everybody=middle,
            words=WORDS[measure],
            per_cent=measure not in PLAIN,
        )

    def plot_shares(self) -> Picture:
        """Draw whose list it is: each group's share of households, of need, and of the list."""
        return shares_picture(shown_shares(self.shares, self.enough.shown))


def _say_few(share: float) -> str:
    """Say a share so roughly that it counts nobody."""
    return f"about {100 * share:.0f} in 100" if share >= 0.015 else "1 in 100 or fewer"


def _said(by: str) -> str:
    return "number of services that know the household" if by == "services" else by


def _say_gap(row: Mapping[Hashable, Any], level: float) -> str:
    """Say one gap: who, how far from all others, and the bound."""
    who = f"{_said(str(row['by'])).capitalize()} {row['group']}"
    words = WORDS[str(row["measure"])]
    if not row["shown"]:
        return f"{who}, {words}: beyond the bound, and too few to tell how far."
    share = row["measure"] not in PLAIN
    times, unit, decimals = (100, " in 100", 0) if share else (1, "", 2)
    value, gap, low, high, bound = (
        times * float(row[name]) for name in ("value", "gap", "gap_low", "gap_high", "bound")
    )
    more = "more" if gap > 0 else "less"
    low, high = (low, high) if gap > 0 else (-high, -low)
    return (
        f"{who}: {say_number(value, decimals)}{unit} {words}, "
        f"{say_number(abs(gap), decimals)} {more} than all others "
        f"({level:.0%} interval {say_range(low, high, decimals)}); the bound is "
        f"{say_number(bound, decimals)}."
    )
