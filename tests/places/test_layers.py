"""A map's layers by configuration: what is wrong is named by file and key, what is right shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import yaml

from tests.places.squares import BOW_TIE, at_cathedral, square
from woda_lib.places import Layer, PlacesError, layer_features, read_layers, read_partner_table

OWN = Path(__file__).parents[2] / "parameters" / "asset_map" / "layers.yaml"


def layer(**keys: Any) -> dict[str, Any]:
    plain = {
        "name": "libraries",
        "title": "Libraries",
        "kind": "points",
        "origin": {"file": "libraries.csv", "columns": {"postcode": "Postcode"}},
        "value": "Kind",
        "heading": "Kind of library",
    }
    return plain | keys


def written(tmp_path, *layers: dict[str, Any], text: str = "") -> Path:
    path = tmp_path / "asset_map" / "layers.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text or yaml.safe_dump({"layers": list(layers)}))
    return path


def test_the_asset_map_s_own_file_is_sound():
    layers = {each.name: each for each in read_layers(OWN)}
    assert next(iter(layers)) == "districts"
    assert layers["deprivation"].drawn_as == "choropleth"
    assert layers["deprivation"].dark_is_low
    assert not layers["deprivation"].required


def test_layers_come_in_their_order_and_are_drawn_as_usual_for_their_kind(tmp_path):
    shapes = layer(name="woods", kind="shapes", origin={"dataset": "land_use", "shape": "wkt"})
    areas = layer(name="wards", kind="areas", origin={"boundaries": "ward"})
    found = read_layers(written(tmp_path, shapes, areas, layer(drawn="heat")))
    assert [(each.name, each.drawn_as) for each in found] == [
        ("woods", "kinds"),
        ("wards", "choropleth"),
        ("libraries", "heat"),
    ]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"colour": "red"}, "layers.0.colour: Extra inputs are not permitted"),
        ({"name": "Libraries"}, "layers.0.name: String should match"),
        ({"kind": "lines"}, "layers.0.kind: Input should be 'areas', 'points' or 'shapes'"),
        ({"origin": {}}, "layers.0.origin: name one of dataset, table, boundaries and file"),
        ({"origin": {"file": "a.csv", "dataset": "b"}}, "name one of dataset, table"),
        ({"origin": {"file": "../a.csv"}}, "layers.0.origin.file: must be the name of a file"),
        ({"origin": {"boundaries": "parish"}}, "origin.boundaries: must be area, oa, lsoa"),
        ({"origin": {"file": "a.csv", "code": "c"}}, "code and level go together"),
        ({"origin": {"file": "a.csv"}}, "points need origin.columns"),
        ({"kind": "areas"}, "areas need origin.boundaries, or origin.code and origin.level"),
        ({"kind": "shapes"}, "shapes need origin.shape"),
        ({"origin": {"file": "a.csv", "columns": {}}}, "name a column of a postcode"),
        (
            {"origin": {"file": "a.csv", "columns": {"easting": "E"}}},
            "columns: easting and northing go together",
        ),
        ({"drawn": "choropleth"}, "points are drawn as points, circles, heat"),
        ({"scheme": "given"}, "breaks go with scheme: given"),
        ({"scheme": "given", "breaks": [3, 1]}, "breaks must ascend"),
        ({"number": 30}, "layers.0.number: Input should be less than or equal to 9"),
    ],
)
def test_a_wrong_key_is_named_with_its_file(tmp_path, keys, told):
    with pytest.raises(PlacesError) as found:
        read_layers(written(tmp_path, layer(**keys)))
    assert "asset_map/layers.yaml" in str(found.value)
    assert told in str(found.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("layers: []", "there must be one layer at least"),
        ("[1, 2]", "must hold the key layers"),
        ("layers: [", "is not valid YAML"),
        (yaml.safe_dump({"layers": [layer(), layer()]}), "two layers are called libraries"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path, text, told):
    with pytest.raises(PlacesError, match=told):
        read_layers(written(tmp_path, text=text))


def test_no_file_is_told_with_what_to_write():
    with pytest.raises(PlacesError, match=r"There is no .*nowhere\.yaml\. It says which layers"):
        read_layers(Path("/nowhere.yaml"))


LIBRARIES = pd.DataFrame(
    {"Name": ["St John's", "Hive", "Lost"], "Postcode": ["WR1 3NZ", "wr13nz", "WR99 9ZZ"]},
    dtype="string",
).assign(Kind="branch", Telephone="01905 000000")


def test_only_what_a_layer_names_reaches_the_map():
    found = layer_features(Layer(**layer(columns={"Name": "Name"})), LIBRARIES)
    assert list(found.frame.columns) == ["Kind", "Name", "geometry"]
    assert found.frame["Name"].tolist() == ["St John's", "Hive"]
    assert found.quarantine.values.tolist() == [["its postcode is not in the directory", 1]]
    assert found.source == "Libraries"


def test_a_layer_of_areas_joins_its_table_by_code():
    areas = gpd.GeoDataFrame(
        {"code": ["E01000001", "E01000002"], "name": ["A", "B"], "vintage": "2021"},
        geometry=[square(0), square(1)],
        crs=27700,
    )
    areas.attrs.update(level="lsoa", derived=False, source="ONS", date="2021", quarantine=())
    origin = {"file": "imd.csv", "code": "lsoa21_code", "level": "lsoa"}
    told = {"rank": "Rank"}
    shaded = Layer(**layer(kind="areas", origin=origin, value="decile", columns=told))
    table = pd.DataFrame(
        {
            "lsoa21_code": ["E01000001", "E01000002", "E01099999"],
            "decile": ["1.0", "x", "3"],
            "rank": ["22518.0", pd.NA, "7.0"],
        },
        dtype="string",
    )
    found = layer_features(shaded, table, areas=areas)
    assert found.frame["rank"].fillna("none").tolist() == ["22518", "none"]
    assert found.frame["decile"].tolist()[0] == 1
    assert found.frame["decile"].isna().tolist() == [False, True]
    assert found.quarantine["rows"].tolist() == [1]
    assert (found.source, found.date) == ("ONS", "2021")
    with pytest.raises(PlacesError, match="holds codes of 2011"):
        old = table.iloc[[0, 2]].rename(columns={"lsoa21_code": "lsoa11_code"})
        layer_features(
            Layer(**layer(kind="areas", origin=origin | {"code": "lsoa11_code"}, value="decile")),
            old,
            areas=areas,
        )


def test_shapes_that_cross_themselves_are_put_by_and_counted():
    texts = [square(0).wkt, at_cathedral(BOW_TIE).wkt, "POLYGON ((1", None]
    table = pd.DataFrame({"Kind": ["wood", "farm", "lake", "road"], "wkt": texts})
    woods = Layer(**layer(kind="shapes", origin={"dataset": "land_use", "shape": "wkt"}))
    found = layer_features(woods, table)
    assert found.frame["Kind"].tolist() == ["wood"]
    assert found.frame.geometry.item().equals(shapely.from_wkt(square(0).wkt))
    assert found.quarantine["rows"].sum() == 3


def test_what_a_layer_cannot_show_is_refused():
    with pytest.raises(PlacesError, match="libraries shows Sort, which its table does not have"):
        layer_features(Layer(**layer(value="Sort")), LIBRARIES)
    lost = LIBRARIES.iloc[[2]]
    with pytest.raises(PlacesError, match="has 0 features: none of its 1 rows has a place"):
        layer_features(Layer(**layer()), lost)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_partner_s_table_is_read_as_text(tmp_path, encoding):
    path = tmp_path / "cafés.csv"
    path.write_text(" UPRN , Name\n00123, Café \n,x\n", encoding=encoding)
    table = read_partner_table(path)
    assert table.columns.tolist() == ["UPRN", "Name"]
    assert table["UPRN"].fillna("none").tolist() == ["00123", "none"]
    assert table["Name"].tolist() == ["Café", "x"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "cannot be read as a comma-separated table"),
        (b"a,b\n", "holds 0 rows below its headings"),
        (b"a,b\n1,2,3,4\n1\n1,2,3,4,5\n", "cannot be read as a comma-separated table"),
        (b"a\n\x81\n", "neither in UTF-8 nor in Windows-1252"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, content, told):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(PlacesError, match=told):
        read_partner_table(tmp_path / "a.csv")
    with pytest.raises(PlacesError, match="There is no table"):
        read_partner_table(tmp_path / "b.csv")
