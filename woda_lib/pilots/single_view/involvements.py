"""Who already helps: each person's time with each service, whatever its partner calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.fast.threads import share_out
from woda_lib.linkage.plain_forms import numbered
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.pilots.single_view.details import stretches_of
from woda_lib.pilots.single_view.homes.coding import categorical, named, objects_of
from woda_lib.pilots.single_view.homes.errors import HomesError, require_columns

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
    loaded: Mapping[str, pd.DataFrame],
    rows: pd.DataFrame,
    places: pd.DataFrame,
    at: npt.NDArray[np.integer],
) -> pd.DataFrame:
    """Return one row a person and a time with a service.

    Parameters
    ----------
    loaded
        By name, the datasets that `details.details` was made of, each row in its place.
    rows
        `row_id, entity_id`, a row a row of theirs that is told of; who is nobody is left out.
    places
        `uprn`, of the same rows.
    at
        The place of each among all rows that `details.details` made of the datasets.

    Raises
    ------
    HomesError
        If the tables are others than those, or in another order.

    Returns
    -------
    DataFrame
        `entity_id, partner, dataset, row_id, local_id`; `service`; `started_on`, `ended_on`
        (missing while it goes on); `status`, open or closed, as the partner says or else by its
        end; `team` and `uprn`, missing where not told. By dataset, in the order of its rows.
    """
    require_columns(rows, ("row_id", "entity_id"), table="rows")
    require_columns(places, ("uprn",), table="places")
    found = [name for name in SERVICES if name in loaded]
    if not found:
        return pd.DataFrame(columns=COLUMNS)
    theirs = stretches_of(loaded)
    size = sum(map(len, loaded.values()))
    person, entities = _beside(rows["entity_id"], at, size)
    home, uprns = _beside(places["uprn"], at, size)
    told = {name: np.flatnonzero(person[theirs[name]] >= 0) for name in found}
    parts = [_one(name, loaded[name], told[name]) for name in found]
    whole = np.concatenate([theirs[name].start + told[name] for name in found])
    columns = {
        name: pd.concat([part[name] for part in parts], ignore_index=True)
        for name in ("row_id", "local_id", "started_on", "ended_on")
    }
    asked = np.empty(size, dtype=object)
    asked[at] = objects_of(rows["row_id"])
    if not np.array_equal(objects_of(columns["row_id"]), asked[whole]):
        raise HomesError(
            "The datasets are not those of which the table of rows was made, or their rows stand "
            "in another order. Give the tables that were given to details()."
        )
    sizes = [len(part["row_id"]) for part in parts]
    texts = ("partner", "dataset", "service", "status", "team")
    few = share_out(
        lambda name: _together([part[name] for part in parts], sizes), [(name,) for name in texts]
    )
    people = {"entity_id": named(person[whole], entities), "uprn": named(home[whole], uprns)}
    return pd.DataFrame(
        people | columns | dict(zip(texts, few, strict=True)), columns=COLUMNS, copy=False
    )


def _beside(column: pd.Series, at: npt.NDArray[np.integer], size: int) -> tuple[Numbers, pd.Index]:
    """Number the texts of some rows among all, −1 where none is told; return both."""
    coded = categorical(column)
    numbers = np.full(size, -1, dtype=np.int32)
    numbers[at] = coded.cat.codes
    return numbers, coded.cat.categories


def _some(column: pd.Series, at: npt.NDArray[np.integer]) -> pd.Series:
    """Return some rows in their order; mostly they are all, which need not be copied."""
    return column if len(at) == len(column) else column.take(at)


def _one(dataset: str, whole: pd.DataFrame, at: npt.NDArray[np.integer]) -> dict[str, Any]:
    """Return some rows of a dataset by column: a text for a column that has no other."""
    contract = CONTRACTS[dataset]
    read = {contract.key, contract.handles[-1], *COLUMNS} & {*whole.columns}
    rows = {name: _some(whole[name], at) for name in read}
    ended = rows["ended_on"]
    if dataset in ON_ONE_DAY:
        ended = ended.fillna(rows["started_on"])
    by_end = pd.Series(named(ended.isna().to_numpy(np.int8), pd.Index(["closed", "open"])))
    return {
        "partner": rows["partner"],
        "dataset": dataset,
        "row_id": rows[contract.key],
        "local_id": rows[contract.handles[-1]],
        "service": SERVICES[dataset] or rows["service"],
        "started_on": rows["started_on"],
        "ended_on": ended,
        "status": rows.get("status", by_end),
        "team": rows.get("team"),
    }


def _together(said: Sequence[pd.Series | str | None], sizes: Sequence[int]) -> pd.Categorical:
    """Put a column of few values together: as it is, or one text or nothing in all rows."""
    coded = [
        numbered(
            objects_of(each if isinstance(each, pd.Series) else pd.Series([each], dtype=object))
        )
        for each in said
    ]
    kept = [values if size else values[:0] for (_, values), size in zip(coded, sizes, strict=True)]
    known = pd.Index(sorted(set().union(*kept)), dtype=object)
    codes = [
        np.append(known.get_indexer(pd.Index(values, dtype=object)), -1)[own]
        for own, values in coded
    ]
    whole = [
        own if len(own) == size else np.broadcast_to(own, size)
        for own, size in zip(codes, sizes, strict=True)
    ]
    return named(np.concatenate(whole), known)
