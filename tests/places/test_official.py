"""Official boundary files come in their own forms, and what is wrong with one is said."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from tests.places.squares import BOW_TIE, at_cathedral, lsoas, square
from woda_lib.places import (
    PlacesError,
    boundaries,
    official_file,
    quarantine_counts,
    quarantined,
    read_boundaries,
)

TWO = lsoas("E01000001", "E01000002")


def written(tmp_path, frame, name="lsoa.gpkg", **how):
    path = tmp_path / name
    frame.to_file(path, **how)
    return path


@pytest.mark.parametrize(
    ("name", "system"),
    [("lsoa.gpkg", 27700), ("lsoa.geojson", 4326), ("lsoa.shp.zip", 27700), ("lsoa.gpkg", 3857)],
)
def test_each_form_gives_the_same_areas_in_metres(tmp_path, name, system):
    areas = read_boundaries(written(tmp_path, TWO.to_crs(system), name))
    assert areas[["code", "name", "district", "vintage"]].values.tolist() == [
        ["E01000001", "Worcester 0011", "Worcester", "2021"],
        ["E01000002", "Worcester 0012", "Worcester", "2021"],
    ]
    assert areas.crs.to_epsg() == 27700
    assert areas.area.round(-1).tolist() == [10_000, 10_000]
    assert areas.attrs["level"] == "lsoa"
    assert "lower layer super output areas 2021 (" + name + ")" in areas.attrs["source"]
    assert quarantined(areas).empty
    others = ("Bromsgrove", "Malvern Hills", "Redditch", "Wychavon", "Wyre Forest")
    assert areas.attrs["without"] == others


def test_districts_are_put_together_from_the_finer_areas_of_a_file(tmp_path):
    wards = TWO.rename(columns={"LSOA21CD": "WD25CD", "LSOA21NM": "WD25NM", "LAD22CD": "LAD25CD"})
    areas = boundaries("district", folder=written(tmp_path, wards).parent)
    assert areas[["code", "name", "vintage"]].values.tolist() == [
        ["E07000237", "Worcester", "2025"]
    ]
    assert areas.area.item() == 20_000


def test_a_file_without_districts_is_judged_by_the_postcodes_within_its_areas(tmp_path):
    around = shapely.box(384_000, 254_000, 386_000, 256_000)  # much of the city
    far = shapely.box(530_000, 180_000, 532_000, 182_000)  # London
    frame = lsoas("E01000001", "E01000009", shapes=[around, far]).drop(columns="LAD22CD")
    areas = read_boundaries(written(tmp_path, frame))
    assert areas[["code", "district"]].values.tolist() == [["E01000001", "Worcester"]]


def test_the_newest_file_of_the_level_itself_is_taken(tmp_path):
    for year in ("24", "25"):
        frame = TWO.rename(columns={"LSOA21CD": f"WD{year}CD", "LAD22CD": f"LAD{year}CD"})
        written(tmp_path, frame, f"a{year}.gpkg")
    written(tmp_path, TWO.rename(columns={"LSOA21CD": "LAD25CD"}).drop(columns="LAD22CD"), "z.gpkg")
    assert official_file("ward", tmp_path).name == "a25.gpkg"
    assert official_file("district", tmp_path).name == "z.gpkg"
    assert official_file("msoa", tmp_path) is None


SLIGHT = shapely.Polygon(
    [(0, 0), (100, 0), (100, 100), (50, 100), (50.5, 100.5), (49.5, 100.5), (50, 100), (0, 100)]
)


@pytest.mark.parametrize(
    ("shapes", "codes", "left", "told"),
    [
        ([square(0), None], ["E01000001", "E01000002"], 1, ("it has no shape", "left out")),
        (
            [square(0), shapely.Polygon()],
            ["E01000001", "E01000002"],
            1,
            ("it has no shape", "left out"),
        ),
        (
            [square(0), at_cathedral(BOW_TIE)],
            ["E01000001", "E01000002"],
            1,
            (
                "its outline crosses itself, and mending changes over 0.1% of its area",
                "left out",
            ),
        ),
        (
            [square(3), at_cathedral(SLIGHT)],
            ["E01000001", "E01000002"],
            2,
            ("its outline crossed itself; mending changed under 0.1% of its area", "mended"),
        ),
        (
            [square(0), square(0)],
            ["E01000001", "E01000001"],
            1,
            ("it stands twice, shape for shape", "left out"),
        ),
    ],
)
def test_what_cannot_be_drawn_is_named_and_counted(tmp_path, shapes, codes, left, told):
    path = written(tmp_path, lsoas(*codes, shapes=shapes))
    areas = read_boundaries(path)
    assert len(areas) == left
    assert areas.is_valid.all()
    found = quarantined(areas)
    assert found[["reason", "what"]].values.tolist() == [list(told)]
    assert found["code"].item() == codes[1]
    assert quarantine_counts(areas)["areas"].tolist() == [1]


def test_one_code_on_two_shapes_is_left_out_whole(tmp_path):
    frame = lsoas("E01000001", "E01000001", "E01000002")
    areas = read_boundaries(written(tmp_path, frame))
    assert areas["code"].tolist() == ["E01000002"]
    assert quarantined(areas)["reason"].tolist() == ["its code stands on different shapes"] * 2


def refusals():
    yield TWO.rename(columns={"LSOA21CD": "id", "LAD22CD": "of"}), "no column of official codes"
    yield TWO.assign(LAD22CD="E07000193"), "boundaries of another county: none of its 2 areas"
    yield TWO.iloc[:0], "0 features"
    london = TWO.set_geometry(TWO.translate(150_000, -70_000)).drop(columns="LAD22CD")
    yield london, "boundaries of another county: none of its 2 areas"
    yield TWO.set_crs(4326, allow_override=True), "are metres, perhaps of the National Grid"
    degrees = TWO.to_crs(4326)
    yield degrees.set_crs(27700, allow_override=True), "its coordinates are degrees"
    yield (
        degrees.set_geometry(shapely.transform(degrees.geometry, lambda p: p[:, ::-1])),
        ("lies outside Great Britain. Its coordinates may stand in the wrong order"),
    )
    yield TWO.set_crs(None, allow_override=True), "does not say its reference system"


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize(("frame", "told"), list(refusals()))
def test_a_file_that_cannot_be_right_is_refused(tmp_path, frame, told):
    with pytest.raises(PlacesError, match=told) as found:
        read_boundaries(written(tmp_path, frame))
    assert "lsoa.gpkg" in str(found.value)


def test_no_file_no_boundary_file_and_no_such_level_are_told_apart(tmp_path):
    with pytest.raises(PlacesError, match=r"no boundary file .*absent\.gpkg\. Download one"):
        read_boundaries(tmp_path / "absent.gpkg")
    (tmp_path / "notes.geojson").write_text("Dear colleague")
    with pytest.raises(PlacesError, match="cannot be read as a boundary file"):
        read_boundaries(tmp_path / "notes.geojson")
    with pytest.raises(PlacesError, match="no boundary file of wards, and they cannot be derived"):
        boundaries("ward", folder=tmp_path)
    with pytest.raises(PlacesError, match="no level 'parish'"):
        boundaries("parish", folder=tmp_path)
    with pytest.raises(PlacesError, match="has no codes of wards"):
        read_boundaries(written(tmp_path, TWO), level="ward")


def test_a_file_that_has_changed_is_read_anew(tmp_path):
    path = written(tmp_path, TWO)
    assert len(read_boundaries(path)) == 2
    path.unlink()
    written(tmp_path, lsoas("E01000001", "E01000002", "E01000003"))
    assert len(read_boundaries(path)) == 3
    changed = read_boundaries(path)
    changed.loc[0, "name"] = "spoilt"
    assert isinstance(changed, gpd.GeoDataFrame)
    assert "spoilt" not in read_boundaries(path)["name"].tolist()
