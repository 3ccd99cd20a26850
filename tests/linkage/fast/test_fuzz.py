"""Anything a table may hold: the compiled kernel says what the reference says, and never stops.

Two thousand tables are drawn for three specifications, which between them use every kind of field
and every test. Values are drawn from a few that meet often, so that blocks form, mixed with
whatever Python can write.
"""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from woda_lib.linkage import LinkageError, LinkageSpec, LinkageWarning, link
from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.compare import Comparer
from woda_lib.linkage.fast import FastComparer, Tape, block, positions, scan, threads
from woda_lib.linkage.sources import gather

PEOPLE = LinkageSpec.from_dict(
    {
        "sources": [{"name": "a", "id": "id"}, {"name": "b", "id": "id", "lacks": ["nhs_number"]}],
        "fields": [
            {"name": "nhs_number", "kind": "nhs_number"},
            {"name": "forename", "kind": "name"},
            {"name": "surname", "kind": "name"},
            {"name": "born", "kind": "date_of_birth"},
            {"name": "postcode", "kind": "postcode"},
            {"name": "sex", "kind": "sex"},
        ],
        "comparisons": [
            {"field": "nhs_number", "levels": ["exact", "one_edit"]},
            {
                "field": "forename",
                "term_frequency": True,
                "levels": [
                    "exact",
                    {"test": "swapped", "with": "surname"},
                    {"test": "jaro_winkler", "at_least": 0.92},
                    {"test": "shared_words", "at_least": 0.5},
                    "initial",
                ],
            },
            {"field": "surname", "levels": ["exact", {"test": "jaro_winkler", "at_least": 0.7}]},
            {
                "field": "born",
                "levels": [
                    "exact", "one_edit", "day_month_swapped", "same_day_and_month", "same_year",
                ],
            },
            {"field": "postcode", "levels": ["exact", "one_edit", "same_sector", "same_outward"]},
            {"field": "sex", "levels": ["exact"]},
        ],
        "blocking": [
            ["soundex(surname)", "year(born)"],
            ["first_letter(forename)", "sector(postcode)"],
            ["day_month(born)"],
            ["first_letter(surname)", "year_month(born)"],
            ["nhs_number"],
        ],
        "household": ["surname", "postcode"],
    }
)  # fmt: skip
BUSINESSES = LinkageSpec.from_dict(
    {
        "entity": "business",
        "sources": [
            {"name": "a", "id": "id", "free_of_duplicates": True},
            {"name": "b", "id": "id", "free_of_duplicates": True},
        ],
        "fields": [
            {"name": "company", "kind": "company"},
            {"name": "address", "kind": "address"},
            {"name": "email", "kind": "email"},
            {"name": "phone", "kind": "phone"},
        ],
        "comparisons": [
            {
                "field": "company",
                "levels": [
                    "exact",
                    {"test": "jaro_winkler", "at_least": 0.95},
                    {"test": "jaro_winkler", "at_least": 0.6},
                ],
            },
            {
                "field": "address",
                "term_frequency": True,
                "levels": [
                    "exact",
                    {"test": "shared_words", "at_least": 1.0},
                    {"test": "jaro_winkler", "at_least": 0.8},
                ],
            },
            {"field": "email", "levels": ["exact", {"test": "jaro_winkler", "at_least": 0.9}]},
            {"field": "phone", "levels": ["exact", "one_edit"]},
        ],
        "blocking": [["first_word(company)"], ["last_word(address)"], ["email"], ["phone"]],
    }
)
CODES = LinkageSpec.from_dict(
    {
        "entity": "address",
        "sources": [{"name": "a", "id": "id"}],
        "fields": [
            {"name": "number", "kind": "number"},
            {"name": "reference", "kind": "identifier"},
            {"name": "group", "kind": "category"},
            {"name": "on", "kind": "date_of_birth", "date_order": "dmy"},
        ],
        "comparisons": [
            {"field": "number", "levels": ["exact", "one_edit"]},
            {"field": "reference", "levels": ["exact", "one_edit"], "term_frequency": True},
            {"field": "group", "levels": ["exact"], "term_frequency": True},
            {"field": "on", "levels": ["exact", "one_edit", "day_month_swapped"]},
        ],
        # Whole fields, by whose rows pairs that an earlier rule made are told.
        "blocking": [["number"], ["group", "on"], ["reference"]],
    }
)

# Right-to-left and combining characters, digits of other scripts, letters that grow when they are
# taken apart, half a character pair, placeholders, dates that do not exist, and long texts.
OFTEN: dict[str, list[Any]] = {
    "name": ["Ann", "Anne", "A", "Mary Ann", "O'Neil", "UNKNOWN", "مريم", "\u202eشرة", "한국", "ﷺ",
             "e\u0301", "\u0301", "राम", "İ", "ß", "\ud800x", "x" * 200, "ﷺ" * 120, "a\x00b",
             "Ann\nLee"],
    "date_of_birth": ["1931-09-20", "1931-20-09", "19310902", "20/09/1931", "1931-02-30",
                      "0000-00-00",
                      "1900-01-01", "١٩٣١-٠٩-٢٠", "1931", datetime.date(1931, 9, 20),
                      pd.Timestamp("1931-09-20"), "9" * 99],
    "postcode": ["WR1 2AB", "wr12ab", "WR1 2BA", "WR1", "B", "ZZ99 3VZ", "ＷＲ１ ２ＡＢ"],
    "nhs_number": ["943 476 5919", "9434765919", 9434765919.0, "9434765991", "1111111111", "٩٤٣"],
    "sex": ["M", "female", 1, 2, 9, "?"],
    "company": ["Smith & Sons Ltd", "Smith and Sons", "株式会社", "Ltd", "A.B.C. plc", "🏴‍☠️ Ltd"],
    "address": ["st " * 40, "2 High St", "2 high street", "Flat 2a", "St", "1", "ul. Łódzka 3",
                "Straße 5"],
    "email": ["a@b.org", "A@B.ORG", "@", "ä@b.org", "a\u0903@b.org", "👩‍👩‍👧@b.org", "🇬🇧🇫🇷@b",
              "각@b", "a\r\n@b"],
    "phone": ["+44 1905 123456", "01905123456", "(0) 1", "0044", 1905123456.0, "٠١٩٠٥"],
    "number": [12, 12.0, "012", "-3", "1.5", "١٢", "10" * 70, True],
    "identifier": ["AB12", "ab-12", "AB21", "१२", "a" * 150, 7],
    "category": ["x", "X ", "\ud800", " ", "y", "\u202ex", None],
}  # fmt: skip
ANYTHING = st.one_of(
    st.none(),
    st.text(st.characters(), max_size=9),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.just(pd.NaT),
)


def tables(spec: LinkageSpec) -> st.SearchStrategy[dict[str, pd.DataFrame]]:
    """Draw a table for each source, a few rows each."""
    values = [st.one_of(st.sampled_from(OFTEN[kind]), ANYTHING) for kind in spec.kinds.values()]
    rows = st.lists(st.tuples(*values), min_size=1, max_size=6)

    def frame(drawn: list[tuple]) -> pd.DataFrame:
        columns = dict(zip(spec.kinds, zip(*drawn, strict=True), strict=True))
        table = pd.DataFrame(
            {name: pd.Series(cells, dtype=object) for name, cells in columns.items()}
        )
        return table.assign(id=range(len(drawn)))

    return st.fixed_dictionaries({source.name: rows.map(frame) for source in spec.sources})


def agree(frames: dict[str, pd.DataFrame], spec: LinkageSpec) -> None:
    """Hold pairs and levels against the reference, where the sources can be read at all."""
    try:
        records = gather(frames, spec)
    except LinkageError as refusal:
        assert str(refusal).startswith("Source ")
        return
    comparer, reference = FastComparer(records, spec), Comparer(records, spec)
    every = Pairs(*(side.astype(np.int64) for side in np.triu_indices(len(records), k=1)))
    assert comparer.levels(every).tolist() == reference.levels(every).tolist()
    expected = sharing_a_rule(records, spec, every)
    levels, counts = np.unique(reference.levels(expected), axis=0, return_counts=True)
    for many in (scan.MANY_PAIRS, 0):  # pairs taken one by one, and records beside rows of others
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scan, "LONG_ROW", 0)
            patch.setattr(scan, "MANY_PAIRS", many)
            tape = Tape(comparer, block(comparer.encoded, spec))
        found, patterns = tape.all_pairs(), tape.patterns
        assert (found.left.tolist(), found.right.tolist()) == (
            expected.left.tolist(), expected.right.tolist(),
        )  # fmt: skip
        assert patterns.levels.tolist() == levels.tolist()
        assert patterns.counts.tolist() == counts.tolist()


def sharing_a_rule(records: pd.DataFrame, spec: LinkageSpec, every: Pairs) -> Pairs:
    """Blocking by its definition: equal on all keys of some rule, and possibly one entity."""
    shares = np.zeros(len(every), dtype=bool)
    for rule in spec.rules:
        keys = [key.values(records).to_numpy(dtype=object) for key in rule]
        equal = [(key[every.left] == key[every.right]) & pd.notna(key[every.left]) for key in keys]
        shares |= np.logical_and.reduce(equal)
    source = records["source"].to_numpy()
    free = [each.name for each in spec.sources if each.free_of_duplicates]
    same = (source[every.left] == source[every.right]) & np.isin(source[every.left], free)
    return every.take(shares & ~same)


def links(frames: dict[str, pd.DataFrame], spec: LinkageSpec) -> None:
    """Link with both engines: the same weights, and each record in one cluster."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("ignore", LinkageWarning)
        try:
            fast = link(frames, spec)
        except LinkageError as refusal:
            assert str(refusal).startswith("Source ")
            return
        reference = link(frames, spec, engine="recordlinkage")
    assert len(fast.clusters) == sum(map(len, frames.values()))
    assert fast.clusters["confidence"].between(0, 1).all()
    pd.testing.assert_frame_equal(fast.blocking, reference.blocking)
    pd.testing.assert_frame_equal(fast.clusters, reference.clusters, atol=1e-3, rtol=0)
    keys = ["left_source", "left_id", "right_source", "right_id"]
    one, other = (
        result.links.set_index(keys).sort_index()["match_weight"] for result in (fast, reference)
    )
    pd.testing.assert_series_equal(one, other, atol=1e-6, rtol=0, check_index_type=False)


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Starting threads for six records would take most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (positions, scan, threads):
            patch.setattr(module, "threads", lambda: 1)
        yield


THREE = pytest.mark.parametrize(
    "spec", [PEOPLE, BUSINESSES, CODES], ids=["people", "businesses", "codes"]
)
FUZZ = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


@THREE
@given(data=st.data())
@settings(FUZZ, max_examples=20)
def test_any_table_has_the_pairs_and_levels_of_the_reference(
    spec: LinkageSpec, data: st.DataObject
) -> None:
    agree(data.draw(tables(spec)), spec)


@pytest.mark.prove
@THREE
@given(data=st.data())
@settings(FUZZ, max_examples=667)
def test_two_thousand_tables_have_the_pairs_and_levels_of_the_reference(
    spec: LinkageSpec, data: st.DataObject
) -> None:
    agree(data.draw(tables(spec)), spec)


@THREE
@given(data=st.data())
@settings(FUZZ, max_examples=20)
def test_any_table_is_linked_as_by_the_reference(spec: LinkageSpec, data: st.DataObject) -> None:
    links(data.draw(tables(spec)), spec)
