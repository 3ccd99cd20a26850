"""Several values in one text, with commas between them, as a line of a CSV file writes them."""

from __future__ import annotations

import csv


def split_values(text: str) -> list[str]:
    """Return the values of a text, without blanks around them; double quotes keep a comma.

    Raises
    ------
    ValueError
        If a quote is not closed, or something follows a closed one.
    """
    try:
        [values] = csv.reader([text], strict=True, skipinitialspace=True)
    except csv.Error as error:
        raise ValueError(str(error)) from None
    return [value.strip() for value in values]
