"""The tables of a synthetic control: periods, weights, predictors, and every unit as a placebo."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.evaluation.donors.match import Match
from woda_lib.evaluation.donors.panel import Panel
from woda_lib.evaluation.donors.placebos import PlaceboScale


def periods_table(
    panel: Panel, match: Match, placebos: list[Match], scale: PlaceboScale, level: float
) -> pd.DataFrame:
    """Return a row a period: what was observed, the mixture, and their gap with its limits."""
    after = np.arange(len(panel.positions)) >= panel.before
    half = scale.reach(np.array([placebo.gaps for placebo in placebos]), level)
    half = np.where(after, half, np.nan)
    return pd.DataFrame(
        {
            "time": panel.times,
            "period": np.where(after, "after", "before"),
            "observed": panel.outcomes[0],
            "synthetic": panel.outcomes[0] - match.gaps,
            "gap": match.gaps,
            "low": match.gaps - half,
            "high": match.gaps + half,
        }
    )


def weights_table(panel: Panel, match: Match) -> pd.DataFrame:
    """Return a row a donor with its weight in the mixture, the heaviest first."""
    table = pd.DataFrame({"donor": list(panel.donors), "weight": match.weights})
    return table.sort_values("weight", ascending=False, kind="stable", ignore_index=True)


def predictors_table(known: pd.DataFrame, match: Match) -> pd.DataFrame:
    """Return a row a predictor: its share, and its value in treated unit, mixture and donors."""
    columns = ["predictor", "share", "treated", "synthetic", "donors"]
    if known.empty:
        return pd.DataFrame(columns=columns)
    values = known.to_numpy()
    return pd.DataFrame(
        {
            "predictor": known.index,
            "share": match.shares,
            "treated": values[:, 0],
            "synthetic": values[:, 1:] @ match.weights,
            "donors": values[:, 1:].mean(axis=1),
        }
    )


def units_table(panel: Panel, match: Match, placebos: list[Match]) -> pd.DataFrame:
    """Return a row a unit, each treated in turn: its effect, and its fit before and after."""
    everyone = [match, *placebos]
    before = np.array([one.rmspe for one in everyone])
    after = np.array([one.rmspe_after for one in everyone])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = after / before  # infinite where a mixture fits perfectly
    return pd.DataFrame(
        {
            "unit": list(panel.names),
            "effect": [one.effect for one in everyone],
            "rmspe_before": before,
            "rmspe_after": after,
            "ratio": np.nan_to_num(ratio, nan=1.0, posinf=np.inf),
        }
    )
