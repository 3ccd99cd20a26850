"""The names of a folium map's parts, the same for the same map: folium draws them by lot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from branca.element import Element

_DRAWN = re.compile(r"[0-9a-f]{32}")


def parts_of(root: Element) -> Iterator[Element]:
    """Give an element and every other that it holds, in its children or elsewhere, each once."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        for value in vars(part).values():
            held = value.values() if isinstance(value, dict) else value
            inside = held if isinstance(value, (dict, list, tuple)) else (value,)
            waiting.extend(item for item in inside if isinstance(item, Element))


def with_stable_names(page: str, root: Element) -> str:
    """Return a rendered page in which the parts are numbered in the order of their first mention.

    Only what is the name of a part is replaced: other texts of 32 hexadecimal digits, such as
    hashes that the data hold, stay.
    """
    drawn = {part._id for part in parts_of(root)}
    numbers: dict[str, str] = {}

    def numbered(found: re.Match[str]) -> str:
        name = found[0]
        return numbers.setdefault(name, str(len(numbers) + 1)) if name in drawn else name

    return _DRAWN.sub(numbered, page)
