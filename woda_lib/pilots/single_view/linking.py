"""Who is who in the single view: the rules, and the table that later steps read.

`woda_lib.pilots.linking.link_from` finds who is who; its store holds `links`, `doubts` and `events`
as they are saved.
"""

from __future__ import annotations

import pandas as pd

from woda_lib.linkage import LinkageSpec
from woda_lib.linkage.assign import KEY
from woda_lib.notebook import Run
from woda_lib.pilots.linking import Linked

RECORDS = ["partner", "dataset", "local_id", "entity_id", "confidence", "since"]


def specification(run: Run) -> LinkageSpec:
    """Return how people are linked (``parameters/linkage/single_view.yaml``), an input."""
    path = run.parameters_folder / "linkage" / "single_view.yaml"
    run.record_input(path, path.name)
    return LinkageSpec.from_yaml(path)


def records_table(linked: Linked, records: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return who is who.

    Parameters
    ----------
    linked
    records
        From `people.records`.

    Returns
    -------
    DataFrame
        `partner, dataset, local_id, entity_id, confidence, since`: a row a number by which a
        partner knows somebody, `since` the day from which it has been taken to be of this person.
    """
    known = linked.store.current[[*KEY, "since"]]
    table = linked.clusters.merge(known, on=KEY, validate="one_to_one")
    partners = {name: frame["partner"].iloc[0] for name, frame in records.items() if len(frame)}
    table = table.rename(columns={"source": "dataset", "id": "local_id"})
    table["partner"] = table["dataset"].map(partners)
    kinds = {"partner": "category", "dataset": "category", "entity_id": "string"}
    return table[RECORDS].astype(kinds)
