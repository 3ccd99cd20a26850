"""Who is learnt from and who is held out: forward in time, and never a household on both sides.

Rows are a household on a day. A model is judged on days whose outcomes begin after all that it was
told of had ended (`purge`), and within training a household's rows are all in one fold, so that no
model is judged on a household that it was fitted to (`deal`, `forward_folds`, `grouped_folds`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.training.columns import KEYS

Fold = tuple[np.ndarray, np.ndarray]
"""Places of the rows that are fitted to, and of those that are held out."""


def pair(
    features: pd.DataFrame, outcomes: pd.DataFrame, outcome: str = "happened"
) -> tuple[pd.DataFrame, np.ndarray]:
    """Put each row's outcome beside it, in the order of day and household.

    Parameters
    ----------
    features
        `household_id`, `index_date` and features.
    outcomes
        `household_id`, `index_date` and a true/false column `outcome`; other rows are left aside.

    Returns
    -------
    DataFrame, ndarray of int8
        The features sorted by day and household, so that the order of the caller's rows changes
        nothing; 1 where it happened.

    Raises
    ------
    PredictionError
        If a key is missing or stands twice, a day's outcomes are not known yet, a row has no
        outcome, or all rows have the same.
    """
    for name, frame in (("features", features), ("outcomes", outcomes)):
        _check_keys(frame, name)
    if outcome not in outcomes:
        raise PredictionError(f"The table of outcomes has no column {outcome!r}.")
    if features.empty:
        raise PredictionError("No rows are left to learn from. Check the split they came through.")
    keys = list(KEYS)
    rows = features.sort_values(keys[::-1], kind="stable").reset_index(drop=True)
    known = outcomes.drop_duplicates(keys).set_index(keys)[outcome]
    beyond = set(rows["index_date"].unique()) - set(outcomes["index_date"].unique())
    if beyond:
        raise PredictionError(
            f"The index date {min(beyond):%Y-%m-%d} lies beyond the data: what happened after it "
            "is not known yet. Train on earlier dates."
        )
    happened = known.reindex(pd.MultiIndex.from_frame(rows[keys]))
    if happened.isna().any():
        raise PredictionError(
            f"The outcome is missing in {int(happened.isna().sum()):,} of {len(rows):,} rows. "
            "A household without a known outcome is neither a yes nor a no: leave it out before "
            "training and report how many there were."
        )
    flags = happened.to_numpy().astype("int8")
    _check_both(flags, "the training rows")
    return rows, flags


def purge(features: pd.DataFrame, before: pd.Timestamp, horizon_months: int) -> pd.DataFrame:
    """Keep the rows whose outcomes have all happened by the day that is judged.

    A row whose outcome window reaches beyond `before` would tell the model of what it is judged on
    (purging: López de Prado, *Advances in Financial Machine Learning*, 2018, chapter 7).

    Parameters
    ----------
    features
        `index_date` and more.
    before
        The first index date on which the model is judged.
    horizon_months
        How long a household is followed after its index date.

    Raises
    ------
    PredictionError
        If no row is left.
    """
    ends = features["index_date"] + pd.DateOffset(months=horizon_months)
    # Calendar months: twelve months from 30 September is the next 30 September, not beyond it.
    kept = features.loc[ends.le(pd.Timestamp(before))]
    if kept.empty:
        raise PredictionError(
            f"No training date's outcomes are complete by {pd.Timestamp(before):%Y-%m-%d}: each is "
            f"followed for {horizon_months} months. Judge on a later date or train on earlier ones."
        )
    return kept


def deal(households: pd.Series, happened: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """Deal households to folds: all rows of one together, those with an event evenly.

    Parameters
    ----------
    households, happened
        A value a row.
    folds
        At least 2.
    seed
        The same seed deals the same households alike, in whatever order the rows stand.

    Returns
    -------
    ndarray of int
        The fold of each row, from nought.

    Raises
    ------
    PredictionError
        If there are fewer households with an event, or without, than folds.
    """
    ever = pd.Series(happened).groupby(households.to_numpy()).max().sort_index()
    if min(int(ever.sum()), int((1 - ever).sum())) < folds:
        raise PredictionError(
            f"{int(ever.sum()):,} of {len(ever):,} households have the outcome: too few of one "
            f"kind for {folds} folds. Take fewer folds, more households or a longer horizon."
        )
    order = np.random.default_rng(seed).permutation(len(ever))
    order = order[np.argsort(-ever.to_numpy()[order], kind="stable")]
    fold = np.empty(len(ever), dtype=int)
    fold[order] = np.arange(len(ever)) % folds
    return fold[ever.index.get_indexer(pd.Index(households))]


def sample(households: pd.Series, most: int, seed: int) -> np.ndarray:
    """Return whether each row's household is among at most `most` that the seed draws."""
    places, names = pd.factorize(households, sort=True)
    drawn = np.random.default_rng([seed, 1]).permutation(len(names)) < most
    return drawn[places]


def forward_folds(index_date: pd.Series, fold: np.ndarray, happened: np.ndarray) -> list[Fold]:
    """Fit on the earlier dates, judge other households on the last; grouped folds for one date.

    Households differ on the two sides, so that no household's own events are seen; the outcome
    windows of training dates may overlap in calendar time. Nothing is reported from these: they
    choose settings. Rows of the fold -1 are on neither side.
    """
    last = index_date.eq(index_date.max()).to_numpy()
    if last.all():
        return grouped_folds(fold, happened)
    return _folds(fold, ~last, last, happened)


def grouped_folds(fold: np.ndarray, happened: np.ndarray) -> list[Fold]:
    """Fit on all households but a fold's, judge that fold's, on all dates."""
    every = np.ones(len(fold), dtype=bool)
    return _folds(fold, every, every, happened)


def of_split(frame: pd.DataFrame, spine: pd.DataFrame, *splits: str) -> pd.DataFrame:
    """Return the rows of a table whose household and day the spine puts into the splits.

    Raises
    ------
    PredictionError
        If the spine has no such split, or the table no such row.
    """
    known = set(spine["split"].unique())
    if not set(splits) <= known:
        raise PredictionError(
            f"There is no split {sorted(set(splits) - known)[0]!r}; there are "
            f"{', '.join(sorted(map(str, known)))}."
        )
    keys = spine.loc[spine["split"].isin(splits), list(KEYS)]
    found = frame.merge(keys, on=list(KEYS), how="inner")
    if found.empty:
        raise PredictionError(f"The table has no rows of the split {' or '.join(splits)}.")
    return found


def _folds(
    fold: np.ndarray, fitted: np.ndarray, held: np.ndarray, happened: np.ndarray
) -> list[Fold]:
    made = []
    for number in range(fold.max() + 1):
        sides = (fitted & (fold != number) & (fold >= 0), held & (fold == number))
        for side, word in zip(sides, ("fitted to", "held out"), strict=True):
            _check_both(happened[side], f"the rows {word} in fold {number + 1}")
        made.append((np.flatnonzero(sides[0]), np.flatnonzero(sides[1])))
    return made


def _check_both(happened: np.ndarray, where: str) -> None:
    if len(happened) == 0:
        raise PredictionError(f"There are no rows among {where}. Take fewer folds or more dates.")
    if happened.min() == happened.max():
        what = "had" if happened.max() else "did not have"
        raise PredictionError(
            f"All {len(happened):,} households among {where} {what} the outcome, so that there is "
            "nothing to tell apart. Check the outcome's dates and the horizon."
        )


def _check_keys(frame: pd.DataFrame, name: str) -> None:
    lacking: Sequence[str] = [key for key in KEYS if key not in frame]
    if lacking:
        raise PredictionError(f"The table of {name} has no column {lacking[0]!r}.")
    if not pd.api.types.is_datetime64_any_dtype(frame["index_date"]):
        raise PredictionError(f"The column 'index_date' of the {name} must hold dates.")
    if frame.duplicated(list(KEYS)).any():
        raise PredictionError(
            f"The table of {name} has a household twice on one day: "
            f"{int(frame.duplicated(list(KEYS)).sum()):,} rows too many."
        )
