"""Properties and how many people live in the county: what is nobody's record."""

from __future__ import annotations

from collections.abc import Mapping

from woda_lib.partners.contracts import Column, Contract
from woda_lib.partners.datasets.common import area, in_order, plain


def way_of_addressing(
    dataset: str,
    title: str,
    description: str,
    *,
    key: str,
    parent: str,
    use: str,
    unit: str,
    locality: str,
    more: Mapping[str, Column] | None = None,
) -> Contract:
    """A part of the gazetteer; `more` are columns that stand after the use."""
    return Contract(
        dataset=dataset,
        title=title,
        description=description,
        partners=("district_councils",),
        key=key,
        columns={
            key: Column("text", "Key of the land and property identifier"),
            "uprn": Column("text", "Unique property reference number"),
            "parent_uprn": Column("text", parent, required=False),
            "logical_status": Column(
                "code",
                "BS 7666: 1 approved, 3 alternative, 6 provisional, 8 historical",
                codes={
                    "approved": ("1",),
                    "alternative": ("3",),
                    "provisional": ("6",),
                    "historical": ("8",),
                },
            ),
            "class_code": Column("text", use),
            **(more or {}),
            "sub_building": Column("text", unit, required=False),
            "building": Column("text", "Primary addressable object: 12, or a name", required=False),
            "street": Column("text", "Street", required=False),
            "locality": Column("text", locality, required=False),
            "town": Column("text", "Town", required=False),
            "postcode": Column("postcode", "Postcode", required=False),
            "easting": Column("whole_number", "Metres east on the National Grid"),
            "northing": Column("whole_number", "Metres north on the National Grid"),
            **area(),
            "area": Column("text", "Lower layer super output area", required=False),
            "started_on": Column("date", "Since when it is so addressed"),
            "ended_on": Column("date", "Until when; none while it is", required=False),
        },
        rules=(in_order("started_on", "ended_on", "nothing ends before it began"),),
    )


_GAZETTEER = way_of_addressing(
    "gazetteer",
    "Gazetteer of properties",
    "One row a way in which a property is or was addressed, from the land and property "
    "gazetteer (BS 7666); a property has one that is approved, and others",
    key="lpi_key",
    parent="The building that a flat is in",
    use="Use, as RD04 for a terraced house, RI01 for a care home",
    unit="Secondary addressable object: Flat 3",
    locality="Locality",
)

_POPULATION = Contract(
    dataset="population_estimates",
    title="Population estimates",
    description="One row a district, age band and sex: mid-year estimate of residents",
    partners=("national_statistics",),
    key="estimate_id",
    columns={
        "estimate_id": Column("text", "District, year, band and sex"),
        "year": Column("whole_number", "Mid-year", minimum=1990, maximum=2100),
        "district": Column("text", "District"),
        "age_band": Column(
            "code",
            "Age at mid-year",
            codes=plain("0-4", "5-15", "16-24", "25-44", "45-64", "65-74", "75-84", "85+"),
        ),
        "sex": Column("code", "Sex", codes={"M": ("1", "male"), "F": ("2", "female")}),
        "residents": Column("whole_number", "Estimate", minimum=0, maximum=10_000_000),
    },
)

PROPERTY = (_GAZETTEER, _POPULATION)
