"""Options worked out by hand, and a switching value that was planted."""

from __future__ import annotations

import pytest

from tests.pilots.partnership.case.small import (
    KNOWN,
    appraisal,
    appraised,
    flows,
)
from woda_lib.evaluation import FormulaError, uncertain_inputs
from woda_lib.pilots.partnership.case import (
    CaseError,
    cash_by_year,
    cash_in_all,
    money_by_kind,
)
from woda_lib.pilots.partnership.case.flows import TOGETHER

YEAR_1, YEAR_2 = 1 / 1.035, 1 / 1.035**2
BEDS = 50 * YEAR_1 + 75 * YEAR_2
RENT = 20 * (YEAR_1 + YEAR_2)
MOVING = 30 * YEAR_1
TEAM, TIME = 20 * (1 + YEAR_1 + YEAR_2), 5 * (1 + YEAR_1 + YEAR_2)
COSTS = MOVING + TEAM + TIME


def test_the_options_side_by_side():
    table = appraisal().table().set_index("option")
    permanent = table.loc["Permanent team"]
    assert permanent["costs"] == pytest.approx(COSTS)
    assert permanent["benefits"] == pytest.approx(BEDS + RENT)
    assert permanent["cash_released"] == pytest.approx(RENT)
    assert permanent["net_present_value"] == pytest.approx(BEDS + RENT - COSTS)
    assert permanent["ratio"] == pytest.approx((BEDS + RENT) / COSTS)
    assert table.loc["Stop in order", "net_present_value"] == pytest.approx(-10)
    assert table.loc["Nothing is decided", ["costs", "benefits", "best"]].tolist() == [0, 0, 0]
    assert table["best"].tolist() == [0, 0, 100]
    assert list(table.index) == ["Nothing is decided", "Stop in order", "Permanent team"]


def test_nothing_is_best_where_nothing_pays():
    found = appraisal(beds=10.0)
    assert found.best_option() is None
    assert found.table().set_index("option")["best"].tolist() == [100, 0, 0]


def test_scenarios_hold_one_thing():
    table = appraisal().scenarios.set_index("scenario")
    assert list(table["title"]) == ["Permanent team", "Wards at 50%", "Costs at 120%"]
    assert table.loc["wards_halved", "ratio"] == pytest.approx((BEDS / 2 + RENT) / COSTS)
    # The office's costs rise by a fifth; what the move costs is the owners' affair.
    dearer = MOVING + 1.2 * (TEAM + TIME)
    assert table.loc["dearer", "ratio"] == pytest.approx((BEDS + RENT) / dearer)
    assert table.loc["dearer", "net_present_value"] == pytest.approx(BEDS + RENT - dearer)
    assert table["covered"].tolist() == [100, 0, 100]


def test_the_switching_value_that_was_planted():
    """Costs are covered where a year of beds is worth just what is not covered by rent."""
    found = appraisal(beds={"estimate": 100.0, "low": 80.0, "high": 120.0})
    planted = (COSTS - RENT) / (BEDS / 100)
    row = found.switching.set_index("input").loc["beds"]
    assert row["switching_value"] == pytest.approx(planted, rel=1e-6)
    assert row["change"] == pytest.approx(planted - 100, abs=1e-4)
    # So must the share of the wards that comes about.
    share = found.switching.set_index("input").loc["wards_counts", "switching_value"]
    assert share == pytest.approx(planted / 100, rel=1e-6)


def test_known_inputs_do_not_switch():
    assert set(appraisal().switching["input"]) == {"wards_counts", "map_counts", "costs_count"}


def test_optimism_is_taken_off():
    """The worst grade lowers benefits and raises costs by 40%."""
    guessed = flows().assign(grade=6)
    found = appraised(guessed, uncertain_inputs(**KNOWN))
    assert found.proposal.estimate == pytest.approx(0.6 * (BEDS + RENT) - 1.4 * COSTS)


def test_options_differ_by_what_they_do_and_not_by_chance():
    """The hand-over pays one post, the team two and time: draw by draw the same salary."""
    found = appraisal(salary={"estimate": 10.0, "low": 6.0, "high": 14.0})
    stop, permanent = found.by_option["stop"].worth, found.by_option["permanent"].worth
    years = 1 + YEAR_1 + YEAR_2
    assert (permanent + 2 * years * -stop).std() == pytest.approx(0, abs=1e-9)


def test_what_one_pilot_brings():
    found = appraisal()
    assert found.share_of("wards") == pytest.approx(100 * BEDS / (BEDS + RENT))
    assert found.share_of("nobody") == 0
    assert -found.office_costs().estimate == pytest.approx(TEAM + TIME)
    assert found.cost_avoided().estimate == pytest.approx(BEDS)


def test_who_must_find_the_cash_in_which_year():
    """Not discounted: three quarters of 20 is 15 a year; in year 1 also 30 less 20 of rent."""
    table = cash_by_year(appraisal(), "permanent").set_index("partner")
    assert table.loc["County council"].tolist() == [15, 25, -5, 35]
    assert table.loc["Acute trust"].tolist() == [5, 5, 5, 15]
    assert table.loc["All partners"].tolist() == [20, 30, 0, 50]


def test_what_budgets_would_see_is_not_discounted():
    """Two years of rent at 20; three years of a team at 20, and 30 once for moving."""
    found = appraisal(rent={"estimate": 20.0, "low": 10.0, "high": 30.0})
    released = cash_in_all(found, "benefit")
    assert released["estimate"] == pytest.approx(40)
    assert 20 < released["low"] + 1 < 40 < released["high"] - 1 < 60
    assert cash_in_all(found, "cost") == pytest.approx(dict.fromkeys(released, 90))
    year = cash_by_year(found, "permanent").set_index("partner").loc["All partners", "in_all"]
    assert year == pytest.approx(90 - 40)


def test_who_pays_and_who_gains():
    table = money_by_kind(appraisal(), "permanent").set_index("partner")
    assert table.loc["Acute trust", "cost_avoided"] == pytest.approx(BEDS)
    assert table.loc["Acute trust", "cash_released"] == 0
    assert table.loc["County council", "cash_released"] == pytest.approx(RENT)
    assert table.loc[TOGETHER, "time_given"] == pytest.approx(TIME)
    assert table.loc["County council", "time_given"] == 0
    assert table.loc["All partners", "net"] == pytest.approx(BEDS + RENT - COSTS)
    assert list(table.index) == ["Acute trust", TOGETHER, "County council", "All partners"]


def test_contributions_that_make_no_whole():
    with pytest.raises(CaseError, match=r"council, trust make 0\.9 of the office's costs"):
        appraised(flows(), uncertain_inputs(**KNOWN), trust=0.15)


def test_a_formula_that_names_no_input():
    inputs = uncertain_inputs(**{name: value for name, value in KNOWN.items() if name != "rent"})
    with pytest.raises(FormulaError, match="names rent, which is not known"):
        appraised(flows(), inputs)
