"""One reviewer's file: a CSV with a row a pair, for a spreadsheet or for JupyterLab."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

from woda_lib.linkage.decisions import DECISIONS, PAIR
from woda_lib.linkage.errors import DecisionError, LinkageError, nearest
from woda_lib.records import read_list

REVIEWED = [*PAIR, "decision", "by", "reason"]
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_GUARD = "'"


def new_sheet(pairs: pd.DataFrame, *, by: str, seed: int) -> pd.DataFrame:
    """Return the rows for a reviewer to fill in, in an order of their own and without scores.

    Parameters
    ----------
    pairs
        From `review.review_pairs`.
    by
        The reviewer.
    seed
        Of the order.
    """
    if not by.strip():
        raise LinkageError("The review has no reviewer: say by whom.")
    shuffled = pairs.drop(columns=["match_probability", "worth"]).sample(frac=1, random_state=seed)
    shuffled = shuffled.assign(decision="", by=by, reason="")
    texts = shuffled.astype(object).where(shuffled.notna(), "").astype(str)
    return texts.reset_index(drop=True)


def write_sheet(sheet: pd.DataFrame, path: Path) -> None:
    """Write a reviewer's file; no cell of it is taken for a formula."""
    guarded = sheet.apply(
        lambda column: column.where(~column.str.startswith((*_FORMULA, _GUARD)), _GUARD + column)
    )
    write_whole(guarded, path)


def read_sheet(path: Path) -> pd.DataFrame:
    """Read a reviewer's file as it stands, pairs without a decision included.

    Raises
    ------
    DecisionError
        The file cannot be read, lacks a column, or a decision is none of the three; file and row
        are named.
    """
    try:
        sheet = read_list(path)
    except OSError as error:
        raise DecisionError(f"The review {path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise DecisionError(
            f"{path} is not a CSV file in UTF-8 ({type(error).__name__}). Save it as CSV again."
        ) from None
    for name in REVIEWED:
        if name not in sheet.columns:
            raise DecisionError(
                f"{path}, row 1: there is no column {name!r}. {nearest(name, sheet.columns)}"
            )
    sheet = sheet.apply(lambda column: column.str.strip().str.removeprefix(_GUARD))
    sheet["decision"] = sheet["decision"].str.lower().str.replace(r"[ -]+", "_", regex=True)
    unknown = ~sheet["decision"].isin(["", *DECISIONS])
    if unknown.any():
        row = int(np.flatnonzero(unknown.to_numpy())[0]) + 2
        raise DecisionError(
            f"{path}, row {row}: 'decision' must be one of {', '.join(DECISIONS)}, or empty."
        )
    return sheet


def write_whole(table: pd.DataFrame, path: Path) -> None:
    """Write the file whole or not at all; the mark in front lets spreadsheets read UTF-8."""
    hidden = path.with_name(f".{path.name}")
    with hidden.open("w", encoding="utf-8-sig", newline="") as file:
        table.to_csv(file, index=False, lineterminator="\n")
        file.flush()
        os.fsync(file.fileno())  # a decision is not lost with the power either
    hidden.replace(path)
