"""The made-up gazetteer, how addresses are written, and the population it is compared with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.random import SeedSequence, default_rng

from woda_lib.partners import CONTRACTS
from woda_lib.synthetic.population import make_population
from woda_lib.synthetic.profiles import get_profile
from woda_lib.synthetic.single_view.gazetteer import gazetteer_delivery
from woda_lib.synthetic.single_view.lines import given_uprns, written_lines
from woda_lib.synthetic.single_view.places import KINDS, draw_places
from woda_lib.synthetic.single_view.population import population_delivery, true_population

QUICK = get_profile("quick")
SHARED = QUICK.shared
Drawn = tuple[pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    residents, dwellings = make_population(QUICK, SeedSequence(QUICK.seed).spawn(6)[0])
    return residents, draw_places(QUICK, residents, dwellings, QUICK.seed)


@pytest.fixture(scope="module")
def places(drawn: Drawn) -> pd.DataFrame:
    return drawn[1]


@pytest.fixture(scope="module")
def rows(places: pd.DataFrame) -> pd.DataFrame:
    return gazetteer_delivery(QUICK, places, SHARED, QUICK.seed).rows


@pytest.fixture(scope="module")
def standing(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop_duplicates("lpi_key", keep="last")


def written(places: pd.DataFrame, dataset: str, on: str = "2024-06-01") -> pd.DataFrame:
    """Each property once, as a dataset writes it."""
    n = len(places)
    day = np.full(n, np.datetime64(on, "D"))
    at = places.index.to_numpy()
    return written_lines(places, at, day, np.arange(n), dataset, default_rng(5))


def test_every_kind_of_property_is_there_and_a_few_are_missing(
    places: pd.DataFrame, standing: pd.DataFrame
) -> None:
    assert set(places["kind"]) == set(KINDS)
    known = set(standing["uprn"])
    listed = places["uprn"].isin(known)
    assert listed.equals(places["listed"])
    assert 0.98 < listed.mean() < 1
    assert places.groupby("kind")["listed"].mean()["caravan"] < listed.mean()


def test_a_property_has_one_approved_address(standing: pd.DataFrame) -> None:
    approved = standing.loc[standing["logical_status"].eq("1")]
    assert approved["uprn"].is_unique
    assert approved["ended_on"].isna().all()
    planned = standing.loc[standing["logical_status"].eq("6")]
    assert planned["building"].str.startswith("Plot").all()
    others = standing.loc[standing["logical_status"].isin(["3", "8"]), "uprn"]
    assert others.isin([*approved["uprn"], *planned["uprn"]]).all()


def test_flats_and_pitches_have_a_parent_in_the_same_street(standing: pd.DataFrame) -> None:
    approved = standing.loc[standing["logical_status"].eq("1")]
    children = approved.loc[approved["parent_uprn"].notna()]
    both = children.merge(approved, left_on="parent_uprn", right_on="uprn", suffixes=("", "_up"))
    assert len(both) == len(children) > 0
    assert both["sub_building_up"].isna().all()
    assert both["building"].eq(both["building_up"]).all()
    assert both["street"].eq(both["street_up"]).all()
    assert set(both["class_code"]) == {"RD06", "RD01"}


def test_a_renamed_street_has_its_old_name_until_the_day(
    places: pd.DataFrame, standing: pd.DataFrame
) -> None:
    renamed = places.loc[places["listed"] & places["renamed_on"].notna()]
    one = renamed.iloc[0]
    ways = standing.loc[standing["uprn"].eq(one["uprn"])].set_index("logical_status")
    assert one["old_street"] in set(ways.loc[["8"], "street"])
    assert ways.loc["1", "street"] == one["street"]
    assert one["renamed_on"] in set(ways.loc[["8"], "ended_on"])


def test_what_changed_in_the_last_year_is_delivered_again(rows: pd.DataFrame) -> None:
    twice = rows.loc[rows["lpi_key"].duplicated(keep=False)].sort_values("lpi_key", kind="stable")
    assert twice["logical_status"].tolist() == ["1", "8"] * (len(twice) // 2)
    assert len(twice) > 0
    assert twice["ended_on"].isna().tolist() == [True, False] * (len(twice) // 2)


def test_columns_are_those_of_the_contracts(rows: pd.DataFrame) -> None:
    assert list(rows.columns) == list(CONTRACTS["gazetteer"].columns)
    required = [n for n, c in CONTRACTS["gazetteer"].columns.items() if c.required]
    assert rows[required].notna().all().all()


def test_the_same_seed_draws_the_same(drawn: Drawn, rows: pd.DataFrame) -> None:
    places = drawn[1]
    again = gazetteer_delivery(QUICK, places, SHARED, QUICK.seed).rows
    pd.testing.assert_frame_equal(again, rows)
    other = gazetteer_delivery(QUICK, places, SHARED, QUICK.seed + 1).rows
    assert not other["lpi_key"].equals(rows["lpi_key"])


def test_a_careless_partner_writes_worse_than_a_careful_one(places: pd.DataFrame) -> None:
    careful, careless = (
        written(places, name) for name in ("council_tax_accounts", "support_clients")
    )
    whole = places["postcode"].str.replace(" ", "", regex=False).to_numpy()
    right = [
        np.mean(rows["postcode"].str.replace(" ", "", regex=False).to_numpy() == whole)
        for rows in (careful, careless)
    ]
    assert right[0] > right[1] + 0.03
    assert careless["address"].isna().mean() > careful["address"].isna().mean()
    assert careful["address"].dropna().str.isupper().all()


def test_nothing_of_a_place_is_written_where_there_is_none(places: pd.DataFrame) -> None:
    rows = written(places, "police_contacts")
    nowhere = rows["uprn"].isna()
    assert 0 < nowhere.mean() < 0.03
    assert rows.loc[nowhere, "postcode"].isna().all()
    said = rows.loc[nowhere, "address"].dropna().str.lower()
    assert said.isin(["no fixed abode", "nfa", "of no fixed address", "sofa surfing"]).all()
    assert (rows["uprn"].to_numpy() == places["uprn"].to_numpy())[~nowhere].all()


def test_flats_rooms_and_pitches_are_written_in_many_ways(places: pd.DataFrame) -> None:
    line = written(places, "travel_passes")["address"].fillna("")
    kind = places["kind"].to_numpy()
    flat, pitch, care = (line[kind == one] for one in ("flat", "caravan", "care_home"))
    for way in ("Flat ", "Apartment ", "/"):
        assert flat.str.contains(way, regex=False).mean() > 0.05
    for way in ("Pitch ", "Plot ", "Caravan "):
        assert pitch.str.contains(way, regex=False).any()
    several = [written(places, name)["address"] for name in ("community_care", "school_census")]
    rooms = pd.concat([care, *(lines[kind == "care_home"] for lines in several)])
    assert rooms.str.contains(r"R(?:oo)?m \d+", regex=True).any()


def test_before_a_street_was_renamed_it_is_written_by_its_old_name(places: pd.DataFrame) -> None:
    renamed = places.loc[places["renamed_on"].notna()]
    before = written(renamed, "council_tax_accounts", on="2012-01-01")["address"].fillna("")
    after = written(renamed, "council_tax_accounts", on="2025-03-31")["address"].fillna("")
    old = renamed["old_street"].str.rsplit(" ", n=1).str[0].str.upper()
    found = [
        np.mean([name in line for name, line in zip(old, lines, strict=True)])
        for lines in (before, after)
    ]
    assert found[0] > 0.95
    assert found[1] < 0.10


def test_given_references_are_missing_or_wrong_as_often_as_their_partner_errs(
    places: pd.DataFrame,
) -> None:
    at = np.repeat(places.index.to_numpy(), 5)
    for dataset, missing in (("council_tax_accounts", 0.06), ("tenancy_members", 0.03)):
        given = pd.Series(given_uprns(places, at, dataset, default_rng(1)), dtype=object)
        listed = places["listed"].loc[at].to_numpy()
        assert given[~listed].isna().all()
        assert given[listed].isna().mean() == pytest.approx(missing, abs=0.004)
        true = places["uprn"].loc[at].reset_index(drop=True)
        wrong = given.notna() & given.ne(true)
        assert 0 < wrong.mean() < 0.006
        assert given[wrong].isin(places["uprn"]).all()


def test_estimates_are_near_the_people_who_truly_live_there(drawn: Drawn) -> None:
    residents, places = drawn
    here = residents.loc[residents["dwelling"].isin(places.index)]
    homes = pd.DataFrame(
        {
            "person_id": here.index,
            "dwelling": here["dwelling"],
            "starts": here["born"],
            "ends": here["died"],
        }
    )
    rows = population_delivery(homes, residents, places, SHARED, 1).rows
    assert rows.groupby("year").size().to_dict() == {2022: 96, 2023: 96, 2024: 96}
    true = true_population(homes, residents, places, np.datetime64("2024-06-30", "D"))
    of_2024 = rows.loc[rows["year"].eq(2024), "residents"].sum()
    assert of_2024 == pytest.approx(true["residents"].sum(), rel=0.02)
    exact = rows.loc[rows["year"].eq(2024), "residents"].to_numpy() == true["residents"].to_numpy()
    assert exact.mean() < 0.5


def test_population_counts_the_living_where_they_live_on_the_day() -> None:
    homes = pd.DataFrame(
        [
            (0, 7, "2010-01-01", None),
            (1, 7, "2010-01-01", "2020-01-01"),  # left
            (1, 8, "2020-01-02", None),  # for another district
            (2, 7, "2010-01-01", "2021-05-05"),  # died
            (3, 9, "2010-01-01", None),  # not in the county
        ],
        columns=["person_id", "dwelling", "starts", "ends"],
    ).astype({"starts": "datetime64[s]", "ends": "datetime64[s]"})
    residents = pd.DataFrame(
        {
            "born": pd.to_datetime(["1950-01-01", "2016-01-01", "1930-01-01", "1980-01-01"]),
            "female": [True, False, True, True],
        }
    )
    places = pd.DataFrame({"district": ["Malvern", "Redditch"]}, index=[7, 8])
    true = true_population(homes, residents, places, np.datetime64("2024-06-30", "D"))
    some = true.loc[true["residents"].gt(0)]
    assert some.to_numpy().tolist() == [["Malvern", "65-74", "F", 1], ["Redditch", "5-15", "M", 1]]
    assert len(true) == 2 * 8 * 2
