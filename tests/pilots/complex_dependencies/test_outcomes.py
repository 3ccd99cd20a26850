"""What happened afterwards: new steps of services that none was taken with on the day."""

from __future__ import annotations

import pandas as pd
import pytest

from woda_lib.partners.datasets import CONTRACTS
from woda_lib.pilots.complex_dependencies.outcomes import SERVICES, outcomes, steps_taken
from woda_lib.prediction.errors import PredictionError

DAY = pd.Timestamp("2023-09-30")
MEMBERSHIPS = pd.DataFrame(
    {
        "unit_id": ["900001", "900002"],
        "household_id": ["household-1", "household-2"],
        "starts": pd.Timestamp("2020-01-01"),
        "ends": pd.Timestamp("2026-01-01"),
        "of": "property",
    }
)
DATES = pd.DataFrame(
    {"index_date": [DAY], "follow_up_ends": [pd.Timestamp("2024-09-30")], "followed": [True]}
)
SPINE = pd.DataFrame({"household_id": ["household-1", "household-2"], "index_date": DAY})


def rows_of(dataset: str, *rows: tuple[str, str, str | None]) -> pd.DataFrame:
    """Rows of ``uprn, started_on, ended_on``."""
    table = pd.DataFrame(rows, columns=["uprn", "started_on", "ended_on"])
    days = table[["started_on", "ended_on"]].apply(pd.to_datetime)
    number = [f"{dataset}-{i}" for i in range(len(table))]
    return table.assign(**days).assign(**{CONTRACTS[dataset].key: number})


def every_source() -> dict[str, pd.DataFrame]:
    """One old step each, of a home that no household is known at."""
    return {name: rows_of(name, ("900009", "2020-05-01", "2020-05-02")) for name in SERVICES}


def test_two_new_services_are_several_and_one_that_goes_on_is_not_new():
    rows = every_source()
    rows["child_enquiries"] = rows_of(
        "child_enquiries",
        ("900001", "2023-11-01", "2023-12-01"),
        ("900002", "2023-09-01", None),
        ("900002", "2023-11-01", None),
    )
    rows["homelessness_duties"] = rows_of(
        "homelessness_duties",
        ("900001", "2024-09-30", None),
        ("900002", "2024-10-01", None),
    )
    happened = outcomes(SPINE, steps_taken(rows, MEMBERSHIPS), DATES).set_index("household_id")
    assert happened["services_new"].to_dict() == {"household-1": 2, "household-2": 0}
    assert happened["happened"].to_dict() == {"household-1": True, "household-2": False}


@pytest.mark.parametrize("silent", ["absent", "empty"])
def test_a_source_that_tells_nothing_is_not_taken_for_nothing_that_happened(silent):
    rows = every_source()
    if silent == "absent":
        del rows["youth_justice_orders"]
    else:
        rows["youth_justice_orders"] = rows["youth_justice_orders"].iloc[:0]
    with pytest.raises(PredictionError, match="youth_justice_orders: not one row"):
        steps_taken(rows, MEMBERSHIPS)
