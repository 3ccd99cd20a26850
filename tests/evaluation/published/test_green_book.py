"""Discount factors of HM Treasury's Green Book, and what follows from them."""

from __future__ import annotations

import numpy as np
import pytest

from woda_lib.evaluation import DiscountingError, discount_factors, net_present_value
from woda_lib.evaluation.discounting import payback_years

# The Green Book (2022), Annex A6: factors to four places at 3.5%, and at 3% from year 31.
STANDARD = {0: 1.0, 1: 0.9662, 5: 0.8420, 10: 0.7089, 20: 0.5026, 30: 0.3563, 31: 0.3459}


def test_the_published_discount_factors():
    factors = discount_factors(31)
    assert {year: round(float(factors[year]), 4) for year in STANDARD} == STANDARD


@pytest.mark.parametrize(
    ("year", "by_hand"),
    [
        (30, 1.035**-30),
        (75, 1.035**-30 * 1.03**-45),
        (76, 1.035**-30 * 1.03**-45 / 1.025),
        (125, 1.035**-30 * 1.03**-45 * 1.025**-50),
        (200, 1.035**-30 * 1.03**-45 * 1.025**-50 * 1.02**-75),
        (300, 1.035**-30 * 1.03**-45 * 1.025**-50 * 1.02**-75 * 1.015**-100),
        (301, 1.035**-30 * 1.03**-45 * 1.025**-50 * 1.02**-75 * 1.015**-100 / 1.01),
    ],
)
def test_the_rate_steps_down_in_the_far_future(year, by_hand):
    """The steps after 30, 75, 125, 200 and 300 years, as the Green Book's table has them."""
    assert discount_factors(year)[year] == pytest.approx(by_hand)


def test_health_is_discounted_less():
    assert discount_factors(10, schedule="health")[10] == pytest.approx(1.015**-10)


def test_one_rate_for_all_years():
    assert discount_factors(40, rate=0.05)[40] == pytest.approx(1.05**-40)


def test_an_annuity_is_worth_what_the_closed_form_says():
    annuity = [0.0, *[30.0] * 20]
    assert net_present_value(annuity, rate=0.035) == pytest.approx(30 * (1 - 1.035**-20) / 0.035)


def test_net_present_value_by_hand():
    by_hand = -100 + 50 / 1.035 + 50 / 1.035**2 + 50 / 1.035**3
    assert net_present_value([-100, 50, 50, 50]) == pytest.approx(by_hand)
    # The internal rate of return is where it is nought: 23.375% for this one.
    assert net_present_value([-100, 50, 50, 50], rate=0.2337519) == pytest.approx(0, abs=1e-4)


def test_payback_is_the_year_from_which_it_stays_paid():
    running = np.array(
        [[-100.0, 5.0, -100.0, -10.0], [-40.0, 6.0, -90.0, 2.0], [10.0, 7.0, -80.0, -1.0],
         [60.0, 8.0, -70.0, 3.0]]
    )  # fmt: skip
    assert payback_years(running).tolist() == [2, 0, np.inf, 3]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"years": -1}, "whole number, nought or more"),
        ({"years": 2, "rate": 3.5}, "0.035 means 3.5%"),
        ({"years": 2, "schedule": "wealth"}, "no discounting 'wealth'. Known: standard, health"),
    ],
)
def test_what_makes_no_sense_is_refused(settings, says):
    years = settings.pop("years")
    with pytest.raises(DiscountingError, match=says):
        discount_factors(years, **settings)
