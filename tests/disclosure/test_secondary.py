"""No withheld cell follows from its margins: proved with a linear program of the tests' own.

`attack` knows the table as a reader does who also knows every shown count *before* rounding: it
takes the margins as equations, the withheld cells as unknowns that are not negative, and asks
linprog for the least and the most that each can be.
"""

import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from woda_lib.disclosure import Rule, gate_table
from woda_lib.disclosure.quietly import quietly

RULE = Rule(threshold=5, rounding=5)


def attack(counts: np.ndarray, withheld: np.ndarray) -> dict[tuple[int, int], tuple[float, float]]:
    """What can be worked out of a table whose last row and column are totals.

    Parameters
    ----------
    counts, withheld : ndarray, shape (n, m)
    """
    n, m = counts.shape
    unknown = [tuple(place) for place in np.argwhere(withheld)]
    equations, known = [], []
    lines = [[(r, c) for c in range(m)] for r in range(n)] if m > 1 else []
    lines += [[(r, c) for r in range(n)] for c in range(m)] if n > 1 else []
    for line in lines:
        signs = dict.fromkeys(line[:-1], 1.0) | {line[-1]: -1.0}
        equations.append([signs.get(cell, 0.0) for cell in unknown])
        known.append(-sum(s * counts[cell] for cell, s in signs.items() if not withheld[cell]))
    found = {}
    for place, cell in enumerate(unknown):
        goal = np.zeros(len(unknown))
        goal[place] = 1.0
        ends = []
        for sign in (1, -1):
            solved = linprog(sign * goal, A_eq=equations, b_eq=known, bounds=(0, None))
            ends.append(sign * solved.fun if solved.status == 0 else np.inf)
        found[cell] = (ends[0], ends[1])
    return found


def with_margins(inside: np.ndarray) -> pd.DataFrame:
    frame = pd.DataFrame(inside, columns=[f"c{place}" for place in range(inside.shape[1])])
    frame["total"] = frame.sum(axis=1)
    frame.loc[len(frame)] = frame.sum()
    frame.insert(0, "ward", [*(f"Ward {n}" for n in range(len(inside))), "Total"])
    return frame


def check(frame: pd.DataFrame, gated) -> None:
    counts = frame.drop(columns="ward").to_numpy(float)
    withheld = gated.withheld.drop(columns="ward").to_numpy(bool)
    small = (counts > 0) & (counts < RULE.threshold)
    assert withheld[small].all()
    for cell, (low, high) in attack(counts, withheld).items():
        assert high - low >= RULE.threshold - 1e-6, cell
        if small[cell]:
            assert low <= 1e-6, cell
            assert high >= RULE.threshold - 1e-6, cell


@pytest.mark.parametrize(
    "inside",
    [
        [[20, 30], [40, 3]],  # one small cell takes a rectangle
        [[20, 30, 3], [40, 50, 60], [70, 80, 90]],
        [[1, 2], [3, 4]],  # nothing but small cells: a total must go too
        [[3, 30, 12], [25, 2, 33], [21, 18, 4]],
        [[0, 0, 3], [0, 0, 20], [30, 0, 0]],  # noughts may have to be withheld
        [[12, 0], [0, 3]],
        [[4]],
        [[2, 6, 4]],  # one row
    ],
)
def test_what_is_withheld_of_a_table_with_margins_cannot_be_worked_out(inside):
    frame = with_margins(np.array(inside))
    gated = gate_table(frame, RULE, name="t")
    check(frame, gated)


def test_one_small_cell_of_a_two_way_table_costs_three_more():
    frame = with_margins(np.array([[20, 30, 40], [50, 3, 60], [70, 80, 90]]))
    gated = gate_table(frame, RULE, name="t")
    assert gated.withheld_cells == 4
    assert gated.checks == {"threshold": 1, "secondary": 3}
    assert not gated.withheld.iloc[-1].any()
    assert not gated.withheld["total"].any()


def test_the_cheapest_cells_are_chosen():
    #                     A     B     C   total          the smallest ones that form a rectangle
    inside = [[3, 10, 200], [300, 11, 400], [12, 13, 500]]
    gated = gate_table(with_margins(np.array(inside)), RULE, name="t")
    withheld = gated.withheld.drop(columns="ward").to_numpy()[:3, :3]
    assert np.argwhere(withheld).tolist() == [[0, 0], [0, 1], [2, 0], [2, 1]]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda rows: st.integers(1, 4).flatmap(
            lambda columns: st.lists(
                st.lists(st.integers(0, 30), min_size=columns, max_size=columns),
                min_size=rows,
                max_size=rows,
            )
        )
    )
)
def test_no_table_with_margins_gives_a_withheld_cell_away(inside):
    frame = with_margins(np.array(inside))
    check(frame, gate_table(frame, RULE, name="t"))


def test_a_large_table_is_protected_as_well():
    draw = np.random.default_rng(20260101)
    frame = with_margins(draw.poisson(12, (40, 8)))
    check(frame, gate_table(frame, RULE, name="t"))


def test_the_same_table_is_always_withheld_in_the_same_way():
    frame = with_margins(np.random.default_rng(1).poisson(8, (6, 5)))
    first, second = (gate_table(frame, RULE, name="t").withheld for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize("label", ["Total", "All wards", "Overall", "Both sites", None, "", "Avon"])
def test_a_total_is_recognised_by_its_label_by_its_blank_or_by_arithmetic(label):
    frame = pd.DataFrame({"ward": ["Arrow", "Teme", "Leam", label], "people": [20, 3, 40, 63]})
    gated = gate_table(frame, RULE, name="t")
    assert gated.withheld["people"].tolist() == [True, True, False, False]


def test_a_total_that_looks_like_nothing_of_the_kind_is_declared():
    frame = pd.DataFrame({"ward": ["Arrow", "Worcs"], "people": [3, 3], "seen": [0, 0]})
    plain = gate_table(frame, RULE, name="t").withheld["people"]
    assert plain.tolist() == [True, True]
    frame = pd.DataFrame({"ward": ["Arrow", "Teme", "Worcs"], "people": [23, 12, 35]})
    gated = gate_table(frame, RULE, name="t", totals=["Worcs"])
    assert gated.frame["people"].tolist() == [25, 10, 35]


def test_groups_that_overlap_do_not_add_up_and_nothing_follows():
    frame = pd.DataFrame({"reason": ["bed", "care", "Total"], "people": [3, 30, 31]})
    assert gate_table(frame, RULE, name="t").withheld["people"].tolist() == [True, False, False]


def test_subtotals_of_a_hierarchy_are_margins_too():
    rows = [
        # site   ward        people  is withheld
        ("North", "Arrow", 20, True),
        ("North", "Teme", 3, True),
        ("North", "Total", 23, False),
        ("South", "Leam", 30, False),
        ("South", "Severn", 40, False),
        ("South", "Total", 70, False),
        ("Total", "Total", 93, False),
    ]
    frame = pd.DataFrame([row[:3] for row in rows], columns=["site", "ward", "people"])
    gated = gate_table(frame, RULE, name="t")
    assert gated.withheld["people"].tolist() == [row[3] for row in rows]


def test_a_hidden_subtotal_does_not_follow_from_the_grand_total():
    rows = [
        ("North", "Arrow", 3),
        ("North", "Total", 3),
        ("South", "Leam", 30),
        ("South", "Total", 30),
        ("West", "Severn", 40),
        ("West", "Total", 40),
        ("Total", "Total", 73),
    ]
    frame = pd.DataFrame(rows, columns=["site", "ward", "people"])
    withheld = gate_table(frame, RULE, name="t").withheld["people"].tolist()
    assert withheld[:2] == [True, True]
    # Another site goes with it, or else what both are part of.
    assert withheld[2:] in (
        [True, True, False, False, False],
        [False, False, True, True, False],
        [False, False, False, False, True],
    )


def test_blocks_that_sort_the_same_people_fill_each_others_gaps():
    rows = [
        ("age", "under 65", 30),
        ("age", "65 to 84", 67),
        ("age", "85 and over", 3),
        ("sex", "male", 41),
        ("sex", "female", 59),
    ]
    frame = pd.DataFrame(rows, columns=["by", "group", "people"])
    withheld = gate_table(frame, RULE, name="t").withheld["people"].tolist()
    assert withheld == [True, False, True, False, False]


def test_a_column_that_is_the_sum_of_others_is_a_margin_whatever_its_name():
    frame = pd.DataFrame(
        {"ward": ["Arrow", "Teme"], "men": [3, 20], "women": [20, 30], "people": [23, 50]}
    )
    withheld = gate_table(frame, RULE, name="t").withheld
    assert withheld["men"].tolist() == [True, False]
    assert withheld["women"].tolist() == [True, False]
    assert not withheld["people"].any()


def test_nothing_that_a_solver_prints_past_python_is_seen(capfd):
    def solve(number):
        os.write(1, b"HighsMipSolverData")
        return number + 1

    assert quietly(solve, 1) == 2
    os.write(1, b"after\n")
    assert capfd.readouterr().out == "after\n"
