"""A score is its baseline and its contributions, and one that is not is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.explanation import Contributions
from woda_lib.prediction.training import BASE


def test_what_the_model_says_adds_up_to_its_scores(contributions):
    sums = contributions.table.sum(axis=1) + contributions.baseline
    np.testing.assert_allclose(sums, contributions.raw, rtol=1e-9)


def test_contributions_that_do_not_add_up_are_refused_and_counted(taken_apart):
    odd = taken_apart.copy()
    odd.iloc[[0, 7], 0] += 0.01
    with pytest.raises(PredictionError, match="of 2 of 3,000 households do not add up"):
        Contributions.of(odd.drop(columns="raw"), odd["raw"])


def test_calibrated_scores_are_no_scores_in_log_odds(taken_apart):
    risk = 1 / (1 + np.exp(-taken_apart["raw"]))
    with pytest.raises(PredictionError, match="before calibration"):
        Contributions.of(taken_apart.drop(columns="raw"), risk)


def test_a_contribution_that_is_missing_is_refused(taken_apart):
    odd = taken_apart.copy()
    odd.iloc[3, 1] = np.nan
    with pytest.raises(PredictionError, match="of 1 of 3,000"):
        Contributions.of(odd.drop(columns="raw"), odd["raw"])


def test_other_households_or_no_baseline_are_refused(taken_apart):
    table, raw = taken_apart.drop(columns="raw"), taken_apart["raw"]
    with pytest.raises(PredictionError, match="same households in the same order"):
        Contributions.of(table, raw.iloc[::-1])
    with pytest.raises(PredictionError, match=f"no column {BASE}"):
        Contributions.of(table.drop(columns=BASE), raw)


def test_some_households_keep_their_own(contributions):
    chosen = pd.Series(contributions.table.index.isin(["h5", "h9"]))
    kept = contributions.where(chosen)
    assert list(kept.table.index) == list(kept.raw.index) == ["h5", "h9"]
    assert kept.table.loc["h9"].equals(contributions.table.loc["h9"])
