"""Files of decisions about a list: a file a caseworker, a row a decision, nothing ever overwritten.

::

    data/decisions/complex_dependencies/<who>.csv

A file goes by households' identifiers and names nobody. It is filled in by the panel, or in a
spreadsheet where there is no JupyterLab; either way a run reads it as a recorded input. A later row
about the same household on the same list outranks an earlier one of the same person, which stays.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from woda_lib.pilots.complex_dependencies.errors import ReviewError
from woda_lib.pilots.complex_dependencies.overrides.choices import AGREE, DECISIONS, REASONS
from woda_lib.records import read_list
from woda_lib.records.findings import nearest

COLUMNS = ["list_of", "household_id", "decision", "reason", "remark", "by", "on"]
"""`list_of` is the day of the list; `on` the day and time of the decision."""

WITHHELD = "withheld: it may name somebody"
"""Stands where a remark was not read."""

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_GUARD = "'"


@dataclass(frozen=True)
class Read:
    """What caseworkers decided.

    Attributes
    ----------
    every : DataFrame
        `COLUMNS`, a row a decision, in the order in which they were made; `list_of` and `on` are
        moments.
    in_force : DataFrame
        Of those the last of each person about a household on a list.
    withheld : int
        Remarks that were not read, because they may name somebody.
    """

    every: pd.DataFrame
    in_force: pd.DataFrame
    withheld: int


def read_decisions(
    paths: Iterable[Path], *, names_somebody: Callable[[str, str], bool] | None = None
) -> Read:
    """Read what caseworkers decided.

    Parameters
    ----------
    paths
        Their files.
    names_somebody
        From a household and a remark about it, whether the remark may name somebody. Such a remark
        is withheld, and counted; the decision stands.

    Raises
    ------
    ReviewError
        If a file cannot be read, or a row does not say what it must; file and row are named.
    """
    tables = [_read(path) for path in paths]
    every = pd.concat([_empty(), *tables], ignore_index=True).sort_values(
        "on", kind="stable", ignore_index=True
    )
    withheld = 0
    if names_somebody is not None and len(every):
        said = every.loc[every["remark"].ne(""), ["household_id", "remark"]]
        odd = [place for place, *row in said.itertuples() if names_somebody(*row)]
        every.loc[odd, "remark"] = WITHHELD
        withheld = len(odd)
    last = every.drop_duplicates(["list_of", "household_id", "by"], keep="last")
    return Read(every, last.reset_index(drop=True), withheld)


def write_decision(
    path: Path,
    *,
    list_of: date,
    household_id: str,
    decision: str,
    reason: str,
    remark: str,
    by: str,
    on: datetime,
) -> None:
    """Add one decision to a caseworker's file, which is made where it is missing.

    Parameters
    ----------
    path
        The file.
    list_of
        The day of the list.
    household_id, decision, reason
        What was decided, about which household, and the code of its reason.
    remark
        In the caseworker's words; already seen to name nobody.
    by, on
        Who decided, and when.

    Raises
    ------
    ReviewError
        If the decision or its reason is none of those to choose from, or a reason is missing.
    """
    wrong = _wrong(decision, reason)
    if wrong:
        raise ReviewError(wrong)
    row = [list_of.isoformat(), household_id, decision, reason, remark, by]
    added = pd.DataFrame([[*row, on.isoformat(timespec="seconds")]], columns=COLUMNS, dtype=object)
    earlier = read_list(path) if path.exists() else pd.DataFrame(columns=COLUMNS)
    _write_whole(pd.concat([earlier, added.map(_guarded)], ignore_index=True).fillna(""), path)


def form(households: pd.DataFrame, *, list_of: date, by: str) -> pd.DataFrame:
    """Return an empty form for a spreadsheet: a row a household, decisions to be filled in.

    Rows that are left empty are passed over when it is read.
    """
    table = pd.DataFrame({"household_id": households["household_id"].to_numpy(object)})
    table = table.assign(
        list_of=list_of.isoformat(), decision="", reason="", remark="", by=by, on=""
    )
    return table[COLUMNS]


def _read(path: Path) -> pd.DataFrame:
    try:
        table = read_list(path).fillna("")
    except OSError as error:
        raise ReviewError(f"{path.name} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise ReviewError(
            f"{path.name} is no CSV file in UTF-8 ({type(error).__name__}). Save it as CSV again."
        ) from None
    for name in COLUMNS:
        if name not in table:
            raise ReviewError(
                f"{path.name}, row 1: there is no column {name!r}. {nearest(name, table.columns)}"
            )
    table = table[COLUMNS].apply(lambda column: column.str.strip().str.removeprefix(_GUARD))
    table = table.loc[table["decision"].ne("")]
    table["decision"] = table["decision"].str.lower().str.replace(r"[ -]+", "_", regex=True)
    for number, row in zip(table.index + 2, table.to_dict("records"), strict=True):
        if wrong := _wrong(row["decision"], row["reason"]):
            raise ReviewError(f"{path.name}, row {number}: {wrong}")
        if not row["by"]:
            raise ReviewError(f"{path.name}, row {number}: by is empty. Say who decided.")
    dated = table.assign(
        **{name: pd.to_datetime(table[name], format="ISO8601", errors="coerce")
           for name in ("list_of", "on")}
    )  # fmt: skip
    undated = dated[["list_of", "on"]].isna()
    if undated.any(axis=None):
        place = int(np.flatnonzero(undated.any(axis=1).to_numpy())[0])
        name = next(name for name in undated if undated[name].iloc[place])
        raise ReviewError(
            f"{path.name}, row {dated.index[place] + 2}: {name} is no day such as 2025-03-31."
        )
    return dated


def _wrong(decision: str, reason: str) -> str:
    """Say what is wrong with a decision; nothing where it may stand."""
    if decision not in DECISIONS:
        return f"decision must be one of {', '.join(DECISIONS)}. {nearest(decision, DECISIONS)}"
    allowed = REASONS[decision]
    if not reason and decision != AGREE:
        return f"a decision of {decision} needs a reason: one of {', '.join(allowed)}."
    if reason and reason not in allowed:
        return f"reason of {decision} must be one of {', '.join(allowed)}."
    return ""


def _guarded(value: str) -> str:
    return f"{_GUARD}{value}" if value.startswith((*_FORMULA, _GUARD)) else value


def _empty() -> pd.DataFrame:
    moment = "datetime64[ns]"
    return pd.DataFrame(columns=COLUMNS, dtype=object).astype({"list_of": moment, "on": moment})


def _write_whole(table: pd.DataFrame, path: Path) -> None:
    """Write the file whole or not at all; the mark in front lets spreadsheets read UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}")
    with hidden.open("w", encoding="utf-8-sig", newline="") as file:
        table.to_csv(file, index=False, lineterminator="\n")
        file.flush()
        os.fsync(file.fileno())  # a decision is not lost with the power either
    hidden.replace(path)
