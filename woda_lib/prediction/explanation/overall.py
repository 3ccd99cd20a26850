"""What a model goes by over all households: how much each feature moves scores, and which way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from woda_lib.figures import Picture
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.explanation.contributions import Contributions
from woda_lib.prediction.explanation.pictures import bars
from woda_lib.prediction.explanation.wording import Wording

HIGHER, LOWER, BOTH, BY_LEVEL, UNUSED = (
    "more, higher",
    "more, lower",
    "both ways",
    "by kind",
    "not used",
)
_MONOTONE = 0.5  # rank correlation from which one direction is said
_MUCH = 0.5  # of all contributions


@dataclass(frozen=True)
class Overall:
    """How much each feature moves the scores of all households.

    Attributes
    ----------
    table : DataFrame
        A row a feature, largest first: `feature`, `title`, `mean` (mean absolute contribution,
        log-odds), `low` and `high` (its 95% interval), `share` (of all contributions, %) and
        `direction`.
    households : int
        Over how many.
    method : str
    warnings : tuple of str
        What somebody who reads the table must know of this model, a sentence each.
    """

    table: pd.DataFrame
    households: int
    method: str
    warnings: tuple[str, ...]

    @property
    def finding(self) -> str:
        """Say in a clause what moves scores most."""
        first = self.table.head(3)
        named = [
            f"{row['title'][:1].lower()}{row['title'][1:]} ({row['share']:.0f}%)"
            for row in first.to_dict("records")
        ]
        return ", ".join(named)

    def summary(self) -> pd.DataFrame:
        """Return the table as a report shows it."""
        shown = self.table[["title", "mean", "low", "high", "share", "direction"]]
        return shown.rename(
            columns={"title": "feature", "mean": "mean contribution", "direction": "score"}
        )

    def plot(self, most: int = 15) -> Picture:
        """Draw the largest as bars with their intervals.

        Parameters
        ----------
        most
            How many at most.
        """
        return bars(self.table.head(most), measure="Mean absolute contribution, log-odds")


def explain_overall(
    contributions: Contributions,
    features: pd.DataFrame,
    wording: Wording,
    *,
    households: pd.Series,
    seed: int,
    draws: int = 200,
    level: float = 0.95,
) -> Overall:
    """Say how much each feature moves scores, and which way.

    Parameters
    ----------
    contributions
        Of every household that was scored.
    features
        What the model was told, the same rows; a column a feature.
    wording
        The words of each.
    households
        To each row its household: one with several rows is drawn whole.
    seed
        Of the bootstrap.
    draws
        Samples of households, drawn with replacement.
    level
        Of the intervals, which run between percentiles of the samples.

    Raises
    ------
    PredictionError
        If there are no households, or `features` lacks a feature of the model.
    """
    table = contributions.table
    if table.empty:
        raise PredictionError("There is no household to explain scores of. Check what was scored.")
    if absent := [name for name in table.columns if name not in features]:
        raise PredictionError(
            f"The features lack {', '.join(absent)}, by which the model goes. Build them again."
        )
    wording.require(table.columns)
    means, low, high = _bootstrap(table.abs(), households, seed=seed, draws=draws, level=level)
    found = pd.DataFrame(
        {
            "feature": list(table.columns),
            "title": [wording.title(name) for name in table.columns],
            "mean": means,
            "low": low,
            "high": high,
            "share": 100 * means / max(float(means.sum()), np.finfo(float).tiny),
            "direction": [
                _direction(features[name], table[name], wording.features[name].is_code)
                for name in table.columns
            ],
        }
    ).sort_values("mean", ascending=False, kind="stable", ignore_index=True)
    return Overall(
        table=found,
        households=int(households.nunique()),
        method=(
            "Mean absolute TreeSHAP contribution in log-odds, before calibration; "
            f"{level:.0%} intervals from {draws} samples of households."
        ),
        warnings=_warnings(found),
    )


def _bootstrap(
    size: pd.DataFrame, households: pd.Series, *, seed: int, draws: int, level: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    codes, named = pd.factorize(households)
    of = pd.DataFrame(size.to_numpy(float)).groupby(codes)
    sums, rows = of.sum().to_numpy(), of.size().to_numpy(float)
    random = np.random.default_rng(seed)
    drawn = np.empty((draws, size.shape[1]))
    for draw in range(draws):
        times = np.bincount(random.integers(len(named), size=len(named)), minlength=len(named))
        drawn[draw] = times @ sums / (times @ rows)
    tail = (1 - level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return sums.sum(axis=0) / rows.sum(), low, high


def _direction(values: pd.Series, contribution: pd.Series, code: bool) -> str:
    if not contribution.abs().gt(0).any():
        return UNUSED
    known = values.notna().to_numpy()
    if code and not pd.api.types.is_numeric_dtype(values.dtype):
        return BY_LEVEL
    told = pd.Series(values.to_numpy(float)[known])
    if told.nunique() < 2:
        return BOTH
    rank = told.corr(pd.Series(contribution.to_numpy(float)[known]), method="spearman")
    if not abs(rank) >= _MONOTONE:
        return BOTH
    return HIGHER if rank > 0 else LOWER


def _warnings(found: pd.DataFrame) -> tuple[str, ...]:
    said = []
    first = found.iloc[0]
    if first["share"] > 100 * _MUCH:
        said.append(
            f"{first['title']} alone makes up {first['share']:.0f}% of what moves scores: a rule "
            "on it would do nearly as well."
        )
    known = found.loc[found["feature"].str.startswith("knows_"), "share"].sum()
    if known > 10:
        said.append(
            f"{known:.0f}% of what moves scores is which services know a household. Those whom "
            "services know less are scored lower for that, whatever they need."
        )
    return tuple(said)
