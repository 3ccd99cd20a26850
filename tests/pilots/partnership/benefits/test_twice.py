"""Nothing is counted twice across pilots, under whatever name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pilots.partnership.benefits.registers import WHOLE, another, reading, register
from woda_lib.pilots.partnership.benefits import (
    BenefitsError,
    common_resources,
    refuse_twice,
    share_that_remains,
)

OVERLAP = {"first": "Beds", "second": "Admissions avoided", "because": "Most were referred."}


def test_two_pilots_that_save_the_same_bed_days_are_refused_by_name() -> None:
    planted = register(another(resource="bed_days"))
    with pytest.raises(BenefitsError, match=r"'Beds' \(patient_flow\) and 'Admissions avoided'"):
        refuse_twice(planted)


def test_another_name_of_the_same_resource_hides_nothing() -> None:
    hidden = register(another(resource="admissions"))
    assert common_resources(*hidden.flows, hidden) == ("bed_days",)
    with pytest.raises(BenefitsError, match="both count bed_days of Acute trust"):
        refuse_twice(hidden)


def test_a_name_two_steps_away_hides_nothing() -> None:
    assert common_resources(*(made := register(another(resource="crises"))).flows, made) == (
        "bed_days",
    )


def test_a_group_that_the_partner_is_a_member_of_hides_nothing() -> None:
    with pytest.raises(BenefitsError, match="bed_days of Acute trust and All of them"):
        refuse_twice(register(another(partner="all_of_them")))


@pytest.mark.parametrize(
    "apart",
    [
        {"resource": "floor"},
        {"partner": "council"},
        {"population": "buildings"},
        {"first_year": 5, "last_year": 6},
        {"kind": "cost"},
        {"not_counted": "Nobody has been followed."},
    ],
    ids=lambda apart: next(iter(apart)),
)
def test_flows_that_have_nothing_in_common_are_let_stand(apart: dict[str, Any]) -> None:
    refuse_twice(register(another(**apart)))


def test_populations_may_share_people_unless_the_register_says_that_they_have_none() -> None:
    either_way = {
        "referred": {"says": "People referred", "apart_from": ["households"]},
        "households": {"says": "Households"},
    }
    refuse_twice(register(another(), populations=either_way))


def test_an_overlap_that_is_owned_up_to_leaves_a_share_of_the_second() -> None:
    owned = register(another(), overlaps=[{**OVERLAP, "remains": 0.3}])
    refuse_twice(owned)
    assert [share_that_remains(flow, owned) for flow in owned.flows] == [1.0, 0.3]
    counted = reading(another(), overlaps=[{**OVERLAP, "remains": 0.3}]).flows()
    assert counted["formula"].tolist()[1] == "(bed_day_cost) * 0.3"


def test_shares_of_several_overlaps_are_multiplied() -> None:
    third = another(flow="Crises", resource="crises")
    overlaps = [
        {**OVERLAP, "remains": 0.5},
        {"first": "Beds", "second": "Crises", "remains": 0.5, "because": "Some."},
        {"first": "Admissions avoided", "second": "Crises", "remains": 0.4, "because": "Some."},
    ]
    made = register(another(), third, overlaps=overlaps)
    refuse_twice(made)
    assert share_that_remains(made.flows[2], made) == pytest.approx(0.5 * 0.4)


def test_an_overlap_that_is_none_is_refused_so_that_it_cannot_cover_a_later_one() -> None:
    idle = register(another(resource="floor"), overlaps=[{**OVERLAP, "remains": 1}])
    with pytest.raises(BenefitsError, match=r"have nothing in common\. Take the overlap out"):
        refuse_twice(idle)


def test_resources_that_contain_each_other_are_the_same() -> None:
    circle = {
        "bed_days": {"says": "Days", "contains": ["admissions"]},
        "admissions": {"says": "Stays", "contains": ["bed_days"]},
    }
    made = register(another(attribution=WHOLE), resources=circle)
    assert common_resources(*made.flows, made) == ("admissions", "bed_days")
