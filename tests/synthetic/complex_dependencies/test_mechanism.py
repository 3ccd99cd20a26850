"""What is planted: rates of statutory services from a home's features, and who hears of them."""

import numpy as np
import pandas as pd
import pytest

from woda_lib.partners.datasets.notices import STATUTORY
from woda_lib.synthetic.complex_dependencies.mechanism import (
    KNOWS,
    SERVICES,
    found,
    hazards,
    recorded,
    risk,
    two_or_more,
)
from woda_lib.synthetic.complex_dependencies.tabular import FEATURES


def home(**features: float) -> pd.DataFrame:
    """One home: two people in the middle fifth of whom nobody has written anything."""
    usual = {name: 0.0 for name in FEATURES if name != "kind"}
    usual |= {"people": 2, "deprivation": 3, "months_since_statutory": np.nan}
    return pd.DataFrame([{**usual, **features}])


def rate(service: str, **features: float) -> float:
    return float(hazards(home(**features))[service].iloc[0])


def test_the_services_are_those_of_the_statutory_datasets():
    named = [name.replace("'", "").replace(" ", "_") for name in STATUTORY.values()]
    assert list(SERVICES) == named


def test_two_or_more_is_one_less_none_less_just_one():
    # Chances of a half each: none 1/4, one 1/2, both 1/4.
    both = pd.DataFrame({"housing": [np.log(2)], "mental_health": [np.log(2)]})
    assert two_or_more(both) == pytest.approx([0.25])
    assert two_or_more(both[["housing"]]) == pytest.approx([0.0])


def test_effects_are_no_sums():
    """Domestic abuse weighs more where a child is under five; notices more where rent is owed."""
    old = rate("childrens_social_care", children=1, domestic_contacts=1)
    young = rate("childrens_social_care", children=1, domestic_contacts=1, under_fives=1)
    assert young > old == rate("childrens_social_care", children=1)
    alone = rate("housing", possession_notices=1) / rate("housing")
    behind = rate("housing", possession_notices=1, arrears_notices=2)
    assert behind / rate("housing", arrears_notices=2) > 1.2 * alone


def test_the_third_contact_with_police_adds_less_than_the_first():
    none, one, two, three = (rate("housing", police_contacts=n) for n in range(4))
    assert none < one < two < three
    assert three / two < two / one < one / none


def test_what_services_did_fades():
    just, year, never = (
        rate("mental_health", months_since_statutory=m) for m in (1, 12, float("nan"))
    )
    assert just > year > never


def test_more_is_found_of_who_is_known():
    known = dict.fromkeys(KNOWS[:3], 1.0)
    assert found(home(**known)) > found(home())
    assert found(home(**known), coverage=0) == found(home(), coverage=0)
    # What is needed does not depend on it, what is recorded does.
    assert hazards(home(**known)).equals(hazards(home()))
    assert (recorded(home(**known)) > recorded(home())).all(axis=None)
    assert risk(home(**known)) > risk(home())


def test_a_shift_weighs_notices_of_possession_twice():
    told = home(possession_notices=1)
    once = hazards(told)["housing"] / hazards(home())["housing"]
    twice = hazards(told, shift=1.0)["housing"] / hazards(home())["housing"]
    assert np.log(twice).iloc[0] == pytest.approx(2 * np.log(once).iloc[0])


def test_what_nobody_knows_counts_as_usual():
    unknown = home(deprivation=float("nan"), police_contacts=float("nan"))
    assert hazards(unknown).equals(hazards(home()))
