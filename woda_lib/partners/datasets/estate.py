"""What stands where: partners' buildings, the use of land, and who needs help in an emergency."""

from __future__ import annotations

from woda_lib.partners.contracts import Column, Contract
from woda_lib.partners.datasets.common import in_order, plain

_BUILDINGS = Contract(
    dataset="public_buildings",
    title="Public buildings",
    description="One row a building that a partner uses",
    partners=(
        "county_council",
        "district_councils",
        "worcestershire_acute",
        "health_and_care_trust",
        "west_mercia_police",
        "fire_service",
        "voluntary_sector",
    ),
    key="building_id",
    columns={
        "building_id": Column("text", "The partner's number of the building"),
        "uprn": Column("text", "Unique property reference number", required=False),
        "building_name": Column("text", "Name"),
        "address": Column("text", "Address on one line", required=False),
        "postcode": Column("postcode", "Postcode", required=False),
        "easting": Column("whole_number", "Metres east on the National Grid", required=False),
        "northing": Column("whole_number", "Metres north on the National Grid", required=False),
        "use": Column(
            "code",
            "What it is for",
            codes=plain(
                "office",
                "library",
                "school",
                "clinic",
                "hospital",
                "police_station",
                "fire_station",
                "community_centre",
                "leisure_centre",
                "depot",
                "care_home",
            ),
        ),
        "tenure": Column("code", "How it is held", codes=plain("freehold", "leasehold", "licence")),
        "floor_area": Column("whole_number", "Square metres", minimum=1, maximum=1_000_000),
        "spare_area": Column(
            "whole_number", "Square metres that stand empty", False, minimum=0, maximum=1_000_000
        ),
        "running_cost": Column(
            "whole_number", "Pounds a year", False, minimum=0, maximum=1_000_000_000
        ),
        "condition": Column(
            "code", "A good to D bad", required=False, codes=plain("A", "B", "C", "D")
        ),
        "opening_hours": Column("text", "Mo-Fr 09:00-17:00", required=False),
        "started_on": Column("date", "In use since"),
        "ended_on": Column("date", "Until; none while it is", required=False),
    },
    rules=(in_order("started_on", "ended_on", "nothing ends before it began"),),
)

_LAND = Contract(
    dataset="land_use",
    title="Land use",
    description=(
        "One row a site of one use: Ordnance Survey's land use sites, as comma-separated text with "
        "well-known text for the shape"
    ),
    partners=("ordnance_survey",),
    key="osid",
    columns={
        "osid": Column("text", "Ordnance Survey's identifier"),
        "version_on": Column("date", "Date of this version", heading="versiondate"),
        "description": Column("text", "What it is", required=False),
        "tier_a": Column("text", "Use, broad", heading="oslandusetiera"),
        "tier_b": Column("text", "Use, narrow", required=False, heading="oslandusetierb"),
        "geometry": Column("shape", "Well-known text, metres on the National Grid"),
    },
)

_ASSISTANCE = Contract(
    dataset="assistance_register",
    title="Assistance register",
    description="One row a resident who asked to be helped first when there is an emergency",
    partners=("fire_service",),
    key="assistance_id",
    handles=("assistance_id",),
    columns={
        "assistance_id": Column("text", "Number of the entry"),
        "forename": Column("text", "First name", required=False, personal=True),
        "surname": Column("text", "Family name", personal=True),
        "telephone": Column("text", "Where they are called", required=False, personal=True),
        "uprn": Column("text", "Property reference number of the home", False, personal=True),
        "address": Column("text", "Home address on one line", required=False, personal=True),
        "postcode": Column("postcode", "Home postcode", required=False, personal=True),
        "need": Column(
            "code",
            "What help",
            codes=plain("oxygen", "dialysis", "bed", "wheelchair", "sight", "hearing", "memory"),
        ),
        "started_on": Column("date", "On the register since"),
        "ended_on": Column("date", "Until; none while it is", required=False),
    },
    rules=(in_order("started_on", "ended_on", "nothing ends before it began"),),
)

ESTATE = (_BUILDINGS, _LAND, _ASSISTANCE)
