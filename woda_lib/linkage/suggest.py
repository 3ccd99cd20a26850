"""Suggest a linkage specification from the data alone, with the reason for each part of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.linkage.acceptable import what_is_not_plain
from woda_lib.linkage.align import Field, align, check, record_numbers
from woda_lib.linkage.block_sizes import Codes
from woda_lib.linkage.composed import composed
from woda_lib.linkage.errors import SourceError
from woda_lib.linkage.free_of_duplicates import free_of_duplicates
from woda_lib.linkage.households import find_households
from woda_lib.linkage.levels import TESTS
from woda_lib.linkage.propose import propose_rules
from woda_lib.linkage.recognise import Recognised, text_traits
from woda_lib.linkage.repeated import repeated
from woda_lib.linkage.sources import gather
from woda_lib.linkage.spec import LinkageSpec

Level = str | dict[str, Any]

RARELY = 0.002  # share of values below which a level is left out, since nothing could reach it
CLOSE: list[Level] = [{"test": "jaro_winkler", "at_least": 0.92}]
NEAR: list[Level] = [{"test": "jaro_winkler", "at_least": 0.8}]
# Levels of each kind, best first; those that the kind or the values rule out are dropped.
LEVELS: Mapping[str, list[Level]] = {
    "name": [
        "exact", "swapped", "alias", *CLOSE, "initial",
        {"test": "shared_words", "at_least": 1.0}, *NEAR,
    ],
    "company": ["exact", *CLOSE, {"test": "shared_words", "at_least": 1.0}, *NEAR],
    "address": ["exact", *CLOSE, {"test": "shared_words", "at_least": 0.75}, *NEAR],
    "date_of_birth": [
        "exact", "one_edit", "day_month_swapped", "same_day_and_month", "same_year",
    ],
    "postcode": ["exact", "one_edit", "same_sector", "same_outward"],
    "nhs_number": ["exact", "one_edit"],
    "identifier": ["exact", "one_edit"],
    "phone": ["exact", "one_edit"],
    "email": ["exact", *CLOSE],
}  # fmt: skip
ENOUGH_TO_LEARN = 50_000  # records, below which too few clusters teach aliases to be worth a round
SHORT = 4  # one digit from another says nothing about numbers shorter than this
RARITY_MATTERS = frozenset({"name", "company", "address", "postcode", "category", "identifier"})
COMMON = 0.5  # different values as a share of all, above which no value is common
SWAPPABLE = 0.02  # overlap of two name fields' values from which they may be exchanged
MOST_PAIRS = 5_000_000
# Whoever links what is likelier a match than not makes the fewest mistakes; a higher threshold buys
# precision with recall, and is a person's choice.
EVEN_ODDS = {"link": 0.5, "review": 0.1}


def suggest(frames: Mapping[str, pd.DataFrame]) -> tuple[LinkageSpec, list[str]]:
    """Suggest how to link or de-duplicate some tables; see `LinkageSpec.suggest`.

    Parameters
    ----------
    frames
        Source name to table, one row a record. Nothing is changed in them.

    Returns
    -------
    spec : LinkageSpec
    reasons : list of str
        Whole sentences, none of which quotes a value.

    Raises
    ------
    SourceError
        A source is empty, has no column that numbers its records, or there is nothing that the
        sources could be compared on.
    """
    check(frames)
    frames, reasons = _plain(frames)
    numbers = record_numbers(frames)
    fields = composed(align(frames, numbers))
    reasons += [f"Source {s!r}: records are numbered by {c!r}." for s, c in numbers.items()]
    used = [each for each in fields if each.found.kind is not None]
    if not used:
        raise SourceError(
            "No column can be compared: each is empty, constant, a mere record number, or in one "
            "source alone. " + " ".join([*reasons, *map(_said, fields)])
        )
    draft = LinkageSpec.from_dict(_content(frames, numbers, used), origin="The suggestion")
    records = gather(frames, draft)
    used = _without_repeated(used, records)
    reasons += [_said(each) for each in fields]
    content = _content(frames, numbers, used)
    kinds = {each.name: each.kind for each in used}
    sources = _source_numbers(records, list(frames))
    free, why = free_of_duplicates(records, kinds, sources, list(frames))
    for source, is_free in zip(content["sources"], free, strict=True):
        source["free_of_duplicates"] = bool(is_free)
    content["comparisons"] = [_comparison(each, used, records) for each in used]
    proposal = propose_rules(records, kinds, sources, free)
    content["blocking"] = proposal.rules or [[each.name for each in used]]
    largest = max([MOST_PAIRS, *(2 * pairs for pairs in proposal.pairs)])
    homes = find_households(records, kinds, list(kinds))
    content |= {"household": homes.fields, "max_pairs": largest, "thresholds": EVEN_ODDS}
    reasons += why
    reasons += [
        f"Blocking rule {' and '.join(rule)}: about {pairs:,} pairs."
        for rule, pairs in zip(proposal.rules, proposal.pairs, strict=True)
    ]
    reasons.append(
        f"If fields are as often wrong as in most registers, about {proposal.missed:.2%} of "
        f"matches share no blocking rule."
    )
    reasons.append(
        f"Pairs are linked from a match probability of {EVEN_ODDS['link']:g}, which makes the "
        f"fewest mistakes; raise the threshold where a wrong link does more harm than a missed one."
    )
    reasons.append(f"Household fields: {', '.join(homes.fields) or 'none'}, for {homes.because}.")
    return LinkageSpec.from_dict(content, origin="The suggestion"), reasons


def _plain(frames: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Leave out columns of lists and other objects, and say which."""
    plain, said = {}, []
    for source, frame in frames.items():
        found = {column: what_is_not_plain(frame[column]) for column in frame}
        plain[source] = frame[[column for column in frame if not found[column]]]
        said += [f"Column {source}.{c}: left out, for it holds {f}." for c, f in found.items() if f]
    return plain, said


def _without_repeated(used: list[Field], records: pd.DataFrame) -> list[Field]:
    for name, others in repeated(records, {each.name: each.kind for each in used}).items():
        field = next(each for each in used if each.name == name)
        field.found = Recognised(None, f"repeats {' and '.join(others)}")
    return [each for each in used if each.found.kind is not None]


def _said(each: Field) -> str:
    columns = ", ".join(f"{source}.{column}" for source, column in each.columns.items())
    if each.found.kind is None:
        return f"Field {each.name} ({columns}): left out, for it {_verb(each.found.because)}."
    written = f", written {' '.join(each.found.date_order)}" if each.kind == "date_of_birth" else ""
    return (
        f"Field {each.name} ({columns}): {each.kind}, for it holds {each.found.because}{written}."
    )


def _verb(because: str) -> str:
    """Reasons that speak of the sources stand by themselves."""
    starts = ("the sources", "only one source")
    return f"is of no use: {because}" if because.startswith(starts) else because


def _content(
    frames: Mapping[str, pd.DataFrame], numbers: Mapping[str, str], used: list[Field]
) -> dict[str, Any]:
    """Everything but comparisons, blocking and households, which need standardised records."""
    sources = [
        {
            "name": source,
            "id": numbers[source],
            "columns": {
                each.name: each.pieces.get(source, each.columns[source])
                for each in used
                if source in each.columns and each.columns[source] != each.name
            },
            "lacks": [each.name for each in used if source not in each.columns],
        }
        for source in frames
    ]
    kinds = {each.kind for each in used}
    personal = {"name", "date_of_birth", "sex", "nhs_number"}
    entity = "person"
    if not kinds & personal:
        entity = "business" if "company" in kinds else "address" if "address" in kinds else "person"
    return {
        "entity": entity,
        "sources": sources,
        "fields": [
            {"name": each.name, "kind": each.kind, "date_order": each.found.date_order}
            for each in used
        ],
        "comparisons": [{"field": each.name, "levels": ["exact"]} for each in used],
        "blocking": [[used[0].name]],
    }


def _comparison(each: Field, used: list[Field], records: pd.DataFrame) -> dict[str, Any]:
    traits = text_traits(records[each.name])
    levels: list[Level] = []
    for level in LEVELS.get(each.kind, ["exact"]):
        test = level if isinstance(level, str) else level["test"]
        kinds = TESTS[test].kinds
        if kinds and each.kind not in kinds:
            continue
        unreachable = {
            "alias": len(records) < ENOUGH_TO_LEARN,
            "initial": traits["initials"] < RARELY,
            "shared_words": traits["several"] < RARELY,
            "one_edit": each.kind == "identifier" and traits["length"] < SHORT,
        }
        if test == "swapped":
            other = _exchangeable(each, used, records)
            levels += [{"test": "swapped", "with": other}] if other else []
        elif not unreachable.get(test, False):
            levels.append(level)
    return {
        "field": each.name,
        "levels": levels,
        "term_frequency": each.kind in RARITY_MATTERS and traits["distinct"] < COMMON,
    }


def _exchangeable(each: Field, used: list[Field], records: pd.DataFrame) -> str | None:
    """Name the later name field with which this one shares most of its values, if any."""
    later = used[used.index(each) + 1 :]
    own = set(records[each.name].dropna().unique())
    shares = {}
    for other in later:
        values = set(records[other.name].dropna().unique())
        if other.kind == "name" and own and values:
            shares[other.name] = len(own & values) / min(len(own), len(values))
    best = max(shares, key=lambda name: shares[name], default=None)
    return best if best is not None and shares[best] >= SWAPPABLE else None


def _source_numbers(records: pd.DataFrame, names: list[str]) -> Codes:
    return np.asarray(pd.Index(names).get_indexer(pd.Index(records["source"])), dtype=np.int64)
