"""Register, agreements and deliveries side by side; what changed; what the page says of it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.pilots.partnership.roadmap.conftest import PARAMETERS
from woda_lib.partners import CONTRACTS, OPT_OUTS, load_agreements
from woda_lib.pilots.partnership.roadmap import Register, Thresholds, standing, telling, trend
from woda_lib.pilots.partnership.roadmap.quality import DIMENSIONS, weakest

LIMITS = Thresholds(dict.fromkeys(DIMENSIONS, 0.95), fair_times=3)
STAYS, COUNCIL, ACUTE = "hospital_spells", "county_council", "worcestershire_acute"


@pytest.fixture(scope="module")
def stands(register: Register) -> pd.DataFrame:
    """Of two datasets files were read; of one of them few rows."""
    delivered = pd.DataFrame(
        {
            "partner": [ACUTE, COUNCIL],
            "dataset": [STAYS, "marac_cases"],
            "files": [48, 48],
            "rows": [1000, 99],
            "last_delivered": pd.Timestamp("2025-03-31"),
            "late_days": 0,
            "validity": [0.99, 0.5],
            "uniqueness": 1.0,
            "timeliness": 1.0,
            "consistency": [1.0, np.nan],
            "completeness": 0.1,  # of all columns; what is rightly blank included
        }
    )
    filled = pd.DataFrame(
        {
            "partner": ACUTE,
            "dataset": STAYS,
            "column": ["postcode", "discharge_date"],
            "required": False,
            "rows": 900,
            "filled": [891, 0],
        }
    )
    return standing.standing(
        register,
        load_agreements(PARAMETERS / "agreements"),
        delivered,
        filled,
        LIMITS,
        on=date(2025, 3, 31),
        soon=180,
        fewest=100,
    )


def _of(stands: pd.DataFrame, partner: str, dataset: str) -> pd.Series:
    return stands.set_index(["partner", "dataset"]).loc[(partner, dataset)]


def test_every_dataset_but_peoples_choices_stands_once(stands: pd.DataFrame):
    pairs = {(who, name) for name, each in CONTRACTS.items() for who in each.partners}
    pairs = {pair for pair in pairs if pair[1] != OPT_OUTS}
    assert set(zip(stands["partner"], stands["dataset"], strict=True)) == pairs
    assert len(stands) == len(pairs)


def test_what_was_read_is_graded_without_what_is_rightly_blank(stands: pd.DataFrame):
    stays = _of(stands, ACUTE, STAYS)
    assert stays["completeness"] == pytest.approx(891 / 900)
    assert stays["grade_completeness"] == "good"
    assert (stays["state"], stays["agreement"]) == ("in force", "patient_flow")
    assert stays["measured"] == 5


def test_of_few_rows_nothing_is_told_but_whether_they_came_in_time(stands: pd.DataFrame):
    cases = _of(stands, COUNCIL, "marac_cases")
    assert np.isnan(cases["validity"]) and cases["timeliness"] == 1.0
    assert (cases["measured"], cases["lacks"]) == (2, "rows enough to judge by")


def test_what_nobody_loaded_begins(stands: pd.DataFrame):
    roll = _of(stands, COUNCIL, "school_roll")
    assert (roll["files"], roll["measured"], roll["lacks"]) == (0, 1, "a file that was read")


def test_the_matrix_counts_what_is_shared_and_what_is_wanted(
    stands: pd.DataFrame, register: Register
):
    found = standing.matrix(stands, register).set_index(["partner", "about"])
    assert found.loc[(register.partners[ACUTE], "health")].tolist() == [1, 5, 0]
    assert found.loc[(register.partners["water_company"], "safety"), "wanted"] == 1
    assert pd.isna(found.loc[(register.partners["water_company"], "safety"), "level"])
    assert found["wanted"].sum() == len(register.wanted)
    assert found["shared"].sum() == 2


def test_own_words_are_counted_by_year(register: Register):
    found = trend.own_words(register).set_index("partner")
    years = [column for column in found if column.isdigit()]
    assert found.loc["All partners", years].tolist() == found.iloc[:-1][years].sum().tolist()
    every = [
        by.maturity[int(years[-1])] >= trend.LEARNING
        for dataset, held in register.held.items()
        for by in held.by.values()
        if dataset != OPT_OUTS
    ]
    assert found.loc["All partners", years[-1]] == sum(every)
    assert found.loc["All partners", "datasets"] == len(every)


def test_what_changed_is_told_with_its_direction(stands: pd.DataFrame):
    now = trend.kept(stands)
    assert trend.changes(now, now).empty
    before = now.copy()
    stays = (before["partner"] == ACUTE) & (before["dataset"] == STAYS)
    cases = before["dataset"] == "marac_cases"
    before.loc[stays, ["measured", "grade_validity"]] = [3, "fair"]
    before.loc[cases, "grade_validity"] = "poor"  # now it is not known: neither better nor worse
    before.loc[cases, "state"] = "draft"
    before = before[before["dataset"] != "land_use"]
    found = trend.changes(now, before)
    assert found.drop(columns="partner").to_numpy().tolist() == [
        ["marac_cases", "agreement", "draft", "in force", "better"],
        ["marac_cases", "validity", "poor", "not known", "changed"],
        ["land_use", "dataset", "not there", "there", "new"],
        [STAYS, "level", "3", "5", "better"],
        [STAYS, "validity", "fair", "good", "better"],
    ]
    counts = telling.change_counts(found).set_index("What")
    assert counts.loc["validity"].to_dict() == {"Better": 1, "New": 0, "Changed": 1}
    back = trend.changes(before, now)["direction"].value_counts().to_dict()
    assert back == {"worse": 3, "gone": 1, "changed": 1}


def test_what_the_page_says_of_quality(stands: pd.DataFrame):
    weak = weakest(stands, LIMITS)
    assert telling.quality_caption(weak).startswith("Accuracy falls short most often: one of ")
    assert "Acute hospitals, accuracy 93.0% (Steps of a discharge: fair)" in telling.quality_alt(
        weak
    )
    assert telling.maturity_caption(stands).startswith(f"Of {len(stands)} datasets partners put")
    high = telling.too_high_table(stands)
    assert len(high) == (stands["gap"] > 0).sum()
    assert (high["The next level lacks"].str.len() <= 60).all(), "the gate takes longer for prose"


def test_the_register_and_quality_are_told_in_words(stands: pd.DataFrame):
    told = telling.register_table(stands)
    stays = told[told["Dataset"] == "Hospital stays"].iloc[0]
    assert stays["Comes"] == "CSV, monthly, automatically"
    assert stays["Fields"] == "17 of 19"
    assert stays["Agreed"] == "in force, monthly"
    below = telling.quality_table(stands.assign(completeness=0.99496, validity=0.995))
    assert below.iloc[0][["Complete", "Valid"]].tolist() == ["99.4", "99.5"]  # good is from 99.5
    shares = telling.quality_table(stands)
    assert shares[shares["Dataset"] == "Hospital stays"].iloc[0]["Complete"] == "99.0"
    assert shares[shares["Dataset"] == "Pupils on a roll"].iloc[0]["Complete"] == "–"
