"""What a model goes by over all households."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.explanation import Contributions, explain_overall
from woda_lib.prediction.training import BASE


@pytest.fixture(scope="module")
def overall(contributions, features, wording):
    """What the small model goes by."""
    households = pd.Series(features.index)
    return explain_overall(contributions, features, wording, households=households, seed=3)


def test_what_was_planted_comes_first_and_with_its_direction(overall):
    assert overall.table["feature"].tolist()[:2] == ["arrears_notices", "early_help_open"]
    assert overall.table["direction"].tolist()[:2] == ["more, higher", "more, lower"]


def test_the_mean_is_of_absolute_contributions_and_lies_in_its_interval(overall, contributions):
    row = overall.table.set_index("feature").loc["arrears_notices"]
    assert row["mean"] == pytest.approx(contributions.table["arrears_notices"].abs().mean())
    assert row["low"] < row["mean"] < row["high"]
    assert overall.table["share"].sum() == pytest.approx(100)


def test_the_interval_is_as_wide_as_households_differ(overall, contributions):
    """For one row a household the bootstrap comes to the standard error of a mean."""
    size = contributions.table["arrears_notices"].abs()
    row = overall.table.set_index("feature").loc["arrears_notices"]
    expected = 2 * 1.96 * size.std() / np.sqrt(len(size))
    assert row["high"] - row["low"] == pytest.approx(expected, rel=0.2)


def test_a_household_is_drawn_whole(contributions, features, wording):
    """Ten rows a household, all alike, tell as much as one: the interval is no narrower."""
    ten = np.repeat(np.arange(300), 10)
    some = contributions.table.iloc[ten]
    rows = pd.RangeIndex(3000)
    held = Contributions(some.set_axis(rows), contributions.baseline, pd.Series(0.0, index=rows))
    told = features.iloc[ten].set_axis(rows)
    by_household = explain_overall(held, told, wording, households=pd.Series(ten), seed=3)
    by_row = explain_overall(held, told, wording, households=pd.Series(rows), seed=3)
    wide, narrow = (
        (found.table["high"] - found.table["low"]).to_numpy() for found in (by_household, by_row)
    )
    np.testing.assert_allclose(wide / narrow, np.sqrt(10), rtol=0.25)


def test_one_feature_that_does_most_and_knowing_services_are_warned_of(wording):
    table = pd.DataFrame({"knows_police": [2.0, -2.0], "people": [0.1, -0.1], BASE: -3.0})
    held = Contributions.of(table, table.sum(axis=1))
    told = pd.DataFrame({"knows_police": [1.0, 0.0], "people": [4.0, 1.0]})
    said = explain_overall(held, told, wording, households=pd.Series(["a", "b"]), seed=1).warnings
    assert any("Known to the police alone makes up 95%" in sentence for sentence in said)
    assert any("scored lower for that, whatever they need" in sentence for sentence in said)


def test_nobody_and_a_feature_that_is_absent_are_refused(contributions, features, wording):
    nobody = contributions.where(pd.Series(False, index=features.index))
    with pytest.raises(PredictionError, match="no household to explain"):
        explain_overall(nobody, features, wording, households=pd.Series([]), seed=1)
    with pytest.raises(PredictionError, match="lack months_here"):
        explain_overall(
            contributions,
            features.drop(columns="months_here"),
            wording,
            households=pd.Series(features.index),
            seed=1,
        )


def test_its_picture_is_drawn_at_both_widths(overall):
    from woda_lib.figures import to_svg

    for narrow in (False, True):
        drawn = to_svg(overall.plot(), narrow=narrow)
        assert "Notices about council tax owed" in drawn
        assert "more, lower" in drawn
