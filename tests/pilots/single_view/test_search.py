"""Whoever is searched for comes first, however they are spelled, and the reason says why."""

from datetime import date

import duckdb
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.single_view.search import (
    Search,
    TermsError,
    build_index,
    index,
    read_terms,
)
from woda_lib.pilots.single_view.search.terms import Born, Terms
from woda_lib.pilots.single_view.search.words import STREET_TYPES, address_words, words, words_sql

TODAY = date(2025, 3, 31)
ROWS = """
    id     forename   surname    born        address            postcode  local_id  ended
    liz    Elizabeth  Smyth      1945-05-03  12_Mill_Lane       WR5_2AB   C100      -
    liz    Elizabeth  Thornton   1945-05-03  7_Abbey_Rd         WR9_8CD   C100      2019-01-31
    betty  Elizabeth  Smith      1961-09-12  3_Mill_Lane        WR5_2AB   C200      -
    john   John       Smith      1945-08-21  40_Elm_Grove       B60_1XY   C300      -
    jon    Jonathan   Smithson   1999-12-05  Flat_2,_9_High_St  WR1_1AA   C400      -
    ann    Zoë_Ann    O'Brien    2004-02-10  9_High_St          WR1_1AA   C500      -
    thom   Thomas     James      1970-11-07  1_Oak_Drive        WR14_1AA  C600      -
    jam    James      Thomas     1971-10-17  2_Oak_Drive        WR14_1AA  C700      -
    mal    Małgorzata Kowalska   1988-04-30  5_Ash_Close        DY10_2BB  C800      -
"""


def number_of(values: pd.Series, *, field: str, partners: str) -> pd.Series:
    """Partners' numbers stand in the store as the council's own, so that one dataset is enough."""
    return values if field == "care_number" else values + "?"


@pytest.fixture(scope="module")
def search():
    rows = table(ROWS, dates=("born", "ended"))
    for name in ("forename", "address", "postcode"):
        rows[name] = rows[name].str.replace("_", " ")
    details = pd.DataFrame(
        {
            "entity_id": rows["id"],
            "partner": "county_council",
            "dataset": "care_services",
            "local_id": rows["local_id"],
            **{name: rows[name] for name in ("forename", "surname", "address", "postcode")},
            "date_of_birth": rows["born"],
            "ended_on": rows["ended"],
            "nhs_number": rows["id"].map({"jon": "9990000018"}),
        }
    )
    persons = details[details["ended_on"].isna()].assign(sex="F")
    connection = duckdb.connect()
    for name, frame in {"details": details, "persons": persons, "records": details}.items():
        connection.register("at_hand", frame)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM at_hand ORDER BY entity_id")
    return Search(connection, build_index(connection), number_of, TODAY)


@pytest.mark.parametrize(
    ("typed", "found", "because"),
    [
        ("elizabeth smyth", "liz", "forename Elizabeth; surname Smyth"),
        ("Elizabet Smyht", "liz", "surname Smyth (one letter off smyht)"),
        ("smyth elizabeth", "liz", "names swapped"),
        ("elizabeth thornton", "liz", "former surname Thornton"),
        ("elizabeth 7 abbey road", "liz", "former address 7 Abbey Rd"),
        ("elizabeth smith 194?", "liz", "born in the 1940s"),
        ("smith 1961", "betty", "born in 1961"),
        ("smith 21 aug", "john", "born 21 August 1945"),
        ("smith 21/8/45", "john", "born 21 August 1945"),
        ("smith 8/21/1945", "john", "born 21 August 1945"),
        ("john smith 22/8/1945", "john", "(one digit off)"),
        ("thomas 17.10.1971", "jam", "born 17 October 1971"),
        ("smith b60", "john", "postcode B60 1XY"),
        ("smith wr52ab", "betty", "postcode WR5 2AB"),
        ("jonathan 9 high st", "jon", "address Flat 2, 9 High St"),
        ("obrien", "ann", "surname O'Brien"),
        ("zoe", "ann", "forename Zoë"),
        ("malgorzata", "mal", "forename Małgorzata"),
        ("jon smithson", "jon", "forename Jonathan (begins with jon)"),
        ("smith j", "john", "forename John (begins with j)"),
        ("catherine C300", "john", "this number of the county council"),
        ("c300", "john", "this number of the county council"),
        ("999 000 0018", "jon", "this number of the NHS"),
        ("thomas james", "thom", "forename Thomas; surname James"),
        ("james thomas", "jam", "forename James; surname Thomas"),
    ],
)
def test_the_right_person_comes_first_with_the_reason(search, typed, found, because):
    first = search.find(typed).iloc[0]
    assert first["entity_id"] == found
    assert because in first["reason"]


def test_what_agreed_with_nothing_is_said(search):
    assert search.find("elizabeth smyth wr14").iloc[0]["reason"].endswith("; nothing for WR14")


def test_whoever_agrees_as_well_is_as_sure_and_a_year_tells_them_apart(search):
    both = search.find("elizabeth mill lane").set_index("entity_id")["sure"]
    assert both["liz"] == pytest.approx(both["betty"])
    apart = search.find("elizabeth mill lane 1961").set_index("entity_id")["sure"]
    assert apart["betty"] > 0.8 > 0.1 > apart["liz"]


def test_chances_leave_room_for_somebody_who_is_not_in_the_store(search):
    for typed in ("smith", "elizabeth smyth", "quentin zebedee smith"):
        assert 0 < search.find(typed)["sure"].sum() < 1
    assert search.find("quentin zebedee smith")["sure"].sum() < 0.1


def test_a_name_weighs_what_it_tells(search):
    """Both surnames are spelt exactly; Smith is twice as common as Smyth."""
    weights = search.find("smith")["weight"].iloc[0], search.find("smyth")["weight"].iloc[0]
    assert weights[1] - weights[0] == pytest.approx(1.0)


def test_nobody_is_found_by_what_nobody_bears(search):
    assert search.find("xanthippe").empty


def test_no_more_are_returned_than_asked_for(search):
    assert len(search.find("smith", 2)) == 2


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("liz smyth", Terms(words=("liz", "smyth"))),
        ("Mrs Smyth, née Jones", Terms(words=("smyth", "jones"))),
        ("3/5/1962", Terms(born=(Born(1962, 5, 3),))),
        ("1962-05-03", Terms(born=(Born(1962, 5, 3),))),
        ("3.5.62", Terms(born=(Born(1962, 5, 3),))),
        ("3/5/12", Terms(born=(Born(2012, 5, 3),))),
        ("3rd May 1962", Terms(born=(Born(1962, 5, 3),))),
        ("3 May", Terms(born=(Born(None, 5, 3),))),
        ("May 1962", Terms(born=(Born(1962, 5),))),
        ("5/1962", Terms(born=(Born(1962, 5),))),
        ("born 1962", Terms(born=(Born(1962),))),
        ("194?", Terms(born=(Born(decade=1940),))),
        ("1940s", Terms(born=(Born(decade=1940),))),
        ("wr5 2ab", Terms(postcodes=("WR52AB",))),
        ("WR5", Terms(postcodes=("WR5",))),
        ("12a mill ln", Terms(words=("mill", "lane"), house=("12a",))),
        ("C1234567", Terms(numbers=("C1234567",))),
        ("999 000 0018", Terms(nhs_number="9990000018")),
    ],
)
def test_what_was_typed_is_read(typed, read):
    assert read_terms(typed, today=TODAY) == read


@pytest.mark.parametrize("typed", ["", "  ,;", "mr", "x" * 201, " ".join("abcdefghijklmno")])
def test_what_nobody_can_be_found_by_is_refused_and_not_repeated(typed):
    with pytest.raises(TermsError) as refusal:
        read_terms(typed, today=TODAY)
    assert not typed.strip(" ,;") or typed not in str(refusal.value)


def test_the_index_and_the_search_come_to_the_same_words():
    names = ["Zoë O’Brien-Smith", "D'Arcy", "Małgorzata", "Jürgen Groß", "Flat 3/12 Mill Ln", ""]
    frame = pd.DataFrame({"name": names})
    with duckdb.connect() as connection:
        connection.register("names", frame)
        found = connection.execute(f"SELECT {words_sql('name')} FROM names").fetchall()
    assert [[word for word in each[0] if word] for each in found] == [words(x) for x in names]
    assert address_words("Apt 3, 12 Mill Ln") == ["flat", "3", "12", "mill", "lane"]
    assert set(STREET_TYPES.values()).isdisjoint(STREET_TYPES)


def test_short_forms_are_learned_from_people_who_are_known_by_two():
    """Twenty people are Elizabeth to one partner and Liz to another; nobody said what Liz means."""
    people = [f"p{number}" for number in range(420)]
    names = ["Elizabeth"] * 20 + ["Ann", "Joan", "Mary", "Ruth"] * 100 + ["Liz"] * 20
    details = pd.DataFrame({"entity_id": people + people[:20], "forename": names}).assign(
        surname="Hill", address=None, postcode=None, date_of_birth=pd.NaT, ended_on=pd.NaT
    )
    persons = pd.DataFrame({"entity_id": people}).assign(
        forename="", surname="", date_of_birth=pd.NaT, sex="F", address="", postcode=""
    )
    with duckdb.connect() as connection:
        connection.register("details", details)
        connection.register("persons", persons)
        built = index.build_index(connection)
    assert built.aliases in ({"liz": "elizabeth"}, {"elizabeth": "liz"})
