"""Quality by the six dimensions of the Government Data Quality Framework: good, fair or poor.

Five are measured from deliveries (`woda_lib.partners.quality` defines them). Accuracy, whether a
value is what is so in the world, cannot be told from a file: it is the partner's own check, where
it made one, and else not known. What cannot be measured (few rows, no rule to keep) has no grade.

References
----------
Government Data Quality Hub (2020). *The Government Data Quality Framework*. GOV.UK.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

MEASURED = ("completeness", "validity", "uniqueness", "timeliness", "consistency")
ACCURACY = "accuracy"
DIMENSIONS = (*MEASURED, ACCURACY)

GOOD, FAIR, POOR, UNKNOWN = "good", "fair", "poor", "not known"
GRADES = (GOOD, FAIR, POOR)


@dataclass(frozen=True)
class Thresholds:
    """From which share, 0 to 1, a dimension is good, and when it is fair still.

    Attributes
    ----------
    good
        By dimension. What is missing to the whole are the faults that are allowed.
    fair_times
        So many times the faults allowed are fair; more are poor.
    """

    good: Mapping[str, float]
    fair_times: float

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Thresholds:
        """Take them from a step's parameters, in per cent: ``good_<dimension>``; ``fair_times``."""
        good = {name: float(parameters[f"good_{name}"]) / 100 for name in DIMENSIONS}
        return cls(good, float(parameters["fair_times"]))


def grades(shares: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """Return the grade of each share, in the same rows and columns.

    Parameters
    ----------
    shares : DataFrame
        With the `DIMENSIONS`, from 0 to 1; missing where not known.
    thresholds

    Examples
    --------
    >>> limits = Thresholds(dict.fromkeys(DIMENSIONS, 0.95), fair_times=3)
    >>> shares = pd.DataFrame([dict.fromkeys(DIMENSIONS, 0.92)])  # 8% faults; 5% are good, 15% fair
    >>> grades(shares, limits)["validity"].tolist()
    ['fair']
    """
    found = pd.DataFrame(index=shares.index)
    for dimension in DIMENSIONS:
        # A share of 0.95 that is worked out as 0.9499999… is 0.95.
        share = shares[dimension].to_numpy(dtype=float).round(9)
        good = thresholds.good[dimension]
        fair = 1 - thresholds.fair_times * (1 - good)
        found[dimension] = np.select(
            [np.isnan(share), share >= round(good, 9), share >= round(fair, 9)],
            [UNKNOWN, GOOD, FAIR],
            POOR,
        )
    return found


def say_share(share: float) -> str:
    """Return a share in per cent with one decimal, rounded down: what is not good never reads so.

    Examples
    --------
    >>> say_share(0.99496), say_share(0.995), say_share(1.0), say_share(float("nan"))
    ('99.4', '99.5', '100', '–')
    """
    if np.isnan(share):
        return "–"
    tenths = np.floor(round(share * 1000, 6))
    return "100" if tenths >= 1000 else f"{tenths / 10:.1f}"


def completeness(filled: pd.DataFrame, rightly_blank: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return how complete each dataset of each partner is.

    Parameters
    ----------
    filled : DataFrame
        From `Run.delivery_columns`: ``partner, dataset, column, required, rows, filled``.
    rightly_blank
        By dataset the columns that say something only where there is something to say.

    Returns
    -------
    DataFrame
        ``partner, dataset, completeness``: of the cells of kept rows in columns that may be blank,
        and are not rightly so, the share that has a value. A pair without any has no row.
    """
    pairs = pd.MultiIndex.from_tuples(
        [(dataset, column) for dataset, columns in rightly_blank.items() for column in columns],
        names=["dataset", "column"],
    )
    rightly = pd.MultiIndex.from_frame(filled[["dataset", "column"]]).isin(pairs)
    counted = filled[~filled["required"].to_numpy(bool) & ~rightly & (filled["rows"] > 0)]
    sums = counted.groupby(["partner", "dataset"])[["filled", "rows"]].sum()
    return (sums["filled"] / sums["rows"]).rename("completeness").reset_index()


def weakest(standing: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """Return each partner's weakest dataset in each dimension, a row a partner and dimension.

    A partner is as good as its weakest dataset, for that is where a linkage or a count breaks; a
    mean would hide it behind what is well kept.

    Parameters
    ----------
    standing : DataFrame
        With ``partner, name, dataset, title`` and the `DIMENSIONS`.
    thresholds

    Returns
    -------
    DataFrame
        ``partner, dimension, share, grade, dataset`` (its title; empty where nothing is known), by
        partner in the order of their first rows.
    """
    columns = ["name", "title", *DIMENSIONS]
    long = standing[columns].melt(["name", "title"], var_name="dimension", value_name="share")
    lowest = (
        long.sort_values(["share", "title"], na_position="last", kind="stable")
        .drop_duplicates(["name", "dimension"])
        .rename(columns={"name": "partner", "title": "dataset"})
    )
    order = {name: place for place, name in enumerate(standing["name"].drop_duplicates())}
    place = {name: at for at, name in enumerate(DIMENSIONS)}
    lowest = lowest.sort_values(
        ["partner", "dimension"],
        key=lambda values: values.map(order if values.name == "partner" else place),
    ).reset_index(drop=True)
    wide = pd.DataFrame(dict.fromkeys(DIMENSIONS, lowest["share"]))
    graded = grades(wide, thresholds)
    own = lowest["dimension"].map({name: at for at, name in enumerate(DIMENSIONS)})
    lowest["grade"] = graded.to_numpy()[np.arange(len(graded)), own]
    lowest.loc[lowest["share"].isna(), "dataset"] = ""
    return lowest[["partner", "dimension", "share", "grade", "dataset"]]


def share_good(graded: pd.DataFrame) -> float:
    """Return which share of what is known is good, over the `MEASURED` dimensions; 0 to 1.

    Timeliness is left out: files say only that they have not ended, and on which day one arrived
    nobody wrote down.

    Parameters
    ----------
    graded : DataFrame
        With ``grade_<dimension>``, some of which is known.
    """
    every = graded[[f"grade_{name}" for name in MEASURED if name != "timeliness"]]
    known = every.to_numpy().ravel()
    return float((known[known != UNKNOWN] == GOOD).mean())
