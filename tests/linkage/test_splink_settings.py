"""What Splink is told: SQL that decides each level exactly as our own tests do.

DuckDB runs the SQL here; Splink itself is not needed.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.linkage.people import specification, table
from tests.linkage.test_people import SPECIFICATION, recorded, town
from woda_lib.linkage import LinkageError, LinkageModel, LinkageSpec, LinkageWarning, link
from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.compare import Comparer
from woda_lib.linkage.dependence import Dependence
from woda_lib.linkage.errors import SpecificationError
from woda_lib.linkage.sources import gather
from woda_lib.linkage.splink_settings import splink_settings
from woda_lib.linkage.splink_tables import Columns, splink_tables

PAIRS = 200_000


def some_model(spec: LinkageSpec, **changes: Any) -> LinkageModel:
    """A model whose m falls and whose u rises from the best level down, by the same steps."""
    number = np.array([len(comparison.levels) + 1 for comparison in spec.comparisons])
    places = np.arange(number.max())
    exist = places < number[:, None]
    m = np.where(exist, 2.0**places, 0)
    u = np.where(exist, 2.0 ** (number[:, None] - places), 0)
    model = LinkageModel(
        comparisons=tuple(spec.comparisons),
        m=m / m.sum(axis=1, keepdims=True),
        u=u / u.sum(axis=1, keepdims=True),
        h=None,
        prior=0.01,
        household_prior=0.0,
        household=(),
        pairs=1000,
    )
    return replace(model, **changes)


def levels_by_sql(records: pd.DataFrame, spec: LinkageSpec, pairs: Pairs) -> np.ndarray:
    """Decide the levels as Splink would: its CASE over the conditions of the settings."""
    settings = splink_settings(some_model(spec), spec)
    cases = []
    for comparison in settings["comparisons"]:
        best = len(comparison["comparison_levels"]) - 2
        sql, number = "case ", best
        for level in comparison["comparison_levels"]:
            if level["sql_condition"] == "ELSE":
                sql += "else 0 end"
            elif level.get("is_null_level"):
                sql += f"when {level['sql_condition']} then -1 "
            else:
                sql += f"when {level['sql_condition']} then {number} "
                number -= 1
        cases.append(sql)
    names = next(iter(splink_tables(records, spec).values())).column_names
    tables = [each.to_pandas() for each in splink_tables(records, spec).values()]
    everything = pd.concat(tables).sort_values("record")  # noqa: F841  (DuckDB reads it by name)
    chosen = pd.DataFrame({"n": range(len(pairs)), "l": pairs.left, "r": pairs.right})  # noqa: F841
    sides = ", ".join(f'{side}."{name}" as "{name}_{side}"' for name in names for side in "lr")
    found = duckdb.sql(
        f"select {', '.join(cases)} from (select n, {sides} from chosen "
        f"join everything l on l.record = chosen.l join everything r on r.record = chosen.r) "
        f"order by n"
    )
    return np.column_stack([np.asarray(column) for column in zip(*found.fetchall(), strict=True)])


def people_pairs(generator: np.random.Generator) -> tuple[pd.DataFrame, LinkageSpec, Pairs]:
    """A town written down twice; pairs of matches, of relatives, of neighbours, of strangers."""
    people = town(generator)
    hospital = recorded(people, generator, 0.03).assign(patient_id=lambda t: t.index)
    hospital.loc[::9, "nhs_number"] = hospital.loc[::9, "nhs_number"].str.replace("3", "8", n=1)
    names = ["forename", "surname"]
    hospital.loc[::7, names] = hospital.loc[::7, names[::-1]].to_numpy()
    council = recorded(people, generator, 0.35).assign(client_id=lambda t: t.index)
    sector = council["postcode"].str.replace(r"1(..)$", r"2\1", regex=True)
    council["postcode"] = council["postcode"].where(council.index % 11 > 0, sector)
    for start, column in enumerate(["forename", "surname", "postcode", "sex"]):
        council.loc[start::50, column] = None
    spec = LinkageSpec.from_yaml(SPECIFICATION)
    records = gather({"hospital": hospital, "council": council}, spec)
    frames = {"hospital": hospital, "council": council}
    entity = {name: frame["entity_id"].to_dict() for name, frame in frames.items()}
    person = [
        entity[source][one] for source, one in zip(records["source"], records["id"], strict=True)
    ]
    order = np.argsort(person, kind="stable")
    near = [Pairs(order[:-step], order[step:]) for step in (1, 2, 3)]
    stranger = generator.integers(len(records) - 1, size=PAIRS)
    one = np.concatenate([*(pairs.left for pairs in near), stranger])
    other = np.concatenate([*(pairs.right for pairs in near), stranger + 1])
    return records, spec, Pairs(np.minimum(one, other), np.maximum(one, other))


def test_every_level_of_people_is_the_same_in_sql() -> None:
    records, spec, pairs = people_pairs(np.random.default_rng(3))
    ours = Comparer(records, spec).levels(pairs)
    theirs = levels_by_sql(records, spec, pairs)
    assert (theirs != ours).sum(axis=0).tolist() == [0] * 6
    for place, comparison in enumerate(spec.comparisons):  # and every level occurs
        assert set(ours[:, place]) == set(range(-1, len(comparison.levels) + 1))


def test_known_aliases_are_the_same_in_sql() -> None:
    frame = table("""
        id  forename   surname  born        postcode
        1   liz        x        1950-01-01  -
        2   elizabeth  x        1950-01-01  -
        3   beth       x        1950-01-01  -
        4   ann        x        1950-01-01  -
        """)
    forename = {"field": "forename", "levels": ["exact", "alias"]}
    forename["aliases"] = {"liz": "elizabeth", "beth": "elizabeth"}
    spec = specification(sources=[{"name": "a", "id": "id"}], comparisons=[forename])
    records = gather({"a": frame}, spec)
    every = Pairs(*np.triu_indices(4, k=1))
    ours = Comparer(records, spec).levels(every)
    assert ours[:, 0].tolist() == [1, 1, 0, 1, 0, 0]
    assert levels_by_sql(records, spec, every).tolist() == ours.tolist()


def test_a_similarity_that_equals_its_threshold_reaches_it_in_every_engine() -> None:
    # Jaro: 9 of 11 and 9 of 10 letters, one pair exchanged; with its prefix, 23/25 exactly.
    frame = table("""
        id  forename      surname  born        postcode
        1   alford_place  x        1950-01-01  -
        2   aflod_plac    x        1950-01-01  -
        """)
    spec = specification(sources=[{"name": "a", "id": "id"}])
    records = gather({"a": frame}, spec)
    pair = Pairs(np.array([0]), np.array([1]))
    assert Comparer(records, spec).levels(pair)[0, 0] == 2
    assert levels_by_sql(records, spec, pair)[0, 0] == 2


def test_settings_are_plain_data_and_hold_the_parameters() -> None:
    spec = specification()
    settings = some_model(spec).to_splink(spec)
    assert json.loads(json.dumps(settings)) == settings
    assert settings["link_type"] == "link_and_dedupe"
    assert settings["probability_two_random_records_match"] == 0.01
    postcode = settings["comparisons"][3]["comparison_levels"]
    assert [level["label_for_charts"] for level in postcode] == [
        "missing",
        "the same",
        "one slip of the finger apart",
        "in the same sector",
        "in the same district",
        "anything else",
    ]
    assert [level.get("m_probability") for level in postcode[1:]] == pytest.approx(
        [16 / 31, 8 / 31, 4 / 31, 2 / 31, 1 / 31]
    )


@pytest.mark.parametrize(
    ("free", "link_type", "condition"),
    [
        ([False, False], "link_and_dedupe", ""),
        ([True, True], "link_only", ""),
        (
            [False, True],
            "link_and_dedupe",
            " and (l.source_dataset <> r.source_dataset or l.source_dataset not in ('b'))",
        ),
    ],
)
def test_sources_free_of_duplicates(free: list[bool], link_type: str, condition: str) -> None:
    sources = [
        {"name": name, "id": "id", "free_of_duplicates": is_free}
        for name, is_free in zip("ab", free, strict=True)
    ]
    spec = specification(sources=sources)
    settings = splink_settings(some_model(spec), spec)
    assert settings["link_type"] == link_type
    rule = settings["blocking_rules_to_generate_predictions"][1]["blocking_rule"]
    assert rule == 'l."surname" = r."surname" and l."forename" = r."forename"' + condition


def test_names_that_sql_would_refuse_or_confuse() -> None:
    spec = LinkageSpec.from_dict(
        {
            "sources": [{"name": n, "id": "id"} for n in ("O'Brien's list", "o brien s LIST")],
            "fields": [
                {"name": "Größe; drop table", "kind": "category"},
                {"name": "record", "kind": "name"},
                {"name": "Record", "kind": "name"},
                {"name": "2nd", "kind": "name"},
            ],
            "comparisons": [{"field": "record", "levels": ["exact"]}],
            "blocking": [["record", "soundex(Record)"]],
        }
    )  # fmt: skip
    columns = Columns.of(spec)
    assert list(columns.sources.values()) == ["o_brien_s_list", "o_brien_s_list_2"]
    assert list(columns.fields.values()) == [
        "gr_e_drop_table",
        "record_2",
        "record_3",
        "f_2nd",
    ]
    assert list(columns.keys.values()) == ["record_2", "soundex_of_record_3"]


def test_what_splink_cannot_hold_is_said() -> None:
    spec = specification()
    edge = Dependence(2, 3, np.zeros((6, 6)))
    model = some_model(spec)
    household = replace(model, h=model.u, household_prior=0.01, household=("surname",))
    with pytest.warns(LinkageWarning, match="leave out the household class;"):
        household.to_splink(spec)
    with pytest.warns(LinkageWarning, match="among non-matches and the household class;"):
        replace(household, dependence=(edge,)).to_splink(spec)


def test_term_frequency_without_exact_agreement_is_refused() -> None:
    surname = {
        "field": "surname",
        "term_frequency": True,
        "levels": [{"test": "jaro_winkler", "at_least": 0.9}],
    }
    spec = specification(comparisons=[surname])
    with pytest.raises(SpecificationError, match="surname: Splink uses term frequencies of exact"):
        some_model(spec).to_splink(spec)


PEOPLE = table("""
    id  forename  surname  born        postcode
    1   ann       jones    1950-01-01  WR12AB
    2   ann       jones    1950-01-01  WR12AB
    """)


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"backend": "spark"}, "are for engine 'splink', and the engine is 'fast'"),
        ({"engine": "splink", "backend": "postgres"}, "no backend 'postgres'"),
        ({"engine": "splink", "master": "local[2]"}, "is for Spark. Add backend='spark'"),
        ({"engine": "splink", "backend": "spark"}, "Spark needs a place to run"),
    ],
)
def test_choices_that_do_not_fit_together(choices: dict[str, Any], message: str) -> None:
    with pytest.raises(LinkageError, match=message):
        link({"a": PEOPLE, "b": PEOPLE}, specification(), **choices)


@pytest.mark.parametrize(
    ("package", "choices", "extra"),
    [
        ("splink", {}, "splink"),
        ("pyspark", {"backend": "spark", "master": "local[2]"}, "spark"),
    ],
)
def test_a_missing_package_is_named_with_its_extra(
    package: str, choices: dict[str, Any], extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(LinkageError, match=rf"pip install 'woda-workbench\[{extra}\]'"):
        link({"a": PEOPLE, "b": PEOPLE}, specification(), engine="splink", **choices)
