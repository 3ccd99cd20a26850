"""What ties people of one address to each other: a tenancy, a claim, an account, a kinship."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.pilots.single_view.homes.coding import categorical, named, objects_of
from woda_lib.pilots.single_view.homes.errors import require_columns

COLUMNS = ["entity_id", "dataset", "group", "kinship", "starts", "ends"]
GROUPS = {
    "tenancy_members": ("member_number", "letting_id"),
    "benefit_claims": ("claim_person_id", "claim_id"),
    "council_tax_accounts": ("liable_person_id", "account_id"),
}
"""By dataset, the number of a person and what their household shares."""


def ties(loaded: Mapping[str, pd.DataFrame], records: pd.DataFrame) -> pd.DataFrame:
    """Return who stands in which tenancy, claim or account, and as what.

    Parameters
    ----------
    loaded
        The datasets of `GROUPS` by name, as far as there are any.
    records
        `dataset, local_id, entity_id`.

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
        own = np.flatnonzero(records["dataset"].eq(dataset).to_numpy(dtype=bool))
        frame = loaded[dataset]
        at = _places(objects_of(frame[local_id]), objects_of(records["local_id"])[own])
        shared, groups = pd.factorize(objects_of(frame[group]))
        known = np.flatnonzero((at >= 0) & (shared >= 0))
        told = frame["kinship"] if "kinship" in frame else pd.Series(None, frame.index, object)
        parts.append(
            {
                "record": own[at[known]],
                "dataset": np.full(len(known), len(names), dtype=np.int8),
                "group": shared[known] + number,
                "kinship": objects_of(told)[known],
                "starts": frame["started_on"].to_numpy("datetime64[s]")[known],
                "ends": frame["ended_on"].to_numpy("datetime64[s]")[known],
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


def _places(
    wanted: npt.NDArray[np.object_], held: npt.NDArray[np.object_]
) -> npt.NDArray[np.signedinteger]:
    """Return the place of each text among the held ones; −1 for none."""
    try:
        texts = [pa.array(each, pa.large_string(), from_pandas=True) for each in (wanted, held)]
    except (pa.ArrowException, UnicodeEncodeError):  # numbers that are no texts, or half a letter
        known = pd.Index(held, dtype=object)
        found = np.where(pd.isna(wanted), -1, known.get_indexer(pd.Index(wanted, dtype=object)))
        return np.asarray(found, dtype=np.intp)
    return np.asarray(pc.index_in(*texts, skip_nulls=True).fill_null(-1))


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
