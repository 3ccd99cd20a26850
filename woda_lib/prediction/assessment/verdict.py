"""The verdict of the stop rule: do not deploy, or a pilot on data up to a day; and on what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from woda_lib.phrases import say_count
from woda_lib.prediction.errors import PredictionError

DO_NOT_DEPLOY = "do not deploy"
MAY_BE_PILOTED = "may be piloted with a person deciding each case"
_KEPT = ("name", "asks", "met", "found", "short")
_BESIDE, _WITHIN = "\n", "\t"  # between the gaps of one condition, and their parts, in a table
_AT, _DEPARTURE = "judged_at", "departure"
_KINDS = {"unsettled": "cannot be settled", "too_small": "too small to tell"}


@dataclass(frozen=True)
class Condition:
    """One condition of the rule.

    Attributes
    ----------
    name : str
    asks : str
        What must be.
    met : bool
    found : str
        What was found, a clause with its figures.
    short : str
        By how much it is not met; empty where it is.
    gaps : tuple
        Groups beyond a bound, the farthest first: kind of group, group, how far.
    """

    name: str
    asks: str
    met: bool
    found: str
    short: str
    gaps: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Whether a model may be used at all.

    Attributes
    ----------
    conditions : tuple of Condition
    unsettled : tuple of str
        Groups of which these households cannot settle whether a bound holds, by bound.
    too_small : tuple of str
        Groups that are too small to tell, by bound.
    judged_on : date
    review_by : date
        Data of a later day are no part of the pilot, unless the model was judged again.
    judged_at : tuple
        Names and values of the parameters that it was judged at, such as the capacity.
    departures : tuple of str
        Where the run that judged was not the one registered, a clause each.
    """

    conditions: tuple[Condition, ...]
    unsettled: tuple[str, ...]
    too_small: tuple[str, ...]
    judged_on: date
    review_by: date
    judged_at: tuple[tuple[str, int], ...] = ()
    departures: tuple[str, ...] = ()

    @property
    def deploy(self) -> bool:
        """Whether every condition is met."""
        return all(one.met for one in self.conditions)

    @property
    def failed(self) -> tuple[Condition, ...]:
        """The conditions that are not met."""
        return tuple(one for one in self.conditions if not one.met)

    @property
    def words(self) -> str:
        """The verdict in its registered words."""
        if not self.deploy:
            return DO_NOT_DEPLOY
        return f"{MAY_BE_PILOTED}, on data up to {_day(self.review_by)}"

    @property
    def sentence(self) -> str:
        """The verdict as a sentence, with what it rests on."""
        if self.deploy:
            return (
                f"The model {self.words}, after which it is judged again: all "
                f"{say_count(len(self.conditions))} conditions of the stop rule are met."
            )
        number = len(self.failed)
        verb = "condition is" if number == 1 else "conditions are"
        return (
            f"The answer is: {DO_NOT_DEPLOY}. Of {say_count(len(self.conditions))} conditions "
            f"{say_count(number)} {verb} not met."
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """A sentence each: the conditions that failed and by how much, or on what a yes rests."""
        if self.deploy:
            return tuple(f"{_upper(one.found)}." for one in self.conditions)
        return tuple(f"{_upper(one.found)}: {one.short}." for one in self.failed)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the verdict could not look at, a sentence each."""
        return tuple(
            f"{_upper(kind)}, and no pass: {named}."
            for key, kind in _KINDS.items()
            for named in getattr(self, key)
        )

    def summary(self) -> pd.DataFrame:
        """Return a row a condition: what it asks, what was found, whether it is met."""
        return pd.DataFrame(
            {
                "condition": [one.asks for one in self.conditions],
                "found": [_upper(one.found) for one in self.conditions],
                "met": ["yes" if one.met else "no" for one in self.conditions],
            }
        )

    def beyond(self) -> pd.DataFrame:
        """Return a row a group beyond a bound: which bound, and how far."""
        rows = [(one.asks, *gap) for one in self.conditions for gap in one.gaps]
        return pd.DataFrame(rows, columns=["bound", "by", "group", "off"])

    def unsettled_groups(self) -> pd.DataFrame:
        """Return a row a bound and column of groups that could not be looked at."""
        rows = []
        for key, kind in _KINDS.items():
            for named in getattr(self, key):
                told, _, groups = named.rpartition(": ")
                bound, _, by = told.rpartition(", by ")
                rows.append((bound, by, groups, kind))
        return pd.DataFrame(rows, columns=["bound", "by", "groups", "why"])

    def table(self) -> pd.DataFrame:
        """Return it as a table that a later step loads and `read_verdict` takes back."""
        rows = [
            (
                "condition",
                *(getattr(one, name) for name in _KEPT),
                _BESIDE.join(map(_WITHIN.join, one.gaps)),
            )
            for one in self.conditions
        ]
        for key in _KINDS:
            rows += [(key, key, named, False, "", "", "") for named in getattr(self, key)]
        rows += [(_AT, name, "", False, str(value), "", "") for name, value in self.judged_at]
        rows += [(_DEPARTURE, _DEPARTURE, said, False, "", "", "") for said in self.departures]
        table = pd.DataFrame(rows, columns=["kind", *_KEPT, "gaps"])
        return table.assign(
            judged_on=pd.Timestamp(self.judged_on), review_by=pd.Timestamp(self.review_by)
        )

    def __str__(self) -> str:
        return "\n".join([self.sentence, *self.reasons, *self.warnings])


def read_verdict(table: pd.DataFrame) -> Verdict:
    """Take a verdict back from its table.

    Raises
    ------
    PredictionError
        If the table holds no verdict.
    """
    needed = {"kind", *_KEPT, "gaps", "judged_on", "review_by"}
    if not needed <= set(table) or not (table["kind"] == "condition").any():
        raise PredictionError(
            "This table holds no verdict of the stop rule. Run 3_assess first: without its verdict "
            "no list is made and nothing is published."
        )
    conditions = table[table["kind"] == "condition"]
    kept = {key: tuple(table.loc[table["kind"] == key, "asks"]) for key in _KINDS}
    at = table[table["kind"] == _AT]
    first = table.iloc[0]
    return Verdict(
        tuple(
            Condition(
                str(row["name"]),
                str(row["asks"]),
                bool(row["met"]),
                str(row["found"]),
                str(row["short"]),
                _gaps(str(row["gaps"])),
            )
            for row in conditions.to_dict("records")
        ),
        kept["unsettled"],
        kept["too_small"],
        pd.Timestamp(first["judged_on"]).date(),
        pd.Timestamp(first["review_by"]).date(),
        tuple((str(name), int(value)) for name, value in zip(at["name"], at["found"], strict=True)),
        tuple(table.loc[table["kind"] == _DEPARTURE, "asks"]),
    )


def _gaps(kept: str) -> tuple[tuple[str, str, str], ...]:
    parts = (line.split(_WITHIN) for line in kept.split(_BESIDE) if line)
    return tuple((by, group, off) for by, group, off in parts)


def require_a_pilot(verdict: Verdict, *, on: date) -> None:
    """Refuse to go on where the model must not be used on a day.

    Raises
    ------
    PredictionError
        If the verdict is "do not deploy", or the day of its review has passed.
    """
    if not verdict.deploy:
        raise PredictionError(f"{verdict.sentence} No list is made.")
    if on > verdict.review_by:
        raise PredictionError(
            f"The model was to be judged again by {_day(verdict.review_by)}, and was not. "
            "Run 3_assess on newer data first: until then no list is made."
        )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
