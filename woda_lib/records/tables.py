"""Plain files that are nobody's extract: people's own CSV lists, tables without a person, exports.

Together with `woda_lib.partners` and the boundary files of `places`, this is the one place where a
data file is opened; a test walks the code and holds it to that.
"""

from __future__ import annotations

import csv
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING

from woda_lib.errors import WodaError

if TYPE_CHECKING:
    import pandas as pd


class TableNotFound(WodaError):
    """A step asks for a table that no step has saved."""


def read_list(path: Path) -> pd.DataFrame:
    """Read a CSV file that people keep, such as their decisions on pairs; every cell as text.

    Raises
    ------
    OSError, UnicodeDecodeError, ValueError
        If it cannot be read; the caller knows what the file is for, and says so.
    """
    import pandas as pd  # here, so that `woda --help` need not wait for it

    return pd.read_csv(
        path, dtype=str, keep_default_na=False, encoding="utf-8-sig", index_col=False
    )


def read_plain_table(path: Path) -> pd.DataFrame:
    """Read a Parquet file that the workbench itself wrote, unencrypted.

    Raises
    ------
    OSError, ValueError
        If it cannot be read, or is no Parquet file.
    """
    import pandas as pd  # as above

    return pd.read_parquet(path, engine="pyarrow")


def read_exported(path: Path) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """Return the headings and rows of an exported CSV file, as text.

    Raises
    ------
    OSError, UnicodeDecodeError, csv.Error
        If it cannot be read.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        columns = tuple(next(reader, ()))
        return columns, [
            dict(zip(columns, chain(cells, repeat("")), strict=False)) for cells in reader
        ]
