"""A map goes through `run.show` as a table does: gated, exported, and told beside it as a table."""

from __future__ import annotations

import folium
import pandas as pd
import pytest

from tests.places.county import (
    area_layer,
    areas,
    as_table,
    districts,
    plain,
    service_layer,
    services,
)
from woda_lib.disclosure import DisclosureError
from woda_lib.notebook import NotebookError
from woda_lib.places.sealed import GatedLayer, PointField, SealedMap, base_map

SHOWN = {"name": "where", "caption": "Where people live.", "alt": "Most live in A, 120 of them."}


def show(desk, a_map, **changed):
    run = desk.begin()
    run.show(a_map, **{**SHOWN, **changed})
    return run


def test_a_map_is_exported_with_its_page_its_picture_and_its_table(desk):
    show(desk, plain(area_layer(areas(people=[120, 63, 41, 3]))))
    shown = desk.draft / "shown" / "1_count"
    assert sorted(path.name for path in shown.iterdir()) == ["where.csv", "where.html", "where.svg"]
    assert (shown / "where.csv").read_text().splitlines() == [
        "area,people", "A,120", "B,65", "C,40", "D,[c]",
    ]  # fmt: skip


def test_the_page_holds_the_gated_numbers_alone(desk):
    show(desk, plain(area_layer(areas(people=[120, 63, 41, 3]))))
    page = (desk.draft / "shown" / "1_count" / "where.html").read_text()
    assert '"people": 65' in page
    assert '"people": 63' not in page
    assert '"people": null' in page


def test_a_map_of_two_layers_has_a_table_for_each(desk):
    layers = area_layer(areas(people=[120, 63, 41, 30])), service_layer(services(["Library"]))
    show(desk, plain(*layers))
    shown = desk.draft / "shown" / "1_count"
    assert sorted(path.name for path in shown.glob("*.csv")) == [
        "where.areas.csv",
        "where.services.csv",
    ]
    html = desk.cells[-1].bundle["text/html"]
    assert "<b>Map 1.</b> Where people live." in html
    assert "Areas as a table (4 rows)" in html
    assert 'sandbox="allow-scripts allow-downloads allow-modals"' in html


def test_the_frame_of_a_map_cannot_reach_the_report(desk):
    show(desk, plain(area_layer(areas(people=[120, 63, 41, 30]))))
    assert "allow-same-origin" not in desk.cells[-1].bundle["text/html"]


def test_what_counts_people_is_said_by_the_layers(desk):
    with pytest.raises(NotebookError, match="say themselves which of their columns"):
        show(desk, plain(area_layer(areas())), counts=["people"])


def test_people_are_never_points(desk):
    people = service_layer(services(["x"])).features
    with pytest.raises(DisclosureError, match="a point where people are counted is a home"):
        show(desk, plain(area_layer(people)))


def test_a_column_that_identifies(desk):
    with pytest.raises(DisclosureError, match="has the column 'uprn', which identifies"):
        show(desk, plain(service_layer(services(["Library"], uprn=["100120000001"]))))


def test_a_long_list_of_services_is_told_by_kind(desk):
    kinds = ["shop", "office"] * 300
    frame = services([f"Place {i}" for i in range(600)], kind=kinds)
    show(desk, plain(service_layer(frame)))
    html = desk.cells[-1].bundle["text/html"]
    assert "600 rows, counted by kind" in html
    assert '<th scope="row">shop</th><td class="n">300</td>' in html
    csv = pd.read_csv(desk.draft / "shown" / "1_count" / "where.csv")
    assert len(csv) == 600


def drawn_with(change):
    """A map of gated areas to which its drawing adds what it was not handed."""

    def draw(gated):
        made = base_map(districts())
        folium.GeoJson(gated["areas"].geojson).add_to(made)
        change(made)
        return made

    return SealedMap("m", (area_layer(areas(people=[120, 63, 41, 30])),), draw)


def ungated(frame):
    """A layer that a drawing made of what it was not handed."""
    return GatedLayer(service_layer(frame), frame, as_table(frame).isna())


def feature(properties, kind="Polygon", place=((-2.2, 52.2), (-2.1, 52.2), (-2.1, 52.3))):
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": kind, "coordinates": [place] if kind == "Polygon" else place},
            }
        ],
    }


CAUGHT = {
    "a number that did not pass": (
        lambda m: folium.GeoJson(feature({"n": 63})).add_to(m),
        "a number that did not pass the gate, in the property 'n'",
    ),
    "a home": (
        lambda m: folium.GeoJson(feature({}, "Point", (-2.2, 52.2))).add_to(m),
        "draws a point that is no feature",
    ),
    "a marker on a home": (
        lambda m: folium.CircleMarker([52.2, -2.2]).add_to(m),
        "draws a point that is no feature",
    ),
    "a small count in a tooltip": (
        lambda m: folium.Rectangle([[52, -2], [52.1, -2.1]], tooltip="3 young residents").add_to(m),
        "speaks of fewer than 5 people",
    ),
    "a field of homes": (
        lambda m: PointField(ungated(services(["a", "b"])), said=["service"]).add_to(m),
        "draws a point that is no feature",
    ),
    "a number of a field": (
        lambda m: PointField(ungated(services(["a"], floor=[63])), said=["floor"]).add_to(m),
        "a number that did not pass the gate, in the property 'floor'",
    ),
    "an identifier in a field": (
        lambda m: PointField(ungated(services(["a"], uprn=["x"])), said=["uprn"]).add_to(m),
        "the property 'uprn', which identifies",
    ),
    "a telephone number in a popup": (
        lambda m: folium.Rectangle([[52, -2], [52.1, -2.1]], popup="01905 763763").add_to(m),
        "a telephone number",
    ),
}


@pytest.mark.parametrize("case", CAUGHT)
def test_what_a_drawing_was_not_handed_does_not_get_out(desk, case):
    change, message = CAUGHT[case]
    with pytest.raises(DisclosureError, match=message):
        show(desk, drawn_with(change))


def test_a_name_that_was_loaded_in_a_popup(desk):
    run = desk.begin()
    clients = pd.DataFrame({"forename": ["Ottoline"], "surname": ["Quillfeather"]})
    run._loaded.note(clients)
    popup = drawn_with(
        lambda m: folium.Rectangle(
            [[52, -2], [52.1, -2.1]], popup="Home of <b>Ottoline</b> Quillfeather"
        ).add_to(m)
    )
    with pytest.raises(DisclosureError, match="forename and surname"):
        run.show(popup, **SHOWN)
