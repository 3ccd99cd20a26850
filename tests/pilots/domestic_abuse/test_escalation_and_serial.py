"""Does it get worse within couples, and how much is recorded against serial perpetrators?"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse.measures import (
    by_order,
    escalation,
    incidents_of_couples,
    partners_of_perpetrators,
    share_of_serial,
)


def couples(growth: float, *, seed: int = 2, number: int = 250) -> pd.DataFrame:
    """Couples with their own level of gravity and three to nine incidents a month apart."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(3, 10, number)
    couple = np.repeat(np.arange(number), counts)
    order = np.concatenate([np.arange(each) for each in counts])
    level = rng.normal(2.0, 1.0, number)[couple]
    # Graver couples come more often: between couples, later incidents are graver by themselves.
    level = level + 0.3 * (counts[couple] - 5)
    harm = np.exp(level + growth * order + rng.normal(0, 1.0, len(couple)))
    return pd.DataFrame(
        {
            "incident_id": [f"I{row}" for row in range(len(couple))],
            "occurred_at": pd.Timestamp("2022-01-01") + pd.to_timedelta(30 * order, "D"),
            "victim": [f"v{each}" for each in couple],
            "perpetrator": [f"p{each}" for each in couple],
            "duplicate_of": pd.NA,
            "harm_days": harm,
        }
    )


class TestCouples:
    def test_whoever_harms_next_it_is_the_same_couple(self) -> None:
        cases = couples(0.0, number=1).assign()
        turned = cases.assign(victim=cases["perpetrator"], perpetrator=cases["victim"])
        both = pd.concat([cases.iloc[:2], turned.iloc[2:]])
        found = incidents_of_couples(both, fewest=3)
        assert found["couple"].nunique() == 1
        assert found["order"].tolist() == list(range(1, len(both) + 1))
        assert found["gap_days"].tolist()[1:] == [30.0] * (len(both) - 1)

    def test_couples_with_fewer_incidents_are_not_followed(self) -> None:
        found = incidents_of_couples(couples(0.0), fewest=5)
        assert found.groupby("couple").size().min() >= 5


class TestEscalation:
    def test_graver_couples_are_not_taken_for_couples_that_grow_graver(self) -> None:
        followed = incidents_of_couples(couples(0.0))
        later_are_graver = by_order(followed)["mean_days"].iloc[[0, -1]].tolist()
        assert later_are_graver[1] > later_are_graver[0]
        row = escalation(followed).set_index("measure").loc["Days of imprisonment, %"]
        assert row["low"] < 0 < row["high"]

    def test_a_planted_growth_is_found(self) -> None:
        row = escalation(incidents_of_couples(couples(0.2))).set_index("measure")
        found = row.loc["Days of imprisonment, %"]
        assert found["low"] > 8
        assert found["high"] < 100 * np.expm1(0.2) + 3

    def test_too_few_couples_give_no_row(self) -> None:
        assert escalation(incidents_of_couples(couples(0.0, number=1))).empty


class TestSerial:
    CASES = table(
        """
        incident_id  occurred_at  victim  perpetrator  relationship    duplicate_of
        I1           2024-01-01   anna    carl         partner         -
        I2           2024-02-01   bella   carl         former_partner  -
        I3           2024-02-01   bella   carl         former_partner  I2
        I4           2024-03-01   dora    emil         partner         -
        I5           2024-03-02   dora    emil         partner         -
        I6           2024-03-03   fred    emil         child           -
        I7           2020-01-01   gina    emil         partner         -
        I8           2024-03-04   dora    -            partner         -
        """,
        dates=("occurred_at",),
    ).assign(harm_days=[10, 30, 30, 40, 20, 5, 1, 1])

    def test_shares_of_people_incidents_and_harm(self) -> None:
        found = share_of_serial(self.CASES, as_of=date(2024, 12, 31), months=24)
        rows = found.set_index("what")["serial_percent"]
        assert rows["Perpetrators"] == 50
        assert rows["Incidents"] == 50
        assert rows["Days of harm"] == pytest.approx(100 * 40 / 100)

    def test_perpetrators_by_how_many_partners(self) -> None:
        found = partners_of_perpetrators(self.CASES, as_of=date(2024, 12, 31), months=24)
        assert found.to_dict("list") == {
            "partners": ["1", "2"],
            "perpetrators": [1, 1],
            "incidents": [2, 2],
        }
