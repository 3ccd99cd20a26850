"""Made-up referrals with a planted effect, some of which are linked to the stay of a stranger."""

from __future__ import annotations

import numpy as np
import pandas as pd

EFFECT = -2.7
LINK = ["stay", "days"]


def history(
    wrong: float, *, seed: int, people: int = 4000, draws: int = 20
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Make referrals with their links, and draws of these.

    The linkage is in doubt about four times as many people as it links wrongly: of their two
    candidates it takes the likelier, whose match probability lies between a half and one, and is
    right about itself. Strangers' stays know nothing of the change.

    Parameters
    ----------
    wrong
        The share of links that are wrong, at most a quarter.
    """
    rng = np.random.default_rng(seed)
    place, after = (rng.random(people) < 0.5 for _ in range(2))
    own = rng.gamma(1.5, (12 + place + 0.5 * after + EFFECT * (place & after)) / 1.5)
    others = rng.gamma(1.5, 10.0, people)
    doubted = rng.random(people) < 4 * wrong
    sure = np.where(doubted, rng.uniform(0.5, 1, people), 1.0)
    right = rng.random(people) < sure
    numbers = np.arange(people)
    likelier = np.where(right, own, others), np.where(right, numbers, numbers + people)
    other = np.where(right, others, own), np.where(right, numbers + people, numbers)
    linked = pd.DataFrame(
        {
            "referral": numbers,
            "place": place,
            "after": after,
            "sure": sure,
            "stay": likelier[1],
            "days": likelier[0],
        }
    )
    drawn = []
    for _ in range(draws):
        kept = rng.random(people) < sure
        drawn.append(
            linked.assign(
                stay=np.where(kept, likelier[1], other[1]),
                days=np.where(kept, likelier[0], other[0]),
            )
        )
    return linked, drawn


def difference(frame: pd.DataFrame) -> tuple[float, float, float]:
    """The difference in differences by least squares: estimate, standard error, df."""
    some = frame[frame["stay"].notna()]
    place, after = some["place"].to_numpy(), some["after"].to_numpy()
    design = np.column_stack([np.ones(len(some)), place, after, place & after]).astype(float)
    days = some["days"].to_numpy(dtype=float)
    inverse = np.linalg.inv(design.T @ design)
    fitted = inverse @ (design.T @ days)
    df = len(days) - 4
    rest = days - design @ fitted
    return float(fitted[3]), float(np.sqrt(rest @ rest / df * inverse[3, 3])), float(df)


def strangers(linked: pd.DataFrame) -> pd.DataFrame:
    """The same referrals, every one linked to a stranger."""
    rng = np.random.default_rng(9)
    return linked.assign(stay=-linked["stay"] - 1, days=rng.gamma(1.5, 10.0, len(linked)))
