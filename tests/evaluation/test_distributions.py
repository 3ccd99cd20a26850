"""Distributions keep the limits they are told, and are the ones that they are called."""

from __future__ import annotations

import typing

import numpy as np
import pytest
from scipy import stats

from woda_lib.evaluation.distributions import (
    PARAMETERS,
    DistributionError,
    from_limits,
    from_parameters,
)
from woda_lib.records.parameters import Family

ENDS = np.array([0.025, 0.975])


@pytest.mark.parametrize("family", typing.get_args(Family))
@pytest.mark.parametrize(
    ("estimate", "low", "high"),
    [(0.3, 0.2, 0.4), (0.25, 0.2, 0.4), (0.22, 0.05, 0.6)],
    ids=["even", "lopsided", "wide"],
)
def test_every_family_of_a_parameter_file_keeps_both_limits(family, estimate, low, high):
    found = from_limits(family, estimate=estimate, low=low, high=high)
    assert found.quantile(ENDS) == pytest.approx([low, high], rel=1e-3)
    assert found.family == family


@pytest.mark.parametrize("family", ["normal", "lognormal", "t"])
def test_some_keep_the_estimate_as_median_too(family):
    found = from_limits(family, estimate=2.7, low=2.1, high=4.9, df=8)
    assert found.quantile(np.array(0.5)) == pytest.approx(2.7)


def test_even_limits_give_the_plain_distributions():
    u = np.linspace(0.01, 0.99, 9)
    normal = from_limits("normal", estimate=10, low=10 - 1.959964, high=10 + 1.959964)
    assert normal.quantile(u) == pytest.approx(stats.norm(10, 1).ppf(u), abs=1e-5)
    reach = stats.t(5).ppf(0.975)
    t = from_limits("t", estimate=0, low=-reach, high=reach, df=5)
    assert t.quantile(u) == pytest.approx(stats.t(5).ppf(u))
    low, high = stats.lognorm(0.4, scale=3).ppf(ENDS)
    lognormal = from_limits("lognormal", estimate=3, low=low, high=high)
    assert lognormal.quantile(u) == pytest.approx(stats.lognorm(0.4, scale=3).ppf(u))


@pytest.mark.parametrize(
    ("family", "frozen"),
    [
        ("gamma", stats.gamma(7, scale=40)),
        ("beta", stats.beta(3, 9)),
        ("uniform", stats.uniform(2, 5)),
    ],
)
def test_limits_of_a_known_distribution_find_it_again(family, frozen):
    low, high = frozen.ppf(ENDS)
    found = from_limits(family, estimate=frozen.mean(), low=low, high=high)
    u = np.linspace(0.01, 0.99, 9)
    assert found.quantile(u) == pytest.approx(frozen.ppf(u), rel=1e-3)
    assert (found.mean, found.note) == (pytest.approx(frozen.mean(), rel=1e-3), "")


@pytest.mark.parametrize(
    ("family", "minimum", "mode", "maximum", "mean"),
    # The mean of a triangle is a third of the three points; of a PERT, the mode counts four times.
    [("triangular", 2, 3, 10, 15 / 3), ("pert", 2, 3, 10, (2 + 4 * 3 + 10) / 6)],
)
def test_three_points(family, minimum, mode, maximum, mean):
    told = from_parameters(family, {"minimum": minimum, "mode": mode, "maximum": maximum})
    assert told.mean == pytest.approx(mean)
    low, high = told.quantile(ENDS)
    again = from_limits(family, estimate=mode, low=low, high=high)
    assert again.quantile(np.array([0.0, 1.0])) == pytest.approx([minimum, maximum], rel=0.01)


@pytest.mark.parametrize("family", ["lognormal", "gamma", "beta"])
def test_mean_and_standard_deviation_of_the_number_itself(family):
    found = from_parameters(family, {"mean": 0.3, "sd": 0.1})
    u = (np.arange(200_000) + 0.5) / 200_000
    assert found.mean == pytest.approx(0.3)
    assert np.std(found.quantile(u)) == pytest.approx(0.1, rel=0.01)


def test_equal_limits_are_a_known_number():
    found = from_limits("gamma", estimate=185, low=185, high=185)
    assert found.quantile(np.array([0.1, 0.9])).tolist() == [185, 185]


def test_draws_are_taken_as_they_are():
    found = from_parameters("empirical", {"draws": np.arange(101.0)})
    assert found.quantile(np.array([0.0, 0.25, 1.0])).tolist() == [0, 25, 100]


def test_a_family_that_cannot_keep_the_estimate_says_so():
    found = from_limits("gamma", estimate=270, low=260, high=352, name="bed_day_cost")
    assert "limits of bed_day_cost has the mean 304" in found.note


@pytest.mark.parametrize(
    ("family", "limits", "says"),
    [
        ("normal", (3, 2.1, 2.9), "on both sides of its estimate"),
        ("normal", (float("nan"), 1, 2), "estimate of days is no finite number"),
        ("normal", ("many", 1, 2), "estimate of days is no finite number"),
        ("gamma", (1, 0, 2), "low is not above nought"),
        ("lognormal", (1, -1, 2), "low is not above nought"),
        ("beta", (35, 30, 40), "Write 35% as 0.35"),
        ("t", (1, 0, 2), "without degrees of freedom"),
        ("weibull", (1, 0, 2), "has the distribution 'weibull'. Known: fixed, normal"),
        ("gamma", (0.5, 1e-100, 1), "too lopsided, or too far apart"),
    ],
)
def test_limits_that_cannot_be_are_refused(family, limits, says):
    estimate, low, high = limits
    with pytest.raises(DistributionError, match=says):
        from_limits(family, estimate=estimate, low=low, high=high, name="days")


@pytest.mark.parametrize(
    ("family", "parameters", "says"),
    [
        ("normal", {"mean": 1}, "needs the parameters mean, sd; it has mean"),
        ("gamma", {}, "shape, scale or mean, sd; it has none"),
        ("normal", {"mean": 1, "sd": 0}, "No normal distribution has the parameters of days"),
        ("beta", {"mean": 0.5, "sd": 0.6}, "leaves room on both sides"),
        ("uniform", {"minimum": 2, "maximum": 1}, "a minimum lies below its maximum"),
        ("pert", {"minimum": 1, "mode": 5, "maximum": 2}, "with the mode between"),
        ("empirical", {"draws": [1.0, 2.0]}, "has 2 draws; at least 20"),
        ("cauchy", {}, "has the distribution 'cauchy'"),
    ],
)
def test_parameters_that_cannot_be_are_refused(family, parameters, says):
    with pytest.raises(DistributionError, match=says):
        from_parameters(family, parameters, name="days")


def test_the_families_of_parameter_files_are_known_here():
    assert set(typing.get_args(Family)) <= set(PARAMETERS)
