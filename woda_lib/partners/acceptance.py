"""What a contract accepted stays accepted: only files that are new are read and judged.

Each row is judged by itself and by its own file, so that a file that has not changed, held to a
contract that has not changed, comes out as it did. A dataset's rows are kept, encrypted under the
agreement's key like any restricted table, under ``data/accepted/``; the files that they came from
are told by their SHA-256, and the rules by the code that they are written in. Whatever does not fit
is read again as if nothing had been kept. Retention deletes what was kept with the extract.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.partners.contracts import Contract
from woda_lib.partners.folder import Delivery
from woda_lib.partners.holding import QUARANTINE_COLUMNS, Held, hold
from woda_lib.partners.keys import AgreementKey
from woda_lib.partners.reading import read_file
from woda_lib.partners.restricted import RestrictedTableError, read_with_notes, write_restricted
from woda_lib.records import TableNotFound, sha256

JUDGES = ("acceptance", "at_once", "contracts", "holding", "numbers", "parsing", "reading", "texts")
_LIBRARIES = ("pandas", "pandera", "pyarrow", "shapely")
_FAULTS = {
    "position": "int64",
    "column": "object",
    "rule": "object",
    "partner": "object",
    "file": "object",
    "line": "int64",
    "raw_row": "object",
}
_REPEATED = {"partner": "object", "file": "object"}
_MISSHAPEN = {name: "int64" if name == "line" else "object" for name in QUARANTINE_COLUMNS}
_POSITION = "position"
_FROM = ("partner", "file")

WRITTEN_ANEW_FROM = 0.1
"""Share of rows in files that are new from which what is kept is written anew."""
MOST_FILES_BESIDE = 31


def held(
    found: Sequence[Delivery],
    contract: Contract,
    *,
    folder: Path,
    key: AgreementKey,
) -> Held:
    """Hold delivered files to their contract, taking over what was held of them before.

    Parameters
    ----------
    found : sequence of Delivery
        Files of one dataset, the oldest first.
    contract : Contract
    folder : Path
        Where what was accepted of these extracts is kept.
    key : AgreementKey
        Of the agreement under which they are read.

    Raises
    ------
    ExtractError
        If a file is not the dataset.
    """
    path = kept_at(folder, key, contract.dataset)
    digests = [sha256(item.path) for item in found]
    kept = _kept(path, found, digests, contract, key)
    if kept is None:
        whole = _hold(found, contract)
        _keep(path, whole, digests, key)
        return whole
    beside = found[len(kept.files) :]
    if not beside:
        return kept
    whole = kept.followed_by(_hold(beside, contract))
    news = len(whole.typed) - len(kept.typed)
    if len(beside) > MOST_FILES_BESIDE or news > WRITTEN_ANEW_FROM * len(kept.typed):
        _keep(path, whole, digests, key)
    return whole


def kept_at(folder: Path, key: AgreementKey, dataset: str) -> Path:
    """Where what was accepted of a dataset is kept; parameters as for `held`."""
    return folder / key.name / f"{dataset}.parquet"


def is_kept(folder: Path, key: AgreementKey, dataset: str) -> bool:
    """Say whether rows of a dataset are kept as today's rules judge them; see `held`."""
    try:
        notes = read_with_notes(kept_at(folder, key, dataset), dataset, key, columns=())[1]
        return bool(json.loads(notes["held"])["rules"] == _rules())
    except (TableNotFound, RestrictedTableError, KeyError, ValueError):
        return False


def _hold(found: Sequence[Delivery], contract: Contract) -> Held:
    return hold([(item, read_file(item.path, contract)) for item in found], contract)


def _keep(path: Path, whole: Held, digests: Sequence[str], key: AgreementKey) -> None:
    notes = {
        "rules": _rules(),
        "files": [
            [item.partner, item.path.name, digest, rows]
            for (item, rows), digest in zip(whole.files, digests, strict=True)
        ],
        "faults": listed(whole.faults, _FAULTS),
        "repeated": listed(whole.repeated, _REPEATED),
        "misshapen": listed(whole.misshapen, _MISSHAPEN),
    }
    columns: dict[str, pd.Series | pd.Index] = {_POSITION: whole.typed.index}
    columns |= {name: whole.typed[name] for name in whole.typed.columns}
    columns |= {name: whole.typed[name].astype("category") for name in _FROM}
    frame = pd.DataFrame(columns, copy=False)
    write_restricted(path, frame, key, {"held": json.dumps(notes)})


def _kept(
    path: Path,
    found: Sequence[Delivery],
    digests: Sequence[str],
    contract: Contract,
    key: AgreementKey,
) -> Held | None:
    """Return what is kept of the first of these files, if they and the rules are what they were.

    More may be kept than is asked for: what had been delivered by an earlier day.
    """
    try:
        frame, written = read_with_notes(path, contract.dataset, key)
        notes = json.loads(written["held"])
        files = [tuple(each) for each in notes["files"]]
    except (TableNotFound, RestrictedTableError, KeyError, ValueError):
        return None
    now = [(item.partner, item.path.name, sha) for item, sha in zip(found, digests, strict=True)]
    both = min(len(files), len(now))
    if notes["rules"] != _rules() or [each[:3] for each in files[:both]] != now[:both]:
        return None
    held_of = tuple((item, each[3]) for item, each in zip(found, files, strict=False))
    columns = {name: frame[name].array for name in frame.columns.drop(_POSITION)}
    columns |= {name: np.asarray(frame[name], dtype=object) for name in _FROM}
    whole = Held(
        contract=contract,
        files=held_of,
        typed=pd.DataFrame(columns, index=pd.Index(frame[_POSITION].to_numpy()), copy=False),
        faults=tabled(notes["faults"], _FAULTS),
        repeated=tabled(notes["repeated"], _REPEATED),
        misshapen=tabled(notes["misshapen"], _MISSHAPEN),
    )
    return whole if len(files) == both else whole.only(found)


def listed(table: pd.DataFrame, columns: Mapping[str, str]) -> dict[str, list[Any]]:
    """Return a small table as notes hold it; see `tabled`."""
    return {name: table[name].tolist() for name in columns}


def tabled(lists: Mapping[str, list[Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return a table that `listed` wrote, its columns of the types that are given."""
    return pd.DataFrame(lists, columns=list(columns)).astype(dict(columns))


@cache
def _rules() -> str:
    """Tell the code that judges rows, and the libraries that it judges by, from any other."""
    return rules_of(JUDGES)


def rules_of(modules: Sequence[str]) -> str:
    """Return what changes with the code of some modules here, of contracts, and with libraries."""
    here = Path(__file__).parent
    files = [here / f"{name}.py" for name in modules]
    files += [*sorted((here / "datasets").glob("*.py")), here.parent / "identifiers.py"]
    sources = [path.read_text(encoding="utf-8") for path in files]
    versions = [f"{name} {version(name)}" for name in _LIBRARIES]
    return hashlib.sha256("\n".join([*sources, *versions]).encode()).hexdigest()
