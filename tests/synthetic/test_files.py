"""The made-up files, byte by byte, and where they lie."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.synthetic.conftest import MadeCounty, drawn_once
from woda_lib.partners import CONTRACTS
from woda_lib.partners.datasets.business import BUSINESS
from woda_lib.partners.datasets.estate import ESTATE
from woda_lib.partners.datasets.notices import NOTICES
from woda_lib.partners.datasets.property import PROPERTY
from woda_lib.partners.datasets.residents import RESIDENTS
from woda_lib.partners.folder import MADE_UP_FORM
from woda_lib.synthetic import PROFILES, ExtractsInTheWay, UnknownProfile, make_extracts

EARLY, LATE = "2022-05", "2024-05"


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def holds_rows(path: Path) -> bool:
    return path.suffix != ".csv" or len(path.read_bytes().splitlines()) > 6


def lines(county: MadeCounty, partner: str, dataset: str, month: str, encoding: str) -> list[str]:
    path = county.extracts / partner / f"{dataset}_{month}.csv"
    return path.read_bytes().decode(encoding).splitlines()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    county: MadeCounty, other_data: Path, tmp_path: Path
) -> None:
    same = make_extracts(tmp_path / "same", tmp_path / "truth", profile="quick")
    other = other_data / "extracts"
    assert digests(same) == digests(county.extracts)
    assert digests(tmp_path / "truth" / "quick") == digests(county.truth_folder)

    first, second = digests(same), digests(other)
    assert first.keys() == second.keys()
    # A file without any row is a heading, whatever the seed.
    held = {name for name in first if holds_rows(same / name) or holds_rows(other / name)}
    assert len(held) > 0.7 * len(first)
    assert not any(first[name] == second[name] for name in held)
    marker = json.loads((other / "SYNTHETIC.json").read_text())
    assert (marker["seed"], marker["truth"]) == (101, "quick-101")
    assert (other_data / "truth" / "quick-101" / "effect.json").is_file()


def test_a_file_a_month_and_dataset_and_a_marker_that_names_the_truth(county: MadeCounty) -> None:
    names = {path.relative_to(county.extracts).as_posix() for path in county.extracts.rglob("*.*")}
    months = [f"{year}-{month:02}" for year in range(2021, 2026) for month in range(1, 13)][3:51]
    days = [f"2025-03-{day:02}" for day in range(1, 32)]
    # For the single view partners began to deliver in March 2024, with all that they held.
    late = {contract.dataset for contract in (*RESIDENTS, *PROPERTY, *NOTICES, *BUSINESS, *ESTATE)}
    assert names == {"SYNTHETIC.json"} | {
        f"{partner}/{contract.dataset}_{period}.csv"
        for contract in CONTRACTS.values()
        for partner in contract.partners
        for period in (
            months[35:]
            if contract.dataset in late
            else months
            if contract.every == "month"
            else months[:-1] + days
        )
    }
    assert json.loads((county.extracts / "SYNTHETIC.json").read_text()) == {
        "generator": "woda_lib.synthetic",
        "profile": "quick",
        "seed": PROFILES["quick"].seed,
        "truth": "quick",
        "form": MADE_UP_FORM,
    }


def test_no_truth_lies_among_the_extracts(county: MadeCounty) -> None:
    for path in county.extracts.rglob("*.csv"):
        content = path.read_bytes()
        # Some partners give a property's reference, in a column of that name.
        gives = "uprn" in CONTRACTS[path.stem.rpartition("_")[0]].columns
        for word in (rb"\bperson_id\b", b"days_with", *(() if gives else (b"uprn",))):
            assert not re.search(word, content)
    assert not list(county.extracts.rglob("*.parquet"))
    assert not county.truth_folder.is_relative_to(county.extracts)
    assert not list(county.extracts.parent.glob(".*"))


def test_worcestershire_acute_writes_cp1252_and_spaced_headings(county: MadeCounty) -> None:
    early = lines(county, "worcestershire_acute", "hospital_spells", EARLY, "cp1252")
    assert early[0] == (
        "Spell ID,Patient ID,NHS Number,Forename,Surname,Date Of Birth,Sex,Ethnic Group,Postcode,"
        "Age Band,District,Deprivation Quintile,"
        "Admission Date,Admission Method,Ward,Site,Discharge Date,Discharge Method,"
        "Discharge Destination"
    )
    late = lines(county, "worcestershire_acute", "hospital_spells", LATE, "cp1252")
    assert late[0] != early[0]
    assert sorted(late[0].split(",")) == sorted(early[0].split(","))
    cells = [line.split(",") for line in early[1:]]
    assert {row[6] for row in cells} <= {"1", "2", "9"}
    assert all(len(row[5]) == 10 and row[5][2] == row[5][5] == "/" for row in cells)
    numbers = [row[2] for row in cells if row[2]]
    assert all(len(n) == 12 and n[3] == n[7] == " " for n in numbers)
    everything = b"".join(
        path.read_bytes() for path in county.extracts.glob("worcestershire_acute/*.csv")
    )
    with pytest.raises(UnicodeDecodeError):
        everything.decode("utf-8")


def test_severnside_acute_writes_plain_utf8_and_iso_dates(county: MadeCounty) -> None:
    early = lines(county, "severnside_acute", "discharge_events", EARLY, "utf-8")
    assert early[0] == "event_id,spell_id,event_type,event_date,pathway,delay_reason"
    assert sum(line.split(",")[3].startswith("2022-05-") for line in early[1:]) > 100
    assert lines(county, "severnside_acute", "discharge_events", LATE, "utf-8")[0] == early[0]
    stays = lines(county, "severnside_acute", "hospital_spells", EARLY, "utf-8")
    assert {line.split(",")[6] for line in stays[1:]} <= {"M", "F", "U"}


def test_county_council_writes_a_mark_titles_and_trailing_blanks(county: MadeCounty) -> None:
    path = county.extracts / "county_council" / f"social_care_clients_{EARLY}.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    written = lines(county, "county_council", "social_care_clients", EARLY, "utf-8-sig")
    assert not any("," in title for title in written[:2])
    assert written[2].startswith("client_id,nhs_number,") and written[2].endswith(",")
    assert all(line.endswith(",") for line in written[3:])
    assert [line.strip(",") for line in written[-3:]] == ["", "", ""]
    assert sum(",Female," in line for line in written) > 10


def test_severnside_council_writes_semicolons_and_named_months(county: MadeCounty) -> None:
    early = lines(county, "severnside_council", "social_care_referrals", EARLY, "utf-8")
    late = lines(county, "severnside_council", "social_care_referrals", LATE, "utf-8")
    assert early[0].split(";")[:3] == ["referral_id", "client_id", "received_on"]
    assert late[0] != early[0]
    assert sorted(late[0].split(";")) == sorted(early[0].split(";"))
    assert sum("-May-2022;" in line for line in early) > 100


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    real = tmp_path / "extracts" / "real.csv"
    real.parent.mkdir()
    real.write_text("theirs")
    with pytest.raises(ExtractsInTheWay, match="is not empty"):
        make_extracts(real.parent, tmp_path / "truth", profile="quick")
    assert real.read_text() == "theirs"
    assert not (tmp_path / "truth").exists()


def test_an_unknown_profile_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownProfile, match="quick, demo, county"):
        make_extracts(tmp_path / "x", tmp_path / "truth", profile="huge")


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, data: bytes, *, write: Any = Path.write_bytes) -> int:
        if len(list(path.parents[1].rglob("*.csv"))) == 100:
            raise OSError("disk full")
        return write(path, data)

    monkeypatch.setattr("woda_lib.synthetic.extracts.draw_county", drawn_once)
    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match="disk full"):
        make_extracts(tmp_path / "extracts", tmp_path / "truth", profile="quick")
    assert [path.name for path in tmp_path.rglob("*")] == ["truth"]
