"""Boundaries come from the places folder, are on the record, and are named in the provenance."""

from __future__ import annotations

import pytest

from tests.notebook.conftest import Desk
from tests.places.squares import BOW_TIE, at_cathedral, lsoas, square
from woda_lib.notebook import NotebookError
from woda_lib.places import PlacesError
from woda_lib.records import PLACE_FILES


def put(desk: Desk, *codes: str, name: str = "lsoa21.geojson", **how) -> None:
    folder = desk.root / "data" / "places"
    folder.mkdir(exist_ok=True)
    lsoas(*codes, **how).to_crs(4326).to_file(folder / name)


def finished(desk: Desk, run):
    run.answer("Two.")
    run.finish()
    return desk.record()


def test_an_official_file_is_an_input_and_a_source(desk: Desk):
    put(desk, "E01000001", "E01000002")
    run = desk.begin()
    assert run.boundaries("lsoa")["code"].tolist() == ["E01000001", "E01000002"]
    record = finished(desk, run)
    places = [each for each in record.inputs if each.name == PLACE_FILES]
    assert [each.path for each in places] == ["data/places/lsoa21.geojson"]
    assert "lower layer super output areas 2021" in record.sources["lsoa boundaries"]
    footer = desk.cells[-1].bundle["text/html"]
    assert "Public sources" in footer
    assert "lsoa21.geojson" in footer


def test_without_a_file_districts_are_derived_and_the_provenance_says_so(desk: Desk):
    run = desk.begin()
    assert len(run.boundaries("district")) == 6
    with pytest.raises(PlacesError, match="no boundary file of wards"):
        run.boundaries("ward")
    record = finished(desk, run)
    assert record.inputs == ()
    assert record.sources["district boundaries"].startswith("Derived from postcodes of the ONS")


def test_what_was_left_out_is_said_beneath_the_cell(desk: Desk):
    put(desk, "E01000001", "E01000002", shapes=[square(0), at_cathedral(BOW_TIE)])
    desk.begin().boundaries("lsoa")
    without, said = (cell.bundle["text/plain"] for cell in desk.cells[-2:])
    assert without.startswith("The lsoa boundaries have no area in Bromsgrove, Malvern Hills")
    assert said == (
        "Of the lsoa boundaries: one left out (its outline crosses itself, and mending changes "
        "over 0.1% of its area)."
    )


def test_another_folder_of_places_can_be_named(desk: Desk, tmp_path, monkeypatch):
    folder = tmp_path / "elsewhere" / "official"
    folder.mkdir(parents=True)
    (folder / "libraries.csv").write_text("Name\nHive\n")
    monkeypatch.setenv("WODA_PLACES", str(folder))
    run = desk.begin()
    assert run.place_file("libraries.csv").read_text() == "Name\nHive\n"
    for absent in ("none.csv", "../official/libraries.csv"):
        with pytest.raises(NotebookError, match=r"which holds libraries\.csv\. Put it there"):
            run.place_file(absent)
    assert [each.path for each in finished(desk, run).inputs] == [
        "elsewhere/official/libraries.csv"
    ]


LAYERS = """
layers:
  - name: libraries
    title: Libraries
    kind: points
    origin: {file: libraries.csv, columns: {postcode: Postcode}}
    value: Name
    heading: Name
    source: County council, 2025
    required: false
"""


def test_a_layer_is_a_file_of_points_and_may_be_left_out(desk: Desk):
    folder = desk.root / "parameters" / "tiny"
    folder.mkdir()
    (folder / "layers.yaml").write_text(LAYERS)
    run = desk.begin()
    libraries = run.layers()["libraries"]
    assert run.layer(libraries) is None
    assert "Libraries is left out" in desk.cells[-1].bundle["text/plain"]

    places = desk.root / "data" / "places"
    places.mkdir()
    (places / "libraries.csv").write_text("Name,Postcode\nHive,WR1 3NZ\nLost,WR99 9ZZ\n")
    found = run.layer(libraries)
    assert found.frame["Name"].tolist() == ["Hive"]
    assert desk.cells[-1].bundle["text/plain"] == (
        "Not on the map of Libraries: fewer than five (its postcode is not in the directory)."
    )
    record = finished(desk, run)
    assert record.sources == {"Libraries": "County council, 2025"}
    assert {each.path for each in record.inputs} == {
        "parameters/tiny/layers.yaml",
        "data/places/libraries.csv",
    }
