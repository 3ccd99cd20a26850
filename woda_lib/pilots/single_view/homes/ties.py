"""What ties people of one address to each other: a tenancy, a claim, an account, a kinship."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.plain_forms import numbered
from woda_lib.pilots.single_view.details import stretches_of
from woda_lib.pilots.single_view.homes.coding import categorical, named, objects_of, places_of_texts
from woda_lib.pilots.single_view.homes.errors import require_columns

COLUMNS = ["entity_id", "dataset", "group", "kinship", "starts", "ends"]
GROUPS = {
    "tenancy_members": ("member_number", "letting_id"),
    "benefit_claims": ("claim_person_id", "claim_id"),
    "council_tax_accounts": ("liable_person_id", "account_id"),
}
"""By dataset, the number of a person and what their household shares."""


def ties(
    loaded: Mapping[str, pd.DataFrame],
    records: pd.DataFrame,
    known: Mapping[str, npt.NDArray[np.integer]] | None = None,
) -> pd.DataFrame:
    """Return who stands in which tenancy, claim or account, and as what.

    Parameters
    ----------
    loaded
        The datasets of `GROUPS` by name, as far as there are any.
    records
        `dataset, local_id, entity_id`.
    known
        From `records_of`, of the same tables; else each number is looked up.

    Returns
    -------
    DataFrame
        `entity_id`; `dataset`; `group`, a number, the same for those who stand in one together;
        `kinship` to the first named (self, partner, child, parent, other_relative, not_related),
        missing where it is not told; `starts`, `ends` (missing: still).
    """
    require_columns(records, ("dataset", "local_id", "entity_id"), table="records")
    parts: list[dict[str, npt.NDArray]] = []
    names: list[str] = []
    number = 0
    for dataset, (local_id, group) in GROUPS.items():
        if dataset not in loaded:
            continue
        frame = loaded[dataset]
        at = known[dataset] if known else _looked_up(frame[local_id], dataset, records)
        shared, groups = numbered(objects_of(frame[group]))
        told_of = np.flatnonzero((at >= 0) & (shared >= 0))
        told = frame["kinship"] if "kinship" in frame else pd.Series(None, frame.index, object)
        parts.append(
            {
                "record": at[told_of],
                "dataset": np.full(len(told_of), len(names), dtype=np.int8),
                "group": shared[told_of] + number,
                "kinship": objects_of(told)[told_of],
                "starts": frame["started_on"].to_numpy("datetime64[s]")[told_of],
                "ends": frame["ended_on"].to_numpy("datetime64[s]")[told_of],
            }
        )
        names.append(dataset)
        number += len(groups)
    entity = categorical(records["entity_id"]).cat
    if not any(len(part["record"]) for part in parts):
        nobody = named(entity.codes.to_numpy()[:0], entity.categories)
        return pd.DataFrame(columns=COLUMNS).assign(entity_id=nobody)
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    kinship, kinds = pd.factorize(whole["kinship"])
    texts = {
        "entity_id": named(entity.codes.to_numpy()[whole.pop("record")], entity.categories),
        "dataset": named(whole["dataset"], pd.Index(names)),
        "kinship": named(kinship, pd.Index(kinds, dtype=object)),
    }
    return pd.DataFrame(whole | texts, columns=COLUMNS, copy=False)


def records_of(
    loaded: Mapping[str, pd.DataFrame],
    registrations: pd.Series,
    at: npt.NDArray[np.integer],
) -> dict[str, npt.NDArray[np.int32]]:
    """Return by dataset the place of each row's record; −1 where it is not told.

    Parameters
    ----------
    loaded
        The datasets by name, that `details.details` was made of.
    registrations
        The place of the record of some of its rows, as `build.with_entities` counts them.
    at
        The place of each of these among all rows.
    """
    record = np.full(sum(map(len, loaded.values())), -1, dtype=np.int32)
    record[at] = registrations.to_numpy()
    return {name: record[rows] for name, rows in stretches_of(loaded).items()}


def _looked_up(
    numbers: pd.Series, dataset: str, records: pd.DataFrame
) -> npt.NDArray[np.signedinteger]:
    """Return the place of each number's record in a dataset; −1 where there is none."""
    own = np.flatnonzero(records["dataset"].eq(dataset).to_numpy(dtype=bool))
    at = places_of_texts(objects_of(numbers), objects_of(records["local_id"])[own])
    return np.append(own, -1)[at]


def kinships(tied: pd.DataFrame) -> pd.Series:
    """Return each person's latest kinship to the first named, by `entity_id`."""
    told = tied.dropna(subset=["kinship"])
    if told.empty:
        return pd.Series(dtype=object, index=pd.Index([], dtype=object))
    last = told.sort_values("starts", kind="stable").drop_duplicates("entity_id", keep="last")
    return pd.Series(last["kinship"].array, index=pd.Index(last["entity_id"]))


def holdings(tied: pd.DataFrame) -> pd.DataFrame:
    """Return who held a council-tax account or a tenancy when: `entity_id, starts, ends`."""
    tenant = tied["dataset"].eq("tenancy_members") & tied["kinship"].isin(["self", "partner"])
    holds = tied["dataset"].eq("council_tax_accounts") | tenant
    return tied.loc[holds, ["entity_id", "starts", "ends"]]
