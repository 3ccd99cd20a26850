"""What every drawn thing is: a folium element that brings the house's script and style along.

The script and style are our own files beside this module. They are written into the page once, by
whichever element comes first, so that a page asks for nothing. What an element draws is its
`data`, a GeoJSON feature collection: the disclosure gate reads and replaces that, and classes and
legends are made from what passed, when the page is written.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from branca.element import Element, Figure
from folium.elements import JSCSSMixin
from folium.template import Template

from woda_lib.figures import TOKENS

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
    "steps.js",
    "beside.js",
    "incident.js",
    "export.js",
    "paper.js",
    "table.js",
)  # in the order in which they build the page
_STYLES = ("sheet.css", "paper.css")


class Drawn(JSCSSMixin):  # type: ignore[misc]
    """An element that calls one function of the page's script with what it holds."""

    calls = "woda.layer"

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            {{ this.calls }}({{ this._parent.get_name() }}, {{ this.spec()|tojson }});
        {% endmacro %}
        """
    )

    def spec(self) -> dict[str, Any]:
        """Return what the page's script is handed."""
        raise NotImplementedError

    def render(self, **kwargs: Any) -> None:
        """Write the script and style into the page's head, once, and the call into its end."""
        super().render(**kwargs)
        figure = self.get_root()
        assert isinstance(figure, Figure), "An element is drawn on a map, and that on a page."
        figure.header.add_child(Element(_style()), name="woda_drawing_style")
        figure.header.add_child(Element(_script()), name="woda_drawing_script")


@cache
def _style() -> str:
    tokens = "".join(f"--{name}:{value};" for name, value in TOKENS.items())
    sheets = "\n".join((_ASSETS / name).read_text(encoding="utf-8") for name in _STYLES)
    return f"<style>{{% raw %}}.woda{{{tokens}}}\n{sheets}{{% endraw %}}</style>"


@cache
def _script() -> str:
    scripts = "\n".join((_ASSETS / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    return f"<script>{{% raw %}}{scripts}{{% endraw %}}</script>"
