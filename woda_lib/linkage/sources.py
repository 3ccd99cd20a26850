"""Gather the sources into one table of standardised records."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from woda_lib.linkage.errors import SourceError, nearest
from woda_lib.linkage.spec import FieldSpec, LinkageSpec, SourceSpec
from woda_lib.linkage.standardise import standardise, year_first


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
        One row a record, numbered from 0: ``source``, ``id`` and the standardised fields (text,
        missing as ``None``). Rows stand in the order of sources and identifiers, so that the
        order in which a partner delivered them changes nothing.

    Raises
    ------
    SourceError
        A source is unknown, missing or empty, lacks a column, or has missing or repeated
        identifiers.
    """
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
    given = [source for source in spec.sources if source.name in frames]
    gathered = [_one_source(frames[source.name], source, spec) for source in given]
    return pd.concat(gathered, ignore_index=True)


def _one_source(frame: pd.DataFrame, source: SourceSpec, spec: LinkageSpec) -> pd.DataFrame:
    if frame.empty:
        raise SourceError(f"The source {source.name!r} is empty: it has no rows to link.")
    identifiers = _column(frame, source, source.id, "its id column")
    if missing := int(identifiers.isna().sum()):
        raise SourceError(
            f"Source {source.name!r}, column {source.id!r}: {missing} of {len(frame)} records "
            f"have no identifier. Every record needs one."
        )
    if repeated := int(identifiers.duplicated().sum()):
        raise SourceError(
            f"Source {source.name!r}, column {source.id!r}: {repeated} of {len(frame)} records "
            f"repeat the identifier of another. Keep one row for each, the newest say."
        )
    columns: dict[str, object] = {"source": source.name, "id": identifiers.to_numpy()}
    for field in spec.fields:
        if field.name in source.lacks:
            columns[field.name] = np.full(len(frame), None, dtype=object)
            continue
        name = source.columns.get(field.name, field.name)
        values = _column(frame, source, name, f"the field {field.name!r}")
        columns[field.name] = _standardised(values, source, field)
    order = identifiers.astype(str).reset_index(drop=True).sort_values(kind="stable").index
    return pd.DataFrame(columns).iloc[order]


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


def _standardised(values: pd.Series, source: SourceSpec, field: FieldSpec) -> np.ndarray:
    standard = standardise(values, field.kind, field.date_order)
    given = int(values.notna().sum())
    if field.kind == "date_of_birth" and given and not pd.api.types.is_datetime64_any_dtype(values):
        turned = year_first(values.dropna(), field.date_order)
        written_as_dates = turned.astype(str).str.contains(r"^\d{4}-?\d{2}-?\d{2}")
        if written_as_dates.mean() < 0.5:
            raise SourceError(
                f"Source {source.name!r}, field {field.name!r}: most values are not dates. Give a "
                f"date type, ISO 8601 text such as 1931-09-20, or the field's date_order (now "
                f"{field.date_order})."
            )
    return standard.to_numpy(dtype=object)
