"""What lies inside an incident's area, on its edge and near it, of a county drawn by hand."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from tests.pilots.business_register import incident_county as county
from woda_lib.disclosure import EarlierTable, gate_table
from woda_lib.partners import load_agreement
from woda_lib.pilots.business_register.incident import opened_map, read_area, report, tables
from woda_lib.pilots.business_register.incident.inside import Known, look_inside, shelters
from woda_lib.pilots.business_register.incident.kinds import standing
from woda_lib.pilots.business_register.incident.opened_map import incident_sheet
from woda_lib.pilots.business_register.incident.page import premises_page
from woda_lib.pilots.business_register.incident.picture import incident_map
from woda_lib.pilots.business_register.incident.points import postcode_points
from woda_lib.pilots.business_register.incident.report import vulnerable_said
from woda_lib.places.sealed import GatedLayer

AGREEMENTS = Path(__file__).parents[3] / "parameters" / "agreements"
DISTRICTS = gpd.GeoDataFrame(
    {"code": ["E1"], "name": ["Worcester"]},
    geometry=[box(370_000, 230_000, 420_000, 290_000)],
    crs=27700,
)


def known_of(buildings):
    return Known.of(
        sites=county.sites(),
        premises=county.premises(),
        gazetteer=county.gazetteer(),
        buildings=buildings,
        register=county.register(),
        on=county.ON,
    )


@pytest.fixture(scope="module")
def known():
    return known_of(county.buildings())


@pytest.fixture(scope="module")
def area():
    return read_area(
        county.AREA,
        postcodes=postcode_points(county.gazetteer()),
        county=box(370_000, 230_000, 417_000, 284_000),
    )


@pytest.fixture(scope="module")
def found(known, area):
    return look_inside(known, area, margin=200)


def test_things_inside_and_on_the_edge(found):
    table = tables.at_a_glance(found).set_index("what")
    assert table["inside"].to_dict() == {
        "Homes": 2,
        "Other premises": 2,
        "Businesses' sites, to the nearest ten": 0,
        "Firms only registered there, to the nearest ten": 0,
        "Partners' buildings": 2,
    }
    assert table["on_the_edge"].to_dict() == {
        "Homes": 1,
        "Other premises": 1,
        "Businesses' sites, to the nearest ten": 0,
        "Firms only registered there, to the nearest ten": 0,
        "Partners' buildings": 0,
    }


def test_what_has_no_place_is_counted(known):
    assert (known.sites.unplaced, known.people.unplaced) == (1, 1)


def test_coordinates_that_cannot_be_meant_place_nothing_and_are_told():
    rows = county.buildings()
    hall = rows["building_id"].eq("B3")
    rows.loc[hall, ["easting", "northing"]] = [255_000, 385_250]
    known = known_of(rows)
    assert "B3" not in set(known.buildings.table["building_id"])
    assert known.buildings.unplaced == 1
    assert report.buildings_faults(known).to_dict("records") == [
        {
            "reason": "its easting and northing are swapped",
            "outcome": "in no area",
            "buildings": 1,
        }
    ]
    # With its postcode it stands where the homes and premises of that postcode do.
    rows.loc[hall, "postcode"] = "WR1 1AA"
    known = known_of(rows)
    faults = report.buildings_faults(known)
    assert known.buildings.table.set_index("building_id").loc["B3", "northing"] < 260_000
    assert faults["outcome"].tolist() == ["placed by what else is written"]


def test_a_partner_that_lists_no_building_stops_nothing():
    known = known_of(county.buildings().iloc[:0])
    assert report.buildings_faults(known)["reason"].tolist() == ["nothing"]
    assert known.buildings.table.empty


def test_employees_are_a_band_beside_how_many_sites_do_not_tell(found):
    row = tables.sectors(found).iloc[0]
    assert row.to_dict() == {
        "sector": "Other",  # fewer firms than five
        "sites": 3,
        "enterprises": 3,
        "sites_without_number": 1,
        "employees_from": 10,
    }
    behind = tables.employees_behind(found)
    assert behind.groupby("sector")["employees_from"].apply(sorted).to_dict() == {
        "Other": [7, 30],
        tables.ALL: [7, 30],
    }


def _employers(found, employees):
    """A place with a manufacturer for each number of employees, and eight shops."""
    shops = [11, 14, 9, 18, 12, 15, 21, 8]
    rows = [("C", number) for number in employees] + [("G", number) for number in shops]
    sites = pd.DataFrame(rows, columns=["section", "employees"])
    names = pd.Series(sites.index.astype(str))
    sites = sites.assign(site_id=names, enterprise_id="firm " + names, kind="premises")
    return replace(found, sites=sites)


def _shown(found, earlier=()):
    rule = load_agreement("business_register", AGREEMENTS).disclosure
    gated = gate_table(
        tables.sectors(found),
        rule,
        name="sectors",
        counts=["sites", "enterprises", "sites_without_number"],
        totals=[tables.ALL],
        contributions={"employees_from": tables.employees_behind(found)},
        earlier=[EarlierTable("another radius", True, table) for table in earlier],
    )
    return gated, gated.frame.set_index("sector")


def test_two_areas_that_differ_by_one_firm_do_not_tell_its_employees(found):
    seven = [30, 28, 33, 41, 25, 37, 22]
    gated, first = _shown(_employers(found, seven))
    assert first.loc["Manufacturing", ["sites", "employees_from"]].tolist() == [5, 100]
    _, second = _shown(_employers(found, [*seven, 62]), earlier=[gated.counted])
    # The firm of 62 is withheld with its sector: one site more is told by nothing.
    assert second.loc["Manufacturing", ["sites", "enterprises", "employees_from"]].isna().all()
    ends = {tables.band_from(number) for number in range(250, 500)}
    assert ends == {250}


def test_the_order_of_sectors_tells_nothing_within_a_band(found):
    for employees in ([20, 21, 22, 23, 20], [21, 20, 20, 20, 20]):  # shops have 108 between these
        table = tables.sectors(_employers(found, employees))
        assert table["employees_from"].tolist() == [100, 100, 100]
        assert table["sector"].tolist()[0] == "Manufacturing"


def test_a_sector_of_few_firms_is_not_told_apart(found):
    few = found.sites[found.sites["section"].eq("K") | found.sites["name"].eq("Baker")]
    assert set(tables.with_sector(few)["sector"]) == {"Other"}


def test_vulnerable_places_by_their_class(found, known, area):
    assert tables.vulnerable(found).set_index("kind")["inside"].to_dict() == {
        "Care homes": 0,
        "Nurseries": 0,
        "Schools": 1,
        "Hospitals and hospices": 0,
        "Surgeries and clinics": 0,
    }
    everything = look_inside(known, area, margin=5_000)
    assert tables.vulnerable(everything).set_index("kind").loc["Care homes", "on_the_edge"] == 1


def test_people_are_found_by_number_by_address_and_by_postcode(found):
    how = found.people.set_index("assistance_id")["how"].to_dict()
    # Fay died, Di lives on the edge, Ed can be placed nowhere.
    assert how == {"AR1": "home", "AR2": "home", "AR3": "postcode"}
    assert found.edge["people"]["assistance_id"].tolist() == ["AR4"]
    counted = tables.people(found).set_index("help")["people"]
    assert counted[counted > 0].to_dict() == {
        "Oxygen at home": 1,
        "Cannot see well": 1,
        "Memory, or cannot decide alone": 1,
    }


def test_services_are_named_and_nobody_is(found):
    table = tables.key_places(found)
    # The clinic has no point of its own and is found by its property. The school is no partner's,
    # and what the gazetteer calls it could be the name of who runs it.
    assert table["name"].tolist() == ["Mill Lane Clinic", "Mill Lane Hall", "School at SO 853 550"]
    people = county.register()
    for told in (*people["surname"], *people["telephone"]):
        assert told not in table.to_csv()


def test_people_are_received_outside_the_area_and_its_edge(known, area):
    near = shelters(known, area, within=3_000, keep_off=200)
    told = tables.receiving(near)
    assert told.iloc[0].to_dict() == {
        "name": "Hill Centre",
        "use": "Community centre",
        "metres_away": "1,500",
        "condition": "A",
        "open": "Mo-Fr 09:00-17:00",
        "floor_m2": "640",
    }
    assert len(told) == 1  # the hall stands inside


def test_the_map_draws_services_and_no_homes(found, known, area):
    picture = incident_map(found, shelters(known, area, within=3_000, keep_off=200))
    marks = picture.data.groupby("what").size().drop(["Area", "Edge"]).to_dict()
    assert marks == {
        "Care home, school, hospital": 1,
        "Partners' building": 2,
        "Premises": 1,  # both stand in one square
        "Where people could be received": 1,
    }


@pytest.fixture(scope="module")
def with_sheltered(known, area):
    """The area where one home is sheltered, and one a room of a care home."""
    gazetteer = county.gazetteer()
    gazetteer.loc[0, "class_code"] = "RD08"
    gazetteer.loc[1, ["class_code", "parent_uprn"]] = ["RI01", "100000000099"]
    held = Known.of(
        sites=county.sites(),
        premises=county.premises(),
        gazetteer=gazetteer,
        buildings=county.buildings(),
        register=county.register(),
        on=county.ON,
    )
    return look_inside(held, area, margin=200)


def test_a_sheltered_home_is_drawn_and_named_nowhere(with_sheltered, known, area):
    near = shelters(known, area, within=3_000, keep_off=200)
    marks = incident_map(with_sheltered, near).data
    assert marks["what"].eq("Care home, school, hospital").sum() == 1  # the school
    assert tables.key_places(with_sheltered)["kind"].tolist() == [
        "Clinic",
        "Community centre",
        "Schools",
    ]
    assert vulnerable_said(with_sheltered) == "1 school"
    sheet = opened_map.incident_sheet(
        with_sheltered, near, DISTRICTS, day=county.ON.date(), postcodes=known.postcodes
    )
    services = sheet.layers[1].features
    assert set(services["kind"]) == {
        "Clinic",
        "Community centre",
        "Schools",
        "Could receive people",
    }
    assert "Mill Lane School" not in services.to_csv()


def test_sheltered_homes_are_counted_as_people_are(with_sheltered):
    assert "Sheltered housing" not in set(tables.vulnerable(with_sheltered)["kind"])
    counted = tables.sheltered(with_sheltered)
    assert counted["inside"].tolist() == [1]
    rule = load_agreement("business_register", AGREEMENTS).disclosure
    gated = gate_table(counted, rule, name="sheltered", counts=["inside", "on_the_edge"])
    assert gated.frame["inside"].isna().all()


def test_names_in_the_gazetteer_and_of_kitchens_are_shared_as_names():
    agreement = load_agreement("business_register", AGREEMENTS)
    assert {"organisation", "business_name"} <= agreement.identifiers
    assert agreement.datasets["food_hygiene"]["business_name"] == "identifier"


def test_the_list_of_premises_names_firms_and_nobody_of_the_register(found, known, area):
    near = shelters(known, area, within=3_000, keep_off=200)
    page = premises_page(
        found,
        near,
        incident_map(found, near),
        on=county.ON,
        agreement="business_register",
        synthetic=True,
    )
    for name in (
        "Baker",
        "Maker",
        "Shell Ltd",
        "Mill Lane School",
        "Mill Lane Hall",
        "Hill Centre",
    ):
        assert name in page
    people = county.register()
    for told in (*people["surname"], *people["telephone"], *people["assistance_id"]):
        assert told not in page


def test_a_property_stands_once_at_its_approved_address():
    rows = county.premises().iloc[[0, 0, 1]].reset_index(drop=True)
    rows["logical_status"] = ["historical", "approved", "provisional"]
    rows.loc[2, "ended_on"] = county.ON  # demolished
    assert standing(rows, county.ON)["logical_status"].tolist() == ["approved"]


def test_an_empty_area_is_told_as_empty(known):
    nothing = read_area(
        "400000, 240000 / 50 m",
        postcodes=postcode_points(county.gazetteer()),
        county=box(370_000, 230_000, 417_000, 284_000),
    )
    found = look_inside(known, nothing, margin=0)
    assert tables.at_a_glance(found)["inside"].sum() == 0
    assert tables.sectors(found)["sector"].tolist() == [tables.ALL]
    assert tables.key_places(found).empty
    assert tables.receiving(shelters(known, nothing, within=100)).empty


def test_an_area_without_a_service_is_drawn_alone(known):
    nothing = read_area(
        "400000, 240000 / 50 m",
        postcodes=postcode_points(county.gazetteer()),
        county=box(370_000, 230_000, 417_000, 284_000),
    )
    found = look_inside(known, nothing, margin=0)
    shape = box(370_000, 230_000, 417_000, 284_000)
    districts = gpd.GeoDataFrame(
        {"code": ["E1"], "name": ["Worcester"]}, geometry=[shape], crs=27700
    )
    sheet = incident_sheet(
        found,
        shelters(known, nothing, within=100),
        districts,
        day=date(2025, 3, 31),
        postcodes=known.postcodes,
    )
    assert [layer.name for layer in sheet.layers] == ["incident"]
    gated = {
        layer.name: GatedLayer(layer, layer.features, pd.DataFrame(index=layer.features.index))
        for layer in sheet.layers
    }
    assert "Incident area" in sheet.draw(gated).get_root().render()
