"""What 2_train shows of a model and what stands beside it, and the scores that it leaves."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from woda_lib.phrases import say_number, say_range
from woda_lib.pilots.complex_dependencies.report import said
from woda_lib.prediction.assessment import Assessment
from woda_lib.prediction.features import FeatureSet
from woda_lib.prediction.training import (
    Baselines,
    Model,
    fit_baselines,
    logistic_out_of_fold,
    of_split,
    rule_points,
    train,
)

KEYS = ["household_id", "index_date"]
_SHOWN = 15  # features in the table
_EXPLAINED = 20_000  # rows at most whose contributions are averaged


def learned_from(spine: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Count the rows that a model learns from.

    Returns
    -------
    DataFrame
        `index_date, households, happened`, a row a training date.
    """
    rows = of_split(outcomes, spine, "train")
    by = rows.groupby("index_date")["happened"]
    counted = pd.DataFrame({"households": by.size(), "happened": by.sum().astype(int)})
    return counted.reset_index().assign(index_date=[said(day) for day in counted.index])


@dataclass(frozen=True)
class Trained:
    """A model and what stands beside it, made of the training dates alone.

    Attributes
    ----------
    model
    baselines
        Fitted to the same rows.
    out_of_fold
        A training row each: `household_id, index_date, happened, raw, risk, rule, logistic,
        prevalence`; `raw`, `risk` and `logistic` by what was fitted without the row's household.
    registry
        The features.
    """

    model: Model
    baselines: Baselines
    out_of_fold: pd.DataFrame
    registry: FeatureSet

    def scores(self, features: pd.DataFrame, spine: pd.DataFrame) -> pd.DataFrame:
        """Return every household's scores on every date.

        Those of the training dates are out of fold, so that no household is scored by what has seen
        its outcome.

        Returns
        -------
        DataFrame
            `household_id, index_date, split, risk, raw, rule, logistic, prevalence`.
        """
        rows = spine[[*KEYS, "split"]].merge(features, on=KEYS, how="left", validate="1:1")
        later = rows.loc[rows["split"].ne("train")]
        scored = later[[*KEYS, "split"]].assign(
            risk=self.model.predict(later), raw=self.model.raw(later), **self._beside(later)
        )
        learnt = self.out_of_fold.drop(columns="happened").assign(split="train")
        return pd.concat([learnt[scored.columns], scored], ignore_index=True)

    def _beside(self, rows: pd.DataFrame) -> dict[str, pd.Series]:
        beside = self.baselines.scores(rows)
        return {str(name): beside[name] for name in beside}

    def tried(self) -> pd.DataFrame:
        """Return what was tried, in words: `setting, what, trees, log_loss, chosen`."""
        rows = pd.DataFrame(self.model.manifest["tried"])
        spread = [
            f"{row.log_loss:.5f} ± {row.standard_error:.5f}" for row in rows.itertuples(index=False)
        ]
        return pd.DataFrame(
            {
                "setting": rows["setting"],
                "what": rows["why"],
                "trees": rows["trees"].astype(str),
                "log_loss": spread,
                "chosen": rows["chosen"].map({True: "chosen", False: ""}),
            }
        )

    def directions(self) -> pd.DataFrame:
        """Return which way each feature may move the risk: `feature` (its title), `direction`."""
        words = {1: "more is riskier", -1: "more is safer", 0: "not fixed"}
        told = sorted(self.model.features, key=lambda feature: -abs(feature.direction))
        return pd.DataFrame(
            {
                "feature": [self.registry.titles[feature.name] for feature in told],
                "direction": [words[feature.direction] for feature in told],
            }
        )

    def weights(self, features: pd.DataFrame, seed: int) -> pd.DataFrame:
        """Return the features that move the log odds most, over some rows.

        Returns
        -------
        DataFrame
            `feature` (its title) and `mean_size`, the mean size of its contribution to the log
            odds, the largest first.
        """
        some = features.sort_values(KEYS).sample(min(_EXPLAINED, len(features)), random_state=seed)
        sizes = self.model.importance(self.model.contributions(some))
        titles = self.registry.titles
        return pd.DataFrame(
            {
                "feature": [titles[name] for name in sizes.index],
                "mean_size": sizes.round(3).to_numpy(),
            }
        ).head(_SHOWN)


def train_beside(
    spine: pd.DataFrame,
    features: pd.DataFrame,
    outcomes: pd.DataFrame,
    registry: FeatureSet,
    *,
    seed: int,
    horizon_months: int,
) -> Trained:
    """Train on the training dates; put beside it what needs no model, fitted in the same folds.

    Parameters
    ----------
    spine, features, outcomes
        From 1_features.
    registry
        What the model may be told.
    seed
    horizon_months
        How long a household is followed.

    Raises
    ------
    PredictionError
        As `woda_lib.prediction.training.train`.
    """
    rows = of_split(features, spine, "train")
    judged = spine.loc[spine["split"].eq("test"), "index_date"].min()
    model = train(rows, outcomes, registry, seed=seed, horizon_months=horizon_months, before=judged)
    own = model.out_of_fold
    rows = own[KEYS].merge(rows, on=KEYS, how="left", validate="1:1")
    baselines = fit_baselines(rows, outcomes, registry)
    beside = own.drop(columns="fold").assign(
        rule=rule_points(rows).to_numpy(),
        logistic=logistic_out_of_fold(rows, own, registry),
        prevalence=baselines.prevalence,
    )
    return Trained(model, baselines, beside, registry)


def finding(found: Assessment) -> str:
    """Say in a sentence each what the model adds to the rule and to logistic regression.

    Parameters
    ----------
    found
        Of the model, the rule and logistic regression, out of fold.
    """
    return " ".join(
        beside(found.difference("precision", against), name)
        for against, name in (
            ("rule", "the caseworkers' rule"),
            ("logistic", "logistic regression"),
        )
    )


def beside(difference: pd.Series, name: str) -> str:
    """Say in a sentence how the model's precision at capacity stands to another's.

    Parameters
    ----------
    difference
        `value, low, high`, shares, from `Assessment.difference`.
    name
        Of the other, in words.
    """
    points = say_number(abs(100 * difference["value"]))
    between = say_range(100 * difference["low"], 100 * difference["high"])
    if difference["low"] > 0:
        return f"At capacity its precision is {points} points above that of {name} ({between})."
    if difference["high"] < 0:
        return f"At capacity its precision is {points} points below that of {name} ({between})."
    return (
        f"At capacity these days do not tell it from {name} ({between} points of precision): where "
        "that is so, the simpler of the two is the better choice."
    )
