"""What a district's economy is made of: its sectors, how special they are, how few carry it.

Sources: the location quotient is a sector's share of the district over its share of the county
(Isard 1960, *Methods of Regional Analysis*, chapter 7). The Herfindahl index is the sum of squared
shares: one where one sector is everything, one over their number where all are alike.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from woda_lib.pilots.business_register.sections import named

_Z = 1.96  # a standard normal's 97.5th percentile


def location_quotients(table: pd.DataFrame, *, district: str, sector: str) -> pd.DataFrame:
    """Return each sector's location quotient in each district.

    A district is part of the county that it is held against. The interval takes the district and
    the rest of the county as two independent draws and carries both through the quotient's
    logarithm (delta method).

    Parameters
    ----------
    table
        A row an enterprise; those without a district or sector do not count.
    district, sector
        Its columns.

    Returns
    -------
    DataFrame
        A row a district and sector: `district, sector, enterprises, quotient, low, high`. A sector
        that a district lacks has a quotient of nought without an interval.
    """
    known = table[[district, sector]].dropna().astype(str)
    counted = pd.crosstab(known[district], known[sector])
    here = counted.to_numpy(float)
    of_district = here.sum(axis=1, keepdims=True)
    elsewhere, rest = here.sum(axis=0) - here, here.sum() - of_district
    mine, others = here / of_district, np.divide(elsewhere, rest, where=rest > 0, out=here * 0)
    weight = of_district / here.sum()
    county = weight * mine + (1 - weight) * others
    quotient = mine / county
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (1 / mine - weight / county) ** 2 * mine * (1 - mine) / of_district
        variance += ((1 - weight) / county) ** 2 * others * (1 - others) / np.maximum(rest, 1)
        width = np.exp(_Z * np.sqrt(variance))
    found = pd.DataFrame(
        {
            "district": np.repeat(counted.index.to_numpy(), counted.shape[1]),
            "sector": np.tile(counted.columns.to_numpy(), counted.shape[0]),
            "enterprises": here.ravel().astype(int),
            "quotient": quotient.ravel(),
            "low": (quotient / width).ravel(),
            "high": (quotient * width).ravel(),
        }
    )
    absent = found["enterprises"] == 0
    return found.assign(**{end: found[end].mask(absent) for end in ("low", "high")})


def specialities(quotients: pd.DataFrame, *, fewest: int) -> pd.DataFrame:
    """Return the quotients whose interval lies above one, the largest of each district first.

    Parameters
    ----------
    quotients
        From `location_quotients`, sectors by their letters; named in what is returned.
    fewest
        Enterprises that a sector must have in the district.
    """
    above = quotients[(quotients["low"] > 1) & (quotients["enterprises"] >= fewest)]
    order = above.sort_values(["district", "quotient"], ascending=[True, False])
    return order.assign(sector=named(order["sector"])).reset_index(drop=True)


def herfindahl(amounts: ArrayLike) -> float:
    """Return the sum of the squared shares of some amounts, between one over their number and one.

    Parameters
    ----------
    amounts
        None negative, not all nought.

    Examples
    --------
    >>> round(herfindahl([30, 30, 20, 20]), 4)
    0.26
    """
    shares = np.asarray(amounts, float) / np.sum(amounts)
    return float(np.sum(shares**2))


def concentration(table: pd.DataFrame, *, district: str, sector: str) -> pd.DataFrame:
    """Return how concentrated each district's enterprises are in sectors.

    Parameters
    ----------
    table, district, sector
        As `location_quotients` takes them.

    Returns
    -------
    DataFrame
        A row a district: `district, enterprises, index, low, high, like_sectors`. The index is
        Herfindahl's; the interval is the multinomial's by the delta method; `like_sectors` is one
        over the index: so many sectors of one size would be as concentrated.
    """
    known = table[[district, sector]].dropna().astype(str)
    counted = pd.crosstab(known[district], known[sector])
    number = counted.sum(axis=1).to_numpy(float)
    shares = counted.to_numpy(float) / number[:, None]
    index = (shares**2).sum(axis=1)
    spread = _Z * np.sqrt(4 * ((shares**3).sum(axis=1) - index**2) / number)
    return pd.DataFrame(
        {
            "district": counted.index.to_numpy(),
            "enterprises": number.astype(int),
            "index": index,
            "low": np.maximum(index - spread, 1 / counted.shape[1]),
            "high": np.minimum(index + spread, 1.0),
            "like_sectors": 1 / index,
        }
    )
