"""One household's score in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.explanation import Contributions, gaps, reasons
from woda_lib.prediction.training import BASE

HOME = pd.Index(["h1"], name="household_id")


def of_one(**sizes: float) -> Contributions:
    """The contributions of one household, whose baseline is −3."""
    table = pd.DataFrame({**sizes, BASE: -3.0}, index=HOME)
    return Contributions.of(table, table.sum(axis=1))


def told(**values: float) -> pd.DataFrame:
    """What the model was told of it."""
    return pd.DataFrame(values, index=HOME)


def test_what_raises_comes_first_then_what_lowers_each_strongest_first(wording):
    found = reasons(
        of_one(arrears_notices=0.3, police_contacts=0.9, early_help_open=-0.2, money=0.1),
        told(arrears_notices=2.0, police_contacts=3.0, early_help_open=1.0, money=1.0),
        wording,
    )
    assert found[["way", "place", "says", "strength"]].to_numpy().tolist() == [
        ["raises", 1, "Three police contacts in 12 months", "a lot"],
        ["raises", 2, "Two notices about council tax owed in 12 months", "somewhat"],
        ["raises", 3, "A need under money in 12 months", "a little"],
        ["lowers", 1, "An early-help worker is there", "a little"],
    ]


def test_what_moves_the_score_little_is_told_together(wording):
    sizes = {"arrears_notices": 0.3, "police_contacts": 0.02, "money": 0.03, "housing": -0.01}
    found = reasons(of_one(**sizes), told(**dict.fromkeys(sizes, 1.0)), wording)
    assert found.loc[found["feature"].eq("others"), "says"].tolist() == [
        "Two other things together",
        "One other thing",
    ]


def test_no_more_than_so_many_are_told_one_by_one(wording):
    sizes = {"arrears_notices": 0.3, "police_contacts": 0.2, "money": 0.1}
    found = reasons(of_one(**sizes), told(**dict.fromkeys(sizes, 1.0)), wording, most=1)
    assert found["says"].tolist() == [
        "One notice about council tax owed in 12 months",
        "Two other things together",
    ]


def test_what_is_told_adds_up_to_the_score(contributions, features, wording):
    some = pd.Series(np.arange(len(features)) < 200)
    found = reasons(contributions.where(some), features[some.to_numpy()], wording, most=1)
    sums = found.groupby("household_id", sort=False)["contribution"].sum() + contributions.baseline
    np.testing.assert_allclose(sums, contributions.raw[some.to_numpy()], rtol=1e-9)
    assert sums.index.tolist() == features.index[:200].tolist()


def test_what_is_not_known_can_move_a_score_and_says_so(wording):
    found = reasons(of_one(arrears_notices=-0.4), told(arrears_notices=np.nan), wording)
    assert found[["says", "known"]].to_numpy().tolist() == [
        ["Notices about council tax owed: not known", False]
    ]


def test_gaps_are_named_and_what_never_was_is_none(wording):
    table = pd.DataFrame(
        {
            "people": [2.0, np.nan],
            "arrears_notices": [np.nan, np.nan],
            "months_since_statutory": [np.nan, 4.0],
        },
        index=pd.Index(["h1", "h2"], name="household_id"),
    )
    assert gaps(table, wording)[["household_id", "title"]].to_numpy().tolist() == [
        ["h1", "Notices about council tax owed"],
        ["h2", "People who live there"],
        ["h2", "Notices about council tax owed"],
    ]


def test_other_households_are_refused(wording):
    with pytest.raises(PredictionError, match="same households in the same order"):
        reasons(of_one(money=0.3), told(money=1.0).set_axis(["h2"]), wording)
