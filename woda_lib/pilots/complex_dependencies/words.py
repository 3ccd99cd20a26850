"""A model's reasons over all households of a day, in words."""

from __future__ import annotations

import pandas as pd

from woda_lib.notebook import Run
from woda_lib.pilots.complex_dependencies.scoring import Scored
from woda_lib.prediction.explanation import (
    Contributions,
    Overall,
    Wording,
    explain_overall,
    read_wording,
)
from woda_lib.prediction.features import read_features
from woda_lib.prediction.training import Model


def wording_of(run: Run, *, look_back_months: int) -> Wording:
    """Return the words of the features, which become an input of the run.

    Raises
    ------
    PredictionError
        If a feature of the registry has no words.
    """
    folder = run.parameters_folder / "complex_dependencies"
    features = read_features(folder / "features.yaml", look_back_months=look_back_months)
    run.record_input(folder / "features.yaml", "features.yaml", public=features.titles.values())
    run.record_input(folder / "wording.yaml", "wording.yaml")
    return read_wording(folder / "wording.yaml", features)


def explained(
    model: Model, scored: Scored, wording: Wording, *, seed: int
) -> tuple[Contributions | None, Overall | None]:
    """Take the scores of a day apart, and say what moves them over all households.

    Parameters
    ----------
    model
    scored
        Of one day, from `Scored.of`.
    wording
    seed
        Of the bootstrap.

    Returns
    -------
    tuple
        Nothing twice, where nobody has a score.
    """
    if scored.table.empty:
        return None, None
    told = scored.features
    raw = pd.Series(scored.table["raw"].to_numpy(), index=told.index)
    parts = Contributions.of(model.contributions(told), raw)
    homes = pd.Series(told.index)
    return parts, explain_overall(parts, told, wording, households=homes, seed=seed)
