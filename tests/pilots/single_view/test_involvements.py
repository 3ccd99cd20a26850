"""Who already helps: the partners' rows in one shape."""

import pandas as pd

from tests.pilots.ascii_table import table
from woda_lib.pilots.single_view.involvements import COLUMNS, involvements

DATES = ("started_on", "ended_on")


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
    records = table(
        """
        dataset         local_id entity_id
        care_services   n1       ann
        police_contacts c1       bob
        tenancy_members m1       ann
        tenancy_members n1       cat
        """
    )
    places = table(
        """
        dataset         row_id uprn
        care_services   k1     A
        tenancy_members t1     B
        police_contacts p1     -
        """
    )
    found = involvements(loaded, records, places)
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


def test_of_people_who_are_in_no_record_nothing_is_told():
    rows = table(
        """
        partner contact_row_id contact_number started_on ended_on
        police  p1             c1             2023-05-05 -
        police  p2             c9             2024-05-05 -
        """,
        dates=DATES,
    )
    records = table("dataset local_id entity_id\npolice_contacts c1 ann")
    records = records.astype({"entity_id": pd.CategoricalDtype(["cat", "ann"])})
    places = table("dataset row_id uprn\npolice_contacts p1 A\npolice_contacts p2 B")
    found = involvements({"police_contacts": rows}, records, places)
    assert found[["entity_id", "row_id", "uprn"]].astype(str).to_numpy().tolist() == [
        ["ann", "p1", "A"]
    ]


def test_without_datasets_there_is_nothing():
    records = table("dataset local_id entity_id\na b c")
    places = table("dataset row_id uprn\na b c")
    assert involvements({}, records, places).empty
