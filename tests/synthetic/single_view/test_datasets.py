"""What datasets of residents and of homes say of the county, read back from the partners' files."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.synthetic.conftest import MadeCounty, drawn_once
from tests.synthetic.reading import read_raw
from tests.synthetic.single_view.small import QUICK
from woda_lib.partners import CONTRACTS
from woda_lib.partners.datasets.notices import NOTICES
from woda_lib.partners.datasets.residents import RESIDENTS
from woda_lib.partners.parsing import BLANKED, parse
from woda_lib.synthetic.canaries import CANARIES
from woda_lib.synthetic.faults import faults_of
from woda_lib.synthetic.single_view.homes import households_on
from woda_lib.synthetic.single_view.units import kinship

DATASETS = [contract.dataset for contract in RESIDENTS]
OF_HOMES = [contract.dataset for contract in NOTICES]


def partner_of(dataset: str) -> str:
    (partner,) = CONTRACTS[dataset].partners
    return partner


def standing(county: MadeCounty, dataset: str) -> pd.DataFrame:
    """What stands of a dataset at the end, with whose row each is."""
    contract = CONTRACTS[dataset]
    people = county.truth("people").query("dataset == @dataset")
    person = people.set_index("local_id")["person_id"]
    rows = county.standing(partner_of(dataset), dataset)
    return rows.assign(person_id=person.loc[rows[contract.handles[-1]]].to_numpy())


@pytest.fixture(scope="module")
def now() -> pd.DataFrame:
    """Who lives in the county when the window closes."""
    world = drawn_once(QUICK, QUICK.seed).single_view.world
    found = households_on(QUICK.as_of, world.homes, world.residents, world.dwellings)
    day = np.full(len(found), QUICK.as_of)
    quintile = world.dwellings["deprivation_quintile"].to_numpy()[found["dwelling"]]
    return found.assign(age=world.ages(found["person_id"].to_numpy(), day), quintile=quintile)


@pytest.mark.parametrize("dataset", [*DATASETS, *OF_HOMES])
def test_rows_keep_the_contract_but_for_the_planted_faults(
    county: MadeCounty, dataset: str
) -> None:
    contract, partner = CONTRACTS[dataset], partner_of(dataset)
    files = sorted((county.extracts / partner).glob(f"{dataset}_*.csv"))
    assert [path.stem[-7:] for path in files] == list(QUICK.shared.labels)
    rows = pd.concat([read_raw(path) for path in files], ignore_index=True)
    text = rows[list(contract.columns)].astype("string")
    typed, unread, _ = parse(text.mask(text == ""), contract)
    month = pd.to_datetime(rows["file"].str.extract(r"_(\d{4}-\d{2})\.csv$")[0] + "-01")
    typed["delivered_on"] = month + pd.offsets.MonthEnd(0)
    wrong = set(unread.loc[~unread["rule"].isin(BLANKED), "position"])
    for rule in contract.rules:
        wrong |= set(np.flatnonzero(~rule.keeps(typed).fillna(True).astype(bool)))
    faults = county.truth("planted_faults").query("partner == @partner and dataset == @dataset")
    places = [
        set(table[["file", "line"]].itertuples(index=False, name=None))
        for table in (rows.loc[sorted(wrong)], faults)
    ]
    assert places[0] == places[1]
    assert set(faults["fault"]) == set(faults_of(dataset))
    assert {"impossible_date", "missing_key"} <= set(faults["fault"])
    assert ("ended_before_started" in set(faults["fault"])) == ("ended_on" in contract.columns)
    contract.schema().validate(typed.drop(index=sorted(wrong)), lazy=True)


@pytest.mark.parametrize("dataset", DATASETS)
def test_everybody_delivered_is_somebody(county: MadeCounty, dataset: str) -> None:
    people = county.truth("people").query("dataset == @dataset")
    assert people["local_id"].is_unique
    delivered = county.delivered(partner_of(dataset), dataset)
    number = CONTRACTS[dataset].handles[-1]
    # Nobody has a number without a row, and no fault is planted in a person's number.
    assert set(delivered[number]) == set(people["local_id"])


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_truth_says_which_property_a_row_means(county: MadeCounty, dataset: str) -> None:
    places = county.truth("sv_places").query("dataset == @dataset").set_index("row_id")["uprn"]
    assert places.index.is_unique
    rows = county.standing(partner_of(dataset), dataset)
    key = CONTRACTS[dataset].key
    meant = rows[key].map(places)
    assert meant.notna().mean() > 0.9
    if "uprn" in rows:
        given = rows["uprn"].ne("") & meant.notna()
        assert 0.98 < (rows["uprn"] == meant)[given].mean() < 1.0


def test_shares_of_the_county_that_each_partner_knows(
    county: MadeCounty, now: pd.DataFrame
) -> None:
    person = {d: set(standing(county, d)["person_id"]) for d in DATASETS}

    def people(dataset: str, among: pd.Series | None = None) -> float:
        some = now if among is None else now[among]
        return float(some["person_id"].isin(person[dataset]).mean())

    def households(dataset: str) -> float:
        known = now["person_id"].isin(person[dataset])
        return float(known.groupby(now["household"]).any().mean())

    assert people("patient_registrations") == pytest.approx(0.76, abs=0.03)
    assert people("community_care") == pytest.approx(0.29, abs=0.03)
    assert people("community_care", now["age"].between(0.1, 4.9)) > 0.98
    assert people("school_census", now["age"].between(5, 15.5)) == pytest.approx(0.96, abs=0.02)
    assert people("care_services") == pytest.approx(0.06, abs=0.01)
    assert people("travel_passes", now["age"] > 66.5) == pytest.approx(0.75, abs=0.03)
    assert people("police_contacts") == pytest.approx(0.08, abs=0.015)
    assert people("support_clients") == pytest.approx(0.04, abs=0.01)
    assert households("benefit_claims") == pytest.approx(0.115, abs=0.02)
    assert households("tenancy_members") == pytest.approx(0.17, abs=0.03)
    assert households("safe_and_well_visits") == pytest.approx(0.06, abs=0.01)
    tax = standing(county, "council_tax_accounts")
    liable = tax["ended_on"].isna().sum() / now["household"].nunique()
    assert liable == pytest.approx(1.5, abs=0.08)
    rows = sum(len(county.delivered(partner_of(d), d)) for d in DATASETS)
    assert rows * 600_000 / QUICK.residents == pytest.approx(2_000_000, rel=0.1)


def test_needs_gather_in_the_same_households_and_areas(
    county: MadeCounty, now: pd.DataFrame
) -> None:
    services = ["care_services", "benefit_claims", "police_contacts", "support_clients"]
    known = pd.DataFrame(
        {
            service: now["person_id"]
            .isin(standing(county, service)["person_id"])
            .groupby(now["household"])
            .any()
            for service in services
        }
    )
    many = known.sum(axis=1).ge(3)
    by_chance = 1 - known.mean()
    p = known.mean()
    of_three = sum(p.drop(service).prod() * by_chance[service] for service in services) + p.prod()
    assert many.mean() > 3 * of_three
    quintile = now.drop_duplicates("household").set_index("household")["quintile"]
    share = many.groupby(quintile.reindex(many.index)).mean()
    assert share[1] > 2.5 * share[5]


def test_whoever_moves_has_a_new_row_under_the_same_number(county: MadeCounty) -> None:
    rows = standing(county, "council_tax_accounts").query("discount != 'empty'")
    rows = rows.sort_values(["liable_person_id", "started_on"], kind="stable")
    again = rows["liable_person_id"].eq(rows["liable_person_id"].shift())
    assert again.mean() > 0.1
    ended = rows["ended_on"].shift()[again]
    gap = (rows.loc[again, "started_on"] - ended).dt.days
    assert (gap == 1).mean() > 0.9


def test_a_claim_has_one_first_named_and_says_what_others_are_to_them(
    county: MadeCounty,
) -> None:
    for dataset, case in (("benefit_claims", "claim_id"), ("tenancy_members", "letting_id")):
        first = standing(county, dataset).query("kinship == 'self'")
        people = first.groupby(case)["person_id"].nunique()
        # A refused row takes the first named with it now and then.
        assert (people == 1).all()
        kin = standing(county, dataset)["kinship"].value_counts(normalize=True)
        assert {"self", "partner", "child", "parent", "other_relative"} <= set(kin.index)
        assert 0.01 < kin.get("", 0.0) < 0.05


def test_kinship_is_to_the_head_or_else_to_whoever_leads() -> None:
    table = pd.DataFrame(
        [
            (1, "child", "2015-01-01", "child"),
            (1, "head", "1980-01-01", "self"),
            (1, "partner", "1982-01-01", "partner"),
            (1, "elder", "1950-01-01", "parent"),
            (2, "partner", "1982-01-01", "self"),
            (2, "child", "2015-01-01", "child"),
            (3, "sharer", "2001-01-01", "not_related"),
            (3, "sharer", "2000-01-01", "self"),
        ],
        columns=["case", "role", "born", "expected"],
    )
    born = pd.to_datetime(table["born"]).to_numpy()

    class Truthful(np.random.Generator):
        """Nobody forgets or errs."""

        def random(self, size: int) -> np.ndarray:  # type: ignore[override]
            return np.ones(size)

    said = kinship(
        table["case"].to_numpy(), table["role"].to_numpy(), born, Truthful(np.random.PCG64(1))
    )
    assert said.tolist() == table["expected"].tolist()


def test_some_people_have_two_numbers_and_most_do_not(county: MadeCounty) -> None:
    people = county.truth("people")
    people = people[people["dataset"].isin(DATASETS)]
    twice = people.groupby("dataset")["person_id"].agg(lambda p: p.duplicated().mean())
    assert twice["patient_registrations"] == pytest.approx(0.022, abs=0.005)
    assert twice["police_contacts"] > 0.04
    assert (twice < 0.12).all()


def test_a_baby_of_the_window_is_with_health_visitors_and_its_parents(
    county: MadeCounty, now: pd.DataFrame
) -> None:
    babies = now[now["age"].between(0.2, 3.9)]
    visited = standing(county, "community_care").query("service == 'health_visiting'")
    # A refused row takes a child with it now and then.
    assert babies["person_id"].isin(visited["person_id"]).mean() > 0.98
    grown = now.groupby("household")["age"].transform("max")
    assert (grown[babies.index] > 16).mean() > 0.99


def test_the_hospital_knows_of_most_deaths(county: MadeCounty) -> None:
    world = drawn_once(QUICK, QUICK.seed).single_view.world
    rows = standing(county, "patient_registrations")
    last = rows.sort_values("started_on").drop_duplicates("index_number", keep="last")
    died = ~np.isnat(world.died[last["person_id"]])
    assert 0.85 < last.loc[died, "died_on"].notna().mean() < 0.99
    assert last.loc[~died, "died_on"].isna().all()


def test_canaries_are_among_the_patients(county: MadeCounty) -> None:
    rows = standing(county, "patient_registrations")
    found = set(rows["surname"]) & {one.surname for one in CANARIES}
    assert len(found) >= 3
