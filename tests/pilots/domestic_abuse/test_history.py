"""The couple together and each with others, by hand on a few incidents."""

from __future__ import annotations

import pandas as pd

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse.history import earlier_events, events, others, summarise

HARM = pd.DataFrame(
    {"days": {"rape": 1825.0, "harassment": 10.0, "common_assault": 1.0, "no_crime": 0.0}}
)
# A and R are tonight's victim and perpetrator; H is R's earlier partner, J A's.
CASES = """
incident_id  occurred_at  crime_type      victim  perpetrator  relationship    duplicate_of
i1           2023-02-01   rape            A       R            partner         -
i2           2023-05-01   harassment      A       R            partner         -
i3           2024-06-01   common_assault  A       R            partner         -
i4           2024-06-01   harassment      A       R            partner         i3
i5           2024-09-01   common_assault  R       A            partner         -
i6           2024-12-01   harassment      H       R            former_partner  -
i7           2023-11-01   common_assault  H       R            former_partner  -
i8           2024-01-01   no_crime        A       J            former_partner  -
i9           2024-10-01   common_assault  A       -            -               -
tonight      2025-03-30   harassment      A       R            former_partner  -
"""


def cases(text: str = CASES) -> pd.DataFrame:
    frame = table(text, dates=("occurred_at",))
    return frame.assign(victim_confidence=0.99, perpetrator_confidence=0.95, roles_doubtful=False)


def counted(frame: pd.DataFrame, night: str = "tonight") -> pd.DataFrame:
    tonight = frame[frame["incident_id"] == night]
    pairs = earlier_events(tonight, events(frame, HARM), months=24)
    return summarise(pairs, tonight, months=12, sure_from=0.9).set_index("kind")


def test_couple_and_each_with_others_in_12_and_24_months() -> None:
    found = counted(cases())
    # i1 is older than 24 months; i3 and i4 are one event; in i5 the roles are the other way round.
    assert found.loc["couple", ["recent", "all", "other_way"]].tolist() == [2, 3, 1]
    assert found.loc["victim_as_victim", ["recent", "all"]].tolist() == [1, 2]  # i9; i8
    assert found.loc["perpetrator_as_perpetrator", ["recent", "all"]].tolist() == [1, 2]  # i6; i7
    assert "victim_as_perpetrator" not in found.index
    assert "perpetrator_as_victim" not in found.index


def test_days_since_the_last_and_harm() -> None:
    couple = counted(cases()).loc["couple"]
    assert (
        couple["days_since_last"] == (pd.Timestamp("2025-03-30") - pd.Timestamp("2024-09-01")).days
    )
    # i3 and i4 are one event, as grave as its graver entry: 10 days; i5 is 1; i2 is 10.
    assert couple["recent_days"] == 10 + 1
    assert couple["all_days"] == 10 + 1 + 10
    assert couple["gravest"] == "harassment"


def test_roles_the_other_way_round_are_still_the_couple() -> None:
    """Tonight R is the victim: what A and R had is theirs, H is whom R harmed."""
    turned = cases().replace({"victim": {"x": "x"}})
    turned.loc[turned["incident_id"] == "tonight", ["victim", "perpetrator"]] = ["R", "A"]
    found = counted(turned)
    assert found.loc["couple", ["all", "other_way"]].tolist() == [3, 2]
    assert found.loc["victim_as_perpetrator", "all"] == 2
    assert found.loc["perpetrator_as_victim", "all"] == 2


def test_earlier_partners_are_counted_by_person() -> None:
    frame = cases()
    tonight = frame[frame["incident_id"] == "tonight"]
    found = others(earlier_events(tonight, events(frame, HARM), months=24))
    rows = found[["kind", "other", "incidents", "confidence"]].to_numpy().tolist()
    assert rows == [
        ["perpetrator_as_perpetrator", "H", 2, 0.99],
        ["victim_as_victim", "J", 1, 0.95],
    ]


def test_doubtful_roles_and_matches_are_counted_and_said() -> None:
    frame = cases()
    frame.loc[frame["incident_id"] == "i2", "roles_doubtful"] = True
    frame.loc[frame["incident_id"] == "i5", "perpetrator_confidence"] = 0.6
    couple = counted(frame).loc["couple"]
    assert couple["all"] == 3
    assert couple["doubtful"] == 2


def test_twelve_months_are_calendar_months() -> None:
    found = counted(
        cases(
            """
            incident_id  occurred_at  crime_type  victim  perpetrator  relationship  duplicate_of
            a            2024-03-30   harassment  A       R            partner       -
            b            2024-03-29   harassment  A       R            partner       -
            tonight      2025-03-30   harassment  A       R            partner       -
            """
        )
    )
    assert found.loc["couple", ["recent", "all"]].tolist() == [1, 2]


def test_without_a_perpetrator_there_is_no_couple() -> None:
    frame = cases()
    frame.loc[frame["incident_id"] == "tonight", "perpetrator"] = pd.NA
    found = counted(frame)
    assert set(found.index) == {"victim_as_victim", "victim_as_perpetrator"}
    assert found.loc["victim_as_victim", "all"] == 4  # i2, i3 with i4, i8, i9


def test_tonights_own_second_entry_is_not_its_history() -> None:
    frame = cases()
    again = frame[frame["incident_id"] == "tonight"].assign(
        incident_id="tonight_again",
        occurred_at=pd.Timestamp("2025-03-30 00:10"),
        duplicate_of="tonight",
    )
    whole = pd.concat([frame, again], ignore_index=True)
    assert counted(whole, "tonight_again").loc["couple", "all"] == 3


def test_a_chain_of_entries_is_one_event_and_a_withdrawn_first_entry_does_no_harm() -> None:
    frame = cases(
        """
        incident_id  occurred_at  crime_type      victim  perpetrator  relationship  duplicate_of
        a            2025-01-01   common_assault  A       R            partner       gone
        b            2025-01-02   no_crime        A       -            -             a
        c            2025-01-03   harassment      A       R            partner       b
        """
    )
    [only] = events(frame, HARM).to_dict("records")
    assert only["incident_id"] == "a"
    assert only["entries"] == 3
    assert only["crime_type"] == "harassment"
    assert only["perpetrator"] == "R"
