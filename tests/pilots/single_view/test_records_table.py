"""Who is who as it is saved: the same, whether linkage has told where records stand or not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from tests.pilots.ascii_table import table
from tests.pilots.two_agencies import FIRST, SPEC
from woda_lib.pilots.linking import link_from
from woda_lib.pilots.single_view.linking import records_table

RECORDS = {
    "police": table(
        """
        id  partner      forename surname born
        n10 constabulary Cat      Jones   1970-07-07
        n2  constabulary Bob      Brown   1985-05-05
        """
    ),
    "care": table(
        """
        id partner forename surname born
        c1 council Cat      Jones   1970-07-07
        c2 council Kit      Lee     2015-05-05
        """
    ),
}


def test_each_number_is_of_its_dataset_and_partner() -> None:
    linked = link_from(FIRST, RECORDS, SPEC, relink_after_days=31, engine="recordlinkage")
    found = records_table(linked, RECORDS)
    told = found[["partner", "dataset", "local_id"]].astype(str).to_numpy().tolist()
    assert told == [
        ["council", "care", "c1"],
        ["council", "care", "c2"],
        ["constabulary", "police", "n10"],
        ["constabulary", "police", "n2"],
    ]
    assert linked.whereabouts is not None
    places = {"police": linked.whereabouts.places["police"], "care": np.array([0, -1])}
    less = replace(linked.whereabouts, places=places)
    for whereabouts in (None, less):
        again = records_table(replace(linked, whereabouts=whereabouts), RECORDS)
        pd.testing.assert_frame_equal(again, found)
    held = {**linked.whereabouts.places, "absent": np.array([], dtype=np.int64)}
    nobody = replace(linked.whereabouts, places=held)
    again = records_table(replace(linked, whereabouts=nobody), RECORDS)
    pd.testing.assert_frame_equal(again, found)
