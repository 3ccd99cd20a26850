"""Parts of a folium map that draw by a script of the house, with their data as plain JSON."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from branca.element import Element, Figure, MacroElement

_ASSETS = Path(__file__).parent / "assets"


class HouseElement(MacroElement):
    """A part of a map that one function of a script draws.

    The script stands in the page once, however many parts use it. What the function is called with
    stands in a block of data, which no browser runs and which the disclosure gate can read.

    Parameters
    ----------
    script : str
        A file of ``assets/``, without its ending.
    function : str
        Of that script; called with the map, the data, and the options.
    data : object
        What JSON can hold.
    options : object
        What JSON can hold, and no data.
    """

    def __init__(self, script: str, function: str, data: Any, options: Any = None) -> None:
        super().__init__()
        self._name = function
        self._script = script
        self._function = function
        self._json = as_json(data)
        self._options = as_json(options)

    def render(self, **kwargs: Any) -> str:
        """Put the script, the data and the call into the page."""
        figure = self.get_root()
        if not isinstance(figure, Figure):
            raise TypeError("A part of a map is drawn on a map.")
        name = self.get_name()
        figure.script.add_child(AsItIs(script_text(self._script)), name=f"house_{self._script}")
        hold(figure, name, self._json)
        held = f'JSON.parse(document.getElementById("{name}_data").textContent)'
        parent = self._parent.get_name() if self._parent is not None else "null"
        call = f"var {name} = {self._function}({parent}, {held}, {self._options});"
        figure.script.add_child(AsItIs(call), name=name)
        for child in self._children.values():
            child.render(**kwargs)
        return ""


@cache
def script_text(name: str) -> str:
    """Return a script of ``assets/``."""
    return (_ASSETS / f"{name}.js").read_text(encoding="utf-8")


def as_json(data: Any) -> str:
    """Return data as compact JSON that no tag of a page can end."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


class AsItIs(Element):
    """Text that stands in the page as it is, and is no template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **kwargs: Any) -> str:
        """Return the text."""
        return self._text


def hold(figure: Figure, name: str, data: str) -> None:
    """Put data of `as_json` into the page as the block ``<name>_data``."""
    block = f'<script type="application/json" id="{name}_data">{data}</script>'
    figure.html.add_child(AsItIs(block), name=f"{name}_data")
