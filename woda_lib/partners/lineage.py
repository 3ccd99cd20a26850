"""Where the columns of a saved table stem from, so that an agreement governs them for good.

A dataset is asked for by field, and the agreement says yes or no. A table that a step saved has
columns of its own: ``service`` of a table of involvements is the service of six datasets, and
whoever may see one of them may not see all. So a table is kept with its *lineage*: for each column
the fields, as ``<dataset>.<field>``, whose values stand in it. When the table is loaded, values
that the loading step's purpose is not shown are blanked.

A table that has a column ``dataset`` is governed row by row: a field of ``community_care`` is in
rows of ``community_care`` alone. A field of a dataset that is nobody's record, such as a gazetteer,
may be in any. A table without such a column is blanked whole where one of a column's fields is
hidden.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.errors import WodaError
from woda_lib.partners.agreements import Agreement
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.hidden import clause_that_hides
from woda_lib.records import nearest

Lineage = Mapping[str, Collection[str]]
"""For each column of a table, the ``<dataset>.<field>`` whose values stand in it."""

DATASET = "dataset"
"""The column of a table that says of each row which dataset it is of."""


class LineageError(WodaError):
    """What a step says of its table's columns does not fit the table or the agreement."""


@dataclass(frozen=True)
class Blanked:
    """Values of one field that were blanked in one column of a table, and the clause that did."""

    table: str
    column: str
    dataset: str
    field: str
    clause: str
    values: int


def require_lineage(
    frame: pd.DataFrame, lineage: Lineage, agreement: Agreement, *, name: str
) -> None:
    """Refuse a lineage that names what is not there.

    Parameters
    ----------
    frame : DataFrame
    lineage : mapping of str to collection of str
    agreement : Agreement
    name : str
        The table's, for the error.

    Raises
    ------
    LineageError
        Naming the first column or field that is neither in the table nor in the agreement.
    """
    for column, stems in lineage.items():
        if column not in frame:
            raise LineageError(
                f"The table {name} has no column {column!r}, of which fields= says where it stems "
                f"from. {nearest(column, frame.columns)}"
            )
        for stem in stems:
            dataset, _, field = stem.partition(".")
            if field not in agreement.datasets.get(dataset, {}):
                shared = [f"{d}.{f}" for d, fields in agreement.datasets.items() for f in fields]
                raise LineageError(
                    f"The column {column!r} of {name} is said to stem from {stem!r}, which the "
                    f"agreement {agreement.id} does not share. {nearest(stem, shared)}"
                )


def inferred(columns: Iterable[str], handed_out: Mapping[str, Collection[str]]) -> dict[str, set]:
    """Take a column that nobody spoke of for every field of its name that the step was handed."""
    return {name: set(handed_out[name]) for name in columns if handed_out.get(name)}


def handles(lineage: Lineage) -> list[str]:
    """Return the columns that hold partners' own numbers of people or stays, under the key."""
    numbers = {f"{name}.{handle}" for name, c in CONTRACTS.items() for handle in c.handles}
    return [column for column, stems in lineage.items() if stems and numbers.issuperset(stems)]


def as_text(lineage: Lineage) -> str:
    """Write a lineage as it is kept with a table."""
    return json.dumps({column: sorted(stems) for column, stems in lineage.items()})


def of_text(text: str) -> dict[str, set[str]]:
    """Read what `as_text` wrote; an older table has none."""
    return {column: set(stems) for column, stems in json.loads(text or "{}").items()}


def blanked(
    frame: pd.DataFrame, lineage: Lineage, agreement: Agreement, purpose: str, *, table: str
) -> tuple[pd.DataFrame, list[Blanked]]:
    """Blank what a purpose is not shown.

    Parameters
    ----------
    frame : DataFrame
    lineage : mapping of str to collection of str
    agreement : Agreement
    purpose : str
    table : str
        How records name the table.

    Returns
    -------
    frame : DataFrame
        With the same columns and rows.
    found : list of Blanked
        One for each field that is hidden, also where no row held a value of it. Where a column is
        blanked whole, each of its hidden fields counts all of its values.
    """
    of = frame[DATASET].astype("string") if DATASET in frame else None
    found, covered = [], {}
    for column, stems in lineage.items():
        if column not in frame:
            continue
        clauses = {stem: _clause(agreement, purpose, stem) for stem in sorted(stems)}
        hidden = {stem: clause for stem, clause in clauses.items() if clause}
        if not hidden:
            continue
        there = frame[column].notna().to_numpy()
        theirs = np.zeros(len(frame), dtype=bool)
        for stem, clause in hidden.items():
            dataset, _, field = stem.partition(".")
            rows = there & _rows_of(dataset, of, len(frame))
            theirs |= rows
            found.append(Blanked(table, column, dataset, field, clause, int(rows.sum())))
        covered[column] = _without(frame[column], theirs)
    return frame.assign(**covered), found


def _clause(agreement: Agreement, purpose: str, stem: str) -> str:
    dataset, _, field = stem.partition(".")
    return clause_that_hides(agreement, purpose, dataset, field)


def _rows_of(dataset: str, of: pd.Series | None, rows: int) -> npt.NDArray[np.bool_]:
    """Return the rows in which a column's values may be of a dataset."""
    if of is None or not CONTRACTS[dataset].handles:
        return np.ones(rows, dtype=bool)
    return np.asarray((of == dataset).fillna(True), dtype=bool)


def _without(values: pd.Series, theirs: npt.NDArray[np.bool_]) -> pd.Series:
    if values.dtype == bool:
        values = values.astype("boolean")
    elif pd.api.types.is_integer_dtype(values.dtype) and isinstance(values.dtype, np.dtype):
        values = values.astype("UInt64" if values.dtype.kind == "u" else "Int64")
    kept = values.mask(theirs)
    if isinstance(kept.dtype, pd.CategoricalDtype):  # a category tells what was there
        kept = kept.cat.remove_unused_categories()
    return kept
