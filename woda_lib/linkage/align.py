"""Find the record number of each source, and which columns of several sources are one field.

Columns of one heading are one field. Where headings differ, the values decide: two columns of one
kind are taken for one field when their values are distributed alike and, as far as it can be told
(see `anchors`), agree in records of one entity. A column of single letters may be the initials of
a name that another source writes out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product, takewhile

import pandas as pd

from woda_lib.linkage.anchors import Anchors, find_anchors
from woda_lib.linkage.errors import SourceError
from woda_lib.linkage.likeness import likeness
from woda_lib.linkage.recognise import Recognised, recognise
from woda_lib.linkage.standardise import standardise

OWN_NUMBERS = 0.01  # share of values in common below which identifiers belong to one source alone
AGREE = 0.1  # agreement of records of one entity beyond chance, below which columns are no field
SINGLE = 0.8  # share of single letters from which a column may hold initials
INITIALS = 0.5  # the same for initials and the names that they may be of
_CODED = frozenset({"identifier", "nhs_number", "category", "phone", "email"})
_RESERVED = frozenset({"source", "id", "entity_id"})
_NUMBERED = re.compile(r"(?:^|_)id$|^id_|^rec(?:ord)?(?:_|$)|number$|key$")


@dataclass
class Field:
    """A field in the making: its columns and standard values by source, and its kind.

    Of one that is put together from several columns of a source, `pieces` are those.
    """

    name: str
    columns: dict[str, str]
    found: Recognised
    held: dict[str, pd.Series] = field(default_factory=dict, repr=False)
    renamings: list[tuple[str, str, str, str]] = field(default_factory=list, repr=False)
    pieces: dict[str, list[str]] = field(default_factory=dict)

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
                s: standardise(
                    frames[s][c].reset_index(drop=True), each.kind, each.found.date_order
                ).dropna()
                for s, c in each.columns.items()
            }
    fields = _joined(fields, list(frames)) if len(frames) > 1 else fields
    return [_kept_if_useful(each, len(frames)) for each in fields]


def heading(column: str) -> str:
    """``NHS Number `` → ``nhs_number``; never a name that tables of records need themselves."""
    name = re.sub(r"\W+", "_", column.strip().lower()).strip("_") or "column"
    return f"{name}_field" if name in _RESERVED else name


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


def _joined(fields: list[Field], sources: Sequence[str]) -> list[Field]:
    """Join fields of one kind whose values are alike and that no source has both of.

    Those go first whose values agree most in records of one entity. Where that cannot be told,
    what was joined before shows the way: a source that says ``mailing_street`` for ``street`` says
    ``mailing_state`` for ``state``.
    """
    anchors = _all_anchors(fields, sources)
    while True:
        best, pair = (False, 0.0, 0, 0.0), None
        renamings = [renaming for each in fields for renaming in each.renamings]
        for one, other in combinations(fields, 2):
            if None in (one.found.kind, other.found.kind) or one.kind != other.kind:
                continue
            if set(one.columns) & set(other.columns) or _order_of(one, other) is None:
                continue
            alike = likeness(one.held, other.held, one.kind)
            told = _agreement(one, other, anchors)
            if alike is None or (told is not None and told < AGREE):
                continue
            before = sum(renamings.count(each) for each in _renamings(one, other))
            mark = (told is not None, told or 0.0, before, alike)
            if mark > best:
                best, pair = mark, (one, other)
        if pair is None:
            return _with_initials(fields, anchors)
        _join(*pair)
        fields.remove(pair[1])


def _order_of(one: Field, other: Field) -> str | None:
    """Return the order in which the dates of both can be read: those year first, in any."""
    orders = {one.found.date_order, other.found.date_order} - {"ymd"}
    return None if len(orders) > 1 else next(iter(orders), "ymd")


def _join(one: Field, other: Field) -> None:
    one.found = replace(one.found, date_order=_order_of(one, other) or "ymd")
    one.renamings += _renamings(one, other)
    one.columns |= other.columns
    one.held |= other.held


def _renamings(one: Field, other: Field) -> list[tuple[str, str, str, str]]:
    """Say how sources call one field, less the end that both headings have in common."""
    found = []
    for (source, a), (other_source, b) in product(one.columns.items(), other.columns.items()):
        same = (one == other for one, other in zip(reversed(a), reversed(b), strict=False))
        end = sum(takewhile(bool, same))
        if end:
            found.append((source, other_source, a[: len(a) - end], b[: len(b) - end]))
    return found + [(t, s, b, a) for s, t, a, b in found]


def _all_anchors(fields: list[Field], sources: Sequence[str]) -> dict[tuple[str, str], Anchors]:
    by_source = {
        source: [each.held[source] for each in fields if source in each.held] for source in sources
    }
    found = {
        (one, other): find_anchors(by_source[one], by_source[other])
        for one, other in combinations(sources, 2)
        if by_source[one] and by_source[other]
    }
    return found | {(other, one): each.turned() for (one, other), each in found.items()}


def _agreement(
    one: Field,
    other: Field,
    anchors: Mapping[tuple[str, str], Anchors],
    letters: int | None = None,
) -> float | None:
    """Return the best agreement of two fields' columns among anchors that can tell."""
    told = [
        anchors[source, other_source].agreement(one.held[source], other.held[other_source], letters)
        for source, other_source in product(one.held, other.held)
        if (source, other_source) in anchors
    ]
    return max((each for each in told if each is not None), default=None)


def _with_initials(fields: list[Field], anchors: Mapping[tuple[str, str], Anchors]) -> list[Field]:
    """Join columns of single letters with the names that they are the initials of."""
    for letters in [each for each in fields if each.found.kind == "category"]:
        if not all((values.str.len() == 1).mean() > SINGLE for values in letters.held.values()):
            continue
        told = {
            each.name: _agreement(letters, each, anchors, letters=1) or 0.0
            for each in fields
            if each.found.kind == "name" and not set(each.columns) & set(letters.columns)
        }
        best = max(told, key=lambda name: told[name], default=None)
        if best is not None and told[best] >= INITIALS:
            whole = next(each for each in fields if each.name == best)
            _join(whole, letters)
            fields.remove(letters)
    return fields


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
