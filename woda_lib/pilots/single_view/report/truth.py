"""The truth of a made-up county in the terms of the build: who each record and entity truly is."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.ethnic_groups import ETHNIC_GROUPS

_AGES = [0, 5, 16, 25, 45, 65, 75, 85, 130]
_AGE_NAMES = [
    "0 to 4", "5 to 15", "16 to 24", "25 to 44", "45 to 64", "65 to 74", "75 to 84", "85 and over",
]  # fmt: skip


def record_truth(
    records: pd.DataFrame,
    truth: pd.DataFrame,
    households: pd.DataFrame,
    properties: pd.DataFrame,
) -> pd.DataFrame:
    """Say who each record truly is, and what people are grouped by.

    Parameters
    ----------
    records
        `dataset, local_id`.
    truth
        `dataset, local_id, person_id, ethnic_group, age, sex`.
    households
        `person_id, uprn` of everybody who lives here.
    properties
        `uprn, deprivation_quintile`.

    Returns
    -------
    DataFrame
        `source, id, entity_id` (the true person), `ethnic_group, age_band, sex, deprivation`, a row
        a record of the build.
    """
    keys = ["dataset", "local_id"]
    wanted = records[keys].astype({"dataset": object}).drop_duplicates()
    known = wanted.merge(truth.drop_duplicates(keys), on=keys)
    home = households.drop_duplicates("person_id").set_index("person_id")["uprn"]
    fifth = properties.set_index("uprn")["deprivation_quintile"]
    band = pd.cut(known["age"], _AGES, right=False, labels=_AGE_NAMES)
    return pd.DataFrame(
        {
            "source": known["dataset"],
            "id": known["local_id"],
            "entity_id": known["person_id"],
            "ethnic_group": known["ethnic_group"].astype(object).str[0].map(ETHNIC_GROUPS),
            "age_band": band.astype(object),
            "sex": known["sex"].astype(object).map({"F": "female", "M": "male"}),
            "deprivation": known["person_id"].map(home).map(fifth).map(_fifth),
        }
    )


def true_people(records: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Say who each entity truly is: whoever most of its records are of.

    Parameters
    ----------
    records
        `dataset, local_id, entity_id`.
    known
        From `record_truth`.

    Returns
    -------
    DataFrame
        `entity_id, person_id`.
    """
    whom = known.rename(columns={"source": "dataset", "id": "local_id", "entity_id": "person_id"})
    named = records[["dataset", "local_id", "entity_id"]].astype({"dataset": object})
    both = named.merge(whom[["dataset", "local_id", "person_id"]], on=["dataset", "local_id"])
    counted = both.groupby(["entity_id", "person_id"], observed=True).size().rename("records")
    order = counted.reset_index().sort_values(
        ["entity_id", "records", "person_id"], ascending=[True, False, True]
    )
    return order.drop_duplicates("entity_id")[["entity_id", "person_id"]].reset_index(drop=True)


def _fifth(value: float | None) -> str | None:
    if value is None or pd.isna(value):
        return None
    number = int(value)
    return {1: "1, most deprived", 5: "5, least deprived"}.get(number, str(number))
