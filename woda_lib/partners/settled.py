"""What becomes of a dataset's rows, kept from load to load: what has not changed is not done again.

Which of several deliveries of a row counts, since when it is known, and what its numbers are hashed
to hangs on the files, the contract and the agreement's key alone. So the rows that are kept and the
hashes of their numbers lie beside what was accepted (`acceptance`), encrypted likewise, and a load
reads the columns that it hands out. Files are told by their SHA-256, the rules by their code, and
the key of pseudonyms by a mark; whatever does not fit is made again as if nothing had been kept.

Two states are kept: the newest, as ``<dataset>.rows.parquet``, and the one before it, as
``<dataset>.before.parquet``, because a day's pack compares today with yesterday. Retention deletes
both with the extract.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.partners.acceptance import JUDGES, kept_at, listed, rules_of, tabled
from woda_lib.partners.agreements import DAYS
from woda_lib.partners.contracts import Contract
from woda_lib.partners.folder import Delivery
from woda_lib.partners.holding import QUARANTINE_COLUMNS, Loaded
from woda_lib.partners.keys import AgreementKey
from woda_lib.partners.measuring import Filled, filled_by
from woda_lib.partners.pseudonyms import Hashes
from woda_lib.partners.restricted import RestrictedTableError, read_with_notes, write_restricted
from woda_lib.records import RowCounts, TableNotFound, sha256

_CODE = (*JUDGES, "disguise", "measuring", "pseudonyms", "settled")
_NEWEST, _BEFORE = ".rows.parquet", ".before.parquet"
_CODES, _FIRST, _LAST = "codes of ", "first half of ", "last half of "
"""What stands before a field's name where its hashes are kept: which each row has, and, from the
first row on, the different ones."""
_WORD = "<u8"
_QUARANTINE = {name: "int64" if name == "line" else "object" for name in QUARANTINE_COLUMNS}
_BY_FILE = {"partner": "object", "file": "object"}


@dataclass(frozen=True)
class Numbers:
    """Which fields of a dataset are numbers to be hashed, and how.

    Attributes
    ----------
    wanted : collection of str
        By this load.
    every : collection of str
        By any load under the agreement: these are kept.
    hashed : callable
        Hashes fields of a frame.
    """

    wanted: Collection[str]
    every: Collection[str]
    hashed: Callable[[pd.DataFrame, Collection[str]], Mapping[str, Hashes]]


@dataclass(frozen=True)
class Settled:
    """The rows of a dataset that count.

    Attributes
    ----------
    loaded : Loaded
        Its frame holds the columns that were asked for, at the least.
    hashes : mapping of str to Hashes
        Of each field of numbers that was asked for, row by row.
    filled : mapping of str to mapping of str to int
        By partner and column, the rows with a value.
    """

    loaded: Loaded
    hashes: Mapping[str, Hashes]
    filled: Filled

    def without(self, rows: pd.Series) -> Settled:
        """Leave out some of the rows, True in a series; `filled` describes files and stays."""
        kept = ~rows.to_numpy(dtype=bool)
        frame = self.loaded.frame[kept].reset_index(drop=True)
        hashes = {name: Hashes(one.codes[kept], one.digests) for name, one in self.hashes.items()}
        return replace(self, loaded=replace(self.loaded, frame=frame), hashes=hashes)


def came_since(
    found: Sequence[Delivery], contract: Contract, folder: Path, key: AgreementKey
) -> bool:
    """Say whether the rows of a dataset were kept once, and its files are others by now.

    Parameters
    ----------
    found, contract, folder, key
        As for `settled`.
    """
    path = kept_at(folder, key, contract.dataset).with_suffix(_NEWEST)
    try:
        notes = read_with_notes(path, f"What is kept of {contract.dataset}", key, columns=())[1]
        kept = [file[:2] for file in json.loads(notes["settled"])["files"]]
    except (TableNotFound, RestrictedTableError, KeyError, ValueError):
        return False
    return kept != [[item.partner, item.path.name] for item in found]


def settled(
    found: Sequence[Delivery],
    contract: Contract,
    *,
    columns: Collection[str],
    numbers: Numbers | None,
    judged: Callable[[], Loaded],
    folder: Path,
    key: AgreementKey,
    keep: bool,
) -> Settled:
    """Return the rows of delivered files that count, taken from what is kept where that fits.

    Parameters
    ----------
    found : sequence of Delivery
        Files of one dataset, the oldest first.
    contract : Contract
    columns : collection of str
        Those that are wanted beside ``partner``.
    numbers : Numbers, optional
        Left out where no hash is wanted.
    judged : callable
        Holds the files to their contract, where nothing that is kept fits.
    folder : Path
        Where what was accepted of these extracts is kept.
    key : AgreementKey
        Of the agreement under which they are read.
    keep : bool
        Whether to keep what had to be made.
    """
    path = kept_at(folder, key, contract.dataset)
    files = [[item.partner, item.path.name, sha256(item.path)] for item in found]
    told = {"rules": _rules(), "mark": _mark(key), "files": files}
    wanted = sorted(numbers.wanted) if numbers else []
    for ending in (_NEWEST, _BEFORE):
        kept = _kept(path.with_suffix(ending), found, told, contract, columns, wanted, key)
        if kept is not None:
            return kept
    loaded = judged()
    made = sorted(numbers.every) if numbers and keep else wanted
    whole = Settled(
        loaded=loaded,
        hashes=numbers.hashed(loaded.frame, made) if numbers else {},
        filled=filled_by(loaded.frame, contract, sorted({item.partner for item in found})),
    )
    if keep:
        newest = path.with_suffix(_NEWEST)
        if newest.is_file():
            newest.replace(path.with_suffix(_BEFORE))
        _keep(newest, whole, told, key)
    return whole


def _keep(path: Path, whole: Settled, told: Mapping[str, Any], key: AgreementKey) -> None:
    loaded = whole.loaded
    notes = {
        **told,
        "counts": loaded.counts.model_dump(),
        "quarantine": listed(loaded.quarantine, _QUARANTINE),
        "by_file": {name: loaded.by_file[name].tolist() for name in loaded.by_file},
        "filled": whole.filled,
        "different": {name: len(each.digests) for name, each in whole.hashes.items()},
    }
    hashes = dict(_as_columns(whole.hashes, len(loaded.frame)))
    write_restricted(path, loaded.frame.assign(**hashes), key, {"settled": json.dumps(notes)})


def _kept(
    path: Path,
    found: Sequence[Delivery],
    told: Mapping[str, Any],
    contract: Contract,
    columns: Collection[str],
    numbers: Collection[str],
    key: AgreementKey,
) -> Settled | None:
    """Return what is kept, if it is of these files, under these rules and this key."""
    named = f"What is kept of {contract.dataset}"
    try:
        notes = json.loads(read_with_notes(path, named, key, columns=())[1]["settled"])
        if {name: notes[name] for name in told} != told or set(numbers) - set(notes["different"]):
            return None
        wanted = [name for name in ("partner", *contract.columns, *DAYS) if name in columns]
        hashed = [f"{part}{name}" for name in numbers for part in (_CODES, _FIRST, _LAST)]
        asked = list(dict.fromkeys(["partner", *wanted, *hashed]))
        frame = read_with_notes(path, named, key, columns=asked)[0]
    except (TableNotFound, RestrictedTableError, KeyError, ValueError):
        return None
    by_file = {name: _BY_FILE.get(name, "int64") for name in notes["by_file"]}
    loaded = Loaded(
        dataset=contract.dataset,
        frame=frame.drop(columns=hashed),
        counts=RowCounts(**notes["counts"]),
        files=tuple(item.path for item in found),
        quarantine=tabled(notes["quarantine"], _QUARANTINE),
        by_file=tabled(notes["by_file"], by_file),
    )
    hashes = {name: _from_columns(frame, name, notes["different"][name]) for name in numbers}
    return Settled(loaded, hashes, notes["filled"])


def _as_columns(hashes: Mapping[str, Hashes], rows: int) -> Iterator[tuple[str, np.ndarray]]:
    """Write hashes as columns of whole numbers; there are no more of them than rows."""
    for name, each in hashes.items():
        yield f"{_CODES}{name}", each.codes.astype(np.int32)
        halves = np.zeros((rows, 2), dtype=_WORD)
        halves[: len(each.digests)] = np.ascontiguousarray(each.digests).view(_WORD)
        yield f"{_FIRST}{name}", halves[:, 0]
        yield f"{_LAST}{name}", halves[:, 1]


def _from_columns(frame: pd.DataFrame, name: str, different: int) -> Hashes:
    halves = frame[[f"{_FIRST}{name}", f"{_LAST}{name}"]].to_numpy(_WORD)[:different]
    digests = np.ascontiguousarray(halves).view(np.uint8)
    return Hashes(frame[f"{_CODES}{name}"].to_numpy(np.intp), digests)


def _mark(key: AgreementKey) -> str:
    """Tell the key of pseudonyms from any other, without telling it."""
    return hmac.digest(key.pseudonyms(), b"settled rows", "sha256").hex()


@cache
def _rules() -> str:
    return rules_of(_CODE)
