"""Sector mix: textbook location quotients and Herfindahl indices, and whether intervals cover."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.pilots.business_register.growth.mix import (
    concentration,
    herfindahl,
    location_quotients,
)


def _enterprises(counts: dict[tuple[str, str], int]) -> pd.DataFrame:
    rows = pd.DataFrame([(*key, number) for key, number in counts.items()])
    rows.columns = pd.Index(["district", "section", "number"])
    return rows.loc[rows.index.repeat(rows["number"]), ["district", "section"]]


def test_a_textbook_quotient() -> None:
    # A region has 20 of its 40 in furniture, the nation 50 of 200: (20/40) / (50/200) = 2.
    county = _enterprises(
        {
            ("here", "furniture"): 20,
            ("here", "other"): 20,
            ("rest", "furniture"): 30,
            ("rest", "other"): 130,
        }
    )
    found = location_quotients(county, district="district", sector="section")
    found = found.set_index(["district", "sector"])
    assert found.loc[("here", "furniture"), "quotient"] == pytest.approx(2.0)
    assert found.loc[("here", "furniture"), "low"] > 1
    assert found.loc[("rest", "furniture"), "quotient"] == pytest.approx((30 / 160) / (50 / 200))


def test_the_interval_is_as_wide_as_repeated_draws_are_spread() -> None:
    # 36 of 300 here and 54 of 900 in the rest of the county, drawn twenty thousand times.
    rng = np.random.default_rng(5)
    here, rest = rng.binomial((300, 900), (0.12, 0.06), size=(20_000, 2)).T
    spread = np.std(np.log((here / 300) / ((here + rest) / 1_200)))
    counts = {("here", "x"): 36, ("here", "y"): 264, ("rest", "x"): 54, ("rest", "y"): 846}
    row = location_quotients(_enterprises(counts), district="district", sector="section").iloc[0]
    assert row["quotient"] == pytest.approx(1.6)
    assert np.log(row["high"] / row["quotient"]) == pytest.approx(1.96 * spread, rel=0.04)
    assert row["quotient"] / row["low"] == pytest.approx(row["high"] / row["quotient"])


def test_a_sector_that_a_district_lacks_has_a_quotient_of_nought() -> None:
    county = _enterprises({("here", "x"): 10, ("rest", "x"): 10, ("rest", "y"): 10})
    found = location_quotients(county, district="district", sector="section")
    lacking = found[(found["district"] == "here") & (found["sector"] == "y")].iloc[0]
    assert lacking["quotient"] == 0
    assert np.isnan(lacking["low"])


def test_published_herfindahl_indices() -> None:
    # The Department of Justice's example, 30, 30, 20 and 20 per cent: 2,600; and one of eight.
    assert 10_000 * herfindahl([30, 30, 20, 20]) == pytest.approx(2_600)
    assert 10_000 * herfindahl([10, 9, 12, 15, 12, 11, 15, 16]) == pytest.approx(1_296)


def test_four_like_sectors_are_like_four() -> None:
    county = _enterprises({("here", each): 25 for each in "abcd"} | {("rest", "a"): 10})
    found = concentration(county, district="district", sector="section").set_index("district")
    assert found.loc["here", "index"] == pytest.approx(0.25)
    assert found.loc["here", "like_sectors"] == pytest.approx(4)
    assert found.loc["rest", "index"] == 1
