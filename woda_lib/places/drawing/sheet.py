"""The sheet: what stands around a map, so that it is read, searched, printed and listened to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from woda_lib.places.drawing.element import Drawn
from woda_lib.places.errors import PlacesError


class Sheet(Drawn):
    """Title, legend, switch, search, details, table, scale, north and source of a map.

    A map whose layers have no sheet gets one without a title.

    Parameters
    ----------
    title : str
        What the map shows, as the page's heading.
    source, date : str
        Whose data and outlines they are, and of when, below the map and on paper.
    note : str
        One sentence on how to read it.
    beside : tuple of str, optional
        The names of the layers with which the map opens as two that move together.
    incident : Incident, optional
        The tool that marks an area, and what its result is for.
    """

    calls = "woda.sheet"

    def __init__(
        self,
        title: str,
        *,
        source: str,
        date: str,
        note: str = "",
        beside: tuple[str, str] | None = None,
        incident: Incident | None = None,
    ) -> None:
        super().__init__()
        self._name = "sheet"
        self.title = title
        self.source = source
        self.date = date
        self.note = note
        self.beside = beside
        self.incident = incident

    def spec(self) -> dict[str, Any]:
        """Return what the page's script is handed."""
        return {
            "title": self.title,
            "source": self.source,
            "date": self.date,
            "note": self.note,
            "beside": list(self.beside) if self.beside else None,
            "incident": self.incident.spec() if self.incident else None,
        }


class Incident:
    """The tool that marks an incident area: a circle or an outline, by mouse or by keyboard.

    Parameters
    ----------
    command : str
        What `woda` is asked to run; ``{area}`` stands for the area in words, as in
        ``385000 254600 / 500 m`` or ``384000 254000; 385500 254000; 385000 255500``.
    postcodes : DataFrame, optional
        Columns ``postcode``, ``easting`` and ``northing``: the centres that may be typed.
    radius : float
        Metres that the radius begins with.
    """

    def __init__(
        self,
        command: str = "woda run business_register -p incident_area='{area}'",
        *,
        postcodes: pd.DataFrame | None = None,
        radius: float = 500,
    ) -> None:
        if "{area}" not in command:
            raise PlacesError(
                f"The command {command!r} has no place for the area. Write {{area}} where it goes."
            )
        self.command = command
        self.postcodes = _packed(postcodes) if postcodes is not None else None
        self.radius = radius

    def spec(self) -> dict[str, Any]:
        """Return what the page's script is handed."""
        return {"command": self.command, "postcodes": self.postcodes, "radius": self.radius}


def _packed(postcodes: pd.DataFrame) -> dict[str, Any]:
    """Pack postcodes to a few bytes each: to ten metres from a corner, in digits of base 36.

    Of each sector (``WR1 1``) the units stand one after the other: two letters, three digits east
    and three digits north.
    """
    known = postcodes.dropna(subset=["postcode", "easting", "northing"])
    known = known.drop_duplicates("postcode").sort_values("postcode")
    corner = [int(known[name].min()) for name in ("easting", "northing")]
    written = known["postcode"].astype("string")
    packed = written.str[-2:]
    for name, start in zip(("easting", "northing"), corner, strict=True):
        tens = ((known[name].astype(float) - start) / 10).round().astype(int)
        packed = packed + tens.map(lambda number: np.base_repr(number, 36).zfill(3))
    sectors = packed.groupby(written.str[:-2]).agg("".join).to_dict()
    return {"corner": corner, "sectors": sectors}
