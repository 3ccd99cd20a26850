"""Who is missed: shares by group, counted by hand, with and without truth."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from woda_lib.linkage import LinkageWarning, SourceError
from woda_lib.linkage.missed import difference_at_most, who_is_missed
from woda_lib.linkage.quality import wilson

PEOPLE = 400
RECORDS = pd.DataFrame(
    {
        "source": np.repeat(["a", "b"], PEOPLE),
        "id": np.tile(np.arange(PEOPLE).astype(str), 2),
    }
)
PERSON = np.tile(np.arange(PEOPLE), 2)
GROUP = np.where(PERSON < 100, "few", "many")
# Of the few, 40 of 100 are missed, of the many 10 of 300; and 6 of the many are linked wrongly.
MISSED = (PERSON < 40) | (PERSON >= 390)
CLUSTERS = np.where(MISSED, np.arange(2 * PEOPLE) + PEOPLE, PERSON)
WRONG = {390: 391, 392: 393, 394: 395, 396: 397, 398: 399, 391: 390}
for one, other in WRONG.items():
    CLUSTERS[PEOPLE + other] = CLUSTERS[one]
TRUTH = RECORDS.assign(entity_id=PERSON, group=GROUP)


def measured(**given) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LinkageWarning)
        table = who_is_missed(RECORDS, CLUSTERS, **given)
    return table.set_index(["by", "measure", "group"]).sort_index()


def test_recall_precision_and_link_rate_by_hand() -> None:
    table = measured(groups=TRUTH, truth=TRUTH).loc["group"]
    counts = table[["numerator", "denominator"]].apply(tuple, axis=1).to_dict()
    assert counts == {
        ("recall", "few"): (60, 100),
        ("recall", "many"): (290, 300),
        ("precision", "few"): (60, 60),
        ("precision", "many"): (290, 296),
        ("link rate", "few"): (120, 200),
        ("link rate", "many"): (592, 600),
    }
    few = table.loc[("recall", "few")]
    assert (few["low"], few["high"]) == pytest.approx(wilson(60, 100))
    assert few["rest"] == pytest.approx(290 / 300)


def test_a_group_whose_interval_lies_below_the_rest_is_marked_and_warned_of() -> None:
    with pytest.warns(LinkageWarning, match="group few: recall 60.0% against 96.7%") as caught:
        table = who_is_missed(RECORDS, CLUSTERS, TRUTH, truth=TRUTH)
    assert table.loc[table["below_rest"], ["measure", "group"]].to_numpy().tolist() == [
        ["link rate", "few"],
        ["recall", "few"],
    ]
    assert "link rate" not in str(caught[0].message)  # the truth tells more


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 873–890, table II, method 10.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_intervals_of_differences_as_published(one, other, low, high) -> None:
    assert difference_at_most(one, other) == pytest.approx(high, abs=5e-5)
    assert -difference_at_most(other, one) == pytest.approx(low, abs=5e-5)


def test_link_rates_need_no_truth() -> None:
    with pytest.warns(LinkageWarning, match="group few: link rate 60.0% against 98.7%"):
        table = who_is_missed(RECORDS, CLUSTERS, TRUTH, by=["group"])
    assert set(table["measure"]) == {"link rate"}
    assert set(table["by"]) == {"source", "group"}


def test_no_warning_where_no_group_fares_worse() -> None:
    even = TRUTH.assign(group=np.where(PERSON // 2 % 2, "odd", "even"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        who_is_missed(RECORDS, CLUSTERS, even, truth=even)


def test_ages_are_cut_into_bands_and_a_missing_value_is_a_group() -> None:
    age = pd.Series(PERSON % 100, dtype="float").where(PERSON != 7)
    table = measured(groups=TRUTH.assign(age=age, tenth=PERSON % 10 + 1), truth=TRUTH)
    bands = table.loc[("age", "recall")]
    assert sorted(bands.index) == [
        "20 to under 40",
        "40 to under 60",
        "60 to under 80",
        "80 and over",
        "not stated",
        "under 20",
    ]
    assert bands["denominator"].sum() == PEOPLE
    assert sorted(table.loc[("tenth", "recall")].index, key=int) == [str(n) for n in range(1, 11)]


def test_a_pair_of_two_groups_counts_in_both() -> None:
    moved = TRUTH.assign(group=np.where(RECORDS["source"] == "a", GROUP, "elsewhere"))
    table = measured(groups=moved, truth=TRUTH)
    assert table.loc[("group", "recall", "elsewhere"), "denominator"] == PEOPLE
    assert table.loc[("group", "recall", "few"), "denominator"] == 100


def test_one_source_is_measured_within_itself() -> None:
    alone = RECORDS.assign(source="a", id=np.arange(2 * PEOPLE))
    truth = alone.assign(entity_id=PERSON)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LinkageWarning)
        table = who_is_missed(alone, PERSON, truth.assign(group=GROUP), truth=truth)
    assert (table["value"] == 1).all()


def test_groups_that_do_not_fit_are_refused() -> None:
    with pytest.raises(SourceError, match="Did you mean 'group'"):
        who_is_missed(RECORDS, CLUSTERS, TRUTH, by=["groop"])
    with pytest.raises(SourceError, match="names 800 records more than once"):
        who_is_missed(RECORDS, CLUSTERS, pd.concat([TRUTH, TRUTH]))
