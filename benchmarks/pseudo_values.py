"""Which restricted mean with trend and season covers: months first, or people's pseudo-values?

Made-up referrals (36 months of about 185, log-normal waits of mean 12 days, a trend, winters, a
death rate, month shocks that remember last month, a change half-way) are analysed in five ways, and
it is counted how often the 95% interval holds the planted change of the restricted mean:

    python -m benchmarks.pseudo_values --histories 1000

The table that it prints stands in docs/durations.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from tests.evaluation.histories import WINTER, autoregression
from woda_lib.evaluation.autoregressive import AutoregressiveModel
from woda_lib.evaluation.durations import Durations, Floats
from woda_lib.evaluation.pseudo_values import pseudo_values
from woda_lib.evaluation.survival_curve import Curve

MONTHS, GO_LIVE, HORIZON, MONTH = 36, 18, 90, 30
PEOPLE, MEAN, TREND, DEATHS = 185, 12.0, -0.3, 0.002
SPREAD = np.sqrt(np.log(2.0))  # of the logarithm of waits: a coefficient of variation of one
MATURE = MONTHS - HORIZON // MONTH
CELLS = ((0.0, 0.3), (0.3, 0.6), (0.6, 0.6), (0.6, 1.0))

METHODS = (
    "monthly restricted means of mature months, recipe",
    "pseudo-values by month, mature months, recipe",
    "pseudo-values by month, all months, recipe",
    "pseudo-values of people, errors clustered by month",
    "pseudo-values of people, errors robust (HC2)",
)


def design(months: int) -> Floats:
    """Intercept, step, trend and one pair for the season."""
    month = np.arange(months)
    angle = 2 * np.pi * ((3 + month) % 12) / 12
    columns = [np.ones(months), month >= GO_LIVE, (month - GO_LIVE) / 12]
    return np.column_stack([*columns, np.cos(angle), np.sin(angle)]).astype(float)


def expected(effect: float) -> Floats:
    """Mean wait by month without shocks."""
    month = np.arange(MONTHS)
    season = WINTER[(3 + month) % 12]
    return MEAN + TREND * (month - GO_LIVE) / 12 + season + effect * (month >= GO_LIVE)


def restricted(mean: Floats) -> Floats:
    """Restricted mean of whole-day log-normal waits of some means, worked out on quantiles."""
    z = stats.norm.ppf((np.arange(4000) + 0.5) / 4000)
    grid = np.linspace(3, 25, 111)
    waits = np.floor(np.exp(np.log(grid)[:, None] - SPREAD**2 / 2 + SPREAD * z))
    return np.interp(mean, grid, np.minimum(waits, HORIZON).mean(axis=1))


def history(rng: np.random.Generator, mean: Floats) -> pd.DataFrame:
    """Draw people: month of start, days seen, whether they left."""
    count = rng.poisson(PEOPLE, MONTHS)
    month = np.repeat(np.arange(MONTHS), count)
    start = month * MONTH + rng.integers(0, MONTH, len(month))
    centre = np.log(mean[month]) - SPREAD**2 / 2
    wait = np.floor(np.exp(centre + SPREAD * rng.standard_normal(len(month))))
    seen = np.minimum(MONTHS * MONTH - start, np.floor(rng.exponential(1 / DEATHS, len(month))))
    return pd.DataFrame(
        {"month": month, "days": np.minimum(wait, seen), "left": (wait <= seen).astype(int)}
    )


def intervals(people: pd.DataFrame) -> Iterator[tuple[float, float, float]]:
    """Estimate, low and high of each method, in the order of `METHODS`."""
    month = people["month"].to_numpy()
    seen = Durations(people["days"].to_numpy(float), people["left"].to_numpy(), (True,))
    whole, ripe = design(MONTHS), design(MATURE)
    means = np.array(
        [Curve.of(seen.where(month == place)).area(HORIZON) for place in range(MATURE)]
    )
    yield _recipe(ripe, means)
    values = np.empty(len(people))
    for after in (False, True):
        rows = ((month >= GO_LIVE) == after) & (month < MATURE)
        values[rows] = pseudo_values(seen.where(rows), HORIZON)
    kept = month < MATURE
    by_month = np.bincount(month[kept], values[kept]) / np.bincount(month[kept])
    yield _recipe(ripe, by_month)
    for after in (False, True):
        rows = (month >= GO_LIVE) == after
        values[rows] = pseudo_values(seen.where(rows), HORIZON)
    yield _recipe(whole, np.bincount(month, values) / np.bincount(month))
    matrix = whole[month]
    bread = np.linalg.inv(matrix.T @ matrix)
    coefficients = bread @ matrix.T @ values
    errors = values - matrix @ coefficients
    pull = matrix @ bread[1]
    by_cluster = np.bincount(month, pull * errors)
    correction = MONTHS / (MONTHS - 1) * (len(people) - 1) / (len(people) - matrix.shape[1])
    clustered = np.sqrt(correction * (by_cluster**2).sum())
    half = stats.t.ppf(0.975, MONTHS - 1) * clustered
    yield coefficients[1], coefficients[1] - half, coefficients[1] + half
    leverage = np.einsum("ij,jk,ik->i", matrix, bread, matrix)
    half = 1.96 * np.sqrt((pull**2 * errors**2 / (1 - leverage)).sum())
    yield coefficients[1], coefficients[1] - half, coefficients[1] + half


def _recipe(matrix: Floats, outcome: Floats) -> tuple[float, float, float]:
    found = AutoregressiveModel(matrix).fit(outcome).contrast(np.eye(matrix.shape[1])[1])
    return found.estimate, found.low, found.high


def measure(histories: int, effect: float) -> pd.DataFrame:
    """Count, for each cell and method: coverage, false or true alarms, bias and width."""
    rows = []
    base, changed = expected(0.0), expected(effect)
    for cell, (correlation, sd) in enumerate(CELLS):
        rng = np.random.default_rng(1000 + cell)
        shocks = autoregression(rng, histories, MONTHS, correlation=correlation, sd=sd)
        after = np.arange(MONTHS) >= GO_LIVE
        spread = sd * stats.norm.ppf((np.arange(200) + 0.5) / 200)[:, None]
        truth = float(
            (restricted(changed[after] + spread) - restricted(base[after] + spread)).mean()
        )
        found = np.array(
            [list(intervals(history(rng, np.maximum(changed + shock, 3.5)))) for shock in shocks]
        )
        for place, method in enumerate(METHODS):
            estimate, low, high = found[:, place].T
            rows.append(
                {
                    "method": method,
                    "shocks": f"{correlation:g}/{sd:g}",
                    "coverage": 100 * np.mean((low <= truth) & (truth <= high)),
                    "found": 100 * np.mean((low > 0) | (high < 0)),
                    "bias": np.mean(estimate - truth),
                    "width": np.mean(high - low),
                }
            )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--histories", type=int, default=1000)
    asked = arguments.parse_args()
    for planted in (-2.7, 0.0):
        table = measure(asked.histories, planted)
        print(f"effect {planted:g} days")
        for what in ("coverage", "found", "bias", "width"):
            wide = table.pivot(index="method", columns="shocks", values=what).loc[list(METHODS)]
            print(what, wide.round(2).to_string(), sep="\n")
