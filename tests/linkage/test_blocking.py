"""Candidate pairs: who is compared with whom, and when blocking is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.linkage.people import specification, table
from woda_lib.linkage import BlockingError
from woda_lib.linkage.blocking import candidate_pairs, random_pairs, source_numbers
from woda_lib.linkage.keys import Key
from woda_lib.linkage.sources import gather
from woda_lib.linkage.spec import LinkageSpec

FRAMES = {
    "a": table(
        """
        id forename surname born       postcode
        1  Mary     Smith   1931-09-20 WR1_2AB
        2  Mary     Smith   1955-01-01 -
        3  John     Brown   1931-09-20 B1_1AA
        """
    ),
    "b": table(
        """
        id forename surname born       postcode
        1  Mary     Smith   -          WR1_2AB
        2  Ann      Lee     1960-05-05 B1_1AA
        """
    ),
}


def named(records: pd.DataFrame, spec: LinkageSpec) -> tuple[set[str], pd.DataFrame]:
    pairs, report = candidate_pairs(records, spec)
    names = (records["source"].astype(str) + records["id"].astype(str)).to_numpy()
    assert (pairs.left < pairs.right).all()
    return {
        f"{one}-{other}" for one, other in zip(names[pairs.left], names[pairs.right], strict=True)
    }, report


def test_rules_are_alternatives_and_a_pair_is_made_once() -> None:
    spec = specification()  # born; surname and forename; postcode
    pairs, report = named(gather(FRAMES, spec), spec)
    assert pairs == {"a1-a3", "a1-a2", "a1-b1", "a2-b1", "a3-b2"}
    assert report.to_dict("list") == {
        "rule": ["born", "surname and forename", "postcode"],
        "pairs": [1, 3, 2],
        "new": [1, 3, 1],  # a1-b1 shares a postcode too, but has been made
        "largest_block": [2, 3, 2],
    }


def test_two_records_of_a_source_free_of_duplicates_never_pair() -> None:
    sources = [{"name": "a", "id": "id", "free_of_duplicates": True}, {"name": "b", "id": "id"}]
    spec = specification(sources=sources)
    pairs, report = named(gather(FRAMES, spec), spec)
    assert pairs == {"a1-b1", "a2-b1", "a3-b2"}
    assert report["pairs"].tolist() == [0, 2, 2]


def test_a_missing_key_makes_no_pair() -> None:
    spec = specification(blocking=[["born", "postcode"]])
    assert named(gather(FRAMES, spec), spec)[0] == set()


@pytest.mark.parametrize(
    ("key", "derived"),
    [
        ("surname", ["smith jones", None]),
        ("soundex(surname)", ["S530", None]),
        ("first_letter(surname)", ["s", None]),
        ("first_word(surname)", ["smith", None]),
        ("last_word(surname)", ["jones", None]),
        ("year(born)", ["1931", None]),
        ("year_month(born)", ["193109", None]),
        ("day_month(born)", ["0920", None]),
        ("sector(postcode)", ["wr12", None]),
        ("outward(postcode)", ["wr1", None]),
    ],
)
def test_keys(key: str, derived: list) -> None:
    records = pd.DataFrame(
        {
            "surname": ["smith jones", None],
            "born": ["19310920", None],
            "postcode": ["wr12ab", None],
        }
    )
    parsed = Key.parse(key)
    assert parsed is not None
    values = parsed.values(records)
    assert values.where(values.notna(), None).tolist() == derived


def test_a_rule_that_makes_too_many_pairs_is_named_before_any_is_made() -> None:
    crowd = pd.DataFrame(
        {
            "id": range(3000),
            "forename": "Mary",
            "surname": "Smith",
            "born": "1955-05-05",
            "postcode": None,
        }
    )
    spec = specification(sources=[{"name": "a", "id": "id"}], max_pairs=1_000_000)
    with pytest.raises(BlockingError) as caught:
        candidate_pairs(gather({"a": crowd}, spec), spec)
    # 3000·2999/2 pairs
    assert str(caught.value) == (
        "Blocking rule 1 (born) would make 4,498,500 pairs, more than the 1,000,000 that "
        "max_pairs allows; its largest block holds 3,000 records, and the key to blame is born: "
        "3,000 records share one value of it. If that value is a placeholder, empty it in the "
        "source. Otherwise add a key to this rule, or raise max_pairs."
    )


def test_few_records_give_all_their_pairs_for_chance() -> None:
    spec = specification()
    pairs = random_pairs(source_numbers(gather(FRAMES, spec), spec), spec)
    assert len(pairs) == 10  # 5·4/2


def test_many_records_give_a_random_sample_in_proportion() -> None:
    sources = [{"name": "a", "id": "id", "free_of_duplicates": True}, {"name": "b", "id": "id"}]
    spec = specification(sources=sources, random_pairs=20_000)
    numbers = np.repeat([0, 1], [300, 200])
    pairs = random_pairs(numbers, spec)
    assert len(pairs) == 20_000
    assert (pairs.left < pairs.right).all()
    of_left, of_right = numbers[pairs.left], numbers[pairs.right]
    assert not ((of_left == 0) & (of_right == 0)).any()
    # 300·200 pairs between the sources, 200·199/2 within b: 75.1% between.
    assert np.mean(of_left != of_right) == pytest.approx(60_000 / 79_900, abs=0.015)
    again = random_pairs(numbers, spec)
    assert (pairs.left == again.left).all()
