"""A model of three features, trained in a moment, with everything that is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from woda_lib.partners import load_agreement
from woda_lib.prediction.bundle import Bundle, Known, make_bundle, model_card, transparency_record
from woda_lib.prediction.training import SETTINGS, Feature, Model, train
from woda_lib.records import read_transparency

ROOT = Path(__file__).parents[3]
PARAMETERS = ROOT / "parameters"
HOUSEHOLDS = 800


@dataclass(frozen=True)
class Told:
    """What the registry says of a feature."""

    name: str
    title: str
    source: tuple[str, ...]
    agreement: str = "single_view"
    window_months: int | None = 12


REGISTRY = (
    Told("police_contacts", "Contacts with police", ("police_contacts.part",)),
    Told("moves", "Changes of home", ("single_view/1_build:homes.since",), window_months=24),
    Told("kind", "Kind of household", ("single_view/1_build:homes.kind",), window_months=None),
)
FEATURES = (
    Feature("police_contacts", "number", (), 1, "police_contacts"),
    Feature("moves", "number", (), 0, "single_view/1_build:homes"),
    Feature(
        "kind", "category", ("couple", "lone parent", "single"), 0, "single_view/1_build:homes"
    ),
)


@cache
def households() -> pd.DataFrame:
    """Return two training dates of the same households."""
    rng = np.random.default_rng(1)
    rows = 2 * HOUSEHOLDS
    return pd.DataFrame(
        {
            "household_id": [f"h{place % HOUSEHOLDS}" for place in range(rows)],
            "index_date": np.repeat(pd.to_datetime(["2022-03-31", "2022-09-30"]), HOUSEHOLDS),
            "police_contacts": rng.poisson(1, rows).astype(float),
            "moves": rng.poisson(0.5, rows).astype(float),
            "kind": pd.Categorical(rng.choice(FEATURES[2].levels, rows)),
        }
    )


@cache
def small_model() -> Model:
    """Return a model that knows that contacts with police go with the outcome."""
    rows = households()
    risk = 1 / (1 + np.exp(3 - 0.9 * rows["police_contacts"]))
    happened = np.random.default_rng(2).random(len(rows)) < risk
    outcomes = rows[["household_id", "index_date"]].assign(happened=happened)
    return train(rows, outcomes, FEATURES, seed=1, settings=SETTINGS[:1])


def known(**changes: object) -> Known:
    """Return what is known of the model; nobody has assessed it, unless `changes` says so."""
    told = {
        "model": small_model(),
        "registry": REGISTRY,
        "people": read_transparency(PARAMETERS / "complex_dependencies" / "transparency.yaml"),
        "agreement": load_agreement("single_view", PARAMETERS / "agreements"),
        "as_of": date(2025, 3, 31),
        "synthetic": True,
        "capacity": 25,
    }
    return Known(**(told | changes))


@cache
def small_bundle() -> Bundle:
    """Return the model's bundle."""
    said = known()
    return make_bundle(
        said.model, registry=REGISTRY, card=model_card(said), record=transparency_record(said)
    )
