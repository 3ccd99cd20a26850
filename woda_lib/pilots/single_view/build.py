"""The build of the single view: each piece called in its turn, plain tables in and out.

::

    details → places (which property) → who is who → residences → households
            → best view → involvements

Every function here hands on to the module that knows how; what a piece needs of another stands in
its parameters, so that each can be run and tested by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from woda_lib.linkage import LinkageSpec
from woda_lib.notebook import Run
from woda_lib.pilots.single_view.registers import NUMBERS

PLACES = ["dataset", "row_id", "uprn", "probability", "how"]
RECORDS = ["partner", "dataset", "local_id", "entity_id", "confidence", "since"]


def match_addresses(details: pd.DataFrame, gazetteer: pd.DataFrame) -> pd.DataFrame:
    """Return the property of each row: `dataset, row_id, uprn, probability, how`.

    Parameters
    ----------
    details
        From `details.details`: `dataset, row_id, address, postcode, uprn` are read.
    gazetteer
        The rows of the gazetteer as loaded.
    """
    parts = ["sub_building", "building", "street", "locality", "town"]
    written = gazetteer[parts].fillna("").agg(" ".join, axis=1) + gazetteer["postcode"].fillna("")
    known = pd.DataFrame({"key": _plain(written), "found": gazetteer["uprn"]})
    known = known.drop_duplicates("key", keep=False).set_index("key")["found"]
    keys = _plain(details["address"].fillna("") + details["postcode"].fillna(""))
    found = details["uprn"].fillna(keys.map(known))
    how = np.where(details["uprn"].notna(), "given", "exact")
    table = details[["dataset", "row_id"]].assign(uprn=found, how=how)
    table = table.assign(probability=found.notna().map({True: 1.0, False: np.nan}))
    return table.assign(how=table["how"].where(found.notna()))[PLACES]


def people(details: pd.DataFrame, places: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return one record for each number by which a partner knows somebody, by source of linkage.

    Of each field the newest value counts; `home` is the newest property.
    """
    rows = details.merge(
        places[["dataset", "row_id", "uprn"]],
        on=["dataset", "row_id"],
        suffixes=("_given", ""),
        how="left",
    )
    rows = rows.rename(columns={"local_id": "id", "uprn": "home"}).sort_values("started_on")
    fields = ["nhs_number", "forename", "surname", "date_of_birth", "sex", "home", "postcode"]
    newest = rows.groupby(["dataset", "id"], observed=True, sort=False)[fields].last()
    newest = newest.reset_index()
    return {
        str(name): frame.drop(columns="dataset").reset_index(drop=True)
        for name, frame in newest.groupby("dataset", observed=True)
    }


def specification(run: Run) -> LinkageSpec:
    """Return how people are linked (``parameters/linkage/single_view.yaml``), an input."""
    path = run.parameters_folder / "linkage" / "single_view.yaml"
    run.record_input(path, path.name)
    return LinkageSpec.from_yaml(path)


def records_table(clusters: pd.DataFrame, details: pd.DataFrame) -> pd.DataFrame:
    """Return who is who by partner, dataset and number, and since when the partner knows them."""
    known = details.groupby(["partner", "dataset", "local_id"], observed=True, as_index=False)
    first = known["started_on"].min().rename(columns={"started_on": "since"})
    named = clusters.rename(columns={"source": "dataset", "id": "local_id"})
    table = first.astype({"dataset": str}).merge(named, on=["dataset", "local_id"])
    return table[RECORDS]


def numbers() -> Mapping[str, str]:
    """By source, the field whose pseudonyms its records go by; for `Run.save_identities`."""
    return NUMBERS


def _plain(texts: pd.Series) -> pd.Series:
    return texts.str.lower().str.replace(re.compile("[^a-z0-9]"), "", regex=True)
