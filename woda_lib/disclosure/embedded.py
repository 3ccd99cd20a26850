"""What a map's page holds, read back from the page: only what passed the gate may be in it.

The layers passed the gate, and the drawing was handed nothing else. But a drawing is code, and code
can reach what it was not handed: a table that the notebook still holds, a sentence of its own. So
the page is read again as a reader of its source would read it: the properties of every feature,
every text of its scripts and its body, and every point. Scripts of packages are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from itertools import accumulate
from typing import Any

import pandas as pd

from woda_lib.disclosure.columns import PEOPLE
from woda_lib.disclosure.loaded import Loaded
from woda_lib.disclosure.maps import unsafe_properties
from woda_lib.disclosure.personal import personal_kinds
from woda_lib.disclosure.rule import DisclosureError, Rule

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^>]*>.*?</style>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_PROPERTIES = re.compile(r'"properties":\s*(\{[^{}]*\})')
_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`|\'((?:[^\'\\\n]|\\.)*)\'')
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_POINTS = (  # longitude and latitude, in GeoJSON's order and in Leaflet's
    (re.compile(rf'"coordinates":\s*\[\s*{_NUMBER},\s*{_NUMBER}\s*\],\s*"type":\s*"Point"'), False),
    (re.compile(rf'"type":\s*"Point",\s*"coordinates":\s*\[\s*{_NUMBER},\s*{_NUMBER}\s*\]'), False),
    (re.compile(rf"\bL\.(?:m|circleM)arker\(\s*\[\s*{_NUMBER},\s*{_NUMBER}\s*\]"), True),
    (re.compile(rf"\bL\.circle\(\s*\[\s*{_NUMBER},\s*{_NUMBER}\s*\]"), True),
)
_WORDS = "|".join(sorted(PEOPLE))
_SAID = re.compile(
    rf"(?<![\d.,£%–-])(\d{{1,2}})(?![\d.,%])\s+(?:[a-z]+\s+){{0,2}}?(?:{_WORDS})\b|"
    rf"\b(?:{_WORDS})\b\W{{1,4}}(\d{{1,2}})(?![\d.,%])",
    re.IGNORECASE,
)
_TABLE = frozenset(("x", "y", "columns"))
_DIGITS, _DECIMALS = 4, 5  # of a number, and of a degree


@dataclass(frozen=True)
class Passed:
    """What the gate let through for one map.

    Attributes
    ----------
    numbers : collection of float
        Every number of the layers' properties.
    points : collection of tuple of float
        Longitude and latitude of every point of a layer of services.
    """

    numbers: Collection[float] = ()
    points: Collection[tuple[float, float]] = ()
    _known: frozenset[float] = field(init=False, repr=False)
    _places: frozenset[tuple[float, float]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", frozenset(round(n, _DIGITS) for n in self.numbers))
        places = frozenset((round(x, _DECIMALS), round(y, _DECIMALS)) for x, y in self.points)
        object.__setattr__(self, "_places", places)

    def has_number(self, number: float) -> bool:
        """Whether a number is among those that passed."""
        return round(float(number), _DIGITS) in self._known

    def has_point(self, longitude: float, latitude: float) -> bool:
        """Whether a point is that of a service, to a metre or two."""
        x, y = round(longitude, _DECIMALS), round(latitude, _DECIMALS)
        if (x, y) in self._places:
            return True
        steps = [i * 10.0**-_DECIMALS for i in (-1, 0, 1)]
        near = ((round(x + i, _DECIMALS), round(y + j, _DECIMALS)) for i in steps for j in steps)
        return any(place in self._places for place in near)


def refuse_page(
    page: str,
    rule: Rule,
    *,
    name: str,
    passed: Passed,
    loaded: Loaded,
    shipped: Collection[str] = (),
) -> None:
    """Refuse a map's page that holds what did not pass the gate.

    Parameters
    ----------
    page : str
        HTML, with its scripts and data inside.
    rule : Rule
    name : str
        How to call the map in an error.
    passed : Passed
    loaded : Loaded
        What the step has read that identifies people.
    shipped : collection of str
        The SHA-256 of scripts that packages ship, in which nothing of ours stands.

    Raises
    ------
    DisclosureError
        Saying what and where, never quoting it.
    """
    for wrong in unsafe_properties(page, rule):
        raise DisclosureError(f"The page of the map {name} embeds {wrong}. {_HANDED}")
    own = [
        (attributes, text)
        for attributes, text in _SCRIPT.findall(page)
        if sha256(text.encode()).hexdigest() not in shipped
    ]
    texts = list(dict.fromkeys(_texts_of(page, own)))
    for attributes, script in own:
        table = _columns(json.loads(script)) if "json" in attributes else {}
        _refuse_columns(table, rule, name=name)
        properties = [*_properties(script), *((key, n) for key in table for n in table[key])]
        for key, value in properties:
            if _is_number(value) and not passed.has_number(value):
                raise DisclosureError(
                    f"The page of the map {name} holds a number that did not pass the gate, in the "
                    f"property {key!r} of a feature. {_HANDED}"
                )
        points = _steps(json.loads(script)) if "json" in attributes else []
        for longitude, latitude in (*_points(script), *points):
            if not passed.has_point(longitude, latitude):
                raise DisclosureError(
                    f"The page of the map {name} draws a point that is no feature of its layers of "
                    f"services. A point where somebody was counted is a home. {_HANDED}"
                )
    for text in texts:
        if any(0 < int(a or b) < rule.threshold for a, b in _SAID.findall(text)):
            raise DisclosureError(
                f"A tooltip, popup or text of the map {name} speaks of fewer than "
                f"{rule.threshold} people. {_HANDED}"
            )
    if kinds := personal_kinds(texts, postcodes=False):
        raise DisclosureError(
            f"A tooltip, popup or text of the map {name} holds {' and '.join(kinds)}. {_HANDED}"
        )
    loaded.refuse_table(
        pd.DataFrame({"text": pd.Series(texts, dtype=object)}), name=f"The page of the map {name}"
    )


_HANDED = "Draw from the layers as the drawing is handed them, and from nothing else."


def _texts_of(page: str, scripts: list[tuple[str, str]]) -> Iterator[str]:
    """Every text that a reader could meet: of the page's body, and in its scripts and data."""
    body = _STYLE.sub(" ", _SCRIPT.sub(" ", page))
    yield from _seen(body)
    for attributes, script in scripts:
        if "json" in attributes:
            yield from _strings(json.loads(script))
            continue
        for groups in _LITERAL.findall(script):
            yield from _read(next(filter(None, groups), ""))


def _read(literal: str) -> Iterator[str]:
    """A text of a script as it is seen: with its escapes undone."""
    try:
        text = str(json.loads(f'"{literal}"')) if "\\" in literal else literal
    except ValueError:
        text = literal
    yield from _seen(text)


def _seen(text: str) -> Iterator[str]:
    """What stands between the tags, and all of it in one: a name may be half in bold."""
    forms = (
        [text] if "<" not in text else [*_TAG.split(text), _TAG.sub("", text), _TAG.sub(" ", text)]
    )
    for form in forms:
        if len(seen := " ".join(unescape(form).split())) > 1:
            yield seen


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield from _seen(data)
    elif isinstance(data, dict):
        for key, value in data.items():
            yield str(key)
            yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)


def _properties(script: str) -> Iterator[tuple[str, Any]]:
    for found in _PROPERTIES.findall(script):
        try:
            yield from json.loads(found).items()
        except ValueError:
            continue


def _columns(data: Any) -> dict[str, list[Any]]:
    """The columns of a block of data that holds a table: see `woda_lib.places.sealed.field`."""
    if not (isinstance(data, dict) and data.keys() >= _TABLE):
        return {}
    columns = data["columns"]
    return {name: list(dict.fromkeys(column["values"])) for name, column in columns.items()}


def _refuse_columns(table: dict[str, list[Any]], rule: Rule, *, name: str) -> None:
    for column, values in table.items():
        for value in values:
            one = json.dumps({column: value})
            for wrong in unsafe_properties(f'"properties": {one}', rule):
                raise DisclosureError(f"The page of the map {name} embeds {wrong}. {_HANDED}")


def _steps(data: Any) -> Iterator[tuple[float, float]]:
    """The points of such a block, each given by what it is more than the one before."""
    if isinstance(data, dict) and data.keys() >= _TABLE:
        scale = 10.0**_DECIMALS
        for x, y in zip(accumulate(data["x"]), accumulate(data["y"]), strict=True):
            yield x / scale, y / scale


def _points(script: str) -> Iterator[tuple[float, float]]:
    for pattern, turned in _POINTS:
        for one, other in pattern.findall(script):
            pair = (float(other), float(one)) if turned else (float(one), float(other))
            yield pair


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
