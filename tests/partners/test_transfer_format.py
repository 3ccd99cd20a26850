"""A council's gazetteer as its system hands it over becomes the extract that is agreed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from woda_lib.cli import app
from woda_lib.linkage.addresses import match_addresses
from woda_lib.partners.check import check_extracts
from woda_lib.partners.errors import ExtractError
from woda_lib.partners.transfer_format import read_transfer, write_extract

FILE = """
10,"MALVERN HILLS",1860,2024-03-28,1,2024-03-28,12:30:11,"7.3","F"
11,"I",1,46800001,1,1860,2,1990-01-01,,8,0,1990-01-01,2007-01-01,1990-01-01,,380001.00,246001.00,380100.00,246100.00,10
15,"I",2,46800001,"MILL LANE","COLWALL","MALVERN","MALVERN HILLS","ENG"
21,"I",3,010000000001,1,2,2007-01-01,"PP",,380010.00,246010.40,1,1860,2007-01-01,,2019-01-01,2007-01-01,"","","",,,""
21,"I",4,010000000002,1,2,2007-01-01,"RD06",010000000001,380011.00,246011.00,1,1860,2007-01-01,,2019-01-01,2007-01-01,"","","",,,""
21,"I",5,010000000003,1,2,2007-01-01,"",,380012.00,246012.00,1,1860,2007-01-01,,2019-01-01,2007-01-01,"","","",,,""
23,"I",6,010000000003,"1860X1",2007-01-01,2007-01-01,2007-01-01,,"ABC","VOA"
24,"I",7,010000000001,"1860L1","ENG",1,2007-01-01,,2007-01-01,2019-01-01,,"",,"","",12,"A",14,"","MILL COURT",46800001,"","Y","WR14 2AB","MALVERN",1,1860,1860,""
24,"I",8,010000000002,"1860L2","ENG",1,2007-01-01,,2007-01-01,2019-01-01,3,"",,"","FLAT",12,"A",14,"","MILL COURT",46800001,"","Y","WR14 2AB","MALVERN",1,1860,1860,""
24,"I",9,010000000003,"1860L3","ENG",8,2007-01-01,2019-01-01,2007-01-01,2019-01-01,,"",,"","",,"",,"","ROSE COTTAGE",46800001,"","Y","WR14 2AC","",1,1860,1860,""
24,"I",10,010000000003,"1860L4","ENG",9,2007-01-01,,2007-01-01,2019-01-01,,"",,"","",16,"",,"","",46800001,"","Y","WR14 2AC","",1,1860,1860,""
24,"I",11,010000000099,"1860L5","ENG",1,2007-01-01,,2007-01-01,2019-01-01,,"",,"","",18,"",,"","",46800001,"","Y","WR14 2AC","",1,1860,1860,""
32,"I",12,010000000003,"1860C1","RD02","AddressBase Premium Classification Scheme",1.0,2007-01-01,,2007-01-01,2007-01-01
99,0,11,2024-03-28,12:30:12
"""  # noqa: E501


def written(folder: Path, text: str = FILE) -> Path:
    path = folder / "llpg.csv"
    path.write_text(text.lstrip(), encoding="cp1252")
    return path


def test_each_way_of_addressing_becomes_a_row_of_the_contract(tmp_path: Path) -> None:
    transfer = read_transfer(written(tmp_path))
    assert transfer.delivered_on == pd.Timestamp("2024-03-28")
    columns = ["uprn", "parent_uprn", "logical_status", "class_code", "sub_building", "building"]
    assert transfer.frame[columns].fillna("").to_numpy().tolist() == [
        ["10000000001", "", "1", "PP", "", "MILL COURT 12A-14"],
        ["10000000002", "10000000001", "1", "RD06", "FLAT 3", "MILL COURT 12A-14"],
        ["10000000003", "", "8", "RD02", "", "ROSE COTTAGE"],
    ]
    columns = ["street", "locality", "town", "postcode", "district", "easting", "northing"]
    assert transfer.frame[columns].iloc[0].tolist() == [
        *("MILL LANE", "COLWALL", "MALVERN", "WR14 2AB", "MALVERN HILLS", 380_010, 246_010),
    ]
    assert transfer.left_out == {
        "cross-reference": 1,
        "candidate or rejected way of addressing": 1,
        "way of addressing without its property": 1,
    }


def test_the_extract_keeps_the_contract(tmp_path: Path) -> None:
    path = write_extract(read_transfer(written(tmp_path)), tmp_path / "extracts")
    assert path.name == "gazetteer_2024-03.csv"
    report = check_extracts(tmp_path / "extracts")
    assert report.files.set_index("partner").loc["district_councils", "quarantined"] == 0


def test_addresses_are_matched_to_it(tmp_path: Path) -> None:
    lines = pd.DataFrame(
        {
            "id": [1, 2],
            "address": ["Flat 3, 12A Mill Lane, Colwall", "Flat 3 Mill Court"],
            "postcode": ["WR14 2AB", "WR14 2AB"],
        }
    )
    found = match_addresses(lines, read_transfer(written(tmp_path)).frame)
    assert found["uprn"].tolist() == ["10000000002", "10000000002"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"7.3"', '"8.1"', "another edition than 7.3"),
        ('"7.3","F"', '"7.3","C"', "holds changes alone"),
        ("99,0,11,2024-03-28,12:30:12\n", "", "cut off"),
        ("\n10,", "\n", "does not begin with a header"),
        ('2024-03-28,1,2024-03-28,12:30:11,"7.3"', '28/3/24,1,2024-03-28,12:30:11,"7.3"', "no day"),
        (',380011.00,246011.00,1,1860,2007-01-01,,2019-01-01,2007-01-01,"","","",,,""', "",
         "Line 5 of llpg.csv is a record 21 whose field 10, easting, is no number; 1 records"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_what_to_ask_for(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in FILE
    with pytest.raises(ExtractError, match=says):
        read_transfer(written(tmp_path, FILE.replace(old, new)))


def test_the_command_says_what_it_wrote_and_left_out(tmp_path: Path) -> None:
    asked = ["extracts", "gazetteer", str(written(tmp_path)), "--to", str(tmp_path)]
    told = CliRunner().invoke(app, asked)
    assert told.exit_code == 0
    assert "3 ways of addressing a property" in told.output
    assert "1 × left out: cross-reference" in told.output


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="There is no file"):
        read_transfer(tmp_path / "llpg.csv")


def test_a_spreadsheet_is_no_transfer_file(tmp_path: Path) -> None:
    path = tmp_path / "llpg.xlsx"
    path.write_bytes(b"PK\x03\x04\x00\x81\x8d\x8f" + bytes(range(256)))
    with pytest.raises(ExtractError):
        read_transfer(path)
