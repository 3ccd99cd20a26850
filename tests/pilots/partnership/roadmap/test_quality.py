"""Quality: what is good, fair and poor, and which dataset is a partner's weakest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.partnership.roadmap.quality import (
    DIMENSIONS,
    MEASURED,
    Thresholds,
    completeness,
    grades,
    share_good,
    weakest,
)

LIMITS = Thresholds(dict.fromkeys(DIMENSIONS, 0.98), fair_times=3)
"""2% of faults are good still, 6% are fair."""


@pytest.mark.parametrize(
    ("share", "grade"),
    [
        (1.0, "good"),
        (0.98, "good"),
        (1 - 0.02, "good"),
        (0.9799, "fair"),
        (0.94, "fair"),
        (0.9399, "poor"),
        (0.0, "poor"),
        (np.nan, "not known"),
    ],
)
def test_a_share_is_graded_by_the_faults_that_are_allowed(share: float, grade: str):
    shares = pd.DataFrame([dict.fromkeys(DIMENSIONS, share)])
    assert set(grades(shares, LIMITS).iloc[0]) == {grade}


def test_thresholds_come_from_parameters_in_per_cent():
    parameters = {f"good_{name}": 90.0 for name in DIMENSIONS} | {"fair_times": 2.0, "other": 1}
    assert Thresholds.of(parameters) == Thresholds(dict.fromkeys(DIMENSIONS, 0.9), fair_times=2.0)


def test_completeness_leaves_out_what_is_rightly_blank_and_what_must_be_there():
    filled = table("""
        partner  dataset  column     required  rows  filled
        police   stays    id         yes       10    10
        police   stays    postcode   no        10    9
        police   stays    forename   no        10    7
        police   stays    ended_on   no        10    0
        council  stays    postcode   no        4     4
        council  stays    forename   no        4     4
        council  stays    ended_on   no        4     0
        council  ends     ended_on   no        4     0
        council  visits   ended_on   no        4     1
        fire     visits   ended_on   no        0     0
    """).astype({"rows": int, "filled": int})
    filled["required"] = filled["required"] == "yes"
    found = completeness(filled, {"stays": ["ended_on"], "ends": ["ended_on"]})
    assert found.to_numpy().tolist() == [
        ["council", "stays", 8 / 8],
        ["council", "visits", 1 / 4],  # another dataset's end is not spoken of
        ["police", "stays", (9 + 7) / 20],
    ]


def test_a_partner_is_as_good_as_its_weakest_dataset():
    stands = pd.DataFrame(
        {"name": ["Police", "Police", "Fire"], "title": ["Incidents", "Crimes", "Visits"]}
    )
    stands[list(DIMENSIONS)] = 1.0
    stands["validity"] = [0.99, 0.95, np.nan]
    found = weakest(stands, LIMITS).set_index(["partner", "dimension"])
    assert found.index.get_level_values("partner").drop_duplicates().tolist() == ["Police", "Fire"]
    assert found.loc[("Police", "validity")].tolist() == [0.95, "fair", "Crimes"]
    assert found.loc[("Fire", "validity")].tolist()[1:] == ["not known", ""]
    assert found.loc[("Police", "uniqueness"), "grade"] == "good"
    assert len(found) == 2 * len(DIMENSIONS)


def test_the_share_that_is_good_counts_what_is_known_of_what_was_measured():
    names = [f"grade_{name}" for name in DIMENSIONS]
    graded = pd.DataFrame([dict.fromkeys(names, "good"), dict.fromkeys(names, "poor")])
    graded.loc[1, "grade_validity"] = "not known"
    graded.loc[0, "grade_accuracy"] = "poor"  # the partner's own word, measured by nobody here
    graded.loc[1, "grade_timeliness"] = "good"  # no file tells when it came, so it is left out
    counted = len(MEASURED) - 1
    assert share_good(graded) == counted / (2 * counted - 1)
