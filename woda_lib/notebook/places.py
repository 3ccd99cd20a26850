"""Boundaries and other files of places: read as a recorded input, so that a new file counts.

Which boundaries a step gets depends on what users have put into the places folder. Every file there
is on the step's record: one that is changed, added or taken away makes the step stale.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from woda_lib.disclosure import Loaded, Rule
from woda_lib.notebook.displays import Displays
from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.inputs import saved_table
from woda_lib.notebook.tables import Tables
from woda_lib.phrases import say_count
from woda_lib.records import PLACE_FILES, Pilot, place_files
from woda_lib.settings import Settings

if TYPE_CHECKING:
    # Here: a step without a map shall not hang on geopandas.
    import geopandas as gpd
    import pandas as pd

    from woda_lib.places import Features, Layer, Origin


class PlaceVerbs:
    """The verbs of `Run` that public geography comes in by, and goes on the record by."""

    pilot: Pilot
    parameters_folder: Path
    _settings: Settings
    _displays: Displays
    _loaded: Loaded
    _rule: Rule
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
            For *area*: the gazetteer, with ``area, easting, northing``.

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
        if without := areas.attrs.get("without"):
            said = f"The {level} boundaries have no area in {', '.join(without)}."
            self._note(f"{level}_boundaries", said)
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

    def layers(self) -> dict[str, Layer]:
        """Return the layers of this pilot's map by name, as its file says, in their order.

        Raises
        ------
        PlacesError
            If ``parameters/<pilot>/layers.yaml`` is not there or a key of it is wrong.
        """
        from woda_lib.places import read_layers

        path = self.parameters_folder / self.pilot.pilot / "layers.yaml"
        found = {layer.name: layer for layer in read_layers(path)}
        self._tables.record_input(path, "layers")
        return found

    def layer(self, layer: Layer, *, properties: pd.DataFrame | None = None) -> Features | None:
        """Return what a layer shows, wherever it comes from; nothing, if it may be left out.

        What could not be placed or joined is counted in a note beneath the cell, and the
        provenance names the source.

        Parameters
        ----------
        layer : Layer
            Of `layers`.
        properties : DataFrame, optional
            The gazetteer, by which property numbers are placed, and small areas drawn.

        Raises
        ------
        PlacesError
            If its table does not fit what the layer says of it, or its boundaries.
        NotebookError
            If its file or table is not there and the layer is required.
        """
        from woda_lib.places import layer_features

        self._record_places()
        origin = layer.origin
        if not layer.required and self._is_absent(origin):
            self._note(layer.name, f"{layer.title} is left out: what it is made of is not there.")
            return None
        level = origin.boundaries or origin.level
        areas = self.boundaries(level, addresses=properties) if level else None
        found = layer_features(layer, self._table_of(origin), areas=areas, properties=properties)
        self.note_source(layer.title, found.source)
        reasons = zip(found.quarantine["reason"], found.quarantine["rows"], strict=True)
        if told := [f"{self._counted(rows)} ({reason})" for reason, rows in reasons if rows]:
            self._note(layer.name, f"Not on the map of {layer.title}: {'; '.join(told)}.")
        return found

    def _counted(self, rows: int) -> str:
        """A number of rows; they may be people, so that few of them are not told exactly."""
        few = self._rule.threshold
        return f"fewer than {say_count(few)}" if rows < few else say_count(rows)

    def _is_absent(self, origin: Origin) -> bool:
        """Whether a layer's file, boundaries or table is not there; a bad one is no absent one."""
        from woda_lib.places import AREA, official_file

        folder = self._settings.places_folder
        level = origin.boundaries or origin.level
        if level not in (None, AREA, "district") and official_file(level, folder) is None:
            return True
        if origin.file:
            return not (folder / origin.file).is_file()
        if origin.table:
            pilot, settings = self.pilot.pilot, self._settings
            return not saved_table(origin.table, pilot=pilot, settings=settings).is_file()
        return False

    def _table_of(self, origin: Origin) -> pd.DataFrame | None:
        from woda_lib.places import read_partner_table

        if origin.file:
            return read_partner_table(self.place_file(origin.file))
        if name := origin.dataset or origin.table:
            return self._tables.load(name, None)
        return None

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
            f"{say_count(areas)} {what} ({reason})"
            for reason, what, areas in zip(
                counts["reason"], counts["what"], counts["areas"], strict=True
            )
        )
        self._note(f"{level}_boundaries", f"Of the {level} boundaries: {told}.")

    def _note(self, name: str, said: str) -> None:
        self._displays.show("note", name, f'<p class="tnote">{escape(said)}</p>', said)
