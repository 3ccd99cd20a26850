"""Identities that last: which entity each record belongs to, since when, and what changed.

A relink finds clusters; a store remembers what they were called. It holds one row for each
record ever seen, every event in the life of an entity, the decisions of people, and what an
update needs so that only changes are compared (`incremental.update`). No field of a record can be
read from it: contents and values stand in it as 64-bit hashes. Whoever guesses a value can still
test the guess, so a store is as restricted as the records are.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Self
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.as_arrow import as_held
from woda_lib.linkage.decisions import no_decisions
from woda_lib.linkage.errors import SourceError, StoreError
from woda_lib.linkage.frequency import TermFrequencies

Hashes = npt.NDArray[np.uint64]
Ends = npt.NDArray[np.int32]

LAYOUT = 2  # of the files; raised when a store written before could not be read any more
POINTER = "current.json"

RECORDS = {
    "source": "object",
    "id": "object",
    "entity_id": "object",
    "content": "uint64",
    "since": "datetime64[ns]",
    "withdrawn": "datetime64[ns]",
}
EVENTS = {
    "on": "datetime64[ns]",
    "run": "object",
    "event": "object",
    "entity_id": "object",
    "other_entity_id": "object",
    "source": "object",
    "id": "object",
    "reason": "object",
}
ENDS = ["left", "right"]
"""Columns that the tables of pairs bear while they are kept; see `IdentityStore.ends`."""
LINKS = {
    "left_source": "object",
    "left_id": "object",
    "right_source": "object",
    "right_id": "object",
    "log2_odds": "float64",
}


def _empty(columns: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({name: np.empty(0, dtype=kind) for name, kind in columns.items()})


@dataclass(frozen=True)
class IdentityStore:
    """What outlives a linkage.

    Attributes
    ----------
    records
        One row a record: ``source``, ``id`` (as text), ``entity_id``, ``content`` (hash of its
        standardised fields), ``since`` (date from which it has been in this entity) and
        ``withdrawn`` (date; missing while its source still holds it). A record that comes back
        finds its entity again.
    events
        ``on``, ``run``, ``event``, ``entity_id``, ``other_entity_id``, ``source``, ``id``,
        ``reason``; see `assign.assign` for what each event means.
    decisions
        People's decisions in force; see `decisions`.
    links
        Pairs that the model linked, with their log2 odds; decisions are not worked in.
    doubts
        Pairs that it does not link and does not rule out either (from the threshold ``review`` on),
        likewise: what a person may be asked about.
    ends
        For ``links`` and ``doubts``, as far as it is known, where the two records of each pair
        stand among `records`: shape (2, pairs). Whoever goes by it holds it against the names.
    frequencies
        How many records held each value when the store was last settled by a full relink.
    settled_with
        Fingerprint of the model and specification that made `links`; empty before any linkage.
    """

    records: pd.DataFrame
    events: pd.DataFrame
    decisions: pd.DataFrame
    links: pd.DataFrame
    frequencies: TermFrequencies = field(default_factory=TermFrequencies)
    settled_with: str = ""
    doubts: pd.DataFrame = field(default_factory=lambda: _empty(LINKS))
    ends: Mapping[str, Ends] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> Self:
        """Return the store before the first linkage."""
        return cls(_empty(RECORDS), _empty(EVENTS), no_decisions(), _empty(LINKS))

    @property
    def current(self) -> pd.DataFrame:
        """The records that their sources still hold."""
        return self.records[self.records["withdrawn"].isna()]

    def changes(self, *, on: date | None = None, run: str | None = None) -> pd.DataFrame:
        """Return the events of one date or run, or all of them."""
        chosen = np.ones(len(self.events), dtype=bool)
        if on is not None:
            chosen &= (self.events["on"] == pd.Timestamp(on)).to_numpy()
        if run is not None:
            chosen &= (self.events["run"] == run).to_numpy()
        return self.events[chosen].reset_index(drop=True)

    def decide(self, decisions: pd.DataFrame) -> Self:
        """Return the store with these decisions in force in place of its own."""
        return replace(self, decisions=decisions[list(no_decisions())].reset_index(drop=True))

    def save(self, folder: str | Path) -> None:
        """Write the store whole or not at all.

        The tables go into a new sub-folder; only when all are written does one small file, put
        in place in a single step, point to it. Whoever reads meanwhile sees the store before.

        Parameters
        ----------
        folder
            Made if need be. A store that it holds is replaced.
        """
        folder = Path(folder)
        version = f"store-{uuid4().hex[:12]}"
        (folder / version).mkdir(parents=True)
        tables = self.tables()
        for name, table in tables.items():
            table.to_parquet(folder / version / f"{name}.parquet", index=False, engine="pyarrow")
        pointer = {
            "layout": LAYOUT,
            "version": version,
            "rows": {name: len(table) for name, table in tables.items()},
            "settled_with": self.settled_with,
        }
        hidden = folder / f".{POINTER}"
        hidden.write_text(json.dumps(pointer, indent=2), encoding="utf-8")
        hidden.replace(folder / POINTER)
        for other in folder.glob("store-*"):
            if other.name != version:
                shutil.rmtree(other)

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Read a store that `save` wrote.

        Raises
        ------
        StoreError
            There is no store, or a file of it is damaged.
        """
        folder = Path(folder)
        try:
            pointer = json.loads((folder / POINTER).read_text(encoding="utf-8"))
            layout, version, rows = pointer["layout"], pointer["version"], pointer["rows"]
            settled_with = str(pointer["settled_with"])
        except FileNotFoundError:
            raise StoreError(
                f"There is no store of identities in {folder}. Begin one with "
                f"IdentityStore.empty(), or restore the folder."
            ) from None
        except (OSError, ValueError, KeyError, TypeError):
            raise StoreError(_damaged(folder / POINTER)) from None
        if layout != LAYOUT:
            raise StoreError(
                f"{folder / POINTER}: this store has layout {layout}, and this version of the "
                f"workbench reads layout {LAYOUT}. Use the version that wrote it."
            )
        tables = {name: _read(folder / version / f"{name}.parquet", rows[name]) for name in rows}
        if set(tables) != set(cls.empty().tables()):
            raise StoreError(_damaged(folder / POINTER))
        return cls.of_tables(tables, settled_with=settled_with)

    @classmethod
    def of_tables(cls, tables: Mapping[str, pd.DataFrame], *, settled_with: str) -> Self:
        """Put a store together again from its `tables`, whoever kept them."""
        kinds = {"records": RECORDS, "events": EVENTS, "links": LINKS, "doubts": LINKS}
        typed = {name: _typed(tables[name], kind) for name, kind in kinds.items()}
        ends = {
            name: tables[name][ENDS].to_numpy(dtype=np.int32).T
            for name in ("links", "doubts")
            if set(ENDS) <= set(tables[name])
        }
        return cls(
            **typed,
            decisions=tables["decisions"],
            ends=ends,
            frequencies=TermFrequencies(tables["frequencies"]),
            settled_with=settled_with,
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all that the store holds, but for `settled_with`, as plain tables by name."""
        return {
            "records": self.records,
            "events": self.events,
            "decisions": self.decisions,
            "links": self._with_ends("links", self.links),
            "doubts": self._with_ends("doubts", self.doubts),
            "frequencies": self.frequencies.counts,
        }

    def _with_ends(self, name: str, pairs: pd.DataFrame) -> pd.DataFrame:
        if name not in self.ends:
            return pairs
        with_ends = pairs.copy(deep=False)
        for end, places in zip(ENDS, self.ends[name], strict=True):
            with_ends[end] = places
        return with_ends


def record_names(records: pd.DataFrame) -> Hashes:
    """Return a hash of source and identifier for each record, the same on every machine.

    Raises
    ------
    SourceError
        If a record is of no source.
    """
    from woda_lib.linkage.fast.siphash import hashes_of  # here: numba takes a while to start

    codes, sources = pd.factorize(records["source"])
    if nowhere := int((codes < 0).sum()):
        raise SourceError(f"{nowhere} records are of no source. Name it in `source`.")
    return hashes_of(_texts(records["id"]), [f"{source}\x1f" for source in sources], codes)


def _texts(identifiers: pd.Series) -> pa.Array:
    """Write identifiers as Python does; a loop only where Arrow might write them otherwise."""
    if pd.api.types.is_integer_dtype(identifiers):
        return pc.cast(pa.array(identifiers), pa.large_string())
    values = np.asarray(as_held(identifiers), dtype=object)
    with suppress(pa.ArrowException):  # some are no texts
        written = pa.array(values, type=pa.large_string())
        if not written.null_count:
            return written
    return pa.array([str(each) for each in identifiers.tolist()], type=pa.large_string())


def hashes(texts: npt.NDArray[np.object_]) -> Hashes:
    """Return a 64-bit hash of each text (SipHash, with pandas' fixed key)."""
    from woda_lib.linkage.fast.siphash import hashes_of  # here for the reason above

    if not len(texts):
        return np.empty(0, dtype=np.uint64)
    try:
        written = pa.array(texts, type=pa.large_string())
    except (pa.ArrowException, UnicodeEncodeError):  # half a letter, torn by some export
        return pd.util.hash_array(texts, categorize=False)
    if written.null_count:
        return pd.util.hash_array(texts, categorize=False)
    return hashes_of(written)


def _typed(table: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """Return these columns of a table in their types; no copy of those that are."""
    held = pd.DataFrame({name: table[name] for name in kinds}, copy=False)
    return held if held.dtypes.astype(str).to_dict() == kinds else held.astype(dict(kinds))


def _read(path: Path, rows: int) -> pd.DataFrame:
    from woda_lib.records import read_plain_table  # here: a linkage need not wait for it

    try:
        table = read_plain_table(path)
    except (OSError, pa.ArrowException, ValueError):
        raise StoreError(_damaged(path)) from None
    if len(table) != rows:
        raise StoreError(_damaged(path))
    return table


def _damaged(path: Path) -> str:
    return (
        f"{path} is missing or damaged, so that this store of identities cannot be read. "
        f"Restore its folder, or take the store of the run before."
    )
