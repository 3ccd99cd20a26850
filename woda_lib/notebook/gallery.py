"""The tables, figures and maps of a step: gated, numbered, exported beside the report, as HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.text import Text

from woda_lib.disclosure import (
    DisclosureError,
    GatedTable,
    Loaded,
    Rule,
    gate_table,
    gate_text,
    refuse_foreign_marks,
    refuse_people_as_marks,
    safe_cells,
)
from woda_lib.figures import Picture, to_svg
from woda_lib.notebook import markup
from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.map_markup import map_markup
from woda_lib.notebook.memory import Memory
from woda_lib.records import RunFolder, Shown

if TYPE_CHECKING:
    from woda_lib.places.sealed import SealedMap


@dataclass(frozen=True)
class Exhibit:
    """One table, figure or map as a notebook displays it, with its record and its gated numbers."""

    record: Shown
    html: str
    plain: str
    frame: pd.DataFrame


class Gallery:
    """What one step has shown, in order.

    Parameters
    ----------
    folder : RunFolder
        The run (or draft) that files are exported to.
    step : str
    rule : Rule
        The agreement's disclosure rule.
    memory : Memory
        What was shown before.
    loaded : Loaded
        What the step has read that identifies people.
    draft : bool
        Whether the notebook lies elsewhere than the files that it exports, so that it holds the
        pages of its maps itself.
    synthetic : bool
        Whether the data are made up, which the page of a map says.
    """

    def __init__(
        self,
        folder: RunFolder,
        step: str,
        rule: Rule,
        memory: Memory,
        loaded: Loaded,
        *,
        draft: bool = False,
        synthetic: bool = False,
    ) -> None:
        self._folder = folder
        self._step = step
        self._rule = rule
        self._memory = memory
        self._loaded = loaded
        self._draft = draft
        self._synthetic = synthetic
        self.shown: dict[str, Exhibit] = {}

    def hang(
        self,
        shown: pd.DataFrame | Picture | SealedMap,
        *,
        name: str,
        caption: str,
        alt: str,
        counts: Iterable[str] | None,
        totals: Iterable[str],
        contributions: Mapping[str, pd.DataFrame] | None,
    ) -> Exhibit:
        """Hang a table, a figure or a map; see `Run.show`.

        Raises
        ------
        NotebookError
            It is none of them.
        DisclosureError
            The gate refuses it.
        """
        if isinstance(shown, Picture):
            return self.hang_figure(shown, name=name, caption=caption, alt=alt)
        if isinstance(shown, pd.DataFrame):
            return self.hang_table(
                shown,
                name=name,
                caption=caption,
                counts=counts,
                totals=totals,
                contributions=contributions,
            )
        from woda_lib.places.sealed import SealedMap  # here: it brings GeoPandas

        if isinstance(shown, SealedMap):
            if counts is not None or contributions or list(totals):
                raise NotebookError(
                    f"The layers of the map {name} say themselves which of their columns count "
                    "people: MapLayer(…, counts=…). Leave counts, totals and contributions out."
                )
            return self.hang_map(shown, name=name, caption=caption, alt=alt)
        raise NotebookError(
            f"{name} is a {type(shown).__name__}. run.show takes a DataFrame, a Picture (the "
            "figures that woda_lib draws) or a SealedMap (its maps)."
        )

    def hang_table(
        self,
        frame: pd.DataFrame,
        *,
        name: str,
        caption: str,
        counts: Iterable[str] | None,
        totals: Iterable[str] = (),
        contributions: Mapping[str, pd.DataFrame] | None = None,
        columns: Sequence[str] | None = None,
    ) -> Exhibit:
        """Gate and export a table; keywords are those of `gate_table`.

        `columns` are those that the page shows, where it is to hold fewer than the file.
        """
        caption = self._said(caption, f"The caption of {name}")
        if not isinstance(frame.index, pd.RangeIndex):
            frame = frame.reset_index()
        table = gate_table(
            frame,
            self._rule,
            name=name,
            counts=counts,
            totals=totals,
            contributions=contributions,
            others=self._memory.others(name),
            earlier=self._memory.earlier,
        )
        self._loaded.refuse_table(frame, name=name)
        self._memory.keep(table.counted)
        href, number = self._export(name, table), self._number("table", name)
        page = table.of(columns) if columns else table
        html = markup.table_markup(
            page,
            name=name,
            number=number,
            caption=caption,
            href=href,
            rule=self._rule,
        )
        plain = f"Table {number}. {caption}\n{_masked(page).to_string(index=False)}"
        return self._keep("table", name, caption, (href,), html, plain, table)

    def hang_figure(self, picture: Picture, *, name: str, caption: str, alt: str) -> Exhibit:
        """Gate the numbers behind a figure, and export them with the drawing."""
        caption, alt = self._described("figure", name, caption, alt)
        refuse_people_as_marks(picture, name=name)
        self._loaded.refuse_table(picture.data, name=name)
        table = gate_table(
            picture.data,
            self._rule,
            name=name,
            counts=picture.counts,
            others=self._memory.others(name),
            earlier=self._memory.earlier,
        )
        if table.withheld_cells and not picture.gaps:
            raise DisclosureError(
                f"The figure {name} rests on {table.withheld_cells} numbers of fewer than "
                f"{self._rule.threshold} people. Group what it shows, so that each count is larger."
            )
        gated = replace(picture, data=table.frame)
        look = partial(self._look, data=table.frame, name=name)
        wide, narrow = (to_svg(gated, narrow=width, look=look) for width in (False, True))
        self._memory.keep(table.counted)
        href, number = self._export(name, table), self._number("figure", name)
        drawing = f"{href.removesuffix('.csv')}.svg"
        (self._folder.path / drawing).write_text(wide, encoding="utf-8")
        html = markup.figure_markup(
            wide,
            narrow,
            table,
            name=name,
            number=number,
            caption=caption,
            alt=alt,
            href=href,
            rule=self._rule,
        )
        plain = f"Figure {number}. {caption}\n{alt}"
        return self._keep("figure", name, caption, (href, drawing), html, plain, table)

    def hang_map(self, asked: SealedMap, *, name: str, caption: str, alt: str) -> Exhibit:
        """Gate the layers of a map, and export its page, its picture and a table a layer."""
        from woda_lib.notebook.maps import folded_table, foot, layer_name, make_map, still_of

        caption, alt = self._described("map", name, caption, alt)
        made = make_map(
            asked,
            name=name,
            rule=self._rule,
            memory=self._memory,
            loaded=self._loaded,
            synthetic=self._synthetic,
        )
        still = still_of(asked, made, look=partial(self._letters, name=name))
        home = self._home().relative_to(self._folder.path).as_posix()
        exported = {
            key: self._export(layer_name(asked, name, made.layers[key].layer), table)
            for key, table in made.tables.items()
        }
        page, drawing = f"{home}/{name}.html", f"{home}/{name}.svg"
        for href, text in ((page, made.page), (drawing, still)):
            (self._folder.path / href).write_text(text, encoding="utf-8")
        number = self._number("map", name)
        html = map_markup(
            still,
            [
                folded_table(made.layers[key].layer, made.tables[key], exported[key])
                for key in exported
            ],
            name=name,
            number=number,
            caption=caption,
            alt=alt,
            href=page,
            page=made.page if self._draft else None,
            height=asked.height,
            foot=foot(asked),
            rule=self._rule,
        )
        plain = f"Map {number}. {caption}\n{alt}"
        files = (*exported.values(), page, drawing)
        return self._keep("map", name, caption, files, html, plain, *made.tables.values())

    def file(self, record: Shown, html: str, plain: str, frame: pd.DataFrame) -> None:
        """File what was gated and exported elsewhere, so that its name is taken."""
        self.shown[record.name] = Exhibit(record, html, plain, frame)

    def _look(self, figure: Figure, *, data: pd.DataFrame, name: str) -> None:
        """Look at a drawing: its marks, and what is lettered into it."""
        refuse_foreign_marks(figure, data, name=name)
        self._letters(figure, name=name)

    def _letters(self, figure: Figure, *, name: str) -> None:
        lettered = [text.get_text() for text in figure.findobj(Text)]
        self._loaded.refuse_words(lettered, name=name)

    def _described(self, kind: str, name: str, caption: str, alt: str) -> tuple[str, str]:
        alt = self._said(alt, f"The alt text of {name}")
        if not alt.strip():
            raise NotebookError(f"The {kind} {name} has no alt text. Say its finding and numbers.")
        return self._said(caption, f"The caption of {name}"), alt

    def _said(self, text: str, name: str) -> str:
        self._loaded.refuse_text(text, name=name)
        return gate_text(text, name=name)

    def _keep(
        self,
        kind: Literal["table", "figure", "map"],
        name: str,
        caption: str,
        files: tuple[str, ...],
        html: str,
        plain: str,
        *tables: GatedTable,
    ) -> Exhibit:
        shown = [table.frame.mask(table.withheld) for table in tables]
        record = Shown(
            name=name,
            kind=kind,
            caption=caption,
            files=files,
            withheld_cells=sum(table.withheld_cells for table in tables),
            withheld=_places(tables),
            checks=_together(tables),
            not_people=tuple(dict.fromkeys(n for table in tables for n in table.not_people)),
        )
        frame = shown[0] if len(shown) == 1 else pd.concat(shown, ignore_index=True)
        self.shown[name] = Exhibit(record, html, plain, frame)
        return self.shown[name]

    def _number(self, kind: str, name: str) -> int:
        """Tables and figures are numbered apart; one that is made again keeps its number."""
        same = [n for n, exhibit in self.shown.items() if exhibit.record.kind == kind]
        return same.index(name) + 1 if name in same else len(same) + 1

    def _export(self, name: str, table: GatedTable) -> str:
        path = self._home() / f"{name}.csv"
        safe_cells(_masked(table)).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
        return path.relative_to(self._folder.path).as_posix()

    def _home(self) -> Path:
        """The folder beside the report that the step exports to."""
        folder = self._folder.shown(self._step)
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def _masked(table: GatedTable) -> pd.DataFrame:
    return table.frame.astype(object).mask(table.withheld, markup.WITHHELD)


def _places(tables: Sequence[GatedTable]) -> tuple[tuple[int, int], ...]:
    """Where cells were withheld; the rows of several tables are counted through."""
    above = np.cumsum([0, *(len(table.frame) for table in tables)]).tolist()
    return tuple(
        (start + int(row), int(column))
        for start, table in zip(above, tables, strict=False)
        for row, column in zip(*table.withheld.to_numpy().nonzero(), strict=True)
    )


def _together(tables: Sequence[GatedTable]) -> dict[str, int]:
    """How many cells each rule withheld, in all tables of an exhibit."""
    found: Counter[str] = Counter()
    for table in tables:
        found.update(table.checks)
    return dict(found)
