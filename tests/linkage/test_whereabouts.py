"""Where records stand among the clusters, as linkage tells it and as their names do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from tests.pilots.two_agencies import FIRST, SPEC
from woda_lib.linkage import OpenStore
from woda_lib.linkage.plain_forms import numbered_alike, numbered_in_order
from woda_lib.linkage.sources import gather
from woda_lib.linkage.whereabouts import rows_as_given
from woda_lib.pilots.linking import Linked, link_from

POLICE = table(
    """
    id  forename surname born
    n10 Cat      Jones   1970-07-07
    n2  Bob      Brown   1985-05-05
    n1  Ann      Smith   1990-01-02
    """
)
CARE = table(
    """
    id forename surname born
    c1 Ann      Smith   1990-01-02
    c2 Kit      Lee     2015-05-05
    """
)
LATER = {
    "police": pd.concat(
        [table("id forename surname born\nn0 Eve Green 1999-09-09"), POLICE.iloc[[0, 2]]]
    ),
    "care": CARE.assign(surname=["Smith", "Leigh"]),
}


def linked(records: Mapping[str, pd.DataFrame], before: Linked | None = None, days: int = 31):
    known = FIRST
    if before is not None:
        known = replace(
            FIRST,
            on=date(2025, 4, 1),
            run="second",
            tables=before.store.tables(),
            settled_with=before.store.settled_with,
            model=before.model.to_text(),
            linked_on=before.linked_on,
        )
    return link_from(known, records, SPEC, relink_after_days=days, engine="recordlinkage")


@pytest.fixture(scope="module")
def first() -> Linked:
    return linked({"police": POLICE, "care": CARE})


def check(found: Linked, records: Mapping[str, pd.DataFrame]) -> None:
    clusters, where = found.clusters, found.whereabouts
    assert where is not None
    for source, frame in records.items():
        rows = clusters.iloc[where.places[source]]
        assert rows["source"].tolist() == [source] * len(frame)
        assert rows["id"].tolist() == frame["id"].tolist()
    assert sum(map(len, where.places.values())) == len(clusters) == len(where.entity)
    alike, names = (pd.factorize(each)[0] for each in (where.entity, clusters["entity_id"]))
    assert alike.tolist() == names.tolist()


def test_records_stand_where_a_full_linkage_put_them(first):
    check(first, {"police": POLICE, "care": CARE})


@pytest.mark.parametrize("days", [31, 0])
def test_a_record_that_is_gone_or_new_shifts_the_others(first, days):
    check(linked(LATER, first, days), LATER)


def test_records_that_wait_for_an_update_stand_nowhere(first):
    opened = OpenStore(first.store, LATER, SPEC, first.model, engine="recordlinkage")
    where, clusters = opened.whereabouts(), opened.clusters()
    assert where.places["police"].tolist()[0] == -1
    rows = clusters.iloc[where.places["police"][1:]]
    assert rows["id"].tolist() == LATER["police"]["id"].tolist()[1:]


def test_a_source_without_records_has_no_places(first):
    found = linked({"police": POLICE, "care": CARE.iloc[:0]}, first)
    check(found, {"police": POLICE})
    assert found.whereabouts is not None
    assert "care" not in found.whereabouts.places


def test_records_are_found_in_whatever_order_and_kind_they_were_given():
    records = gather({"police": POLICE, "care": CARE}, SPEC)
    rows = rows_as_given({"police": POLICE, "care": CARE}, SPEC, records)
    both = {"police": POLICE, "care": CARE}
    for name, frame in both.items():
        assert records["id"].iloc[rows[name]].tolist() == frame["id"].tolist()
    categories = {name: frame.astype({"id": "category"}) for name, frame in both.items()}
    numbers = {"police": POLICE.assign(id=[10, 2, 1]), "care": CARE.assign(id=[7, 6])}
    for other in (categories, numbers):
        records = gather(other, SPEC)
        rows = rows_as_given(other, SPEC, records)
        for name, frame in other.items():
            assert records["id"].iloc[rows[name]].tolist() == frame["id"].tolist()


def test_texts_known_to_be_alike_are_numbered_as_any_others():
    texts = np.array(["b", "a", "b", "c\ud800", "a"], dtype=object)
    codes, names = numbered_alike(texts, np.array([9, 4, 9, 1, 4], dtype=np.uint64))
    wanted, wanted_names = numbered_in_order(texts)
    assert codes.tolist() == wanted.tolist() == [1, 0, 1, 2, 0]
    assert names.tolist() == wanted_names.tolist()
    for wrong in ([0, 1, 2, 3, 4], [0, 1, 2, 3, 1], [0, 1, 0, 1, 1], [0, 0, 0, 0, 0]):
        codes, names = numbered_alike(texts, np.array(wrong))
        assert codes.tolist() == wanted.tolist()
        assert names.tolist() == wanted_names.tolist()
    nothing = numbered_alike(texts[:0], np.empty(0, dtype=np.int32))
    assert [len(each) for each in nothing] == [0, 0]
