"""Entities keep their names from one linkage to the next, and every change is written down."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from woda_lib.linkage import IdentityStore, SourceError, StoreError, assign
from woda_lib.linkage.entities import Entities
from woda_lib.linkage.identities import record_names

MONDAY, TUESDAY = date(2024, 1, 1), date(2024, 1, 2)


def clusters(text: str) -> pd.DataFrame:
    """Read "mary: a1 b1 | john: a2" as clusters; the word before the colon is the new name."""
    rows = [
        (record[0], record, f"person-{name.strip()}")
        for name, members in (part.split(":") for part in text.split("|"))
        for record in members.split()
    ]
    return pd.DataFrame(rows, columns=["source", "id", "entity_id"])


def begun(text: str) -> IdentityStore:
    return assign(clusters(text), IdentityStore.empty(), on=MONDAY, run="first")


def again(store: IdentityStore, text: str) -> IdentityStore:
    return assign(clusters(text), store, on=TUESDAY, run="second")


def names(store: IdentityStore) -> dict[str, str]:
    """Return record to entity, without the word "person-"."""
    return store.current.set_index("id")["entity_id"].str.removeprefix("person-").to_dict()


def told(store: IdentityStore) -> list[str]:
    """Write the second run's events as short sentences."""
    events = store.changes(run="second").fillna("").astype(str)
    parts = events["event"] + " " + events["id"] + " " + events["entity_id"]
    parts += " " + events["other_entity_id"] + " (" + events["reason"] + ")"
    return parts.str.replace("person-", "").str.split().str.join(" ").tolist()


def test_the_first_linkage_creates_every_entity() -> None:
    store = begun("mary: a1 b1 | john: a2")
    assert names(store) == {"a1": "mary", "b1": "mary", "a2": "john"}
    assert store.events["event"].tolist() == ["created", "created"]
    assert (store.records["since"] == pd.Timestamp(MONDAY)).all()


def test_a_record_of_no_entity_is_refused_and_not_taken_for_anothers() -> None:
    clustered = clusters("mary: a1 | john: a2 | zoe: a3")
    clustered.loc[clustered["id"] == "a2", "entity_id"] = None
    for store in (IdentityStore.empty(), begun("mary: a1 | zoe: a3")):
        with pytest.raises(SourceError, match="1 records are of no entity"):
            assign(clustered, store, on=TUESDAY, run="second")


def test_records_stand_in_the_order_of_their_texts_however_they_came() -> None:
    written = pd.DataFrame(
        {
            "source": ["b", "b", "a", "b", "a"],
            "id": ["9", "10", "é", "100", "z"],
            "entity_id": ["p", "q", "p", "r", "q"],
        }
    )
    store = assign(written, IdentityStore.empty(), on=MONDAY, run="first")
    assert store.records["id"].tolist() == ["z", "é", "10", "100", "9"]
    assert store.records["entity_id"].tolist() == ["q", "p", "q", "r", "p"]
    assert store.events["entity_id"].tolist() == ["p", "q", "r"]


def test_entities_are_named_after_their_first_record_and_numbered_in_the_order_of_names() -> None:
    records = pd.DataFrame({"source": ["a", "a", "b", "b"], "id": ["1", "2", "1", "2"]})
    entities = Entities.after_first("person", records, np.array([0, 1, 0, 3]))
    first = [f"person-{number:016x}" for number in record_names(records).tolist()]
    assert entities.of_each().tolist() == [first[0], first[1], first[0], first[3]]
    assert entities.names.tolist() == sorted({first[0], first[1], first[3]})
    again = Entities.of(pd.Series(entities.of_each()))
    assert again.codes.tolist() == entities.codes.tolist()


def test_a_cluster_that_did_not_change_keeps_its_name_and_says_nothing() -> None:
    store = again(begun("mary: a1 b1 | john: a2"), "x: a1 b1 | y: a2")
    assert names(store) == {"a1": "mary", "b1": "mary", "a2": "john"}
    assert told(store) == []
    assert (store.records["since"] == pd.Timestamp(MONDAY)).all()


@pytest.mark.parametrize(
    ("before", "after", "entities", "events"),
    [
        (
            "mary: a1",
            "mary: a1 b1 | zoe: b2",
            {"a1": "mary", "b1": "mary", "b2": "zoe"},
            ["created zoe (new record)", "joined b1 mary (new record)"],
        ),
        (
            "mary: a1 b1 | marie: a2",
            "x: a1 b1 a2",
            {"a1": "mary", "b1": "mary", "a2": "mary"},
            ["merged marie mary (model)"],
        ),
        (
            "mary: a1 a2 b1",
            "x: a1 a2 | y: b1",
            {"a1": "mary", "a2": "mary", "b1": "y"},
            ["split y mary (model)"],
        ),
        (
            "mary: a1 a2 b1 | john: a3 a4",
            "x: a1 a2 | y: a3 a4 b1",
            {"a1": "mary", "a2": "mary", "b1": "john", "a3": "john", "a4": "john"},
            ["reassigned b1 john mary (model)"],
        ),
        (
            "mary: a1 b1 | john: a2",
            "x: a1",
            {"a1": "mary"},
            ["withdrawn a2 john (withdrawn record)", "withdrawn b1 mary (withdrawn record)"],
        ),
        (
            "mary: a1 b1 | marie: a2",
            "x: a1 b1 a2 c1",
            {"a1": "mary", "b1": "mary", "a2": "mary", "c1": "mary"},
            ["merged marie mary (new record)", "joined c1 mary (new record)"],
        ),
    ],
    ids=["joined", "merged", "split", "reassigned", "withdrawn", "merged by a newcomer"],
)
def test_events(before: str, after: str, entities: dict, events: list[str]) -> None:
    store = again(begun(before), after)
    assert names(store) == entities
    assert told(store) == events


def test_the_greatest_overlap_keeps_the_name() -> None:
    # Three of mary's five stay together with one of john's; the other two of mary's leave.
    store = again(begun("mary: a1 a2 a3 a4 a5 | john: b1 b2"), "x: a1 a2 a3 b1 | y: a4 a5 | z: b2")
    assert names(store) == {
        **dict.fromkeys(["a1", "a2", "a3", "b1"], "mary"),
        **dict.fromkeys(["a4", "a5"], "y"),
        "b2": "john",
    }
    assert told(store) == ["split y mary (model)", "reassigned b1 mary john (model)"]


def test_of_two_halves_the_one_with_the_first_record_keeps_the_name() -> None:
    assert names(again(begun("mary: a1 b1"), "x: b1 | y: a1")) == {"a1": "mary", "b1": "x"}


def test_of_two_equal_entities_the_older_keeps_its_name() -> None:
    store = again(begun("zoe: b1"), "zoe: b1 | amy: a1")
    assert names(assign(clusters("x: a1 b1"), store, on=date(2024, 1, 3), run="third")) == {
        "a1": "zoe",
        "b1": "zoe",
    }


def test_a_record_that_comes_back_finds_its_entity() -> None:
    store = again(again(begun("mary: a1 | john: a2"), "x: a1"), "x: a1 | y: a2")
    assert names(store) == {"a1": "mary", "a2": "john"}
    assert told(store) == ["withdrawn a2 john (withdrawn record)", "joined a2 john (new record)"]


def test_when_no_record_is_left_all_are_withdrawn_and_none_forgotten() -> None:
    store = assign(clusters("mary: a1")[:0], begun("mary: a1 b1"), on=TUESDAY, run="second")
    assert names(store) == {}
    assert store.records["withdrawn"].tolist() == [pd.Timestamp(TUESDAY)] * 2
    assert [event.split()[0] for event in told(store)] == ["withdrawn"] * 2


def test_a_name_is_never_given_twice() -> None:
    # b1 once gave mary its name, moved on, and now stands alone while mary goes on without it.
    moved = again(begun("mary: b1 a1 a2 | john: a3 a4"), "mary: a1 a2 | x: a3 a4 b1")
    alone = again(moved, "x: a1 a2 | y: a3 a4 | mary: b1")
    entity = names(alone)
    assert entity["a1"] == "mary"
    assert entity["b1"] not in {"mary", "john", "x"}
    assert alone.records["entity_id"].str.startswith("person-").all()


def test_changed_content_is_given_as_the_reason() -> None:
    # Contents are hashes of 64 bits, which must be told apart to the last.
    one, other, altered = np.array([2**64 - 1, 2**63, 2**63 + 1], dtype=np.uint64)
    first = clusters("mary: a1 b1").assign(content=[one, other])
    before = assign(first, IdentityStore.empty(), on=MONDAY, run="first")
    same = clusters("x: a1 | y: b1 c1").assign(content=[one, other, one])
    assert told(assign(same, before, on=TUESDAY, run="second"))[0] == "split y mary (new record)"
    after = clusters("x: a1 | y: b1").assign(content=[one, altered])
    assert told(assign(after, before, on=TUESDAY, run="second")) == [
        "split y mary (changed record)"
    ]


@pytest.mark.parametrize(
    ("decision", "before", "after", "event"),
    [
        ("must_link", "mary: a1 b1 | john: a2", "x: a1 b1 a2", "merged john mary (decision)"),
        ("cannot_link", "mary: a1 b1 a2", "x: a1 b1 | john: a2", "split john mary (decision)"),
        ("cannot_link", "mary: a1 b1 | john: a2", "x: a1 b1 a2", "merged john mary (model)"),
    ],
)
def test_a_decision_is_given_as_the_reason(
    decision: str, before: str, after: str, event: str
) -> None:
    pair = {"left_source": "a", "left_id": "a1", "right_source": "a", "right_id": "a2"}
    row = pair | {
        "decision": decision,
        "by": "Jo",
        "on": pd.Timestamp(MONDAY),
        "reason": "saw both",
    }
    decisions = pd.DataFrame([row])
    assert told(again(begun(before).decide(decisions), after)) == [event]


groups = st.lists(st.integers(0, 4), min_size=1, max_size=9)


def _written(labels: list[int], prefix: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": "a",
            "id": [f"a{place}" for place in range(len(labels))],
            "entity_id": [f"person-{prefix}{label}" for label in labels],
        }
    )


@given(before=groups, after=groups, seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_whatever_happens_the_partition_is_the_new_one_and_order_is_nothing(
    before: list[int], after: list[int], seed: int
) -> None:
    first = assign(_written(before, "p"), IdentityStore.empty(), on=MONDAY, run="first")
    now = _written(after, "q")
    store = assign(now, first, on=TUESDAY, run="second")
    shuffled = assign(now.sample(frac=1, random_state=seed), first, on=TUESDAY, run="second")
    pd.testing.assert_frame_equal(store.records, shuffled.records)
    pd.testing.assert_frame_equal(store.events, shuffled.events)
    both = store.current.merge(now, on=["source", "id"])
    assert len(both) == len(now)
    for one, other in (("entity_id_x", "entity_id_y"), ("entity_id_y", "entity_id_x")):
        assert both.groupby(one)[other].nunique().eq(1).all()
    # Replaying the events of records and entities leads from one state to the other.
    merged = store.events[store.events["event"] == "merged"]
    assert not merged["entity_id"].isin(store.current["entity_id"]).any()


def test_a_record_named_twice_is_refused() -> None:
    twice = pd.concat([clusters("mary: a1"), clusters("john: a1")])
    with pytest.raises(SourceError, match="name 1 records more than once"):
        assign(twice, IdentityStore.empty(), on=MONDAY, run="first")


# The store as a folder.


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    store = again(begun("mary: a1 b1 | john: a2"), "x: a1 | y: b1 a2 c1")
    store.save(tmp_path / "store")
    loaded = IdentityStore.load(tmp_path / "store")
    for name in ("records", "events", "decisions", "links"):
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(store, name))
    third = again(loaded, "x: a1 c1 | y: b1 a2")
    pd.testing.assert_frame_equal(third.records, again(store, "x: a1 c1 | y: b1 a2").records)


def test_a_save_that_is_cut_short_leaves_the_store_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun("mary: a1").save(tmp_path)
    later = again(begun("mary: a1"), "x: a1 b1")
    write, calls = pd.DataFrame.to_parquet, []

    def fails_at_the_third(frame: pd.DataFrame, *arguments: object, **options: object) -> None:
        calls.append(frame)
        if len(calls) == 3:
            raise KeyboardInterrupt
        write(frame, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(pd.DataFrame, "to_parquet", fails_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        later.save(tmp_path)
    monkeypatch.undo()
    assert names(IdentityStore.load(tmp_path)) == {"a1": "mary"}
    later.save(tmp_path)
    assert names(IdentityStore.load(tmp_path)) == {"a1": "mary", "b1": "mary"}
    assert len(list(tmp_path.glob("store-*"))) == 1  # nothing is left of the attempt


@pytest.mark.parametrize("damage", ["cut", "gone", "pointer", "layout"])
def test_a_damaged_store_is_named(tmp_path: Path, damage: str) -> None:
    begun("mary: a1 b1").save(tmp_path)
    (events,) = tmp_path.glob("store-*/events.parquet")
    pointer = tmp_path / "current.json"
    if damage == "cut":
        events.write_bytes(events.read_bytes()[:100])
    elif damage == "gone":
        events.unlink()
    elif damage == "pointer":
        pointer.write_text("{")
    else:
        pointer.write_text(pointer.read_text().replace('"layout": 2', '"layout": 99'))
    sentence = {
        "cut": "events.parquet is missing or damaged",
        "gone": "events.parquet is missing or damaged",
        "pointer": "current.json is missing or damaged",
        "layout": "this store has layout 99",
    }[damage]
    with pytest.raises(StoreError, match=sentence):
        IdentityStore.load(tmp_path)


def test_no_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no store of identities"):
        IdentityStore.load(tmp_path / "nowhere")


def test_a_record_of_no_source_is_refused_and_takes_no_others_name():
    records = pd.DataFrame({"source": ["a", None, "b"], "id": ["1", "1", "1"]})
    with pytest.raises(SourceError, match="1 records are of no source"):
        record_names(records)
    assert len({*record_names(records.dropna())}) == 2
