"""The residents: older than England, in families that share what families share."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.random import SeedSequence

from woda_lib.identifiers import valid_nhs_numbers
from woda_lib.synthetic.population import make_population
from woda_lib.synthetic.profiles import PROFILES


@pytest.fixture(scope="module")
def drawn() -> tuple[pd.DataFrame, pd.DataFrame]:
    return make_population(PROFILES["quick"], SeedSequence(1))


@pytest.fixture(scope="module")
def residents(drawn: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    return drawn[0]


@pytest.fixture(scope="module")
def dwellings(drawn: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    return drawn[1]


def ages(residents: pd.DataFrame) -> np.ndarray:
    """Ages of those alive when the window opens; some are born in it."""
    years = (pd.Timestamp("2021-04-01") - residents["born"]).dt.days.to_numpy() / 365.25
    return years[years >= 0]


def test_the_county_is_older_than_england(residents: pd.DataFrame) -> None:
    """Census 2021: 23% of Worcestershire is 65 or over, 18.4% of England; 85+ 3.0%, 2.4%."""
    age = ages(residents[residents["county"] == "worcestershire"])
    assert (age >= 65).mean() == pytest.approx(0.23, abs=0.01)
    assert (age >= 85).mean() == pytest.approx(0.033, abs=0.008)
    assert (age < 16).mean() == pytest.approx(0.17, abs=0.015)


def test_there_are_as_many_people_as_the_profile_says(residents: pd.DataFrame) -> None:
    assert residents["county"].value_counts().to_dict() == {
        "worcestershire": pytest.approx(20_000, rel=0.06),
        "severnside": pytest.approx(9_000, rel=0.06),
    }


def test_nhs_numbers_are_valid_and_each_persons_own(residents: pd.DataFrame) -> None:
    assert residents["nhs_number"].is_unique
    assert valid_nhs_numbers(residents["nhs_number"].astype(str).to_numpy()).all()


def test_most_children_share_the_surname_of_the_head_and_some_are_twins(
    residents: pd.DataFrame,
) -> None:
    home = ["county", "household"]
    heads = residents[residents["role"] == "head"].set_index(home)["surname"]
    children = residents[residents["role"] == "child"]
    assert (children["surname"].to_numpy() == heads.loc[children.set_index(home).index]).all()
    twins = children.duplicated([*home, "born"], keep=False)
    assert 0.005 < twins.mean() < 0.05


def test_there_are_care_homes_student_houses_and_three_generations(
    residents: pd.DataFrame,
) -> None:
    kinds = residents["kind"].value_counts(normalize=True)
    assert kinds["care_home"] == pytest.approx(0.011, abs=0.003)
    assert kinds["shared"] > 0.01
    assert kinds["three_generation"] > 0.01
    assert kinds["lone_older"] > 0.05


def test_names_follow_community_and_cohort(residents: pd.DataFrame) -> None:
    punjabi = residents[residents["ethnic_group"] == "H"]
    assert punjabi["surname"].isin(["Singh", "Kaur", "Patel", "Sharma", "Shah"]).mean() > 0.1
    british = residents[residents["ethnic_group"] == "A"]
    year = british["born"].dt.year
    old, young = british[year < 1940]["forename"], british[year > 2006]["forename"]
    assert (old == "Margaret").mean() > 10 * max((young == "Margaret").mean(), 1e-4)


def test_dwellings_lie_in_the_county_with_invented_references(dwellings: pd.DataFrame) -> None:
    here = dwellings[dwellings["county"] == "worcestershire"]
    assert here["district"].isin([f"E0700023{n}" for n in range(4, 10)]).all()
    assert here["easting"].between(350_000, 420_000).all()
    assert here["northing"].between(230_000, 290_000).all()
    assert dwellings["uprn"].is_unique
    assert dwellings["uprn"].between(900_000_000_000, 999_999_999_999).all()
