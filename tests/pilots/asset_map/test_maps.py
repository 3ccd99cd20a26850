"""The asset map's layers: what is drawn of very many sites, and how much one page may hold."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from woda_lib.pilots.asset_map import maps
from woda_lib.pilots.asset_map.county import LAND_CLASSES
from woda_lib.places import Features, read_layers
from woda_lib.places.drawing.colours import look

LAYERS = {
    one.name: one
    for one in read_layers(Path(__file__).parents[3] / "parameters" / "asset_map" / "layers.yaml")
}
SIDE = 60.0


def _land(number: int) -> maps.Configured:
    """Squares of 60 m in a row, 20 m apart: the west half homes, the east half farms."""
    west = 380_000 + 80.0 * pd.Series(range(number), dtype=float)
    frame = gpd.GeoDataFrame(
        {
            "land_class": ["Homes" if n < number // 2 else "Farms" for n in range(number)],
            "description": "Site",
        },
        geometry=shapely.box(west, 250_000, west + SIDE, 250_000 + 6 * SIDE),
        crs="EPSG:27700",
    )
    nothing = pd.DataFrame({"reason": [], "rows": []})
    return maps.Configured(LAYERS["land_use"], Features(frame, nothing, "Survey", "2026"))


def test_very_many_sites_are_drawn_by_what_they_are_used_for() -> None:
    made = maps.gathered(_land(3_200))
    assert made.features.frame["land_class"].tolist() == ["Farms", "Homes"]
    assert made.layer.columns == {}
    assert "drawn as one" in made.features.source
    # 1,600 sites with the 20 m between each two; buffers leave round corners where they meet.
    row = (1_600 * 80 - 20) * 360
    assert (made.features.frame.area / row).between(0.998, 1.002).all()


def test_fewer_sites_are_drawn_each() -> None:
    few = _land(100)
    assert maps.gathered(few) is few


def test_every_use_of_land_has_a_look_of_its_own() -> None:
    looks = {kind: look(said) for kind, said in LAYERS["land_use"].looks.items()}
    assert set(LAND_CLASSES.values()) == set(looks)
    assert len(set(looks.values())) == len(looks)


def test_a_site_of_land_is_called_by_what_it_is() -> None:
    assert next(iter(LAYERS["land_use"].columns)) == "description"
