"""Who already helps: each person's time with each service, whatever its partner calls it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.partners.datasets import CONTRACTS
from woda_lib.pilots.single_view.homes.coding import categorical, codes_in, named
from woda_lib.pilots.single_view.homes.errors import require_columns

COLUMNS = [
    "entity_id", "partner", "dataset", "row_id", "local_id", "service", "started_on", "ended_on",
    "status", "team", "uprn",
]  # fmt: skip
SERVICES = {
    "patient_registrations": "hospital",
    "community_care": None,
    "care_services": None,
    "school_census": "school",
    "benefit_claims": None,
    "council_tax_accounts": "council_tax",
    "tenancy_members": "social_tenancy",
    "travel_passes": None,
    "police_contacts": "police",
    "safe_and_well_visits": "safe_and_well_visit",
    "support_clients": None,
}
"""What a dataset's service is called where its rows do not name one."""
ON_ONE_DAY = frozenset({"police_contacts", "safe_and_well_visits"})
"""Datasets whose rows are over on the day on which they began."""


Numbers = npt.NDArray[np.int32]


def involvements(
    loaded: Mapping[str, pd.DataFrame], records: pd.DataFrame, places: pd.DataFrame
) -> pd.DataFrame:
    """Return one row a person and a time with a service.

    Parameters
    ----------
    loaded
        The datasets of `SERVICES` by name, as far as there are any.
    records
        `dataset, local_id, entity_id`; who is in no record is left out.
    places
        `dataset, row_id, uprn`.

    Returns
    -------
    DataFrame
        `entity_id, partner, dataset, row_id, local_id`; `service`; `started_on`, `ended_on`
        (missing while it goes on); `status`, open or closed, as the partner says or else by its
        end; `team` and `uprn`, missing where not told. By dataset, in the order of its rows.
    """
    require_columns(records, ("dataset", "local_id", "entity_id"), table="records")
    require_columns(places, ("dataset", "row_id", "uprn"), table="places")
    found = [name for name in SERVICES if name in loaded]
    if not found:
        return pd.DataFrame(columns=COLUMNS)
    records = records.assign(entity_id=categorical(records["entity_id"]))
    places = places.assign(uprn=categorical(places["uprn"]))
    entities, uprns = records["entity_id"].cat.categories, places["uprn"].cat.categories
    people, homes = (
        {str(key): part for key, part in table.groupby(table["dataset"].astype(str))}
        for table in (records, places)
    )
    parts = [
        _one(name, loaded[name], people.get(name, records[:0]), homes.get(name, places[:0]),
             entities, uprns)
        for name in found
    ]  # fmt: skip
    table = pd.concat(parts, ignore_index=True)
    # Put together as numbers: of categories pandas would compare all values, dataset by dataset.
    table["entity_id"] = named(table["entity_id"], entities)
    table["uprn"] = named(table["uprn"], uprns)
    for name in ("partner", "dataset", "service", "status", "team"):
        table[name] = table[name].astype("category")
    return table


def _one(
    dataset: str,
    frame: pd.DataFrame,
    people: pd.DataFrame,
    homes: pd.DataFrame,
    entities: pd.Index,
    uprns: pd.Index,
) -> pd.DataFrame:
    """Return one dataset's rows, people and properties as numbers among the known ones."""
    contract = CONTRACTS[dataset]
    key, number = contract.key, contract.handles[-1]
    person = _looked_up(frame[number], people["local_id"], people["entity_id"], entities)
    at = np.flatnonzero(person >= 0)
    rows = frame.iloc[at].reset_index(drop=True)
    home = _looked_up(rows[key], homes["row_id"], homes["uprn"], uprns)
    ended = rows["ended_on"]
    if dataset in ON_ONE_DAY:
        ended = ended.fillna(rows["started_on"])
    service = SERVICES[dataset]
    by_end = np.where(ended.isna(), "open", "closed")
    return pd.DataFrame(
        {
            "entity_id": person[at],
            "partner": rows["partner"].astype(object),
            "dataset": dataset,
            "row_id": rows[key],
            "local_id": rows[number],
            "service": rows["service"].astype(object) if service is None else service,
            "started_on": rows["started_on"],
            "ended_on": ended,
            "status": rows["status"].astype(object) if "status" in rows else by_end,
            "team": rows["team"].astype(object) if "team" in rows else None,
            "uprn": home,
        }
    )


def _looked_up(asked: pd.Series, keys: pd.Series, values: pd.Series, known: pd.Index) -> Numbers:
    """Return the number of the value that stands beside each key; −1 for none."""
    first = ~keys.duplicated() & keys.notna()
    index = pd.Index(keys[first].astype(object))
    place = index.get_indexer(pd.Index(asked.astype(object)))
    code = codes_in(values[first], known)
    found: Numbers = np.append(code, np.int32(-1))[place]
    return found
