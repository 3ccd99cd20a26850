"""Rows that are wrong on purpose, so that the partners' door can be seen to catch them.

Faults are planted only in rows whose key is delivered once: a refused row is then a record that is
missing altogether, and not an open stay whose end was lost, which would bias the waits.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.deliveries import KEYS, Delivery
from woda_lib.synthetic.draws import add_days, as_days
from woda_lib.synthetic.raw_forms import RawForm

FAULTS: dict[str, tuple[str, ...]] = {
    "hospital_spells": (
        "discharge_before_admission",
        "impossible_date",
        "unknown_code",
        "missing_key",
    ),
    "discharge_events": ("impossible_date", "unknown_code", "missing_key"),
    "social_care_clients": ("impossible_date", "unknown_code", "missing_key"),
    "social_care_referrals": (
        "closed_before_received",
        "impossible_date",
        "unknown_code",
        "missing_key",
    ),
}
FAULT_SHARE = 0.004

_BEGINS_AND_ENDS = {
    "discharge_before_admission": ("admission_date", "discharge_date"),
    "closed_before_received": ("received_on", "closed_on"),
}
_DATE = {
    "hospital_spells": "admission_date",
    "discharge_events": "event_date",
    "social_care_clients": "date_of_birth",
    "social_care_referrals": "received_on",
}
_CODE = {
    "hospital_spells": "admission_method",
    "discharge_events": "event_type",
    "social_care_clients": "sex",
    "social_care_referrals": "status",
}
_NOT_A_CODE = "see notes"
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
    kinds = FAULTS[delivery.dataset]
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
            text.loc[rows, KEYS[delivery.dataset]] = ""
        elif name == "unknown_code":
            text.loc[rows, _CODE[delivery.dataset]] = _NOT_A_CODE
        elif name == "impossible_date":
            column = _DATE[delivery.dataset]
            text.loc[rows, column] = _impossible_dates(delivery.rows.loc[rows, column], form)
        else:
            begins, ends = _BEGINS_AND_ENDS[name]
            began = as_days(delivery.rows.loc[rows, begins])
            text.loc[rows, ends] = form.days(add_days(began, -rng.integers(2, 30, len(rows))))
    return text, fault


def _impossible_dates(days: pd.Series, form: RawForm) -> np.ndarray:
    year = days.dt.year.astype(str)
    if form.date_form in _IMPOSSIBLE:
        return (_IMPOSSIBLE[form.date_form] + year).to_numpy(dtype=object)
    return (year + "-02-31").to_numpy(dtype=object)
