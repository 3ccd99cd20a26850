"""Who already helps: the partners' rows in one shape."""

import numpy as np
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.single_view.details import details
from woda_lib.pilots.single_view.homes.errors import HomesError
from woda_lib.pilots.single_view.involvements import COLUMNS, involvements

DATES = ("started_on", "ended_on")


def told(loaded: dict[str, pd.DataFrame], rows: pd.DataFrame) -> pd.DataFrame:
    """The involvements of rows that say by `row_id` which they are."""
    known = details(loaded)["row_id"] if loaded else pd.Series(dtype=object)
    at = pd.Index(known).get_indexer(rows["row_id"])
    return involvements(loaded, rows, rows, at)


def test_every_partners_rows_become_times_with_a_service():
    loaded = {
        "care_services": table(
            """
            partner care_spell_id care_number service    started_on ended_on   status team
            council k1            n1          early_help 2024-01-01 -          open   North
            council k2            n1          early_help 2020-01-01 2020-06-01 closed -
            council k3            n9          early_help 2020-01-01 2020-06-01 closed -
            """,
            dates=DATES,
        ),
        "police_contacts": table(
            """
            partner contact_row_id contact_number started_on ended_on
            police  p1             c1             2023-05-05 -
            """,
            dates=DATES,
        ),
        "tenancy_members": table(
            """
            partner housing member_row_id member_number started_on ended_on
            housing -       t1            m1            2022-05-05 -
            """,
            dates=DATES,
        ),
    }
    rows = table(
        """
        row_id entity_id uprn
        k1     ann       A
        k2     ann       -
        t1     ann       B
        p1     bob       -
        """
    )
    found = told(loaded, rows)
    assert list(found.columns) == COLUMNS
    shown = found.drop(columns=["partner", "dataset", "local_id"]).astype(object)
    shown = shown.where(shown.notna(), None)
    for day in DATES:
        shown[day] = [None if value is None else str(value.date()) for value in shown[day]]
    assert shown.to_numpy().tolist() == [
        ["ann", "k1", "early_help", "2024-01-01", None, "open", "North", "A"],
        ["ann", "k2", "early_help", "2020-01-01", "2020-06-01", "closed", None, None],
        ["ann", "t1", "social_tenancy", "2022-05-05", None, "open", None, "B"],
        ["bob", "p1", "police", "2023-05-05", "2023-05-05", "closed", None, None],
    ]


def test_of_people_who_are_not_told_of_nothing_is_told():
    contacts = table(
        """
        partner contact_row_id contact_number started_on ended_on
        police  p1             c1             2023-05-05 -
        police  p2             c9             2024-05-05 -
        police  p3             c2             2024-05-06 -
        """,
        dates=DATES,
    )
    rows = table("row_id entity_id uprn\np1 ann A\np3 - B")
    rows = rows.astype({"entity_id": pd.CategoricalDtype(["cat", "ann"])})
    found = told({"police_contacts": contacts}, rows)
    assert found[["entity_id", "row_id", "uprn"]].astype(str).to_numpy().tolist() == [
        ["ann", "p1", "A"]
    ]


def test_a_dataset_of_whom_nobody_is_told_lends_no_words_to_the_others():
    loaded = {
        "police_contacts": table(
            "partner contact_row_id contact_number started_on ended_on\npolice p1 c1 2023-05-05 -",
            dates=DATES,
        ),
        "safe_and_well_visits": table(
            "partner visit_row_id visit_number started_on ended_on\nfire v1 n1 2023-05-05 -",
            dates=DATES,
        ),
    }
    found = told(loaded, table("row_id entity_id uprn\nv1 ann A"))
    assert found["row_id"].tolist() == ["v1"]
    for name, text in {"partner": "fire", "service": "safe_and_well_visit"}.items():
        assert found[name].cat.categories.tolist() == [text]


def test_without_datasets_there_is_nothing():
    assert told({}, table("row_id entity_id uprn\na b c")).empty


def test_tables_that_stand_otherwise_than_the_rows_were_made_of_are_refused():
    contacts = table(
        """
        partner contact_row_id contact_number started_on ended_on
        police  p1             c1             2023-05-05 -
        police  p2             c9             2024-05-05 -
        """,
        dates=DATES,
    )
    rows = table("row_id entity_id uprn\np1 ann A\np2 bob B")
    turned = {"police_contacts": contacts.iloc[::-1].reset_index(drop=True)}
    with pytest.raises(HomesError, match="another order"):
        involvements(turned, rows, rows, np.arange(2))


def test_of_tables_of_which_none_names_residents_nothing_is_told():
    rows = table("row_id entity_id uprn\np1 ann A")
    assert involvements({"gazetteer": rows}, rows, rows, np.arange(1)).empty
