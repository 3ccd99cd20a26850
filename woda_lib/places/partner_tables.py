"""Tables that somebody put into the places folder: comma-separated, as spreadsheets write them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from pandas.errors import EmptyDataError, ParserError

from woda_lib.places.errors import PlacesError

_ENCODINGS = ("utf-8-sig", "cp1252")


def read_partner_table(path: Path) -> pd.DataFrame:
    """Read a table as text, so that codes and property numbers keep their figures.

    Parameters
    ----------
    path : Path
        CSV with one row of headings, in UTF-8 or Windows-1252.

    Returns
    -------
    DataFrame
        All columns as text, blanks around headings and values taken off; what was
        blank is absent.

    Raises
    ------
    PlacesError
        If it is not there, is no table, or holds 0 rows.
    """
    for encoding in _ENCODINGS:
        try:
            table = pd.read_csv(path, dtype="string", encoding=encoding, skipinitialspace=True)
            break
        except UnicodeDecodeError:
            continue
        except FileNotFoundError:
            raise PlacesError(f"There is no table {path}. Put it into the places folder.") from None
        except (EmptyDataError, ParserError):
            raise PlacesError(
                f"{path.name} cannot be read as a comma-separated table with one row of headings. "
                "Save it as CSV, without notes above or below the table."
            ) from None
    else:
        raise PlacesError(
            f"{path.name} is neither in UTF-8 nor in Windows-1252. Save it as CSV (UTF-8)."
        )
    if table.empty:
        raise PlacesError(f"{path.name} holds 0 rows below its headings.")
    table.columns = table.columns.astype(str).str.strip()
    stripped = table.apply(lambda column: column.str.strip())
    return stripped.mask(stripped.eq(""))
