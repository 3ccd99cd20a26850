"""The compiled tests against the reference, and against an implementation nobody here wrote."""

from __future__ import annotations

from pathlib import Path

import jellyfish
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.linkage.people import specification
from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.compare import Comparer
from woda_lib.linkage.fast import FastComparer
from woda_lib.linkage.levels import ROUNDING
from woda_lib.linkage.sources import gather
from woda_lib.linkage.spec import LinkageSpec

PEOPLE = Path(__file__).parents[3] / "parameters" / "linkage" / "people.yaml"

NUMBER = 4_000
PAIRS = 200_000
GRADES = [0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5]
JARO_WINKLER = specification(
    sources=[{"name": "a", "id": "id"}],
    fields=[{"name": "name", "kind": "name"}],
    comparisons=[
        {
            "field": "name",
            "levels": [{"test": "jaro_winkler", "at_least": grade} for grade in GRADES],
        }
    ],
    blocking=[["name"]],
)
EVERYTHING = specification(
    sources=[{"name": "a", "id": "id"}],
    fields=[
        {"name": "nhs_number", "kind": "nhs_number"},
        {"name": "forename", "kind": "name"},
        {"name": "surname", "kind": "name"},
        {"name": "address", "kind": "address"},
        {"name": "born", "kind": "date_of_birth"},
        {"name": "postcode", "kind": "postcode"},
        {"name": "number", "kind": "identifier"},
        {"name": "sex", "kind": "sex"},
    ],
    comparisons=[
        {"field": "nhs_number", "levels": ["exact", "one_edit"]},
        {
            "field": "forename",
            "levels": [
                {"test": "jaro_winkler", "at_least": 0.95},
                "initial",
                "exact",  # in an order that nobody would choose
                {"test": "swapped", "with": "surname"},
                {"test": "shared_words", "at_least": 0.5},
                {"test": "jaro_winkler", "at_least": 0.7},
            ],
        },
        {
            "field": "surname",
            "levels": ["alias", {"test": "shared_words", "at_least": 1.0}],
            "aliases": {"ann": "anne", "anna": "anne", "bob": "robert"},
        },
        {"field": "address", "levels": ["exact", {"test": "shared_words", "at_least": 0.6}]},
        {
            "field": "born",
            "levels": ["day_month_swapped", "one_edit", "same_day_and_month", "same_year"],
        },
        {"field": "postcode", "levels": ["one_edit", "exact", "same_sector", "same_outward"]},
        {"field": "number", "levels": ["one_edit"]},
        {"field": "sex", "levels": ["exact"]},
    ],
    blocking=[["surname"]],
)


def random_pairs_of(records: pd.DataFrame, number: int) -> Pairs:
    generator = np.random.default_rng(1)
    left, right = generator.integers(0, len(records), (2, number))
    return Pairs(left, right)


def random_words(generator: np.random.Generator, alphabet: str, longest: int) -> list[str]:
    letters = np.array(list(alphabet))
    lengths = generator.integers(1, longest + 1, NUMBER)
    return ["".join(generator.choice(letters, length)) for length in lengths]


@pytest.mark.parametrize(
    ("alphabet", "longest"),
    [("abc", 8), ("abcdefghijklmnopqrstuvwxyz ", 16), ("ab", 90), ("añşд한字 b", 10)],
    ids=["few letters", "words", "longer than a machine word", "scripts"],
)
def test_jaro_winkler_is_jellyfish_to_the_last_pair(alphabet: str, longest: int) -> None:
    words = random_words(np.random.default_rng(7), alphabet, longest)
    records = gather({"a": pd.DataFrame({"id": range(NUMBER), "name": words})}, JARO_WINKLER)
    pairs = random_pairs_of(records.dropna(), PAIRS // 4)
    names = records["name"].to_numpy()
    present = pd.notna(names[pairs.left]) & pd.notna(names[pairs.right])
    pairs = pairs.take(present)
    similarity = np.array(
        [
            jellyfish.jaro_winkler_similarity(min(one, other), max(one, other))
            for one, other in zip(names[pairs.left], names[pairs.right], strict=True)
        ]
    )
    expected = (similarity[:, None] >= np.array(GRADES) - ROUNDING).sum(axis=1)
    found = FastComparer(records, JARO_WINKLER).levels(pairs)[:, 0]
    assert (found != expected).sum() == 0


def messy_people(number: int) -> pd.DataFrame:
    """Values close enough to one another that every level occurs."""
    generator = np.random.default_rng(3)

    def some(values: list, missing: float = 0.05) -> np.ndarray:
        chosen = generator.choice(np.array(values, dtype=object), number)
        chosen[generator.random(number) < missing] = None
        return chosen

    names = ["ann", "anne", "ann marie", "marie ann", "a", "m", "Zoë", "smith", "smyth", "jones"]
    names += ["smith jones", "jones smith", "한국", "한궁", "maria", "mary", "martha", "marhta"]
    digits = [f"{year}-{month:02}-{day:02}" for year in (1931, 1932, 1913, 2031, 9119)
              for month in (1, 3, 12, 13) for day in (1, 3, 10, 12, 31)]  # fmt: skip
    nhs = ["9434765919", "9434765991", "943476591", "4010232137", "1234567890", "4010232173", "12"]
    postcodes = ["WR1 2AB", "WR1 9XY", "WR1 2BA", "WR12AC", "WR11 2AB", "W1 2AB", "B1 1AA", "B"]
    return pd.DataFrame(
        {
            "id": range(number),
            "nhs_number": some(nhs),
            "forename": some(names),
            "surname": some(names),
            "address": some(["2 High St", "2a High Street", "High St 2", "3 Low Rd", "Low Rd"]),
            "born": some(digits),
            "postcode": some(postcodes),
            "number": some(["12", "21", "1", "123", "132", "ab", "ba", "1 2"]),
            "sex": some(["M", "F", "U"]),
        }
    )


def test_every_test_in_every_position_agrees_with_the_reference() -> None:
    records = gather({"a": messy_people(NUMBER)}, EVERYTHING)
    pairs = random_pairs_of(records, PAIRS)
    expected = Comparer(records, EVERYTHING).levels(pairs)
    found = FastComparer(records, EVERYTHING).levels(pairs)
    assert (found != expected).sum(axis=0).tolist() == [0] * 8
    for place, comparison in enumerate(EVERYTHING.comparisons):
        levels = set(range(-1, len(comparison.levels) + 1))
        never = {4} if comparison.field == "forename" else set()  # exact, after Jaro–Winkler
        assert set(found[:, place].tolist()) == levels - never, comparison.field


codes = st.text(alphabet="0129ab", min_size=1, max_size=7)


@given(st.lists(codes, min_size=2, max_size=12))
@settings(max_examples=60, deadline=None)
def test_one_edit_is_an_optimal_string_alignment_distance_of_one(written: list[str]) -> None:
    frame = pd.DataFrame({"id": range(len(written)), "number": written}).reindex(
        columns=["id", *EVERYTHING.kinds]
    )
    records = gather({"a": frame}, EVERYTHING)
    left, right = np.triu_indices(len(written), k=1)
    found = FastComparer(records, EVERYTHING).levels(Pairs(left, right))[:, 6]
    values = records["number"].to_numpy()
    distance = [
        jellyfish.damerau_levenshtein_distance(values[one], values[other])
        for one, other in zip(left, right, strict=True)
    ]
    assert found.tolist() == [int(each == 1) for each in distance]


anything = st.one_of(st.none(), st.text(max_size=10), st.sampled_from(["Ann", "a b", "한", "é"]))


@given(st.lists(st.tuples(anything, anything, anything), min_size=2, max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_values_agree_with_the_reference(rows: list[tuple]) -> None:
    frame = pd.DataFrame(rows, columns=["forename", "surname", "address"], dtype=object)
    frame = frame.assign(id=range(len(rows))).reindex(columns=["id", *EVERYTHING.kinds])
    records = gather({"a": frame}, EVERYTHING)
    left, right = np.triu_indices(len(rows), k=1)
    pairs = Pairs(left, right)
    expected = Comparer(records, EVERYTHING).levels(pairs)
    assert FastComparer(records, EVERYTHING).levels(pairs).tolist() == expected.tolist()


def test_the_smaller_text_stands_left_because_jaro_winkler_is_not_symmetric() -> None:
    words = random_words(np.random.default_rng(9), "ab", 9)
    records = gather({"a": pd.DataFrame({"id": range(NUMBER), "name": words})}, JARO_WINKLER)
    pairs = random_pairs_of(records, PAIRS)
    comparer = FastComparer(records, JARO_WINKLER)
    turned = Pairs(pairs.right, pairs.left)
    assert (comparer.levels(pairs) == comparer.levels(turned)).all()


def test_the_shipped_specification_has_a_compiled_form() -> None:
    frame = pd.DataFrame(columns=["patient_id", *LinkageSpec.from_yaml(PEOPLE).kinds])
    frame.loc[0] = ["P1", "9434765919", "Ann", "Lee", "1931-09-20", "WR1 2AB", "F"]
    spec = LinkageSpec.from_yaml(PEOPLE)
    council = frame.rename(columns={"patient_id": "client_id"})
    records = gather({"hospital": frame, "council": council}, spec)
    levels = FastComparer(records, spec).levels(Pairs(np.array([0]), np.array([1])))
    assert levels.tolist() == [[2, 6, 4, 5, 4, 1]]
