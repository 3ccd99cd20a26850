"""An incident's area: every way of asking for one, and what cannot be meant."""

import json
import math
import re
from pathlib import Path

import pandas as pd
import pyproj
import pytest
import shapely
from shapely.geometry import Polygon, box

from woda_lib.pilots.business_register.incident import IncidentError, read_area
from woda_lib.pilots.business_register.incident.outlines import known_outlines, read_outline
from woda_lib.pilots.business_register.incident.points import grid_references, postcode_points
from woda_lib.pilots.business_register.incident.reading import FORMS
from woda_lib.synthetic.assistance.floods import flood_outlines, write_outlines
from woda_lib.workbench.sweeps.grid import read_values

COUNTY = box(370_000, 230_000, 417_000, 284_000)
POSTCODES = postcode_points(
    pd.DataFrame(
        {
            "postcode": ["WR1 2AB", "WR1 2AB", "B98 7AA"],
            "easting": [384_900, 385_100, 404_000],
            "northing": [254_900, 255_100, 267_000],
        }
    )
)


def read(text, **more):
    return read_area(text, postcodes=POSTCODES, county=COUNTY, **more)


@pytest.mark.parametrize(
    ("text", "middle", "radius"),
    [
        # A six-figure reference is a square of 100 m: its middle is meant.
        ("SO 850 550 / 800 m", (385_050, 255_050), 800),
        ("so850550/800", (385_050, 255_050), 800),
        ("SO 85000 55000 / 1.5 km", (385_000.5, 255_000.5), 1_500),
        ("SP 036 437 / 300 metres", (403_650, 243_750), 300),
        ("WR1 2AB / 2 km", (385_000, 255_000), 2_000),
        ("wr12ab / 2km", (385_000, 255_000), 2_000),
        ("385000, 255000 / 250 m", (385_000, 255_000), 250),
        ("(385000 255000) / 250 m", (385_000, 255_000), 250),
    ],
)
def test_a_point_and_a_radius(text, middle, radius):
    area = read(text)
    assert area.kind == "circle"
    assert area.geometry.centroid.coords[0] == pytest.approx(middle)
    assert area.geometry.area == pytest.approx(math.pi * radius**2, rel=0.001)


def test_a_point_is_told_as_its_square_and_read_back():
    points = pd.DataFrame({"easting": [385_049, 403_650], "northing": [255_001, 243_799]})
    told = grid_references(points["easting"], points["northing"])
    assert told.tolist() == ["SO 850 550", "SP 036 437"]
    centre = read(f"{told[0]} / 10 m").geometry.centroid
    assert (centre.x, centre.y) == pytest.approx((385_050, 255_050))


def test_corners_enclose_a_polygon():
    area = read("384000,254000; 386000,254000; 386000,255000; 384000,255000")
    assert (area.kind, area.square_km) == ("polygon", 2.0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "No area is given"),
        ("the flooded bit by the bridge", "is no area. Write a point and a radius"),
        ("SO 850 550 / far", "is no radius. Write it in metres or kilometres"),
        ("SO 850 55 / 800 m", "has 5 figures"),
        ("ZZ 850 550 / 800 m", "There is no square ZZ on the National Grid"),
        ("WR9 9ZZ / 800 m", "There is no postcode WR9 9ZZ in the county's gazetteer"),
        ("52.19, -2.22 / 800 m", "are degrees, and an easting and a northing in metres are wanted"),
        ("-2.22, 52.19 / 800 m", "are degrees"),
        ("255000, 385000 / 800 m", "are the wrong way round.* Write 385000 255000"),
        ("385000, 2550000 / 800 m", "is not on the National Grid"),
        ("SO 850 550 / 0 m", "has no area"),
        ("SO 850 550 / 80 km", r"20,\d{3} km² large, and an incident's area may be 300 km² at"),
        ("384000,254000; 386000,255000", "2 different corners enclose nothing"),
        ("384000,254000; 385000,255000; 386000,256000", "has no area"),
        (
            "384000,254000; 386000,256000; 386000,254000; 384000,256000",
            "crosses itself near 385000, 255000",
        ),
        ("NT 250 730 / 800 m", "lies 391 km outside the county"),
        ("flood_thames", "There is no outline 'flood_thames'.* use one of: flood_severn"),
    ],
)
def test_what_cannot_be_meant_is_said_in_a_sentence(text, says):
    with pytest.raises(IncidentError, match=says):
        read(text, outlines={"flood_severn": box(385_000, 250_000, 386_000, 251_000)})


def test_what_lies_beyond_the_county_is_told():
    area = read("371000,254000; 369000,254000; 369000,256000; 371000,256000")
    assert area.outside == pytest.approx(0.5)
    assert read("SO 850 550 / 800 m").outside == 0


def test_one_shape_has_one_hash_however_it_is_asked_for():
    one = read("384000,254000; 386000,254000; 385000,256000")
    turned = read("386000,254000; 385000,256000; 384000,254000")
    other = read("384000,254000; 386000,254000; 385000,256001")
    assert one.sha256 == turned.sha256 != other.sha256


class TestOutlines:
    @pytest.mark.parametrize("form", ["metres", "degrees"])
    def test_geojson_is_read_in_metres_and_in_degrees(self, tmp_path, form):
        square = box(385_000, 254_000, 386_000, 255_000)
        shape = square if form == "metres" else to_degrees(square)
        path = written(tmp_path, shape)
        assert read_outline(path).symmetric_difference(square).area < 10_000  # 2 m at an edge
        area = read("Hallow_Road.geojson", outlines=known_outlines(tmp_path))
        assert (area.kind, area.words) == ("outline", "the outline hallow_road")

    def test_latitude_before_longitude_is_told(self, tmp_path):
        swapped = shapely.transform(to_degrees(box(385_000, 254_000, 386_000, 255_000)), swap)
        with pytest.raises(IncidentError, match="gives latitude before longitude"):
            read_outline(written(tmp_path, swapped))

    def test_an_outline_that_crosses_itself_is_told(self, tmp_path):
        bow = Polygon(
            [(385_000, 254_000), (386_000, 255_000), (386_000, 254_000), (385_000, 255_000)]
        )
        with pytest.raises(IncidentError, match="hallow_road crosses itself near 385500, 254500"):
            read("hallow_road", outlines={"hallow_road": written(tmp_path, bow)})

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            ("not json", "is no GeoJSON"),
            ('{"a": 1}', "is no GeoJSON"),
            ('{"type": "Point", "coordinates": [385000, 254000]}', "holds no polygon"),
            ('{"type": "FeatureCollection", "features": []}', "holds no polygon"),
        ],
    )
    def test_a_file_without_an_outline_is_told(self, tmp_path, content, says):
        path = tmp_path / "x.geojson"
        path.write_text(content)
        with pytest.raises(IncidentError, match=says):
            read_outline(path)


def test_the_made_up_floods_lie_along_their_rivers_and_go_to_disk_and_back(tmp_path):
    floods = flood_outlines()
    assert list(floods) == ["flood_severn", "flood_teme", "flood_avon"]
    worcester_bridge, powick, evesham = (384_600, 254_700), (383_500, 252_500), (403_600, 243_700)
    for outline, at in zip(floods.values(), (worcester_bridge, powick, evesham), strict=True):
        assert outline.is_valid
        assert outline.contains(shapely.Point(at))
    for path in write_outlines(tmp_path):
        assert read_outline(path).equals(floods[path.stem])


def to_degrees(shape):
    change = pyproj.Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    return shapely.transform(shape, change.transform, interleaved=False)


def swap(points):
    return points[:, ::-1]


def written(folder, shape):
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }
    path = folder / "hallow_road.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


def test_every_command_of_the_documents_asks_for_one_area():
    """A comma would part an area into the values of a sweep."""
    page = (Path(__file__).parents[3] / "docs" / "resilience.md").read_text(encoding="utf-8")
    areas = re.findall(r'-p incident_area="?([^"\n]+)"', page)
    assert len(areas) == 3
    assert [read_values(text, "incident_area") for text in areas] == [[text] for text in areas]
    corners = re.findall(r"\(([\d ,;]+;[\d ,;]+)\)", FORMS)
    assert read_values(corners[0], "incident_area") == corners
    assert read(corners[0]).kind == "polygon"
