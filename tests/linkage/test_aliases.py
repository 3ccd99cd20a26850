"""Aliases: planted ones are learned, chance teaches none, and every engine knows the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.linkage.people import specification, table
from woda_lib.linkage import LinkageModel, LinkageSpec, SpecificationError, link
from woda_lib.linkage.aliases import are_aliases, knowing, learn_aliases

COMMON = ["mary", "john", "ann", "david", "susan", "peter", "karen", "paul", "emma", "mark"]


def clusters_of(*groups: tuple[str, ...]) -> tuple[pd.DataFrame, np.ndarray]:
    """Records with a forename each, and the number of the group that each stands in."""
    names = [name for group in groups for name in group]
    labels = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return pd.DataFrame({"forename": names}), labels


def learned(*groups: tuple[str, ...]) -> dict[str, tuple[str, int]]:
    """Value to its canonical form, and the clusters that taught it."""
    found = learn_aliases(*clusters_of(*groups), ["forename"])
    return {row.value: (row.alias_of, row.clusters) for row in found.itertuples()}


def typing_errors(number: int, seed: int = 1) -> list[tuple[str, ...]]:
    """Clusters whose two records differ by an error that no other cluster has."""
    generator = np.random.default_rng(seed)
    names = generator.choice(COMMON, number)
    return [(name, f"{name}{chr(97 + place % 26)}{place}") for place, name in enumerate(names)]


def test_a_nickname_that_comes_up_in_many_clusters_is_learned() -> None:
    groups = [("elizabeth", "liz")] * 8 + [("elizabeth", "elizabeth")] * 20 + typing_errors(100)
    assert learned(*groups) == {"liz": ("elizabeth", 8)}


@pytest.mark.parametrize(("times", "is_learned"), [(4, False), (5, True)])
def test_what_few_clusters_hold_is_not_learned(times: int, is_learned: bool) -> None:
    groups = [("elizabeth", "liz")] * times + [("elizabeth",) * 2] * 20 + typing_errors(100)
    assert ("liz" in learned(*groups)) == is_learned


def test_a_cluster_counts_once_however_many_records_it_holds() -> None:
    groups = [("elizabeth", "liz", "elizabeth", "liz", "liz")] * 4 + typing_errors(100)
    assert learned(*groups) == {}


@pytest.mark.parametrize("seed", range(5))
def test_people_joined_by_chance_teach_nothing(seed: int) -> None:
    # Common names meet in dozens of wrong clusters, and no more often than they should.
    generator = np.random.default_rng(seed)
    share = 1 / np.arange(1, 41)
    names = np.array([f"name{chr(97 + place % 26)}{place}" for place in range(40)])
    groups = generator.choice(names, size=(3_000, 2), p=share / share.sum())
    assert learned(*map(tuple, groups)) == {}


@pytest.mark.parametrize("seed", range(5))
def test_the_names_of_a_family_are_no_aliases_of_each_other(seed: int) -> None:
    # Couples and siblings under one roof: each generation has its own fashions, so that Margaret
    # meets John more often than all names of all ages would let her.
    generator = np.random.default_rng(seed)
    fashions = [[f"{name}{born}" for name in COMMON] for born in ("old", "young")]
    share = 1 / np.arange(1, 11)
    groups = [
        tuple(generator.choice(fashions[place % 2], 2, p=share / share.sum()))
        for place in range(2_000)
    ]
    assert learned(*groups) == {}


def test_initials_and_clusters_too_large_to_be_one_entity_teach_nothing() -> None:
    crowd = ("elizabeth", "liz", *(f"name{place}" for place in range(20)))
    assert learned(*[("elizabeth", "e")] * 20, *[crowd] * 20) == {}


def test_two_nicknames_of_one_name_are_aliases_and_no_chain_leads_on() -> None:
    groups = [("elizabeth", "liz")] * 9 + [("elizabeth", "beth")] * 8 + [("bethany", "beth")] * 6
    groups += [(name, name) for name in ("elizabeth", "bethany") for _ in range(30)]
    found = learned(*groups, *typing_errors(200))
    assert found == {"liz": ("elizabeth", 9), "beth": ("elizabeth", 8)}
    forms = {value: form for value, (form, _) in found.items()}
    left = np.array(["liz", "liz", "liz", "ann", "beth"], dtype=object)
    right = np.array(["elizabeth", "beth", "liz", "ann", "bethany"], dtype=object)
    assert are_aliases(left, right, forms).tolist() == [True, True, False, False, False]


def test_what_a_person_gave_is_not_overruled() -> None:
    spec = specification()
    given = spec.comparisons[0].model_copy(update={"aliases": {"liz": "lizzy"}})
    spec = spec.model_copy(update={"comparisons": [given, *spec.comparisons[1:]]})
    taught = pd.DataFrame(
        {"field": "forename", "value": ["liz", "bob"], "alias_of": ["elizabeth", "robert"]}
    )
    assert knowing(spec, taught).comparisons[0].aliases == {"liz": "lizzy", "bob": "robert"}


def test_a_chain_of_aliases_is_refused() -> None:
    comparison = {"field": "forename", "levels": ["exact", "alias"]}
    comparison["aliases"] = {"liz": "beth", "beth": "elizabeth"}
    with pytest.raises(SpecificationError, match="no chain leads from one to the next"):
        specification(comparisons=[comparison])


def registers() -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Two registers of 600 people; one calls every other Elizabeth Liz and Robert Bob."""
    generator = np.random.default_rng(5)
    number = 600
    forenames = generator.choice([*COMMON, "elizabeth", "robert"], number)
    letters = np.array(list("abcdefghklmnoprstvw"))
    surnames = ["".join(row) for row in generator.choice(letters, (number, 6))]
    born = pd.Timestamp("1940-01-01") + pd.to_timedelta(generator.integers(0, 20_000, number), "D")
    people = pd.DataFrame(
        {
            "id": np.arange(number).astype(str),
            "forename": forenames,
            "surname": surnames,
            "born": born.strftime("%Y-%m-%d"),
            "postcode": [f"WR{n % 9 + 1} {n % 7}AB" for n in range(number)],
        }
    )
    short = {"elizabeth": "liz", "robert": "bob"}
    other = people.copy()
    every_other = np.arange(number) % 2 == 0
    other["forename"] = other["forename"].where(~every_other, other["forename"].replace(short))
    # Some of them moved and some are badly written, so that the forename matters.
    moved = np.arange(number) % 3 == 0
    other["postcode"] = other["postcode"].where(~moved, "B1 1AA")
    truth = pd.concat([people[["id"]].assign(source=name) for name in ("a", "b")])
    return {"a": people, "b": other}, truth.assign(entity_id=truth["id"])


def with_aliases() -> LinkageSpec:
    comparisons = [
        each.model_dump(by_alias=True, exclude_none=True) for each in specification().comparisons
    ]
    comparisons[0]["levels"].insert(1, {"test": "alias"})
    return specification(comparisons=comparisons)


def test_both_engines_learn_the_same_and_link_by_it(tmp_path: Path) -> None:
    frames, _ = registers()
    spec = with_aliases()
    fast = link(frames, spec)
    reference = link(frames, spec, engine="recordlinkage")
    assert fast.spec.comparisons[0].aliases == {"liz": "elizabeth", "bob": "robert"}
    assert reference.spec == fast.spec
    pd.testing.assert_frame_equal(fast.links, reference.links)
    pd.testing.assert_frame_equal(fast.clusters, reference.clusters)

    liz = frames["b"].loc[frames["b"]["forename"] == "liz", "id"].iloc[0]
    row = fast.explain(liz, liz, left_source="a", right_source="b").set_index("comparison")
    assert row.loc["forename", "meaning"] == "known aliases of one another"
    assert row.loc["forename", "weight"] > 2

    # A saved model knows them, whoever uses it and under the specification as it was written.
    fast.model.save(tmp_path / "model.json")
    again = link(frames, spec, model=LinkageModel.load(tmp_path / "model.json"))
    pd.testing.assert_frame_equal(again.links, fast.links)
    assert again.spec == fast.spec


def test_aliases_that_a_person_gives_are_known_without_learning() -> None:
    frame = table("""
        id  forename  surname  born        postcode
        1   liz       hart     1950-01-01  WR1_1AA
        2   elizabeth hart     1950-01-01  WR1_1AA
        3   ann       hill     1960-01-01  WR2_1AA
        """)
    comparisons = [
        each.model_dump(by_alias=True, exclude_none=True) for each in with_aliases().comparisons
    ]
    comparisons[0]["aliases"] = {"liz": "elizabeth"}
    spec = specification(comparisons=comparisons, sources=[{"name": "a", "id": "id"}])
    for engine in ("fast", "recordlinkage"):
        explained = link({"a": frame}, spec, engine=engine).explain("1", "2")  # type: ignore[arg-type]
        assert "known aliases of one another" in set(explained["meaning"])


def test_what_is_learned_of_an_alias_is_learned_of_its_form() -> None:
    # Bill is known to stand for William; Billy, as the clusters teach, for Bill.
    comparisons = [
        {"field": "forename", "levels": ["exact", "alias"], "aliases": {"bill": "william"}},
        {"field": "born", "levels": ["exact"]},
    ]
    spec = specification(comparisons=comparisons)
    learned = pd.DataFrame({"field": ["forename"], "value": ["billy"], "alias_of": ["bill"]})
    known = knowing(spec, learned).comparisons[0]
    assert known.aliases == {"bill": "william", "billy": "william"}
    assert type(known).model_validate(known.model_dump(by_alias=True)) == known
