"""Where enterprises are, how many work there, and when each began and ended."""

import pandas as pd
import pytest

from tests.pilots.business_register.small_town import Town
from woda_lib.pilots.business_register import addresses, register, sources
from woda_lib.pilots.business_register.enterprises import with_last_snapshot

PARK = [
    {"uprn": "940000009900", "parent_uprn": None, "sub_building": None, "building": "Teme Park"},
    {"uprn": "940000009901", "sub_building": "Unit 1", "building": "Teme Park"},
    {"uprn": "940000009902", "sub_building": "Unit 2", "building": "Teme Park"},
]


@pytest.fixture(scope="module")
def made() -> register.Register:
    """One enterprise in several places, put together by hand, and a few others."""
    town = Town(firms=0)
    lane = {"street": "Teme Way", "postcode": "WR9 9ZZ", "class_code": "CI01"}
    park = pd.DataFrame([{"parent_uprn": "940000009900", **row, **lane} for row in PARK])
    rest = town.premises.iloc[[0]].drop(columns=[*park.columns]).iloc[[0, 0, 0]]
    both = pd.concat([park, rest.reset_index(drop=True)], axis=1)
    town.premises = pd.concat([town.premises, both], ignore_index=True)
    unit, whole = len(town.premises) - 2, len(town.premises) - 3
    rows = {
        "office": town.company("TEME TOOLS LTD", at=5),
        "shop": town.account("Teme Tools Ltd", at=10, trading_as="Tool Box", rateable_value=3_000),
        "works": town.account("Teme Tools Ltd", at=unit, rateable_value=9_000),
        "canteen": town.kitchen("Teme Tools Canteen", at=whole),
        "closed": town.account("Teme Tools Ltd", at=12, ended_on="2020-01-31"),
        "staff": town.firm("Teme Tools Ltd", at=5, years=(2024,)),
        "gone": town.company("VANISHED LTD", at=20, last_delivered_on="2024-11-30"),
        "elsewhere": town.company("FAR AWAY LTD", at=21, postcode="EC1V 2NX", address_line_1="9 X"),
        "trader": town.account("Mrs A Dawe", at=30, ended_on="2023-05-01"),
        "snapshot": town.company("OTHER LTD", at=40, last_delivered_on="2024-12-31"),
    }
    town._rows["business_rates"][1]["address"] = "Unit 1, Teme Park, Teme Way, Malvern"
    town._rows["food_hygiene"][0]["address_line_1"] = "Teme Park, Teme Way"
    loaded = town.loaded()
    loaded["companies"] = with_last_snapshot(loaded["companies"])
    records, written = sources.records(loaded), sources.written_names(loaded)
    index = addresses.index_of(loaded["premises"], loaded["gazetteer"])
    places = addresses.locate(records, index, mass_registration=12)
    names = {number: name for name, number in rows.items()}
    tools = ("office", "shop", "works", "canteen", "closed", "staff")
    clusters = records[["source", "id"]].assign(confidence=0.99)
    named = clusters["id"].map(names)
    clusters["entity_id"] = named.where(~named.isin(tools), "tools")
    return register.register(clusters, places, written, loaded)


def test_an_enterprise_has_a_site_a_property_and_a_building_is_its_only_unit(made):
    tools = made.sites[made.sites["enterprise_id"] == "tools"].set_index("uprn")
    assert len(tools) == 4
    works = tools.loc["940000009901"]
    assert (works["kind"], works["sources"]) == ("premises", 2)
    assert works["name"] == "Teme Tools Canteen"
    assert tools.loc["940000000005", "kind"] == "registered_office"
    assert tools.loc["940000000010", "name"] == "Tool Box"


def test_employees_are_put_where_they_work_by_rateable_value(made):
    tools = made.sites[made.sites["enterprise_id"] == "tools"].set_index("uprn")
    # Fourteen work for it; its registered office and the premises that it left have none.
    employees = tools["employees"].dropna()
    assert employees.sum() == 14
    assert employees["940000000010"] * 2.5 <= employees["940000009901"]
    assert "940000000012" not in employees.index


def test_what_is_not_in_the_gazetteer_is_placed_by_postcode_or_not_at_all(made):
    far = made.sites[made.sites["enterprise_id"] == "elsewhere"].iloc[0]
    assert far["located_by"] == "nothing"
    assert pd.isna(far["easting"]) and pd.isna(far["district"])
    assert made.sites["located_by"].value_counts().to_dict() == {"property": 7, "nothing": 1}


def test_a_company_that_is_in_no_later_snapshot_died_before_it(made):
    of = made.enterprises.set_index("enterprise_id")
    assert of.loc["gone", "died_before"] == pd.Timestamp("2024-12-31")
    assert of.loc["gone", "status"] == "gone"
    assert pd.isna(of.loc["gone", "died_on"])
    assert of["died_before"].notna().sum() == 2


def test_who_is_no_company_lives_as_long_as_the_accounts(made):
    trader = made.enterprises.set_index("enterprise_id").loc["trader"]
    assert trader["legal_form"] == "sole_trader"
    assert trader["born_on"] == pd.Timestamp("2012-04-01")
    assert trader["died_on"] == pd.Timestamp("2023-05-01")
    assert trader["section"] == "G"  # a shop, by the rating list


def test_sections_are_those_of_the_sic_code(made):
    of = made.enterprises.set_index("enterprise_id").loc["tools"]
    assert (of["sic"], of["section"], of["legal_form"]) == ("47190", "G", "company")
    assert of["born_on"] == pd.Timestamp("2010-01-01")
    assert of["sites"] == 4
