"""A folium map as one page that needs nothing else: sealed, checked, the same bytes each time.

folium is used as it is. What its page fetches is put inside, or left out where the page does
without; what cannot be had is refused by name. Then the page is read as a browser would read it,
and anything that would still be fetched fails the build. The content security policy says the same
to the browser: scripts run by their hash, and nothing goes out.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

import folium
from branca.element import Element, Figure, Link

from woda_lib.figures import TOKENS
from woda_lib.places.errors import PlacesError
from woda_lib.places.sealed.names import parts_of, with_stable_names
from woda_lib.places.sealed.packages import (
    FILES,
    Missing,
    Shipped,
    closed_script,
    known_file,
    shipped_script,
    shipped_style,
)
from woda_lib.places.sealed.requests import requests_left
from woda_lib.records import text_sha256

_VIEWPORT = re.compile(r"<meta name=\"viewport\"[^>]*/?>")
_SCRIPT = re.compile(r"<script\b(?![^>]*\bjson\b)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_EXPRESSION = re.compile(r"\{\{|\{%|\{#")
_TEMPLATES = frozenset(("_template", "_template_str"))
_DEEPEST = 18  # of zoom: folium leaves it to a layer of tiles, and clusters need to know
_ASSETS = Path(__file__).parent / "assets"
_NO_SCRIPT = (
    '<noscript><p class="no-script">This map is drawn by a script, which this browser does not '
    "run. The picture and the table beside it say the same.</p></noscript>"
)

_SYNTHETIC = (
    '<p class="synthetic"><b>Synthetic data:</b> a county that never was. No figure here is about '
    "real people or buildings.</p>"
)


class SealError(PlacesError):
    """A map cannot be made a page that asks nothing of any network."""


def seal(folium_map: folium.Map, *, title: str = "Map", synthetic: bool = False) -> str:
    """Return a folium map as a page that opens without a network.

    Parameters
    ----------
    folium_map : folium.Map
        Without a layer of tiles: ``folium.Map(tiles=None)``, or `base_map`. The gate has not seen
        what stands in it: hand `run.show` a `SealedMap`.
    title : str
        Of the page; a screen reader calls the map so.
    synthetic : bool
        Whether the data are made up, which the page then says, and its picture and print with it.

    Returns
    -------
    str
        HTML. The same map gives the same text; a map that is rendered a second time is no longer
        the same, because folium adds to it while it renders.

    Raises
    ------
    SealError
        If the map uses what no installed package ships, with what to use in its place; if anything
        would still be fetched; or if a text holds what branca would take for an expression.
    """
    root = folium_map.get_root()
    if not isinstance(root, Figure):
        root = Figure()
        folium_map.add_to(root)
    _refuse_expressions(root)
    folium_map.options.setdefault("max_zoom", _DEEPEST)
    root.render()
    body = root.html.render()
    script = closed_script(root.script.render())
    parts = root.header._children.values()
    links = [part.url for part in parts if isinstance(part, Link)]
    own = [part for part in parts if not isinstance(part, Link)]
    header = _VIEWPORT.sub("", "\n".join(part.render() for part in own))
    packages = "\n".join(_shipped(links, f"{header}\n{body}\n{script}"))
    name = folium_map.get_name()
    content = with_stable_names(
        f"{packages}\n<style>{_style()}</style>\n{header}\n</head>\n<body>\n{_NO_SCRIPT}\n"
        f'<main><h1 class="title">{escape(title)}</h1>{_SYNTHETIC * synthetic}{body}</main>\n'
        f"<script>{script}\n{_described(name, title)}</script>\n",
        root,
    )
    page = (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(content)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n{content}</body>\n</html>\n"
    )
    if left := requests_left(page, shipped=shipped_scripts()):
        raise SealError(
            f"The map {title!r} would ask a network for {'; '.join(left[:5])}. A sealed map holds "
            "everything itself: draw with what woda_lib.places ships, on its own base map."
        )
    return page


@cache
def _style() -> str:
    """The look of every map: the house's colours as properties, then what is Leaflet's own."""
    colours = "; ".join(f"--{name}: {colour}" for name, colour in TOKENS.items())
    return f":root {{ {colours}; }}\n{(_ASSETS / 'map.css').read_text(encoding='utf-8')}"


def _shipped(links: list[str], page: str) -> Iterator[str]:
    """Give the scripts and styles that a page needs, in the order in which it asks for them."""
    given = set()
    for url in links:
        match known_file(url):
            case None:
                raise SealError(
                    f"The map uses {url}, which no installed package ships. Draw it with what "
                    "woda_lib.places.drawing has, or with Leaflet's own layers."
                )
            case Missing() as missing:
                if re.search(missing.where, page):
                    raise SealError(
                        f"The map uses {missing.called} ({url}), which no installed package ships. "
                        f"{missing.instead}."
                    )
            case Shipped() as shipped if shipped not in given:
                given.add(shipped)
                if shipped.where and not re.search(shipped.where, page):
                    continue
                if shipped.file.endswith(".css"):
                    yield f"<style>{shipped_style(shipped)}</style>"
                else:
                    yield f"<script>{shipped_script(shipped)}</script>"


@cache
def shipped_scripts() -> frozenset[str]:
    """Return the SHA-256 of every script that a package ships, as it stands in a page."""
    files = (file for file in FILES.values() if isinstance(file, Shipped))
    return frozenset(text_sha256(shipped_script(f)) for f in files if f.file.endswith(".js"))


def _described(name: str, title: str) -> str:
    """Say to a screen reader what the map is, and leave out the link to Leaflet's own site."""
    said = escape(title).replace("\\", "").replace('"', "")
    return (
        f'{name}.getContainer().setAttribute("role", "region");'
        f'{name}.getContainer().setAttribute("aria-label", "{said}: arrow keys move the map, plus '
        'and minus zoom");'
        f'if ({name}.attributionControl) {name}.attributionControl.setPrefix("Leaflet");'
    )


def _policy(content: str) -> str:
    hashes = dict.fromkeys(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in _SCRIPT.findall(content)
    )
    return (
        "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; "
        f"script-src {' '.join(hashes)}; base-uri 'none'; form-action 'none'"
    )


def _refuse_expressions(root: Element) -> None:
    """Refuse texts in which branca would find an expression when it reads the script again."""
    for part in parts_of(root):
        for attribute, value in vars(part).items():
            if attribute not in _TEMPLATES and _holds_expression(value):
                raise SealError(
                    f"A text in a {type(part).__name__} of the map holds two braces, or a brace "
                    "with % or #, which folium would take for an expression of its own. Pass the "
                    "layers through woda_lib.places.sealed.words.safe_words, or take them out."
                )


def _holds_expression(value: object) -> bool:
    if isinstance(value, str):
        return "{" in value and _EXPRESSION.search(value) is not None
    if isinstance(value, dict):
        inside = (pair for pair in value.items() if pair[0] != "coordinates")
        return any(_holds_expression(item) for pair in inside for item in pair)
    if isinstance(value, (list, tuple)):
        return any(_holds_expression(item) for item in value)
    return isinstance(code := getattr(value, "js_code", None), str) and _holds_expression(code)
