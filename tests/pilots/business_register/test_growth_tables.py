"""The notebook's tables over a register with a truth: what was planted is found, and is safe."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.pilots.business_register.conftest import (
    AS_OF,
    FIRST_SNAPSHOT,
    HISTORY_FROM,
    Register,
)
from tests.pilots.business_register.conftest import marked as laid_out
from woda_lib.disclosure import Rule as DisclosureRule
from woda_lib.disclosure import gate_table
from woda_lib.figures import to_svg
from woda_lib.pilots.business_register import growth

YEAR = 2025
RULE = growth.Rule()


@pytest.fixture(scope="module")
def known(register: Register) -> pd.DataFrame:
    table = growth.lives(
        register.enterprises,
        register.sites,
        register.members,
        as_of=AS_OF,
        first_snapshot=FIRST_SNAPSHOT,
        history_from=HISTORY_FROM,
        mass_registration=20,
    )
    return table.assign(sector=growth.named(table["section"]))


@pytest.fixture(scope="module")
def found(register: Register, known: pd.DataFrame) -> pd.DataFrame:
    return growth.over_spans(register.workforce, known, RULE, last=YEAR)


@pytest.fixture(scope="module")
def marked(register: Register) -> pd.DataFrame:
    return laid_out(register)


def test_what_was_planted_is_found(marked: pd.DataFrame) -> None:
    mistake = marked.loc["The same after 5 years, counted from birth"]
    assert mistake["recovered"] == "no"
    assert mistake["found"] > mistake["planted"] + 25
    rest = marked.drop(index=mistake.name)
    assert len(rest) == 15
    # Of fifteen 95% intervals one in twenty misses by chance.
    assert (rest["recovered"] == "yes").sum() >= 13
    assert rest.loc["Scale-ups, %, with bounds", "recovered"] == "yes"


def test_intervals_are_narrow_enough_to_say_something(marked: pd.DataFrame) -> None:
    row = marked.loc["Scale-ups, %, with its interval"]
    assert 4 < row["planted"] < 15
    assert row["high"] - row["low"] < 8
    births = marked.loc["Companies born in the year to March 2021"]
    assert births["high"] - births["low"] < births["planted"] / 3


def test_bands_that_decide_it_do_not_say_what_is_untrue(
    register: Register, found: pd.DataFrame
) -> None:
    truth = growth.scale_ups(
        register.true_workforce.assign(employees_band=pd.NA, turnover_band=pd.NA),
        growth.true_lives(register.truth, as_of=AS_OF),
        RULE,
        year=YEAR,
    ).set_index("enterprise_id")["scale_up"]
    told = found[found["scale_up"].ne("not determinable") & found["year"].eq(YEAR)]
    true = told["enterprise_id"].map(truth)
    assert len(told) > 500
    assert (told["scale_up"] == true).all()


def test_a_register_without_workforce_says_what_is_missing(register: Register) -> None:
    with pytest.raises(growth.GrowthError, match="delivered `workforce`"):
        growth.last_shared_year(register.workforce.iloc[:0])


def test_every_enterprise_is_counted_once(found: pd.DataFrame) -> None:
    last = found[found["year"] == YEAR]
    assert growth.answers(last)["enterprises"].sum() == len(last)


def test_what_is_missing_is_told_by_what_is_known_of_all(
    register: Register, known: pd.DataFrame
) -> None:
    living = known[growth.alive(known, AS_OF)]
    table = growth.who_shares(living, register.sites, register.workforce, year=YEAR)
    everyone = table.iloc[0]
    assert everyone["enterprises"] == len(living)
    assert everyone["percent"] == pytest.approx(45, abs=3)  # half share, nine years in ten
    assert (table.groupby("by")["enterprises"].sum() == len(living)).all()


def test_a_sum_that_one_firm_makes_up_is_withheld(register: Register, known: pd.DataFrame) -> None:
    giant = register.workforce.copy()
    at = giant.index[
        giant["year"].eq(YEAR)
        & giant["employees"].notna()
        & giant["enterprise_id"].isin(known.loc[known["district"] == "Redditch", "enterprise_id"])
    ][0]
    giant.loc[at, "employees"] = 1_000_000
    table, behind = growth.sums(known, giant, by="district", year=YEAR)
    gated = gate_table(
        table, DisclosureRule(), name="sums", counts=["enterprises"], contributions=behind
    )
    hidden = gated.withheld.set_index(table["group"])["employees"]
    assert hidden["Redditch"]
    assert gated.checks["dominance"] == 1
    assert not gated.withheld["turnover_thousands"].any()


def test_rules_change_the_share_as_they_must(register: Register, known: pd.DataFrame) -> None:
    some = known.head(3_000)
    shared = register.workforce[register.workforce["enterprise_id"].isin(some["enterprise_id"])]
    table = growth.by_other_rules(shared, some, RULE, last=YEAR).set_index("rule")
    usual = table.loc["As the parameters say"]
    assert usual["percent"] == table.loc["Growth of employees", "percent"]
    assert table.loc["More than 10% a year (European Union 2014)", "percent"] >= usual["percent"]
    inside = (table["least"] <= table["percent"]) & (table["percent"] <= table["most"])
    assert inside.all()


def _spans(growers: dict[str, int], *, near_before: bool = False) -> pd.DataFrame:
    """A hundred enterprises a district, of which so many are scale-ups in a span."""
    rows = [
        (f"{district}{number}", district, year, number < ups)
        for district, ups in growers.items()
        for number in range(100)
        for year in (2024, 2025)
    ]
    table = pd.DataFrame(rows, columns=["enterprise_id", "district", "year", "grows"])
    up = table["grows"] & table["year"].eq(2025)
    near = table["grows"] & table["year"].eq(2024) & near_before
    said = {True: "yes", False: "no"}
    return table.assign(
        section="C", eligible="yes", exact=True, scale_up=up.map(said), near=near.map(said)
    )


def test_a_district_where_more_grow_is_named_and_none_by_chance() -> None:
    found = _spans({"Redditch": 30, "Worcester": 10, "Wychavon": 10})
    assert growth.who_differs(growth.where_more_grow(found)) == (
        "Redditch differs from the rest beyond chance"
    )
    alike = growth.where_more_grow(_spans(dict.fromkeys(("Redditch", "Worcester", "Wychavon"), 10)))
    assert growth.who_differs(alike) == (
        "none of 4 sectors and districts differs from the rest beyond chance"
    )


def test_who_was_near_before_it_was_a_scale_up_is_counted_once() -> None:
    found = _spans({"Redditch": 100, "Worcester": 10}, near_before=True)
    table = growth.where_more_grow(found).set_index("group")
    assert table["growing"].to_dict() == {"Redditch": 100, "Worcester": 10, "C Manufacturing": 110}
    assert (table["growing"] <= table["can_be_told"]).all()


def test_near_is_the_same_measure_planted_and_found(register: Register) -> None:
    # Whoever tells every number is found as it is planted.
    truly = register.true_workforce
    bands = pd.Series(pd.NA, index=truly.index, dtype="string")
    shared = truly.astype({"employees": "Int64", "turnover": "Int64"}).assign(
        employees_band=bands, turnover_band=bands
    )
    row = laid_out(register._replace(workforce=shared)).loc["Near, %"]
    assert row["found"] == pytest.approx(row["planted"], abs=0.3)
    assert row["low"] < row["found"] < row["high"]


def test_enterprises_for_ten_thousand_of_working_age() -> None:
    rates = pd.DataFrame(
        {"group": ["Redditch", "Not known"], "active": [500, 9], "births": [50, 1]}
    )
    people = pd.DataFrame(
        {
            "year": [2023, 2024, 2024, 2024],
            "district": ["Redditch"] * 4,
            "age_band": ["16-24", "16-24", "25-44", "85+"],
            "residents": [1, 4_000, 6_000, 900],
        }
    )
    found = growth.per_resident(rates, people)
    assert found["active_per_10000"].tolist()[0] == 500
    assert found["births_per_10000"].tolist()[0] == 50
    assert np.isnan(found["active_per_10000"].tolist()[1])


def test_the_answer_says_when_too_few_share(known: pd.DataFrame, found: pd.DataFrame) -> None:
    few = found.assign(eligible="not determinable", scale_up="not determinable")
    shared = pd.DataFrame({"percent": [12.0], "low": [11.0], "high": [13.0]})
    year = growth.rates_of_a_year(known, YEAR)
    values = growth.values_of(
        growth.growing(few), growth.bounds(few), year, (np.nan,) * 3, shared, fewest=5
    )
    assert set(values) == {"birth_rate", "death_rate", "workforce_known"}
    said = growth.headline(values, growth.growing(few), "", fewest=5)
    assert said.startswith("Of hardly any employer can it be told")


def test_the_answer_withholds_a_share_of_fewer_than_the_agreement_lets_be_shown(
    found: pd.DataFrame,
) -> None:
    table = growth.growing(found)
    for scale_ups, said in ((0, "None of the employers"), (4, "Fewer than five of the employers")):
        table.loc[0, "scale_ups"] = scale_ups
        assert growth.headline({}, table, "", fewest=5).startswith(said)


@pytest.mark.parametrize("narrow", [False, True])
def test_pictures_are_drawn_at_both_widths(
    known: pd.DataFrame, found: pd.DataFrame, narrow: bool
) -> None:
    _, curve, _ = growth.naive_and_right(known, as_of=AS_OF)
    companies = known[known["seen_by"] == "companies"]
    for picture in (
        growth.shares_with_bounds(growth.growing(found), measure="Scale-ups, %"),
        growth.survival_curves(growth.survival_of_both(known, as_of=AS_OF)),
        growth.births_a_year(
            growth.births_by_year(companies, curve, range(2020, 2026), as_of=AS_OF)
        ),
    ):
        assert "<svg" in to_svg(picture, narrow=narrow)
