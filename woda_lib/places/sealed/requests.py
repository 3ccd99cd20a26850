"""What a browser would ask of a network when it opens a page: a sealed page asks for nothing.

Looked at are the attributes that fetch, styles, and what the page's own scripts hold: addresses,
templates of tiles, and calls that fetch. Scripts of packages are known by their hash, and only run
where the page's content security policy lets nothing out. The target of a plain link is no request,
nor is an address in the text of a feature, nor the name of an XML namespace.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html import unescape
from html.parser import HTMLParser

from woda_lib.records import text_sha256

_FETCHING = frozenset(
    "src srcset poster data background action formaction manifest ping xlink:href".split()
)
_LINKED = frozenset(("base", "link", "use", "image", "feimage", "area"))
"""Elements whose href is fetched, or moves what others fetch."""
_FRAMES = frozenset(("iframe", "frame", "object", "embed", "applet", "portal"))
_HELD = re.compile(r"\s*(?:data:|blob:|#|$)", re.IGNORECASE)
_STYLE = re.compile(
    r"(?:url|src|image-set)\(\s*['\"]?(?!\s*(?:data:|#))([^'\")]*)|@import\s+([^;]+)", re.IGNORECASE
)
_NAMESPACE = re.compile(r"http://www\.w3\.org/[\w/.#-]*")
_PROPERTIES = re.compile(r'"properties":\s*\{[^{}]*\}')
_OPENS = r"(?:<|\\u003c|\\x3c)"
_ADDRESS = re.compile(
    r"((?:https?|wss?|ftp):(?:\\?/){2}[^\s\"'`<>\\)]+|(?<=[\"'`(=])(?:\\?/){2}[\w.-]+\.[a-z]{2,}[^\s\"'`<>\\)]*)",
    re.IGNORECASE,
)
_PLAIN_LINK = re.compile(rf"{_OPENS}a\b[^<>]{{0,300}}?\bhref=\\*(?:[\"']|\\u0022)?$", re.IGNORECASE)
_MARKUP = re.compile(
    rf"{_OPENS}(?:img|image|iframe|link|object|embed|audio|video|source|use|script)\b"
    r"[^<>]{0,300}?\b(?:src|href|data)=\\*(?:[\"']|\\u0022)?(?!data:|#|\\)([^\s\"'\\<>]*)",
    re.IGNORECASE,
)
_TILES = re.compile(r"[\"'`]([^\"'`\n]*\{z\}[^\"'`\n]*)[\"'`]|\bL\.(tileLayer)\b")
_CALLS = re.compile(
    r"(?<![\w.$])(fetch|importScripts|import)\s*\(|\b(?:window|self)\.(fetch)\b|"
    r"\b(XMLHttpRequest|WebSocket|EventSource|SharedWorker|Worker|sendBeacon)\b|"
    r"(?:\$|jQuery)\.(ajax|get|post|getJSON|getScript)\s*\(|"
    r"\.src\s*=\s*[\"'`](?!data:|blob:)([^\"'`]+)"
)


def requests_left(page: str, *, shipped: Collection[str] = ()) -> list[str]:
    """Name what a page would fetch.

    Parameters
    ----------
    page : str
        HTML.
    shipped : collection of str
        The SHA-256 of scripts that packages ship, which are not looked into.

    Returns
    -------
    list of str
        Such as ``https://tiles.example/{z}/{x}/{y}.png (a tile template)``; empty where there is
        nothing.
    """
    reader = _Reader(frozenset(shipped))
    reader.feed(page)
    reader.close()
    return list(dict.fromkeys(reader.found))


class _Reader(HTMLParser):
    def __init__(self, shipped: frozenset[str]) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._shipped = shipped
        self._inside = ""
        self._data = False
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        for name, value in named.items():
            fetches = name in _FETCHING or (name == "href" and tag in _LINKED)
            if fetches and not _HELD.match(value):
                self.found.append(f"{value} ({name} of <{tag}>)")
            if name == "style":
                self.found += [f"{found} (a style)" for found in _in_style(value)]
            if name == "srcdoc" or name.startswith("on"):
                self.found += _in_script(unescape(value))
        if tag in _FRAMES:
            self.found.append(f"a <{tag}>")
        if tag == "meta" and named.get("http-equiv", "").lower() == "refresh":
            self.found.append(f"{named.get('content', '')} (a refresh)")
        if tag in ("script", "style"):
            self._inside, self._text = tag, []
            self._data = named.get("type", "").endswith("json")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag != self._inside:
            return
        text = "".join(self._text)
        if tag == "style":
            self.found += [f"{found} (a style)" for found in _in_style(text)]
        elif self._data:
            self.found += _in_markup(text)
        elif text_sha256(text) not in self._shipped:
            self.found += _in_script(text)
        self._inside = ""


def _in_style(text: str) -> Iterator[str]:
    for found in _STYLE.finditer(text):
        yield (found[1] or found[2] or "").strip()


def _in_markup(text: str) -> list[str]:
    return [f"{found[1]} (markup in a text)" for found in _MARKUP.finditer(text)]


def _in_script(text: str) -> list[str]:
    found = _in_markup(text)
    bare = _NAMESPACE.sub("", _PROPERTIES.sub("", text))
    found += [
        f"{next(filter(None, tiles.groups()))} (a tile template)" for tiles in _TILES.finditer(bare)
    ]
    for address in _ADDRESS.finditer(bare):
        before = bare[max(0, address.start() - 400) : address.start()]
        if not _PLAIN_LINK.search(before):
            found.append(f"{address[0]} (an address in a script)")
    for call in _CALLS.finditer(bare):
        found.append(f"{next(filter(None, call.groups()))} (a call in a script)")
    found += [f"{address} (a style)" for address in _in_style(bare)]
    return found
