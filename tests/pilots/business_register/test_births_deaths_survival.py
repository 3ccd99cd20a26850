"""Births, deaths and survival: definitions by hand, lifelines' curve, and a planted truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter

from tests.pilots.ascii_table import table
from woda_lib.evaluation import kaplan_meier
from woda_lib.pilots.business_register.growth.births_and_deaths import (
    births_by_year,
    rates_of_a_year,
)
from woda_lib.pilots.business_register.growth.lives import ended_on, lives, seats
from woda_lib.pilots.business_register.growth.shares import with_share
from woda_lib.pilots.business_register.growth.survival import YEAR, survival, survival_table
from woda_lib.pilots.business_register.growth.years import last_whole_year, year_of

AS_OF = pd.Timestamp("2025-03-31")
DATES = ("born_on", "ended_on", "in_sight_from")


def test_a_year_runs_to_march() -> None:
    days = pd.Series(pd.to_datetime(["2024-03-31", "2024-04-01", "2025-01-01", None]))
    assert year_of(days).tolist() == [2024, 2025, 2025, pd.NA]
    assert last_whole_year(pd.Timestamp("2025-03-31")) == 2025
    assert last_whole_year(pd.Timestamp("2025-03-30")) == 2024


def test_rates_are_those_that_the_national_statistics_office_published() -> None:
    # Business demography, UK: 2019 and 2020, thousands; birth rates 13.0% and 11.9%, death rates
    # 11.2% and 10.5% of enterprises active in the year.
    published = pd.DataFrame(
        {"active": [2990, 3000], "births": [390, 358], "deaths": [336, 316]}, dtype="Int64"
    )
    assert with_share(published, "births", "active")["percent"].round(1).tolist() == [13.0, 11.9]
    assert with_share(published, "deaths", "active")["percent"].round(1).tolist() == [11.2, 10.5]


def test_active_is_whoever_lived_at_any_time_of_the_year() -> None:
    known = table(
        """
        what             born_on    ended_on   in_sight_from district
        all_along        2010-05-01 -          2024-04-01    Wychavon
        born_in_it       2024-09-01 -          2024-09-01    Wychavon
        died_in_it       2010-05-01 2024-12-01 2024-04-01    Redditch
        both             2024-05-01 2025-02-01 2024-05-01    -
        died_before      2010-05-01 2024-03-15 2019-04-01    Wychavon
        born_after       2025-04-01 -          2025-04-01    Wychavon
        seen_too_late    2010-05-01 -          2024-09-01    Wychavon
        """,
        dates=DATES,
    )
    row = rates_of_a_year(known, 2025).iloc[0]
    assert (row["active"], row["births"], row["deaths"]) == (4, 2, 2)
    assert (row["birth_percent"], row["death_percent"]) == (50.0, 50.0)
    by = rates_of_a_year(known, 2025, by="district").set_index("group")
    assert by["active"].to_dict() == {"Not known": 1, "Redditch": 1, "Wychavon": 2}


def test_a_life_is_in_sight_from_the_first_snapshot_or_else_the_first_account() -> None:
    enterprises = table(
        """
        enterprise_id legal_form  born_on    died_on    died_before section
        company       company     2015-06-01 -          -           C
        vanished      company     2015-06-01 -          2024-09-30  C
        new           company     2024-08-01 -          -           C
        with_shop     company     2015-06-01 -          -           G
        trader        sole_trader 2021-05-01 2023-01-31 -           G
        dissolved     company     2021-05-01 2023-01-31 -           G
        answered      company     -          -          -           G
        """,
        dates=("born_on", "died_on", "died_before"),
    )
    members = table("""
        source         enterprise_id
        companies      company
        companies      vanished
        companies      new
        companies      with_shop
        business_rates with_shop
        business_rates trader
        business_rates dissolved
        workforce      answered
    """)
    sites = table(
        """
        site_id enterprise_id kind              uprn district rateable_value started_on
        1       company       registered_office 1    Wychavon -              -
        2       with_shop     premises          2    Redditch 9000           2021-07-01
        3       trader        premises          3    Redditch 4000           2021-05-01
        """,
        dates=("started_on",),
    )
    sites["rateable_value"] = pd.to_numeric(sites["rateable_value"]).astype("Int64")
    found = lives(
        enterprises,
        sites,
        members,
        as_of=AS_OF,
        first_snapshot=pd.Timestamp("2024-03-31"),
        history_from=pd.Timestamp("2019-04-01"),
        mass_registration=20,
    ).set_index("enterprise_id")
    assert found["in_sight_from"].dt.strftime("%Y-%m-%d").fillna("never").to_dict() == {
        "company": "2024-03-31",
        "vanished": "2024-03-31",
        "new": "2024-08-01",
        "with_shop": "2024-03-31",
        "trader": "2021-05-01",
        "dissolved": "2024-03-31",
        "answered": "never",
    }
    assert found["ended_on"].notna().to_dict() == {
        "company": False,
        "vanished": True,
        "new": False,
        "with_shop": False,
        "trader": True,
        "dissolved": True,
        "answered": False,
    }
    assert found.loc["trader", "district"] == "Redditch"
    assert found["sites"].tolist() == [1, 0, 0, 1, 1, 0, 0]
    assert ended_on(enterprises)[1] == pd.Timestamp("2024-09-15")


def test_the_seat_is_the_largest_premises_and_no_address_of_hundreds() -> None:
    sites = table("""
        site_id enterprise_id kind              uprn district     rateable_value
        1       a             registered_office 7    Worcester    -
        2       a             premises          8    Redditch     5000
        3       a             premises          9    Wychavon     8000
        4       b             registered_office 7    Worcester    -
        5       c             both              7    Worcester    100
        6       d             registered_office 6    Bromsgrove   -
    """)
    sites["rateable_value"] = pd.to_numeric(sites["rateable_value"]).astype("Int64")
    assert seats(sites, mass_registration=2).to_dict() == {
        "a": "Wychavon",
        "c": "Worcester",
        "d": "Bromsgrove",
    }
    assert seats(sites, mass_registration=3)["b"] == "Worcester"


def _county(number: int, seed: int) -> pd.DataFrame:
    """Enterprises born evenly over thirty years with a hazard that falls with age."""
    rng = np.random.default_rng(seed)
    born = pd.Timestamp("1995-04-01") + pd.to_timedelta(
        rng.integers(0, int(30 * YEAR), number), unit="D"
    )
    age = rng.weibull(0.8, number) * 7  # years
    ended = born + pd.to_timedelta((age * YEAR).astype(int) + 1, unit="D")
    return pd.DataFrame(
        {"born_on": born, "ended_on": pd.Series(ended).where(ended <= AS_OF), "true_end": ended}
    )


TRUE = {years: 100 * np.exp(-((years / 7) ** 0.8)) for years in (1, 2, 3, 4, 5)}


@pytest.fixture(scope="module")
def snapshots() -> pd.DataFrame:
    """What a register that begins a year ago holds of a county: whoever lived then or since."""
    first = pd.Timestamp("2024-03-31")
    everybody = _county(30_000, seed=20250310)
    there = everybody[~(everybody["ended_on"] <= first)].reset_index(drop=True)
    return there.assign(in_sight_from=there["born_on"].clip(lower=first))


def test_survival_is_recovered_where_registers_begin_with_the_living(
    snapshots: pd.DataFrame,
) -> None:
    found = survival_table(snapshots, as_of=AS_OF).set_index("years")
    for years, true in TRUE.items():
        assert found.loc[years, "low"] <= true <= found.loc[years, "high"]
    assert found.loc[5, "high"] - found.loc[5, "low"] < 7


def test_taking_everybody_from_birth_is_far_too_high(snapshots: pd.DataFrame) -> None:
    naive = survival(snapshots, as_of=AS_OF, late_entry=False)
    (share,), (low,), _ = naive.at(np.array([5.0]))
    assert 100 * low > TRUE[5] + 40
    assert 100 * share == pytest.approx(92, abs=1)  # where 47 in a hundred truly do


def test_births_are_recovered_from_those_that_lived_to_be_seen(snapshots: pd.DataFrame) -> None:
    curve = survival(snapshots, as_of=AS_OF)
    found = births_by_year(snapshots, curve, range(2020, 2026), as_of=AS_OF).set_index("year")
    true = year_of(_county(30_000, seed=20250310)["born_on"]).value_counts()
    for year in range(2020, 2026):
        row = found.loc[year]
        assert row["low"] <= true[year] <= row["high"]
    assert found.loc[2020, "seen"] < 0.7 * true[2020]
    assert found.loc[2025, "births"] == found.loc[2025, "seen"]


def test_without_late_entry_the_curve_is_the_evaluation_rooms() -> None:
    everybody = _county(600, seed=3)
    seen = everybody.assign(in_sight_from=everybody["born_on"])
    mine = survival(seen, as_of=AS_OF)
    days = (seen["ended_on"].fillna(AS_OF) - seen["born_on"]).dt.days
    frame = pd.DataFrame({"days": days, "ended": seen["ended_on"].notna()})
    other = kaplan_meier(frame, duration="days", event="ended").everyone
    ages = np.array([0.5, 1.0, 3.0, 5.0])
    assert mine.at(ages)[0] == pytest.approx(other.at(ages * YEAR))


def test_late_entry_by_hand() -> None:
    # Ages in years: a 0 to 2 ends; b 0 to 4 lives; c enters at 1, ends at 3; d enters at 2.5.
    # At 2: 1 of 3 ends; at 3: 1 of 3 (b, c, d). So 2/3, then 4/9.
    known = pd.DataFrame({"entry": [0, 0, 1, 2.5], "age": [2.0, 4, 3, 4], "died": [1, 0, 1, 0]})
    born = pd.Timestamp("2015-01-01")
    far = pd.Timestamp("2030-01-01")
    days = (known[["entry", "age"]] * YEAR).round().astype(int)
    spans = days.apply(lambda each: born + pd.to_timedelta(each, unit="D"))
    alive = known["died"] == 0
    lived = pd.DataFrame(
        {
            # Whoever lives was born so late that the last day comes at that age.
            "born_on": spans["age"].map(lambda day: far - (day - born)).where(alive, born),
            "ended_on": spans["age"].mask(alive),
        }
    )
    lived["in_sight_from"] = lived["born_on"] + (spans["entry"] - born)
    curve = survival(lived, as_of=far, fewest=1)
    assert curve.at(np.array([1.9, 2.1, 3.1]))[0] == pytest.approx([1.0, 2 / 3, 4 / 9])
    fitted = KaplanMeierFitter().fit(known["age"], known["died"], entry=known["entry"])
    assert fitted.predict(3.5) == pytest.approx(4 / 9)


def test_a_curve_ends_where_too_few_are_at_risk(snapshots: pd.DataFrame) -> None:
    few = snapshots[snapshots["born_on"] >= "2024-04-01"].head(40)
    found = survival_table(few, as_of=AS_OF, fewest=10)
    assert found["percent"].isna().all() or found["percent"].isna()[1:].all()
    late = snapshots[snapshots["in_sight_from"] > snapshots["born_on"]]
    assert survival_table(late, as_of=AS_OF)["percent"].isna().all()
