"""New numbers for old people: which is new, when, and what it is a share of."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse.measures import (
    AMONG_KNOWN,
    AMONG_NEW,
    duplicate_rate,
    duplicate_shares,
    known_by_time,
    new_nominals,
)

PERSONS = table(
    """
    nominal_id  recorded_on
    N1          2024-05-20
    N2          2024-02-01
    N3          2024-03-01
    N4          2024-04-01
    N5          2024-04-02
    """,
    dates=("recorded_on",),
)
PEOPLE = table(
    """
    dataset         local_id  entity_id
    police_persons  N1        anna
    police_persons  N2        bert
    police_persons  N3        anna
    police_persons  N4        cora
    school_roll     N5        anna
    """
)
INCIDENTS = table(
    """
    incident_id  reported_at
    I1           2024-01-05
    I2           2024-02-01
    I3           2024-03-01
    I4           2024-05-20
    I5           2024-06-02
    """,
    dates=("reported_at",),
)
INVOLVED = table(
    """
    incident_id  nominal_id
    I1           N1
    I2           N2
    I3           N3
    I4           N1
    I5           N2
    """
)


@pytest.fixture(scope="module")
def nominals() -> pd.DataFrame:
    return new_nominals(PERSONS, PEOPLE, INVOLVED, INCIDENTS)


def test_a_record_that_was_written_again_is_as_old_as_its_first_incident(
    nominals: pd.DataFrame,
) -> None:
    first = nominals.set_index("nominal_id")["first_at"]
    assert first["N1"] == pd.Timestamp("2024-01-05")
    assert first["N4"] == pd.Timestamp("2024-04-01")


def test_the_later_number_of_a_person_is_the_duplicate(nominals: pd.DataFrame) -> None:
    assert nominals.loc[nominals["known"], "nominal_id"].tolist() == ["N3"]


def test_a_number_that_no_link_knows_is_nobody_known(nominals: pd.DataFrame) -> None:
    assert not nominals.set_index("nominal_id").loc["N5", "known"]


def test_where_a_month_has_few_duplicates_the_chart_goes_by_quarters(
    nominals: pd.DataFrame,
) -> None:
    found = known_by_time(nominals).set_index("time")
    assert found.loc["2024-01-01"].tolist() == [3, 1, pytest.approx(100 / 3)]
    many = pd.concat([nominals.assign(known=True, first_at=pd.Timestamp("2024-02-03"))] * 10)
    assert known_by_time(many)["time"].tolist() == [pd.Timestamp("2024-02-01")]


class TestShares:
    def test_among_new_numbers(self, nominals: pd.DataFrame) -> None:
        found = duplicate_shares(nominals, INVOLVED, INCIDENTS, go_live="2024-03-01")
        new = found[found["what"] == AMONG_NEW]
        assert new.groupby("period")["hit"].agg(["sum", "size"]).loc["since"].tolist() == [1, 3]
        assert duplicate_rate(found, "since").estimate == pytest.approx(100 / 3)

    def test_among_those_who_came_again(self, nominals: pd.DataFrame) -> None:
        # Anna came again in I3 under a new number and in I4 under her old one; Bert in I5.
        found = duplicate_shares(nominals, INVOLVED, INCIDENTS, go_live="2024-03-01")
        again = found[found["what"] == AMONG_KNOWN]
        assert again["hit"].tolist() == [True, False, False]
        assert set(again["period"]) == {"since"}
