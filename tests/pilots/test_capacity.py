"""Capacity: who came on which pathway, what is known of them, and places by pathway."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.disclosure.pictures import refuse_foreign_marks
from woda_lib.figures import to_svg
from woda_lib.pilots.patient_flow import (
    MissingColumnsError,
    checked_in_simpy,
    decisions,
    explained_waits,
    known_share,
    observed_waits,
    places_picture,
    places_table,
    plan_places,
)

CLOCKS = table(
    """
    hospital  spell_id  regime                started_on  days  ended_by
    trust     S1        discharge_to_assess   2024-01-10  4     discharged
    trust     S2        discharge_to_assess   2024-01-11  9     discharged
    trust     S3        discharge_to_assess   2024-01-12  5     died
    trust     S4        notices               2022-03-01  5     discharged
    other     S1        discharge_to_assess   2024-01-10  5     discharged
    trust     S5        discharge_to_assess   2024-06-20  1     discharged
    trust     S6        discharge_to_assess   2024-01-15  2     discharged
    """,
    dates=("started_on",),
).astype({"days": int})
EVENTS = table(
    """
    partner  spell_id  event_type        event_date  pathway
    trust    S1        pathway_decision  2024-01-10  1
    trust    S1        pathway_decision  2024-01-12  2
    trust    S2        pathway_decision  2024-01-11  2
    trust    S2        delay_review      2024-01-15  -
    trust    S3        pathway_decision  2024-01-12  3
    trust    S5        pathway_decision  2024-06-20  1
    other    S1        pathway_decision  2024-01-10  3
    """,
    dates=("event_date",),
).astype({"pathway": "Int64"})
MATCHED = table(
    """
    partner  received_on  spell_id  first_for_spell  unmatched_because
    council  2024-01-10   S1        yes              -
    council  2024-01-11   S2        yes              -
    council  2024-01-12   S2        -                -
    council  2024-01-12   S3        yes              -
    council  2024-01-15   S6        yes              -
    council  2024-06-20   S5        yes              -
    council  2024-02-01   -         -                no_person
    council  2024-02-01   -         -                community_referral
    council  2023-02-01   -         -                no_person
    other    2024-02-01   -         -                no_person
    """,
    dates=("received_on",),
).assign(first_for_spell=lambda rows: rows["first_for_spell"].notna())


@pytest.fixture
def decided() -> pd.DataFrame:
    return decisions(CLOCKS, EVENTS, hospital="trust")


def test_a_stay_goes_by_its_last_decision_under_discharge_to_assess(decided: pd.DataFrame) -> None:
    found = decided.set_index("spell_id")["pathway"]
    assert found.dropna().to_dict() == {"S1": 2, "S2": 2, "S3": 3, "S5": 1}
    assert found.index[found.isna()].tolist() == ["S6"]  # decided, and not written down


def test_demand_is_known_of_those_with_a_match_and_a_decision(decided: pd.DataFrame) -> None:
    # Six stays: S1, S2, S3, S5, S6 and one without a match; four of them have a pathway.
    assert known_share(decided, MATCHED, council="council") == pytest.approx(4 / 6)


def test_waits_are_of_those_who_left_alive_and_could_be_followed(decided: pd.DataFrame) -> None:
    found = observed_waits(
        decided, since=pd.Timestamp("2024-01-01"), until=pd.Timestamp("2024-06-30"), within=4
    )
    assert found.to_dict("records") == [
        {
            "pathway": 2,
            "people": 2,
            "mean_wait": 6.5,
            "median_wait": 6.5,
            "in_time_percent": 50.0,
        }
    ]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(MissingColumnsError, match="pathway"):
        decisions(CLOCKS, EVENTS.drop(columns="pathway"), hospital="trust")


def came(a_day: dict[int, float]) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    days = pd.date_range("2023-01-02", periods=500)
    parts = [
        pd.DataFrame({"decided_on": days.repeat(rng.poisson(rate, 500)), "pathway": pathway})
        for pathway, rate in a_day.items()
    ]
    return pd.concat(parts, ignore_index=True)


SETTINGS: dict[str, object] = {
    "until": pd.Timestamp("2024-05-15"),
    "service_days": {1: 10, 2: 10, 3: 20},
    "growth": {1: 0.0, 2: 0.0, 3: 0.0},
    "known": 1.0,
    "service_uncertainty": 0.0,
    "horizon": 150,
    "warm_up": 60,
    "replications": 30,
    "seed": 1,
    "draws": 5,
}


def test_each_pathway_is_planned_by_its_own_arrivals_and_days() -> None:
    people = came({0: 1, 1: 3, 2: 1, 3: 1})
    limits = {1: 2, 2: 2, 3: 2}
    plans = plan_places(people, within=limits, share=0.9, **SETTINGS)
    assert [found.unit for found in plans.values()] == [
        "care packages",
        "community beds",
        "care-home places",
    ]
    in_use = [found.in_use for found in plans.values()]
    assert in_use == pytest.approx([30, 10, 20], rel=0.15)
    assert all(found.estimate > found.in_use for found in plans.values())
    half_known = plan_places(people, within=limits, share=0.9, **{**SETTINGS, "known": 0.5})
    assert half_known[1].in_use == pytest.approx(2 * plans[1].in_use)

    tried = places_table(plans)
    assert (tried["smallest"] == "yes").groupby(tried["pathway"]).sum().tolist() == [1, 1, 1]
    assert tried["in_time_percent"].between(0, 100).all()
    assert checked_in_simpy(plans)["largest_difference"].max() == 0

    observed = pd.DataFrame(
        {"pathway": [0, 1, 2, 3], "median_wait": 4.0, "mean_wait": 5.0, "in_time_percent": 30.0}
    )
    explained = explained_waits(observed, plans, within=2)
    assert explained["in_time_simulated_percent"].tolist() == pytest.approx(
        tried.loc[tried["smallest"] == "yes", "in_time_percent"].tolist()
    )

    picture = places_picture(plans)
    for narrow in (False, True):
        svg = to_svg(
            picture,
            narrow=narrow,
            look=lambda figure: refuse_foreign_marks(figure, picture.data, name="places"),
        )
        assert svg.count(">Pathway ") == 3
