"""Finding records by hashes: of their names, of their keys, of the names of their entities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.linkage.people import specification
from woda_lib.linkage.fast.lookup import Lookup
from woda_lib.linkage.hashed_keys import NO_KEY, write_keys
from woda_lib.linkage.holders import Holders, may_be_among
from woda_lib.linkage.identities import hashes
from woda_lib.linkage.standard_texts import Texts
from woda_lib.linkage.taken_names import TakenNames
from woda_lib.linkage.text_column import TextColumn

WORDS = np.array(["ash", "beech", "cedar", "elm"], dtype=object)


def texts(written: list[str | None], kind: str = "object") -> Texts:
    return Texts.of(pd.Series(written, dtype=object).astype(kind))


@pytest.mark.parametrize("number", [0, 1, 511, 512, 5_000])
def test_names_are_found_where_they_were_added(number: int) -> None:
    names = np.random.default_rng(number).integers(0, 2**64, 2 * number, dtype=np.uint64)
    lookup = Lookup()
    for part in np.array_split(names[:number], 3):
        lookup.add(part)
    expected = np.append(np.arange(number), np.full(number, -1))
    assert lookup.find(names).tolist() == expected.tolist()
    assert lookup.find_alone(names).tolist() == expected.tolist()


def test_names_that_begin_at_one_slot_are_told_apart() -> None:
    names = np.arange(6, dtype=np.uint64) << np.uint64(40)
    lookup = Lookup()
    lookup.add(names[:5])
    assert lookup.find(names[::-1]).tolist() == [-1, 4, 3, 2, 1, 0]


def test_holders_of_each_wanted_key() -> None:
    held = np.array([7, 9, 7, 3, 1031], dtype=np.uint64)  # 7 and 1031 differ in high bits alone
    which, positions = Holders.among(held, np.array([9, 7, 8, 7], dtype=np.uint64)).pairs()
    assert list(zip(which.tolist(), positions.tolist(), strict=True)) == [
        (0, 1), (1, 0), (1, 2), (3, 0), (3, 2)
    ]  # fmt: skip
    nothing = np.empty(0, dtype=np.uint64)
    assert len(Holders.among(held, nothing).positions) == 0
    assert len(Holders.among(nothing, held).positions) == 0


def test_the_filter_lets_every_wanted_key_through() -> None:
    keys = np.random.default_rng(1).integers(0, 2**64, 10_000, dtype=np.uint64)
    through = may_be_among(keys, keys[:100])
    assert set(range(100)) <= set(through.tolist())
    assert len(through) < 2_000


def test_a_column_is_read_as_it_was_written_last() -> None:
    column = TextColumn(3)
    column.write(np.array([0, 2]), texts(["elm", "ash"]))
    column.lengthen(1)
    column.write(np.array([3, 0]), texts(["beech", None]))
    told = column.at(np.array([3, 2, 1, 0, 3]))
    assert told.categories.tolist() == ["ash", "beech"]
    assert told.codes.tolist() == [1, 0, -1, -1, 1]


def test_texts_that_stay_are_read_as_before_where_others_come_in_front_of_them() -> None:
    column = TextColumn(4)
    column.write(np.array([0, 1]), texts(["m", "z"]))
    column.write(np.array([2, 3]), texts(["a", "p"]))
    told = column.at(np.arange(4))
    assert told.categories[told.codes].tolist() == ["m", "z", "a", "p"]


@pytest.mark.parametrize("kind", ["object", "category"])
def test_texts_that_come_later_stand_in_order_among_the_others(kind: str) -> None:
    column = TextColumn(4)
    for written in (
        ["elm", None, "ash", "oak"],
        ["yew", "ash", "birch", None],
        ["elm", "a", "f", "z"],
    ):
        column.write(np.arange(4), texts(written, kind))
        told = column.at(np.array([3, 1, 2, 0]))
        wanted = [written[place] for place in (3, 1, 2, 0)]
        assert [None if code < 0 else told.categories[code] for code in told.codes] == wanted
        assert told.categories.tolist() == sorted(filter(None, written))


def test_a_key_is_missing_where_any_part_of_it_is() -> None:
    spec = specification(blocking=[["surname", "postcode"], ["soundex(surname)"]])
    fields = {
        "surname": texts(["smith", "smyth", "smith", None]),
        "postcode": texts(["wr12ab", "wr12ab", None, "wr12ab"]),
    }
    both, sound = held = [np.full(5, NO_KEY) for _ in spec.blocking]
    both[2] = 7
    write_keys(held, np.array([4, 3, 1, 0]), fields, spec)
    assert (both == NO_KEY).tolist() == [True, True, False, False, False]
    assert both[2] == 7  # of another record
    assert both[4] != both[3]
    assert (sound == NO_KEY).tolist() == [True, False, True, False, False]
    assert len(set(sound[[4, 3, 1]].tolist())) == 1


def test_names_that_were_ever_given_are_taken() -> None:
    assert not TakenNames().among(WORDS).any()
    taken = TakenNames(hashes(WORDS[:1]))
    taken.add(WORDS[2:3])
    assert taken.among(WORDS).tolist() == [True, False, True, False]
