"""What is planted among businesses: how long they live, who belongs together, where they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.random import default_rng

from tests.synthetic.conftest import MadeCounty
from woda_lib.synthetic.businesses.lives import YEAR, alive_on, begins, lifetimes
from woda_lib.synthetic.businesses.sectors import NO_PREMISES, SECTORS, USES
from woda_lib.synthetic.businesses.workforce import band
from woda_lib.synthetic.businesses.writing import firm, mixed_case, numbered

DAY = np.datetime64("2025-03-31", "D")


def test_of_a_hundred_births_forty_live_five_years_later() -> None:
    """ONS, Business demography, UK: 2023: 39% of the businesses born in 2018."""
    days = lifetimes(200_000, default_rng(1))
    assert (days > 5 * YEAR).mean() == pytest.approx(0.395, abs=0.006)
    assert (days > YEAR).mean() == pytest.approx(0.93, abs=0.005)


def test_births_make_up_for_deaths() -> None:
    """A stock that lives on a day loses in a year what births at 11.6% of it bring."""
    _, died = alive_on(DAY, 100_000, default_rng(2))
    ended = (died - DAY).astype(int) < YEAR
    assert ended.mean() == pytest.approx(0.105, abs=0.012)
    assert begins(DAY) == np.datetime64("2019-04-01")


def test_every_use_of_premises_has_an_industry_and_the_other_way_round() -> None:
    assert {sector.use for sector in SECTORS} == {*USES, NO_PREMISES}
    assert sum(use.share for use in USES.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("what", "values", "bands"),
    [
        ("employees", [0, 1, 9, 10, 49], ["0", "1-9", "1-9", "10-19", "20-49"]),
        ("employees", [50, 249, 250], ["50-249", "50-249", "250+"]),
        ("turnover", [0, 49, 50, 999, 5000], ["0-49", "0-49", "50-99", "500-999", "5000+"]),
    ],
)  # fmt: skip
def test_bands(what: str, values: list[int], bands: list[str]) -> None:
    assert band(what, np.array(values)).tolist() == bands


def test_names_are_written_as_people_write_them() -> None:
    registered = ["TEME VALLEY JOINERY LIMITED", "RJM ENGINEERING LTD", "O'BRIEN & SONS LLP"]
    mixed = mixed_case(np.array(registered, dtype=object))
    assert mixed.tolist() == [
        "Teme Valley Joinery Limited", "RJM Engineering Ltd", "O'Brien & Sons LLP",
    ]  # fmt: skip
    forms = set(firm(np.repeat(mixed, 500), default_rng(3)))
    assert {
        "Teme Valley Joinery", "Teme Valley Joinery Ltd", "RJM Eng Ltd",
        "RJM Engineering Limited", "O'Brien and Sons LLP",
    } < forms  # fmt: skip
    lines = np.array(["Unit 3, Teme Works", "12", "Unit 3, 12A", ""], dtype=object)
    assert numbered(lines).tolist() == [False, True, True, False]


def test_businesses_are_born_and_die_year_by_year_as_national_statistics_have_it(
    county: MadeCounty,
) -> None:
    """ONS, Business demography, UK: births 11.0% and deaths 10.8% of the active in 2023."""
    firms = county.truth("br_enterprises")
    rates = []
    for year in range(2019, 2025):
        first, last = pd.Timestamp(f"{year}-04-01"), pd.Timestamp(f"{year + 1}-03-31")
        active = firms["born_on"].le(last) & ~firms["died_on"].lt(first)
        born = firms["born_on"].between(first, last)
        died = firms["died_on"].between(first, last)
        rates.append((born.sum() / active.sum(), died.sum() / active.sum()))
    births, deaths = np.mean(rates, axis=0)
    assert births == pytest.approx(0.105, abs=0.015)
    assert deaths == pytest.approx(0.105, abs=0.015)


def test_a_phoenix_is_another_company_at_the_same_premises_with_nearly_the_same_name(
    county: MadeCounty,
) -> None:
    firms = county.truth("br_enterprises").set_index("enterprise_id")
    new = firms.loc[firms["kind"].eq("phoenix")]
    old = firms.loc[new["predecessor_id"]]
    assert len(new) >= 8
    assert (new["company_number"].to_numpy() != old["company_number"].to_numpy()).all()
    assert (new["name"].to_numpy() != old["name"].to_numpy()).all()
    assert (new["sic"].to_numpy() == old["sic"].to_numpy()).all()
    words = [set(a.split()) & set(b.split()) for a, b in zip(new["name"], old["name"], strict=True)]
    assert all(len(shared) >= 2 for shared in words)
    premises = county.truth("br_sites").query("place == 'premises'")
    at = premises.groupby("enterprise_id")["uprn"].agg(set)
    assert all(at[a] & at[b] for a, b in zip(new.index, old.index, strict=True))


def test_groups_share_a_name_and_an_office_and_are_enterprises_of_their_own(
    county: MadeCounty,
) -> None:
    firms = county.truth("br_enterprises")
    sites = county.truth("br_sites").query("is_registered_office")
    groups = firms.dropna(subset="group_name").merge(sites, on="enterprise_id")
    members = groups.loc[groups["kind"].eq("group_member")]
    assert len(members) >= 20
    assert members["company_number"].is_unique
    places = groups.groupby("group_name")[["easting", "northing"]].nunique()
    assert places.max().max() <= 2  # two groups may be called alike
    named = [
        name.startswith(stem.upper())
        for name, stem in zip(members["name"], members["group_name"], strict=True)
    ]
    assert all(named)


def test_offices_are_at_premises_at_homes_and_elsewhere_and_hundreds_at_accountants(
    county: MadeCounty,
) -> None:
    sites = county.truth("br_sites").query("is_registered_office")
    assert sites["enterprise_id"].is_unique
    assert sites["place"].value_counts(normalize=True).min() > 0.04
    assert set(sites["place"]) == {"premises", "home", "outside"}
    outside = sites["place"].eq("outside")
    assert sites["uprn"].isna().equals(outside)
    assert sites["uprn"].value_counts().iloc[0] > 40
    homes = county.delivered("district_councils", "gazetteer")["uprn"]
    assert sites.loc[sites["place"].eq("home"), "uprn"].isin(homes).all()


def test_branch_firms_have_several_sites_and_those_who_trade_have_no_number(
    county: MadeCounty,
) -> None:
    firms = county.truth("br_enterprises")
    sites = county.truth("br_sites").query("place == 'premises'").groupby("enterprise_id").size()
    branches = firms.loc[firms["kind"].eq("branch_firm"), "enterprise_id"].map(sites)
    assert branches.mean() > 2.5
    traders = firms["kind"].isin(["sole_trader", "partnership"])
    assert traders.sum() > 150
    assert firms.loc[traders, "company_number"].isna().all()
    assert firms.loc[~traders & firms["kind"].ne("public"), "company_number"].notna().all()


def test_industry_and_food_are_planted_where_they_are_said_to_be(county: MadeCounty) -> None:
    firms = county.truth("br_enterprises").set_index("enterprise_id")
    sites = county.truth("br_sites").query("place == 'premises'")
    sic = sites["enterprise_id"].map(firms["sic"])
    section = sites["enterprise_id"].map(firms["section"])
    made = section.eq("C")
    food = sic.isin(["56101", "56102", "56103"])
    other = section.isin(["M", "Q", "P"])
    industry = sites["district"].isin(["Redditch", "Kidderminster"])
    visited = sites["district"].isin(["Worcester", "Malvern"])
    assert industry[made].mean() > industry[other].mean() + 0.2
    assert visited[food].mean() > visited[other].mean() + 0.2


def test_a_scale_up_is_one_by_the_numbers(county: MadeCounty) -> None:
    """OECD: ten employees or more at the start, more than 20% a year over three years."""
    work = county.truth("br_workforce")
    before = work.assign(year=work["year"] + 3)[["enterprise_id", "year", "employees", "turnover"]]
    both = work.merge(before, on=["enterprise_id", "year"], how="left", suffixes=("", "_before"))
    known = both["employees_before"].notna()
    assert both["is_scale_up"].notna().equals(known)
    for name in ("employees", "turnover"):
        ratio = both[name] / both[f"{name}_before"]
        grew = both["employees_before"].ge(10) & ratio.gt(1.2**3)
        assert (both.loc[known, f"grew_by_{name}"].astype(bool) == grew[known]).all()
    could = known & both["employees_before"].ge(10)
    share = both.loc[could, "is_scale_up"].astype(bool).mean()
    assert 0.02 < share < 0.12
    only_turnover = both["grew_by_turnover"].fillna(False) & ~both["grew_by_employees"].fillna(
        False
    )
    assert only_turnover.any()
