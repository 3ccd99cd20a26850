"""The model: weights as arithmetic, and parameters that EM recovers."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from tests.linkage.people import specification
from woda_lib.linkage import LinkageModel, LinkageSpec, LinkageWarning
from woda_lib.linkage.em import fit
from woda_lib.linkage.fellegi_sunter import Patterns


def two_comparisons(**changes: Any) -> LinkageSpec:
    comparisons = [
        {"field": "surname", "levels": ["exact", {"test": "jaro_winkler", "at_least": 0.9}]},
        {"field": "born", "levels": ["exact"]},
    ]
    return specification(comparisons=comparisons, **changes)


def hand_made(**changes: Any) -> LinkageModel:
    parameters: dict[str, Any] = {
        "comparisons": tuple(two_comparisons().comparisons),
        "m": np.array([[1 / 16, 3 / 16, 12 / 16], [1 / 8, 7 / 8, 0]]),
        "u": np.array([[15 / 16, 3 / 64, 1 / 64], [31 / 32, 1 / 32, 0]]),
        "h": None,
        "prior": 1 / 1025,
        "household_prior": 0.0,
        "household": (),
        "pairs": 1025,
    }
    return LinkageModel(**parameters | changes)


def test_weights_are_logarithms_of_m_over_u() -> None:
    levels = np.array([[2, 1], [1, 1], [0, 0], [-1, 1]], dtype=np.int8)
    assert hand_made().weights(levels) == pytest.approx(
        np.array(
            [
                [np.log2(48), np.log2(28)],  # (12/16) / (1/64), (7/8) / (1/32)
                [2, np.log2(28)],  # (3/16) / (3/64) = 4
                [np.log2(1 / 15), np.log2(4 / 31)],
                [0, np.log2(28)],  # a missing value is no evidence
            ]
        )
    )


def test_probability_is_bayes_rule() -> None:
    # Prior odds of 1 to 1024 are −10 bits: ten bits of evidence make them even, twelve make 4 to 1.
    assert hand_made().probability(np.array([0.0, 10.0, 12.0])) == pytest.approx(
        [1 / 1025, 0.5, 0.8]
    )


def test_a_household_takes_off_what_it_explains_as_well() -> None:
    model = hand_made(
        h=np.array([[1 / 16, 3 / 16, 12 / 16], [31 / 32, 1 / 32, 0]]),  # surname as in a match
        household=("surname",),
        prior=1 / 1025,
        household_prior=1 / 1025,
    )
    levels = np.array([[2, 0], [-1, -1]], dtype=np.int8)
    # Rivals: 1023 of 1024 strangers at 1, one household at 48 times that.
    expected = [-np.log2((1023 + 48) / 1024), 0]
    assert model.household_weight(levels) == pytest.approx(expected)
    # The surname is 8 times rarer than most: the household explains it 8 times better, too.
    frequency = np.array([[3.0, 0.0], [0.0, 0.0]])
    expected = [-np.log2((1023 + 48 * 8) / 1024), 0]
    assert model.household_weight(levels, frequency) == pytest.approx(expected)


def test_table_lists_levels_best_first() -> None:
    table = hand_made().table()
    assert table["level"].tolist() == [2, 1, 0, 1, 0]
    assert table["weight"].tolist() == pytest.approx(
        [np.log2(48), 2, np.log2(1 / 15), np.log2(28), np.log2(4 / 31)]
    )


def test_patterns_count_each_vector_once() -> None:
    levels = np.array([[0, 1], [2, -1], [0, 1], [0, 0]], dtype=np.int8)
    patterns = Patterns.count(levels)
    assert patterns.levels[patterns.where].tolist() == levels.tolist()
    assert sorted(patterns.counts) == [1, 1, 2]
    assert patterns.tally(patterns.counts, (2, 3)).tolist() == [[3, 0, 1], [1, 2, 0]]


def draw(generator: np.random.Generator, probabilities: np.ndarray, number: int) -> np.ndarray:
    """Draw comparison vectors, one column a comparison, a tenth of the values missing."""
    columns = [generator.choice(len(row), size=number, p=row) for row in probabilities]
    levels = np.column_stack(columns).astype(np.int8)
    levels[generator.random(levels.shape) < 0.1] = -1
    return levels


M = np.array([[0.05, 0.15, 0.8], [0.1, 0.2, 0.7], [0.02, 0.08, 0.9], [0.15, 0.15, 0.7]])
U = np.array([[0.97, 0.02, 0.01], [0.95, 0.03, 0.02], [0.99, 0.005, 0.005], [0.9, 0.08, 0.02]])


def four_comparisons(**changes: Any) -> LinkageSpec:
    levels = ["exact", {"test": "jaro_winkler", "at_least": 0.9}]
    coded = ["exact", "one_edit"]
    comparisons = [
        {"field": "forename", "levels": levels},
        {"field": "surname", "levels": levels},
        {"field": "born", "levels": coded},
        {"field": "postcode", "levels": coded},
    ]
    return specification(comparisons=comparisons, **changes)


def test_em_recovers_planted_m_u_and_prior() -> None:
    generator = np.random.default_rng(7)
    everything = np.concatenate([draw(generator, M, 4_000), draw(generator, U, 396_000)])
    blocked = (everything == 2).any(axis=1)  # candidates agree exactly on something
    model = fit(
        Patterns.count(everything[blocked]),
        Patterns.count(everything[generator.integers(400_000, size=200_000)]),
        pairs=400_000,
        records=20_000,
        spec=four_comparisons(),
    )
    assert model.converged
    assert model.u == pytest.approx(U, abs=0.002)
    assert model.prior == pytest.approx(0.01, rel=0.1)
    # Blocking hides the matches that agree exactly on nothing; 0.97 of them do on something.
    assert model.m == pytest.approx(M, abs=0.03)


# They share surname and postcode, and are as unlike as strangers otherwise.
RELATIVES = np.where(np.array([[False], [True], [False], [True]]), M, U)


def fitted_among_relatives(h: np.ndarray, household: list[str]) -> LinkageModel:
    """Fit to 2,000 matches and five times as many pairs of relatives among strangers."""
    generator = np.random.default_rng(8)
    everything = np.concatenate(
        [draw(generator, M, 2_000), draw(generator, h, 10_000), draw(generator, U, 388_000)]
    )
    blocked = (everything == 2).any(axis=1)
    return fit(
        Patterns.count(everything[blocked]),
        Patterns.count(everything[generator.integers(400_000, size=200_000)]),
        pairs=400_000,
        records=20_000,
        spec=four_comparisons(household=household),
    )


def test_em_tells_households_from_matches() -> None:
    model = fitted_among_relatives(RELATIVES, ["surname", "postcode"])
    assert model.expected_matches == pytest.approx(2_000, rel=0.15)
    # Relatives who agree on one of the two fields only cannot be told from strangers.
    assert 5_000 < model.household_prior * 400_000 < 10_000
    assert model.m[0] == pytest.approx(M[0], abs=0.05)


def test_relatives_bear_one_forename_no_less_often_than_strangers() -> None:
    model = fitted_among_relatives(RELATIVES, ["surname", "postcode"])
    assert model.h is not None
    assert model.h[0] == pytest.approx(U[0], abs=0.001)
    # Of the matches 0.02 have two birth dates; whoever is beyond that is two namesakes of one home.
    assert model.m[2, 0] < 0.04


def test_relatives_may_bear_one_forename_more_often_than_strangers() -> None:
    h = RELATIVES.copy()
    h[0] = [0.95, 0.02, 0.03]
    model = fitted_among_relatives(h, ["surname", "postcode"])
    assert model.h is not None
    assert model.h[0] == pytest.approx(h[0], abs=0.005)


def test_what_is_no_name_may_agree_less_often_among_relatives() -> None:
    h = np.where(np.array([[False], [True], [False], [False]]), M, U)
    h[3] = [0.92, 0.08, 0.0]
    model = fitted_among_relatives(h, ["surname"])
    assert model.h is not None
    assert model.h[3, 2] < model.u[3, 2] / 2


def warned_of(matches: np.ndarray, records: int, **changes: Any) -> list[str]:
    generator = np.random.default_rng(9)
    alike = Patterns.count(
        np.concatenate([draw(generator, matches, 5_000), draw(generator, U, 50_000)])
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", LinkageWarning)
        fit(alike, alike, pairs=55_000, records=records, spec=four_comparisons(**changes))
    return [str(each.message) for each in caught if "may have learned" in str(each.message)]


def test_a_model_that_may_have_learned_households_says_so() -> None:
    of_one_home = np.where(np.array([[True], [False], [False], [False]]), U, M)
    (warning,) = warned_of(of_one_home, records=500)
    assert "matching pairs among 500 records" in warning
    assert not warned_of(of_one_home, records=50_000)


def test_many_records_of_each_entity_are_no_reason_to_doubt() -> None:
    assert not warned_of(M, records=500)


def test_where_nothing_tells_people_of_one_home_apart_many_matches_are_doubted() -> None:
    kinds = {"forename": "name", "surname": "name", "born": "phone", "postcode": "postcode"}
    fields = [{"name": name, "kind": kind} for name, kind in kinds.items()]
    assert warned_of(M, records=500, fields=fields)


def test_fields_by_which_nobody_is_told_apart_are_said_to_be_so() -> None:
    generator = np.random.default_rng(9)
    common = np.tile([0.4, 0.2, 0.4], (4, 1))  # of strangers two in five agree on each
    everybody = Patterns.count(draw(generator, common, 50_000))
    with pytest.warns(LinkageWarning, match="agree on all that is compared, and the model expects"):
        fit(everybody, everybody, pairs=50_000, records=320, spec=four_comparisons())


def test_no_candidates_leave_a_model_that_links_nothing() -> None:
    nothing = Patterns.count(np.empty((0, 4), dtype=np.int8))
    chance = Patterns.count(draw(np.random.default_rng(1), U, 1_000))
    model = fit(nothing, chance, pairs=1_000, records=50, spec=four_comparisons())
    assert model.expected_matches < 1e-6


def test_no_more_matches_are_apart_than_the_specification_says() -> None:
    # Relatives of one home often bear one name, and EM would take them for one with two dates.
    h = np.where(np.array([[False], [True], [False], [True]]), M, U)
    h[0] = [0.6, 0.1, 0.3]
    generator = np.random.default_rng(9)
    everything = np.concatenate(
        [draw(generator, M, 2_000), draw(generator, h, 10_000), draw(generator, U, 388_000)]
    )
    everything[:, 0] = np.maximum(everything[:, 0], 0)
    blocked = Patterns.count(everything[(everything == 2).any(axis=1)])
    chance = Patterns.count(everything[generator.integers(400_000, size=200_000)])
    spec = four_comparisons(household=["surname", "postcode"])
    held = [
        each.model_copy(update={"most_apart": 0.03}) if each.field == "born" else each
        for each in spec.comparisons
    ]
    known = spec.model_copy(update={"comparisons": held})
    free, bound = (
        fit(blocked, chance, pairs=400_000, records=20_000, spec=each) for each in (spec, known)
    )
    assert free.m[2, 0] > 0.04  # and 0.02 of the matches are
    assert bound.m[2, 0] <= 0.03 + 1e-12
    assert bound.m[2].sum() == pytest.approx(1)
    assert bound.expected_matches == pytest.approx(2_000, rel=0.15)
