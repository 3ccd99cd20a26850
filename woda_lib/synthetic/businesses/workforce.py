"""How many people each enterprise employs and what it turns over, and which of them scale up.

A scale-up began a span of three years with ten employees or more and grew by more than 20% a year
through it, by employees or by turnover (Eurostat and OECD, *Manual on Business Demography
Statistics*, 2007). What is planted is growth; whether a firm is one is told from the
numbers that come of it, so that a firm that grew by chance counts as well.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.businesses.lives import YEARS_OF_HISTORY
from woda_lib.synthetic.businesses.sectors import SECTORS
from woda_lib.synthetic.draws import as_days, weighted

SPAN: Final = 3  # years
FEWEST: Final = 10  # employees at its start
GROWTH: Final = 0.20  # a year
PLANTED: Final = 0.09  # of those who could
_TURNOVER_ONLY = 0.3
_NOBODY = {"without": 0.55, "with": 0.06}
_SPREAD = 0.95
_USUAL, _NOISE = 0.008, 0.07  # of yearly growth
_SOLD = {"C": 115, "G": 190, "F": 125, "H": 105, "I": 48, "K": 110, "M": 85, "N": 60, "P": 45}
_SOLD_OTHERWISE = 75  # thousand pounds an employee


def draw_workforce(
    enterprises: pd.DataFrame, branches: np.ndarray, as_of: np.datetime64, rng: Generator
) -> pd.DataFrame:
    """Draw employees and turnover on 31 March of each year in which an enterprise lives.

    Parameters
    ----------
    enterprises
        From `woda_lib.synthetic.businesses.enterprises.draw_enterprises`.
    branches
        How many premises each ever has.

    Returns
    -------
    pandas.DataFrame
        ``enterprise, year, employees, turnover`` (thousand pounds); ``grew_by_employees,
        grew_by_turnover, is_scale_up`` (missing where the enterprise did not live three years
        before), over the span that ends in the year.
    """
    n = len(enterprises)
    last = int(str(as_of)[:4])
    years = np.arange(last - YEARS_OF_HISTORY, last + 1)
    people = np.array([sector.people for sector in SECTORS])[enterprises["sector"]]
    size = people / np.exp(_SPREAD**2 / 2) * np.exp(rng.normal(0, _SPREAD, n))
    size = size * np.maximum(branches, 1) ** 0.9
    nobody = rng.random(n) < np.where(branches > 0, _NOBODY["with"], _NOBODY["without"])
    size = np.where(nobody | enterprises["dormant"].to_numpy(dtype=bool), 0.0, np.maximum(size, 1))
    steps = rng.normal(_USUAL, _NOISE, (n, len(years)))
    fast, by_people = _planted(size, steps, rng)
    people_steps = np.where(
        fast & by_people[:, None], np.log(rng.uniform(1.24, 1.5, steps.shape)), steps
    )
    sales_steps = np.where(fast, np.log(rng.uniform(1.24, 1.5, steps.shape)), steps)
    sales_steps = sales_steps + rng.normal(0, 0.05, steps.shape)
    employees = np.rint(size[:, None] * np.exp(np.cumsum(people_steps, axis=1)))
    sold = np.array([_SOLD.get(sector.section, _SOLD_OTHERWISE) for sector in SECTORS])
    each = sold[enterprises["sector"]] * np.exp(rng.normal(0, 0.35, n))
    base = each * np.maximum(size, np.where(rng.random(n) < 0.8, 0.6, 0.2))
    base = np.where(enterprises["dormant"], 0.0, base)
    turnover = np.rint(base[:, None] * np.exp(np.cumsum(sales_steps, axis=1)))
    return _rows(enterprises, years, employees, turnover)


def _planted(size: np.ndarray, steps: np.ndarray, rng: Generator) -> tuple[np.ndarray, np.ndarray]:
    """In which years some firms grow fast: three or four in a row."""
    chosen = (size >= FEWEST) & (rng.random(len(size)) < PLANTED)
    begins = rng.integers(1, steps.shape[1] - SPAN + 1, len(size))
    lasts = SPAN + (rng.random(len(size)) < 0.4)
    at = np.arange(steps.shape[1])
    fast = chosen[:, None] & (at >= begins[:, None]) & (at < (begins + lasts)[:, None])
    return fast, rng.random(len(size)) >= _TURNOVER_ONLY


def _rows(
    enterprises: pd.DataFrame, years: np.ndarray, employees: np.ndarray, turnover: np.ndarray
) -> pd.DataFrame:
    born, died = (as_days(enterprises[name]) for name in ("born", "died"))
    days = np.array([f"{year}-03-31" for year in years], dtype="datetime64[D]")
    lives = (born[:, None] <= days) & (died[:, None] > days)
    grew = {}
    for name, values in (("employees", employees), ("turnover", turnover)):
        before = np.roll(values, SPAN, axis=1)
        ratio = values / np.where(before > 0, before, np.nan)
        enough = np.roll(employees, SPAN, axis=1) >= FEWEST
        grew[name] = enough & (ratio > (1 + GROWTH) ** SPAN)
    known = lives & np.roll(lives, SPAN, axis=1) & (np.arange(len(years)) >= SPAN)
    at, year = np.nonzero(lives)
    table = pd.DataFrame(
        {
            "enterprise": at,
            "year": years[year],
            "employees": employees[at, year].astype(np.int64),
            "turnover": turnover[at, year].astype(np.int64),
        }
    )
    unknown = ~known[at, year]
    for name, values in grew.items():
        table[f"grew_by_{name}"] = pd.array(values[at, year], dtype="boolean")
    table["is_scale_up"] = table["grew_by_employees"] | table["grew_by_turnover"]
    for name in ("grew_by_employees", "grew_by_turnover", "is_scale_up"):
        table[name] = table[name].mask(unknown)
    return table


BANDS: Final = {
    "employees": ((1, 10, 20, 50, 250), ("0", "1-9", "10-19", "20-49", "50-249", "250+")),
    "turnover": (
        (50, 100, 250, 500, 1_000, 5_000),
        ("0-49", "50-99", "100-249", "250-499", "500-999", "1000-4999", "5000+"),
    ),
}


def band(what: str, values: np.ndarray) -> np.ndarray:
    """Return the band in which each number lies."""
    edges, labels = BANDS[what]
    out: np.ndarray = np.array(labels, dtype=object)[np.searchsorted(edges, values, side="right")]
    return out


def pick(n: int, shares: tuple[float, ...], rng: Generator) -> np.ndarray:
    """Draw how each of `n` firms shares a number: as it is, as a band, or not."""
    return weighted(rng, n, shares)
