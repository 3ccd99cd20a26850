"""Find the record number of each source, and which columns of several sources are one field.

Columns of one heading are one field. Where headings differ, the values decide: two columns of one
kind are taken for one field when their values are distributed alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

import pandas as pd

from woda_lib.linkage.errors import SourceError
from woda_lib.linkage.recognise import Recognised, recognise
from woda_lib.linkage.standardise import standardise

OWN_NUMBERS = 0.01  # share of values in common below which identifiers belong to one source alone
ALIKE = 0.05  # overlap of two columns' values from which they may be one field
_CODED = frozenset({"identifier", "nhs_number", "category", "phone", "email"})
_RESERVED = frozenset({"source", "id", "entity_id"})
_NUMBERED = re.compile(r"(?:^|_)id$|^id_|^rec(?:ord)?(?:_|$)|number$|key$")


@dataclass
class Field:
    """A field in the making: its columns and standard values by source, and its kind."""

    name: str
    columns: dict[str, str]
    found: Recognised
    held: dict[str, pd.Series] = field(default_factory=dict, repr=False)

    @property
    def kind(self) -> str:
        """The kind; only of fields that were not left out."""
        assert self.found.kind is not None
        return self.found.kind


def check(frames: Mapping[str, pd.DataFrame]) -> None:
    """Refuse sources from which nothing can be read.

    Raises
    ------
    SourceError
        There is no source, one is empty, or one has headings that are repeated or no text.
    """
    if not frames:
        raise SourceError("There is no source to suggest a specification for. Give one or more.")
    for name, frame in frames.items():
        if frame.empty:
            raise SourceError(f"The source {name!r} is empty: it has no rows to link.")
        if not all(isinstance(column, str) for column in frame.columns):
            raise SourceError(
                f"The source {name!r} has columns whose headings are not text. Name them, for "
                f"example with frame.columns = frame.columns.astype(str)."
            )
        if frame.columns.duplicated().any():
            twice = frame.columns[frame.columns.duplicated()][0]
            raise SourceError(f"The source {name!r} has more than one column {twice!r}. Keep one.")


def record_numbers(frames: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Find the column that numbers the records of each source.

    It is complete and never repeats; of several, the one whose values other sources do not hold
    comes first (a number that they do hold is of the person), then the one that is called so.

    Raises
    ------
    SourceError
        No column of a source is complete and without repetition.
    """
    chosen = {}
    for name, frame in frames.items():
        fitting = [str(column) for column in frame if _numbers_records(frame[column])]
        if not fitting:
            raise SourceError(
                f"The source {name!r} has no column that numbers its records: every column has "
                f"missing or repeated values. Add one, for example with "
                f"frame.reset_index(names='id')."
            )
        elsewhere = _values_elsewhere(frames, name)
        marks = {
            column: (
                not _shared(frame[column], elsewhere),
                bool(_NUMBERED.search(heading(column))),
                recognise(frame[column]).kind in (None, "identifier", "category"),
                -list(frame).index(column),
            )
            for column in fitting
        }
        chosen[name] = max(marks, key=lambda column: marks[column])
    return chosen


def align(frames: Mapping[str, pd.DataFrame], numbers: Mapping[str, str]) -> list[Field]:
    """Make fields of the columns; each is recognised, left-out ones with kind ``None``."""
    by_heading: dict[str, dict[str, str]] = {}
    for source, frame in frames.items():
        for column in frame.columns.drop(numbers[source]):
            name = heading(column)
            while source in by_heading.get(name, {}):
                name += "_2"
            by_heading.setdefault(name, {})[source] = column
    fields = []
    for name, columns in by_heading.items():
        together = pd.concat([frames[s][c].astype(object) for s, c in columns.items()])
        if len(columns) == 1:
            ((source, column),) = columns.items()
            together = frames[source][column]
        fields.append(Field(name, columns, recognise(together, name)))
    for each in fields:
        if each.found.kind is not None:
            each.held = {
                s: standardise(frames[s][c], each.kind, each.found.date_order).dropna()
                for s, c in each.columns.items()
            }
    fields = _joined(fields) if len(frames) > 1 else fields
    return [_kept_if_useful(each, len(frames)) for each in fields]


def heading(column: str) -> str:
    """``NHS Number `` → ``nhs_number``; never a name that tables of records need themselves."""
    name = re.sub(r"\W+", "_", column.strip().lower()).strip("_") or "column"
    return f"{name}_field" if name in _RESERVED else name


def likeness(one: pd.Series, other: pd.Series) -> float:
    """Overlap of two columns' values: the sum over values of the smaller share, 0 to 1."""
    shares = one.value_counts(normalize=True)
    others = other.value_counts(normalize=True).reindex(shares.index).fillna(0.0)
    return float(shares.clip(upper=others).sum())


def _numbers_records(values: pd.Series) -> bool:
    if pd.api.types.is_float_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return False
    return not values.isna().any() and not values.astype(str).duplicated().any()


def _values_elsewhere(frames: Mapping[str, pd.DataFrame], name: str) -> set[str]:
    return {
        value
        for other, frame in frames.items()
        if other != name
        for column in frame
        if frame[column].nunique() > len(frame) / 2
        for value in frame[column].dropna().astype(str)
    }


def _shared(values: pd.Series, elsewhere: set[str]) -> bool:
    return bool(elsewhere) and float(values.astype(str).isin(elsewhere).mean()) > OWN_NUMBERS


def _joined(fields: list[Field]) -> list[Field]:
    """Join fields of one kind whose values are alike and that no source has both of."""
    while True:
        best, pair = ALIKE, None
        for one, other in combinations(fields, 2):
            if None in (one.found.kind, other.found.kind) or one.kind != other.kind:
                continue
            if set(one.columns) & set(other.columns):
                continue
            found = max(likeness(a, b) for a in one.held.values() for b in other.held.values())
            if found > best:
                best, pair = found, (one, other)
        if pair is None:
            return fields
        one, other = pair
        one.columns |= other.columns
        one.held |= other.held
        fields.remove(other)


def _kept_if_useful(each: Field, sources: int) -> Field:
    """Leave out what cannot tell: numbers of one source alone, fields that only one source has."""
    if each.found.kind is None:
        return each
    if sources == 1:
        ((values),) = each.held.values()
        if each.kind in _CODED and not values.duplicated().any():
            each.found = Recognised(None, "differs in every record")
        return each
    if len(each.columns) == 1:
        each.found = Recognised(None, "only one source has it")
    elif each.kind in _CODED:
        pairs = combinations(each.held.values(), 2)
        if not any(one.isin(set(other)).mean() > OWN_NUMBERS for one, other in pairs):
            each.found = Recognised(None, "the sources have no value in common")
    return each
