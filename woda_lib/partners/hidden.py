"""What a purpose is not shown: each field of each dataset that is kept from it, and the clause."""

from __future__ import annotations

import pandas as pd

from woda_lib.partners.agreements import Agreement
from woda_lib.partners.datasets import CONTRACTS

COLUMNS = ["partner", "dataset", "field", "description", "use", "clause", "why"]


def hidden_fields(agreement: Agreement, purpose: str) -> pd.DataFrame:
    """Return the fields of an agreement's datasets that a purpose is not shown.

    Parameters
    ----------
    agreement : Agreement
    purpose : str
        One of the agreement's; of another everything is hidden, because it has no such purpose.

    Returns
    -------
    DataFrame
        A row a field of people's records, in the order of the agreement: ``partner`` (who holds it;
        several are joined by commas), ``dataset, field, description`` (of the contract), ``use``
        (missing where the field is not shared at all), ``clause`` (the keys of the agreement's file
        that hide it, as ``single_view.datasets.community_care.service /
        purposes.early_help.uses``) and ``why``, a
        sentence.

    Examples
    --------
    >>> hidden = hidden_fields(load_agreement("single_view", folder), "early_help")
    >>> hidden.loc[hidden["field"] == "offence_group", "clause"].item()
    'single_view.datasets.police_contacts.offence_group / purposes.early_help.uses'
    """
    rows = []
    for dataset in agreement.datasets:
        contract = CONTRACTS[dataset]
        if not contract.handles:  # nobody's record: a gazetteer, an estimate
            continue
        holders = ", ".join(name for name in contract.partners if name in agreement.partners)
        for field, column in contract.columns.items():
            if clause := clause_that_hides(agreement, purpose, dataset, field):
                use = agreement.datasets[dataset].get(field)
                why = _why(agreement, purpose, dataset, field)
                rows.append(
                    (holders, dataset, field, column.description, use, clause, f"Hidden: {why}")
                )
    return pd.DataFrame(rows, columns=COLUMNS)


def clause_that_hides(agreement: Agreement, purpose: str, dataset: str, field: str) -> str:
    """Return the keys of the agreement's file that keep a field from a purpose; else nothing."""
    shared = agreement.datasets.get(dataset)
    if purpose not in agreement.purposes:
        return f"{agreement.id}.purposes"
    if shared is None:
        return f"{agreement.id}.datasets"
    if field not in shared:
        return f"{agreement.id}.datasets.{dataset}"
    if shared[field] not in agreement.purposes[purpose].uses:
        return f"{agreement.id}.datasets.{dataset}.{field} / purposes.{purpose}.uses"
    if agreement.kept_for(dataset, field, purpose):
        return f"{agreement.id}.only_for.{dataset}.{field}"
    return ""


def _why(agreement: Agreement, purpose: str, dataset: str, field: str) -> str:
    if purpose not in agreement.purposes:
        return f"the agreement {agreement.id} has no purpose {purpose}."
    use = agreement.datasets[dataset].get(field)
    if use is None:
        return f"{field} of {dataset} is not shared under the agreement {agreement.id}."
    if use in agreement.purposes[purpose].uses:
        alone = " and ".join(agreement.kept_for(dataset, field, purpose))
        return f"{field} of {dataset} is shared for {alone} alone."
    covered = " and ".join(agreement.purposes[purpose].uses)
    return (
        f"{field} of {dataset} is shared as {use}, and the purpose {purpose} covers {covered} only."
    )
