"""Uncertain inputs carried through to money, against closed forms and sums by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from woda_lib.evaluation import (
    BenefitError,
    CorrelationError,
    DistributionError,
    FormulaError,
    Interval,
    as_share,
    interrupted_time_series,
    monte_carlo_benefit,
    uncertain_inputs,
)
from woda_lib.evaluation.errors import FrameError
from woda_lib.figures import to_svg

Z = 1.959963984540054


def normals(**spreads: tuple[float, float]) -> pd.DataFrame:
    """Inputs by mean and standard deviation."""
    return uncertain_inputs(
        **{
            name: {"distribution": "normal", "parameters": {"mean": mean, "sd": sd}} if sd else mean
            for name, (mean, sd) in spreads.items()
        }
    )


PRODUCT = normals(days_saved=(2.7, 0.3), people=(185, 4), bed_day_cost=(306, 24))
MONEY = "days_saved * people * bed_day_cost"


def test_the_reported_figure_from_its_inputs():
    """£153,000 a month: 2.7 days × 185 people × £306."""
    inputs = uncertain_inputs(days_saved=2.7, people=185, bed_day_cost=306)
    found = monte_carlo_benefit(inputs, formula=MONEY)
    assert found.estimate == pytest.approx(152_847)
    assert (found.low, found.high) == (found.estimate, found.estimate)
    assert found.probability_positive == 1


def test_a_sum_of_normals():
    found = monte_carlo_benefit(normals(a=(10, 3), b=(5, 4)), formula="a + b", draws=100_000)
    assert (found.low, found.high) == pytest.approx((15 - 5 * Z, 15 + 5 * Z), abs=0.15)
    assert found.probability_positive == pytest.approx(stats.norm.sf(0, 15, 5), abs=0.002)
    shares = found.tornado().set_index("input")["variance_share"]
    assert shares.to_dict() == pytest.approx({"a": 9 / 25, "b": 16 / 25}, abs=0.01)


def test_a_product_of_normals():
    """Goodman (1960): the variance of a product of independent numbers, from their own."""
    squares = np.array([(0.3 / 2.7) ** 2, (4 / 185) ** 2, (24 / 306) ** 2])
    sd = 152_847 * np.sqrt(np.prod(1 + squares) - 1)
    found = monte_carlo_benefit(PRODUCT, formula=MONEY, draws=100_000)
    assert found.worth.mean() == pytest.approx(152_847, rel=0.002)
    assert found.worth.std() == pytest.approx(sd, rel=0.01)
    # First-order indices of a product: the square of each coefficient of variation, over the whole.
    shares = found.tornado().set_index("input")["variance_share"]
    expected = squares / (np.prod(1 + squares) - 1)
    names = ["days_saved", "people", "bed_day_cost"]
    assert shares[names].to_numpy() == pytest.approx(expected, abs=0.01)


def test_a_product_of_lognormals_is_lognormal():
    inputs = uncertain_inputs(
        **{
            name: {"distribution": "lognormal", "parameters": {"mean_log": m, "sd_log": s}}
            for name, m, s in (("a", 1.0, 0.3), ("b", 2.0, 0.4))
        }
    )
    found = monte_carlo_benefit(inputs, formula="a * b", draws=100_000)
    ends = stats.lognorm(0.5, scale=np.exp(3)).ppf([0.025, 0.975])
    assert (found.low, found.high) == pytest.approx(ends, rel=0.02)


@pytest.mark.parametrize("rank", [-0.8, 0.0, 0.5, 1.0])
def test_inputs_that_move_together(rank):
    inputs = normals(a=(10, 3), b=(5, 4))
    found = monte_carlo_benefit(
        inputs, formula="a + b", correlations={("a", "b"): rank}, draws=50_000
    )
    correlation = 2 * np.sin(np.pi * rank / 6)
    assert stats.spearmanr(found.drawn).statistic == pytest.approx(rank, abs=0.01)
    assert found.worth.var() == pytest.approx(25 + 24 * correlation, rel=0.03)
    square = pd.DataFrame([[1, rank], [rank, 1]], index=["a", "b"], columns=["a", "b"])
    again = monte_carlo_benefit(inputs, formula="a + b", correlations=square, draws=50_000)
    assert again.low == found.low


def test_lopsided_limits_stay_lopsided():
    inputs = uncertain_inputs(saved=Interval(2.0, 1.5, 4.0, "days"), people=100)
    found = monte_carlo_benefit(inputs, formula="saved * people", draws=50_000)
    assert (found.low, found.high) == pytest.approx((150, 400), rel=0.02)
    assert "the inputs are lopsided" in " ".join(found.warnings)


def test_an_evaluation_is_taken_as_it_is():
    months = pd.date_range("2021-01-01", periods=40, freq="MS")
    days = 9 - 2.5 * (months >= "2023-01-01") + np.sin(np.arange(40.0))
    frame = pd.DataFrame({"month": months, "days": days})
    result = interrupted_time_series(frame, outcome="days", time="month", start="2023-01-01")
    saved = -result.interval
    found = monte_carlo_benefit(uncertain_inputs(saved=saved), formula="saved * 100")
    assert found.estimate == pytest.approx(100 * saved.estimate)
    assert (found.low, found.high) == pytest.approx((100 * saved.low, 100 * saved.high), rel=0.05)


def test_draws_of_an_input_are_used():
    draws = np.random.default_rng(1).gamma(4, 10, 20_000)
    found = monte_carlo_benefit(uncertain_inputs(cost=draws), formula="cost")
    assert found.estimate == pytest.approx(draws.mean())
    assert (found.low, found.high) == pytest.approx(np.quantile(draws, [0.025, 0.975]), rel=0.03)


def test_the_same_seed_gives_the_same_and_another_nearly():
    first, again = (monte_carlo_benefit(PRODUCT, formula=MONEY) for _ in range(2))
    other = monte_carlo_benefit(PRODUCT, formula=MONEY, seed=7)
    assert (first.low, first.high) == (again.low, again.high)
    assert first.low != other.low
    # "Drawing anew would move the limits by about …": four of those standard errors.
    assert abs(first.low - other.low) < 4 * np.sqrt(2) * first._monte_carlo_error


def test_other_columns_and_other_levels():
    inputs = pd.DataFrame({"what": ["a"], "best": [0.0], "from": [-Z], "to": [Z]})
    columns = {"name": "what", "estimate": "best", "low": "from", "high": "to"}
    narrow = monte_carlo_benefit(inputs.assign(level=0.95), formula="a", level=0.5, **columns)
    assert narrow.high == pytest.approx(stats.norm.ppf(0.75), abs=0.02)
    wide = monte_carlo_benefit(inputs, formula="a", level=0.5, **columns)
    assert wide.high == pytest.approx(Z, abs=0.05)


FLOWS = pd.DataFrame(
    [
        ("Beds", "12 * bed_days * price", "benefit", "Trust", False, 0, 2, 2),
        ("Meals", "12 * bed_days * 20", "benefit", "Trust", True, 1, 2, None),
        ("Set-up", "set_up", "cost", "Council", True, 0, 0, 3),
        ("Staff", "staff", "cost", "Council", True, 0, 2, None),
    ],
    columns=[
        *("flow", "formula", "kind", "partner", "cashable"),
        *("first_year", "last_year", "grade"),
    ],
)
OPTIMISM = pd.DataFrame({"grade": [2, 3], "benefits": [0.05, 0.1], "costs": [0.05, 0.1]})
STEPS = {"bed_days": "days * people"}
INPUTS = uncertain_inputs(days=2.0, people=100, price=50, set_up=30_000, staff=90_000)


def test_a_programme_by_hand():
    """All inputs known, so that every figure is arithmetic."""
    found = monte_carlo_benefit(INPUTS, flows=FLOWS, steps=STEPS, optimism=OPTIMISM)
    years = 1 + 1 / 1.035 + 1 / 1.035**2
    beds, meals = 0.95 * 120_000 * years, 48_000 * (years - 1)
    set_up, staff = 1.1 * 30_000, 90_000 * years
    summary = found.summary().set_index("measure")["estimate"]
    assert summary.to_dict() == pytest.approx(
        {
            "bed days": 200,
            "Net present value": beds + meals - set_up - staff,
            "Benefits, present value": beds + meals,
            "of these cashable": meals,
            "Costs, present value": set_up + staff,
            "Cashable benefits less costs": meals - set_up - staff,
            "Net present value, not corrected for optimism": beds / 0.95
            + meals
            - set_up / 1.1
            - staff,
            "Benefit–cost ratio": (beds + meals) / (set_up + staff),
            # −9,000 after year 0, and 72,000 a year after that.
            "Paid back in year": 1,
            "Chance of being paid back in these years": 100,
            "Chance of more than nought": 100,
        }
    )
    partners = found.by_partner().set_index("partner")
    assert partners.loc["Trust", ["benefits", "cashable", "costs", "net"]].tolist() == (
        pytest.approx([beds + meals, meals, 0, beds + meals])
    )
    assert partners.loc["Council", "net"] == pytest.approx(-set_up - staff)
    assert partners.loc["All partners", "net"] == pytest.approx(found.estimate)
    assert list(partners.index) == ["Trust", "Council", "All partners"]
    course = found.years()
    assert course["benefits"].tolist() == pytest.approx([114_000, 162_000, 162_000])
    assert course["costs"].tolist() == pytest.approx([123_000, 90_000, 90_000])
    assert course["cumulative"].iloc[-1] == pytest.approx(found.estimate)


def test_a_rate_of_nothing_adds_plain_sums():
    found = monte_carlo_benefit(
        INPUTS, flows=FLOWS.drop(columns="grade"), steps=STEPS, discount_rate=0
    )
    assert found.estimate == pytest.approx(3 * 120_000 + 2 * 48_000 - 30_000 - 3 * 90_000)
    assert found.warnings == ("Nothing is corrected for optimism.",)


def test_health_and_a_formula_of_the_year():
    flows = pd.DataFrame(
        {
            "flow": ["Health"],
            "formula": ["a * (year + 1)"],
            "kind": ["benefit"],
            "last_year": [2],
            "discounting": ["health"],
        }
    )
    found = monte_carlo_benefit(uncertain_inputs(a=10), flows=flows)
    assert found.estimate == pytest.approx(10 + 20 / 1.015 + 30 / 1.015**2)


def test_what_never_pays_back_is_not_known():
    flows = FLOWS.assign(formula=["days", "days", "set_up", "staff"])
    found = monte_carlo_benefit(
        INPUTS[~INPUTS["name"].isin(["people", "price"])], flows=flows, optimism=OPTIMISM
    )
    summary = found.summary().set_index("measure")
    assert np.isnan(summary.loc["Paid back in year", "estimate"])
    assert summary.loc["Chance of being paid back in these years", "estimate"] == 0
    assert found.probability_positive == 0


def test_prices_of_different_years_are_put_on_one_level():
    inputs = uncertain_inputs(
        old={"estimate": 306, "low": 260, "high": 352, "price_year": "2015-16"},
        new={"estimate": 100, "price_year": "2024/25"},
    )
    index = pd.DataFrame({"financial_year": ["2015-16", "2024-25"], "index": [75.0, 100.0]})
    found = monte_carlo_benefit(inputs, formula="old - new", price_base="2024-25", deflators=index)
    assert found.estimate == pytest.approx(306 / 0.75 - 100)
    assert "in 2024-25 prices" in found.method
    at_limits = found.tornado().set_index("input").loc["old"]
    assert at_limits[["low", "high"]].tolist() == pytest.approx([260 / 0.75, 352 / 0.75])
    with pytest.raises(FrameError, match=r"prices of 2015-16, 2024/25\. Say in which year's"):
        monte_carlo_benefit(inputs, formula="old - new")


def test_switching_values_of_a_programme():
    """Set-up 100 and 40 a year; the benefit is a * b."""
    inputs = uncertain_inputs(
        a={"estimate": 10, "low": 8, "high": 12},
        b={"estimate": 20, "low": 4, "high": 36},
        cost={"estimate": 100, "low": 90, "high": 110, "distribution": "gamma"},
        share={"estimate": 0.5, "low": 0.4, "high": 0.6, "distribution": "beta"},
    )
    flows = pd.DataFrame(
        {
            "flow": ["gain", "pay", "little"],
            "formula": ["a * b", "cost", "share"],
            "kind": ["benefit", "cost", "benefit"],
        }
    )
    found = monte_carlo_benefit(inputs, flows=flows)
    table = found.switching_values().set_index("input")
    assert table["switching_value"].to_dict() == pytest.approx(
        {"a": 99.5 / 20, "b": 99.5 / 10, "cost": 200.5, "share": np.nan}, nan_ok=True
    )
    assert table.loc["a", "change"] == pytest.approx(-50.25)
    assert table["within_limits"].to_dict() == {
        "a": False,
        "b": True,
        "cost": False,
        "share": False,
    }
    assert table.loc["b", "chance"] == pytest.approx(
        100 * stats.norm.cdf((9.95 - 20) / (16 / Z)), abs=1
    )
    # At the switching value the result is nought, and the ratio one.
    moved = found.scenarios({"a falls": {"a": 99.5 / 20}}).set_index("scenario")
    assert moved.loc["a falls", "estimate"] == pytest.approx(0, abs=1e-9)


def test_a_switching_value_of_a_bent_formula():
    inputs = uncertain_inputs(x={"estimate": 3.0, "low": 2.5, "high": 3.5}, y=4)
    table = monte_carlo_benefit(inputs, formula="x ** 2 - y").switching_values()
    assert table.set_index("input")["switching_value"].to_dict() == pytest.approx(
        {"x": 2.0, "y": 9.0}
    )
    at_five = monte_carlo_benefit(inputs, formula="x ** 2 - y").switching_values(target=12)
    assert at_five.set_index("input").loc["x", "switching_value"] == pytest.approx(4)


def test_scenarios_hold_an_input_and_draw_the_others():
    found = monte_carlo_benefit(PRODUCT, formula=MONEY)
    table = found.scenarios({"Half": {"days_saved": 1.35}, "All": {
        "days_saved": 1, "people": 1, "bed_day_cost": 5}}).set_index("scenario")  # fmt: skip
    assert table.loc["As estimated", "estimate"] == found.estimate
    assert table.loc["Half", "estimate"] == pytest.approx(found.estimate / 2)
    assert table.loc["Half", "high"] - table.loc["Half", "low"] < (found.high - found.low) / 2
    assert table.loc["All", ["estimate", "low", "high", "chance"]].tolist() == [5, 5, 5, 100]
    with pytest.raises(BenefitError, match="fixes 'beds', which is no input"):
        found.scenarios({"More": {"beds": 3}})


def test_the_widest_bars_of_a_tornado():
    found = monte_carlo_benefit(PRODUCT, formula=MONEY)
    assert found.plot_tornado(widest=2).data["input"].tolist() == ["days_saved", "bed_day_cost"]
    assert len(found.plot_tornado().data) == 3


def test_a_tornado_says_its_ends_in_what_they_are_counted_in():
    inputs = uncertain_inputs(
        days_saved=Interval(2.7, 2.1, 3.3, "days"),
        due={"estimate": 0.2, "low": 0.05, "high": 0.45, "unit": as_share("%, of the days")},
        cost={"estimate": 306.0, "low": 260.0, "high": 352.0, "unit": "pounds a bed-day"},
        growth={"estimate": 3.0, "low": 1.0, "high": 7.0, "unit": "%", "called": "new referrals"},
    )
    drawn = to_svg(monte_carlo_benefit(inputs, formula="days_saved*due*cost*growth").plot_tornado())
    said = ("5%", "45%", "£260", "£352", "2.1 days", "3.3 days", "1%", "7%", "new referrals")
    assert [words for words in said if f">{words}<" not in drawn] == []


def test_scenarios_as_pounds_a_pound():
    """Benefit 280 to 320 for a cost of 100; held at 100, what comes back is what was paid."""
    flows = pd.DataFrame(
        {"flow": ["gain", "cost"], "formula": ["a", "b"], "kind": ["benefit", "cost"]}
    )
    inputs = uncertain_inputs(
        a={"estimate": 300, "low": 280, "high": 320, "distribution": "normal"}, b=100
    )
    found = monte_carlo_benefit(inputs, flows=flows).scenarios(
        {"Just paid": {"a": 100}}, ratio=True
    )
    assert found[["scenario", "estimate"]].to_numpy().tolist() == [
        ["As estimated", 3],
        ["Just paid", 1],
    ]
    assert found[["low", "high"]].iloc[0].tolist() == pytest.approx([2.8, 3.2], abs=0.01)
    assert found["chance"].tolist() == [100, 0]


def test_no_cost_no_ratio():
    flows = pd.DataFrame({"flow": ["gain"], "formula": ["a"], "kind": ["benefit"]})
    found = monte_carlo_benefit(uncertain_inputs(a=10), flows=flows)
    with pytest.raises(BenefitError, match="Without a cost"):
        found.scenarios({}, ratio=True)


def test_options_in_one_table_are_drawn_alike():
    """The larger option is the smaller and 10 more, in every draw."""
    flows = pd.DataFrame(
        {
            "flow": ["small", "large", "paid"],
            "formula": ["effect", "effect + more", "3"],
            "kind": ["benefit", "benefit", "cost"],
        }
    )
    inputs = uncertain_inputs(effect={"estimate": 5, "low": 1, "high": 9}, more=10)
    found = monte_carlo_benefit(inputs, flows=flows)
    small, large = found.part(["small"]), found.part(["large"])
    assert (large.worth - small.worth).tolist() == pytest.approx([10] * len(small.worth))
    assert small.inputs.names == ["effect"]
    assert small.estimate == 5
    assert found.part(["paid"]).worth.tolist() == [-3] * len(small.worth)
    assert found.part(["small", "paid"]).estimate == 2


def test_a_part_takes_the_steps_that_it_needs():
    found = monte_carlo_benefit(INPUTS, flows=FLOWS, steps=STEPS, optimism=OPTIMISM)
    beds = found.part(["Beds"])
    assert list(beds.flows.steps) == ["bed_days"]
    assert beds.inputs.names == ["days", "people", "price"]
    assert found.part(["Staff"]).inputs.names == ["staff"]


@pytest.mark.parametrize(
    ("flows", "says"), [(["bed"], "There is no flow 'bed'"), ([], "at least one flow")]
)
def test_a_part_names_flows_that_are_there(flows, says):
    found = monte_carlo_benefit(INPUTS, flows=FLOWS, steps=STEPS, optimism=OPTIMISM)
    with pytest.raises(BenefitError, match=says):
        found.part(flows)


def test_the_tornado_has_the_widest_swing_on_top():
    table = monte_carlo_benefit(PRODUCT, formula=MONEY).tornado()
    assert table["input"].tolist() == ["days_saved", "bed_day_cost", "people"]
    first = table.iloc[0]
    assert (first["at_low"], first["at_high"]) == pytest.approx(
        (first["low"] * 185 * 306, first["high"] * 185 * 306)
    )
    assert first["rank_correlation"] > 0.7


@pytest.mark.parametrize("narrow", [False, True])
def test_the_pictures_say_their_numbers(narrow):
    found = monte_carlo_benefit(PRODUCT, formula=MONEY)
    assert "£ thousand" in to_svg(found.plot(), narrow=narrow)
    assert "153 (" in to_svg(found.plot(), narrow=narrow)
    assert "days saved" in to_svg(found.plot_tornado(), narrow=narrow)
    programme = monte_carlo_benefit(INPUTS, flows=FLOWS, steps=STEPS, optimism=OPTIMISM)
    assert "Paid back in year 1" in to_svg(programme.plot_years(), narrow=narrow)
    assert "Net present value" in to_svg(programme.plot(), narrow=narrow)


def test_the_result_says_how_it_came_about():
    text = str(monte_carlo_benefit(PRODUCT, formula=MONEY))
    assert "20,000 draws of 3 independent inputs" in text
    assert "Assumes: The inputs are wrong independently of each other." in text


ONE = uncertain_inputs(a={"estimate": 1, "low": 0, "high": 2})
GAIN = pd.DataFrame({"flow": ["gain"], "formula": ["a"], "kind": ["benefit"]})


@pytest.mark.parametrize(
    ("frame", "settings", "error", "says"),
    [
        (ONE, {}, BenefitError, "either a `formula`, for one sum, or `flows`"),
        (ONE, {"formula": "a", "flows": GAIN}, BenefitError, "either"),
        (ONE, {"formula": "a", "draws": 10}, BenefitError, "at least 1,000 draws"),
        ([1], {"formula": "a"}, FrameError, "must be a pandas DataFrame"),
        (ONE[:0], {"formula": "a"}, FrameError, "no rows"),
        (ONE.drop(columns="name"), {"formula": "a"}, FrameError, "no column 'name'"),
        (ONE.assign(name="bed days"), {"formula": "a"}, FrameError, "can be no name in a formula"),
        (pd.concat([ONE, ONE]), {"formula": "a"}, FrameError, "a stands in the table more than"),
        (ONE.assign(high=np.nan), {"formula": "a"}, DistributionError, "one limit and not the"),
        (ONE.assign(estimate=np.nan), {"formula": "a"}, DistributionError, "limits and no estim"),
        (ONE[["name"]], {"formula": "a"}, DistributionError, "a has no value"),
        (ONE.assign(low=3), {"formula": "a"}, DistributionError, "both sides of its estimate"),
        (ONE.assign(estimate=np.inf), {"formula": "a"}, DistributionError, "no finite number"),
        (ONE, {"formula": "a * b"}, FormulaError, "names b, which is not known"),
        (ONE, {"formula": "1 + 1"}, FrameError, "No formula uses the input a"),
        (ONE, {"formula": "1 / max(a, 0)"}, FormulaError, "divided by nought"),
        (ONE, {"formula": "a", "steps": {"a": "2"}}, FrameError, "name both of an input and"),
        (ONE, {"flows": GAIN.drop(columns="kind")}, FrameError, "no column 'kind'"),
        (ONE, {"flows": GAIN.assign(kind="gain")}, FrameError, "'benefit' or 'cost'"),
        (ONE, {"flows": GAIN.assign(first_year=2, last_year=1)}, FrameError, "ends before it"),
        (ONE, {"flows": GAIN.assign(last_year=2.5)}, FrameError, "whole years, from 0"),
        (ONE, {"flows": pd.concat([GAIN, GAIN])}, FrameError, "'gain' is twice"),
        (ONE, {"flows": GAIN[:0]}, FrameError, "a row for each flow"),
        (ONE, {"formula": "a", "correlations": {("a", "b"): 0.5}}, CorrelationError, "'b', which"),
        (ONE, {"formula": "a", "correlations": {("a", "a"): 0.5}}, CorrelationError, "two inputs"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_said(frame, settings, error, says):
    with pytest.raises(error, match=says):
        monte_carlo_benefit(frame, **settings)


def test_correlations_that_are_impossible_together():
    inputs = normals(a=(1, 1), b=(1, 1), c=(1, 1))
    impossible = {("a", "b"): 0.9, ("a", "c"): 0.9, ("b", "c"): -0.9}
    with pytest.raises(CorrelationError, match="impossible together"):
        monte_carlo_benefit(inputs, formula="a + b + c", correlations=impossible)


@pytest.mark.parametrize("given", ["2.7", None, True, object()])
def test_an_input_that_is_no_number_is_refused(given):
    with pytest.raises(FrameError, match="Give a number, an interval, a result"):
        uncertain_inputs(saved=given)


def test_a_misspelt_word_of_an_input_is_refused():
    with pytest.raises(FrameError, match="has 'lower', which is not a column of inputs"):
        uncertain_inputs(saved={"estimate": 1, "lower": 0})
