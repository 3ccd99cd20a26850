"""What can go wrong in the rules of the domestic-abuse pilot, in words to act on."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from woda_lib.errors import WodaError


class DomesticAbuseError(WodaError):
    """A table or a parameter file of the pilot is not what its rules need."""


def require_columns(frame: pd.DataFrame, columns: Collection[str], *, table: str) -> None:
    """Raise `DomesticAbuseError` where a table lacks columns of a rule, naming them."""
    missing = sorted(set(columns) - set(frame.columns))
    if missing:
        raise DomesticAbuseError(
            f"The table of {table} has no column {', '.join(missing)}. "
            "Check that the agreement permits it and that the load asks for it."
        )
