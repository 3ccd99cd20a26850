"""Businesses and where they are: what registers, rates offices and inspectors know of them.

Three of the four come in forms that others fixed: basic company data with Companies House's 55
headings, hygiene ratings with the Food Standards Agency's, and the premises of the land and
property gazetteer. What employment and turnover are comes by agreement, and for some firms only.
"""

from __future__ import annotations

from woda_lib.partners.contracts import Column, Contract
from woda_lib.partners.datasets.common import in_order, plain
from woda_lib.partners.datasets.property import way_of_addressing

_PREVIOUS_NAMES = 10


def _company_columns() -> dict[str, Column]:
    columns = {
        "company_name": Column("text", "Registered name", heading="CompanyName"),
        "company_number": Column("text", "Eight characters", heading="CompanyNumber"),
    }
    address = {
        "care_of": "RegAddress.CareOf",
        "po_box": "RegAddress.POBox",
        "address_line_1": "RegAddress.AddressLine1",
        "address_line_2": "RegAddress.AddressLine2",
        "post_town": "RegAddress.PostTown",
        "county": "RegAddress.County",
        "country": "RegAddress.Country",
    }
    for name, heading in address.items():
        columns[name] = Column("text", "Registered office", required=False, heading=heading)
    columns["postcode"] = Column(
        "postcode", "Registered office", required=False, heading="RegAddress.PostCode"
    )
    texts = {
        "category": ("CompanyCategory", "Legal form"),
        "status": ("CompanyStatus", "Active, in liquidation, …"),
        "country_of_origin": ("CountryOfOrigin", "Where it is registered"),
    }
    for name, (heading, meaning) in texts.items():
        columns[name] = Column("text", meaning, required=False, heading=heading)
    for name, heading, meaning in (
        ("dissolved_on", "DissolutionDate", "Dissolved"),
        ("incorporated_on", "IncorporationDate", "Incorporated"),
    ):
        columns[name] = Column("date", meaning, required=False, heading=heading)
    accounts = {
        "accounts_reference_day": ("whole_number", "Accounts.AccountRefDay"),
        "accounts_reference_month": ("whole_number", "Accounts.AccountRefMonth"),
        "accounts_due_on": ("date", "Accounts.NextDueDate"),
        "accounts_made_up_on": ("date", "Accounts.LastMadeUpDate"),
        "accounts_category": ("text", "Accounts.AccountCategory"),
        "returns_due_on": ("date", "Returns.NextDueDate"),
        "returns_made_up_on": ("date", "Returns.LastMadeUpDate"),
        "mortgage_charges": ("whole_number", "Mortgages.NumMortCharges"),
        "mortgages_outstanding": ("whole_number", "Mortgages.NumMortOutstanding"),
        "mortgages_part_satisfied": ("whole_number", "Mortgages.NumMortPartSatisfied"),
        "mortgages_satisfied": ("whole_number", "Mortgages.NumMortSatisfied"),
        **{f"sic_{i}": ("text", f"SICCode.SicText_{i}") for i in range(1, 5)},
        "general_partners": ("whole_number", "LimitedPartnerships.NumGenPartners"),
        "limited_partners": ("whole_number", "LimitedPartnerships.NumLimPartners"),
        "uri": ("text", "URI"),
    }
    for name, (kind, heading) in accounts.items():
        columns[name] = Column(kind, heading, required=False, heading=heading)  # type: ignore[arg-type]
    for i in range(1, _PREVIOUS_NAMES + 1):
        columns[f"previous_name_{i}_until"] = Column(
            "date", "Last day of a former name", False, heading=f"PreviousName_{i}.CONDATE"
        )
        columns[f"previous_name_{i}"] = Column(
            "text", "Former name", False, heading=f"PreviousName_{i}.CompanyName"
        )
    for name, heading in (
        ("statement_due_on", "ConfStmtNextDueDate"),
        ("statement_made_up_on", "ConfStmtLastMadeUpDate"),
    ):
        columns[name] = Column("date", "Confirmation statement", required=False, heading=heading)
    return columns


_COMPANIES = Contract(
    dataset="companies",
    title="Register of companies",
    description=(
        "One row a live company on the day of the snapshot: Companies House's free company data "
        "product; a company that was dissolved is in no later snapshot"
    ),
    partners=("companies_house",),
    key="company_number",
    columns=_company_columns(),
)

_RATES = Contract(
    dataset="business_rates",
    title="Business rates",
    description="One row a rates account: who pays for which premises, since when",
    partners=("district_councils",),
    key="rates_account",
    columns={
        "rates_account": Column("text", "The billing authority's number of the account"),
        "uprn": Column("text", "Unique property reference number", required=False),
        "ratepayer": Column("text", "Who pays: a firm, or a person who trades", personal=True),
        "trading_as": Column("text", "What it says over the door", required=False),
        "address": Column("text", "Premises, on one line"),
        "postcode": Column("postcode", "Of the premises", required=False),
        "property_description": Column("text", "Use, as in the rating list: SHOP AND PREMISES"),
        "rateable_value": Column("whole_number", "Pounds a year", minimum=0, maximum=100_000_000),
        "relief": Column(
            "code",
            "Relief that is granted",
            codes=plain("none", "small_business", "charity", "empty", "retail", "rural"),
        ),
        "started_on": Column("date", "Liable from"),
        "ended_on": Column("date", "Until; none while it goes on", required=False),
    },
    rules=(in_order("started_on", "ended_on", "nothing ends before it began"),),
)

_HYGIENE = Contract(
    dataset="food_hygiene",
    title="Food hygiene ratings",
    description="One row an establishment that was inspected: the food hygiene rating scheme",
    partners=("food_standards_agency",),
    key="fhrs_id",
    columns={
        "fhrs_id": Column("text", "The scheme's number", heading="FHRSID"),
        "authority_number": Column(
            "text", "The authority's number", heading="LocalAuthorityBusinessID"
        ),
        "business_name": Column("text", "Name of the establishment", heading="BusinessName"),
        "business_type": Column("text", "Kind of establishment", heading="BusinessType"),
        **{
            f"address_line_{i}": Column("text", "Address", False, heading=f"AddressLine{i}")
            for i in range(1, 5)
        },
        "postcode": Column("postcode", "Postcode", required=False, heading="PostCode"),
        "rating": Column("text", "0 to 5, or why there is none", heading="RatingValue"),
        "rated_on": Column("date", "Inspected", required=False, heading="RatingDate"),
        "authority": Column("text", "District", heading="LocalAuthorityName"),
        "longitude": Column("text", "Degrees east", required=False, heading="Longitude"),
        "latitude": Column("text", "Degrees north", required=False, heading="Latitude"),
    },
)

_WORKFORCE = Contract(
    dataset="workforce",
    title="Jobs and turnover",
    description="One row a firm and year that agreed to share it: employment and turnover",
    partners=("enterprise_partnership",),
    key="workforce_row_id",
    columns={
        "workforce_row_id": Column("text", "Number of the row"),
        "business_name": Column("text", "As the firm gave it", personal=True),
        "company_number": Column("text", "Where it is a company", required=False),
        "address": Column("text", "Head office, on one line", required=False),
        "postcode": Column("postcode", "Head office", required=False),
        "year": Column("whole_number", "Year to March", minimum=1990, maximum=2100),
        "employees": Column("whole_number", "On 31 March", False, minimum=0, maximum=1_000_000),
        "employees_band": Column(
            "code",
            "Where the number itself is not shared",
            required=False,
            codes=plain("0", "1-9", "10-19", "20-49", "50-249", "250+"),
        ),
        "turnover": Column(
            "whole_number", "Thousand pounds", False, minimum=0, maximum=100_000_000
        ),
        "turnover_band": Column(
            "code",
            "Thousand pounds, where the sum itself is not shared",
            required=False,
            codes=plain("0-49", "50-99", "100-249", "250-499", "500-999", "1000-4999", "5000+"),
        ),
    },
)

_PREMISES = way_of_addressing(
    "premises",
    "Premises",
    "One row a way in which premises that nobody lives in are addressed: the rest of the "
    "gazetteer (BS 7666)",
    key="premises_key",
    parent="The building or estate that it is in",
    use="Use, as CR08 for a shop, CI01 for a factory",
    unit="Secondary addressable object: Unit 3",
    locality="Locality or estate",
    more={"organisation": Column("text", "Who is there, where the gazetteer says", required=False)},
)

BUSINESS = (_COMPANIES, _RATES, _HYGIENE, _WORKFORCE, _PREMISES)
