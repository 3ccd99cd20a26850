"""The register with its figures at hand, and what a year is worth, held to sums by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.pilots.partnership.benefits.registers import (
    DEFLATORS,
    FIGURES,
    SMALL,
    WHOLE,
    another,
    cite,
    content,
    reading,
    register,
    spread,
)
from woda_lib.pilots.partnership import benefits
from woda_lib.records import Value

BEDS = 12 * 2.7 * 185 * 306
OPTIMISM = pd.DataFrame({"grade": [1, 6], "benefits": [0.1, 0.4], "costs": [0.1, 0.4]})
FLOOR = another(
    flow="Floor", pilot="asset_map", formula="100 * 100", resource="floor", population="buildings",
    cashable=True, partner="council",
)  # fmt: skip
PAID = another(
    flow="Meals", formula="60 * 100 / (1 + 1)", kind="cost", resource="floor", partner="council"
)
ONCE = another(
    flow="Moving", formula="100 * (60 + 12 - 1 - 1)", kind="cost", resource="crises",
    partner="council", first_year=1, last_year=1,
)  # fmt: skip


def worth(*flows: dict[str, Any], **options: Any) -> benefits.Worth:
    """What the small register and more flows are worth in a year."""
    return benefits.worth_of(reading(*flows), deflators=DEFLATORS, seed=1, **options)


def test_what_is_in_per_cent_is_a_share_and_what_has_limits_keeps_them() -> None:
    rows = reading().inputs.set_index("name")
    assert rows.loc["due", ["estimate", "low", "high"]].tolist() == [0.2, 0.05, 0.45]
    assert rows.loc["due", "distribution"] == "beta"
    assert rows.loc["due", "unit"] == "share, of the days saved"
    assert rows.loc["due", "called"] == "days that sharing saved"
    assert rows.loc["days_saved", ["estimate", "low", "high"]].tolist() == [2.7, 2.1, 3.3]
    assert rows.loc["people", "distribution"] == "fixed"


def test_between_two_figures_each_is_as_likely_as_the_other() -> None:
    figures = {
        **FIGURES,
        "asset_map/low": Value(name="low", value=500.0, unit="pounds"),
        "asset_map/high": Value(name="high", value=1100.0, unit="pounds"),
    }
    between = {"between": ["asset_map/high", "asset_map/low"], "price_year": "2015-16"}
    made = register({**FLOOR, "formula": "most"}, inputs={**SMALL["inputs"], "most": between})
    rows = benefits.reading_of(made, cite=figures.__getitem__, spread=spread).inputs
    row = rows.set_index("name").loc["most"]
    assert row["estimate"] == 800.0
    assert row["parameters"] == {"minimum": 500.0, "maximum": 1100.0}
    assert row["price_year"] == "2015-16"


def test_a_share_of_more_than_all_is_refused() -> None:
    figures = {**FIGURES, "assumed/due": Value(name="due", value=20.0, unit="days")}
    with pytest.raises(benefits.BenefitsError, match="does not lie between 0 and 100%"):
        benefits.reading_of(register(), cite=figures.__getitem__, spread=spread)


def test_only_the_share_that_is_due_to_sharing_is_counted() -> None:
    counted, whole = worth(), worth(attributed=False)
    assert counted.of(counted.avoided).estimate == pytest.approx(0.2 * BEDS)
    assert whole.of(whole.avoided).estimate == pytest.approx(BEDS)
    found = counted.of(counted.avoided)
    assert found.low < 0.2 * BEDS < found.high


def test_cost_avoided_stands_apart_from_cash_released_and_from_what_is_paid() -> None:
    made = worth(FLOOR, PAID, ONCE)
    assert made.of(made.avoided).estimate == pytest.approx(0.2 * BEDS)
    assert made.of(made.released).estimate == 10_000
    assert made.of(made.paid).estimate == 3_000
    assert made.of(made.paid_once).estimate == 7_000


def test_a_correction_for_optimism_lowers_benefits_and_raises_costs() -> None:
    made = worth(FLOOR, PAID, optimism=OPTIMISM)
    assert made.of(made.avoided).estimate == pytest.approx(0.9 * 0.2 * BEDS)
    assert made.of(made.released).estimate == pytest.approx(6_000)
    assert made.of(made.paid).estimate == pytest.approx(4_200)


def test_who_gains_and_who_pays() -> None:
    table = benefits.by_partner(worth(FLOOR, PAID, ONCE)).round(2)
    assert table.drop(columns=["low", "high"]).to_dict("records") == [
        {"partner": "Acute trust", "released": 0, "avoided": round(0.2 * BEDS, 2), "paid": 0,
         "net": round(0.2 * BEDS, 2)},
        {"partner": "County council", "released": 10_000, "avoided": 0, "paid": 3_000,
         "net": 7_000},
    ]  # fmt: skip
    said = benefits.say_partners(benefits.by_partner(worth(PAID)))
    assert said.startswith("The acute trust gains most, £367,000 a year (95% interval £")
    assert said.endswith("; the county council pays £3,000 more than it gains")


def test_what_is_in_no_sum_is_worked_out_apart() -> None:
    extra = another(not_counted="Nobody has been followed.", formula="bed_day_cost")
    made = worth(extra)
    apart = worth(extra, counted=False)
    assert made.flows["flow"].tolist() == ["Beds"]
    assert apart.flows["flow"].tolist() == ["Admissions avoided"]
    assert benefits.headline(made, apart)["not_counted_per_year"].estimate == 306


def test_a_year_by_the_share_that_is_counted_to_sharing() -> None:
    year = benefits.year_of(reading(FLOOR, ONCE), deflators=DEFLATORS, seed=1)
    table = benefits.by_share(year, share="due")
    assert table["Counted to sharing"].tolist() == ["0%", "5%", "20%", "45%", "100%"]
    assert table["A year is worth"].tolist()[0] == "£10,000"
    assert table["A year is worth"].tolist()[4] == "£1,844,000"


def test_money_of_other_years_is_put_into_the_prices_of_the_register() -> None:
    priced = {**SMALL["inputs"], "floor": {"from": "asset_map/floor", "price_year": "2015-16"}}
    figures = {**FIGURES, "asset_map/floor": Value(name="floor", value=750.0, unit="pounds")}
    made = register({**FLOOR, "formula": "floor"}, inputs=priced)
    held = benefits.reading_of(made, cite=figures.__getitem__, spread=spread)
    found = benefits.worth_of(held, deflators=DEFLATORS, seed=1)
    assert found.of(found.released).estimate == pytest.approx(1000.0)


def test_the_inputs_give_the_released_figure_to_the_last_digit() -> None:
    table = benefits.refuse_other_sums(reading(), cite=cite)
    assert table["from_inputs"].tolist() == table["released"].tolist() == [2.7 * 185 * 306]


def test_the_reported_example_is_worked_out_again() -> None:
    """2.7 days of 185 people at 306 pounds are 152,847, reported as 153,000."""
    agreed = benefits.refuse_other_sums(reading(), cite=cite)
    figures = {
        **FIGURES,
        "reported/cost_avoided_per_month": Value(
            name="cost_avoided_per_month", value=153_000.0, unit="pounds", decimals=0
        ),
        "reported/days_saved": Value(name="days_saved", value=2.7, unit="days"),
        "reported/people_per_month": Value(
            name="people_per_month", value=185.0, unit="people", decimals=0
        ),
        "reported/bed_day_cost": Value(name="bed_day_cost", value=306.0, unit="pounds", decimals=0),
    }
    table = benefits.released_beside_reported(agreed, cite=figures.__getitem__)
    assert table["To the penny"].tolist() == ["–", "£152,847.00", "£152,847.00", "£152,847.00"]
    assert table["Figure"][1] == "Its sum, 2.7 days × 185 people × £306"
    assert table["A month"].tolist()[:2] == ["£153,000", "£153,000"]


@pytest.mark.parametrize(
    "moved", ["patient_flow/cost_avoided_per_month", "patient_flow/days_saved"]
)
def test_a_released_figure_that_moved_by_one_unit_stops_the_case_by_name(moved: str) -> None:
    was = FIGURES[moved]
    assert was.value is not None
    figures = {**FIGURES, moved: Value(name=was.name, value=was.value + 1, unit=was.unit)}
    held = benefits.reading_of(register(), cite=figures.__getitem__, spread=spread)
    with pytest.raises(benefits.BenefitsError, match="patient_flow/cost_avoided_per_month is"):
        benefits.refuse_other_sums(held, cite=figures.__getitem__)


def test_a_pilot_that_brings_nothing_has_a_row_that_says_so() -> None:
    unshown = {"grade": "not shown", "says": "It was asked.", "because": "Nobody looked."}
    titles = {"patient_flow": "Patient flow", "single_view": "Single view"}
    evidence = benefits.EvidenceRegister.model_validate(
        {
            "questions": {"gain": {"asks": "Gain?", "short": "Gain", "claims": "that it gains"}},
            "pilots": {name: {"title": title, "gain": unshown} for name, title in titles.items()},
        }
    )
    made = worth()
    table = benefits.by_pilot(made, worth(attributed=False), worth(optimism=OPTIMISM), evidence)
    assert table.drop(columns="95% interval").values.tolist() == [
        ["Patient flow", "Cost avoided, a year", "£367,000", "£1,834,000", "£330,000", "1"],
        ["Single view", "Nothing counted", "£0", "–", "£0", "–"],
    ]


def test_a_formula_without_a_share_is_whole() -> None:
    assert another()["attribution"] == WHOLE
    assert register(FLOOR).flows[1].attributed == "100 * 100"
    assert content()["flows"] == SMALL["flows"]
