"""The days from which on ends would be seen are those that the extracts show."""

from __future__ import annotations

import pandas as pd
import pytest

from woda_lib.pilots.business_register.growth import GrowthError, require_held
from woda_lib.pilots.business_register.held_since import held_since

FIRST, BEGAN = pd.Timestamp("2024-03-31"), pd.Timestamp("2019-04-01")


def extracts(ends: list[str]) -> dict[str, pd.DataFrame]:
    companies = pd.DataFrame(
        {
            "delivered_on": pd.to_datetime(["2024-03-31", "2024-06-30"]),
            "last_delivered_on": pd.to_datetime(["2025-03-31", "2025-03-31"]),
        }
    )
    rates = pd.DataFrame({"ended_on": pd.to_datetime([*ends, None])})
    return {"companies": companies, "business_rates": rates}


def fortnightly() -> list[str]:
    days = pd.date_range("2019-04-12", "2025-03-01", freq="14D")
    return [f"{day:%Y-%m-%d}" for day in days]


def test_the_first_delivery_and_the_first_end_are_read_off_the_extracts() -> None:
    days = held_since(extracts(fortnightly())).set_index("source")["first_day"]
    assert days["companies"] == FIRST
    assert days["business_rates"] == pd.Timestamp("2019-04-12")


def test_one_end_that_was_written_wrongly_begins_no_history() -> None:
    days = held_since(extracts(["2009-10-11", *fortnightly()])).set_index("source")["first_day"]
    assert days["business_rates"] == pd.Timestamp("2019-04-12")


def test_days_that_the_extracts_bear_out_pass() -> None:
    since = held_since(extracts(fortnightly()))
    require_held(since, first_snapshot=FIRST, history_from=BEGAN)
    require_held(since, first_snapshot=FIRST, history_from=pd.Timestamp("2021-04-01"))


@pytest.mark.parametrize("day", ["2023-03-31", "2024-04-30"])
def test_another_day_than_that_of_the_first_delivery_is_refused(day: str) -> None:
    since = held_since(extracts(fortnightly()))
    with pytest.raises(GrowthError, match=f"first_snapshot is {day}, .* is of 2024-03-31"):
        require_held(since, first_snapshot=pd.Timestamp(day), history_from=BEGAN)


def test_a_history_from_before_anybody_ended_is_refused() -> None:
    since = held_since(extracts(fortnightly()))
    with pytest.raises(GrowthError, match=r"history_from is 2015-04-01, .* on 2019-04-12"):
        require_held(since, first_snapshot=FIRST, history_from=pd.Timestamp("2015-04-01"))


def test_where_nothing_tells_nothing_is_refused() -> None:
    since = held_since(extracts([]))
    assert since["first_day"].isna().tolist() == [False, True]
    require_held(since, first_snapshot=FIRST, history_from=pd.Timestamp("2015-04-01"))
