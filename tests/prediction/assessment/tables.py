"""Households with scores and outcomes, made for the tests of what judges them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def households(
    happened: Sequence[int], risk: Sequence[float], rule: Sequence[float] | None = None
) -> pd.DataFrame:
    """A row a household; without a rule everybody has the same points."""
    number = len(happened)
    return pd.DataFrame(
        {
            "household_id": [f"H{place}" for place in range(number)],
            "happened": np.array(happened, dtype=bool),
            "risk": risk,
            "rule": rule if rule is not None else np.zeros(number),
            "logistic": risk,
            "prevalence": float(np.mean(happened)),
        }
    )


def drawn(number: int, seed: int, *, strength: float = 1.1) -> pd.DataFrame:
    """Households whose stated risk is the true one; rule and logistic see half of what it knows."""
    rng = np.random.default_rng(seed)
    seen, unseen = rng.normal(size=number), rng.normal(size=number)
    odds = -4.2 + strength * seen + strength * unseen
    true = 1 / (1 + np.exp(-odds))
    return households(rng.random(number) < true, true, np.clip(np.round(seen + 1), 0, 4)).assign(
        logistic=1 / (1 + np.exp(3.9 - strength * seen))
    )
