"""The scores of the day of the list: who has one, and who has none and why.

Nobody is scored silently. A household of a kind that the model never saw, or without a value that
every household had when the model was made, gets no score, and is counted with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from woda_lib.phrases import of_100
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.training import Model, rule_points

KEYS = ["household_id", "index_date"]

NOBODY = "A source of that day is missing, or is not as the model was made with"
"""Why nobody of a day has a score, in short."""

GROWS = ("months_here", "moves")
"""Inputs that grow with the record itself: partners' rows begin in 2021."""


@dataclass(frozen=True)
class Scored:
    """Scores of some households on some days.

    Attributes
    ----------
    table : DataFrame
        `household_id, index_date, split, risk, raw, rule`; a row a household that has a score.
    features : DataFrame
        What the model was told of them, in the same order.
    without : DataFrame
        `index_date, reason, households`: who has none.
    unscored : DataFrame
        `household_id, index_date, split` and features of who has none.
    says : str
        Why nobody of a day has a score; empty where somebody of every day has.
    """

    table: pd.DataFrame
    features: pd.DataFrame
    without: pd.DataFrame
    unscored: pd.DataFrame
    says: str = ""

    @property
    def inputs(self) -> pd.DataFrame:
        """The features with `household_id, index_date`, for the drift of inputs.

        Of all households of each day on which somebody has a score: were those without one left
        out, a day on which most are of a kind never seen would look like any other.
        """
        scored = pd.concat([self.table[KEYS], self.features.reset_index(drop=True)], axis=1)
        others = self._beside[scored.columns]
        return pd.concat([scored, others], ignore_index=True) if len(others) else scored

    @property
    def risks(self) -> pd.DataFrame:
        """`household_id, index_date, split, risk` of the households of `inputs`."""
        columns = [*KEYS, "split", "risk"]
        others = self._beside.assign(risk=np.nan)[columns]
        scored = self.table[columns]
        return pd.concat([scored, others], ignore_index=True) if len(others) else scored

    @property
    def share_without(self) -> float:
        """The share of households that have no score."""
        return len(self.unscored) / max(len(self.table) + len(self.unscored), 1)

    @property
    def _beside(self) -> pd.DataFrame:
        return self.unscored[self.unscored["index_date"].isin(self.table["index_date"])]

    def of(self, split: str) -> Scored:
        """Return those of one split, their features indexed by household."""
        chosen, left = self.table["split"].eq(split), self.unscored["split"].eq(split)
        unscored = self.unscored.loc[left].reset_index(drop=True)
        days = {*self.table.loc[chosen, "index_date"], *unscored["index_date"]}
        without = self.without.loc[self.without["index_date"].isin(days)].reset_index(drop=True)
        return Scored(
            self.table.loc[chosen].reset_index(drop=True),
            self.features.loc[chosen].set_index(self.table.loc[chosen, "household_id"]),
            without,
            unscored,
            "" if chosen.any() else _why_nobody(without, self.says),
        )


def score(features: pd.DataFrame, spine: pd.DataFrame, model: Model) -> Scored:
    """Score households.

    Parameters
    ----------
    features
        `household_id, index_date` and a column a feature.
    spine
        `household_id, index_date, split`.
    model
        The model that was judged.

    Returns
    -------
    Scored
        Where a whole source is missing nobody has a score on any day of it, and `says` tells why.
    """
    rows = features.merge(spine[[*KEYS, "split"]], on=KEYS, how="inner")
    why = _why_not(rows, model)
    without = (
        rows.assign(reason=why)
        .loc[why.ne("")]
        .groupby(["index_date", "reason"])
        .size()
        .rename("households")
        .reset_index()
    )
    kept = rows.loc[why.eq("")].reset_index(drop=True)
    parts, said, lost, unscored = [], [], [], [rows.loc[why.ne("")]]
    for _, of in kept.groupby("index_date", sort=True):
        try:
            parts.append(of.assign(risk=model.predict(of), raw=model.raw(of)))
        except PredictionError as error:
            said.append(str(error))
            lost.append((of["index_date"].iloc[0], NOBODY, len(of)))
            unscored.append(of)
    if lost:
        refused = pd.DataFrame(lost, columns=["index_date", "reason", "households"])
        without = pd.concat([without, refused], ignore_index=True)
    names = list(model.names)
    others = pd.concat(unscored, ignore_index=True)[[*KEYS, "split", *names]]
    if not parts:
        empty = kept.iloc[:0].assign(risk=0.0, raw=0.0, rule=0.0)
        why_nobody = said[-1] if said else "No household could be scored."
        return Scored(_scores(empty), empty[names], without, others, why_nobody)
    table = pd.concat(parts, ignore_index=True)
    table = table.assign(rule=rule_points(table).to_numpy())
    return Scored(_scores(table), table[names], without, others, said[-1] if said else "")


def with_and_without(scored: Scored, spine: pd.DataFrame) -> pd.DataFrame:
    """Count the households of the day of the list that have a score, and the others by reason.

    Parameters
    ----------
    scored
        Of every day.
    spine
        `household_id, index_date, split`.
    """
    days = spine.loc[spine["split"].eq("score"), "index_date"].unique()
    without = scored.without.loc[scored.without["index_date"].isin(days)]
    rows = [("With a score", int(scored.table["index_date"].isin(days).sum()))]
    rows += list(without[["reason", "households"]].itertuples(index=False, name=None))
    return pd.DataFrame(rows, columns=["households of the day", "households"])


def held_out(scored: Scored, outcomes: pd.DataFrame, *, split: str = "watch") -> pd.DataFrame:
    """Return scores of a later date than those learned from, with what came of them.

    Parameters
    ----------
    scored
        Of every day.
    outcomes
        `household_id, index_date, happened`.
    split
        The newest date whose year is over.

    Returns
    -------
    DataFrame
        `household_id, risk, happened`, for `woda_lib.prediction.explanation.Likeness`.
    """
    rows = scored.table.loc[scored.table["split"].eq(split)]
    known = rows.merge(outcomes[[*KEYS, "happened"]], on=KEYS, how="inner")
    return known[["household_id", "risk", "happened"]]


def groups_of(spine: pd.DataFrame, columns: Mapping[str, str]) -> dict[str, pd.Series]:
    """Return to each kind of group the group of each household, as it was last.

    Parameters
    ----------
    spine
        `household_id, index_date` and `columns`.
    columns
        To each column what it is called.
    """
    last = spine.sort_values("index_date", kind="stable").drop_duplicates(
        "household_id", keep="last"
    )
    held = last.set_index("household_id")
    return {said: held[name].astype(object) for name, said in columns.items() if name in held}


def _why_nobody(without: pd.DataFrame, says: str) -> str:
    """Why nobody of a day has a score: the model's own words where it refused the whole day."""
    if says and without["reason"].eq(NOBODY).any():
        return says
    counted = without.groupby("reason")["households"].sum()
    # Of a hundred, and no counts: sentences of a report pass no rule for small ones.
    why = [
        f"{of_100(share)}, {_lower(reason)}" for reason, share in (counted / counted.sum()).items()
    ]
    return f"No household of the day could be scored{': ' if why else ''}{'; '.join(why)}."


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _why_not(rows: pd.DataFrame, model: Model) -> pd.Series:
    """Why each row gets no score; empty where it may get one."""
    why = pd.Series("", index=rows.index, dtype=object)
    for feature in model.features:
        column = rows[feature.name]
        title = feature.name.replace("_", " ")
        if feature.kind == "category":
            unseen = column.notna() & ~column.astype(object).isin(feature.levels)
            why = why.mask(why.eq("") & unseen, f"A {title} that the model never saw")
        # What is missing of everybody is a missing source, which the model refuses as a whole.
        if feature.missing == 0 and column.isna().any() and not column.isna().all():
            said = f"No {title}, which every household had when the model was made"
            why = why.mask(why.eq("") & column.isna(), said)
    return why


def _scores(table: pd.DataFrame) -> pd.DataFrame:
    return table[[*KEYS, "split", "risk", "raw", "rule"]].reset_index(drop=True)
