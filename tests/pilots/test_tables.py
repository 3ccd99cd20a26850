"""The small tables of the reports, on a handful of rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from tests.pilots.ascii_table import table
from woda_lib.evaluation import interrupted_time_series
from woda_lib.figures import to_svg
from woda_lib.pilots.patient_flow import (
    bars,
    delay_reasons,
    headline,
    how_clocks_ended,
    match_outcomes,
    matched_by_month,
    referrals_per_month,
    waits_by_period,
)

MATCHED = table(
    """
    partner          referral_id  received_on  spell_id  first_for_spell  unmatched_because
    county_council   R1           2024-01-03   S1        True             -
    county_council   R2           2024-01-04   S1        False            -
    county_council   R3           2024-01-09   -         False              no_person_link
    county_council   R4           2024-01-09   -         False              community_referral
    county_council   R5           2024-02-09   S2        True             -
    other_council    R6           2024-02-10   S3        True             -
    """,
    dates=("received_on",),
)
MATCHED["first_for_spell"] = MATCHED["first_for_spell"].map({"True": True, "False": False})


def test_what_became_of_each_referral():
    outcomes = match_outcomes(MATCHED).set_index(["council", "outcome"])["referrals"]
    assert outcomes.to_dict() == {
        ("County council", "community referral"): 1,
        ("County council", "matched"): 3,
        ("County council", "no person link"): 1,
        ("Other council", "matched"): 1,
    }


def test_people_a_month_are_stays_and_unmatched_referrals_of_one_council():
    # January: S1 once (R1, not R2) and R3, who waited too; not R4, who never was in hospital
    monthly = referrals_per_month(MATCHED, since="2024-01-01", council="county_council")
    assert {str(month): n for month, n in monthly.items()} == {"2024-01": 2, "2024-02": 1}
    later = referrals_per_month(MATCHED, since="2024-02-01", council="county_council")
    assert {str(month): n for month, n in later.items()} == {"2024-02": 1}


def test_the_share_matched_leaves_community_referrals_out():
    data = matched_by_month(MATCHED).data.set_index(["partner", "month"])
    january = data.loc[("county_council", pd.Timestamp("2024-01-01"))]
    assert january["referrals"] == 3
    assert round(january["matched_percent"], 1) == 66.7  # two of three


def test_how_the_clocks_of_each_trust_ended():
    clocks = table(
        """
        hospital        ended_by
        some_trust      discharged
        some_trust      discharged
        some_trust      died
        other_trust     still_waiting
        """
    )
    ended = how_clocks_ended(clocks).set_index("hospital")
    assert ended.loc["Some trust"].to_dict() == {"died": 1, "discharged": 2, "still_waiting": 0}
    assert ended.loc["Other trust", "still_waiting"] == 1


def test_waits_before_and_after_leave_months_out_that_are_not_followed():
    days = [4, 6, 1, 3, 50]
    clocks = pd.DataFrame(
        {
            "hospital": "some_trust",
            "started_on": pd.to_datetime(
                ["2024-01-02", "2024-01-20", "2024-03-01", "2024-03-05", "2024-06-20"]
            ),
            "days": days,
            "observed": True,
        }
    )
    waits = waits_by_period(
        clocks, go_live="2024-03-01", horizon=30, as_of=pd.Timestamp("2024-06-30")
    )
    assert waits[["period", "people", "restricted_mean"]].to_numpy().tolist() == [
        ["before", 2, 5.0],  # (4 + 6) / 2
        ["after", 2, 2.0],  # (1 + 3) / 2; the wait of June has not been followed for 30 days
    ]


def test_the_headline_follows_sign_and_chance():
    months = pd.date_range("2022-01-01", periods=36, freq="MS")
    noise = np.random.default_rng(1).normal(0, 0.3, 36)

    def after(step):
        frame = pd.DataFrame({"month": months, "days": 9 + noise + step * (months >= "2023-07-01")})
        return headline(
            interrupted_time_series(frame, outcome="days", time="month", start="2023-07-01")
        )

    assert after(-3).startswith("The pathway saved")
    assert after(0).startswith("No saving can be told from chance")
    assert after(3).startswith("People waited longer")


def test_delay_reasons_count_stays_once_a_reason_and_the_late_ones_apart():
    events = table(
        """
        partner  spell_id  event_type        event_date  delay_reason
        trust    S1        pathway_decision  2025-03-01  -
        trust    S1        delay_review      2025-03-05  housing
        trust    S1        delay_review      2025-03-15  housing
        trust    S2        pathway_decision  2025-03-01  -
        trust    S2        delay_review      2025-03-05  family_choice
        trust    S3        delay_review      2025-01-05  housing
        other    S4        delay_review      2025-03-05  housing
        """,
        dates=("event_date",),
    )
    found = delay_reasons(events, since=pd.Timestamp("2025-03-01"), hospital="trust")
    assert found.to_numpy().tolist() == [["family choice", 1, 0], ["housing", 1, 1]]


def test_bars_leave_out_what_was_withheld_and_say_so():
    data = pd.DataFrame({"reason": ["housing", "family"], "people": [40, 10], "late": [5, 5]})
    picture = bars(data, label="reason", length="people", filled="late")
    assert picture.counts == ("people", "late")
    withheld = picture.data.astype({"people": "Int64"})
    withheld.loc[1, "people"] = pd.NA
    svg = to_svg(replace(picture, data=withheld))
    assert "[c]" in svg
    assert ">40<" in svg
