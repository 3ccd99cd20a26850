"""Under which agreement a partner shares a dataset, how much of it, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from woda_lib.partners import CONTRACTS, Agreement
from woda_lib.records import Pilot

IN_FORCE, REVIEW_DUE = "in force", "review due"
MAY_BE_READ = (IN_FORCE, REVIEW_DUE)
"""The states in which rows may be read."""

NONE = "none"
STATES = (IN_FORCE, REVIEW_DUE, "review passed", "ended", "not begun", "draft", "no party", NONE)
"""From the best to the worst. *no party*: the agreement shares the dataset, and does not bind the
partner."""

_COLUMNS = (
    "partner", "dataset", "agreement", "fields", "of", "purposes", "frequency", "review", "state",
)  # fmt: skip


def state_of(agreement: Agreement, partner: str, *, on: date, soon: int) -> str:
    """Return in which of `STATES` a partner's sharing under an agreement is.

    Parameters
    ----------
    agreement, partner
    on : date
    soon : int
        A review within so many days is due.
    """
    if partner not in agreement.partners:
        return "no party"
    if agreement.draft:
        return "draft"
    if on < agreement.starts:
        return "not begun"
    if on > agreement.ends:
        return "ended"
    if on > agreement.review:
        return "review passed"
    return REVIEW_DUE if agreement.review - on <= timedelta(days=soon) else IN_FORCE


def access(agreements: Mapping[str, Agreement], *, on: date, soon: int) -> pd.DataFrame:
    """Return what each agreement shares, a row a partner, dataset and agreement.

    Returns
    -------
    DataFrame
        ``partner, dataset, agreement``; ``fields`` that it shares ``of`` so many of the contract;
        ``purposes``, how many; ``frequency`` agreed; ``review``, the day; ``state`` of `STATES`.
    """
    rows = [
        (
            partner,
            dataset,
            name,
            len(fields),
            len(CONTRACTS[dataset].columns),
            len(agreement.purposes),
            agreement.flows[dataset].frequency,
            agreement.review,
            state_of(agreement, partner, on=on, soon=soon),
        )
        for name, agreement in agreements.items()
        for dataset, fields in agreement.datasets.items()
        for partner in CONTRACTS[dataset].partners
    ]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    return table.astype({"review": "datetime64[ns]"})


def access_of_pairs(found: pd.DataFrame) -> pd.DataFrame:
    """Return the best that is agreed for each partner and dataset, from `access`.

    Returns
    -------
    DataFrame
        As `access`, a row a partner and dataset; ``agreement`` names all that share it, and
        ``fields`` are those of the agreement that shares most among the best.
    """
    order = found["state"].map({state: place for place, state in enumerate(STATES)})
    best = found.assign(order=order).sort_values(
        ["partner", "dataset", "order", "fields"], ascending=[True, True, True, False]
    )
    first = best.drop_duplicates(["partner", "dataset"]).drop(columns="order")
    named = found.groupby(["partner", "dataset"])["agreement"].agg(
        lambda names: ", ".join(sorted(names))
    )
    return (
        first.drop(columns="agreement")
        .merge(named.reset_index(), on=["partner", "dataset"])[list(_COLUMNS)]
        .reset_index(drop=True)
    )


def agreements_table(
    agreements: Mapping[str, Agreement], pilots: Mapping[str, Pilot], *, on: date, soon: int
) -> pd.DataFrame:
    """Return a row an agreement: what it shares, until when, and which steps rest on it.

    Returns
    -------
    DataFrame
        ``agreement, parties, signed, datasets, fields, purposes, review, ends, state, steps``;
        days as months in words; ``steps`` counts those that would stop with it.
    """
    steps = dict.fromkeys(agreements, 0)
    for pilot in pilots.values():
        if pilot.agreement in steps:
            steps[pilot.agreement] += len(pilot.steps)
    rows = [
        {
            "agreement": name,
            "parties": len(each.parties),
            "signed": sum(party.signed_on is not None for party in each.parties),
            "datasets": len(each.datasets),
            "fields": sum(map(len, each.datasets.values())),
            "purposes": len(each.purposes),
            "review": f"{each.review:%b %Y}",
            "ends": f"{each.ends:%b %Y}",
            "state": state_of(each, each.parties[0].partner, on=on, soon=soon),
            "steps": steps[name],
        }
        for name, each in agreements.items()
    ]
    return pd.DataFrame(rows)
