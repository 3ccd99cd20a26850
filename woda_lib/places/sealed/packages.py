"""The scripts, styles and images of a map's page, from the Python packages that ship them.

folium writes addresses of content networks into its pages. Each of them is known here by the file
that it names: it is taken from an installed package, or left out because a page does without, or
refused because nothing that we install has it.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

_IMAGE = re.compile(r"url\(\s*['\"]?((?!data:|#)[^'\")]+)['\"]?\s*\)")
_MAP_OF_SOURCE = re.compile(r"^//[#@] sourceMappingURL=.*$", re.MULTILINE)


@dataclass(frozen=True)
class Shipped:
    """A file that a Python package brings.

    Attributes
    ----------
    package : str
        Of ``xstatic.pkg``.
    file : str
        In the package's folder of data.
    where : str
        A pattern of what refers to it in a page; a page without leaves the file out. Empty: every
        map needs it.
    """

    package: str
    file: str
    where: str = ""

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(str(files(f"xstatic.pkg.{self.package}") / "data" / self.file))


@dataclass(frozen=True)
class Missing:
    """A file that folium asks for in every page, and that no package we install brings.

    Attributes
    ----------
    where : str
        A pattern of what would need it.
    called : str
        What that is, for an error.
    instead : str
        What to use.
    """

    where: str
    called: str
    instead: str


_CIRCLES = "Use folium.CircleMarker, or folium.DivIcon with a letter or sign of its own"
_GLYPHS = Missing(r"glyphicon", "glyphicons", _CIRCLES)
_BOOTSTRAP = Missing(
    r"""data-bs-|\bbootstrap\b|class=\\?["'][^"'`]*\b(?:btn|badge|card|alert|navbar|dropdown|modal|"""
    r"""col-\w+|table-\w+|form-\w+)\b""",
    "Bootstrap",
    "Write the style that is meant into the page with folium.Element",
)
_AWESOME = Missing(
    r"AwesomeMarkers|awesome-marker",
    "awesome markers (folium.Icon, or FastMarkerCluster without a callback of its own)",
    _CIRCLES,
)
_FONTS = Missing(r"""["' ]fa[srb]?[ -](?:fa-)?[a-z]""", "Font Awesome", _CIRCLES)

FILES: dict[str, Shipped | Missing] = {
    r"leaflet(-src)?\.js": Shipped("leaflet", "leaflet.js"),
    r"leaflet\.css": Shipped("leaflet", "leaflet.css"),
    r"jquery[-\d.]*(\.slim)?(\.min)?\.js": Shipped(
        "jquery", "jquery.min.js", r"(?<![\w$])\$\(|\bjQuery\b"
    ),
    r"leaflet\.markercluster(-src)?\.js": Shipped(
        "leaflet_markercluster", "leaflet.markercluster.js"
    ),
    r"MarkerCluster\.css": Shipped("leaflet_markercluster", "MarkerCluster.css"),
    r"MarkerCluster\.Default\.css": Shipped("leaflet_markercluster", "MarkerCluster.Default.css"),
    r"bootstrap(\.bundle)?\.min\.js": _BOOTSTRAP,
    r"bootstrap\.min\.css": _BOOTSTRAP,
    r"bootstrap-glyphicons\.css": _GLYPHS,
    r"leaflet\.awesome-markers\.(js|css)": _AWESOME,
    r"leaflet\.awesome\.rotate\.min\.css": _FONTS,
    r"all\.min\.css": _FONTS,
}
"""By a pattern of the file's name: where it comes from, or what to use in its place."""


def known_file(url: str) -> Shipped | Missing | None:
    """Return what is known of the file that an address names; None where nothing is."""
    name = url.partition("?")[0].partition("#")[0].rpartition("/")[2]
    return next((found for known, found in FILES.items() if re.fullmatch(known, name)), None)


@cache
def shipped_script(shipped: Shipped) -> str:
    """Return a script that can stand between the tags of a page, without its map of sources."""
    text = shipped.path.read_text(encoding="utf-8")
    text = closed_script(_MAP_OF_SOURCE.sub("", text)).strip()
    if shipped.file == "leaflet.js":
        text += f"\n{_default_icon(shipped.path.parent / 'images')}"
    return text


@cache
def shipped_style(shipped: Shipped) -> str:
    """Return a style sheet with its images inside."""
    text = shipped.path.read_text(encoding="utf-8")

    def inlined(found: re.Match[str]) -> str:
        return f"url({data_address(shipped.path.parent / found[1])})"

    return _IMAGE.sub(inlined, text).strip()


def closed_script(text: str) -> str:
    """Return a script in which nothing ends or opens a script for the page's reader.

    In a script ``<\\/script`` means what ``</script`` does, in a text, a template and a regular
    expression.
    """
    text = re.sub(r"</(script)", r"<\\/\1", text, flags=re.IGNORECASE)
    return re.sub(r"<(!--|script)", r"\\x3c\1", text, flags=re.IGNORECASE)


@cache
def data_address(path: Path) -> str:
    """Return a picture as an address that holds it."""
    content = base64.b64encode(path.read_bytes()).decode()
    return f"data:image/{path.suffix.removeprefix('.')};base64,{content}"


def _default_icon(images: Path) -> str:
    """Say where a plain marker's pictures are: Leaflet would look for them beside its style."""
    icon, twice, shadow = (
        data_address(images / name)
        for name in ("marker-icon.png", "marker-icon-2x.png", "marker-shadow.png")
    )
    return (
        'L.Icon.Default.imagePath="";L.Icon.Default.mergeOptions({'
        f'iconUrl:"{icon}",iconRetinaUrl:"{twice}",shadowUrl:"{shadow}"}});'
    )
