"""What partners write of homes: rows under the property's number, cut into their files.

A row is entered some days after it happened, and again when it has ended.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.partners import CONTRACTS
from woda_lib.partners.datasets.notices import STATUTORY
from woda_lib.synthetic.deliveries import Delivery, deliver
from woda_lib.synthetic.draws import add_days, as_days, take, weighted
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.registers import local_numbers

# What numbers of rows begin with, and mean days until something is entered.
_NUMBERS: Final = {
    "child_enquiries": ("CE", 5.0),
    "homelessness_duties": ("HD", 9.0),
    "mental_health_detentions": ("MD", 4.0),
    "youth_justice_orders": ("YO", 12.0),
    "attendance_enforcement": ("AE", 18.0),
    "attendance_terms": ("AT", 10.0),
    "arrears_notices": ("AN", 2.0),
    "possession_notices": ("PN", 4.0),
}
# Codes of statutory steps, their shares, and how many times the mean length each lasts.
_CODES: Final = {
    "child_enquiries": (
        "result",
        {"no_further_action": 0.42, "support": 0.33, "conference": 0.25},
    ),
    "homelessness_duties": ("duty", {"prevention": 0.44, "relief": 0.40, "main": 0.16}),
    "mental_health_detentions": ("section", {"s2": 0.48, "s3": 0.22, "s136": 0.30}),
    "youth_justice_orders": ("order", {"referral": 0.62, "rehabilitation": 0.33, "custody": 0.05}),
    "attendance_enforcement": (
        "step",
        {"penalty_notice": 0.86, "attendance_order": 0.03, "prosecution": 0.11},
    ),
}
_UNSETTLED: Final = "child_enquiries"
"""How it ended is written when it has."""

SERVICE_OF: Final = {
    dataset: service.replace("'", "").replace(" ", "_") for dataset, service in STATUTORY.items()
}


def deliver_steps(
    dataset: str, steps: pd.DataFrame, uprns: np.ndarray, profile: Profile, rng: Generator
) -> Delivery:
    """Deliver the recorded steps of a service.

    Parameters
    ----------
    steps
        ``dwelling, service, started_on, ended_on, recorded``, of all services.
    uprns
        Of each dwelling.
    """
    mine = steps.loc[steps["recorded"] & steps["service"].eq(SERVICE_OF[dataset])]
    mine = mine.sort_values(["started_on", "unit"], kind="stable", ignore_index=True)
    name, shares = _CODES[dataset]
    code = take(tuple(shares), weighted(rng, len(mine), list(shares.values())))
    return _deliver(dataset, mine.assign(**{name: code}), uprns, profile, rng)


def deliver_inputs(
    dataset: str, rows: pd.DataFrame, uprns: np.ndarray, profile: Profile, rng: Generator
) -> Delivery:
    """Deliver what services tell of homes besides; what is of a term is told once it is over."""
    return _deliver(dataset, rows, uprns, profile, rng)


def _deliver(
    dataset: str, rows: pd.DataFrame, uprns: np.ndarray, profile: Profile, rng: Generator
) -> Delivery:
    contract = CONTRACTS[dataset]
    prefix, lag = _NUMBERS[dataset]
    table = rows.assign(
        **{contract.key: local_numbers(prefix, len(rows), rng)},
        uprn=uprns[rows["dwelling"].to_numpy()],
    )
    delays = np.floor(rng.exponential(lag, (2, len(rows))))
    if "ended_on" not in contract.columns:
        versions, entered = table, add_days(as_days(table["started_on"]), delays[0])
    elif dataset == "attendance_terms":
        versions, entered = table, add_days(as_days(table["ended_on"]), delays[0])
    else:
        versions, entered = _opened_and_closed(dataset, table, delays)
    known = entered <= profile.as_of
    return deliver(
        dataset, versions.loc[known].reset_index(drop=True), entered[known], profile.shared
    )


def _opened_and_closed(
    dataset: str, table: pd.DataFrame, delays: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray]:
    """Each row as it is first written, without an end, and as it stands after that."""
    began = add_days(as_days(table["started_on"]), delays[0])
    ended = np.maximum(add_days(as_days(table["ended_on"]), delays[1]), began)
    opened = table.assign(ended_on=np.full(len(table), NOT_A_DAY))
    if dataset == _UNSETTLED:
        opened[_CODES[dataset][0]] = None
    return pd.concat([opened, table], ignore_index=True), np.concatenate([began, ended])
