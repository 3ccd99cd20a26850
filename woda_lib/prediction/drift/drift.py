"""Drift: inputs at later dates against training, the score, and calibration where it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from woda_lib.prediction.drift.bins import bins_of
from woda_lib.prediction.drift.calibration import KEY, calibration_by_date
from woda_lib.prediction.drift.result import Drift
from woda_lib.prediction.drift.stability import FAR, MOVED, stability
from woda_lib.prediction.errors import PredictionError

SCORE = "score"
"""What the model's own probability is called among the inputs."""

RARE = 0.2
"""An input that is above nought in so few of training is rare: its index stays small even if
households with it double, and it is held to its share instead."""

TIMES = 4 / 3
"""A rare input has moved if its share rises by a third or falls by a quarter, beyond chance.

Not by two: of a look-back of a year only half lies after a change of half a year ago."""


def drift(
    features: pd.DataFrame,
    scores: pd.DataFrame,
    outcomes: pd.DataFrame,
    *,
    inputs: Sequence[str] | None = None,
    grows: Sequence[str] = (),
    titles: Mapping[str, str] | None = None,
    training: str = "train",
    level: float = 0.99,
) -> Drift:
    """Compare every later date with training, and say whether the alarm is raised.

    Parameters
    ----------
    features
        `household_id, index_date` and the inputs.
    scores
        `household_id, index_date, split, risk` of every date. A household that has no score has a
        row without a risk: its inputs count like all others'.
    outcomes
        `household_id, index_date, happened`, of dates whose horizon is over.
    inputs
        Names of the inputs; all columns of `features` unless given.
    grows
        Inputs that grow with the record itself, such as months since a home was first seen. They
        are told like the others and named in a warning, and raise no alarm, because they would
        raise it for ever.
    titles
        What words call each input; one without a title is called by its name.
    training
        The split whose dates all others are held against.
    level
        Chance raises an alarm over all inputs of a date in one of a hundred (0.99), and the
        intervals of calibration have the same level.

    Returns
    -------
    Drift

    Raises
    ------
    PredictionError
        If a column is missing, `grows` names no input, there is no training or no later date,
        nobody of a date has a score, a household has no features, or an input has another
        type than in training.
    """
    rows, names = _rows(features, scores, inputs, training)
    unknown = sorted(set(grows) - set(names))
    if unknown:
        raise PredictionError(
            f"`grows` names {', '.join(unknown)}, which is no input. Inputs are {', '.join(names)}."
        )
    before = rows[rows["split"] == training]
    later = rows[rows["split"] != training]
    scored = later[later[SCORE].notna()]
    # Trees know the households that they were fitted to: the score is held against the first date
    # that the model had not seen.
    unseen = scored[scored["index_date"] == scored["index_date"].min()]
    against = {name: unseen if name == SCORE else before for name in names}
    bins = {name: bins_of(rows[name], name) for name, rows in against.items()}
    counted = {name: bins[name].count(rows[name]) for name, rows in against.items()}
    households = {name: rows["household_id"].nunique() for name, rows in against.items()}
    tail = (1 - level) / len(names)
    found = []
    for (day, split), everybody in later.groupby(["index_date", "split"], sort=True):
        for name in names:
            now = everybody[everybody[SCORE].notna()] if name == SCORE else everybody
            people = (households[name], now["household_id"].nunique())
            one = stability(counted[name], bins[name].count(now[name]), people=people, tail=tail)
            found.append(
                {"index_date": day, "split": split, "input": name}
                | {"index": one.index, "chance": one.chance, "bins": one.bins}
                | _means(against[name][name], now[name])
            )
    table = _judged(pd.DataFrame(found), grows)
    return Drift(
        table=table,
        calibration=calibration_by_date(scores, outcomes, level=level, training=training),
        training=tuple(sorted(before["index_date"].unique())),
        level=level,
        titles=dict(titles or {}),
    )


def _rows(
    features: pd.DataFrame, scores: pd.DataFrame, inputs: Sequence[str] | None, training: str
) -> tuple[pd.DataFrame, list[str]]:
    names = [each for each in features if each not in KEY] if inputs is None else list(inputs)
    for what, table, columns in (
        ("features", features, [*KEY, *names]),
        ("scores", scores, [*KEY, "split", "risk"]),
    ):
        missing = [column for column in columns if column not in table.columns]
        if missing:
            raise PredictionError(
                f"The table of {what} has no column {', '.join(map(repr, missing))}."
            )
    rows = scores[[*KEY, "split", "risk"]].merge(
        features[[*KEY, *names]], on=KEY, how="left", indicator=True
    )
    if (rows["_merge"] != "both").any():
        raise PredictionError(
            f"Of {len(rows):,} scored rows, {int((rows['_merge'] != 'both').sum()):,} have no "
            "features. Give the features that the scores were made from."
        )
    rows = rows.drop(columns="_merge").rename(columns={"risk": SCORE})
    splits = set(rows["split"])
    if training not in splits or len(splits) < 2:
        raise PredictionError(
            f"Drift compares later dates with the split {training!r}; the scores have "
            f"{', '.join(sorted(splits)) or 'no rows'}. Score the training dates and a later one."
        )
    some = rows[SCORE].notna().groupby(rows["index_date"]).any()
    if not some.all():
        days = ", ".join(str(day.date()) for day in some.index[~some])
        raise PredictionError(
            f"Nobody has a score at {days}, so that no drift of scores can be told. Leave the date "
            "out, or find out why nobody could be scored."
        )
    return rows, [*names, SCORE]


def _means(then: pd.Series, now: pd.Series) -> dict[str, float]:
    """Mean of numbers, then and now; the share above nought; the share that is missing."""
    gone = {"missing_was": float(then.isna().mean()), "missing_now": float(now.isna().mean())}
    names = ("was", "now", "share_was", "share_now")
    if not pd.api.types.is_numeric_dtype(then):
        return dict.fromkeys(names, np.nan) | gone
    return {
        "was": float(then.mean()),
        "now": float(now.mean()),
        "share_was": float((then > 0).mean()),
        "share_now": float((now > 0).mean()),
    } | gone


def _judged(table: pd.DataFrame, grows: Sequence[str]) -> pd.DataFrame:
    """Say of each input whether it moved, and whether far: beyond a band, and beyond chance."""
    beyond = table["index"] > table["chance"]
    with np.errstate(divide="ignore", invalid="ignore"):
        times = table["share_now"] / table["share_was"]
    rare = (table["share_was"] < RARE) & (table["input"] != SCORE)
    changed = rare & ((times >= TIMES) | (times <= 1 / TIMES))
    return table.assign(
        rare=rare,
        grows=table["input"].isin(grows),
        moved=beyond & ((table["index"] >= MOVED) | changed),
        far=beyond & (table["index"] >= FAR),
    )
