"""The pairs of blocks, on tables small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.linkage.people import specification, table
from woda_lib.linkage import BlockingError, LinkageSpec, LinkageWarning
from woda_lib.linkage.fast import FastComparer, Tape, block
from woda_lib.linkage.sources import gather

PEOPLE = table(
    """
    id forename surname born       postcode
    1  Mary     Smith   1931-09-20 WR1_2AB
    2  Mary     Smith   1931-02-11 WR1_2AB
    3  Mary     Smith   1931-02-11 WR9_8XY
    4  Mary     Smith   1950-02-11 WR5_1DD
    5  John     Brown   1950-02-12 WR5_1DD
    6  John     Brown   -          -
    """
)


def pairs_of(spec: LinkageSpec, **frames: pd.DataFrame) -> tuple[list[tuple], pd.DataFrame]:
    records = gather(frames, spec)
    comparer = FastComparer(records, spec)
    blocking = block(comparer.encoded, spec)
    tape = Tape(comparer, blocking)
    pairs = tape.all_pairs()
    names = records["source"].str.cat(records["id"]).to_numpy()
    made = list(zip(names[pairs.left], names[pairs.right], strict=True))
    return made, blocking.report(tape.new)


def one_source(**changes: object) -> LinkageSpec:
    rules = [["surname", "forename"], ["born"], ["postcode"]]
    return specification(
        **{"sources": [{"name": "a", "id": "id"}], "blocking": rules} | changes  # type: ignore[arg-type]
    )


def test_a_pair_is_made_once_and_counted_for_the_first_rule_that_makes_it() -> None:
    pairs, report = pairs_of(one_source(), a=PEOPLE)
    assert pairs == [
        ("a1", "a2"), ("a1", "a3"), ("a1", "a4"), ("a2", "a3"), ("a2", "a4"), ("a3", "a4"),
        ("a4", "a5"), ("a5", "a6"),
    ]  # fmt: skip
    assert report.to_dict("list") == {
        "rule": ["surname and forename", "born", "postcode"],
        "pairs": [7, 1, 2],
        "new": [7, 0, 1],
        "largest_block": [4, 2, 2],
    }


def test_records_of_a_source_free_of_duplicates_do_not_pair() -> None:
    sources = [{"name": "a", "id": "id", "free_of_duplicates": True}, {"name": "b", "id": "id"}]
    spec = one_source(sources=sources, blocking=[["surname", "forename"]])
    pairs, report = pairs_of(spec, a=PEOPLE.iloc[:2], b=PEOPLE.iloc[2:4])
    assert pairs == [("a1", "b3"), ("a1", "b4"), ("a2", "b3"), ("a2", "b4"), ("b3", "b4")]
    assert report["pairs"].tolist() == [5]


def test_crowded_blocks_are_split_by_the_keys_of_other_rules() -> None:
    pairs, report = pairs_of(one_source(largest_block=3), a=PEOPLE)
    # The four Mary Smiths are too many: 2 and 3 share a birth date, 1 and 2 a postcode.
    assert pairs == [("a1", "a2"), ("a2", "a3"), ("a4", "a5"), ("a5", "a6")]
    assert report["rule"].tolist() == [
        "surname and forename",
        "surname and forename, crossed with born",
        "surname and forename, crossed with postcode",
        "born",
        "postcode",
    ]
    assert report["new"].tolist() == [1, 1, 1, 0, 1]


def test_records_that_no_crossing_sets_apart_are_told_of() -> None:
    alike = PEOPLE.iloc[[0] * 5].assign(id=np.arange(5).astype(str))
    with pytest.warns(
        LinkageWarning, match=r"rule 1 \(surname and forename\) compares nothing of 5"
    ):
        pairs, _ = pairs_of(one_source(largest_block=3), a=alike)
    assert pairs == []


def test_too_many_pairs_are_refused_before_any_is_made() -> None:
    everyone = PEOPLE.iloc[np.zeros(20_000, dtype=int)].reset_index(drop=True)
    everyone["id"] = np.arange(len(everyone))
    with pytest.raises(BlockingError) as caught:
        pairs_of(one_source(), a=everyone)
    assert "Blocking rule 1 (surname and forename) would make 199,990,000 pairs" in str(
        caught.value
    )
    assert "its largest block holds 20,000 records" in str(caught.value)


def test_many_keys_do_not_overflow() -> None:
    generator = np.random.default_rng(5)
    number = 300
    frame = pd.DataFrame(
        {
            "id": np.arange(number).astype(str),
            "forename": generator.choice(["Ann", "Mary"], number),
            "surname": generator.choice(["Lee", "Hill"], number),
            "born": [f"19{year}-01-01" for year in generator.integers(10, 99, number)],
            "postcode": [f"WR{place} 1AA" for place in generator.integers(1, 3, number)],
        }
    )
    rule = ["forename", "surname", "postcode", "born"]
    repeated = pairs_of(one_source(blocking=[rule * 8]), a=frame)[0]
    assert repeated == pairs_of(one_source(blocking=[rule]), a=frame)[0]
    assert len(repeated) > 0
