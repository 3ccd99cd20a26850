"""Coverage bias: found where it was planted, and quiet where being known matters to nobody."""

import numpy as np
import pandas as pd
import pytest

from woda_lib.figures import to_svg
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.fairness import CoverageBias, coverage_bias
from woda_lib.prediction.fairness.equal_needs import expect_from_needs
from woda_lib.synthetic.complex_dependencies.tabular import MadeUp, draw_households


def judged(made_up: MadeUp, **changed: pd.DataFrame) -> CoverageBias:
    tables = {
        "scores": made_up.oracle,
        "outcomes": made_up.outcomes,
        "spine": made_up.spine,
        "features": made_up.features,
    }
    return coverage_bias(**(tables | changed))


@pytest.fixture(scope="module")
def planted() -> MadeUp:
    return draw_households(2500, 3)


@pytest.fixture(scope="module")
def biased(planted: MadeUp) -> CoverageBias:
    return judged(planted)


@pytest.fixture(scope="module")
def even() -> CoverageBias:
    return judged(draw_households(2500, 3, coverage=0.0))


class TestWhatIsPlanted:
    def test_it_is_found_and_named(self, biased: CoverageBias) -> None:
        assert biased.found
        assert biased.finding.startswith("Coverage bias: of households with equal recorded needs")
        assert biased.low > 1

    def test_its_size_is_that_of_the_mechanism(self, biased: CoverageBias) -> None:
        # From 0.46 found of homes that no service knows to 0.62, 0.75, 0.85, 0.92 of those that
        # one, two, three and four know: by 1.35, 1.21, 1.13 and 1.08 for each further service.
        assert biased.low < 1.35 and biased.high > 1.08

    def test_scores_that_know_who_is_known_rise_with_it(self, biased: CoverageBias) -> None:
        scored = biased.table.set_index("name").loc["scored"]
        assert scored["low"] > 1.2

    def test_without_it_nothing_is_found(self, even: CoverageBias) -> None:
        assert not even.found
        assert even.finding.startswith("Coverage bias is not found")
        scored = even.table.set_index("name").loc["scored"]
        assert scored["low"] < 1.02 and scored["high"] > 0.98

    def test_it_says_what_it_cannot_tell(self, biased: CoverageBias, even: CoverageBias) -> None:
        for found in (biased, even):
            assert found.warnings[0].startswith("Need that no service has written down is unseen")

    def test_needs_are_held_equal_and_being_known_is_not(self, biased: CoverageBias) -> None:
        assert "police_contacts" in biased.needs and "kind" in biased.needs
        assert not any(name.startswith("knows_") for name in biased.needs)

    def test_the_picture_has_a_row_for_each_that_is_compared(self, biased: CoverageBias) -> None:
        for narrow in (False, True):
            drawn = to_svg(biased.plot(), narrow=narrow)
            assert all(words in drawn for words in ("fewer", "as many", "one more", "two or more"))


def test_what_is_expected_of_a_household_is_learnt_from_others() -> None:
    """Each of 60 households has an outcome that only itself would teach."""
    rng = np.random.default_rng(1)
    household = pd.Series(np.repeat(np.arange(60), 5))
    needs = pd.DataFrame({"number": household.astype(float)})
    own = rng.poisson(1.0, 60)[household].astype(float)
    expected = expect_from_needs(needs, own, own, household, seed=0)
    assert np.corrcoef(expected.services_new, own)[0, 1] < 0.5


class TestBadInput:
    def test_no_date_in_common(self, planted: MadeUp) -> None:
        with pytest.raises(PredictionError, match="No household has features and an outcome"):
            judged(planted, features=planted.features.iloc[:0])

    def test_a_column_that_is_not_there(self, planted: MadeUp) -> None:
        with pytest.raises(PredictionError, match="outcomes has no column 'services_new'"):
            judged(planted, outcomes=planted.outcomes.drop(columns="services_new"))

    def test_too_few_to_tell(self, planted: MadeUp) -> None:
        with pytest.raises(PredictionError, match="fewer than 100 say nothing"):
            judged(planted, outcomes=planted.outcomes.iloc[:100])

    def test_all_known_to_equally_many(self, planted: MadeUp) -> None:
        knows = [name for name in planted.features if name.startswith("knows_")]
        with pytest.raises(PredictionError, match="equally many services"):
            judged(planted, features=planted.features.assign(**dict.fromkeys(knows, 0.0)))

    def test_no_scores_leave_the_rest_told(self, planted: MadeUp) -> None:
        few = planted.outcomes.iloc[:2500]
        found = judged(planted, outcomes=few, scores=planted.oracle.iloc[:0])
        assert np.isnan(found.table.set_index("name").loc["scored", "ratio"])
        assert any("nothing is said of the scores" in said for said in found.warnings)
