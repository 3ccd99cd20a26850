"""Linkage error in an interval: Rubin's rules by hand, planted wrong links, and what overturns."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmarks.wrong_links import LINK, difference, history, strangers
from woda_lib.evaluation import (
    Interval,
    PoolingError,
    TippingPointError,
    over_linkages,
    tipping_point,
)
from woda_lib.evaluation.errors import FrameError
from woda_lib.evaluation.linkage_error.rubin import Estimate, pool, read_estimate
from woda_lib.figures import to_svg


def test_rubins_rules_by_hand():
    values, errors = [4.0, 5.0, 6.0, 5.0, 5.0, 5.0], [1.0, 2.0, 1.0, 2.0, 1.0, 2.0]
    found = pool([Estimate(*each, 40.0) for each in zip(values, errors, strict=True)])
    within, between = (1 + 4) / 2, 2 / 5
    total = within + (1 + 1 / 6) * between
    share = (1 + 1 / 6) * between / total
    of_draws, of_data = 5 / share**2, 41 / 43 * 40 * (1 - share)
    assert found.value == 5
    assert (found.within, found.between) == pytest.approx((within, between))
    assert found.standard_error == pytest.approx(math.sqrt(total))
    assert found.share == pytest.approx(share)
    assert found.df == pytest.approx(1 / (1 / of_draws + 1 / of_data))
    half = stats.t.ppf(0.975, found.df) * math.sqrt(total)
    assert found.limits(0.95) == pytest.approx((5 - half, 5 + half))


def test_where_the_error_counts_as_known_the_degrees_of_freedom_are_rubins_own():
    """(m − 1)(1 + 1/r)², with r the between part over the within part."""
    values = np.array([2.1, 1.9, 2.6, 2.2, 1.7])
    found = pool([Estimate(value, 0.5) for value in values])
    assert found.standard_error**2 == pytest.approx(0.25 + 1.2 * np.cov(values))
    assert found.df == pytest.approx(4 * (1 + 0.25 / (1.2 * np.cov(values))) ** 2)


def test_draws_that_agree_add_nothing():
    found = pool([Estimate(2.7, 0.5, 33.0)] * 20)
    assert (found.between, found.share, found.df) == (0, 0, 33)
    assert found.limits(0.95) == pytest.approx(Estimate(2.7, 0.5, 33.0).limits(0.95))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((2.0, 0.5), Estimate(2.0, 0.5)),
        ((2.0, 0.5, 10), Estimate(2.0, 0.5, 10.0)),
        (Interval(2.0, 2 - 1.959964, 2 + 1.959964, "days"), Estimate(2.0, 1.0)),
    ],
)
def test_what_an_estimate_may_be(found, expected):
    read = read_estimate(found)
    assert (read.value, read.df) == (expected.value, expected.df)
    assert read.standard_error == pytest.approx(expected.standard_error, rel=1e-6)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (2.0, "is a float"),
        ((2.0, float("nan")), "no finite number"),
        ((2.0, -1.0), "below nought"),
        ((2.0, 1.0, 0.0), "no degrees of freedom"),
    ],
)
def test_what_an_estimate_may_not_be(found, says):
    with pytest.raises(PoolingError, match=says):
        read_estimate(found)


@pytest.fixture(scope="module")
def carried():
    """A tenth of the links wrong: the result, and the links."""
    linked, draws = history(0.1, seed=2)
    thresholds = {0.5: linked, 0.9: linked.assign(stay=linked["stay"].where(linked["sure"] > 0.9))}
    return over_linkages(
        difference, draws, linked=linked, key=["referral"], link=LINK, thresholds=thresholds,
        unit="days",
    )  # fmt: skip


def test_the_component_grows_with_the_share_that_is_wrong():
    shares, wrong = [], []
    for share in (0.0, 0.02, 0.1, 0.2):
        linked, draws = history(share, seed=5)
        result = over_linkages(difference, draws, linked=linked, key=["referral"], link=LINK)
        shares.append(result.linkage_share)
        wrong.append(result.wrong_share)
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] > 0.1
    assert wrong == pytest.approx([0, 0.02, 0.1, 0.2], abs=0.01)


def test_without_doubt_it_is_the_plain_estimate():
    linked, draws = history(0.0, seed=1)
    result = over_linkages(difference, draws, linked=linked, key=["referral"], link=LINK)
    value, error, df = difference(linked)
    assert (result.low, result.high) == pytest.approx(Estimate(value, error, df).limits(0.95))
    assert result.corrected is None
    assert result.warnings == ()


def test_the_parts_of_the_variance_add_up(carried):
    rows = carried.summary().set_index("estimate_of")
    parts = rows["chance"] ** 2 + rows["linkage"] ** 2
    assert parts.to_list() == pytest.approx((rows["standard_error"] ** 2).to_list())
    assert rows.loc["draws of links, pooled", "estimate"] == carried.estimate
    # Draws hold more wrong links than the links as they are, and none are left by the correction.
    sizes = rows["estimate"].abs()
    assert sizes["draws of links, pooled"] < sizes["links as they are"]
    assert sizes["links as they are"] < sizes["corrected for wrong links"]


def test_linkage_widens_the_interval_of_the_links_as_they_are(carried):
    plain, pooled = carried.as_linked, carried.pooled
    widened = carried.with_linkage
    added = pooled.standard_error**2 - pooled.within
    error = (plain.standard_error**2 + added) ** 0.5
    assert widened.estimate == plain.value
    assert (widened.low, widened.high) == pytest.approx(
        Estimate(plain.value, error, pooled.df).limits(carried.level)
    )
    assert widened.high - widened.low > plain.limits(carried.level)[1] - plain.limits(0.95)[0]


def test_thresholds_are_shown_and_not_pooled(carried):
    at = carried.table[carried.table["kind"] == "threshold"]
    assert at["which"].to_list() == [0.5, 0.9]
    assert at["estimate"].iloc[0] == carried.as_linked.value
    assert len(carried.table) == 22


def test_one_table_of_draws_does_as_well():
    linked, draws = history(0.1, seed=2)
    whole = pd.concat([frame.assign(number=n) for n, frame in enumerate(draws)])
    apart = over_linkages(difference, draws, linked=linked)
    together = over_linkages(difference, whole, linked=linked, draw="number")
    assert (together.low, together.high) == pytest.approx((apart.low, apart.high))
    assert together.wrong_share is None


def coverage(share: float, histories: int) -> dict[str, float]:
    """How often each interval holds −2.7, over histories with so many wrong links."""
    held = {"linked": 0, "pooled": 0, "corrected": 0}
    for seed in range(histories):
        linked, draws = history(share, seed=seed)
        result = over_linkages(difference, draws, linked=linked, key=["referral"], link=LINK)
        found = {
            "linked": result.as_linked,
            "pooled": result.pooled,
            "corrected": result.corrected or result.as_linked,
        }
        for name, each in found.items():
            low, high = each.limits(0.95)
            held[name] += low <= -2.7 <= high
    return {name: number / histories for name, number in held.items()}


@pytest.mark.prove
def test_coverage_with_and_without_the_component():
    """The table of docs/linkage_error.md in small: see benchmarks/linkage_error.py."""
    found = coverage(0.2, histories=40)
    assert found["linked"] < 0.91
    assert found["linked"] <= found["pooled"] <= found["corrected"]
    assert found["corrected"] >= 0.88


@pytest.mark.parametrize("narrow", [False, True])
def test_the_pictures_say_their_numbers(carried, narrow):
    svg = to_svg(carried.plot(), narrow=narrow)
    assert "Draws of links, pooled" in svg
    assert "Each of 20 draws" in svg
    point = carried.tipping_point(wrong=[strangers(carried.linked)], replications=3)
    assert "Estimate, by % of links wrong" in to_svg(point.plot(), narrow=narrow)


def test_it_says_what_linkage_brings(carried):
    assert carried.wrong_share == pytest.approx(0.1, abs=0.01)
    assert "20 draws of the links, pooled by Rubin's rules" in carried.method
    assert "by the linkage's own probabilities" in carried.method
    assert any("corrected estimate" in sentence for sentence in carried.warnings)


def linear(share_that_overturns: float):
    """An estimate that falls straight with the share of links that are not one's own."""

    def estimate(frame: pd.DataFrame) -> tuple[float, float]:
        own = (frame["stay"] == frame["referral"]).mean()
        return (own - (1 - share_that_overturns)) + 1.959963984540054 * 0.1, 0.1

    return estimate


OWN = pd.DataFrame({"referral": np.arange(200.0), "stay": np.arange(200.0), "month": [1, 2] * 100})


@pytest.mark.parametrize("planted", [0.07, 0.25, 0.66])
@pytest.mark.parametrize("how", ["wrong", "lost"])
def test_a_planted_tipping_point_is_found(planted, how):
    point = tipping_point(linear(planted), OWN, link=["stay"], how=how, replications=4)
    assert point.points == pytest.approx([100 * planted] * 4, abs=0.6)
    done = "wrong" if how == "wrong" else "missing"
    assert f"of the links would have to be {done} before" in point.finding


def test_the_share_thought_to_be_wrong_is_said_beside_it():
    point = tipping_point(linear(0.25), OWN, link=["stay"], known=0.004, replications=3)
    assert point.finding.endswith("before the interval held no effect; 0.40% are thought to be.")
    assert point.summary()["estimate"].to_list() == pytest.approx([25, 0.4], abs=0.6)


def test_wrong_links_stay_within_their_block():
    seen = []

    def look(frame: pd.DataFrame) -> tuple[float, float]:
        seen.append(frame)
        return 1.0, 0.1

    tipping_point(look, OWN, link=["stay"], block=["month"], shares=[1.0], replications=2)
    wrong = seen[-1]
    assert (wrong["stay"] != wrong["referral"]).all()
    assert (wrong["stay"] % 2 == wrong["referral"] % 2).all()
    assert sorted(wrong["stay"]) == sorted(OWN["stay"])


def test_what_is_never_overturned_and_what_is_already():
    never = tipping_point(lambda frame: (5.0, 1.0), OWN, link=["stay"], replications=2)
    assert math.isinf(never.estimate)
    assert "Even with all of the links wrong, the interval would hold an effect" in never.finding
    already = tipping_point(lambda frame: (0.5, 1.0), OWN, link=["stay"], replications=2)
    assert already.estimate == 0
    assert "as it is, without any link being wrong" in already.finding


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"link": []}, FrameError, "must name the columns"),
        ({"link": ["spell"]}, FrameError, "no column 'spell'"),
        ({"wrong": [OWN[:3]]}, FrameError, "must have the rows of `linked`"),
        ({"shares": [0.5, 0.2]}, TippingPointError, "must rise"),
        ({"shares": [0.5, 2]}, TippingPointError, "between 0 and 1"),
        ({"replications": 1}, TippingPointError, "At least two replications"),
        ({"linked": OWN.assign(stay=np.nan)}, TippingPointError, "No records are linked"),
    ],
)
def test_a_tipping_point_that_cannot_be_is_refused(settings, error, says):
    given = {"linked": OWN, "link": ["stay"], **settings}
    with pytest.raises(error, match=says):
        tipping_point(linear(0.5), given.pop("linked"), **given)


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"linkages": [OWN] * 3}, PoolingError, "There are 3 draws. At least 5"),
        ({"linkages": OWN, "draw": "draws"}, FrameError, "no column 'draws'"),
        ({"key": ["referral"]}, FrameError, "both `key` and `link`"),
        ({"key": ["month"], "link": ["stay"]}, FrameError, "more than once, by month"),
        ({"key": ["id"], "link": ["stay"]}, FrameError, "no column 'id'"),
        (
            {"linkages": [OWN.drop(columns="stay")] * 5, "key": ["referral"], "link": ["stay"],
             "estimate": lambda frame: (1.0, 0.1)},
            FrameError, "no column 'stay'",
        ),
        ({"linked": OWN[:0]}, FrameError, "no rows"),
        ({"estimate": lambda frame: 1.0}, PoolingError, "is a float"),
    ],
)  # fmt: skip
def test_linkages_that_cannot_be_pooled_are_refused(settings, error, says):
    given = {"estimate": linear(0.5), "linkages": [OWN] * 6, "linked": OWN, **settings}
    with pytest.raises(error, match=says):
        over_linkages(given.pop("estimate"), given.pop("linkages"), **given)
