"""Concentration and near repeats, against what other software prints and against arithmetic."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from woda_lib.evaluation import concentration, near_repeats

# Ten incomes that the manual of R's package ineq 0.2-13 takes for its examples.
INCOMES = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]

# 188 cases of Burkitt's lymphoma in the West Nile district of Uganda, 1961 to 1975: kilometres and
# days (Williams et al. 1978, British Journal of Cancer 37: 109-122), from libpysal 4.15.
CASES = Path(__file__).with_name("burkitt.csv")


@pytest.fixture(scope="module")
def burkitt() -> pd.DataFrame:
    return pd.read_csv(CASES)


def of_incomes(values: list[int], *, top: float = 0.1):  # type: ignore[no-untyped-def]
    frame = pd.DataFrame({"who": range(len(values)), "income": values})
    return concentration(frame, unit="who", amount="income", top=top, resamples=9)


class TestGini:
    def test_it_is_what_ineq_prints(self) -> None:
        assert of_incomes(INCOMES).curve.gini() == pytest.approx(0.4620911, abs=5e-8)

    def test_it_is_half_the_mean_difference_over_the_mean(self) -> None:
        """Gini's own definition, which no Lorenz curve comes into."""
        apart = [abs(a - b) for a in INCOMES for b in INCOMES]
        assert of_incomes(INCOMES).curve.gini() == pytest.approx(
            np.mean(apart) / (2 * np.mean(INCOMES))
        )

    def test_the_heaviest_tenth_is_the_largest_income(self) -> None:
        found = of_incomes(INCOMES)
        assert found.estimate == pytest.approx(100 * 22261 / sum(INCOMES))


class TestKnox:
    def test_the_pairs_are_those_of_pointpats(self, burkitt: pd.DataFrame) -> None:
        """pointpats 2.6, knox(delta=20, tau=5): stat 13, p 0.197 of 999 permutations."""
        found = near_repeats(burkitt, time="day", x="x", y="y", within=20, windows=[5])
        row = found.table.iloc[0]
        assert row["pairs"] == 13
        # Two counts of permutations of one probability: each errs by 0.013.
        assert row["p_value"] == pytest.approx(0.197, abs=4 * np.hypot(0.013, 0.013))

    def test_the_expectation_is_knoxs(self, burkitt: pd.DataFrame) -> None:
        """Pairs close in space, times pairs close in time, over all pairs; counted one by one."""
        rows = burkitt.to_numpy(float)
        pairs = list(combinations(range(len(rows)), 2))
        near = [np.hypot(*(rows[a, :2] - rows[b, :2])) <= 20 for a, b in pairs]
        soon = [abs(rows[a, 2] - rows[b, 2]) <= 5 for a, b in pairs]
        found = near_repeats(
            burkitt, time="day", x="x", y="y", within=20, windows=[5], permutations=9
        )
        assert found.table["expected"].iloc[0] == pytest.approx(sum(near) * sum(soon) / len(pairs))
        assert found.close == sum(near)

    def test_one_group_of_close_cases_gives_no_interval(self, burkitt: pd.DataFrame) -> None:
        found = near_repeats(
            burkitt, time="day", x="x", y="y", within=20, windows=[5], permutations=9
        )
        assert (found.low, found.high) == (0.0, np.inf)
        assert any("too few for intervals" in sentence for sentence in found.warnings)
