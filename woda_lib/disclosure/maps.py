"""Maps: what is embedded in the page is published, whether it is drawn or not.

A map draws shapes and colours; the page that holds it carries every property that its GeoJSON had,
and every tooltip and popup. So properties pass the gate as a table does, a row a feature, and only
what passed is handed to the map. A point that stands for a person is somebody's home.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import pandas as pd

from woda_lib.disclosure.columns import PEOPLE
from woda_lib.disclosure.differencing import EarlierTable
from woda_lib.disclosure.gate import GatedTable, gate_table
from woda_lib.disclosure.linked import CountTable
from woda_lib.disclosure.personal import IDENTIFIERS
from woda_lib.disclosure.rule import DisclosureError, Rule

_EMBEDDED = re.compile(r"""["']?properties["']?\s*:\s*(\{[^{}]*\})""")


def gate_features(
    collection: Mapping[str, Any],
    rule: Rule,
    *,
    name: str,
    of: Literal["areas", "services"],
    counts: Iterable[str] | None = None,
    others: Sequence[CountTable] = (),
    earlier: Sequence[EarlierTable] = (),
) -> tuple[dict[str, Any], GatedTable]:
    """Pass a GeoJSON feature collection through the gate.

    Parameters
    ----------
    collection : mapping
        A GeoJSON ``FeatureCollection``.
    rule : Rule
    name : str
        How to call the map in an error.
    of : {"areas", "services"}
        What a feature stands for. Only services may be points.
    counts, others, earlier
        As for `gate_table`, of which each property is a column.

    Returns
    -------
    dict
        The collection with gated properties, null where withheld, and no other members.
    GatedTable
        The properties, to be exported as CSV beside the map.

    Raises
    ------
    DisclosureError
        As `gate_table` does; or if people or areas are drawn as points, or features carry names or
        identifiers outside their properties.
    """
    features = list(collection.get("features", ()))
    gated = gate_properties(
        pd.DataFrame([dict(feature.get("properties") or {}) for feature in features]),
        (str((feature.get("geometry") or {}).get("type")) for feature in features),
        rule,
        name=name,
        of=of,
        counts=counts,
        others=others,
        earlier=earlier,
    )
    rows = json.loads(gated.frame.to_json(orient="records", date_format="iso"))
    made = [
        {"type": "Feature", "geometry": feature.get("geometry"), "properties": properties}
        for feature, properties in zip(features, rows, strict=True)
    ]
    return {"type": "FeatureCollection", "features": made}, gated


def gate_properties(
    frame: pd.DataFrame,
    shapes: Iterable[str],
    rule: Rule,
    *,
    name: str,
    of: Literal["areas", "services"],
    counts: Iterable[str] | None = None,
    others: Sequence[CountTable] = (),
    earlier: Sequence[EarlierTable] = (),
) -> GatedTable:
    """Pass the properties of a map's features through the gate, a row a feature.

    Parameters
    ----------
    frame : DataFrame
        The properties; its index must be a plain one (0, 1, 2 …).
    shapes : iterable of str
        The kinds of geometry that occur, as GeoJSON calls them.
    rule, name, of, counts, others, earlier
        As for `gate_features`.

    Raises
    ------
    DisclosureError
        As `gate_features` does.
    """
    if of == "areas" and any("Point" in shape for shape in shapes):
        raise DisclosureError(
            f"The map {name} draws points, and a point where people are counted is a home. Draw "
            "areas with the number of people in each; only services may be points."
        )
    for column in frame.columns:
        if frame[column].map(lambda item: isinstance(item, (dict, list))).any():
            raise DisclosureError(
                f"The map {name} holds lists or objects in its property {column!r}, and nothing "
                "looks into those. Give each number and name a property of its own."
            )
    return gate_table(
        frame,
        rule,
        name=f"The map {name}",
        counts=counts,
        others=others,
        earlier=earlier,
        each_row="service" if of == "services" else "group",
    )


def unsafe_properties(text: str, rule: Rule) -> Iterator[str]:
    """Say what is wrong with the properties of features that a page or file holds as text.

    Yields
    ------
    str
        Of each property that identifies, or that counts people by its name and is too few: what is
        wrong. Nothing is quoted but the property's name.
    """
    for found in _EMBEDDED.findall(text):
        try:
            properties = json.loads(found)
        except ValueError:
            properties = dict.fromkeys(re.findall(r"""["']([^"']+)["']\s*:""", found))
        for name, value in properties.items():
            plain = re.sub(r"[^a-z0-9]+", "_", str(name).lower()).strip("_")
            if plain in IDENTIFIERS:
                yield f"the property {name!r}, which identifies people or places"
            elif PEOPLE & set(plain.split("_")) and _is_few(value, rule):
                yield f"a number below {rule.threshold} in the property {name!r}"


def _is_few(value: object, rule: Rule) -> bool:
    return isinstance(value, (int, float)) and 0 < value < rule.threshold
