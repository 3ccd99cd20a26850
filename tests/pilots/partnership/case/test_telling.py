"""The sentences of the case follow its numbers, and say no figure themselves."""

from __future__ import annotations

import re

import pytest

from tests.pilots.partnership.case.small import OPTIONS, appraisal
from woda_lib.notebook.typed_figures import PLACEHOLDER, typed_figure
from woda_lib.pilots.partnership.case import (
    Appraisal,
    answer,
    headlines,
    how_sure,
    ratio_alt,
    ratio_finding,
    so_what,
    standing,
    verdict,
    years_finding,
)
from woda_lib.pilots.partnership.case.overtaking import is_best

# Of the small case costs are about 102 and benefits, at 100 a year of beds, about 156.
BEDS = {
    "covered": {"estimate": 120.0, "low": 110.0, "high": 130.0},
    "likely covered": {"estimate": 60.0, "low": 30.0, "high": 90.0},
    "likely not covered": {"estimate": 45.0, "low": 20.0, "high": 70.0},
    "not covered": {"estimate": 20.0, "low": 15.0, "high": 25.0},
}


@pytest.mark.parametrize("expected", BEDS)
def test_how_benefits_lie_to_costs(expected):
    assert standing(appraisal(beds=BEDS[expected]).proposal) == expected


@pytest.mark.parametrize(
    ("beds", "opens", "says"),
    [
        ("covered", "Yes, on this evidence: a permanent team brings", "whole interval lies above"),
        ("likely covered", "Probably, and not for sure: as", "reaches below what is paid"),
        ("likely not covered", "Not on this evidence: a", "less than is paid, though"),
        ("not covered", "No: a permanent team brings", "whole interval lies below what is paid"),
    ],
)  # fmt: skip
def test_the_verdict_follows_the_interval(beds, opens, says):
    found = verdict(appraisal(beds=BEDS[beds]))
    assert found.startswith(opens)
    assert says in found
    assert "{benefit_cost_ratio}" in found


def test_an_estimate_that_most_futures_fall_short_of_leaves_it_open():
    """The best guess of what rent brings is near the best that it can be."""
    known = {"estimate": 20.0, "low": -70.0, "high": 21.0, "distribution": "triangular"}
    found = appraisal(beds=55.0, rent=known)
    assert found.proposal.estimate > 0
    assert found.proposal.probability_positive < 0.5
    assert standing(found.proposal) == "open"
    assert verdict(found).startswith("It cannot be told: as estimated a permanent team")
    assert "in most simulated futures less than is paid" in verdict(found)


def test_what_pays_and_is_worth_less_than_another_option():
    """Beds that do not fade when they are handed over: stopping brings as much, and costs less."""
    options = OPTIONS.model_copy(
        update={
            "options": (
                OPTIONS.options[0].model_copy(update={"keeps": "1"}),
                OPTIONS.options[1].model_copy(update={"sees_through": ()}),
            )
        }
    )
    found = appraisal(beds=BEDS["covered"], options=options)
    assert verdict(found).startswith(
        "It would pay as estimated, and stopping in order is worth more: a permanent team"
    )
    assert (
        "stopping in order is worth most as estimated, a net present value of "
        "{stop_net_present_value}" in so_what(found)[0]
    )


def test_what_is_worth_most_as_estimated_and_in_fewer_futures_than_nothing_is_said_so():
    """The best guess of what rent brings is near the best that it can be."""
    known = {"estimate": 20.0, "low": -70.0, "high": 21.0, "distribution": "triangular"}
    found = appraisal(beds=55.0, rent=known)
    told = so_what(found)[0]
    assert found.best_option() is not None
    assert found.chance_of_the_baseline() > 50
    assert "though in {chance_nothing_worth_more} of simulated futures deciding nothing is" in told
    assert "though" not in so_what(appraisal(beds=BEDS["covered"]))[0]


def test_that_it_is_a_draft_is_left_to_the_note_under_the_answer():
    assert "draft" not in answer(appraisal(beds=BEDS["covered"]))


def test_what_is_worth_most():
    assert "Of all options it is worth most" in so_what(appraisal())[0]
    assert "No option is worth more than deciding nothing" in so_what(appraisal(beds=5.0))[0]


@pytest.mark.parametrize(
    ("rent", "said"),
    [(20.0, "less than the {cash_paid:value}"), (90.0, "more than the {cash_paid")],
)
def test_cash_released_beside_cash_paid(rent, said):
    told = so_what(appraisal(rent=rent))[-1]
    assert said in told
    assert "{cost_avoided:value} of cost avoided, in present value" in told


@pytest.mark.parametrize("beds", BEDS)
def test_sentences_name_values_that_are_recorded_and_no_figure(beds):
    found = appraisal(beds=BEDS[beds])
    recorded = {one["name"] for one in headlines(found)}
    assert all(one["label"] for one in headlines(found))
    for text in (answer(found), how_sure(found)):
        assert typed_figure(text) is None
        named = {match["name"] for match in PLACEHOLDER.finditer(text)}
        assert {name for name in named if "/" not in name} <= recorded
        assert {name for name in named if "/" in name} <= {
            "assumed/years",
            "assumed/days_due_to_sharing",
            "assumed/fades",
        }


def test_the_hardest_scenario_is_told():
    assert "{ratio_wards_halved} comes back" in how_sure(appraisal())


def test_what_would_change_the_answer_is_an_item_of_its_own():
    """So that the executive pack can take it from the list."""
    items = how_sure(appraisal()).splitlines()
    assert len([item for item in items if item.startswith("- What would change")]) == 1


KEPT_BY_HANDING_OVER = OPTIONS.model_copy(
    update={
        "options": (
            OPTIONS.options[0].model_copy(update={"keeps": "1 - 0.3 * year"}),
            OPTIONS.options[1],
        )
    }
)
# Years 1 and 2 are worth 100 × share each. Of them deciding nothing leaves 50 and 25, handing over
# 70 and 40, the team 100 and 100. In present value the team brings 118.32 × share and loses 63.48
# besides; handing over brings 33.33 × share and costs 10.
COVERS = 100 * 63.484 / 118.322
BEST = 100 * (63.484 - 10) / (118.322 - 33.326)


def trial(share: float) -> Appraisal:
    """The small case, with stopping that keeps something, and this share of beds due to sharing."""
    known = {"estimate": share, "low": share - 0.05, "high": share + 0.05, "distribution": "beta"}
    return appraisal(
        options=KEPT_BY_HANDING_OVER,
        beds_formula="beds * days_due_to_sharing",
        days_due_to_sharing=known,
    )


@pytest.mark.parametrize(
    ("share", "trial_finds", "hangs_on"),
    [
        (
            0.9,
            "no more than {days_due_to_sharing_that_makes_it_best:value} of the days saved, for "
            "there a permanent team no longer is worth most of all options.",
            "costs are covered down to {days_due_to_sharing_that_covers_costs:value}, and a "
            "permanent team is worth most down to {days_due_to_sharing_that_makes_it_best:value},",
        ),
        (
            0.6,
            "at least {days_due_to_sharing_that_makes_it_best:value} of the days saved, for there "
            "a permanent team is worth most of all options.",
            "costs are covered down to {days_due_to_sharing_that_covers_costs:value}, and a "
            "permanent team would be worth most from {days_due_to_sharing_that_makes_it_best:",
        ),
        (
            0.2,
            "at least {days_due_to_sharing_that_makes_it_best:value} of the days saved, for there "
            "a permanent team is worth most of all options.",
            "costs would be covered from {days_due_to_sharing_that_covers_costs:value}, and a "
            "permanent team would be worth most from {days_due_to_sharing_that_makes_it_best:",
        ),
    ],
)  # fmt: skip
def test_a_trial_that_would_turn_the_answer(share, trial_finds, hangs_on):
    found = trial(share)
    assert f"brought about {trial_finds}" in how_sure(found)
    assert hangs_on in so_what(found)[1]


@pytest.mark.parametrize("share", [0.2, 0.6, 0.9])
def test_costs_are_covered_before_it_is_the_best_that_can_be_decided(share):
    values = {one["name"]: one["value"] for one in headlines(trial(share))}
    covers = values["days_due_to_sharing_that_covers_costs"]
    best = values["days_due_to_sharing_that_makes_it_best"]
    assert (covers, best) == pytest.approx((COVERS, BEST), abs=0.01)
    # At the one the team is worth nothing and handing over more; past the other it is worth most.
    assert is_best(trial(best / 100 + 0.001))
    assert not is_best(trial(best / 100 - 0.001))


def test_a_share_that_turns_nothing_is_no_threshold():
    found = appraisal(beds_formula="beds * days_due_to_sharing", beds=5.0, days_due_to_sharing=0.2)
    assert "makes_it_best" not in {one["name"] for one in headlines(found)}
    assert "No share that is due to sharing, whatever it is, turns it alone" in how_sure(found)


def test_values_without_a_number_are_left_out():
    """A payback that never comes is no value."""
    paid = {one["name"] for one in headlines(appraisal())}
    never = {one["name"] for one in headlines(appraisal(beds=5.0))}
    assert paid - never == {"payback_years"}


def test_money_that_is_back_in_year_2_is_back_after_three_years():
    found = {one["name"]: one["value"] for one in headlines(appraisal())}
    assert found["payback_years"] == 3


def test_the_first_values_are_those_of_the_pack():
    names = [one["name"] for one in headlines(appraisal())][:4]
    assert names == [
        "benefit_cost_ratio",
        "net_present_value",
        "chance_costs_covered",
        "cash_released",
    ]


def test_a_value_has_its_interval():
    found = {one["name"]: one for one in headlines(appraisal(beds=BEDS["covered"]))}
    ratio = found["benefit_cost_ratio"]
    assert ratio["low"] < ratio["value"] < ratio["high"]
    assert (ratio["unit"], ratio["decimals"]) == ("pounds a pound", 2)


def test_captions_say_what_is_drawn():
    found = appraisal()
    assert ratio_finding(found).startswith("Pounds back for each pound: Permanent team 1.")
    assert ratio_finding(found).endswith("its costs are covered in 1 of 2 scenarios")
    assert ratio_finding(appraisal(beds=5.0)).endswith("its costs are covered in no scenario")
    assert ratio_finding(appraisal(beds=900.0)).endswith("its costs are covered in every scenario")
    assert years_finding(found) == "The money has come back in year 2"
    assert years_finding(appraisal(beds=5.0)) == "By year 2 the money has not come back"
    alt = ratio_alt(found.table(), found)
    assert re.search(r"Permanent team 1\.\d\d \(.*Wards at 50%", alt)
