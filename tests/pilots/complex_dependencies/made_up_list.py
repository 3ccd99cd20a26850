"""Six households, by hand: scores, features and what is known of each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from woda_lib.pilots.complex_dependencies.review import Listing, make_list
from woda_lib.prediction.explanation import Contributions, Likeness, Wording, read_wording
from woda_lib.prediction.features import read_features
from woda_lib.prediction.training import BASE

PARAMETERS = Path(__file__).parents[3] / "parameters" / "complex_dependencies"
DAY = date(2025, 3, 31)
HOMES = ["h1", "h2", "h3", "h4", "h5", "h6"]


def wording() -> Wording:
    """The words of the pilot."""
    return read_wording(PARAMETERS / "wording.yaml", read_features(PARAMETERS / "features.yaml"))


def features() -> pd.DataFrame:
    """What the model was told."""
    table = pd.DataFrame(
        {
            "police_contacts": [5.0, 2.0, 0.0, 1.0, 0.0, 0.0],
            "arrears_notices": [2.0, np.nan, 0.0, 1.0, 0.0, 0.0],
            "early_help_open": [0.0, 1.0, 0.0, 0.0, 0.0, 0.0],
            "knows_police": [1.0, 1.0, 0.0, 1.0, 0.0, 0.0],
            "knows_charity": [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        },
        index=pd.Index(HOMES, name="household_id"),
    )
    return table


def contributions() -> Contributions:
    """Police contacts raise a score by 0.4 each, early help lowers it by 0.3."""
    told = features()
    parts = pd.DataFrame(0.0, index=told.index, columns=told.columns)
    parts["police_contacts"] = 0.4 * told["police_contacts"] - 0.2
    parts["early_help_open"] = -0.3 * told["early_help_open"]
    parts["arrears_notices"] = 0.25 * told["arrears_notices"].fillna(1)
    parts[BASE] = -3.0
    return Contributions.of(parts, parts.sum(axis=1))


def scores() -> pd.DataFrame:
    """By the model h1 and h2 come first; the rule would list h1 and h4."""
    raw = contributions().raw
    return pd.DataFrame(
        {
            "household_id": HOMES,
            "risk": 1 / (1 + np.exp(-raw.to_numpy())),
            "raw": raw.to_numpy(),
            "rule": [3.5021, 0.0081, 0.0013, 2.0044, 0.0002, 0.0031],
        }
    )


def homes() -> pd.DataFrame:
    """Where they live."""
    return pd.DataFrame(
        {
            "uprn": ["1", "2", "3", "4", "5", "6"],
            "address": [
                "12 Elm Road, Redditch",
                "3 Elm Road, Redditch",
                "1 Bridge Lane, Redditch",
                "Flat 2, 7 Station Street, Worcester",
                "9 Elm Road, Redditch",
                "10 Elm Road, Redditch",
            ],
            "postcode": ["B97 4AB"] * 3 + ["WR1 1AA"] + ["B97 4AB"] * 2,
            "district": ["Redditch"] * 3 + ["Worcester"] + ["Redditch"] * 2,
        },
        index=pd.Index(HOMES, name="household_id"),
    )


def links() -> pd.DataFrame:
    """How sure their records are; of h6 there is none."""
    return pd.DataFrame(
        {
            "records": [9, 4, 2, 6, 3],
            "doubtful": [0, 1, 0, 0, 0],
            "lowest": [0.997, 0.81, 1.0, 0.99, 1.0],
            "perhaps_theirs": [0, 2, 0, 0, 0],
        },
        index=pd.Index(HOMES[:5], name="household_id"),
    )


def likeness() -> Likeness:
    """Twenty households of a year that is over: it came true of the upper five."""
    known = pd.DataFrame(
        {
            "household_id": [f"k{number}" for number in range(20)],
            "risk": np.linspace(0.01, 0.3, 20),
            "happened": np.arange(20) >= 15,
        }
    )
    return Likeness.of(known, size=10)


def listing(before: pd.DataFrame | None = None, capacity: int = 333) -> Listing:
    """The list of two households."""
    return make_list(
        scores(),
        features(),
        contributions(),
        homes=homes(),
        links=links(),
        newest=pd.Series({"h1": pd.Timestamp("2025-03-01"), "h2": pd.Timestamp("2023-09-01")}),
        likeness=likeness(),
        wording=wording(),
        capacity=capacity,
        as_of=DAY,
        before=before,
    )
