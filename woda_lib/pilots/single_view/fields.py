"""Which agreed fields stand in each column of the build's tables, for `Run.save`.

A table has one column where partners have many: ``local_id`` is the number by which each knows a
person. What a purpose is not shown is blanked by this when another step loads the table, row by row
where it has a column ``dataset``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from woda_lib.partners import CONTRACTS
from woda_lib.pilots.single_view.registers import REGISTERS

SERVICES = {
    "community_care": "service",
    "care_services": "service",
    "benefit_claims": "service",
    "travel_passes": "service",
    "support_clients": "service",
}
"""By dataset, the field that says which service an involvement is of; others are of only one."""

WHAT_FOR = {**SERVICES, "police_contacts": "part"}
"""By dataset, the field that says what an involvement is about, whether it is kept or not."""

_IDENTITY = (
    "nhs_number",
    "forename",
    "surname",
    "date_of_birth",
    "sex",
    "ethnic_group",
    "address",
    "postcode",
    "started_on",
    "ended_on",
)
_GAZETTEER = (
    "uprn",
    "parent_uprn",
    "class_code",
    "postcode",
    "town",
    "district",
    "area",
    "deprivation_quintile",
    "easting",
    "northing",
)


def _of(field: str) -> frozenset[str]:
    """The datasets of residents that have a field."""
    names = (each.dataset for each in REGISTERS if field in CONTRACTS[each.dataset].columns)
    return frozenset(f"{name}.{field}" for name in names)


def _of_the_gazetteer(*fields: str) -> dict[str, frozenset[str]]:
    return {field: frozenset({f"gazetteer.{field}"}) for field in fields}


_NUMBERS = {
    "local_id": frozenset(f"{each.dataset}.{each.number}" for each in REGISTERS),
    "row_id": frozenset(f"{each.dataset}.{each.row}" for each in REGISTERS),
}
_WHO = {field: _of(field) for field in _IDENTITY}
_WRITTEN = frozenset(
    f"gazetteer.{part}" for part in ("sub_building", "building", "street", "locality", "town")
)
_AT = _of_the_gazetteer("uprn")
_COUNTED = _of("forename") | _of("surname") | _of("date_of_birth") | _AT["uprn"]
# Which of its datasets said that somebody lives with somebody is no part of who lives there.
_WHEN = {"starts": _of("started_on"), "ends": _of("ended_on")}

FIELDS: Mapping[str, Mapping[str, Collection[str]]] = {
    "records": {"local_id": _NUMBERS["local_id"], "since": _of("started_on")},
    "links": {"left_id": _NUMBERS["local_id"], "right_id": _NUMBERS["local_id"]},
    "doubts": {"left_id": _NUMBERS["local_id"], "right_id": _NUMBERS["local_id"]},
    "details": {**_NUMBERS, **_WHO, "uprn": _of("uprn")},
    "persons": {
        **{name: stems for name, stems in _WHO.items() if name not in ("started_on", "ended_on")},
        **_of_the_gazetteer("uprn", "district", "area", "deprivation_quintile"),
        "died_on": _of("died_on"),
        "first_seen": _of("started_on"),
        "last_seen": _of("started_on"),
    },
    "properties": {**_of_the_gazetteer(*_GAZETTEER), "address": _WRITTEN},
    "places": {"row_id": _NUMBERS["row_id"], **_AT, "counted_off": _COUNTED},
    "residences": {**_AT, **_WHEN},
    "households": {**_AT, **_WHEN},
    "members": {**_WHEN, "kinship": _of("kinship")},
    "involvements": {
        **_NUMBERS,
        **_AT,
        "service": frozenset(f"{dataset}.{field}" for dataset, field in SERVICES.items()),
        "team": _of("team"),
        "status": _of("status") | _of("ended_on"),
        "started_on": _of("started_on"),
        "ended_on": _of("ended_on"),
    },
    "identity_events": {},
}
"""By table, for each of its columns the ``<dataset>.<field>`` whose values stand in it."""

_PLACED = {
    "content": frozenset().union(*_NUMBERS.values(), *_WHO.values(), _of("uprn")),
    **_AT,
    "counted_off": _COUNTED,
}
HANDED_ON: Mapping[str, Mapping[str, Collection[str]]] = {
    "kept_places": _PLACED,
    "kept_opted_out": {"local_id": _NUMBERS["local_id"], **_PLACED},
    "kept_learned": {
        "of": _of("forename"),
        "says": _of("forename") | _of("sex") | _of("date_of_birth"),
    },
}
"""Likewise of the tables that a build hands on to the next alone."""


def fields_of(table: str, columns: Iterable[str]) -> dict[str, Collection[str]]:
    """Return `FIELDS` of a table, or `HANDED_ON`, as far as it has the columns.

    Examples
    --------
    >>> run.save("places", places, fields=fields_of("places", places))
    """
    known = FIELDS[table] if table in FIELDS else HANDED_ON[table]
    return {name: known[name] for name in columns if name in known}
