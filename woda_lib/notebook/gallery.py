"""The tables and figures of a step: gated, numbered, exported beside the report, put into HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

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
from woda_lib.notebook.memory import Memory
from woda_lib.records import RunFolder, Shown


@dataclass(frozen=True)
class Exhibit:
    """One table or figure as a notebook displays it, with its record and its gated numbers."""

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
    """

    def __init__(
        self, folder: RunFolder, step: str, rule: Rule, memory: Memory, loaded: Loaded
    ) -> None:
        self._folder = folder
        self._step = step
        self._rule = rule
        self._memory = memory
        self._loaded = loaded
        self.shown: dict[str, Exhibit] = {}

    def hang(
        self,
        shown: pd.DataFrame | Picture,
        *,
        name: str,
        caption: str,
        alt: str,
        counts: Iterable[str] | None,
        totals: Iterable[str],
        contributions: Mapping[str, pd.DataFrame] | None,
    ) -> Exhibit:
        """Hang a table or a figure; see `Run.show`.

        Raises
        ------
        NotebookError
            It is neither.
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
        raise NotebookError(
            f"{name} is a {type(shown).__name__}. run.show takes a DataFrame or a Picture (the "
            "figures that woda_lib draws)."
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
    ) -> Exhibit:
        """Gate and export a table; keywords are those of `gate_table`."""
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
        html = markup.table_markup(
            table,
            name=name,
            number=number,
            caption=caption,
            href=href,
            rule=self._rule,
        )
        plain = f"Table {number}. {caption}\n{_masked(table).to_string(index=False)}"
        return self._keep("table", name, caption, (href,), html, plain, table)

    def hang_figure(self, picture: Picture, *, name: str, caption: str, alt: str) -> Exhibit:
        """Gate the numbers behind a figure, and export them with the drawing."""
        caption = self._said(caption, f"The caption of {name}")
        alt = self._said(alt, f"The alt text of {name}")
        if not alt.strip():
            raise NotebookError(f"The figure {name} has no alt text. Say its finding and numbers.")
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

    def file(self, record: Shown, html: str, plain: str, frame: pd.DataFrame) -> None:
        """File what was gated and exported elsewhere, so that its name is taken."""
        self.shown[record.name] = Exhibit(record, html, plain, frame)

    def _look(self, figure: Figure, *, data: pd.DataFrame, name: str) -> None:
        """Look at a drawing: its marks, and what is lettered into it."""
        refuse_foreign_marks(figure, data, name=name)
        lettered = [text.get_text() for text in figure.findobj(Text)]
        self._loaded.refuse_words(lettered, name=name)

    def _said(self, text: str, name: str) -> str:
        self._loaded.refuse_text(text, name=name)
        return gate_text(text, name=name)

    def _keep(
        self,
        kind: Literal["table", "figure"],
        name: str,
        caption: str,
        files: tuple[str, ...],
        html: str,
        plain: str,
        table: GatedTable,
    ) -> Exhibit:
        record = Shown(
            name=name,
            kind=kind,
            caption=caption,
            files=files,
            withheld_cells=table.withheld_cells,
            withheld=_places(table),
            checks=dict(table.checks),
            not_people=table.not_people,
        )
        self.shown[name] = Exhibit(record, html, plain, table.frame.mask(table.withheld))
        return self.shown[name]

    def _number(self, kind: str, name: str) -> int:
        """Tables and figures are numbered apart; one that is made again keeps its number."""
        same = [n for n, exhibit in self.shown.items() if exhibit.record.kind == kind]
        return same.index(name) + 1 if name in same else len(same) + 1

    def _export(self, name: str, table: GatedTable) -> str:
        folder = self._folder.shown(self._step)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.csv"
        safe_cells(_masked(table)).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
        return path.relative_to(self._folder.path).as_posix()


def _masked(table: GatedTable) -> pd.DataFrame:
    return table.frame.astype(object).mask(table.withheld, markup.WITHHELD)


def _places(table: GatedTable) -> tuple[tuple[int, int], ...]:
    return tuple(
        (int(row), int(column))
        for row, column in zip(*table.withheld.to_numpy().nonzero(), strict=True)
    )
