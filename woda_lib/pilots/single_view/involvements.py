"""Who already helps: each person's time with each service, whatever its partner calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.fast.threads import at_once, share_out
from woda_lib.linkage.plain_forms import numbered
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.pilots.single_view.homes.coding import named
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
    # Arrow holds no lock while it hashes, so that two columns are looked up at a time.
    (entity, entities), (uprn, uprns), numbers, rows = at_once(
        lambda: _numbered(records["entity_id"]),
        lambda: _numbered(places["uprn"]),
        lambda: _texts(records["local_id"]),
        lambda: _texts(places["row_id"]),
    )
    people = _Known.by_dataset(records["dataset"], numbers, entity)
    homes = _Known.by_dataset(places["dataset"], rows, uprn)
    nobody = _Known.nothing()
    asked = [
        (known.get(name, nobody), loaded[name][column])
        for name in found
        for known, column in ((people, CONTRACTS[name].handles[-1]), (homes, CONTRACTS[name].key))
    ]
    beside = share_out(_Known.beside, asked)
    parts = [
        _one(name, loaded[name], person, home)
        for name, person, home in zip(found, beside[::2], beside[1::2], strict=True)
    ]
    table = pd.concat(parts, ignore_index=True)
    # Put together as numbers: of categories pandas would compare all values, dataset by dataset.
    table["entity_id"] = named(table["entity_id"], entities)
    table["uprn"] = named(table["uprn"], uprns)
    for name in ("partner", "dataset", "service", "status", "team"):
        table[name] = table[name].astype("category")
    return table


@dataclass(frozen=True)
class _Known:
    """Texts of one dataset, and the number that stands beside each."""

    keys: pa.StringArray
    numbers: Numbers

    @classmethod
    def nothing(cls) -> Self:
        return cls(pa.array([], type=pa.string()), np.empty(0, dtype=np.int32))

    @classmethod
    def by_dataset(
        cls, dataset: pd.Series, keys: pa.StringArray, numbers: Numbers
    ) -> dict[str, Self]:
        codes, names = pd.factorize(dataset)
        each = [(str(name), codes == code) for code, name in enumerate(names)]
        return {name: cls(keys.filter(pa.array(rows)), numbers[rows]) for name, rows in each}

    def beside(self, asked: pd.Series) -> Numbers:
        """Return the number beside each text, the first of several; −1 for none."""
        place = pc.index_in(_texts(asked), value_set=self.keys, skip_nulls=True).fill_null(-1)
        found: Numbers = np.append(self.numbers, np.int32(-1))[place.to_numpy()]
        return found


def _texts(column: pd.Series) -> pa.StringArray:
    return pa.array(np.asarray(column, dtype=object), type=pa.string(), from_pandas=True)


def _numbered(column: pd.Series) -> tuple[Numbers, pd.Index]:
    """Number texts in the order in which they come, −1 where one is missing; return both."""
    codes, texts = numbered(np.asarray(column, dtype=object))
    return codes.astype(np.int32), pd.Index(texts, dtype=object)


def _one(dataset: str, frame: pd.DataFrame, person: Numbers, home: Numbers) -> pd.DataFrame:
    """Return one dataset's rows, people and properties as numbers among the known ones."""
    contract = CONTRACTS[dataset]
    key, number = contract.key, contract.handles[-1]
    at = np.flatnonzero(person >= 0)
    rows = frame.iloc[at].reset_index(drop=True)
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
            "uprn": home[at],
        }
    )
