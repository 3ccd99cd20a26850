"""Rows that are wrong on purpose, so that the partners' door can be seen to catch them.

Faults are planted only in rows whose key is delivered once: a refused row is then a record that is
missing altogether, and not an open stay whose end was lost, which would bias the waits.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.partners import CONTRACTS
from woda_lib.partners.datasets.business import BUSINESS
from woda_lib.partners.datasets.estate import ESTATE
from woda_lib.partners.datasets.notices import NOTICES
from woda_lib.partners.datasets.residents import RESIDENTS
from woda_lib.synthetic.deliveries import Delivery
from woda_lib.synthetic.draws import add_days, as_days
from woda_lib.synthetic.raw_forms import RawForm

FAULT_SHARE = 0.004

# By dataset: what has ended before it began, and the two columns that say so.
_ORDERS = {
    "hospital_spells": ("discharge_before_admission", "admission_date", "discharge_date"),
    "social_care_referrals": ("closed_before_received", "received_on", "closed_on"),
    "police_incidents": ("reported_before_occurred", "occurred_at", "reported_at"),
    "missing_episodes": ("found_before_reported", "reported_at", "found_at"),
    "social_care_involvements": ("ended_before_started", "started_on", "ended_on"),
    "housing_tenancies": ("ended_before_started", "started_on", "ended_on"),
    "probation_orders": ("ends_before_starts", "starts_on", "ends_on"),
    "school_roll": ("left_before_joined", "joined_on", "left_on"),
    "refuge_referrals": ("ended_before_referred", "referred_on", "ended_on"),
    "front_door_contacts": ("decided_before_received", "received_on", "decided_on"),
    "return_interviews": ("held_before_offered", "offered_at", "held_at"),
    **{
        contract.dataset: ("ended_before_started", "started_on", "ended_on")
        for contract in (*RESIDENTS, *NOTICES, *BUSINESS, *ESTATE)
        if "ended_on" in contract.columns
    },
}
# Where not the first required column of its kind is spoilt.
_DATE = {"social_care_clients": "date_of_birth", "food_hygiene": "rated_on"}
_CODE = {"hospital_spells": "admission_method", "social_care_referrals": "status"}
_NOT_A_CODE = "see notes"
# A bow tie, and where a careless tool cuts a long cell.
_CROSSED = "POLYGON ((385000 255000, 385200 255200, 385200 255000, 385000 255200, 385000 255000))"
_CUT_AFTER = 60
_SOME_YEAR = 2024  # where the day itself is not known
# 31 February, in the form of each partner's dates.
_IMPOSSIBLE = {"%d/%m/%Y": "31/02/", "%d-%b-%Y": "31-Feb-"}


def plant_faults(
    delivery: Delivery, text: pd.DataFrame, form: RawForm, rng: Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    """Spoil some rows of a delivery.

    Parameters
    ----------
    delivery
        The canonical rows.
    text
        The same rows as the partner writes them.

    Returns
    -------
    text : pandas.DataFrame
        With the faults in it.
    fault : numpy.ndarray
        The name of each row's fault, empty for most.
    """
    dataset = delivery.dataset
    kinds = faults_of(dataset)
    once = ~delivery.rows[delivery.key].duplicated(keep=False).to_numpy()
    candidates = np.flatnonzero(once)
    wanted = min(len(candidates), max(len(kinds), int(len(text) * FAULT_SHARE)))
    chosen = np.sort(rng.choice(candidates, wanted, replace=False))
    kind = rng.permutation(np.arange(wanted) % len(kinds))
    fault = np.full(len(text), "", dtype=object)
    text = text.copy()
    for number, name in enumerate(kinds):
        rows = chosen[kind == number]
        fault[rows] = name
        if name == "missing_key":
            text.loc[rows, delivery.key] = ""
        elif name == "unknown_code":
            text.loc[rows, _CODE.get(dataset) or _required(dataset, "code")] = _NOT_A_CODE
        elif name == "impossible_date":
            column = _date_of(dataset)
            text.loc[rows, column] = _impossible_dates(delivery.rows.loc[rows, column], form)
        elif name == "shape_crosses_itself":
            text.loc[rows, _required(dataset, "shape")] = _CROSSED
        elif name == "not_a_shape":
            shape = _required(dataset, "shape")
            text.loc[rows, shape] = text.loc[rows, shape].str[:_CUT_AFTER]
        else:
            _, begins, ends = _ORDERS[dataset]
            began = as_days(delivery.rows.loc[rows, begins])
            ended = add_days(began, -rng.integers(2, 30, len(rows)))
            is_moment = CONTRACTS[dataset].columns[ends].kind == "moment"
            text.loc[rows, ends] = form.moments(ended) if is_moment else form.days(ended)
    return text, fault


def faults_of(dataset: str) -> tuple[str, ...]:
    """Return the kinds of fault that are planted in a dataset."""
    order = (_ORDERS[dataset][0],) if dataset in _ORDERS else ()
    date = ("impossible_date",) if _date_of(dataset) else ()
    code = ("unknown_code",) if _required(dataset, "code") else ()
    shape = ("shape_crosses_itself", "not_a_shape") if _required(dataset, "shape") else ()
    return (*order, *date, *code, *shape, "missing_key")


def _date_of(dataset: str) -> str:
    """The column whose date is spoilt, if the dataset has any that may be."""
    return _DATE.get(dataset) or _required(dataset, "date", "moment")


def _required(dataset: str, *kinds: str) -> str:
    """The first column of one of these kinds without which a row is refused, if there is one."""
    columns = CONTRACTS[dataset].columns.items()
    return next((name for name, col in columns if col.required and col.kind in kinds), "")


def _impossible_dates(days: pd.Series, form: RawForm) -> np.ndarray:
    year = days.dt.year.astype("Int64").fillna(_SOME_YEAR).astype(str)
    if form.date_form in _IMPOSSIBLE:
        return (_IMPOSSIBLE[form.date_form] + year).to_numpy(dtype=object)
    return (year + "-02-31").to_numpy(dtype=object)
