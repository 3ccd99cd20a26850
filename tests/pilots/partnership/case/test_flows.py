"""What every option brings beyond doing nothing, and what it costs whom."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.pilots.partnership.case.small import BENEFITS, COSTS, KNOWN, OPTIONS, PARTNERS, flows
from woda_lib.evaluation import Formula
from woda_lib.pilots.partnership.case import CaseError, option_flows
from woda_lib.pilots.partnership.case.flows import TOGETHER


def by_year(name: str, years: int = 3) -> list[float]:
    """Pounds of one flow in each of its years."""
    row = flows(years).set_index("flow").loc[name]
    formula = Formula(row["formula"])
    span = range(row["first_year"], row["last_year"] + 1)
    return [float(formula({**KNOWN, "year": year})) for year in span]


def test_a_benefit_under_way_counts_by_what_would_have_faded():
    """Nothing in the first year; then 100 less the 50, the 25 … that would be left anyway."""
    assert by_year("permanent: Beds") == [0, 50, 75]


def test_who_keeps_no_more_than_the_baseline_brings_nothing():
    assert by_year("stop: Beds") == [0, 0, 0]


def test_what_is_to_come_comes_only_where_it_is_seen_through():
    lines = flows().groupby("option")["line"].apply(set)
    assert lines["permanent"] == {"Beds", "Rent", "Moving", "Team", "Time"}
    assert lines["stop"] == {"Beds", "Team"}
    assert by_year("permanent: Rent") == [20, 20]
    assert by_year("permanent: Moving") == [30]


def test_partners_pay_the_office_in_their_parts():
    """Two posts at 10 are 20 a year; who stops pays one post in the first year alone."""
    assert by_year("permanent: Team, council") == [15, 15, 15]
    assert by_year("permanent: Team, trust") == [5, 5, 5]
    assert by_year("stop: Team, council") == [7.5]
    table = flows().set_index("flow")
    assert table.loc["permanent: Team, trust", "partner"] == "Acute trust"


def test_time_is_dealt_to_nobody_by_a_share_of_the_money():
    time = flows().query("option == 'permanent' and line == 'Time'")
    assert time["partner"].tolist() == [TOGETHER]
    assert by_year(f"permanent: Time, {TOGETHER}") == [5, 5, 5]
    assert not time["cashable"].any()


@pytest.mark.parametrize(
    ("runs", "goes_on", "years"),
    [
        ("setting_up", True, (0, 0)),
        ("running", True, (0, 4)),
        ("ending", True, (4, 4)),
        ("running", False, (0, 0)),
    ],
)
def test_when_a_cost_falls(runs, goes_on, years):
    cost = COSTS.costs[0].model_copy(update={"runs": runs})
    assert cost.years(4 if goes_on else 0) == years


def test_the_case_looks_no_further_than_its_years():
    assert flows(2)["last_year"].max() == 1
    late = BENEFITS.assign(first_year=3, last_year=4)
    found = option_flows(late, COSTS, OPTIONS, years=3, partners=PARTNERS)
    assert set(found["pilot"]) == {"the office"}


def test_a_post_is_no_part_of_another_name():
    costs = COSTS.model_copy(
        update={"costs": (COSTS.costs[0].model_copy(update={"formula": "posts * posts_beside"}),)}
    )
    found = option_flows(BENEFITS, costs, OPTIONS, years=1, partners=PARTNERS)
    formula = Formula(found.set_index("flow").loc["permanent: Team, trust", "formula"])
    assert {"team", "posts_beside"} <= formula.names
    assert "posts" not in formula.names


def test_a_pilot_of_which_nobody_says_what_becomes_of_it():
    register = pd.concat([BENEFITS, BENEFITS[:1].assign(flow="More", pilot="register")])
    with pytest.raises(CaseError, match=r"a benefit of register, and options\.yaml does not say"):
        option_flows(register, COSTS, OPTIONS, years=3, partners=PARTNERS)


def test_a_cost_of_an_option_that_is_not_there():
    wrong = COSTS.costs[0].model_copy(update={"options": ("permanant",)})
    costs = COSTS.model_copy(update={"costs": (wrong,)})
    with pytest.raises(CaseError, match=r"Team is borne by .* Did you mean 'permanent'"):
        option_flows(BENEFITS, costs, OPTIONS, years=3, partners=PARTNERS)


def test_a_contribution_of_nobody():
    costs = COSTS.model_copy(update={"contributions": {"counsil": "council_pays"}})
    with pytest.raises(CaseError, match=r"'counsil' is no partner .* Did you mean 'council'"):
        option_flows(BENEFITS, costs, OPTIONS, years=3, partners=PARTNERS)


def test_every_flow_has_a_name_of_its_own():
    assert not flows()["flow"].duplicated().any()
    assert np.isfinite(flows()["grade"].astype(float)).all()
