"""Clusters of hand-made graphs."""

from __future__ import annotations

import numpy as np

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.cluster import LARGEST_COMPONENT, VETO, cluster


def clusters(number: int, odds: dict[tuple[int, int], float], otherwise: float = -8) -> list[int]:
    """Cluster records whose pairs have the given log2 odds; links are those above 3 bits."""

    def score(pairs: Pairs) -> np.ndarray:
        both = zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
        return np.array([odds.get(pair, otherwise) for pair in both])

    linked = [pair for pair, weight in odds.items() if weight > 3]
    links = Pairs(*np.array(linked, dtype=np.int64).reshape(-1, 2).T)
    return cluster(number, links, score(links), score).tolist()


def test_records_without_links_stand_alone() -> None:
    assert clusters(3, {}) == [0, 1, 2]


def test_a_pair_is_a_cluster_named_after_its_first_record() -> None:
    assert clusters(4, {(1, 3): 9}) == [0, 1, 2, 1]


def test_a_chain_holds_when_its_ends_are_likely_too() -> None:
    assert clusters(3, {(0, 1): 9, (1, 2): 8, (0, 2): 2}) == [0, 0, 0]


def test_a_chain_breaks_where_its_ends_are_unlikely() -> None:
    # Joining 2 to {0, 1} has mean odds of (4 − 8) / 2 = −2 bits.
    assert clusters(3, {(0, 1): 9, (1, 2): 4}) == [0, 0, 2]


def test_one_wrong_link_does_not_join_two_people() -> None:
    one, other = {(0, 1): 12, (0, 2): 12, (1, 2): 12}, {(3, 4): 12, (3, 5): 12, (4, 5): 12}
    assert clusters(6, one | other | {(2, 3): 6}) == [0, 0, 0, 3, 3, 3]


def test_a_veto_outweighs_any_evidence() -> None:
    # Both 0 and 1 fit 2 very well, but their source holds each person once.
    assert clusters(3, {(0, 2): 30, (1, 2): 29, (0, 1): VETO}) == [0, 1, 0]


def test_an_oversize_component_is_cut_at_higher_odds() -> None:
    half = LARGEST_COMPONENT // 2 + 50
    chain = {(i, i + 1): 20.0 for i in range(2 * half - 1) if i != half - 1}
    labels = clusters(2 * half, chain | {(half - 1, half): 4.0}, otherwise=10)
    assert labels == [0] * half + [half] * half
