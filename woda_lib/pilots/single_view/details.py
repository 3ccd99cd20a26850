"""What partners say of residents, row by row in one table, whatever each partner calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.as_arrow import as_held
from woda_lib.linkage.coding import categorical
from woda_lib.linkage.fast.threads import share_out
from woda_lib.linkage.held_once import held_once
from woda_lib.linkage.plain_forms import numbered_together
from woda_lib.pilots.single_view.registers import REGISTERS, Register

Texts = npt.NDArray[np.object_]

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
    made = share_out(lambda name: _together(name, given), [(name,) for name in columns])
    return pd.DataFrame(dict(zip(columns, made, strict=True)), copy=False)


def _given(loaded: Mapping[str, pd.DataFrame]) -> list[Register]:
    return [each for each in REGISTERS if each.dataset in loaded]


def stretches_of(loaded: Mapping[str, pd.DataFrame]) -> dict[str, slice]:
    """Return which rows of `details` are those of each table."""
    names = [each.dataset for each in _given(loaded)]
    ends = np.cumsum([0, *(len(loaded[name]) for name in names)]).tolist()
    return {name: slice(*ends[n : n + 2]) for n, name in enumerate(names)}


def _together(name: str, given: Sequence[tuple[Register, pd.DataFrame]]) -> pd.Series:
    """Put what the partners call a column one after another."""
    parts = [_part(name, *each) for each in given]
    if name not in (*_FEW, *TOLD_APART):
        return pd.concat([part.column() for part in parts], ignore_index=True)
    # Each dataset's texts are numbered apart, and what it does not hold is not looked through.
    codes, texts = numbered_together([part.coded() for part in parts])
    if name in TOLD_APART:
        return pd.Series(categorical(codes, texts))
    known = pd.Index(pd.array(texts, dtype="string"))
    return pd.Series(pd.Categorical.from_codes(codes, known))  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Part:
    """A dataset's part of a column: as it was given, or one value for all of its rows."""

    given: pd.Series | None
    value: str | None
    kind: str
    rows: int

    def column(self) -> pd.Series:
        """Return it as a column of its kind."""
        if self.given is not None:
            kind = pd.api.types.pandas_dtype(self.kind)
            return self.given if self.given.dtype == kind else self.given.astype(kind)
        one = pd.Series([self.value], dtype=self.kind)
        return one.take(np.zeros(self.rows, dtype=np.intp))

    def coded(self) -> tuple[npt.NDArray[np.integer], Texts]:
        """Return the number of each row's text, and the texts; see `numbered_together`."""
        if self.given is not None:
            return held_once(np.asarray(as_held(self.column()), dtype=object))
        texts: Texts = np.array([self.value][: self.value is not None], dtype=object)
        return np.full(self.rows, len(texts) - 1, dtype=np.int32), texts


def _part(name: str, register: Register, frame: pd.DataFrame) -> _Part:
    theirs = {"row_id": register.row, "local_id": register.number}.get(name, name)
    held = [column for column in (theirs, name) if column in frame and name != "dataset"]
    given = frame[held[0]] if held else None
    value = register.dataset if name == "dataset" else None
    return _Part(given, value, _KINDS[name], len(frame))


def besides(loaded: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables without `IDENTITY`, which `details` took: what is asked of them after it.

    A county's rows would hold each name and address twice.
    """
    return {
        name: frame.drop(columns=list(IDENTITY), errors="ignore") for name, frame in loaded.items()
    }
