"""Files whose headings others fixed: as they come, with blanks, capitals and dots."""

import pytest

from woda_lib.partners import CONTRACTS, ExtractError
from woda_lib.partners.document import contracts_markdown
from woda_lib.partners.reading import read_file

COMPANIES = CONTRACTS["companies"]
# The first line of Companies House's files, to the letter.
HEADING = (
    "CompanyName, CompanyNumber,RegAddress.CareOf,RegAddress.POBox,RegAddress.AddressLine1,"
    " RegAddress.AddressLine2,RegAddress.PostTown,RegAddress.County,RegAddress.Country,"
    "RegAddress.PostCode,CompanyCategory,CompanyStatus,CountryOfOrigin,DissolutionDate,"
    "IncorporationDate,Accounts.AccountRefDay,Accounts.AccountRefMonth,Accounts.NextDueDate,"
    "Accounts.LastMadeUpDate,Accounts.AccountCategory,Returns.NextDueDate,Returns.LastMadeUpDate,"
    "Mortgages.NumMortCharges,Mortgages.NumMortOutstanding,Mortgages.NumMortPartSatisfied,"
    "Mortgages.NumMortSatisfied,SICCode.SicText_1,SICCode.SicText_2,SICCode.SicText_3,"
    "SICCode.SicText_4,LimitedPartnerships.NumGenPartners,LimitedPartnerships.NumLimPartners,URI,"
    "PreviousName_1.CONDATE, PreviousName_1.CompanyName, PreviousName_2.CONDATE,"
    " PreviousName_2.CompanyName,"
    + "".join(f"PreviousName_{n}.CONDATE, PreviousName_{n}.CompanyName," for n in range(3, 11))
    + "ConfStmtNextDueDate, ConfStmtLastMadeUpDate"
)
COLUMNS = [heading.strip() for heading in HEADING.split(",")]
TEME = {
    "CompanyName": "TEME VALLEY JOINERY LIMITED",
    "CompanyNumber": "01234567",
    "RegAddress.PostCode": "WR1 1AA",
    "IncorporationDate": "05/01/1990",
    "PreviousName_10.CompanyName": "TENTH LIMITED",
    "ConfStmtLastMadeUpDate": "31/12/2024",
}


@pytest.fixture
def write(tmp_path):
    def written(heading, *rows):
        path = tmp_path / "companies_house" / "companies_2025-03.csv"
        path.parent.mkdir(exist_ok=True)
        body = [",".join(f'"{row.get(name, "")}"' for name in COLUMNS) for row in rows]
        path.write_text("\r\n".join([heading, *body]), encoding="utf-8")
        return path

    return written


def test_the_contract_has_the_55_headings_in_their_order():
    assert [column.heading for column in COMPANIES.columns.values()] == COLUMNS
    assert len(COLUMNS) == 55


@pytest.mark.parametrize("rows", [1, 300])
def test_a_file_of_companies_house_is_read_as_it_comes(write, rows):
    """Few rows are read one by one, and many at once."""
    raw = read_file(write(HEADING, *[TEME] * rows), COMPANIES)
    assert raw.unknown_columns == ()
    assert len(raw.rows) == rows
    first = raw.rows.iloc[-1]
    assert first["company_number"] == "01234567"  # not 1234567
    assert first["postcode"] == "WR1 1AA"
    assert first["previous_name_10"] == "TENTH LIMITED"
    assert first["statement_made_up_on"] == "31/12/2024"
    assert first.isna()["previous_name_1"]


def test_a_column_may_also_stand_under_its_own_name(write):
    heading = HEADING.replace("RegAddress.PostCode", "Postcode")
    heading = heading.replace(" CompanyNumber", "company_number")
    raw = read_file(write(heading, TEME), COMPANIES)
    assert raw.rows.loc[0, ["company_number", "postcode"]].tolist() == ["01234567", "WR1 1AA"]


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        (HEADING.replace("RegAddress.PostCode", "Post"), "lacks the column RegAddress.PostCode of"),
        (
            HEADING.replace("Returns.NextDueDate", " CompanyNumber"),
            "lacks the column Returns.NextDueDate",
        ),
        (HEADING + ",CompanyNumber", "has the column CompanyNumber twice"),
        (HEADING + ",Company Number", "has the column CompanyNumber twice"),
        ("FHRSID,BusinessName", r"names at least half of the columns \(CompanyName, CompanyNumber"),
    ],
)
def test_what_is_missing_or_doubled_is_named_as_it_officially_is(write, heading, says):
    with pytest.raises(ExtractError, match=says):
        read_file(write(heading, TEME), COMPANIES)


def test_the_page_for_partners_says_the_official_headings():
    page = contracts_markdown()
    assert "| `postcode` | `RegAddress.PostCode` | postcode | yes |" in page
    assert "| `fhrs_id` | `FHRSID` | text | no |" in page
    assert "| `rates_account` | text | no |" in page
