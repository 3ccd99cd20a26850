"""What five partners write of businesses, read back by what they were told to write."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from tests.partners.test_official_headings import HEADING
from tests.synthetic.conftest import MadeCounty

MONTHS = [str(month) for month in pd.period_range("2024-03", "2025-03", freq="M")]
PARTNERS = {
    "companies": ("companies_house", "CompanyNumber"),
    "business_rates": ("district_councils", "Rates Account"),
    "food_hygiene": ("food_standards_agency", "FHRSID"),
    "workforce": ("enterprise_partnership", "Workforce Row ID"),
    "premises": ("district_councils", "Premises Key"),
}
TITLES = {"district_councils": 1, "enterprise_partnership": 2}
ENCODINGS = {"district_councils": "cp1252", "enterprise_partnership": "cp1252"}


@cache
def read(extracts: Path, dataset: str) -> pd.DataFrame:
    """All rows as text, with the month of each file."""
    partner, key = PARTNERS[dataset]
    parts = [
        pd.read_csv(
            extracts / partner / f"{dataset}_{month}.csv",
            dtype=str,
            keep_default_na=False,
            skiprows=TITLES.get(partner, 0),
            encoding=ENCODINGS.get(partner, "utf-8-sig"),
            skipinitialspace=False,
        ).assign(month=month)
        for month in MONTHS
    ]
    rows = pd.concat(parts, ignore_index=True).rename(columns=str.strip)
    return rows.loc[rows[key].ne("")]


def newest(extracts: Path, dataset: str) -> pd.DataFrame:
    return read(extracts, dataset).drop_duplicates(PARTNERS[dataset][1], keep="last")


def test_companies_house_writes_its_headings_to_the_letter_and_quotes_every_cell(
    county: MadeCounty,
) -> None:
    path = county.extracts / "companies_house" / "companies_2024-07.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == HEADING
    assert all(line.startswith('"') and line.endswith('"') for line in lines[1:])
    assert all(line.count('","') == 54 for line in lines[1:])


def test_numbers_have_eight_characters_and_old_companies_a_zero_before(county: MadeCounty) -> None:
    numbers = newest(county.extracts, "companies")["CompanyNumber"]
    assert numbers.str.fullmatch(r"\d{8}|OC3\d{5}").all()
    assert numbers.str.startswith("0").sum() > 100


def test_texts_of_companies_house_are_its_own(county: MadeCounty) -> None:
    rows = newest(county.extracts, "companies")
    assert rows["SICCode.SicText_1"].str.fullmatch(r"\d{5} - .+").all()
    assert "56101 - Licenced restaurants" in set(rows["SICCode.SicText_1"])
    assert set(rows["CompanyStatus"]) == {
        "Active", "Active - Proposal to Strike off", "Liquidation",
    }  # fmt: skip
    assert set(rows["CompanyCategory"]) >= {
        "Private Limited Company",
        "PRI/LTD BY GUAR/NSC (Private, limited by guarantee, no share capital)",
    }
    dormant = rows["SICCode.SicText_1"].eq("99999 - Dormant Company")
    assert dormant.sum() > 20
    assert set(rows.loc[dormant, "Accounts.AccountCategory"]) == {"DORMANT"}
    assert rows["IncorporationDate"].str.fullmatch(r"\d\d/\d\d/\d{4}").all()


def test_a_snapshot_holds_the_companies_that_live_on_its_last_day(county: MadeCounty) -> None:
    truth = county.truth("br_enterprises").dropna(subset="company_number")
    rows = read(county.extracts, "companies")
    for month in MONTHS:
        day = pd.Period(month, freq="M").end_time.normalize()
        lives = truth["born_on"].le(day) & ~truth["died_on"].le(day)
        held = rows.loc[rows["month"].eq(month), "CompanyNumber"]
        assert set(held) == set(truth.loc[lives, "company_number"])
        assert held.is_unique


def test_a_renamed_company_has_its_former_name_from_that_day_on(county: MadeCounty) -> None:
    rows = read(county.extracts, "companies")
    names = rows.groupby("CompanyNumber")["CompanyName"].nunique()
    renamed = rows.loc[rows["CompanyNumber"].isin(names.index[names.eq(2)])]
    assert renamed["CompanyNumber"].nunique() >= 3
    for _, own in renamed.groupby("CompanyNumber"):
        before, after = own.iloc[0], own.iloc[-1]
        assert after["PreviousName_1.CompanyName"] == before["CompanyName"]
        day = pd.to_datetime(after["PreviousName_1.CONDATE"], dayfirst=True)
        first = own.loc[own["CompanyName"].eq(after["CompanyName"]), "month"].iloc[0]
        assert str(day.to_period("M")) == first
    assert newest(county.extracts, "companies")["PreviousName_2.CompanyName"].ne("").sum() >= 5


def test_no_two_companies_are_registered_under_one_name(county: MadeCounty) -> None:
    rows = read(county.extracts, "companies")
    for _, month in rows.groupby("month"):
        assert month["CompanyName"].is_unique


def test_hygiene_ratings_are_in_the_words_of_the_scheme(county: MadeCounty) -> None:
    rows = newest(county.extracts, "food_hygiene")
    assert set(rows["RatingValue"]) >= {"5", "4", "3", "AwaitingInspection", "Exempt"}
    assert set(rows["RatingValue"]) <= {*"012345", "AwaitingInspection", "Exempt"}
    assert {"Restaurant/Cafe/Canteen", "Pub/bar/nightclub", "School/college/university"} < set(
        rows["BusinessType"]
    )
    waiting = rows["RatingValue"].isin(["AwaitingInspection", "Exempt"])
    assert rows.loc[waiting, "RatingDate"].eq("").all()
    assert "Worcester City" in set(rows["LocalAuthorityName"])


def test_a_share_of_rates_accounts_has_no_property_reference(county: MadeCounty) -> None:
    rows = newest(county.extracts, "business_rates")
    assert rows["Uprn"].eq("").mean() == pytest.approx(0.17, abs=0.04)
    units = set(newest(county.extracts, "premises")["Uprn"])
    assert set(rows.loc[rows["Uprn"].ne(""), "Uprn"]) <= units


def test_nobody_lives_in_premises_and_none_is_in_the_gazetteer_of_homes(county: MadeCounty) -> None:
    rows = newest(county.extracts, "premises")
    assert not rows["Class Code"].str.startswith("R").any()
    assert {"CR08", "CR07", "CR06", "CR10", "CI01", "CI03", "CI04", "CO01", "CE03"} < set(
        rows["Class Code"]
    )
    homes = county.delivered("district_councils", "gazetteer")["uprn"]
    assert not set(rows["Uprn"]) & set(homes)
    parents = rows.loc[rows["Parent Uprn"].ne(""), "Parent Uprn"]
    assert len(parents) > 100
    assert set(parents) <= set(rows["Uprn"])


def test_every_record_is_of_one_enterprise_and_site_that_the_truth_knows(
    county: MadeCounty,
) -> None:
    truth = county.truth("br_records")
    assert truth["enterprise_id"].isin(county.truth("br_enterprises")["enterprise_id"]).all()
    assert not truth.duplicated(["dataset", "row_id"]).any()
    sites = county.truth("br_sites").set_index("site_id")["enterprise_id"]
    placed = truth.dropna(subset="site_id")
    assert (placed["site_id"].map(sites) == placed["enterprise_id"]).all()
    for dataset, (partner, key) in PARTNERS.items():
        if dataset != "premises":
            own = truth.loc[truth["dataset"].eq(dataset)]
            assert set(own["partner"]) == {partner}
            # A row whose key was left out on purpose is in the truth and in no file.
            delivered = set(read(county.extracts, dataset)[key])
            assert delivered <= set(own["row_id"])
            assert len(set(own["row_id"]) - delivered) <= 2 + 0.003 * len(own)


def test_what_firms_share_is_true_or_a_band_of_the_truth_or_missing(county: MadeCounty) -> None:
    rows = newest(county.extracts, "workforce").rename(columns={"Workforce Row ID": "row_id"})
    rows = rows.merge(county.truth("br_records"), on="row_id")
    rows["year"] = rows["Year"].astype(int)
    true = county.truth("br_workforce")
    rows = rows.merge(true, on=["enterprise_id", "year"], validate="one_to_one")
    for name in ("employees", "turnover"):
        given, band = rows[name.title()], rows[f"{name.title()} Band"]
        assert (given[given.ne("")].astype(int) == rows.loc[given.ne(""), name]).all()
        low = band[band.ne("")].str.extract(r"^(\d+)")[0].astype(int)
        assert (low <= rows.loc[low.index, name]).all()
        neither = given.eq("") & band.eq("")
        assert given.ne("").any() and band.ne("").any() and neither.any()
    assert sorted(rows["year"].unique()) == [2019, 2020, 2021, 2022, 2023, 2024]
    assert 0.1 < rows["Company Number"].eq("").mean() < 0.6
