"""Four homes, three premises, two buildings and five people about one incident, on a small grid.

::

    y 255000   H1 (WR1 1AA)   H2 (WR1 1AA)   S school    | edge |   H3 (WR1 1BB)      C centre
    x          385000         385100         385300      |      |   385680            387000

The incident is 400 m around 385100, 255000, and its edge 200 m wide; H4 is far away.
"""

from __future__ import annotations

import pandas as pd

from woda_lib.partners import CONTRACTS

ON = pd.Timestamp("2025-03-31")
AREA = "385100, 255000 / 400 m"

_HOMES = [
    ("100000000001", "1", "WR1 1AA", 385_000, "RD03"),
    ("100000000002", "3", "WR1 1AA", 385_100, "RD03"),
    ("100000000003", "5", "WR1 1BB", 385_680, "RD03"),
    ("100000000004", "7", "WR5 1CC", 389_000, "RI01"),
]
_PREMISES = [
    ("200000000001", "CE03", 385_300, "Mill Lane School"),
    ("200000000002", "CR08", 385_200, "Baker"),
    ("200000000003", "CI01", 385_600, "Works"),
]


def gazetteer() -> pd.DataFrame:
    """Return the homes, as the contract has them."""
    rows = [
        {
            "uprn": uprn,
            "lpi_key": f"G{number}",
            "logical_status": "approved",
            "class_code": code,
            "building": number,
            "street": "Mill Lane",
            "town": "Worcester",
            "postcode": postcode,
            "easting": easting,
            "northing": 255_000,
            "district": "Worcester",
            "started_on": "2001-01-01",
        }
        for uprn, number, postcode, easting, code in _HOMES
    ]
    return _of("gazetteer", rows)


def premises() -> pd.DataFrame:
    """Return a school, a shop and a factory."""
    rows = [
        {
            "uprn": uprn,
            "premises_key": uprn,
            "logical_status": "approved",
            "class_code": code,
            "organisation": name,
            "building": "2",
            "street": "Mill Lane",
            "postcode": "WR1 1AA",
            "easting": easting,
            "northing": 255_010,
            "started_on": "2001-01-01",
        }
        for uprn, code, easting, name in _PREMISES
    ]
    return _of("premises", rows)


def buildings() -> pd.DataFrame:
    """Return a clinic that is known by its property alone, and a community centre outside."""
    rows = [
        {
            "building_id": "B1",
            "uprn": "200000000002",
            "building_name": "Mill Lane Clinic",
            "use": "clinic",
            "condition": "B",
            "started_on": "2001-01-01",
        },
        {
            "building_id": "B2",
            "building_name": "Hill Centre",
            "use": "community_centre",
            "easting": 387_000,
            "northing": 255_000,
            "floor_area": 640,
            "condition": "A",
            "opening_hours": "Mo-Fr 09:00-17:00",
            "started_on": "2001-01-01",
        },
        {
            "building_id": "B3",
            "building_name": "Mill Lane Hall",
            "use": "community_centre",
            "easting": 385_250,
            "northing": 255_000,
            "started_on": "2001-01-01",
        },
    ]
    return _of("public_buildings", rows)


def register() -> pd.DataFrame:
    """Return who is on it: by number, by address, by postcode alone, outside, and nowhere."""
    people = [
        ("AR1", "Ada", "Quell", "oxygen", "100000000001", "1 Mill Lane, Worcester", "WR1 1AA"),
        ("AR2", "Bo", "Rusk", "memory", None, "3 Mill Ln, Worcester", "WR1 1AA"),
        ("AR3", "Cy", "Stent", "sight", None, "The old place", "WR1 1AA"),
        ("AR4", "Di", "Tarn", "bed", "100000000003", "5 Mill Lane, Worcester", "WR1 1BB"),
        ("AR5", "Ed", "Umber", "bed", None, None, None),
        ("AR6", "Fay", "Vole", "bed", "100000000002", "3 Mill Lane, Worcester", "WR1 1AA"),
    ]
    names = ("assistance_id", "forename", "surname", "need", "uprn", "address", "postcode")
    rows = [
        dict(zip(names, person, strict=True))
        | {"telephone": f"07700 90000{n}", "started_on": "2020-01-01"}
        for n, person in enumerate(people)
    ]
    rows[-1]["ended_on"] = "2024-01-01"  # Fay died
    return _of("assistance_register", rows)


def sites() -> pd.DataFrame:
    """Return sites of four firms: three at work inside, one only registered there."""
    rows = [
        ("site-1", "business-1", "Baker", "both", "200000000002", 385_200, "G", 7),
        ("site-2", "business-2", "Butcher", "premises", None, 385_210, "G", None),
        ("site-3", "business-3", "Maker", "premises", None, 385_220, "G", 30),
        ("site-4", "business-4", "Shell Ltd", "registered_office", None, 385_200, "K", None),
        ("site-5", "business-5", "Works", "premises", "200000000003", 385_600, "C", 90),
        ("site-6", "business-6", "Nowhere Ltd", "premises", None, None, "C", 5),
    ]
    names = ["site_id", "enterprise_id", "name", "kind", "uprn", "easting", "section", "employees"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(
        northing=255_000.0,
        address="2 Mill Lane",
        postcode="WR1 1AA",
        located_by="property",
        employees=table["employees"].astype("Int64"),
        ended_on=pd.NaT,
    )


def _of(dataset: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    columns = CONTRACTS[dataset].columns
    table = pd.DataFrame(rows).reindex(columns=list(columns))
    return table.astype({name: column.dtype for name, column in columns.items()})
