"""What is done to money before it is added up is said, with its source, as far as it is done."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.pilots.partnership.case.test_reading import run_with
from woda_lib.evaluation import discount_factors
from woda_lib.pilots.partnership.case import footing, footing_in_words, read_case

DEFLATORS = pd.DataFrame({"financial_year": ["2015-16", "2024-25"], "index": [75.0, 100.0]})
OPTIMISM = pd.DataFrame(
    {
        "grade": [1, 5, 6],
        "known_from": ["Measured here", "Something similar", "Somebody's judgement"],
        "benefits": [0.0, 0.25, 0.4],
        "costs": [0.0, 0.3, 0.5],
    }
)
DEFLATORS.attrs["source"], OPTIMISM.attrs["source"] = "The deflator", "The grades"
FLOWS = pd.DataFrame({"kind": ["cost", "benefit", "benefit", "cost"], "grade": [5, 6, 6, 1]})
PRICES = pd.Series(["2015/16", "2024-25", "", None], name="price_year")


def said(years: int = 5, flows: pd.DataFrame = FLOWS) -> dict[str, tuple[str, str]]:
    table = footing_in_words(
        flows,
        PRICES.to_frame(),
        years=years,
        price_base="2024-25",
        deflators=DEFLATORS,
        optimism=OPTIMISM,
    )
    assert list(table) == ["what", "becomes", "source"]
    return {row.what: (row.becomes, row.source) for row in table.itertuples()}


def test_each_thing_that_is_done_has_a_row_and_nothing_else() -> None:
    green_book = "HM Treasury, The Green Book (2022), Annex A6"
    assert said() == {
        "Money of years 1 to 4": ("3.5% a year less", green_book),
        "Prices of 2015-16": ("times 1.333, prices of 2024-25", "The deflator"),
        "Benefits of grade 6: somebody's judgement": ("40% less", "The grades"),
        "Costs of grade 1: measured here": ("as it is", "The grades"),
        "Costs of grade 5: something similar": ("30% more", "The grades"),
    }


def test_rates_of_the_far_future_have_rows_of_their_own() -> None:
    rates = {what: becomes for what, (becomes, _) in said(years=40).items() if "Money" in what}
    assert rates == {
        "Money of years 1 to 30": "3.5% a year less",
        "Money of years 31 to 39": "3.0% a year less",
    }
    assert discount_factors(1)[1] == pytest.approx(1 / 1.035)


def test_a_case_of_one_year_discounts_nothing() -> None:
    assert not any("Money" in what for what in said(years=1))


def test_the_partnerships_own_case_says_what_is_done_to_its_money() -> None:
    run = run_with()
    table = footing(read_case(run), run).set_index("what")
    assert table.loc["Money of years 1 to 4", "becomes"] == "3.5% a year less"
    assert table.loc["Prices of 2015-16", "becomes"].startswith("times 1.341")
    assert table.index.str.startswith("Benefits of grade").any()
    assert table.index.str.startswith("Costs of grade").any()
    assert table["source"].str.len().gt(20).all()
