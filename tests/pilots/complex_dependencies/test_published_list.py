"""The published list of variables names every field that a feature is made of, and no other."""

from __future__ import annotations

import pytest

from tests.pilots.complex_dependencies.test_asking import CLOCK, DATES, FEATURES, SCHEMA, TABLES
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.pilots.complex_dependencies.spine import spine
from woda_lib.prediction.features import Feature

BUILD = "single_view/1_build:"
STAY = {f"{BUILD}households.{name}" for name in ("starts", "ends", "uprn")}
AGE, SEX = f"{BUILD}persons.age_half_years", f"{BUILD}persons.sex"
OF_KINDS = [each for each in FEATURES.features if each.kind]
WHEN_OVER = {"attendance_terms"}


def rules(feature: Feature) -> list[tuple[str, dict[str, tuple[str, ...]], bool]]:
    """Dataset, conditions, and whether ages are asked of, by the kinds and the headings."""
    kind = FEATURES.kind_of(feature)
    assert kind is not None
    own = [(each.dataset, dict(each.where), False) for each in kind.rows]
    headings = [rule for need in SCHEMA.needs if need.heading == kind.need
                for rule in need.raised_by]  # fmt: skip
    services = [rule for rule in SCHEMA.known_by if rule.because == kind.known_by]
    return own + [(r.dataset, dict(r.where), bool(r.ages)) for r in (*headings, *services)]


def made_of(feature: Feature) -> set[str]:
    kind = FEATURES.kind_of(feature)
    assert kind is not None
    if kind.table:
        return STAY
    fields = set()
    for dataset, where, ages in rules(feature):
        names = {"started_on", *where, *([kind.value] if kind.value else [])}
        of_a_day = kind.of_a_day or dataset in SCHEMA.of_a_day
        if dataset in WHEN_OVER or ("ended_on" in CONTRACTS[dataset].columns and not of_a_day):
            names.add("ended_on")
        fields |= {f"{dataset}.{name}" for name in names}
        fields |= {AGE} if ages else set()
    return fields


@pytest.mark.parametrize("feature", OF_KINDS, ids=lambda each: each.name)
def test_a_feature_of_events_names_what_its_rules_read(feature: Feature) -> None:
    assert set(feature.source) == made_of(feature)


def test_composition_names_every_column_without_which_no_household_can_be_put_together() -> None:
    day = DATES.head(1)
    read = set()
    for table in ("persons", "members", "households"):
        for name in TABLES[table]:
            fewer = {**TABLES, table: TABLES[table].drop(columns=name)}
            try:
                without = spine(fewer, day, as_of=CLOCK).table
            except KeyError:
                read.add(f"{table}.{name}")
            else:
                if not without.equals(spine(TABLES, day, as_of=CLOCK).table):
                    read.add(f"{table}.{name}")
    # Who is who, a group that is no feature, and a kind that is worked out anew.
    for name in ("household_id", "entity_id", "ethnic_group", "kind"):
        read = {each for each in read if not each.endswith(f".{name}")}
    sources = {each.name: set(each.source) for each in FEATURES.features}
    all_of = {f"{BUILD}{each}" for each in read}
    assert sources["kind"] == sources["lone_parent"] == all_of - {f"{BUILD}households.uprn"}
    for name in ("people", "children", "under_fives"):
        assert sources[name] == sources["kind"] - {SEX}
    assert sources["deprivation"] == STAY | {f"{BUILD}properties.deprivation_quintile"}
