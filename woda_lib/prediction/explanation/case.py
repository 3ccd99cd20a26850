"""One household's score in words: what raises it, what lowers it, and what is not known.

The words speak of the score and of what records say. That a thing raises a score does not say that
it brings anything about, nor that a household would fare better without it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.phrases import say_count
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.explanation.contributions import Contributions
from woda_lib.prediction.explanation.wording import Wording

RAISES, LOWERS = "raises", "lowers"
A_LOT, SOMEWHAT, A_LITTLE = "a lot", "somewhat", "a little"
OTHERS = "others"
"""Stands as a feature for all that are not told one by one."""

_TOLD = ["household_id", "way", "place", "feature", "says", "contribution", "strength", "known"]


def reasons(
    contributions: Contributions,
    features: pd.DataFrame,
    wording: Wording,
    *,
    most: int = 6,
    least: float = 0.05,
) -> pd.DataFrame:
    """Say of each household what raises and what lowers its score, strongest first.

    Parameters
    ----------
    contributions
        Of the households, indexed by `household_id`.
    features
        What the model was told of them, with the same index; a column a feature.
    wording
        The words.
    most
        So many things each way are told one by one.
    least
        In log-odds: what moves the score by less is told among the others.

    Returns
    -------
    DataFrame
        `household_id`, `way` (raises, lowers), `place` (1 the strongest), `feature`, `says` (from
        the household's own value), `contribution` (log-odds), `strength` (a lot: the odds at least
        double or halve; somewhat: by a quarter; a little) and `known` (whether there was a value).
        What is not told one by one stands last each way, as one row with the feature `OTHERS`. The
        contributions of a household add up to its score less the baseline.

    Raises
    ------
    PredictionError
        If the rows are not the same households, or a feature has no words.
    """
    table = contributions.table
    if not table.index.equals(features.index):
        raise PredictionError(
            "Contributions and features are not of the same households in the same order."
        )
    wording.require(table.columns)
    names = list(table.columns)
    each = pd.DataFrame(
        {
            "household_id": np.repeat(table.index.to_numpy(), len(names)),
            "feature": np.tile(np.array(names, dtype=object), len(table)),
            "contribution": table.to_numpy(float).ravel(),
        }
    )
    each = each.loc[each["contribution"].ne(0)]
    each["way"] = np.where(each["contribution"].gt(0), RAISES, LOWERS)
    each["size"] = each["contribution"].abs()
    each = each.sort_values(
        ["household_id", "way", "size"], ascending=[True, True, False], kind="stable"
    )
    each["place"] = each.groupby(["household_id", "way"], sort=False).cumcount() + 1
    alone = each["place"].le(most) & each["size"].ge(least)
    told = pd.concat([_in_words(each.loc[alone], features, wording), _others(each.loc[~alone])])
    told["strength"] = strength_of(told["contribution"])
    told["way"] = pd.Categorical(told["way"], categories=[RAISES, LOWERS], ordered=True)
    order = pd.Series(np.arange(len(table)), index=table.index)
    told = told.assign(_order=told["household_id"].map(order)).sort_values(
        ["_order", "way", "place"], kind="stable", ignore_index=True
    )
    return told.astype({"way": object})[_TOLD]


def gaps(features: pd.DataFrame, wording: Wording) -> pd.DataFrame:
    """Say of each household what is not known of it.

    Parameters
    ----------
    features
        What a model was told, indexed by `household_id`.
    wording
        The words.

    Returns
    -------
    DataFrame
        `household_id, feature, title`: a row a value that is missing, in the order of the features.
        That something never was is no gap.
    """
    wording.require(features.columns)
    names = [name for name in features.columns if wording.features[name].has_gaps]
    rows, columns = np.nonzero(features[names].isna().to_numpy())
    found = np.array(names, dtype=object)[columns]
    return pd.DataFrame(
        {
            "household_id": features.index.to_numpy()[rows],
            "feature": found,
            "title": [wording.title(name) for name in found],
        }
    )


def strength_of(contribution: pd.Series) -> pd.Series:
    """Say how much each contribution in log-odds moves a score: a lot, somewhat or a little."""
    size = contribution.abs().to_numpy()
    said = np.select([size >= np.log(2), size >= np.log(1.25)], [A_LOT, SOMEWHAT], A_LITTLE)
    return pd.Series(said, index=contribution.index, dtype=object)


def _in_words(each: pd.DataFrame, features: pd.DataFrame, wording: Wording) -> pd.DataFrame:
    said = []
    for name, of in each.groupby("feature", sort=False):
        values = features[str(name)].reindex(of["household_id"])
        words = wording.say(str(name), values).to_numpy()
        said.append(of.assign(says=words, known=values.notna().to_numpy()))
    if not said:
        return each.assign(says=pd.Series(dtype=object), known=pd.Series(dtype=bool))
    return pd.concat(said)


def _others(rest: pd.DataFrame) -> pd.DataFrame:
    if rest.empty:
        return rest.assign(says=pd.Series(dtype=object), known=pd.Series(dtype=bool))
    summed = rest.groupby(["household_id", "way"], sort=False, as_index=False).agg(
        contribution=("contribution", "sum"),
        things=("contribution", "size"),
        place=("place", "min"),
    )
    words = summed["things"].map(
        lambda things: (
            "One other thing"
            if things == 1
            else f"{say_count(things).capitalize()} other things together"
        )
    )
    return summed.assign(says=words, feature=OTHERS, known=True).drop(columns="things")
