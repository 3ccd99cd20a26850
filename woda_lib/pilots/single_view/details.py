"""What partners say of residents, row by row in one table, whatever each partner calls it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from woda_lib.pilots.single_view.registers import REGISTERS

IDENTITY = (
    "nhs_number",
    "forename",
    "surname",
    "date_of_birth",
    "sex",
    "ethnic_group",
    "address",
    "postcode",
    "uprn",
)
WHEN = ("started_on", "ended_on", "delivered_on")
KEYS = ("partner", "dataset", "local_id", "row_id")
_DATES = (*WHEN, "date_of_birth", "died_on")
_FEW = ("partner", "dataset", "sex", "ethnic_group")
_KINDS = {
    name: "datetime64[s]" if name in _DATES else "string"
    for name in (*KEYS, *WHEN, *IDENTITY, "died_on")
}


def details(loaded: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return every row of the partners in one shape.

    Parameters
    ----------
    loaded
        The tables of `registers.DATASETS` by name, as far as there are any.

    Returns
    -------
    DataFrame
        `KEYS`, `WHEN`, `IDENTITY` and `died_on`; what a dataset does not hold is missing.
        `partner`, `dataset`, `sex` and `ethnic_group` are categories.
    """
    parts = []
    for register in REGISTERS:
        if register.dataset not in loaded:
            continue
        names = {register.row: "row_id", register.number: "local_id"}
        frame = loaded[register.dataset].rename(columns=names).assign(dataset=register.dataset)
        parts.append(frame.reindex(columns=list(_KINDS)).astype(_KINDS))
    together = pd.concat(parts, ignore_index=True)
    return together.astype(dict.fromkeys(_FEW, "category"))


def besides(loaded: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables without `IDENTITY`, which `details` took: what is asked of them after it.

    A county's rows would hold each name and address twice.
    """
    return {
        name: frame.drop(columns=list(IDENTITY), errors="ignore") for name, frame in loaded.items()
    }
