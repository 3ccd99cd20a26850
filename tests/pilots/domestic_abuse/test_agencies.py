"""Which agencies know whom, by hand: what goes on, what ended, and what leaves nothing behind."""

from __future__ import annotations

import pandas as pd

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse.agencies import knows

AS_OF = pd.Timestamp("2025-03-31")


def found(dataset: str, text: str, dates: tuple[str, ...]) -> pd.DataFrame:
    return knows({dataset: table(text, dates=dates)}, as_of=AS_OF).set_index("entity_id")


def test_work_that_goes_on_comes_before_later_work_that_ended() -> None:
    known = found(
        "social_care_involvements",
        """
        entity_id  kind        started_on  ended_on
        K          early_help  2022-01-01  2022-06-01
        K          assessment  2025-03-01  -
        K          early_help  2025-03-10  2025-03-20
        A          assessment  2023-01-01  2023-02-01
        -          assessment  2023-01-01  -
        """,
        ("started_on", "ended_on"),
    )
    child = known.loc["K"]
    assert child[["state", "words", "contacts"]].tolist() == ["open", "assessment", 3]
    assert child["since"] == pd.Timestamp("2025-03-01")
    assert child["first"] == pd.Timestamp("2022-01-01")
    assert known.loc["A", ["state", "last"]].tolist() == ["closed", pd.Timestamp("2023-02-01")]


def test_an_attendance_is_known_and_never_open() -> None:
    known = found(
        "health_flags",
        """
        entity_id  kind        occurred_on
        A          ed_injury   2024-01-01
        A          ed_assault  2025-01-01
        """,
        ("occurred_on",),
    )
    assert known.loc["A", ["state", "contacts", "words"]].tolist() == [
        "known", 2, "emergency department, assault",
    ]  # fmt: skip


def test_an_order_is_open_on_its_last_day_and_not_before_it_begins() -> None:
    known = found(
        "probation_orders",
        """
        entity_id  kind     starts_on   ends_on
        R          licence  2024-01-01  2025-03-31
        S          licence  2024-01-01  2025-03-30
        T          licence  2025-04-01  -
        """,
        ("starts_on", "ends_on"),
    )
    assert known["state"].to_dict() == {"R": "open", "S": "closed"}
