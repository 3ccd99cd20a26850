"""Price years and corrections for optimism, as their parameter tables say."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from woda_lib.evaluation import (
    OptimismBiasError,
    PriceYearError,
    price_factor,
    read_optimism_bias,
    read_price_index,
)
from woda_lib.evaluation.optimism_bias import corrections
from woda_lib.evaluation.prices import financial_year

TABLES = Path(__file__).parents[2] / "parameters" / "money"


def test_the_price_index_says_its_source_and_its_vintage():
    table = read_price_index(TABLES / "gdp_deflators.yaml")
    assert "December 2025" in table.attrs["source"]
    assert table["index"].is_monotonic_increasing
    # A bed-day of £306 in 2015/16 is £410 in 2024/25: 306 × 100 / 74.5894.
    assert 306 * price_factor("2015/16", "2024-25", deflators=table) == pytest.approx(
        410.25, abs=0.01
    )


def test_there_and_back_is_the_same():
    table = pd.DataFrame({"financial_year": ["2015-16", "2020/21"], "index": [80.0, 100.0]})
    there = price_factor("2015-16", "2020-21", deflators=table)
    assert there == 1.25
    assert there * price_factor("2020-21", "2015-16", deflators=table) == 1


@pytest.mark.parametrize("text", ["2015", "2015-17", "2015-2017", "last year", None])
def test_what_is_no_financial_year_is_refused(text):
    with pytest.raises(PriceYearError, match="Write it as 2015-16"):
        financial_year(text)


def test_a_year_that_the_index_lacks_is_said():
    table = pd.DataFrame({"financial_year": ["2015-16"], "index": [80.0]})
    with pytest.raises(PriceYearError, match="has no year 2030-31: it runs from 2015-16"):
        price_factor("2015-16", "2030-31", deflators=table)


@pytest.mark.parametrize("content", ["", "index: {}", "source: x\nindex: {2015-16: many}", "[1"])
def test_a_file_that_is_no_price_index(tmp_path, content):
    (tmp_path / "i.yaml").write_text(content)
    with pytest.raises(PriceYearError, match=r"i\.yaml is no price index"):
        read_price_index(tmp_path / "i.yaml")


def test_corrections_go_against_the_programme():
    table = read_optimism_bias(TABLES / "optimism_bias.yaml")
    assert "Assumption" in table.attrs["source"]
    grades = pd.Series([1, 3, 3, 6, None])
    kinds = pd.Series(["benefit", "benefit", "cost", "cost", "benefit"])
    assert corrections(grades, kinds, table).tolist() == [1.0, 0.9, 1.1, 1.4, 1.0]


def test_the_worse_the_evidence_the_more_is_corrected():
    table = read_optimism_bias(TABLES / "optimism_bias.yaml")
    assert table["benefits"].is_monotonic_increasing
    assert table["costs"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (None, "there is no table of corrections"),
        ({"grade": [1], "benefits": [0.0], "costs": [0.0]}, "no grade 2. It has 1"),
        ({"grade": [2], "benefits": [40.0], "costs": [0.0]}, "Corrections are shares"),
    ],
)
def test_grades_without_a_sound_table_are_refused(table, says):
    table = None if table is None else pd.DataFrame(table)
    with pytest.raises(OptimismBiasError, match=says):
        corrections(pd.Series([2]), pd.Series(["benefit"]), table)


@pytest.mark.parametrize("content", ["", "grades: [1]", "source: x\ngrades: {1: {benefits: 0}}"])
def test_a_file_that_is_no_table_of_corrections(tmp_path, content):
    (tmp_path / "o.yaml").write_text(content)
    with pytest.raises(OptimismBiasError, match=r"o\.yaml is no table of corrections"):
        read_optimism_bias(tmp_path / "o.yaml")
