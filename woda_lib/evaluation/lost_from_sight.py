"""How far a restricted mean can be wrong because those lost from sight were not like the others.

The Kaplan-Meier curve takes it that a person lost from sight would have gone on as those still in
view. Nobody can check that; but it can be bent. Let those in view leave at the rate seen, let
people be lost at the rate seen, and let a person once lost be `hazard` times as likely as those in
view to leave at each later time (certain, where that is over one). At 1 the share still waiting is
the Kaplan-Meier curve itself, which spreads the lost over what is seen later (Efron 1967,
Proceedings of the Fifth Berkeley Symposium 4: 831-853, calls it self-consistent); at 0 the lost
wait for ever, at infinity they had left at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from woda_lib.evaluation.durations import Booleans, DurationError, Durations, Floats, Ints
from woda_lib.evaluation.frames import take

DRAWS = 400
CELLS_AT_ONCE = 1_000_000
SEED = 20_240_401


def read_lost(
    frame: pd.DataFrame, lost: str | None, place: Ints, groups: Sequence[str]
) -> dict[str, Booleans]:
    """Return, for each group, whose loss from sight may tell something.

    Raises
    ------
    DurationError
        If the column is not filled with true and false.
    """
    if lost is None:
        values = np.ones(len(frame), dtype=bool)
    else:
        column = take(frame, lost=lost)["lost"]
        known = pd.to_numeric(column, errors="coerce")
        if known.isna().any() or not set(known.unique()) <= {0, 1}:
            raise DurationError(
                f"The column {lost!r}, given as `lost`, must be true or false (or 1 or 0) in every "
                "row: true where a person died, withdrew or moved away, false where the person "
                "ended or still waits."
            )
        values = known.to_numpy(dtype=float) == 1
    return {group: values[place == number] for number, group in enumerate(groups)}


def lost_table(
    durations: Mapping[str, Durations],
    lost: Mapping[str, Booleans],
    *,
    horizon: float,
    level: float,
    hazards: Sequence[float],
) -> pd.DataFrame:
    """Return the estimate under each assumption; see `RestrictedMean.bounds`.

    Raises
    ------
    DurationError
        If a hazard is negative or no number.
    """
    tried = [float(each) for each in hazards]
    if not tried or any(np.isnan(each) or each < 0 for each in tried):
        raise DurationError(
            "`hazards` must be numbers from 0 (the lost never left) to infinity (they left at "
            "once); 1 is as the others."
        )
    rng = np.random.default_rng(SEED)
    needed = sorted({*tried, 0.0, np.inf})
    sides = []
    for name, each in durations.items():
        cells = _Cells.of(each, lost[name], horizon)
        sides.append((cells.means(needed), cells.variances(needed, rng)))
    z = stats.norm.ppf(0.5 + level / 2)
    rows = []
    for words, pair in _pairs(tried, groups=len(sides)):
        means = [mean[hazard] for (mean, _), hazard in zip(sides, pair, strict=True)]
        estimate = means[-1] - (means[0] if len(sides) == 2 else 0.0)
        error = np.sqrt(
            sum(spread[hazard] for (_, spread), hazard in zip(sides, pair, strict=True))
        )
        columns = ["hazard"] if len(sides) == 1 else ["reference_hazard", "other_hazard"]
        rows.append(
            {
                "assumed": words,
                **dict(zip(columns, pair, strict=True)),
                "estimate": estimate,
                "low": estimate - z * error,
                "high": estimate + z * error,
            }
        )
    return pd.DataFrame(rows)


class _Cells:
    """People by time and by what became of them: ended, lost, still waiting when the data end."""

    def __init__(self, times: Floats, table: Floats, beyond: float, horizon: float) -> None:
        self.times, self.table, self.beyond, self.horizon = times, table, beyond, horizon

    @classmethod
    def of(cls, durations: Durations, lost: Booleans, horizon: float) -> _Cells:
        inside = durations.times < horizon
        times, place = np.unique(durations.times[inside], return_inverse=True)
        table = np.zeros((len(times), 3))
        kind = np.where(durations.ended, 0, np.where(lost, 1, 2))[inside]
        np.add.at(table, (place, kind), 1.0)
        return cls(times, table, float((~inside).sum()), horizon)

    def means(self, hazards: Sequence[float]) -> dict[float, float]:
        """Restricted mean at each hazard of the lost."""
        return {hazard: float(self.area(self.table[None], hazard)[0]) for hazard in hazards}

    def variances(self, hazards: Sequence[float], rng: np.random.Generator) -> dict[float, float]:
        """Variance of each, over tables of as many people drawn anew."""
        flat = np.append(self.table.ravel(), self.beyond)
        total = int(flat.sum())
        at_once = int(np.clip(CELLS_AT_ONCE // flat.size, 1, DRAWS))
        found: dict[float, list[Floats]] = {hazard: [] for hazard in hazards}
        for start in range(0, DRAWS, at_once):
            size = min(at_once, DRAWS - start)
            drawn = rng.multinomial(total, flat / total, size=size).astype(float)
            tables = drawn[:, :-1].reshape(size, *self.table.shape)
            for hazard in hazards:
                found[hazard].append(self.area(tables, hazard))
        return {hazard: float(np.concatenate(areas).var(ddof=1)) for hazard, areas in found.items()}

    def area(self, tables: Floats, hazard: float) -> Floats:
        """(draws,) restricted means where the lost are `hazard` times as likely to leave."""
        total = float(self.table.sum()) + self.beyond
        ended, lost, waiting = (tables[:, :, kind] for kind in range(3))
        leaving = (ended + lost + waiting).cumsum(axis=1)
        at_risk = total - np.concatenate([np.zeros((len(tables), 1)), leaving[:, :-1]], axis=1)
        remain = at_risk - ended
        share = np.divide(ended, at_risk, out=np.zeros_like(ended), where=at_risk > 0)
        losing = np.divide(lost, remain, out=np.zeros_like(lost), where=remain > 0)
        in_view = np.cumprod((1 - share) * (1 - losing), axis=1)
        curve = in_view
        if not np.isinf(hazard):
            before = np.concatenate([np.ones((len(tables), 1)), in_view[:, :-1]], axis=1)
            newly_lost = before * (1 - share) * losing
            stay = 1 - np.minimum(hazard * share, 1.0)
            out_of_sight, at = np.empty_like(in_view), np.zeros(len(tables))
            for place in range(len(self.times)):
                at = at * stay[:, place] + newly_lost[:, place]
                out_of_sight[:, place] = at
            curve = in_view + out_of_sight
        edges = np.concatenate([[0.0], self.times, [self.horizon]])
        heights = np.concatenate([np.ones((len(tables), 1)), curve], axis=1)
        return np.asarray(heights @ np.diff(edges))


def _pairs(hazards: Sequence[float], *, groups: int) -> Iterator[tuple[str, tuple[float, ...]]]:
    for hazard in sorted(set(hazards)):
        yield f"the lost {_words(hazard)}", (hazard,) * groups
    if groups == 2:
        for pair in ((np.inf, 0.0), (0.0, np.inf)):
            yield (
                f"the reference's lost {_words(pair[0])}, the other's {_words(pair[1])}",
                pair,
            )


def _words(hazard: float) -> str:
    special = {0.0: "never left", 1.0: "left as the others did", np.inf: "left at once"}
    return special.get(hazard, f"were {hazard:g} times as likely to leave")
