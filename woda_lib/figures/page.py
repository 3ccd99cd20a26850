"""A drawing's SVG made fit for a page: colours by token, identifiers of its own, nothing global."""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ElementTree

from woda_lib.figures.tokens import TOKENS

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_LETTERS = str.maketrans("0123456789", "GHIJKLMNOP")
"""Ten digits of a hash in a row may be somebody's NHS number; letters are nobody's."""
_COLOUR_OF_TOKEN = {value: name for name, value in TOKENS.items()}


def for_a_page(svg: str) -> str:
    """Turn a drawing for a file into one for a page: tokens, own identifiers, nothing global."""
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            # The backend's style rule would apply to every element of the page.
            if child.tag in (f"{{{_SVG}}}style", f"{{{_SVG}}}metadata"):
                parent.remove(child)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("class", "fig")
    root.set("style", "stroke-linejoin: round; stroke-linecap: butt")
    _shorten(root)
    _rename_identifiers(root, prefix="f" + hashlib.sha256(svg.encode()).hexdigest()[:10])
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _shorten(root: ElementTree.Element) -> None:
    """Drop what says nothing and let the page's variables decide on colour and type."""
    for element in root.iter():
        if element.tag != f"{{{_SVG}}}text":
            element.text = None
        element.tail = None
        if "d" in element.attrib:
            element.set("d", " ".join(element.attrib["d"].split()))
        if element.attrib.get("transform", "").startswith("rotate(-0 "):
            del element.attrib["transform"]
        if "style" in element.attrib:
            element.set("style", _tokenised(element.attrib["style"]))


def _tokenised(style: str) -> str:
    def variable(match: re.Match[str]) -> str:
        name = _COLOUR_OF_TOKEN.get(match.group().lower())
        return f"var(--{name}, {match.group()})" if name else match.group()

    style = re.sub(r"(?<=: )#[0-9a-fA-F]{6}\b", variable, style)
    style = re.sub(r"font-family: [^;]+", "font-family: var(--sans, sans-serif)", style)
    return style.replace("font-weight: 700", "font-weight: 650")


def _rename_identifiers(root: ElementTree.Element, *, prefix: str) -> None:
    """Keep only the identifiers that something refers to, each with the picture's own prefix."""
    reference = re.compile(r"url\(#([^)]+)\)")
    used: set[str] = set()

    def own(identifier: str) -> str:
        return f"{prefix}-{identifier}".translate(_LETTERS)

    for element in root.iter():
        target = element.attrib.pop(f"{{{_XLINK}}}href", None)
        if target is not None:
            used.add(target[1:])
            element.set("href", f"#{own(target[1:])}")
        for name, value in element.attrib.items():
            used.update(reference.findall(value))
            element.set(name, reference.sub(lambda found: f"url(#{own(found.group(1))})", value))
    for element in root.iter():
        identifier = element.attrib.pop("id", None)
        if identifier in used:
            element.set("id", own(identifier))
