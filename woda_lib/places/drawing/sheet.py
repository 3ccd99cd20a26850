"""The sheet: what stands around a map, so that it is read, searched, printed and listened to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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

    Of each sector (``WR1 1``): its south-west corner in tens of metres, how many digits a distance
    has (two reach 13 km), and its units one after the other: two letters, then the digits east and
    the digits north.
    """
    known = postcodes.dropna(subset=["postcode", "easting", "northing"])
    known = known.drop_duplicates("postcode").sort_values("postcode")
    tens = (known[["easting", "northing"]].astype(float) / 10).round().astype(int)
    written = known["postcode"].astype(str)
    return {
        sector: _sector(written.loc[own.index].str[-2:].tolist(), own.to_numpy())
        for sector, own in tens.groupby(written.str[:-2])
    }


def _sector(units: list[str], tens: NDArray[np.int64]) -> list[int | str]:
    corner = tens.min(axis=0)
    digits = len(np.base_repr((tens - corner).max(), 36).zfill(2))
    packed = [
        unit + "".join(np.base_repr(step, 36).zfill(digits) for step in place - corner)
        for unit, place in zip(units, tens, strict=True)
    ]
    return [*corner.tolist(), digits, "".join(packed)]
