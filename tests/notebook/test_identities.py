"""Who is who, kept from one run to the next: what is begun from, and what is not, and why."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from tests.linkage.people import specification, table
from tests.notebook.conftest import Desk
from tests.notebook.unlike import earlier_clock, other_extracts, other_key, other_pseudonyms
from woda_lib.linkage import IdentityStore, LinkageModel, LinkageResult, link, update
from woda_lib.notebook import Identities, Run
from woda_lib.notebook.identities import PARTS
from woda_lib.partners import audit_log
from woda_lib.partners.people_index import PeopleIndex
from woda_lib.settings import Settings

CLIENTS = table(
    """
    id  forename surname born       postcode
    a1  Mary     Smith   1931-09-20 WR1_2AB
    a2  John     Brown   1948-02-11 WR9_8XY
    a3  Ann      Lee     1960-05-05 B1_1AA
    """
)
OTHERS = table(
    """
    id         forename surname born       postcode
    b1/victim  Mary     Smyth   1931-09-20 WR1_2AB
    b2/victim  Jon      Brown   1948-02-11 WR9_8XY
    """
)
NUMBERS = {"a": "client_id", "b": "referral_id"}
LINKED_ON = date(2022, 1, 31)


@pytest.fixture(scope="module")
def linked() -> LinkageResult:
    return link({"a": CLIENTS, "b": OTHERS}, specification(), engine="recordlinkage", on=LINKED_ON)


def save(run: Run, linked: LinkageResult) -> None:
    run.save_identities("people", linked.store, linked.model, linked_on=LINKED_ON, numbers=NUMBERS)


def store_of(found: Identities) -> IdentityStore:
    return IdentityStore.of_tables(found.tables, settled_with=found.settled_with)


def test_the_first_run_begins_from_nothing(desk: Desk):
    found = desk.begin().identities("people")
    assert (found.says, dict(found.tables)) == (
        "Began from nothing. No earlier run has kept any.",
        {},
    )
    assert (found.on, found.run) == (date(2022, 1, 31), "draft")


def test_what_was_kept_comes_back_whole(desk: Desk, linked: LinkageResult):
    save(desk.begin(), linked)
    found = desk.begin().identities("people")
    assert found.says == "Began from this draft, which had read up to 31 January 2022."
    assert found.linked_on == LINKED_ON
    back = store_of(found)
    for name, kept in linked.store.tables().items():
        pd.testing.assert_frame_equal(back.tables()[name], kept)
    model = LinkageModel.of_text(found.model)
    newcomer = table("id forename surname born postcode\na4 Mary Smith 1931-09-20 WR1_2AB")
    _, outcome = update(
        back,
        frames={"a": pd.concat([CLIENTS, newcomer]), "b": OTHERS},
        spec=specification(),
        model=model,
        on=LINKED_ON,
        run="second",
        engine="recordlinkage",
    )
    assert (outcome.changes["event"].tolist(), outcome.compared) == (["joined"], 2)


def test_nothing_of_it_lies_on_the_disk_in_clear(desk: Desk, linked: LinkageResult):
    save(desk.begin(), linked)
    kept = sorted((desk.draft / "restricted" / "1_count").iterdir())
    assert [path.stem for path in kept] == [
        f"people_{part}"
        for part in (
            "decisions",
            "doubts",
            "events",
            "frequencies",
            "identities",
            "links",
            "records",
        )
    ]
    entity = str(linked.store.records.loc[0, "entity_id"]).encode()
    for path in kept:
        content = path.read_bytes()
        assert entity not in content
        assert b"jaro_winkler" not in content
        assert b"entity_id" not in content


def test_the_audit_log_knows_that_it_was_kept_and_read_and_whose_it_is(
    desk: Desk, linked: LinkageResult
):
    run = desk.begin()
    disguised = run.pseudonymise(
        linked.store.records["id"],
        field="client_id",
        partners=pd.Series("county_council", range(5)),
    )
    records = linked.store.records.assign(id=disguised)
    tables = {**linked.store.tables(), "records": records}
    store = IdentityStore.of_tables(tables, settled_with=linked.store.settled_with)
    run.save_identities("people", store, linked.model, linked_on=LINKED_ON, numbers=NUMBERS)
    desk.begin().identities("people")
    events = list(audit_log(Settings()).records())
    named = [(event.kind, event.dataset) for event in events if event.dataset]
    assert ("save", "tiny/1_count:people_records") in named
    assert ("load", "tiny/1_count:people_records") in named
    key = run._door.key
    loads = {e.people for e in events if e.dataset == "tiny/1_count:people_records"}
    index = PeopleIndex(Settings().people_folder)
    assert index.holding("county_council/a1", [key]) & loads
    assert not index.holding("county_council/a9", [key]) & loads


def test_it_is_recorded_as_an_input_of_its_own_kind(desk: Desk, linked: LinkageResult):
    save(desk.begin(), linked)
    run = desk.begin()
    run.identities("people")
    run.answer("One.")
    run.finish()
    inputs = desk.record().inputs
    assert {each.name for each in inputs if each.previous} == {
        f"tiny/1_count:people_{part}" for part in (*PARTS, "identities")
    }
    assert all(each.path.startswith("outputs/tiny/draft/restricted") for each in inputs)


def _past_its_date(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = (datetime.now() - timedelta(days=365 * 12)).timestamp()
    for path in (desk.draft / "restricted" / "1_count").iterdir():
        os.utime(path, (long_ago, long_ago))


def _half_of_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk.draft / "restricted" / "1_count" / "people_links.parquet").unlink()


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        (other_extracts, "Those of this draft are of other extracts."),
        (other_pseudonyms, "Those of this draft go by other pseudonyms."),
        (other_key, "Those of this draft cannot be opened."),
        (earlier_clock, "This draft had read later deliveries."),
        (_past_its_date, "Those of this draft are past the date until which they may be kept."),
        (_half_of_it, "Those of this draft cannot be opened."),
    ],
)
def test_what_does_not_fit_is_not_begun_from_and_the_reason_is_said(
    desk: Desk, linked: LinkageResult, monkeypatch: pytest.MonkeyPatch, spoilt, why: str
):
    save(desk.begin(), linked)
    spoilt(desk, monkeypatch)
    found = desk.begin().identities("people")
    assert (found.says, dict(found.tables)) == (f"Began from nothing. {why}", {})


def test_tables_of_two_savings_are_not_put_together(desk: Desk, linked: LinkageResult):
    save(desk.begin(), linked)
    links = desk.draft / "restricted" / "1_count" / "people_links.parquet"
    before = links.read_bytes()
    alone = link({"a": CLIENTS, "b": OTHERS.iloc[:1]}, specification(), engine="recordlinkage")
    save(desk.begin(), alone)
    links.write_bytes(before)
    found = desk.begin().identities("people")
    assert found.says == "Began from nothing. Those of this draft are not whole."


def linked_in_full_on(desk: Desk, days: int = 31) -> date | None:
    return desk.begin().linked_in_full_on("people", relink_after_days=days)


def test_without_an_earlier_run_all_is_to_be_linked(desk: Desk):
    assert linked_in_full_on(desk) is None


def test_all_is_linked_again_when_the_last_time_is_too_long_ago(desk: Desk, linked: LinkageResult):
    save(desk.begin(), linked)
    assert linked_in_full_on(desk) == desk.begin().as_of
    desk.begin().save_identities(
        "people", linked.store, linked.model, linked_on=date(2022, 1, 1), numbers=NUMBERS
    )
    assert linked_in_full_on(desk, days=30) == date(2022, 1, 1)
    assert linked_in_full_on(desk, days=29) is None


@pytest.mark.parametrize(
    "spoilt", [other_extracts, other_pseudonyms, other_key, earlier_clock, _past_its_date]
)
def test_all_is_linked_where_what_was_kept_does_not_fit(
    desk: Desk, linked: LinkageResult, monkeypatch: pytest.MonkeyPatch, spoilt
):
    save(desk.begin(), linked)
    spoilt(desk, monkeypatch)
    assert linked_in_full_on(desk) is None
