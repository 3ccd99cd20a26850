"""What can go wrong in the rules of homes and best values, in words to act on."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from woda_lib.errors import WodaError


class HomesError(WodaError):
    """A table or a parameter file is not what the rules of the single view need."""


def require_columns(frame: pd.DataFrame, columns: Collection[str], *, table: str) -> None:
    """Raise `HomesError` where a table lacks columns of a rule, naming them."""
    missing = sorted(set(columns) - set(frame.columns))
    if missing:
        raise HomesError(
            f"The table of {table} has no column {', '.join(missing)}. "
            "Check that the agreement permits it and that the load asks for it."
        )
