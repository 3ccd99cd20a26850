"""Which file a row is delivered in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.synthetic.deliveries import deliver
from woda_lib.synthetic.profiles import PROFILES

QUICK = PROFILES["quick"]


def days(*written: str) -> np.ndarray:
    return np.array(written, dtype="datetime64[D]")


def meetings(*numbers: str) -> pd.DataFrame:
    columns = {"held_on": pd.NaT, "minutes": range(len(numbers)), "cases": 1, "attendees": 8}
    return pd.DataFrame({"meeting_id": numbers, **columns})


def test_police_deliver_by_the_month_and_from_march_2025_by_the_day() -> None:
    daily = QUICK.daily
    assert len(daily.labels) == 47 + 31 + QUICK.days_beyond
    assert (daily.labels[0], daily.labels[46], daily.labels[47], daily.labels[-1]) == (
        "2021-04", "2025-02", "2025-03-01", "2025-04-07",
    )  # fmt: skip
    of = daily.of(days("2021-01-15", "2021-04-30", "2025-02-28", "2025-03-01", "2025-03-31"))
    assert [daily.labels[at] for at in of] == [
        "2021-04", "2021-04", "2025-02", "2025-03-01", "2025-03-31",
    ]  # fmt: skip
    assert len(QUICK.monthly.labels) == 48


def test_a_file_holds_a_key_once_as_last_written() -> None:
    on = days("2025-02-20", "2025-02-03", "2025-03-05", "2025-03-06")
    delivery = deliver("triage_meetings", meetings("A", "A", "A", "B"), on, QUICK.daily)
    files = [delivery.periods.labels[at] for at in delivery.period]
    assert list(zip(files, delivery.rows["meeting_id"], delivery.rows["minutes"], strict=True)) == [
        ("2025-02", "A", 0),
        ("2025-03-05", "A", 2),
        ("2025-03-06", "B", 3),
    ]


def test_a_delivery_is_cut_at_days() -> None:
    on = days("2025-02-20", "2025-03-31", "2025-04-01")
    whole = deliver("triage_meetings", meetings("A", "B", "C"), on, QUICK.daily)
    window = whole.between(QUICK.opens, QUICK.as_of)
    assert list(window.rows["meeting_id"]) == ["A", "B"]
    assert window.periods.labels[-1] == "2025-03-31"
    next_day = whole.between(*days("2025-04-01", "2025-04-01"))
    assert list(next_day.rows["meeting_id"]) == ["C"]
    assert (next_day.periods.labels, list(next_day.period)) == (("2025-04-01",), [0])
