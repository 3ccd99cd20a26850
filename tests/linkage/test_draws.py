"""Alternative linkages are drawn as often as they are likely."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from tests.linkage.people import specification, table
from woda_lib.linkage import LinkageError, link
from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.cluster import VETO, cluster
from woda_lib.linkage.draws import LARGEST, Draws, draw

Odds = dict[tuple[int, int], float]


def drawn(number: int, odds: Odds, n: int = 4000, otherwise: float = -1e3) -> Draws:
    """Draw groupings of records whose pairs have these log2 odds, and all others hopeless ones."""

    def score(pairs: Pairs) -> np.ndarray:
        both = zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
        return np.array([odds.get(pair, otherwise) for pair in both], dtype=float)

    candidates = Pairs(*np.array(list(odds), dtype=np.int64).reshape(-1, 2).T)
    weights = score(candidates)
    linked = weights > 3
    labels = cluster(number, candidates.take(linked), weights[linked], score)
    records = pd.DataFrame({"source": "a", "id": np.arange(number), "entity_id": labels})
    records["entity_id"] = "person-" + records["entity_id"].astype(str)
    probability = 1 / (1 + 2.0 ** -np.clip(weights, -1000, 1000))
    return draw(records, candidates, probability, score, n, seed=5)


def bits(probability: float) -> float:
    return float(np.log2(probability / (1 - probability)))


def shares(draws: Draws) -> dict[str, float]:
    """Return how often each grouping was drawn, groups written as 01|2."""
    _, examples, counts = np.unique(draws.labels, axis=0, return_index=True, return_counts=True)
    return {
        _written(draws[int(example)]): count / len(draws)
        for example, count in zip(examples, counts, strict=True)
    }


def _written(clusters: pd.DataFrame) -> str:
    first = clusters.groupby("entity_id")["id"].transform("min")
    return "|".join("".join(map(str, group)) for _, group in clusters.groupby(first)["id"])


@pytest.mark.parametrize("probability", [0.05, 0.4, 0.7, 0.95])
def test_a_pair_is_together_as_often_as_its_match_probability(probability: float) -> None:
    draws = drawn(3, {(0, 1): bits(probability)})
    error = 4 * np.sqrt(probability * (1 - probability) / len(draws))
    assert draws.together(0, 1) == pytest.approx(probability, abs=error)
    assert draws.together(0, 2) == 0


def test_three_records_are_grouped_by_the_product_of_their_odds() -> None:
    # Odds of 4, 2 and 1/2: five groupings with weights 1, 4, 2, 1/2 and 4 · 2 · 1/2 = 4.
    found = shares(drawn(3, {(0, 1): 2, (1, 2): 1, (0, 2): -1}, n=20_000))
    expected = {"0|1|2": 1, "01|2": 4, "0|12": 2, "02|1": 0.5, "012": 4}
    assert found.keys() == expected.keys()
    for grouping, weight in expected.items():
        assert found[grouping] == pytest.approx(weight / 11.5, abs=0.015)


def test_records_that_cannot_be_one_never_meet() -> None:
    # 0 and 1 are two people of one source; 2 is one of them, the odds being 3 to 1.
    odds = {(0, 2): 20 + bits(0.75), (1, 2): 20 + bits(0.25) + np.log2(1), (0, 1): VETO}
    found = shares(drawn(3, odds))
    ratio = 2 ** (odds[0, 2] - odds[1, 2])
    assert found.keys() == {"02|1", "0|12"}
    assert found["02|1"] == pytest.approx(ratio / (1 + ratio), abs=0.02)


def test_two_certain_pairs_move_together_or_not_at_all() -> None:
    # A chain that moves one record at a time would never cross from one state to the other.
    odds = {(0, 1): 60.0, (2, 3): 60.0} | {(i, j): 0.0 for i in (0, 1) for j in (2, 3)}
    found = shares(drawn(4, odds))
    assert found.keys() == {"01|23", "0123"}
    assert found["0123"] == pytest.approx(0.5, abs=0.03)


def test_planted_truth_lies_within_the_draws() -> None:
    generator = np.random.default_rng(3)
    probability = generator.uniform(0.05, 0.95, 2000)
    true = generator.random(2000) < probability  # each pair is one person this often
    draws = drawn(4000, {(2 * i, 2 * i + 1): bits(p) for i, p in enumerate(probability)}, n=300)
    people = np.array([each["entity_id"].nunique() for each in draws])
    low, high = np.quantile(people, [0.005, 0.995])
    assert low <= 4000 - true.sum() <= high
    spread = np.sqrt((probability * (1 - probability)).sum())
    assert people.std() == pytest.approx(spread, rel=0.15)


def test_what_is_not_in_doubt_is_not_drawn() -> None:
    draws = drawn(4, {(0, 1): 40.0, (2, 3): 0.0})
    assert draws.uncertain.tolist() == [2, 3]
    assert draws.together(0, 1) == 1
    assert draws[0]["entity_id"].tolist()[:2] == ["person-0", "person-0"]


def test_a_large_entity_keeps_its_core_and_doubts_its_fringe() -> None:
    core = 3 * LARGEST
    odds: Odds = dict.fromkeys(combinations(range(core), 2), 30.0)
    odds |= {(record, core): bits(0.7) / core for record in range(core)}
    draws = drawn(core + 1, odds)
    assert draws.together(0, core - 1) == 1
    assert draws.together(0, core) == pytest.approx(0.7, abs=0.03)


def test_a_crowd_is_parted_between_entities_never_within_one() -> None:
    # Forty couples of records in a row, each likely to be one person; neighbours hardly ever.
    odds: Odds = {(i, i + 1): bits(0.95 if i % 2 == 0 else 0.03) for i in range(79)}
    draws = drawn(80, odds)
    for i in range(0, 80, 2):
        assert draws.together(i, i + 1) == pytest.approx(0.95, abs=0.02)


def test_equal_seeds_give_equal_draws_and_names_say_who_stayed() -> None:
    records = table(
        """
        id  forename surname born       postcode
        a1  Mary     Smith   1931-09-20 WR1_2AB
        a2  Mary     Smyth   1931-09-02 -
        a3  Peter    Hill    1922-12-01 DY10_4PQ
        """
    )
    spec = specification(sources=[{"name": "a", "id": "id"}])
    result = link({"a": records}, spec, engine="recordlinkage")
    draws = result.draws(200, seed=1)
    assert len(draws) == 200
    assert list(draws[0]) == ["source", "id", "entity_id"]
    again = result.draws(200, seed=1)
    for one, other in zip(draws, again, strict=True):
        pd.testing.assert_frame_equal(one, other)
    settled = result.clusters.set_index("id")["entity_id"]
    for each in draws:
        assert each.set_index("id")["entity_id"]["a1"] == settled["a1"]
    between = result.explain("a1", "a2")["total"].iloc[-1]
    share = np.mean([each["entity_id"].nunique() == 2 for each in draws])
    assert share == pytest.approx(1 / (1 + 2**-between), abs=0.15)


def test_no_draws_are_refused() -> None:
    with pytest.raises(LinkageError, match="at least 1"):
        drawn(2, {(0, 1): 0.0}, n=0)
