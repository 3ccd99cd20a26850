"""Statutory steps of the made-up county: when they come, to whom, and who hears of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from tests.synthetic.conftest import MadeCounty
from tests.synthetic.single_view.small import QUICK
from woda_lib.partners import CONTRACTS
from woda_lib.partners.datasets.notices import NOTICES, STATUTORY
from woda_lib.pilots.single_view.planning.schema import Rule as Heading
from woda_lib.pilots.single_view.planning.schema import read_headings
from woda_lib.synthetic.complex_dependencies.delivering import SERVICE_OF
from woda_lib.synthetic.complex_dependencies.mechanism import SERVICES, two_or_more
from woda_lib.synthetic.complex_dependencies.signs import DATASETS, KNOWN_BY, NEEDS, Rule, Signs
from woda_lib.synthetic.complex_dependencies.steps import index_dates
from woda_lib.synthetic.complex_dependencies.units import Members

HEADINGS = Path(__file__).parents[3] / "parameters" / "single_view" / "headings.yaml"
AGES = {("0-4",): (0, 5), ("0-4", "5-15"): (0, 16), (): (0, 200)}
SERVED_BY = {
    "knows_health": "Community health",
    "knows_care": "Early help or social care",
    "knows_benefits": "Benefits",
    "knows_landlord": "Social landlord",
    "knows_police": "Police",
    "knows_fire": "Fire service",
    "knows_charity": "Charity",
}


def as_heading(name: str, rule: Heading) -> tuple[object, ...]:
    return name, rule.dataset, dict(rule.where), AGES[rule.ages]


def as_sign(name: str, rule: Rule) -> tuple[object, ...]:
    return name, rule.dataset, dict(rule.where), rule.ages


def test_needs_and_who_knows_a_household_are_those_of_the_early_help_schema():
    schema = read_headings(HEADINGS)
    read = [as_heading(need.heading, rule) for need in schema.needs for rule in need.raised_by]
    assert read == [as_sign(rule.says, rule) for rule in NEEDS]
    known = [as_heading(rule.because, rule) for rule in schema.known_by]
    assert known == [as_sign(SERVED_BY[rule.says], rule) for rule in KNOWN_BY]


def test_a_row_counts_from_its_first_day_for_a_year_after_its_last():
    """A contact of 15 May 2023 with the person of the third household, and a claim that is over."""
    spells = {name: nothing() for name in DATASETS}
    spells["police_contacts"].loc[0] = row("2023-05-15", "2023-08-01", offence_group="domestic")
    spells["benefit_claims"].loc[0] = row("2022-01-01", "2023-01-31")
    signs = Signs.of(spells, 12)
    members = Members(np.array([0]), np.array([2]), np.array([0]))

    def on(day: str, name: str) -> float:
        said = signs.on(np.datetime64(day, "D"), members, np.array([30.0]), 3)
        assert (said[name][:2] == 0).all()
        return float(said[name][2])

    days = ("2023-05-14", "2023-05-15", "2024-05-14")
    assert [on(day, "police_contacts") for day in days] == [0, 1, 1]
    assert on("2024-05-15", "police_contacts") == 0
    # What is of a day counts for twelve months from it; what lasted, from its end.
    assert [on(d, "domestic_abuse") for d in ("2023-05-15", "2024-05-16")] == [1, 0]
    assert [on(d, "benefit_open") for d in ("2023-01-31", "2023-02-01")] == [1, 0]
    assert [on(d, "knows_benefits") for d in ("2024-01-31", "2024-02-01")] == [1, 0]


def nothing() -> pd.DataFrame:
    dates = {name: pd.Series(dtype="datetime64[ns]") for name in ("started_on", "ended_on")}
    fields = ("service", "absence", "excluded", "arrears", "antisocial", "part", "offence_group")
    texts = {name: pd.Series(dtype=object) for name in fields}
    return pd.DataFrame({"person_id": pd.Series(dtype=int), **dates, **texts})


def row(started: str, ended: str, **fields: str) -> dict[str, object]:
    dates = {"started_on": pd.Timestamp(started), "ended_on": pd.Timestamp(ended)}
    empty = dict.fromkeys(nothing().columns, "")
    return {**empty, "person_id": 0, **dates, **fields}


def test_index_dates_are_those_of_the_question():
    days = [str(day) for day in index_dates(QUICK.opens, QUICK.as_of)]
    assert days == ["2022-03-31", "2022-09-30", "2023-09-30", "2024-03-31", "2025-03-31"]


def test_two_to_four_households_of_a_hundred_have_two_services_step_in(county: MadeCounty) -> None:
    risks = county.truth("cd_risks")
    known = risks.dropna(subset=["services_recorded"])
    assert known["index_date"].nunique() == 4 and risks["index_date"].nunique() == 5
    for _, of in known.groupby("index_date"):
        happened = of["services_recorded"].ge(2).astype(bool)
        assert 0.02 < happened.mean() < 0.04
        assert 0.80 < roc_auc_score(happened, of["risk"]) < 0.90
        assert of["risk"].mean() == pytest.approx(happened.mean(), rel=0.25)
        assert (of["services_needed"] >= of["services_recorded"]).all()


def test_the_chance_of_two_services_follows_from_their_rates(county: MadeCounty) -> None:
    risks = county.truth("cd_risks")
    for kind, chance in (("recorded", "risk"), ("needed", "risk_of_need")):
        rates = risks[[f"{kind}_{service}" for service in SERVICES]]
        assert np.allclose(two_or_more(rates), risks[chance])


def test_the_same_need_is_recorded_oftener_where_services_know_the_home(county: MadeCounty) -> None:
    risks = county.truth("cd_risks")
    share = (risks["recorded_housing"] / risks["needed_housing"]).round(2)
    assert share.min() == 0.46 and share.max() >= 0.92
    steps = county.truth("cd_steps")
    assert 0.5 < steps["recorded"].mean() < 0.7


def test_no_service_steps_in_again_while_it_goes_on(county: MadeCounty) -> None:
    steps = (
        county.truth("cd_steps").query("recorded").sort_values(["unit", "service", "started_on"])
    )
    again = steps.duplicated(["unit", "service"])
    assert (steps["started_on"] > steps["ended_on"].shift())[again].all()


def test_a_step_goes_to_the_property_where_the_household_lived_that_day(
    county: MadeCounty,
) -> None:
    steps, homes = county.truth("cd_steps"), county.truth("sv_homes")
    lived = steps.merge(homes, on="uprn")
    there = lived["starts"].le(lived["started_on"])
    there &= lived["ends"].isna() | lived["ends"].ge(lived["started_on"])
    found = lived.loc[there].drop_duplicates(["unit", "service", "started_on"])
    assert len(found) / len(steps.drop_duplicates(["unit", "service", "started_on"])) > 0.995


def test_more_reminders_from_october_2024_and_no_more_need(county: MadeCounty) -> None:
    notices = county.standing("district_councils", "arrears_notices")
    monthly = notices["started_on"].dt.to_period("M").value_counts().sort_index()
    before, after = monthly["2023-10":"2024-03"].mean(), monthly["2024-11":"2025-03"].mean()
    assert 2 < after / before < 3
    # Notices go on raising the rate of homelessness duties; what else is needed stays.
    steps = county.truth("cd_steps").query("service != 'housing'")
    monthly = steps["started_on"].dt.to_period("M").value_counts().sort_index()
    before, after = monthly["2023-10":"2024-03"].mean(), monthly["2024-11":"2025-03"].mean()
    assert after == pytest.approx(before, rel=0.1)


@pytest.mark.parametrize("dataset", [contract.dataset for contract in NOTICES])
def test_rows_come_with_the_month_in_which_they_are_entered(
    county: MadeCounty, dataset: str
) -> None:
    (partner,) = CONTRACTS[dataset].partners
    rows = county.delivered(partner, dataset)
    month = pd.PeriodIndex(rows["file"].str[-11:-4], freq="M")
    began = rows["started_on"].dt.to_period("M")
    known = began.notna().to_numpy()
    assert (month[known] >= pd.PeriodIndex(began[known])).all()
    # Everything from before sharing began lies in the first file.
    assert (
        rows.loc[rows["started_on"].lt("2024-02-01"), "file"].str.contains("2024-03").mean() > 0.9
    )


@pytest.mark.parametrize("dataset", STATUTORY)
def test_what_is_recorded_is_what_partners_deliver(county: MadeCounty, dataset: str) -> None:
    (partner,) = CONTRACTS[dataset].partners
    steps = county.truth("cd_steps").query("recorded")
    steps = steps.loc[steps["service"].eq(SERVICE_OF[dataset])]
    delivered = county.standing(partner, dataset)
    # A few are entered after the window closes, and few rows are spoilt by planted faults.
    assert 0.95 * len(steps) < len(delivered) <= len(steps)
    pairs = set(steps[["uprn", "started_on"]].itertuples(index=False, name=None))
    assert set(delivered[["uprn", "started_on"]].itertuples(index=False, name=None)) <= pairs
