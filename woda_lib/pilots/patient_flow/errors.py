"""Failures of the patient-flow rules, and the check that every rule begins with."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from woda_lib.errors import WodaError


class MissingColumnsError(WodaError):
    """A table does not have the columns that a rule reads."""


class UnknownSpellError(WodaError):
    """A referral names a hospital stay that is not among the stays."""


def require_columns(frame: pd.DataFrame, columns: Collection[str], *, table: str) -> None:
    """Raise unless a table has all columns of a rule.

    Raises
    ------
    MissingColumnsError
        Naming the table and the columns it lacks.
    """
    missing = sorted(set(columns) - set(frame.columns))
    if missing:
        raise MissingColumnsError(
            f"The table of {table} has no column {', '.join(missing)}. "
            "Check that the agreement permits it and that the load asks for it."
        )
