"""Wards that go live in waves: made-up panels, and estimators for thousands of them at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.evaluation.calibration.popular import Limits, around
from tests.evaluation.histories import Course, People, autoregression
from woda_lib.evaluation import AutoregressiveModel, contrast_many

PER_WAVE = 8
PEOPLE = 30
NEVER = 10**6


@dataclass(frozen=True, eq=False)
class Panel:
    """Histories of wards.

    Attributes
    ----------
    first
        (wards,) month in which each went live, `NEVER` for never.
    days
        (histories, wards, months) mean days.
    """

    first: np.ndarray
    days: np.ndarray

    @classmethod
    def draw(
        cls,
        rng: np.random.Generator,
        histories: int,
        months: int,
        *,
        correlation: float,
        sd: float,
        effect: float,
        ramp: int = 0,
        per_wave: int = PER_WAVE,
        shared_by_wave: float = 0.0,
    ) -> Panel:
        """Draw wards with shocks of their own, shocks of the county, and levels of their own.

        Parameters
        ----------
        ramp
            Months in which the effect grows.
        per_wave
            Wards in each of three waves and among those that never go live.
        shared_by_wave
            Standard deviation of shocks that the wards of a wave share.
        """
        waves = (months // 3, months // 2, 2 * months // 3)
        first = np.repeat([*waves, NEVER], per_wave)
        wards = len(first)

        def shocks(series: int, spread: float) -> np.ndarray:
            drawn = autoregression(
                rng, histories * series, months, correlation=correlation, sd=spread
            )
            return drawn.reshape(histories, series, months)

        together = shocks(wards, sd) + shocks(1, sd)
        together += np.repeat(shocks(4, shared_by_wave), per_wave, axis=1)
        levels = rng.normal(12.0, 1.0, (histories, wards, 1))
        common = Course(mean=0.0).expected(months, go_live=months // 2, effect=0.0)
        since = np.arange(months) - first[:, None]
        unfolded = np.clip((since + 1) / (ramp + 1), 0, 1)
        expected = levels + common + effect * unfolded + together
        return cls(first, People.draw(rng, np.maximum(expected, 2.0), people=PEOPLE).means)

    @property
    def live(self) -> np.ndarray:
        """(wards, months) whether a ward was live."""
        return np.arange(self.days.shape[2]) >= self.first[:, None]

    def average_effect(self, effect: float, ramp: int) -> float:
        """Effect averaged over each treated ward's months under treatment, and over wards."""
        since = np.arange(self.days.shape[2]) - self.first[:, None]
        unfolded = np.clip((since + 1) / (ramp + 1), 0, 1)
        treated = self.first < NEVER
        live = self.live[treated]
        return effect * float(np.mean((unfolded[treated] * live).sum(1) / live.sum(1)))


def group_time(panel: Panel, *, base: str, normal: bool = False) -> Limits:
    """Callaway and Sant'Anna's average by cohort against those never live, clustered by ward.

    The variance is CR2, a part a cohort, with Satterthwaite's degrees of freedom, or a normal one.
    """
    months = np.arange(panel.days.shape[2])
    treated = panel.first[panel.first < NEVER]
    never = panel.first == NEVER
    estimate = np.zeros(len(panel.days))
    controls = np.zeros((len(panel.days), never.sum()))
    parts, spare = [], []
    for cohort in np.unique(treated):
        share = float(np.mean(treated == cohort))
        before = months < cohort if base == "average" else months == cohort - 1
        after = months >= cohort
        change = panel.days @ (after / after.sum() - before / before.sum())
        mine = change[:, panel.first == cohort]
        estimate += share * mine.mean(axis=1)
        controls += share * change[:, never]
        parts.append(share**2 * mine.var(axis=1, ddof=1) / mine.shape[1])
        spare.append(mine.shape[1] - 1)
    estimate -= controls.mean(axis=1)
    parts.append(controls.var(axis=1, ddof=1) / controls.shape[1])
    spare.append(controls.shape[1] - 1)
    pieces = np.array(parts)
    variance = pieces.sum(axis=0)
    df = variance**2 / np.sum(pieces**2 / np.array(spare)[:, None], axis=0)
    return around(estimate, np.sqrt(variance), np.inf if normal else df)


def two_way(panel: Panel) -> dict[str, Limits]:
    """Two-way fixed effects: rows independent, clustered by ward normal, and CR1 with t(G - 1)."""
    wards, months = panel.live.shape
    live = _within(panel.live.astype(float))
    total = np.sum(live**2)
    outcome = _within(panel.days)
    estimate = np.einsum("nwt,wt->n", outcome, live) / total
    residual = outcome - estimate[:, None, None] * live
    spare = wards * months - wards - months
    plain = np.sqrt(np.sum(residual**2, axis=(1, 2)) / spare / total)
    clustered = np.sqrt(np.sum(np.einsum("nwt,wt->nw", residual, live) ** 2, axis=1)) / total
    small = np.sqrt(wards / (wards - 1) * (wards * months - 1) / spare)
    return {
        "Two-way fixed effects, rows independent, z": around(estimate, plain),
        "Two-way fixed effects, clustered by ward, z": around(estimate, clustered),
        "Two-way fixed effects, clustered (CR1), t(G − 1)": around(
            estimate, small * clustered, wards - 1
        ),
    }


def difference_series(panel: Panel) -> Limits:
    """One series, wards of the waves less those never live, on the share of them that is live."""
    treated = panel.first < NEVER
    difference = panel.days[:, treated].mean(axis=1) - panel.days[:, ~treated].mean(axis=1)
    share = panel.live[treated].mean(axis=0)
    found = contrast_many(
        AutoregressiveModel(np.column_stack([np.ones(len(share)), share])), difference, [0, 1]
    )
    return found.estimate, found.low, found.high


def _within(values: np.ndarray) -> np.ndarray:
    """Take the means of wards and of months off the last two axes."""
    return (
        values
        - values.mean(axis=-1, keepdims=True)
        - values.mean(axis=-2, keepdims=True)
        + values.mean(axis=(-1, -2), keepdims=True)
    )
