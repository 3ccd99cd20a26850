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

COLUMNS = ["entity_id", "group", "kinship", "starts", "ends"]
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
        `entity_id`; `group`, the same for those who stand in it together; `kinship` to the first
        named (self, partner, child, parent, other_relative, not_related), missing where it is not
        told; `starts`, `ends` (missing: still).
    """
    require_columns(records, ("dataset", "local_id", "entity_id"), table="records")
    entity = categorical(records["entity_id"])
    own_codes, names = entity.cat.codes.to_numpy(), entity.cat.categories
    parts: list[pd.DataFrame] = []
    written: list[str] = []
    for dataset, (number, group) in GROUPS.items():
        if dataset not in loaded:
            continue
        own = np.flatnonzero(records["dataset"].eq(dataset).to_numpy(dtype=bool))
        frame = loaded[dataset]
        at = _places(objects_of(frame[number]), objects_of(records["local_id"])[own])
        known = np.flatnonzero((at >= 0) & frame[group].notna().to_numpy())
        codes, groups = pd.factorize(objects_of(frame[group])[known])
        parts.append(
            pd.DataFrame(
                {
                    "entity_id": own_codes[own[at[known]]],
                    "group": codes + len(written),
                    "kinship": objects_of(frame["kinship"])[known] if "kinship" in frame else None,
                    "starts": frame["started_on"].to_numpy()[known],
                    "ends": frame["ended_on"].to_numpy()[known],
                }
            ).astype({"kinship": object})
        )
        written += [f"{dataset}:{name}" for name in groups]
    some = [part for part in parts if len(part)]
    if not some:
        return pd.DataFrame(columns=COLUMNS)
    told = {"entity_id": names, "group": pd.Index(written, dtype=object)}
    # Column by column: of frames pandas would ask of each kinship whether it is missing.
    return pd.DataFrame(
        {
            name: named(np.concatenate([part[name] for part in some]), texts)
            for name, texts in told.items()
        }
        | {"kinship": np.concatenate([objects_of(part["kinship"]) for part in some])}
        | {
            name: pd.concat([part[name] for part in some], ignore_index=True)
            for name in ("starts", "ends")
        }
    )[COLUMNS]


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
    return pd.Series(objects_of(last["kinship"]), index=pd.Index(last["entity_id"]))


def holdings(tied: pd.DataFrame) -> pd.DataFrame:
    """Return who held a council-tax account or a tenancy when: `entity_id, starts, ends`."""
    group = categorical(tied["group"])
    texts, codes = pa.array(group.cat.categories, type=pa.string()), group.cat.codes.to_numpy()
    # The last is of whoever stands in no group.
    account, tenancy = (
        np.append(pc.starts_with(texts, f"{name}:"), False)[codes]
        for name in ("council_tax_accounts", "tenancy_members")
    )
    holds = account | (tenancy & tied["kinship"].isin(["self", "partner"]))
    return tied.loc[holds, ["entity_id", "starts", "ends"]]
