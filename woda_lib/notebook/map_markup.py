"""The HTML of a map in a notebook: the map in a frame of its own, its picture, and its tables.

The frame is a page apart: it may run its own scripts and can reach nothing of the report, which
hears from it how tall it is and makes room. Where it is not drawn, on paper or without scripts, the
picture stands in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from woda_lib.disclosure import GatedTable, Rule
from woda_lib.notebook.markup import WITHHELD, download_link, table_grid, withheld_note

SANDBOX = "allow-scripts allow-downloads allow-modals"
"""What the frame of a map may do: run its scripts, save what is drawn, and print it."""


@dataclass(frozen=True)
class MapTable:
    """A layer's table beneath a map.

    Attributes
    ----------
    title : str
        Of the layer.
    table : GatedTable
        What is shown: the layer's own rows, or how many there are of each kind.
    rows : int
        How many features the layer has.
    href : str
        Of the CSV file, which has them all.
    """

    title: str
    table: GatedTable
    rows: int
    href: str


def map_markup(
    still: str,
    tables: Sequence[MapTable],
    *,
    name: str,
    number: int,
    caption: str,
    alt: str,
    href: str,
    page: str | None,
    height: int,
    foot: str,
    rule: Rule,
) -> str:
    """Return a map with what says the same.

    Parameters
    ----------
    still : str
        The picture, as SVG.
    tables : sequence of MapTable
    name, caption, alt, foot : str
        As the gate passed them; the foot names sources and dates.
    number : int
    href : str
        Of the map's own page, from the report.
    page : str, optional
        The page itself, which is then put into the frame: a draft's notebook lies elsewhere than
        its exports.
    height : int
        In CSS pixels.
    rule : Rule
    """
    label = f"m-{name}"
    held = f'srcdoc="{escape(page)}"' if page is not None else f'src="{escape(href)}"'
    said = f'<svg role="img" aria-label="{escape(alt)}" '
    link = download_link(tables[0].href, f"map {number}") if len(tables) == 1 else ""
    files = "" if len(tables) == 1 else f"As CSV: {', '.join(map(_file, tables))}. "
    alone = f'<a href="{escape(href)}">Open the map by itself</a>. ' if page is None else ""
    withheld = any(one.table.withheld_cells for one in tables)
    note = withheld_note(WITHHELD, rule) if withheld else ""
    return (
        f'<figure class="picture map" aria-labelledby="{label}"><figcaption id="{label}">{link}'
        f"<b>Map {number}.</b> {escape(caption)}</figcaption>"
        f'<iframe class="live" {held} sandbox="{SANDBOX}" loading="lazy" title="{escape(alt)}" '
        f'style="display:block;width:100%;height:{height}px;border:1px solid #dedade"></iframe>'
        f'<div class="still" style="display:none">{still.replace("<svg ", said, 1)}</div>'
        f'<p class="tnote"><span class="onscreen">{alone}{files}</span>Sources: {escape(foot)}.</p>'
        f"{''.join(map(_folded, tables))}{note}</figure>"
    )


def _file(one: MapTable) -> str:
    return f'<a href="{escape(one.href)}" download>{escape(one.title)}</a>'


def _folded(one: MapTable) -> str:
    whole = len(one.table.frame) == one.rows
    rows = f"{one.rows:,} row{'' if one.rows == 1 else 's'}"
    what = rows if whole else f"{rows}, counted by kind; the CSV file has them all"
    return (
        f'<details class="same"><summary>{escape(one.title)} as a table ({what})</summary>'
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(one.title)}">'
        f"<table data-sort>{table_grid(one.table)}</table></div></details>"
    )
