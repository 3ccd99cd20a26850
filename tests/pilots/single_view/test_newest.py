"""The newest that is said of each record."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from woda_lib.pilots.single_view.newest import Newest
from woda_lib.pilots.single_view.registrations import Registrations

TIMES = st.sampled_from(
    ["1951-03-01", "1969-12-31", "1970-01-01", "2024-05-01 08:00", "2024-05-01 08:01", None]
)
ROWS = st.lists(st.tuples(TIMES, TIMES, st.integers(-1, 3), st.integers(-1, 4)), max_size=30)


def _newest(rows: list[tuple]) -> tuple[Newest, list[np.ndarray]]:
    whose = [f"n{number}" if number >= 0 else None for _, _, number, _ in rows]
    table = pd.DataFrame({"dataset": "one", "local_id": pd.array(whose, dtype="string")})
    known = Registrations.of(table)
    when = [
        pd.Series([row[key] for row in rows], dtype="datetime64[s]").to_numpy() for key in (0, 1)
    ]
    ids = known.ids(table)
    return Newest.of(when, known, np.cumsum([0, *map(len, ids)]).tolist()), when


@given(rows=ROWS)
def test_rows_come_in_the_order_of_their_dates_and_what_is_missing_last(rows):
    newest, when = _newest(rows)
    expected = [place for place in np.lexsort(when) if rows[place][2] >= 0]
    assert newest.rows.tolist() == expected


@given(rows=ROWS, most=st.integers(1, 3))
def test_the_last_different_numbers_of_each_record_come_newest_first(rows, most):
    newest, _ = _newest(rows)
    codes = np.array([row[3] for row in rows], dtype=np.int64)
    found = newest.last_told_apart(codes, most)
    for record in range(newest.number):
        own = newest.rows[newest.record == record][::-1]
        told = list(dict.fromkeys(int(codes[row]) for row in own if codes[row] >= 0))[:most]
        assert found[:, record].tolist() == told + [-1] * (most - len(told))


@given(rows=ROWS)
def test_the_last_row_of_each_record_is_the_last_of_those_that_tell_something(rows):
    newest, _ = _newest(rows)
    told = np.array([row[3] >= 2 for row in rows], dtype=bool)
    last = newest.last(told)
    for record in range(newest.number):
        own = [row for row in newest.rows[newest.record == record] if told[row]]
        assert last[record] == (own[-1] if own else -1)
