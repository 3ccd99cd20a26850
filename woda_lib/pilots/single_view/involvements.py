"""Who already helps: each person's time with each service, whatever its partner calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.beside import Beside
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


MANY_ROWS = 100_000
"""Rows from which another process is worth beginning."""

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Whose:
    """Whose rows these are, and where, as whole numbers: what another process hands back soonest.

    Attributes
    ----------
    people, homes
        The rows of `records` and of `places` that name each person and each property first.
    rows
        By dataset, three arrays of a length: the rows that are of somebody who is known, the number
        of the person and that of the property (−1 where it is not known).
    """

    people: Numbers
    homes: Numbers
    rows: Mapping[str, tuple[Numbers, Numbers, Numbers]]


def whose_beside(
    loaded: Mapping[str, pd.DataFrame], records: pd.DataFrame, places: pd.DataFrame
) -> Beside[Whose]:
    """Let another process find whose rows these are; parameters as for `involvements`."""
    number = sum(map(len, loaded.values()))
    return Beside(lambda: whose(loaded, records, places), worth_it=number >= MANY_ROWS)


def whose(loaded: Mapping[str, pd.DataFrame], records: pd.DataFrame, places: pd.DataFrame) -> Whose:
    """Return whose rows these are; parameters as for `involvements`."""
    require_columns(records, ("dataset", "local_id", "entity_id"), table="records")
    require_columns(places, ("dataset", "row_id", "uprn"), table="places")
    entities, uprns = (
        # Of the texts: of categories not every one need stand in a row.
        categorical(column.astype(object))
        for column in (records["entity_id"], places["uprn"])
    )
    people, homes = (
        {str(key): part for key, part in table.groupby(table["dataset"].astype(str))}
        for table in (records.assign(entity_id=entities), places.assign(uprn=uprns))
    )
    rows = {}
    for name in SERVICES:
        if name not in loaded:
            continue
        contract, frame = CONTRACTS[name], loaded[name]
        known, there = people.get(name, records[:0]), homes.get(name, places[:0])
        number, key = frame[contract.handles[-1]], frame[contract.key]
        person = _looked_up(number, known["local_id"], known["entity_id"], entities.cat.categories)
        at = np.flatnonzero(person >= 0).astype(np.int32)
        home = _looked_up(key, there["row_id"], there["uprn"], uprns.cat.categories)
        rows[name] = (at, person[at], home[at])
    return Whose(_firsts(entities), _firsts(uprns), rows)


def involvements(
    loaded: Mapping[str, pd.DataFrame],
    records: pd.DataFrame,
    places: pd.DataFrame,
    known: Whose | None = None,
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
    known
        From `whose_beside`, of the same tables.

    Returns
    -------
    DataFrame
        `entity_id, partner, dataset, row_id, local_id`; `service`; `started_on`, `ended_on`
        (missing while it goes on); `status`, open or closed, as the partner says or else by its
        end; `team` and `uprn`, missing where not told. By dataset, in the order of its rows.
    """
    known = known or whose(loaded, records, places)
    if not known.rows:
        return pd.DataFrame(columns=COLUMNS)
    parts = [_one(name, loaded[name], *found) for name, found in known.rows.items()]
    table = pd.concat(parts, ignore_index=True)
    # Put together as numbers: of categories pandas would compare all values, dataset by dataset.
    for name, column, firsts in (
        ("entity_id", records["entity_id"], known.people),
        ("uprn", places["uprn"], known.homes),
    ):
        table[name] = named(table[name], pd.Index(column.to_numpy(dtype=object)[firsts]))
    for name in ("partner", "dataset", "service", "status", "team"):
        table[name] = table[name].astype("category")
    return table


def _one(
    dataset: str, frame: pd.DataFrame, at: Numbers, person: Numbers, home: Numbers
) -> pd.DataFrame:
    """Return one dataset's rows, people and properties as numbers among the known ones."""
    contract = CONTRACTS[dataset]
    rows = frame.iloc[at].reset_index(drop=True)
    ended = rows["ended_on"]
    if dataset in ON_ONE_DAY:
        ended = ended.fillna(rows["started_on"])
    service = SERVICES[dataset]
    by_end = np.where(ended.isna(), "open", "closed")
    return pd.DataFrame(
        {
            "entity_id": person,
            "partner": rows["partner"].astype(object),
            "dataset": dataset,
            "row_id": rows[contract.key],
            "local_id": rows[contract.handles[-1]],
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


def _firsts(column: pd.Series) -> Numbers:
    """Return the row in which each category stands first, in the order of the categories."""
    codes = column.cat.codes.to_numpy()
    at = np.flatnonzero(codes >= 0)[::-1]
    firsts = np.empty(len(column.cat.categories), dtype=np.int32)
    firsts[codes[at]] = at  # of several, the last that is written stays
    return firsts
