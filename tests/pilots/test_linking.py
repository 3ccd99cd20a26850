"""From one run to the next with decisions of people: they hold, and history says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import StringIO

import pandas as pd
import pytest

from tests.pilots.two_agencies import FIRST, SPEC
from woda_lib.linkage import incremental
from woda_lib.linkage.decisions import COLUMNS, in_force
from woda_lib.notebook import Identities
from woda_lib.pilots import linking


def table(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text), sep=r"\s+", dtype="string")


RECORDS = {
    "police": table(
        """
        id forename surname born
        n1 Ann      Smith   1990-01-02
        n2 Bob      Brown   1985-05-05
        n3 Cat      Jones   1970-07-07
        """
    ),
    "care": table(
        """
        id forename surname born
        c1 Ann      Smith   1990-01-02
        c2 Kit      Lee     2015-05-05
        """
    ),
}


def decisions(*rows: str) -> pd.DataFrame:
    made = pd.DataFrame([row.split(",") for row in rows], columns=COLUMNS)
    return in_force(made.assign(on=pd.to_datetime(made["on"])))


APART = decisions("police,n1,care,c1,cannot_link,Ann,2025-04-01,two sisters")


def link_from(known: Identities, decided: pd.DataFrame | None = None, **given) -> linking.Linked:
    asked = {"relink_after_days": 31, "engine": "recordlinkage"} | given
    return linking.link_from(known, RECORDS, SPEC, decisions=decided, **asked)


def kept(linked: linking.Linked, on: date = date(2025, 4, 1)) -> Identities:
    """What the next run is handed."""
    return replace(
        FIRST,
        on=on,
        run="second",
        says="Began from run first.",
        tables=linked.store.tables(),
        settled_with=linked.store.settled_with,
        model=linked.model.to_text(),
        linked_on=linked.linked_on,
    )


@pytest.fixture(scope="module")
def first() -> linking.Linked:
    return link_from(FIRST)


def entities(linked: linking.Linked) -> pd.Series:
    return linked.clusters.set_index("id")["entity_id"]


@pytest.mark.parametrize("relink_after_days", [31, 0])
def test_who_is_unmerged_stays_so_and_history_says_by_whom_and_why(first, relink_after_days):
    person = entities(first)["c1"]
    assert entities(first)["n1"] == person
    second = link_from(kept(first), APART, relink_after_days=relink_after_days)
    parted = entities(second)
    assert parted["n1"] != parted["c1"]
    event = second.changes.iloc[0]
    assert (len(second.changes), event["event"]) == (1, "unmerged")
    assert {event["entity_id"], event["other_entity_id"]} == set(parted[["n1", "c1"]])
    assert event["reason"] == "decided by Ann on 2025-04-01: two sisters"
    # The next night nothing has changed, and history keeps what happened.
    third = link_from(kept(second, date(2025, 4, 2)), APART)
    assert third.changes.empty
    assert third.store.events["event"].tolist().count("unmerged") == 1
    pd.testing.assert_series_equal(entities(third), parted)


def test_names_that_were_begun_with_before_tell_the_same(first, monkeypatch):
    known = kept(first)
    begun = linking.known_names(known, relink_after_days=31)
    assert begun is not None
    monkeypatch.setattr(incremental, "names_meanwhile", None)  # nobody asks for them once more
    second = link_from(known, APART, names=begun)
    monkeypatch.undo()
    wanted = link_from(known, APART)
    for name, found in second.store.tables().items():
        pd.testing.assert_frame_equal(found, wanted.store.tables()[name])
    pd.testing.assert_frame_equal(second.clusters, wanted.clusters)


@pytest.mark.parametrize("new", [0, 1])
def test_what_the_last_run_kept_is_left_as_it_was(first, new):
    known = kept(first)
    before = {name: part.copy() for name, part in known.tables.items()}
    police, care = RECORDS["police"], RECORDS["care"]
    later = police.iloc[:1].assign(id="later") if new else police.iloc[:0]
    altered = {"police": pd.concat([police, later]), "care": care.assign(surname="Jones")}
    found = linking.link_from(known, altered, SPEC, relink_after_days=31, engine="recordlinkage")
    assert not found.changes.empty
    for name, part in before.items():
        pd.testing.assert_frame_equal(known.tables[name], part)


def test_names_of_another_store_are_refused(first):
    others = first.store.records.assign(id=first.store.records["id"] + "x")
    tables = first.store.tables() | {"records": others}
    begun = linking.known_names(replace(kept(first), tables=tables), relink_after_days=31)
    with pytest.raises(ValueError, match="those of another store"):
        link_from(kept(first), names=begun)


def test_names_are_not_begun_with_where_all_is_linked_in_full(first):
    assert linking.known_names(FIRST, relink_after_days=31) is None
    assert linking.known_names(kept(first, date(2025, 4, 2)), relink_after_days=1) is None


def test_a_decision_that_is_taken_out_of_its_file_is_taken_back(first):
    second = link_from(kept(first), APART)
    third = link_from(kept(second, date(2025, 4, 2)), decisions())
    assert entities(third)["n1"] == entities(third)["c1"] == entities(first)["c1"]
    assert third.store.events["event"].tolist().count("unmerged") == 1


def test_two_who_are_one_are_merged_and_history_says_by_whom(first):
    one = decisions("police,n2,care,c2,must_link,Bob,2025-04-01,")
    second = link_from(kept(first), one)
    assert entities(second)["n2"] == entities(second)["c2"]
    assert second.changes[["event", "reason"]].to_numpy().tolist() == [
        ["merged", "decided by Bob on 2025-04-01"]
    ]


def test_a_decision_on_a_record_that_is_gone_waits_for_it(first):
    gone = decisions("police,n9,care,c1,cannot_link,Ann,2025-04-01,")
    second = link_from(kept(first), gone)
    assert (second.waiting, second.changes.empty) == (1, True)
    assert second.says.endswith(
        "One decision of people named a record that no partner delivers now; nothing of it is "
        "lost, and it counts when the record comes back."
    )


def test_a_first_linkage_follows_decisions_too():
    assert entities(link_from(FIRST, APART)).nunique() == 5


def test_what_changed_counts_what_a_person_parted(first):
    second = link_from(kept(first), APART)
    counted = linking.what_changed(second).set_index("what")["number"]
    assert counted["Entities that a person parted from another"] == 1
    assert counted["Entities that split off another"] == 0
