"""What partners say of residents, row by row in one table, whatever each partner calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from woda_lib.linkage.plain_forms import as_held, numbered_in_order
from woda_lib.pilots.single_view.registers import REGISTERS, Register

IDENTITY = (
    "nhs_number",
    "forename",
    "surname",
    "date_of_birth",
    "sex",
    "ethnic_group",
    "address",
    "postcode",
    "uprn",
)
WHEN = ("started_on", "ended_on", "delivered_on")
KEYS = ("partner", "dataset", "local_id", "row_id")
_DATES = (*WHEN, "date_of_birth", "died_on")
_FEW = ("partner", "dataset", "sex", "ethnic_group")
TOLD_APART = ("nhs_number", "forename", "surname", "postcode", "uprn")
"""What tells residents apart, and several rows say alike."""
_KINDS = {
    name: "datetime64[s]" if name in _DATES else "string"
    for name in (*KEYS, *WHEN, *IDENTITY, "died_on")
}


def details(
    loaded: Mapping[str, pd.DataFrame], columns: Sequence[str] = tuple(_KINDS)
) -> pd.DataFrame:
    """Return every row of the partners in one shape.

    Parameters
    ----------
    loaded
        The tables of `registers.DATASETS` by name, as far as there are any.
    columns
        Those that are wanted.

    Returns
    -------
    DataFrame
        `KEYS`, `WHEN`, `IDENTITY` and `died_on`; what a dataset does not hold is missing. What rows
        share (names, postcodes, numbers that several partners hold) are categories, each in the
        order of code points, so that whatever asks for them sees each different text once.
    """
    given = [(each, loaded[each.dataset]) for each in _given(loaded)]
    # Column by column, so that no frame is copied on the way to the next shape.
    return pd.DataFrame({name: _together(name, given) for name in columns}, copy=False)


def _given(loaded: Mapping[str, pd.DataFrame]) -> list[Register]:
    return [each for each in REGISTERS if each.dataset in loaded]


def stretches_of(loaded: Mapping[str, pd.DataFrame]) -> dict[str, slice]:
    """Return which rows of `details` are those of each table."""
    names = [each.dataset for each in _given(loaded)]
    ends = np.cumsum([0, *(len(loaded[name]) for name in names)]).tolist()
    return {name: slice(*ends[n : n + 2]) for n, name in enumerate(names)}


def _together(name: str, given: Sequence[tuple[Register, pd.DataFrame]]) -> pd.Series:
    """Put what the partners call a column one after another."""
    whole = pd.concat([_part(name, *each) for each in given], ignore_index=True)
    if name not in (*_FEW, *TOLD_APART):
        return whole
    codes, texts = numbered_in_order(np.asarray(as_held(whole), dtype=object))
    known = pd.Index(pd.array(texts, dtype="string"))
    return pd.Series(pd.Categorical.from_codes(codes, known))  # type: ignore[arg-type]


def _part(name: str, register: Register, frame: pd.DataFrame) -> pd.Series:
    if name == "dataset":
        return _repeated(register.dataset, len(frame))
    theirs = {"row_id": register.row, "local_id": register.number}.get(name, name)
    for held in (theirs, name):
        if held in frame:
            column: pd.Series = frame[held]
            kind = pd.api.types.pandas_dtype(_KINDS[name])
            return column if column.dtype == kind else column.astype(kind)
    if name in _DATES:
        return pd.Series(np.full(len(frame), np.datetime64("NaT"), dtype=_KINDS[name]))
    return _repeated(pd.NA, len(frame))


def _repeated(text: object, number: int) -> pd.Series:
    return pd.Series(pd.array([text], dtype="string").take(np.zeros(number, dtype=np.intp)))


def besides(loaded: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables without `IDENTITY`, which `details` took: what is asked of them after it.

    A county's rows would hold each name and address twice.
    """
    return {
        name: frame.drop(columns=list(IDENTITY), errors="ignore") for name, frame in loaded.items()
    }
