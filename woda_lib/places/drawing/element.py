"""What every drawn thing is: a folium element that brings the house's script and style along.

The script and style are our own files beside this module. They are written into the page once, by
whichever element comes first, so that a page asks for nothing. What an element draws is its
`data`, a GeoJSON feature collection, which stands in a block of JSON of its own. Classes and
legends are made from nothing else, so that they tell no more than what passed the gate.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from branca.element import Figure
from folium.elements import JSCSSMixin

from woda_lib.figures import TOKENS
from woda_lib.places.sealed.elements import AsItIs, as_json, hold

_ASSETS = Path(__file__).parent / "assets"
_SCRIPTS = (
    "core.js",
    "patterns.js",
    "grid.js",
    "layers.js",
    "sheet.js",
    "legend.js",
    "details.js",
    "switch.js",
    "search.js",
    "names.js",
    "steps.js",
    "beside.js",
    "incident.js",
    "export.js",
    "paper.js",
    "table.js",
)  # in the order in which they build the page
_STYLES = ("sheet.css", "paper.css")
_COMMENT = re.compile(r"//.*|/\*(?:(?!\*/).)*\*/")


class Drawn(JSCSSMixin):
    """An element that calls one function of the page's script with what it holds."""

    calls = "woda.layer"

    def spec(self) -> dict[str, Any]:
        """Return what the page's script is handed."""
        raise NotImplementedError

    def render(self, **kwargs: Any) -> str:
        """Write style and script into the page, once, then what this element holds and calls."""
        super().render(**kwargs)
        figure = self.get_root()
        assert isinstance(figure, Figure), "An element is drawn on a map, and that on a page."
        assert self._parent is not None
        name, drawn_on = self.get_name(), self._parent.get_name()
        figure.header.add_child(AsItIs(f"<style>{_style()}</style>"), name="woda_drawing_style")
        figure.script.add_child(AsItIs(_script()), name="woda_drawing")
        hold(figure, name, as_json(self.spec()))
        call = f'{self.calls}({drawn_on}, document.getElementById("{name}_data"));'
        figure.script.add_child(AsItIs(call), name=name)
        return ""


@cache
def _style() -> str:
    tokens = "".join(f"--{name}:{value};" for name, value in TOKENS.items())
    return f".woda{{{tokens}}}\n{_joined(_STYLES)}"


@cache
def _script() -> str:
    return _joined(_SCRIPTS)


def _joined(names: tuple[str, ...]) -> str:
    """Join files without indents and lines of comment, which a page need not carry.

    Lines stay lines, so that a script means the same; none of ours has text over several lines.
    """
    lines = (
        line.strip()
        for name in names
        for line in (_ASSETS / name).read_text(encoding="utf-8").splitlines()
    )
    return "\n".join(line for line in lines if line and not _COMMENT.fullmatch(line))
