"""Row-level tables between steps: Parquet in a run's restricted folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from woda_lib.errors import WodaError

if TYPE_CHECKING:
    import pandas as pd


class TableNotFound(WodaError):
    """A step asks for a table that no step has saved."""


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table whole or not at all; the same rows always give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}")
    frame.to_parquet(hidden, index=False, engine="pyarrow", compression="zstd")
    hidden.replace(path)


def read_table(path: Path, reference: str) -> pd.DataFrame:
    """Read a table that an earlier step saved.

    Parameters
    ----------
    path : Path
    reference : str
        How the notebook named it, for the error.

    Raises
    ------
    TableNotFound
        If no such table was saved.
    """
    import pandas as pd  # here, so that `woda --help` need not wait for it

    try:
        return pd.read_parquet(path, engine="pyarrow")
    except FileNotFoundError:
        step = reference.partition(":")[0]
        raise TableNotFound(
            f"{reference} has not been saved yet. Run {step} first, or `woda run` for the pilot."
        ) from None
