"""Whose each agency's rows are: the partners' own numbers, turned into people and places.

Every agency knows people by its own number. `1_link` says which of them are one person, and how
sure that is; here its tables are laid beside the agencies' rows.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from woda_lib.partners.datasets import CONTRACTS
from woda_lib.pilots.domestic_abuse.errors import require_columns
from woda_lib.pilots.domestic_abuse.registers import (
    MARAC,
    MARAC_NUMBER,
    MARAC_ROLES,
    PERSON_NUMBERS,
    in_role,
)

_NAME = ["entity_id", "forename", "surname", "date_of_birth", "sex"]


def whose(dataset: str, frame: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Lay beside each row of a dataset whose it is.

    Parameters
    ----------
    dataset
        One of `PERSON_NUMBERS`.
    frame
        Its rows.
    people
        `dataset, local_id, entity_id, confidence`, from 1_link.

    Returns
    -------
    DataFrame
        The rows in their order, and `entity_id, confidence`, missing where nobody was matched.

    Raises
    ------
    DomesticAbuseError
        If a table lacks a column.
    """
    column = PERSON_NUMBERS[dataset]
    require_columns(frame, [column], table=dataset)
    require_columns(people, ["dataset", "local_id", "entity_id", "confidence"], table="people")
    source = "police_persons" if column == "nominal_id" else dataset
    return _joined(frame, people[people["dataset"] == source], column)


def whose_conference(cases: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Lay beside each case of the conference its `victim` and `perpetrator` (entities)."""
    rows = people[people["dataset"] == MARAC]
    found = rows.drop_duplicates("local_id").set_index("local_id")
    table = cases
    for role in MARAC_ROLES:
        numbers = in_role(table[MARAC_NUMBER], role)
        table = table.assign(
            **{
                role: numbers.map(found["entity_id"]).astype("string"),
                f"{role}_confidence": numbers.map(found["confidence"]),
            }
        )
    return table


def heard(conferences: pd.DataFrame) -> pd.DataFrame:
    """Return whom the conference spoke of, a row a person: `entity_id, heard_on`.

    Parameters
    ----------
    conferences
        From `whose_conference`.
    """
    long = conferences.melt("heard_on", list(MARAC_ROLES), value_name="entity_id")
    return long[["entity_id", "heard_on"]].dropna()


def where(dataset: str, frame: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Lay beside each row of a dataset the address that it names, as `address_id`.

    Parameters
    ----------
    places
        `dataset, row_id, address_id` from 1_link; `row_id` is the dataset's own key.
    """
    here = places[places["dataset"] == dataset].drop_duplicates("row_id").set_index("row_id")
    found = frame[CONTRACTS[dataset].key].map(here["address_id"])
    return frame.assign(address_id=found.astype("string"))


def names(named: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Gather under which names each agency knows people.

    Parameters
    ----------
    named
        To each dataset its rows from `whose`, with `forename, surname` and, where the dataset has
        them, `date_of_birth, sex`.

    Returns
    -------
    DataFrame
        `entity_id, forename, surname, date_of_birth, sex, dataset`, each once; police first.
    """
    order = sorted(named, key=lambda name: name != "police_persons")
    frames = [
        named[name].reindex(columns=_NAME).assign(dataset=name).dropna(subset=["entity_id"])
        for name in order
    ]
    held = [frame for frame in frames if len(frame)] or frames[:1]
    return pd.concat(held, ignore_index=True).drop_duplicates(ignore_index=True)


def _joined(frame: pd.DataFrame, people: pd.DataFrame, column: str) -> pd.DataFrame:
    """Number by number, and partner by partner where both tables name them."""
    on = ["partner"] if "partner" in frame.columns and "partner" in people.columns else []
    wanted = [*on, "local_id", "entity_id", "confidence"]
    known = people[wanted].drop_duplicates([*on, "local_id"])
    left = frame.drop(columns=["entity_id", "confidence"], errors="ignore")
    found = left.merge(known.rename(columns={"local_id": column}), on=[*on, column], how="left")
    return found.astype({"entity_id": "string", "confidence": "float64"})
