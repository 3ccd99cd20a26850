"""Which referral belongs to which stay: every rule on a table of a few rows."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.patient_flow import MissingColumnsError, match_referrals_to_spells

LINKS = """
    partner             local_id  entity_id
    county_council      C1        E1
    worcestershire_acute  P1      E1
    severnside_acute    Q1        E1
    county_council      C2        E2
"""


def match(referrals: str, spells: str, links: str = LINKS, **windows: int) -> pd.DataFrame:
    return match_referrals_to_spells(
        table(referrals, dates=("received_on",)),
        table(spells, dates=("admission_date", "discharge_date")),
        table(links),
        window_before_days=windows.get("before", 2),
        window_after_days=windows.get("after", 3),
    )


def referral(received_on: str, client: str = "C1", source: str = "hospital") -> str:
    return f"""
        partner         referral_id  client_id  received_on    source    site
        county_council  R1           {client}   {received_on}  {source}  North
    """


ONE_STAY = """
    partner               spell_id  patient_id  admission_date  discharge_date  site
    worcestershire_acute  S1        P1          2023-05-10      2023-05-20      North
"""


@pytest.mark.parametrize(
    ("received_on", "days_apart"),
    [
        ("2023-05-07", None),  # 3 days before admission: one too many
        ("2023-05-08", -2),
        ("2023-05-15", 5),
        ("2023-05-23", 13),  # 3 days after discharge
        ("2023-05-24", None),
    ],
)
def test_the_referral_falls_within_the_stay_give_or_take(
    received_on: str, days_apart: int | None
) -> None:
    row = match(referral(received_on), ONE_STAY).iloc[0]
    if days_apart is None:
        assert pd.isna(row["spell_id"])
        assert row["unmatched_because"] == "no_stay_at_that_date"
    else:
        assert row["spell_id"] == "S1"
        assert row["days_apart"] == days_apart
        assert pd.isna(row["unmatched_because"])


def test_a_stay_that_is_still_going_on_has_no_last_day() -> None:
    row = match(referral("2023-09-01"), ONE_STAY.replace("2023-05-20", "-")).iloc[0]
    assert row["spell_id"] == "S1"


def test_the_nearest_admission_wins() -> None:
    two_stays = """
        partner               spell_id  patient_id  admission_date  discharge_date  site
        worcestershire_acute  S1        P1          2023-05-10      2023-05-14      North
        worcestershire_acute  S2        P1          2023-05-15      2023-05-20      South
    """
    assert match(referral("2023-05-14"), two_stays).iloc[0]["spell_id"] == "S2"  # 1 day, not 4


def test_the_councils_own_trust_comes_before_a_nearer_admission_elsewhere() -> None:
    two_trusts = """
        partner               spell_id  patient_id  admission_date  discharge_date  site
        severnside_acute      T1        Q1          2023-05-14      2023-05-20      Vale
        worcestershire_acute  S1        P1          2023-05-10      2023-05-14      North
    """
    row = match(referral("2023-05-14"), two_trusts).iloc[0]
    assert (row["hospital"], row["spell_id"]) == ("worcestershire_acute", "S1")
    assert row["match_kind"] == "paired_trust"


def test_a_stay_at_another_trust_is_better_than_none() -> None:
    elsewhere = """
        partner           spell_id  patient_id  admission_date  discharge_date  site
        severnside_acute  T1        Q1          2023-05-14      2023-05-20      Vale
    """
    assert match(referral("2023-05-14"), elsewhere).iloc[0]["match_kind"] == "other_trust"


def test_the_site_breaks_a_tie() -> None:
    tied = """
        partner               spell_id  patient_id  admission_date  discharge_date  site
        worcestershire_acute  S1        P1          2023-05-10      2023-05-20      South
        worcestershire_acute  S2        P1          2023-05-10      2023-05-20      North
    """
    assert match(referral("2023-05-14"), tied).iloc[0]["spell_id"] == "S2"


def test_the_first_referral_of_a_stay_is_marked() -> None:
    three = """
        partner         referral_id  client_id  received_on  source    site
        county_council  R1           C1         2023-05-14   hospital  North
        county_council  R2           C1         2023-05-12   hospital  North
        county_council  R3           C2         2023-05-12   hospital  North
    """
    matched = match(three, ONE_STAY).set_index("referral_id")
    assert matched["first_for_spell"].to_dict() == {"R1": False, "R2": True, "R3": False}


@pytest.mark.parametrize(
    ("client", "source", "reason"),
    [
        ("C1", "community", "community_referral"),
        ("C2", "hospital", "no_person_link"),  # an entity, but nobody at a hospital
        ("C9", "hospital", "no_person_link"),
    ],
)
def test_a_referral_without_a_stay_keeps_its_row_and_the_reason(
    client: str, source: str, reason: str
) -> None:
    row = match(referral("2023-05-14", client, source), ONE_STAY).iloc[0]
    assert pd.isna(row["spell_id"])
    assert row["unmatched_because"] == reason


def test_every_referral_has_exactly_one_row_in_the_order_given() -> None:
    three = """
        partner         referral_id  client_id  received_on  source     site
        county_council  R9           C1         2023-05-14   hospital   North
        county_council  R2           C1         2023-05-12   community  -
        county_council  R5           C9         2023-05-12   hospital   North
    """
    assert match(three, ONE_STAY)["referral_id"].tolist() == ["R9", "R2", "R5"]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(MissingColumnsError, match="referrals has no column site, source"):
        match("partner referral_id client_id received_on\ncouncil R1 C1 2023-05-14", ONE_STAY)
