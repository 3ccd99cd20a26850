"""Fields that are put together from several columns, so that sources can be compared on them.

Whoever moves house has another number, street, town and postcode at once. Compared one by one, that
is five disagreements for one event, which no agreement of names makes good: so pieces of an address
are compared as one. And where one source writes a person's name in one column and another in
several, the latter are put together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

import pandas as pd

from woda_lib.linkage.align import Field
from woda_lib.linkage.recognise import Recognised

# Pieces of an address are told by their headings: in values they look like any number and name.
_PIECE = re.compile(
    r"(?:^|_)(?:house|flat|apartment|unit|street|road|town|city|suburb|locality|village|county|"
    r"state|zip|postal|post)(?:_|$|code|number|name)"
)
_STREET = re.compile(r"(?:^|_)(?:street|road)")  # without which pieces are no address
KNOWN = 0.5  # share of a column's values that are words of a whole name in another source
FEWEST_NAMES = 20  # different values, below which a column holds no names


def composed(fields: Sequence[Field]) -> list[Field]:
    """Add fields that are put together, and leave out what they are put together from.

    Parameters
    ----------
    fields
        As `align` returns them; those that are left out have kind ``None``.
    """
    return [*fields, *_addresses(fields), *_whole_names(fields)]


def _addresses(fields: Sequence[Field]) -> list[Field]:
    used = [each for each in fields if each.found.kind not in (None, "postcode")]
    pieces = [each for each in used if _PIECE.search(each.name)]
    streets = [each for each in pieces if _STREET.search(each.name)]
    whole = any(each.kind == "address" and each not in pieces for each in used)
    if len(pieces) < 2 or not streets or whole:
        return []
    name = _free("address", fields)
    for each in pieces:
        each.found = Recognised(None, f"is a piece of {name}")
    together = {
        source: [each.columns[source] for each in pieces if source in each.columns]
        for source in streets[0].columns
    }
    return [_made(name, Recognised("address", "pieces that belong together"), {}, together)]


def _whole_names(fields: Sequence[Field]) -> list[Field]:
    """Put names together that one source writes whole, and another in parts."""
    alone = [
        (each, *next(iter(each.held.items())))
        for each in fields
        if len(each.held) == 1 and each.found.kind is None
    ]
    made: list[Field] = []
    for whole, source, values in alone:
        words = _words_of_several(values)
        parts: dict[str, list[Field]] = {}
        for part, other, its_values in alone:
            names = its_values.nunique() >= FEWEST_NAMES
            if other != source and names and its_values.isin(words).mean() >= KNOWN:
                parts.setdefault(other, []).append(part)
        several = {other: found for other, found in parts.items() if len(found) > 1}
        if several:
            name = _free(f"whole_{whole.name}", [*fields, *made])
            for each in (whole, *chain(*several.values())):
                each.found = Recognised(None, f"is compared within {name}")
            columns = {o: [part.columns[o] for part in found] for o, found in several.items()}
            made.append(_made(name, Recognised("name", "whole names"), whole.columns, columns))
    return made


def _made(
    name: str, found: Recognised, columns: dict[str, str], together: dict[str, list[str]]
) -> Field:
    labels = {source: " + ".join(pieces) for source, pieces in together.items()}
    return Field(name, columns | labels, found, pieces=together)


def _words_of_several(values: pd.Series) -> set[str]:
    several = values[values.str.contains(" ")]
    return {word for value in several.unique() for word in value.split()}


def _free(name: str, fields: Sequence[Field]) -> str:
    while name in {each.name for each in fields}:
        name += "_2"
    return name
