"""Prices of different years, put on one year's level by the GDP deflator.

The Green Book works in real terms: all money is in the prices of one *base year*, and the GDP
deflator takes it there. The series is revised every quarter, so that it stands in a table of
parameters with its source and vintage, which is replaced when a newer one is published.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import yaml

from woda_lib.evaluation.errors import EvaluationError

_YEAR = re.compile(r"^\s*(\d{4})\s*[-/–]\s*(\d{2}|\d{4})\s*$")


class PriceYearError(EvaluationError):
    """Prices cannot be put on one year's level."""


def read_price_index(path: Path) -> pd.DataFrame:
    """Read a price index by financial year.

    Parameters
    ----------
    path
        A YAML file with ``source`` and ``index`` (year to value).

    Returns
    -------
    DataFrame
        `financial_year, index`; its ``attrs["source"]`` says where the series is from.

    Raises
    ------
    PriceYearError
        If the file is not of that form.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        source, index = str(content["source"]), dict(content["index"])
        rows = [(financial_year(year), float(value)) for year, value in index.items()]
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError):
        raise PriceYearError(
            f"{path.name} is no price index. It must hold `source`, and under `index` a number for "
            'each financial year, such as "2015-16": 74.5894.'
        ) from None
    table = pd.DataFrame(rows, columns=["financial_year", "index"])
    table.attrs["source"] = source
    return table


def financial_year(text: object) -> str:
    """Return a financial year as 2015-16, however it was written.

    Raises
    ------
    PriceYearError
        If it is none.

    Examples
    --------
    >>> financial_year("2015/16"), financial_year("1999-2000")
    ('2015-16', '1999-00')
    """
    found = _YEAR.match(str(text))
    if found is None or int(found[2][-2:]) != (int(found[1]) + 1) % 100:
        raise PriceYearError(f"{text!r} is no financial year. Write it as 2015-16.")
    return f"{found[1]}-{found[2][-2:]}"


def price_factor(from_year: str, to_year: str, *, deflators: pd.DataFrame) -> float:
    """Return what money of one year is multiplied by to be in another year's prices.

    Parameters
    ----------
    from_year, to_year
        Financial years.
    deflators
        `financial_year, index`, from `read_price_index`.

    Raises
    ------
    PriceYearError
        If the series lacks a year.

    Examples
    --------
    >>> index = pd.DataFrame({"financial_year": ["2015-16", "2024-25"], "index": [75.0, 100.0]})
    >>> round(306 * price_factor("2015/16", "2024/25", deflators=index))
    408
    """
    index = deflators.set_index(deflators["financial_year"].map(financial_year))["index"]
    years = financial_year(from_year), financial_year(to_year)
    for year in years:
        if year not in index.index:
            raise PriceYearError(
                f"The price index has no year {year}: it runs from {index.index[0]} to "
                f"{index.index[-1]}. Add the year from the newest series, or take another."
            )
    return float(index[years[1]] / index[years[0]])
