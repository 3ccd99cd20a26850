"""Households without a county: as many as asked for, with a rate and a signal like the county's."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from woda_lib.synthetic.complex_dependencies.mechanism import KNOWS, SERVICES, risk
from woda_lib.synthetic.complex_dependencies.tabular import DATES, FEATURES, MadeUp, draw_households

KEYS = ["household_id", "index_date"]


@pytest.fixture(scope="module")
def made() -> MadeUp:
    return draw_households(20_000, 4)


def test_each_date_has_its_households_and_each_its_features(made):
    assert made.spine.groupby("index_date").size().tolist() == [20_000] * len(DATES)
    assert not made.spine.duplicated(KEYS).any()
    assert made.spine[KEYS].equals(made.features[KEYS])
    assert list(made.features) == [*KEYS, *FEATURES]
    assert made.features["kind"].dtype == "category"
    assert made.features["index_date"].dtype == "datetime64[ns]"
    numbers = made.features.drop(columns=[*KEYS, "kind", "months_since_statutory"])
    assert numbers.dtypes.eq("float64").all()
    assert numbers.notna().all(axis=None)


def test_outcomes_are_there_where_the_year_is_over(made):
    assert set(made.spine["split"]) == {"train", "test", "watch", "score"}
    known = made.outcomes.merge(made.spine)["split"]
    assert set(known) == {"train", "test", "watch"}
    services = made.outcomes[list(SERVICES)].sum(axis=1)
    assert made.outcomes["services_new"].equals(services)
    assert made.outcomes["happened"].equals(services.ge(2))


def test_it_happens_in_two_to_four_of_a_hundred_on_every_date(made):
    assert made.outcomes.groupby("index_date")["happened"].mean().between(0.02, 0.04).all()


def test_the_oracle_is_the_mechanism_on_the_features_and_orders_well(made):
    assert np.allclose(made.oracle["risk"], risk(made.features))
    known = made.outcomes.merge(made.oracle)
    assert 0.82 < roc_auc_score(known["happened"], known["risk"]) < 0.89
    assert known["risk"].mean() == pytest.approx(known["happened"].mean(), rel=0.08)


def test_what_is_recorded_was_needed_and_more_of_it_where_services_know_the_home(made):
    seen, need = made.outcomes[list(SERVICES)], made.needed[list(SERVICES)]
    assert (need | ~seen).all(axis=None)
    known = made.outcomes.merge(made.spine)["services"]
    share = seen.sum(axis=1).groupby(known).sum() / need.sum(axis=1).groupby(known).sum()
    assert share.is_monotonic_increasing
    assert share["0"] < 0.55 and share["4 or more"] > 0.85
    total = made.features[list(KNOWS)].sum(axis=1)
    assert made.spine["services"].str[0].astype(int).equals(total.clip(upper=4).astype(int))


def test_without_a_signal_as_much_happens_and_nothing_tells_of_it():
    plain = draw_households(20_000, 4, signal=0.0)
    assert plain.oracle["risk"].nunique() == 1
    assert 0.02 < plain.outcomes["happened"].mean() < 0.04


def test_without_the_bias_of_coverage_all_are_found_evenly():
    even = draw_households(20_000, 4, coverage=0.0)
    known = even.outcomes.merge(even.spine)["services"]
    seen = even.outcomes[list(SERVICES)].sum(axis=1).groupby(known).sum()
    share = seen / even.needed[list(SERVICES)].sum(axis=1).groupby(known).sum()
    # Rare homes with high rates are seen a little oftener: of two steps in a year one is enough.
    assert share["0":"3"].max() - share["0":"3"].min() < 0.06


def test_a_shift_begins_after_the_test_year():
    moved = draw_households(20_000, 4, shift=1.0)
    notices = moved.features["arrears_notices"].groupby(moved.spine["split"]).mean()
    assert notices["test"] == pytest.approx(notices["train"], rel=0.1)
    assert notices["watch"] > 2 * notices["test"]


def test_groups_go_with_deprivation_and_the_mechanism_asks_for_none(made):
    white = made.spine["ethnicity"].eq("White").groupby(made.spine["deprivation"]).mean()
    assert white["1"] < white["5"]
    assert {"ethnicity", "sex", "age", "services"}.isdisjoint(made.features)
    assert set(made.spine["sex"]) == {"women", "men", "both", "not known"}


def test_the_same_seed_gives_the_same_households():
    first, again = draw_households(500, 4), draw_households(500, 4)
    for name in ("spine", "features", "outcomes", "needed", "oracle"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(first, name))
