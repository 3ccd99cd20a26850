"""Areas: shaded from light to dark by a number, or coloured and patterned by what they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd

from woda_lib.figures import TOKENS
from woda_lib.places.drawing.classes import Classes, Scheme, make_classes
from woda_lib.places.drawing.colours import Hue, kinds, ramp
from woda_lib.places.drawing.features import Field
from woda_lib.places.drawing.layer import Layer
from woda_lib.places.sealed import GatedLayer


class Choropleth(Layer):
    """Areas shaded by a number; those withheld are hatched, those without one are left white.

    Parameters
    ----------
    areas : GatedLayer or GeoDataFrame
        One row an area; columns `key`, `title`, `value` and those of `fields`.
    value : str
        The column that shades: a rate, share or score. Draw counts with `Circles`.
    name : str
        What the layer is called in the switch.
    heading : str
        What the value is, with its unit and date, in the legend.
    scheme, number, breaks, decimals
        As for `make_classes`.
    hue : {"plum", "blue", "orange", "green"}
    dark_is_low : bool
        Whether the lowest values are the darkest, as where rank 1 is the most deprived.
    withheld : str
        How the legend calls an area whose value did not pass the gate.
    """

    kind = "areas"
    group = "areas"

    def __init__(
        self,
        areas: GatedLayer | gpd.GeoDataFrame,
        *,
        value: str,
        name: str,
        heading: str,
        scheme: Scheme = "quantiles",
        number: int = 5,
        breaks: Sequence[float] = (),
        decimals: int = 0,
        unit: str = "",
        hue: Hue = "plum",
        dark_is_low: bool = False,
        withheld: str = "Withheld: too few to show",
        **layer: Any,
    ) -> None:
        super().__init__(areas, name=name, value=Field(value, heading, decimals, unit), **layer)
        self.classes_as = {
            "scheme": scheme,
            "number": number,
            "breaks": tuple(breaks),
            "decimals": decimals,
        }
        self.hue: Hue = hue
        self.dark_is_low = dark_is_low
        self.withheld_as = withheld
        self.classes  # noqa: B018 - a value that cannot be shaded is told here, not when it is shown

    @property
    def classes(self) -> Classes:
        """The classes of the values that are drawn."""
        return make_classes(self.values(), **self.classes_as)  # type: ignore[arg-type]

    def drawn_as(self) -> dict[str, Any]:
        """Return the class of each feature and how each class looks."""
        classes = self.classes
        labels = classes.labels()
        shades = ramp(len(labels), self.hue)
        if self.dark_is_low:
            shades = shades[::-1]
        made = [
            {"label": label, "fill": shade, "hatch": "none"}
            for label, shade in zip(labels, shades, strict=True)
        ]
        found = classes.of(self.values())
        lost = self.lost()
        if lost.any():
            made.append({"label": self.withheld_as, "fill": TOKENS["paper"], "hatch": "withheld"})
            found = found.mask(lost, len(made) - 1)
        if found.isna().any():
            made.append({"label": "No value", "fill": TOKENS["paper"], "hatch": "none"})
            found = found.fillna(len(made) - 1)
        return {"classes": made, "class_of": found.astype(int).tolist()}


class Kinds(Layer):
    """Areas by what they are, each kind with a colour and a pattern.

    Parameters
    ----------
    areas : GatedLayer or GeoDataFrame
    value : str
        The column that says the kind.
    name, heading : str
        As for `Choropleth`.
    looks : mapping of str to (colour, hatch), optional
        How each kind looks, in the legend's order; kinds without a look get one chosen for them.
    """

    kind = "areas"
    group = "kinds"

    def __init__(
        self,
        areas: GatedLayer | gpd.GeoDataFrame,
        *,
        value: str,
        name: str,
        heading: str,
        looks: dict[str, tuple[str, str]] | None = None,
        **layer: Any,
    ) -> None:
        super().__init__(areas, name=name, value=Field(value, heading), **layer)
        self.looks = looks

    def drawn_as(self) -> dict[str, Any]:
        """Return the kind of each feature and how each kind looks."""
        values = self.values().astype("string")
        given = self.looks or {}
        there = list(values.value_counts().index)
        others = [name for name in there if name not in given]
        free = [one for one in kinds(len(given) + len(others)) if one not in given.values()]
        looks = {name: given[name] for name in given if name in there}
        looks |= dict(zip(others, free[: len(others)], strict=True))
        names = list(looks)
        made = [{"label": name, "fill": looks[name][0], "hatch": looks[name][1]} for name in names]
        places = {name: place for place, name in enumerate(names)}
        found = values.map(places).astype("Int64")
        if found.isna().any():
            made.append({"label": "Not known", "fill": TOKENS["paper"], "hatch": "withheld"})
            found = found.fillna(len(made) - 1)
        return {"classes": made, "class_of": found.astype(int).tolist()}
