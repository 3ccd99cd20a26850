"""Rows with a birth date at one home: whose they are, and the words that stand for people."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from woda_lib.pilots.single_view.at_home.residents import CROWDED, residents
from woda_lib.pilots.single_view.at_home.rows import Rows
from woda_lib.pilots.single_view.homes.days import NEVER
from woda_lib.pilots.single_view.lettered import lettered

DAYS = [-1, 0, 30, 31, 365, 3650, NEVER]
"""1969-12-31, 1970-01-01, 1970-01-31, 1970-02-01, 1971-01-01, 1979-12-30, and no birth date."""
A_SLIP = {(0, 30), (0, 31), (0, 365)}
"""Pairs of them that are one date but for its day, its month or its year."""


def rows(**columns: list[int]) -> Rows:
    table = pd.DataFrame(columns, dtype=np.int64)
    for name in ("row", "home", "dataset", "number", "nhs", "forename", "surname", "sex"):
        if name not in table:
            table[name] = {"row": np.arange(len(table)), "home": 0, "dataset": 0}.get(name, -1)
    names = np.array([f"name {number}" for number in range(9)], dtype=object)
    homes = names[: int(table["home"].max()) + 1]
    return Rows(table.assign(starts=0, ends=0), names[:1], homes, names, names)


def whose(told: Rows) -> dict[int, int]:
    found = residents(told, {})
    return dict(zip(found["row"].tolist(), found["resident"].tolist(), strict=True))


def test_rows_of_one_home_are_one_persons_by_date_or_by_what_else_they_share_but_for_a_slip():
    rng = np.random.default_rng(4)
    columns = {name: rng.integers(-1, 3, 60) for name in ("number", "nhs", "surname")}
    born = np.array(DAYS)[rng.integers(0, len(DAYS), 60)]
    home = rng.integers(0, 4, 60)
    # Of no forename there are no twins, and no whole names.
    told = whose(rows(**{name: each.tolist() for name, each in columns.items()}, born=born.tolist(),
                      home=home.tolist()))  # fmt: skip
    assert sorted(told) == np.flatnonzero(born < NEVER).tolist()

    same = {row: row for row in told}

    def join(one: int, other: int) -> None:
        least, most = sorted((same[one], same[other]))
        same.update({row: least for row, of in same.items() if of == most})

    for name in ("born", "number", "nhs"):
        keys = born if name == "born" else columns[name]
        ordered = sorted(told, key=lambda row: (home[row], keys[row], born[row]))
        for one, other in pairwise(ordered):
            shared = home[one] == home[other] and keys[one] == keys[other]
            if shared and (name == "born" or keys[one] >= 0):
                days = (int(born[one]), int(born[other]))
                if days[0] == days[1] or days in A_SLIP:
                    join(one, other)
    number = {row: place for place, row in enumerate(sorted(told))}
    assert told == {row: number[of] for row, of in same.items()}
    assert len(set(told.values())) < len({(*pair,) for pair in zip(home, born, strict=True)})


def test_a_name_is_shared_whole_and_a_home_of_many_is_left_out():
    told = whose(rows(born=[0, 30, 0, 30], forename=[1, 1, 2, -1], surname=[1, 1, 1, 1]))
    assert told[0] == told[1] == told[2]  # by name; by date
    assert told[3] == told[0]  # of the date of the second
    crowd = list(range(CROWDED + 1))
    assert whose(rows(born=[*crowd, 0], home=[0] * len(crowd) + [1])) == {CROWDED + 1: 0}
    assert len(whose(rows(born=crowd[1:]))) == CROWDED


def test_a_number_has_a_word_of_letters_of_its_own():
    numbers = np.array([0, 26, 2**64 - 1], dtype=np.uint64)
    assert lettered(numbers).tolist() == ["a" * 16, "a" * 14 + "bk", "p" * 16]
    assert lettered(numbers[:0]).tolist() == []
