"""Gather the sources into one table of standardised records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.acceptable import require_identifiers, require_plain, require_table
from woda_lib.linkage.as_arrow import texts_of
from woda_lib.linkage.coding import categorical
from woda_lib.linkage.days import days_in_standard_form, days_together
from woda_lib.linkage.errors import SourceError, nearest
from woda_lib.linkage.gathered import Gathered
from woda_lib.linkage.given_order import Order, identifier_order
from woda_lib.linkage.identities import Hashes, record_names
from woda_lib.linkage.in_one_column import in_one_column
from woda_lib.linkage.plain_forms import numbered_together
from woda_lib.linkage.spec import FieldSpec, LinkageSpec, SourceSpec
from woda_lib.linkage.standard_texts import Texts, in_standard_forms, texts_together
from woda_lib.linkage.standardise import (
    distinct_values,
    iso_dates,
    iso_texts,
    standard_categories,
    year_first,
)


def gather(
    frames: Mapping[str, pd.DataFrame], spec: LinkageSpec, *, whole: bool = True
) -> pd.DataFrame:
    """Check the sources against their specification and standardise their fields.

    Parameters
    ----------
    frames
        One table for each source that `spec` names.
    spec
        The specification.
    whole
        Whether every source of the specification must be there; an update brings only some.

    Returns
    -------
    pandas.DataFrame
        One row a record, numbered from 0: ``source`` (a category), ``id`` and the standardised
        fields (categories of text in the order of their code points). Rows stand in the order of
        sources and identifiers, so that the order in which a partner delivered them changes
        nothing.

    Raises
    ------
    SourceError
        A source is unknown, missing or empty, lacks a column, or has missing or repeated
        identifiers.
    """
    given = _given(frames, spec, whole)
    fields = _each_field(given, spec, in_order=True)
    return pd.DataFrame(_known_by(given, spec) | fields, copy=False)


def gather_texts(frames: Mapping[str, pd.DataFrame], spec: LinkageSpec) -> Gathered:
    """Do what `gather` does, and leave the values of fields as they come."""
    from woda_lib.linkage.fast.threads import share_out  # here: numba takes a while to start

    given = _given(frames, spec, whole=True)
    source = _source(given, spec)
    if all(each.of_texts() for each in given):
        identifiers = [each.identifiers.iloc[each.order] for each in given]
        names = np.concatenate(share_out(_Given.names, [(each,) for each in given]))
    else:  # of which numbers may be written otherwise when they stand together
        identifiers = [_identifiers(given)]
        names = record_names(pd.DataFrame({"source": source, "id": identifiers[0]}, copy=False))
    return Gathered(source, identifiers, names, _rows(given), _each_field(given, spec))


def _given(frames: Mapping[str, pd.DataFrame], spec: LinkageSpec, whole: bool) -> list[_Given]:
    """Check the sources; see `gather`."""
    from woda_lib.linkage.fast.threads import share_out  # here for the reason above

    names = [source.name for source in spec.sources]
    for name in frames:
        if name not in names:
            raise SourceError(
                f"The specification has no source {str(name)!r}. {nearest(str(name), names)}"
            )
    for name in names:
        if whole and name not in frames:
            raise SourceError(
                f"The source {name!r} is in the specification but was not given. Give its "
                f"table, or take it out of the specification."
            )
    held = [(frames[source.name], source) for source in spec.sources if source.name in frames]
    checked: list[_Given] = share_out(_Given.of, held)
    return checked


def _known_by(given: list[_Given], spec: LinkageSpec) -> dict[str, Any]:
    """Return the columns that name a record."""
    return {"source": _source(given, spec), "id": _identifiers(given)}


def _source(given: list[_Given], spec: LinkageSpec) -> pd.Categorical:
    names = [source.name for source in spec.sources]
    which = np.repeat(
        [names.index(each.source.name) for each in given], [len(each) for each in given]
    )
    return categorical(which, names)


def _identifiers(given: list[_Given]) -> pd.Series:
    return pd.concat([each.identifiers.iloc[each.order] for each in given], ignore_index=True)


def _rows(given: list[_Given]) -> dict[str, npt.NDArray[np.int64]]:
    """Return, by source, where each record stands among those of all, as it was given."""
    rows, first = {}, 0
    for each in given:
        own = np.empty(len(each), dtype=np.int64)
        own[each.order] = first + np.arange(len(each))
        rows[each.source.name] = own
        first += len(each)
    return rows


def _each_field(
    given: list[_Given], spec: LinkageSpec, *, in_order: bool = False
) -> dict[str, Any]:
    """Standardise each field: `Texts`, or categories in order."""
    from woda_lib.linkage.fast.threads import share_out  # here for the reason above

    order = _order_together(given)

    def one(field: FieldSpec) -> Texts | pd.Categorical:
        texts = _field(field, given, order)
        return texts.in_order() if in_order else texts

    made = share_out(one, [(field,) for field in spec.fields])
    return dict(zip([field.name for field in spec.fields], made, strict=True))


def _order_together(given: list[_Given]) -> Order:
    """Return the places that put the records of all sources, one after another, in order."""
    if all(isinstance(each.order, slice) for each in given):
        return slice(None)
    places, first = [], 0
    for each in given:
        places.append(np.arange(first, first + len(each))[each.order])
        first += len(each)
    return np.concatenate(places)


def _together(parts: list[pd.Categorical]) -> pd.Categorical:
    """Put columns one after another, their values in the order of their code points.

    As `pandas.api.types.union_categoricals` does, which sorts texts one by one.
    """
    held = [(np.asarray(part.codes), np.asarray(part.categories, dtype=object)) for part in parts]
    return categorical(*numbered_together(held))


@dataclass(frozen=True)
class _Given:
    """A source as it was given, and the places that put its records in order."""

    source: SourceSpec
    frame: pd.DataFrame
    identifiers: pd.Series
    written: pa.StringArray | None
    order: Order

    @classmethod
    def of(cls, frame: pd.DataFrame, source: SourceSpec) -> Self:
        frame = require_table(frame, source.name)
        identifiers = _column(frame, source, source.id, "its id column")
        # Numbers are told apart as they are, in a tenth of the time.
        numbers = pd.api.types.is_numeric_dtype(identifiers.dtype)
        texts = None if numbers else texts_of(identifiers)
        require_identifiers(identifiers, texts, source.name)
        if isinstance(identifiers.dtype, pd.ArrowDtype):
            identifiers = pd.Series(identifiers.to_numpy())
        return cls(source, frame, identifiers, texts, identifier_order(identifiers, texts))

    def __len__(self) -> int:
        return len(self.frame)

    def of_texts(self) -> bool:
        """Say whether identifiers are texts, and not times or numbers that Arrow wrote as such."""
        held = self.frame[self.source.id].dtype
        if isinstance(held, pd.ArrowDtype):
            kind = held.pyarrow_dtype
            return pa.types.is_string(kind) or pa.types.is_large_string(kind)
        return self.written is not None

    def names(self) -> Hashes:
        """Return `identities.record_names` of records whose identifiers are texts."""
        from woda_lib.linkage.fast.siphash import hashes_of  # here: numba takes a while to start

        texts = pc.cast(self.written, pa.large_string())
        return hashes_of(texts, [f"{self.source.name}\x1f"])[self.order]

    def column(self, field: FieldSpec) -> pd.Series:
        """Return a field as it was given; nothing but missing values if the source lacks it."""
        if field.name in self.source.lacks:
            return pd.Series(categorical(np.full(len(self), -1, dtype=np.int8), []))
        columns = self.source.columns.get(field.name, field.name)
        what = f"the field {field.name!r}"
        if isinstance(columns, str):
            return _column(self.frame, self.source, columns, what)
        parts = [_column(self.frame, self.source, column, what) for column in columns]
        for part, column in zip(parts, columns, strict=True):
            require_plain(part, f"Source {self.source.name!r}, column {column!r}")
        return in_one_column(parts)


def _field(field: FieldSpec, given: list[_Given], order: Order) -> Texts:
    """Standardise a field of all sources, record by record in their order."""
    columns = _plain_columns(field, given)
    if field.kind == "date_of_birth":
        if (days := days_together(columns)) is not None:
            return days_in_standard_form(days[order])
        texts = texts_together(columns) if field.date_order == "ymd" else None
        if texts is not None and (forms := iso_texts(texts.held)) is not None:
            return Texts(texts.codes[order], forms)
    elif (texts := texts_together(columns)) is not None:
        return in_standard_forms(texts, field.kind, order)
    parts = [
        _standardised(column, each.source, field)[each.order]
        for column, each in zip(columns, given, strict=True)
    ]
    return Texts.of(pd.Series(parts[0] if len(parts) == 1 else _together(parts)))


def _plain_columns(field: FieldSpec, given: list[_Given]) -> list[pd.Series]:
    """Return a field of each source, and refuse what has no standard form.

    Of categories that columns share, each is looked at once.
    """
    columns, seen = [], set()
    for each in given:
        column = each.column(field)
        columns.append(column)
        if isinstance(column.dtype, pd.CategoricalDtype):
            if id(column.cat.categories) in seen:
                continue
            seen.add(id(column.cat.categories))
        require_plain(column, f"Source {each.source.name!r}, field {field.name!r}")
    return columns


def _column(frame: pd.DataFrame, source: SourceSpec, column: str, what: str) -> pd.Series:
    if column not in frame.columns:
        raise SourceError(
            f"The source {source.name!r} has no column {column!r} for {what}. "
            f"{nearest(column, map(str, frame.columns))} If the source does not hold it, list "
            f"the field under 'lacks'."
        )
    found = frame[column]
    if isinstance(found, pd.DataFrame):
        raise SourceError(
            f"The source {source.name!r} has more than one column {column!r}. Keep one."
        )
    return found


def _standardised(values: pd.Series, source: SourceSpec, field: FieldSpec) -> pd.Categorical:
    codes, distinct = distinct_values(values)
    if (
        field.kind == "date_of_birth"
        and len(distinct)
        and not pd.api.types.is_datetime64_any_dtype(distinct)
        and iso_dates(distinct) is None
    ):
        turned = year_first(distinct, field.date_order).astype(str)
        like_dates = turned.str.contains(r"^\d{4}-?\d{2}-?\d{2}").to_numpy(dtype=bool)
        if like_dates[codes[codes >= 0]].mean() < 0.5:
            raise SourceError(
                f"Source {source.name!r}, field {field.name!r}: most values are not dates. Give a "
                f"date type, ISO 8601 text such as 1931-09-20, or the field's date_order (now "
                f"{field.date_order})."
            )
    return standard_categories(codes, distinct, field.kind, field.date_order)
