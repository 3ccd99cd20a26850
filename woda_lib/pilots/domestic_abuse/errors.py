"""What can go wrong in the rules of the domestic-abuse pilot, in words to act on."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from woda_lib.errors import WodaError


class DomesticAbuseError(WodaError):
    """A table or a parameter file of the pilot is not what its rules need."""


def require_columns(frame: pd.DataFrame, columns: Collection[str], *, table: str) -> None:
    """Raise unless a table has all columns of a rule.

    Raises
    ------
    DomesticAbuseError
        Naming the table and the columns it lacks.
    """
    if missing := sorted(set(columns) - set(frame.columns)):
        raise DomesticAbuseError(
            f"The table of {table} has no column {', '.join(missing)}. "
            "Check that the agreement permits it and that the load asks for it."
        )
