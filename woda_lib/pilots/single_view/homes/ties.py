"""What ties people of one address to each other: a tenancy, a claim, an account, a kinship."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from woda_lib.pilots.single_view.homes.coding import categorical
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
    parts = []
    for dataset, (number, group) in GROUPS.items():
        if dataset not in loaded:
            continue
        own = records.loc[records["dataset"] == dataset, ["local_id", "entity_id"]]
        frame = loaded[dataset].reindex(
            columns=[number, group, "kinship", "started_on", "ended_on"]
        )
        frame = frame.dropna(subset=[group]).rename(
            columns={number: "local_id", group: "group", "started_on": "starts", "ended_on": "ends"}
        )
        named = frame.merge(own, on="local_id")
        codes, groups = pd.factorize(named["group"])
        written = np.array([f"{dataset}:{group}" for group in groups], dtype=object)
        parts.append(named.assign(group=written[codes])[COLUMNS])
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    some = [part.astype({"kinship": object}) for part in parts if len(part)]
    if not some:
        return parts[0]
    together = pd.concat(some, ignore_index=True)
    return together.assign(**{name: categorical(together[name]) for name in ("entity_id", "group")})


def kinships(tied: pd.DataFrame) -> pd.Series:
    """Return each person's latest kinship to the first named, by `entity_id`."""
    told = tied.dropna(subset=["kinship"])
    if told.empty:
        return pd.Series(dtype=object, index=pd.Index([], dtype=object))
    last = told.sort_values("starts", kind="stable").drop_duplicates("entity_id", keep="last")
    return pd.Series(
        last["kinship"].astype(object).to_numpy(), index=last["entity_id"].astype(object)
    )


def holdings(tied: pd.DataFrame) -> pd.DataFrame:
    """Return who held a council-tax account or a tenancy when: `entity_id, starts, ends`."""
    group = categorical(tied["group"])
    dataset = pd.Series(group.cat.categories, dtype=object).str.split(":").str[0].to_numpy()
    account, tenancy = (
        group.isin(group.cat.categories[dataset == name])
        for name in ("council_tax_accounts", "tenancy_members")
    )
    holds = account | (tenancy & tied["kinship"].isin(["self", "partner"]))
    return tied.loc[holds, ["entity_id", "starts", "ends"]]
