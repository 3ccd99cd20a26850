"""The result of looking for drift: the alarm with its rule, its words, and two pictures."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pandas as pd

from woda_lib.figures import Picture
from woda_lib.phrases import say_count, say_number, say_range
from woda_lib.prediction.drift.picture import calibration_picture, stability_picture

RULE = (
    "The alarm is raised at a date if the population stability index of an input or of the score "
    "is 0.1 or more and above what chance reaches, if the share of households with a rare input "
    "rises by a third or falls by a quarter beyond chance, or if, where outcomes are known, it "
    "happened to a quarter more than expected or a fifth fewer and the interval excludes one. "
    "From 0.25 the input has moved far. No list is made of the last date where the alarm is raised "
    "at it, or where at the newest date with outcomes it happened to that many more or fewer."
)
"""The alarm's rule, as reports and the model card say it."""

WHAT_TO_DO = (
    "Ask the partner of each input that moved whether its records or its thresholds changed",
    "make no list until calibration at the newest date with outcomes is known to hold",
    "and train anew, with the stop rule applied anew, if what changed is here to stay",
)


@dataclass(frozen=True, eq=False)
class Drift:
    """How far each later date lies from training.

    Attributes
    ----------
    table : DataFrame
        A row a date and input (the model's probability is the input "score"): ``index_date, split,
        input, index`` (population stability), ``chance`` (what it reaches if nothing changed),
        ``bins, was, now`` (means), ``share_was, share_now`` (above nought), ``missing_was,
        missing_now, rare, grows, moved, far``.
        What ``grows`` may have moved, and raises no alarm.
    calibration : DataFrame
        As `calibration_by_date` returns it.
    training : tuple
        The dates of training.
    level, titles
        As asked for.
    """

    table: pd.DataFrame
    calibration: pd.DataFrame
    training: tuple[pd.Timestamp, ...]
    level: float
    titles: Mapping[str, str] = field(default_factory=dict)

    def named(self, name: str) -> str:
        """Return what words call an input."""
        return self.titles.get(name, name)

    @property
    def alarms(self) -> pd.DataFrame:
        """A row a later date: ``index_date, split, alarm, moved, far, drifted, words``.

        ``moved`` and ``far`` name inputs, those that moved most first; ``drifted`` is of
        calibration, and none where outcomes are not known yet.
        """
        rows = []
        for each, table in self.table.groupby(["index_date", "split"], sort=True):
            day, split = cast(tuple[pd.Timestamp, str], each)
            order = table.sort_values("index", ascending=False, kind="stable")
            order = order[~order["grows"]]
            known = self.calibration[self.calibration["index_date"] == day]
            drifted = bool(known["drifted"].any()) if len(known) else None
            rows.append(
                {
                    "index_date": day,
                    "split": split,
                    "alarm": bool(order["moved"].any()) or bool(drifted),
                    "moved": tuple(order.loc[order["moved"], "input"]),
                    "far": tuple(order.loc[order["far"], "input"]),
                    "drifted": drifted,
                    "words": _words(day, order.assign(input=order["input"].map(self.named)), known),
                }
            )
        return pd.DataFrame(rows)

    @property
    def alarm(self) -> bool:
        """Whether a list of the last date must be withheld, as `raising` says."""
        return bool(len(self.raising))

    @property
    def raising(self) -> pd.DataFrame:
        """Rows of `alarms` for which a list of the last date must be withheld.

        The last date where the alarm is raised at it; and, because nothing is known yet of what
        came of that one, the newest date with outcomes where calibration drifted.
        """
        alarms = self.alarms
        raises = alarms["alarm"] & (alarms.index == alarms.index[-1])
        known = alarms["drifted"].notna()
        if known.any():
            newest = alarms.index[known][-1]
            raises |= (alarms.index == newest) & alarms["drifted"].eq(True)
        return alarms[raises]

    @property
    def finding(self) -> str:
        """Say in two sentences whether the alarm is raised at any date, and what to do."""
        raised = self.alarms[self.alarms["alarm"]]
        if raised.empty:
            return "No alarm: " + " ".join(self.alarms["words"])
        return "Alarm. " + " ".join(raised["words"]) + " " + "; ".join(WHAT_TO_DO) + "."

    @property
    def rule(self) -> str:
        """The alarm's rule."""
        return RULE

    @property
    def method(self) -> str:
        """How each number was reached."""
        return (
            "Bins are tenths of training, each category by itself, and one for missing values. "
            "Chance is chi-squared, divided among the inputs of a date so that one date in "
            f"{say_number(1 / (1 - self.level), 0)} would have any input above it if nothing "
            "changed."
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What it cannot see, a sentence each."""
        said = [
            "Inputs can stay as they are while what follows from them changes; that shows only in "
            "calibration, a year later.",
        ]
        grown = self.table[self.table["grows"] & self.table["moved"]]
        if len(grown):
            names = ", ".join(map(self.named, dict.fromkeys(grown["input"])))
            said.append(
                f"{names} moved with the length of the record and raises no alarm by that: whether "
                "it also moved for another reason is not seen."
            )
        unknown = self.alarms[self.alarms["drifted"].isna()]
        if len(unknown):
            days = ", ".join(_day(day) for day in unknown["index_date"])
            said.append(f"What came of the households of {days} is not known yet.")
        return tuple(said)

    def summary(self) -> pd.DataFrame:
        """Return a row a date: how many inputs moved, the most moved, the score, calibration.

        Columns: ``date`` (in words), ``split, alarm, inputs, moved, far, most_moved, its_index,
        score_index, observed_over_expected`` (with its interval, in words).
        """
        rows = []
        for one in self.alarms.to_dict("records"):
            table = self.table[self.table["index_date"] == one["index_date"]]
            known = self.calibration[self.calibration["index_date"] == one["index_date"]]
            inputs = table[(table["input"] != "score") & ~table["grows"]]
            most = inputs.loc[inputs["index"].idxmax()]
            rows.append(
                {
                    "date": _day(one["index_date"]),
                    "split": one["split"],
                    "alarm": "raised" if one["alarm"] else "none",
                    "inputs": len(inputs),
                    "moved": len(one["moved"]),
                    "far": len(one["far"]),
                    "most_moved": self.named(most["input"]),
                    "its_index": most["index"],
                    "score_index": float(table.loc[table["input"] == "score", "index"].iloc[0]),
                    "observed_over_expected": _say_ratio(known),
                }
            )
        return pd.DataFrame(rows)

    def plot(self) -> Picture:
        """Draw the inputs that moved most, a mark a date, with the bands."""
        return stability_picture(self.table, self.titles)

    def plot_calibration(self) -> Picture:
        """Draw observed over expected at each date whose outcomes are known."""
        return calibration_picture(self.calibration)


def _day(day: pd.Timestamp) -> str:
    return f"{day.day} {day:%B %Y}"


def _say_ratio(known: pd.DataFrame) -> str:
    if known.empty:
        return "not known yet"
    one = known.iloc[0]
    return f"{say_number(one['ratio'], 2)} ({say_range(one['low'], one['high'], 2)})"


def _words(day: pd.Timestamp, order: pd.DataFrame, known: pd.DataFrame) -> str:
    """Say of one date what moved and how calibration is."""
    moved = order[order["moved"]]
    if len(moved):
        names = "; ".join(_say_input(row) for row in moved.to_dict("records"))
        first = f"{len(moved)} of {len(order)} inputs and scores moved: {names}"
    else:
        first = (
            f"none of {say_count(len(order))} inputs and scores moved beyond its band and chance"
        )
    second = ""
    if len(known):
        one = known.iloc[0]
        verdict = "which is drift" if one["drifted"] else "which is no drift by the rule"
        second = f"; happened for each one expected: {_say_ratio(known)}, {verdict}"
    return f"At {_day(day)} {first}{second}."


def _say_input(row: Mapping[Hashable, Any]) -> str:
    index = f"index {say_number(float(str(row['index'])), 2)}"
    was, now = float(row["was"]), float(row["now"])
    if pd.isna(was):
        return f"{row['input']} ({index})"
    decimals = 0 if max(abs(was), abs(now)) >= 10 else 2
    means = f"mean {say_number(was, decimals)}, now {say_number(now, decimals)}"
    return f"{row['input']} ({means}; {index})"
