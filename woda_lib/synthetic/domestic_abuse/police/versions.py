"""The rows that police deliver of entries: first, and again whenever something has changed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.synthetic.draws import as_days

_ROLES_SWAPPED = {"victim": "perpetrator", "perpetrator": "victim"}


def incident_versions(entries: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """Return every version of the entries' own rows.

    Returns
    -------
    entry : numpy.ndarray
        Position of each version's entry.
    states : pandas.DataFrame
        ``on`` (day of delivery), ``record_status, crime_type, outcome`` as they stood.
    """
    changes = ("crime_on", "outcome_on", "withdrawn_on")
    entry, on = _written(entries, np.arange(len(entries)), changes)
    own = entries.iloc[entry]

    def by_then(change: str, after: str, before: str) -> np.ndarray:
        happened = as_days(own[change]) <= on
        return np.where(happened, own[after].to_numpy(object), own[before].to_numpy(object))

    states = pd.DataFrame(
        {
            "on": on,
            "record_status": _status(own, on),
            "crime_type": by_then("crime_on", "crime", "crime_first"),
            "outcome": by_then("outcome_on", "outcome", "outcome_first"),
        }
    )
    return entry, states


def involvement_versions(
    entries: pd.DataFrame, involvements: pd.DataFrame
) -> tuple[np.ndarray, pd.DataFrame]:
    """Return every version of the rows of persons: ``on, record_status, role, recorded_on``."""
    entry_of = involvements["entry"].to_numpy()
    # Only the roles of the two are put right.
    two = involvements["role"].isin(list(_ROLES_SWAPPED)).to_numpy()
    row, on = _written(entries, entry_of, ("withdrawn_on", "swap_found_on"))
    own = entries.iloc[entry_of[row]]
    found = as_days(own["swap_found_on"]) == on
    gone = as_days(own["withdrawn_on"]) == on
    first = as_days(own["delivered_on"]) == on
    kept = two[row] | ~found | gone | first
    row, on, own, first = row[kept], on[kept], own.loc[kept], first[kept]
    wrong = own["swapped"].to_numpy() & ~(as_days(own["swap_found_on"]) <= on)
    role = involvements["role"].to_numpy(dtype=object)[row]
    other = pd.Series(role).replace(_ROLES_SWAPPED).to_numpy(dtype=object)
    states = pd.DataFrame(
        {
            "on": on,
            "record_status": _status(own, on),
            "role": np.where(wrong, other, role),
            "recorded_on": np.where(first, as_days(own["reported_at"]), on).astype(
                "datetime64[ns]"
            ),
        }
    )
    return row, states


def _written(
    entries: pd.DataFrame, entry_of: np.ndarray, changes: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """When rows are written: at first, and with each change until they are withdrawn."""
    delivered = as_days(entries["delivered_on"])[entry_of]
    rows = [np.arange(len(entry_of))]
    days = [delivered]
    gone = as_days(entries["withdrawn_on"])[entry_of]
    for change in changes:
        on = as_days(entries[change])[entry_of]
        happens = np.flatnonzero((on > delivered) & ~(on > gone))
        rows.append(happens)
        days.append(on[happens])
    table = pd.DataFrame({"row": np.concatenate(rows), "on": np.concatenate(days)})
    table = table.drop_duplicates().sort_values(["row", "on"], ignore_index=True)
    return table["row"].to_numpy(), as_days(table["on"])


def _status(own: pd.DataFrame, on: np.ndarray) -> np.ndarray:
    gone = as_days(own["withdrawn_on"]) <= on
    return np.where(gone, "withdrawn", "current").astype(object)
