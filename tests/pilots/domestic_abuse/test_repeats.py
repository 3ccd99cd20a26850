"""Repeat victims and serial perpetrators, from hand-made cases."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse.errors import DomesticAbuseError
from woda_lib.pilots.domestic_abuse.repeats import repeat_victims, serial_perpetrators

AS_OF = date(2025, 3, 31)
CASES = """
    incident_id occurred_at      victim perpetrator relationship   duplicate_of
    i1          2024-04-01T00:30 ann    bob         partner        -
    i2          2025-03-31T23:59 ann    bob         former_partner -
    i3          2024-03-31T23:59 cat    dan         partner        -
    i4          2025-01-10T12:00 cat    dan         partner        -
    i5          2025-02-01T12:00 eve    bob         former_partner -
    i6          2025-02-01T20:00 eve    bob         former_partner i5
    i7          2025-03-01T12:00 fay    bob         parent         -
    i8          2025-03-01T12:00 -      dan         partner        -
    i9          2025-04-01T00:00 eve    bob         partner        -
"""


def cases(text: str = CASES) -> pd.DataFrame:
    found = table(text)
    return found.assign(occurred_at=pd.to_datetime(found["occurred_at"]))


def test_two_incidents_in_twelve_months_make_a_repeat_victim():
    # cat's first lies a minute too early, eve's second is the same event entered twice, and what
    # comes after the day does not count.
    found = repeat_victims(cases(), AS_OF, 12)
    assert found[["victim", "incidents", "perpetrators"]].to_numpy().tolist() == [["ann", 2, 1]]
    assert found.loc[0, "last_at"] == pd.Timestamp("2025-03-31 23:59")


def test_a_longer_look_back_finds_more():
    found = repeat_victims(cases(), AS_OF, 24)
    assert found["victim"].tolist() == ["ann", "cat"]


def test_two_partners_make_a_serial_perpetrator_and_a_child_is_no_partner():
    found = serial_perpetrators(cases(), AS_OF, 12)
    assert found[["perpetrator", "victims", "incidents"]].to_numpy().tolist() == [["bob", 2, 3]]
    only_one = cases()[cases()["victim"] != "eve"]
    assert serial_perpetrators(only_one, AS_OF, 12).empty


def test_what_two_people_are_to_each_other_is_told_by_any_of_their_cases():
    unsaid = cases().assign(relationship=lambda table: table["relationship"].mask(table.index == 4))
    assert serial_perpetrators(unsaid, AS_OF, 12)["perpetrator"].tolist() == ["bob"]
    # i6 and i9 say what eve and bob are, i5 does not.
    eve = unsaid["victim"].eq("eve").fillna(False)
    sister = unsaid.assign(relationship=unsaid["relationship"].mask(eve, "sibling"))
    assert serial_perpetrators(sister, AS_OF, 12).empty


def test_two_people_are_taken_for_partners_where_nobody_wrote_down_what_they_are():
    eve = cases()["victim"].eq("eve").fillna(False)
    unsaid = cases().assign(relationship=cases()["relationship"].mask(eve))
    assert serial_perpetrators(unsaid, AS_OF, 12)["perpetrator"].tolist() == ["bob"]


def test_nobody_is_listed_where_there_are_no_cases():
    assert repeat_victims(cases().iloc[:0], AS_OF, 12).empty
    assert serial_perpetrators(cases().iloc[:0], AS_OF, 12).empty


def test_a_missing_column_is_named():
    with pytest.raises(DomesticAbuseError, match="no column duplicate_of"):
        repeat_victims(cases().drop(columns="duplicate_of"), AS_OF, 12)
