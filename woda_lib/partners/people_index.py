"""Whose rows were loaded: what lets the audit log answer a person without naming anybody.

Beside the log lies, for each load, a table of *marks*: for each row the first eight bytes of the
pseudonyms of its NHS number and of the partner's numbers. A mark can be made from a number by
whoever holds the agreement's key, and not turned back into one. The log holds the SHA-256 of the
table, so that it cannot be exchanged.

What it can and cannot answer: it finds every load in which a row bore one of the person's numbers,
and what was saved from such rows. Numbers are followed from one to another through the loads
themselves (a stay bears NHS number, patient and stay). It cannot find a row that bears no number of
the person, and nothing under a key that was destroyed: those loads can then be named, and no longer
said whose they were.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.errors import WodaError
from woda_lib.identifiers import valid_nhs_numbers
from woda_lib.partners.datasets import CONTRACTS, NHS_NUMBER
from woda_lib.partners.keys import AgreementKey
from woda_lib.partners.pseudonyms import Hashes, marks, marks_of_pseudonyms

Marks = npt.NDArray[np.uint64]
LOCAL_NUMBERS = tuple(
    dict.fromkeys(
        handle for c in CONTRACTS.values() for handle in c.handles if handle != NHS_NUMBER
    )
)
"""What partners' own numbers of people and stays are called."""


class PersonUnknown(WodaError):
    """What was given is neither an NHS number nor a partner's number."""

    exit_code = 2


@dataclass(frozen=True)
class PeopleIndex:
    """The folder of marks: ``<folder>/<key name>/<version>/<sha256>.npy``."""

    folder: Path

    def add(self, rows: Marks, key: AgreementKey) -> str:
        """Keep the marks of some rows, and return the SHA-256 of their file."""
        distinct = _distinct(rows)
        digest = hashlib.sha256(distinct.reshape(-1).view(np.uint8).data).hexdigest()
        path = self._of(key.name, key.version) / f"{digest}.npy"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            hidden = path.with_name(f".{digest}.{os.getpid()}.npy")
            np.save(hidden, distinct, allow_pickle=False)
            hidden.replace(path)
        return digest

    def holding(self, person: str, keys: Iterable[AgreementKey]) -> set[str]:
        """Return the SHA-256 of every table of marks in which a person is.

        Raises
        ------
        PersonUnknown
            If `person` is neither an NHS number nor ``<partner>/<number>``.
        """
        found: set[str] = set()
        for key in keys:
            for version in key.ring.secrets:
                tables = dict(self._tables(key.name, version))
                wanted = _followed(_of_person(person, key.pseudonyms(version)), tables.values())
                found |= {name for name, table in tables.items() if np.isin(table, wanted).any()}
        return found

    def names(self) -> dict[str, set[str]]:
        """Return the keys under which there are marks: their versions by name."""
        return {
            folder.name: {version.name for version in folder.iterdir()}
            for folder in sorted(self.folder.glob("*"))
        }

    def _of(self, name: str, version: str) -> Path:
        return self.folder / name / version

    def _tables(self, name: str, version: str) -> Iterator[tuple[str, Marks]]:
        for path in sorted(self._of(name, version).glob("[!.]*.npy")):
            yield path.stem, np.load(path, allow_pickle=False)


def marks_of_rows(hashes: Iterable[Hashes]) -> Marks:
    """Return the marks of a dataset's rows: shape (rows, handles)."""
    made = [column.marks() for column in hashes]
    return np.column_stack(made) if made else np.zeros((0, 0), dtype=np.uint64)


def marks_of_table(
    frame: pd.DataFrame, pseudonyms: Iterable[str], *, also: Iterable[str] = ()
) -> Marks:
    """Return the marks of a saved table's rows, whose numbers are pseudonyms already.

    Parameters
    ----------
    frame : DataFrame
    pseudonyms : iterable of str
        The fields that are handed out under the agreement's key.
    also : iterable of str
        Columns of such numbers under another name.
    """
    named = [name for name in LOCAL_NUMBERS if name in frame.columns and name in pseudonyms]
    columns = dict.fromkeys([*named, *(name for name in also if name in frame.columns)])
    made = np.zeros((len(frame) if columns else 0, len(columns)), dtype=np.uint64)
    for place, column in enumerate(columns):
        made[:, place] = marks_of_pseudonyms(frame[column])
    return made


def _distinct(rows: Marks) -> Marks:
    """Return each different row once, in order; `numpy.unique` of rows takes ten times as long."""
    if not rows.size:
        return rows
    first = np.zeros(len(rows), dtype=bool)
    first[0] = True
    if rows.shape[1] == 1:  # numbers alone are sorted in a fraction of the time of their places
        values = np.sort(rows[:, 0])
        first[1:] = values[1:] != values[:-1]
        return values[first].reshape(-1, 1)
    order = np.lexsort(rows.T[::-1])
    for column in rows.T:  # of a county's numbers no second table is made, but the one that is kept
        values = column[order]
        first[1:] |= values[1:] != values[:-1]
    return rows[order[first]]


def _of_person(person: str, key: bytes) -> Marks:
    bare = person.replace(" ", "").replace("-", "")
    if bare.isdecimal() and valid_nhs_numbers([bare])[0]:
        return marks(pd.Series([bare]), field=NHS_NUMBER, partners="", key=key)
    partner, slash, number = person.partition("/")
    if not (partner.strip() and slash and number.strip()):
        raise PersonUnknown(
            "The person must be given as an NHS number of ten digits, or as <partner>/<number> "
            "with the partner's own number of the person."
        )
    whose, values = pd.Series([partner.strip()]), pd.Series([number.strip()])
    made = [marks(values, field=name, partners=whose, key=key) for name in LOCAL_NUMBERS]
    return np.concatenate(made)


def _followed(wanted: Marks, tables: Iterable[Marks]) -> Marks:
    """Add the numbers that stand in one row with a number that is known already."""
    whole = list(tables)
    while True:
        before = len(wanted)
        for table in whole:
            wanted = np.union1d(wanted, table[np.isin(table, wanted).any(axis=1)])
        wanted = wanted[wanted != 0]
        if len(wanted) == before:
            return wanted
