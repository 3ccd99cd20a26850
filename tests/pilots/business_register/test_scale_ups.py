"""Scale-ups by the OECD's rule, against arithmetic by hand and against everything that can be."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.business_register.growth.bands import ends_of, size_band
from woda_lib.pilots.business_register.growth.scale_up_shares import (
    answers,
    bounds,
    scale_up_shares,
)
from woda_lib.pilots.business_register.growth.scale_ups import Rule, scale_ups

NUMBERS = ["employees", "employees_band", "turnover", "turnover_band"]


def _workforce(text: str) -> pd.DataFrame:
    rows = table(text)
    for column in set(NUMBERS) - set(rows.columns):
        rows[column] = pd.Series(pd.NA, index=rows.index, dtype="string")
    for column in ("year", "employees", "turnover"):
        rows[column] = pd.to_numeric(rows[column]).astype("Int64")
    return rows


def _lives(ids: list[str], born: str = "2010-01-01", ended: str | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "enterprise_id": ids,
            "born_on": pd.Timestamp(born),
            "ended_on": pd.to_datetime(pd.Series([ended] * len(ids))),
        }
    )


def _states(text: str, rule: Rule | None = None, **life: str) -> list[str]:
    workforce = _workforce(text)
    ids = list(dict.fromkeys(workforce["enterprise_id"]))
    found = scale_ups(workforce, _lives(ids, **life), rule or Rule(), year=2025)
    return found["scale_up"].tolist()


def test_ten_employees_must_become_eighteen_within_three_years() -> None:
    # 10 * 1.2 ** 3 = 17.28, so that 17 is 19.3% a year and 18 is 21.6%.
    assert Rule().times == pytest.approx(1.728)
    assert _states("""
        enterprise_id year employees
        a             2022 10
        a             2025 18
        b             2022 10
        b             2025 17
    """) == ["yes", "no"]


def test_growth_must_exceed_the_boundary_and_not_only_reach_it() -> None:
    # 125 * 1.2 ** 3 = 216 and 1000 * 1.1 ** 3 = 1331, both without a remainder.
    found = scale_ups(
        _workforce("""
            enterprise_id year employees
            a             2022 125
            a             2025 216
            b             2022 125
            b             2025 217
            c             2022 1000
            c             2025 1331
            d             2022 1000
            d             2025 1332
        """),
        _lives(["a", "b", "c", "d"]),
        Rule(),
        year=2025,
    )
    assert found["scale_up"].tolist() == ["no", "yes", "no", "no"]
    assert found["near"].tolist() == ["yes", "no", "no", "yes"]


def test_who_began_with_nine_is_none_however_much_it_grew() -> None:
    assert _states("""
        enterprise_id year employees
        a             2022 9
        a             2025 90
    """) == ["no"]


def test_a_missing_year_leaves_it_open_unless_the_other_decides() -> None:
    # An end of 17 is too few from ten or more, whatever the beginning was; a beginning of nine is
    # too small, whatever the end. An end of 18 says nothing without the beginning.
    assert _states("""
        enterprise_id year employees
        a             2025 17
        b             2022 9
        c             2025 18
        d             2022 50
        e             2021 50
    """) == ["no", "no", "not determinable", "not determinable", "not determinable"]


def test_a_band_decides_where_both_its_ends_agree() -> None:
    # 10-19 to 50-249 is at least 50 / 19 = 2.6 times; 20-49 to 20-49 may be 49 / 20 = 2.45 times;
    # 50-249 to 10-19 is fewer at any rate; 250+ has no upper end.
    assert _states("""
        enterprise_id year employees_band
        a             2022 10-19
        a             2025 50-249
        b             2022 20-49
        b             2025 20-49
        c             2022 50-249
        c             2025 10-19
        d             2022 250+
        d             2025 250+
        e             2022 1-9
        e             2025 250+
    """) == ["yes", "not determinable", "no", "not determinable", "no"]


def test_turnover_counts_only_with_enough_employees() -> None:
    rule = Rule(basis="turnover")
    assert _states(
        """
        enterprise_id year employees turnover turnover_band
        a             2022 10        1000     -
        a             2025 10        1729     -
        b             2022 9         1000     -
        b             2025 9         9999     -
        c             2022 -         1000     -
        c             2025 -         1729     -
        d             2022 12        -        100-249
        d             2025 12        -        1000-4999
        e             2022 12        0        -
        e             2025 12        500      -
        """,
        rule,
    ) == ["yes", "no", "not determinable", "yes", "not determinable"]


def test_either_counts_who_grew_by_one_of_the_two() -> None:
    assert _states(
        """
        enterprise_id year employees turnover
        a             2022 10        1000
        a             2025 10        1729
        b             2022 10        1000
        b             2025 18        900
        c             2022 10        1000
        c             2025 12        1100
        d             2022 10        -
        d             2025 12        -
        """,
        Rule(basis="either"),
    ) == ["yes", "yes", "no", "not determinable"]


def test_the_first_year_and_who_did_not_live_to_the_last_do_not_count() -> None:
    rows = """
        enterprise_id year employees
        a             2022 10
        a             2025 30
    """
    assert _states(rows, born="2021-04-01") == []  # 2022 is its first year to March
    assert _states(rows, born="2021-03-31") == ["yes"]
    assert _states(rows, ended="2025-03-31") == []
    assert _states(rows, ended="2025-04-01") == ["yes"]


def test_bounds_are_those_of_all_that_can_be() -> None:
    # Every way of filling in the numbers of a few firms, within their bands, is tried.
    workforce = _workforce("""
        enterprise_id year employees employees_band
        a             2022 10        -
        a             2025 20        -
        b             2022 -         1-9
        b             2025 30        -
        c             2022 -         10-19
        c             2025 24        -
        d             2022 11        -
        e             2022 40        -
        e             2025 41        -
        f             2025 20        -
    """)
    found = scale_ups(workforce, _lives(list("abcdef")), Rule(), year=2025)
    shares = []
    for c, d, f in product(range(10, 20), range(0, 60), range(0, 30)):
        began = np.array([10, c, 11, 40, f])
        ended = np.array([20, 24, d, 41, 20])
        eligible = began >= 10
        shares.append(100 * (eligible & (ended > 1.728 * began)).sum() / eligible.sum())
    row = bounds(found).iloc[0]
    assert (row["least"], row["most"]) == pytest.approx((min(shares), max(shares)))
    assert (row["enterprises"], row["surely"], row["possibly"]) == (6, 1, 4)


def test_shares_count_those_of_whom_it_can_be_told_alone() -> None:
    found = scale_ups(
        _workforce("""
            enterprise_id year employees
            a             2022 10
            a             2025 18
            b             2022 20
            b             2025 28
            c             2022 30
            c             2025 30
            d             2022 5
            d             2025 50
            e             2022 30
        """),
        _lives(list("abcde")).assign(district=["Malvern Hills"] * 3 + ["Wychavon", None]),
        Rule(),
        year=2025,
    )
    row = scale_up_shares(found).iloc[0]
    assert (row["can_be_told"], row["scale_ups"], row["near"]) == (3, 1, 1)
    assert row["percent"] == pytest.approx(100 / 3)
    # Wilson's interval of 1 in 3, as in Brown, Cai and DasGupta's formula: 6.1% to 79.2%.
    assert (row["low"], row["high"]) == pytest.approx((6.15, 79.23), abs=0.01)
    assert scale_up_shares(found, by="district")["group"].tolist() == ["Malvern Hills"]
    assert answers(found)["enterprises"].tolist() == [1, 1, 1, 1, 1, 0]


def test_ends_of_numbers_bands_and_nothing() -> None:
    numbers = pd.Series([7, pd.NA, pd.NA, pd.NA, pd.NA], dtype="Int64")
    bands = pd.Series([pd.NA, "0", "50-249", "250+", pd.NA], dtype="string")
    ends = ends_of(numbers, bands)
    assert ends["least"].tolist() == [7, 0, 50, 250, 0]
    assert ends["most"].tolist() == [7, 0, 249, np.inf, np.inf]
    assert size_band(ends).tolist() == [
        "0 to 9",
        "0 to 9",
        "50 to 249",
        "250 and more",
        "Not known",
    ]
