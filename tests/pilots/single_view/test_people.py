"""One record a number: the newest of each field, what was true before behind it."""

from __future__ import annotations

from io import StringIO

import pandas as pd
import pytest

from woda_lib.linkage import LinkageSpec
from woda_lib.pilots.single_view import people
from woda_lib.pilots.single_view.linking import with_short_names

COLUMNS = [
    *("partner", "dataset", "local_id", "row_id", "started_on", "delivered_on", "nhs_number"),
    *("forename", "surname", "date_of_birth", "sex", "address", "postcode", "uprn"),
]


def table(text: str) -> pd.DataFrame:
    frame = pd.read_csv(StringIO(text), sep=r"\s+", dtype="string", na_values=["-"])
    return frame.apply(lambda column: column.str.replace("_", " "))


def details(text: str, **same: object) -> pd.DataFrame:
    """Rows of one dataset; what is left out is missing."""
    given = {"partner": "county_council", "dataset": "care services", "delivered_on": "2025-03-31"}
    rows = table(text).assign(**(given | same)).reindex(columns=COLUMNS).astype("string")
    rows["dataset"] = rows["dataset"].str.replace(" ", "_")
    dates = ("started_on", "delivered_on", "date_of_birth")
    return rows.astype(dict.fromkeys(dates, "datetime64[s]"))


def only(rows: pd.DataFrame, places: pd.DataFrame | None = None) -> pd.Series:
    """The record of the one person."""
    [(_, frame)] = people.records(rows, places).items()
    assert len(frame) == 1
    return frame.iloc[0]


def test_of_each_field_the_newest_that_was_written_counts_in_whatever_order_rows_come():
    found = only(
        details(
            """
            local_id row_id started_on forename surname date_of_birth postcode
            k1       r2     2024-05-01 Ann      Hill    -             WR5_5ZZ
            k1       r1     2022-01-01 Anne     Hill    1990-01-02    WR1_2AB
            """
        )
    )
    assert found[["id", "forename", "surname", "postcode"]].tolist() == [
        "k1",
        "Ann",
        "Hill",
        "WR5 5ZZ",
    ]
    assert found["date_of_birth"] == pd.Timestamp("1990-01-02")


@pytest.mark.parametrize(
    ("before", "written"),
    [
        ("Dale", "Hill Dale"),  # another name: it stands behind
        ("Hil", "Hill"),  # the same name, mistyped
        ("HILL", "Hill"),
        ("-", "Hill"),
    ],
)
def test_a_former_surname_stands_behind_the_newest(before: str, written: str):
    rows = f"local_id row_id started_on surname\nk1 r1 2022-01-01 {before}\nk1 r2 2024-05-01 Hill"
    assert only(details(rows))["surname"] == written


def test_two_surnames_of_which_one_is_former_are_the_one_that_is_written_so_by_others():
    rows = details(
        """
        local_id row_id started_on surname
        k1       r1     2022-01-01 Dale
        k1       r2     2024-05-01 Hill
        k2       r3     2022-01-01 Hill_Dale
        """
    )
    rows["surname"] = pd.Categorical(rows["surname"], ["Ash", "Dale", "Hill", "Hill Dale"])
    [(_, found)] = people.records(rows).items()
    assert found["surname"].tolist() == ["Hill Dale", "Hill Dale"]


def test_rows_without_a_number_are_of_no_record():
    rows = details(
        """
        local_id row_id started_on forename
        k1       r1     2022-01-01 Ann
        -        r2     2024-05-01 Ben
        """
    )
    assert only(rows)["forename"] == "Ann"


def test_homes_stand_newest_first_and_each_once():
    rows = details(
        """
        local_id row_id started_on uprn
        k1       r1     2020-01-01 100
        k1       r2     2021-01-01 200
        k1       r3     2022-01-01 100
        k1       r4     2023-01-01 300
        k1       r5     2024-01-01 400
        """
    )
    # 400, 300, 100; the fourth is left out, and each digit is a letter
    assert only(rows)["homes"] == "eaa daa baa"


def test_each_property_keeps_its_own_word_where_a_number_has_a_line_of_its_own_in_it():
    rows = details("local_id row_id started_on uprn\nk1 r1 2020-01-01 10\nk2 r2 2020-01-01 20")
    rows["uprn"] = pd.Series(["1\n0", "20"], dtype="string")
    [(_, told)] = people.records(rows).items()
    assert told["homes"].tolist() == ["b\na", "ca"]


def test_a_matched_property_counts_over_the_partners_own_and_the_address_where_there_is_none():
    rows = details(
        """
        local_id row_id started_on uprn address      postcode
        k1       r1     2020-01-01 100  12_Mill_Lane WR1_2AB
        k1       r2     2021-01-01 -    9_Hill_Rd    WR5_5ZZ
        k1       r3     2022-01-01 -    9_Hill_Road  wr55zz
        """
    )
    places = table("dataset row_id uprn\ncare_services r1 200\ncare_services r2 -")
    places["dataset"] = places["dataset"].str.replace(" ", "_")
    places = places.merge(rows[["row_id"]], how="right").fillna({"dataset": "care_services"})
    unmatched, matched = only(rows, places)["homes"].split(" ")
    assert matched == "caa"
    assert len(unmatched) == 16  # however that address is written


@pytest.mark.parametrize(
    ("dataset", "born", "of_age"),
    [
        ("care services", "2007-04-01", "no"),
        ("care services", "2007-03-31", "yes"),
        ("care services", "-", None),
        ("council tax accounts", "-", "yes"),  # whoever is liable is of age
        ("school census", "-", "no"),
    ],
)
def test_who_is_of_age_is_told_by_the_birth_date_or_else_by_the_dataset(dataset, born, of_age):
    rows = f"local_id row_id started_on date_of_birth\nk1 r1 2022-01-01 {born}"
    found = only(details(rows, dataset=dataset))["of_age"]
    assert (None if pd.isna(found) else found) == of_age


def test_short_names_are_told_by_records_of_one_nhs_number():
    number = pd.Series([f"99900000{n:02d}" for n in range(12)], dtype="string")
    formal = pd.DataFrame({"nhs_number": number, "forename": "Elizabeth"})
    called = formal.assign(forename="Liz")
    others = pd.DataFrame({"nhs_number": number + "x", "forename": [f"Name{n}" for n in range(12)]})
    same = pd.concat([others, others])
    told = {"patient_registrations": pd.concat([formal, same]), "community_care": called}
    spec = LinkageSpec.from_yaml("parameters/linkage/single_view.yaml")
    [forename] = [
        each for each in with_short_names(spec, told).comparisons if each.field == "forename"
    ]
    assert set(forename.aliases) | set(forename.aliases.values()) == {"liz", "elizabeth"}
