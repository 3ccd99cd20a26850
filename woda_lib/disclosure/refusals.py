"""What is no table of groups at all: records of people, their identifiers, free text."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from numbers import Number
from typing import Literal

import numpy as np
import pandas as pd

from woda_lib.disclosure.personal import IDENTIFIERS, personal_kinds
from woda_lib.disclosure.rule import DisclosureError

EachRow = Literal["group", "service"]
"""What a row of a table stands for: a group of people, or a service that anybody may know of."""

LONGEST_TABLE = 400
"""Rows; a longer table is taken for a list of records."""

LONGEST_TEXT = 160
"""Characters; a longer cell is taken for free text."""

_WORDY = 60
_MANY = 10
_KEEP_ROWS = "use run.save for row-level tables"


def refuse_records(
    frame: pd.DataFrame, counted: Sequence[Hashable], *, name: str, each_row: EachRow = "group"
) -> None:
    """Refuse a table that lists people, whatever its columns are called.

    A list of services (libraries, shops) may be long, and may say since when each is open.

    Raises
    ------
    DisclosureError
        If it is as long as a list; or if it counts nobody and holds days that are no calendar of
        months or weeks, which are the days of single events.
    """
    if each_row == "service":
        return
    if len(frame) > LONGEST_TABLE:
        raise DisclosureError(
            f"{name} has {len(frame)} rows, which is a list and not a summary. Show a count or a "
            f"mean for groups instead (at most {LONGEST_TABLE} rows); use run.save for the rows."
        )
    for column in frame.columns:
        if not counted and _holds_days(frame[column]):
            raise DisclosureError(
                f"{name} counts nobody, and its column {column!r} holds single days, as records "
                f"do. Count by month or week instead; {_KEEP_ROWS}."
            )


def refuse_identifiers(frame: pd.DataFrame, *, name: str) -> None:
    """Refuse what identifies people, by a column's heading and by what stands in it.

    Raises
    ------
    DisclosureError
        Naming the column and the kind of identifier, never quoting it.
    """
    names = [str(column) for column in frame.columns] + [str(n) for n in frame.index.names if n]
    for column in names:
        if re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_") in IDENTIFIERS:
            raise DisclosureError(
                f"{name} has the column {column!r}, which identifies people or their records. "
                f"Leave it out, or count by something broader; {_KEEP_ROWS}."
            )
    if kinds := personal_kinds(names):
        raise DisclosureError(
            f"A heading of {name} holds {' and '.join(kinds)}. Turn the table, or group it."
        )
    texts = frame.select_dtypes(exclude=["bool", "datetime"])
    for column in texts.columns:
        if kinds := personal_kinds(_as_text(texts[column])):
            raise DisclosureError(
                f"{name}, column {column!r}, holds {' and '.join(kinds)}. Leave the column out or "
                "group it."
            )
    if kinds := personal_kinds(_rows_as_text(texts)):
        raise DisclosureError(
            f"A row of {name} holds, in two of its columns together, {' and '.join(kinds)}. Leave "
            "one of the columns out, or make it broader."
        )


def refuse_free_text(frame: pd.DataFrame, *, name: str) -> None:
    """Refuse what somebody wrote about somebody: long cells, or many different wordy ones.

    Raises
    ------
    DisclosureError
        Naming the column.
    """
    for column in frame.columns:
        known = frame[column].dropna()
        texts = [item for item in known.unique() if isinstance(item, str)]
        # One long word is a reference, such as that of a cited figure, and nobody's sentence.
        wordy = [text for text in texts if len(text) > _WORDY and len(text.split()) > 1]
        if any(len(text) > LONGEST_TEXT or "\n" in text.strip() for text in texts):
            found = f"a cell of more than {LONGEST_TEXT} characters or several lines"
        elif len(wordy) >= _MANY:
            found = f"{len(wordy)} different sentences"
        else:
            continue
        raise DisclosureError(
            f"{name}, column {column!r}, holds {found}, which is free text. What people wrote is "
            "never shown: sort it into categories, and count those."
        )


def _holds_days(values: pd.Series) -> bool:
    if pd.api.types.is_datetime64_any_dtype(values):
        days = values.dropna()
    elif values.dtype == object and values.map(lambda item: hasattr(item, "isocalendar")).any():
        days = pd.to_datetime(values.dropna(), errors="coerce").dropna()
    else:
        return False
    if days.nunique() < 2:
        return False
    return not ((days.dt.day == 1).all() or len(days.dt.dayofweek.unique()) == 1)


def _as_text(values: pd.Series) -> Iterable[str]:
    """What could be an identifier: texts, and whole numbers, but no fraction's digits."""
    known = values.dropna().unique()
    return [
        f"{item:.0f}" if isinstance(item, Number) else str(item)
        for item in known
        if not isinstance(item, Number) or _is_whole(item)
    ]


def _rows_as_text(frame: pd.DataFrame) -> Iterable[str]:
    """Each row's texts side by side: a postcode in two columns is a postcode."""
    texts = frame.select_dtypes(include=["object", "string", "category"])
    if texts.shape[1] < 2:
        return []
    rows = texts.astype(object).where(texts.notna(), "").to_numpy(dtype=object)
    return np.unique([" ".join(map(str, row)) for row in rows])


def _is_whole(item: object) -> bool:
    return float(item) % 1 == 0  # type: ignore[arg-type]
