"""Where the ends of a store's links stand: told by the store, and believed only if it is so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.linkage.people import A, B, specification
from woda_lib.linkage import IdentityStore, LinkageResult, OpenStore, link, store_names
from woda_lib.linkage.store_names import StoreNames


@pytest.fixture(scope="module")
def first() -> LinkageResult:
    spec = specification()
    return link({"a": A, "b": B}, spec, engine="recordlinkage", on=date(2024, 1, 1), run="full")


@pytest.fixture
def store(first: LinkageResult) -> IdentityStore:
    assert len(first.store.links)
    return first.store


def looked_up(store: IdentityStore) -> StoreNames:
    """What is said of a store that tells no ends."""
    return StoreNames.of(replace(store, ends={}))


def require_right(store: IdentityStore) -> None:
    plain = looked_up(store)
    np.testing.assert_array_equal(store.ends["links"], plain.links)
    np.testing.assert_array_equal(store.ends["doubts"], plain.doubts)


def test_a_linkage_tells_where_the_ends_stand(store: IdentityStore) -> None:
    require_right(store)


def test_so_does_an_update_after_which_records_are_more_and_others_are_gone(
    first: LinkageResult,
) -> None:
    opened = OpenStore(
        first.store, {"a": A, "b": B}, first.spec, first.model, engine="recordlinkage"
    )
    new = A[A["id"] == "a3"].assign(id="b0")  # who stands before the others
    opened.update(new={"b": new}, withdrawn={"a": ["a1"]}, on=date(2024, 1, 2), run="second")
    assert {*opened.store.links["left_id"], *opened.store.links["right_id"]} >= {"a3", "b0"}
    assert "a1" not in set(opened.store.links["left_id"])
    require_right(opened.store)


def test_what_is_told_is_kept_with_the_store(tmp_path: Path, store: IdentityStore) -> None:
    store.save(tmp_path)
    loaded = IdentityStore.load(tmp_path)
    pd.testing.assert_frame_equal(loaded.links, store.links)
    require_right(loaded)


def test_a_store_of_before_is_read_as_well(store: IdentityStore) -> None:
    tables = replace(store, ends={}).tables()
    read = IdentityStore.of_tables(tables, settled_with=store.settled_with)
    assert not read.ends
    np.testing.assert_array_equal(StoreNames.of(read).links, looked_up(store).links)


def test_what_is_told_is_not_looked_up(
    store: IdentityStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    hashed = store_names.record_names

    def counting(records: pd.DataFrame) -> object:
        asked.append(len(records))
        return hashed(records)

    monkeypatch.setattr(store_names, "record_names", counting)
    StoreNames.of(store)
    assert asked.count(len(store.links)) == 0
    looked_up(store)
    assert asked.count(len(store.links)) == 2


@pytest.mark.parametrize("wrong", ["swapped", "beyond", "before", "short"])
def test_what_is_told_of_other_links_is_not_believed(store: IdentityStore, wrong: str) -> None:
    right = store.ends["links"]
    ends = {
        "swapped": right[::-1],
        "beyond": right + len(store.records),
        "before": right - len(store.records),
        "short": right[:, 1:],
    }
    told = replace(store, ends={"links": ends[wrong]})
    np.testing.assert_array_equal(StoreNames.of(told).links, right)


def test_a_number_of_another_source_is_another_record(store: IdentityStore) -> None:
    links = store.links.assign(left_source="nobody")
    assert (StoreNames.of(replace(store, links=links)).links[0] < 0).all()
