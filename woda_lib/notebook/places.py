"""Boundaries and other files of places: read as a recorded input, so that a new file counts.

Which boundaries a step gets depends on what users have put into the places folder. Every file there
is on the step's record: one that is changed, added or taken away makes the step stale.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from woda_lib.disclosure import Loaded
from woda_lib.notebook.displays import Displays
from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.tables import Tables
from woda_lib.phrases import say_count
from woda_lib.records import PLACE_FILES, place_files
from woda_lib.settings import Settings

if TYPE_CHECKING:
    # Here: a step without a map shall not hang on geopandas.
    import geopandas as gpd
    import pandas as pd


class PlaceVerbs:
    """The verbs of `Run` that public geography comes in by, and goes on the record by."""

    _settings: Settings
    _displays: Displays
    _loaded: Loaded
    _tables: Tables
    _sources: dict[str, str]

    def boundaries(self, level: str, *, addresses: pd.DataFrame | None = None) -> gpd.GeoDataFrame:
        """Return the boundaries of a level: of an official file in the places folder, else derived.

        What was mended or left out of a file is counted in a note beneath the cell, and the
        provenance names the source and its vintage.

        Parameters
        ----------
        level : str
            *district*, *ward*, *lsoa*, another of `woda_lib.places.LEVELS`, or *area*: the
            gazetteer's own small areas.
        addresses : DataFrame, optional
            For *area*: the gazetteer, with ``area, easting, northing, district``.

        Returns
        -------
        GeoDataFrame
            ``code, name, district`` (name), ``vintage``, ``geometry`` in British National Grid;
            ``attrs`` tell ``source``, ``date`` and whether they are ``derived``.

        Raises
        ------
        PlacesError
            If the level has no file and cannot be derived, or its file is not fit.
        """
        from woda_lib.places import boundaries, quarantine_counts

        self._record_places()
        areas = boundaries(level, folder=self._settings.places_folder, addresses=addresses)
        self._loaded.know(areas["name"])
        self.note_source(f"{level} boundaries", str(areas.attrs["source"]))
        self._note_quarantine(level, quarantine_counts(areas))
        return areas

    def place_file(self, name: str) -> Path:
        """Return a file of the places folder, such as a partner's table of points.

        Raises
        ------
        NotebookError
            If it is not there.
        """
        self._record_places()
        path = self._settings.places_folder / name
        if Path(name).name != name or not path.is_file():
            there = (
                ", ".join(p.name for p in place_files(self._settings.places_folder)) or "nothing"
            )
            raise NotebookError(
                f"There is no file {name!r} in the places folder "
                f"({self._settings.places_folder}), which holds {there}. Put it there, or set "
                "WODA_PLACES to the folder where it lies."
            )
        return path

    def note_source(self, what: str, source: str) -> None:
        """Name in the provenance where something public was taken from, and of which date.

        Parameters
        ----------
        what : str
            Such as *deprivation*.
        source : str
            Who published it, with its year and licence.
        """
        self._loaded.refuse_text(source, name=f"The source of {what}")
        self._sources[what] = source

    def _record_places(self) -> None:
        for path in place_files(self._settings.places_folder):
            self._tables.record_input(path, PLACE_FILES)

    def _note_quarantine(self, level: str, counts: pd.DataFrame) -> None:
        if counts.empty:
            return
        told = "; ".join(
            f"{say_count(int(row.areas))} {row.what} ({row.reason})"
            for row in counts.itertuples(index=False)
        )
        said = f"Of the {level} boundaries: {told}."
        self._displays.show(
            "note", f"{level}_boundaries", f'<p class="tnote">{escape(said)}</p>', said
        )
