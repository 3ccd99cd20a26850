"""The layers of a map, by configuration: where each comes from, how it is drawn, and who says so.

They stand in ``parameters/<pilot>/layers.yaml``. Whoever has a table with a postcode, a property
reference, a grid reference or an official code adds a layer there, without any code.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from woda_lib.places.codes import LEVELS
from woda_lib.places.errors import PlacesError
from woda_lib.places.finding import AREA
from woda_lib.records.named_files import read_record

Kind = Literal["areas", "points", "shapes"]
Drawn = Literal["choropleth", "kinds", "circles", "points", "heat"]
_LOOK = re.compile(
    r"(plum|blue|orange|green)( (none|diagonal|dots|horizontal|cross|vertical|back))?"
)
_DRAWN_OF: dict[str, tuple[Drawn, ...]] = {
    "areas": ("choropleth", "kinds", "circles"),
    "points": ("points", "circles", "heat"),
    "shapes": ("kinds", "choropleth"),
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Columns(_Strict):
    """The columns of a table that say where its rows are; see `woda_lib.places.locate`.

    Attributes
    ----------
    uprn, postcode, grid_reference : str, optional
    easting, northing : str, optional
        Metres of the National Grid, both or neither.
    longitude, latitude : str, optional
        Degrees (WGS84), both or neither.
    """

    uprn: str | None = None
    postcode: str | None = None
    grid_reference: str | None = None
    easting: str | None = None
    northing: str | None = None
    longitude: str | None = None
    latitude: str | None = None

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if not any(getattr(self, name) for name in Columns.model_fields):
            raise ValueError("name a column of a postcode, property or grid reference")
        for one, other in (("easting", "northing"), ("longitude", "latitude")):
            if bool(getattr(self, one)) != bool(getattr(self, other)):
                raise ValueError(f"{one} and {other} go together")
        return self


class Origin(_Strict):
    """Where a layer's rows come from: one of four, and how they get a shape.

    Attributes
    ----------
    dataset : str, optional
        A dataset of the agreement.
    table : str, optional
        A table that a step saved, ``<pilot>/<step>:<table>``.
    boundaries : str, optional
        A level of boundaries, drawn as it is.
    file : str, optional
        A table (CSV) in the places folder.
    code : str, optional
        The column of official codes by which rows are joined to the boundaries of `level`.
    level : str, optional
        Of those boundaries.
    columns : Columns, optional
        Of where each row is, for points.
    shape : str, optional
        The column of well-known text, for shapes.
    """

    dataset: str | None = None
    table: str | None = None
    boundaries: str | None = None
    file: str | None = None
    code: str | None = None
    level: str | None = None
    columns: Columns | None = None
    shape: str | None = None

    @field_validator("boundaries", "level")
    @classmethod
    def _known_level(cls, level: str | None) -> str | None:
        if level not in (None, AREA, *LEVELS):
            raise ValueError(f"must be {AREA}, {', '.join(LEVELS)}")
        return level

    @field_validator("file")
    @classmethod
    def _bare_name(cls, file: str | None) -> str | None:
        if file is not None and Path(file).name != file:
            raise ValueError("must be the name of a file in the places folder, without a path")
        return file

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        named = [n for n in ("dataset", "table", "boundaries", "file") if getattr(self, n)]
        if len(named) != 1:
            raise ValueError("name one of dataset, table, boundaries and file")
        if bool(self.code) != bool(self.level):
            raise ValueError("code and level go together")
        return self


class Layer(_Strict):
    """One layer of a map.

    Attributes
    ----------
    name : str
        In snake_case.
    title : str
        What the layer is called in the switch.
    kind : {"areas", "points", "shapes"}
    origin : Origin
    value : str
        The column that shades, colours or counts.
    heading : str
        What it is, with its unit, in the legend.
    columns : dict of str to str
        What else is told of a feature: heading by column. No other column reaches the page.
    drawn : {"choropleth", "kinds", "circles", "points", "heat"}, optional
        The first that the kind allows, if nothing is said.
    scheme : {"quantiles", "natural_breaks", "equal_interval", "given"}
        How a choropleth is divided into classes.
    number : int
        Of classes.
    breaks : tuple of float
        With *given*: the highest value of each class but the last.
    decimals : int
    unit : str
    hue : {"plum", "blue", "orange", "green"}
    looks : dict of str to str
        Of *kinds*: a hue and a pattern by kind, ``green dots``, in the legend's order; a hue
        alone is plain. Kinds that are not named get looks of their own.
    dark_is_low : bool
        Whether low values are the dark ones, as where 1 is the most deprived.
    source, date : str
        Whose data they are, and of when. Left out, the boundaries' or the delivery's own.
    required : bool
        Whether a map without it is refused; else a file that is not there leaves the layer out.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    kind: Kind
    origin: Origin
    value: str
    heading: str
    columns: dict[str, str] = {}
    drawn: Drawn | None = None
    scheme: Literal["quantiles", "natural_breaks", "equal_interval", "given"] = "quantiles"
    number: int = Field(default=5, ge=2, le=9)
    breaks: tuple[float, ...] = ()
    decimals: int = Field(default=0, ge=0, le=6)
    unit: str = ""
    hue: Literal["plum", "blue", "orange", "green"] = "plum"
    looks: dict[str, str] = {}
    dark_is_low: bool = False
    source: str = ""
    date: str = ""
    required: bool = True

    @model_validator(mode="after")
    def _kind_can_be_had(self) -> Self:
        origin, kind = self.origin, self.kind
        if kind == "areas" and not (origin.boundaries or origin.code):
            raise ValueError("areas need origin.boundaries, or origin.code and origin.level")
        if kind == "points" and origin.columns is None:
            raise ValueError("points need origin.columns, which say where each row is")
        if kind == "shapes" and not origin.shape:
            raise ValueError("shapes need origin.shape, the column of well-known text")
        if self.drawn is not None and self.drawn not in _DRAWN_OF[kind]:
            raise ValueError(f"drawn: {kind} are drawn as {', '.join(_DRAWN_OF[kind])}")
        if self.looks and self.drawn_as != "kinds":
            raise ValueError("looks go with drawn: kinds")
        if wrong := [look for look in self.looks.values() if not _LOOK.fullmatch(look)]:
            raise ValueError(f"looks: {wrong[0]!r} is no hue with a pattern, such as green dots")
        if bool(self.breaks) != (self.scheme == "given"):
            raise ValueError("breaks go with scheme: given")
        if list(self.breaks) != sorted(set(self.breaks)):
            raise ValueError("breaks must ascend")
        return self

    @property
    def drawn_as(self) -> Drawn:
        """How it is drawn: as it says, or else as is usual for its kind."""
        return self.drawn or _DRAWN_OF[self.kind][0]


class _Layers(_Strict):
    layers: tuple[Layer, ...]

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        if not self.layers:
            raise ValueError("there must be one layer at least")
        names = [layer.name for layer in self.layers]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two layers are called {', '.join(twice)}")
        return self


def read_layers(path: Path) -> tuple[Layer, ...]:
    """Read a map's layers, in the order in which they lie.

    Parameters
    ----------
    path : Path
        ``parameters/<pilot>/layers.yaml``.

    Raises
    ------
    PlacesError
        If the file is not there, is not YAML, or a key of it is unknown, missing or of the wrong
        form; file and key are named.
    """
    shown = Path(*path.parts[-3:])
    return read_record(
        path,
        _Layers,
        shown=str(shown),
        absent=f"There is no {shown}. It says which layers the map has; write one, as "
        "docs/asset_map_boundaries.md shows.",
        error=PlacesError,
        holds="the key layers",
    ).layers
