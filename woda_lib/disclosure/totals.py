"""Which cells of a table are sums of others: what an attacker would subtract from.

Rows are recognised as totals by their labels (*Total*, *All*, a blank where others have a name), by
what the analyst declares, and by arithmetic: a row that equals the sum of its group's others is its
total, whatever it is called. Columns likewise. A label's blocks that each classify the same people
(by age, by sex) have sums in common, and one block's gap can be filled from another.

An equation holds only where the numbers say so: groups that overlap do not add up, and nothing
follows from their total by subtraction.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

_TOTAL = re.compile(
    r"^\W*((grand|sub|over) ?-?)?(totals?|all|sum|overall|everyone|everybody|anyone|both|"
    r"together|combined)\b|\b(total|combined)\W*$",
    re.IGNORECASE,
)
_NO_CHANCE = 10
"""A sum of a part of a table is taken for a total from here on; smaller ones are often chance."""

_MOST_COLUMNS = 9
"""Columns among which every subset is tried as the parts of another."""


@dataclass(frozen=True)
class Equation:
    """Cells whose signed sum is nought: parts with +1, their total with -1.

    Cells are numbered along rows: ``row * columns + column``, among columns of counts.

    Attributes
    ----------
    plus, minus : tuple of int
    named : bool
        Whether a label or the analyst says that it is a total, and not arithmetic alone.
    """

    plus: tuple[int, ...]
    minus: tuple[int, ...]
    named: bool = False

    @property
    def cells(self) -> tuple[int, ...]:
        """All cells that it speaks of."""
        return self.plus + self.minus


def equations_of(
    labels: pd.DataFrame, values: np.ndarray, columns: Sequence[Hashable], totals: Iterable[str]
) -> list[Equation]:
    """Return every equation that holds between a table's counts.

    Parameters
    ----------
    labels : DataFrame, shape (n, k)
        The columns that name a row.
    values : ndarray, shape (n, m)
        The true counts; NaN where there is none.
    columns : sequence of m hashables
        The headings of the counts.
    totals : iterable of str
        Labels and headings that are declared to be totals.
    """
    declared = {str(total).strip().lower() for total in totals}
    is_total = np.array(
        [[_says_total(cell, declared) for cell in row] for row in labels.to_numpy(dtype=object)],
        dtype=bool,
    ).reshape(len(labels), labels.shape[1])
    is_total |= _blank_among_names(labels)
    found = [*_labelled_rows(labels, is_total, values), *_summing_rows(labels, is_total, values)]
    found += _blocks(labels, is_total, values)
    found += _summing_columns(values, [_says_total(column, declared) for column in columns])
    unique: dict[tuple[frozenset[int], frozenset[int]], Equation] = {}
    for equation in found:
        sides = sorted((equation.plus, equation.minus))
        key = (frozenset(sides[0]), frozenset(sides[1]))
        if key not in unique or equation.named:
            unique[key] = equation
    return list(unique.values())


def total_rows(equations: Iterable[Equation], columns: int) -> set[int]:
    """Return the rows that are the total of other rows."""
    rows = set()
    for equation in equations:
        if len(equation.minus) == 1:
            total = equation.minus[0] // columns
            if all(cell // columns != total for cell in equation.plus):
                rows.add(total)
    return rows


def _says_total(label: object, declared: set[str]) -> bool:
    return isinstance(label, str) and (
        label.strip().lower() in declared or _TOTAL.search(label) is not None
    )


def _blank_among_names(labels: pd.DataFrame) -> np.ndarray:
    """What pandas' margins by roll-up leave: no label where the other rows have one."""
    texts = labels.astype("string")
    blank = (texts.isna() | texts.apply(lambda c: c.str.strip().eq(""))).to_numpy(bool)
    return np.asarray(blank & (~blank).any(axis=0, keepdims=True))


def _labelled_rows(
    labels: pd.DataFrame, is_total: np.ndarray, values: np.ndarray
) -> list[Equation]:
    """Each total is the sum of the rows that have a name where it has none, and else its labels."""
    found = []
    texts = labels.astype(str).to_numpy(dtype=object)
    for row in np.flatnonzero(is_total.any(axis=1)):
        summed = np.flatnonzero(is_total[row])
        for size in range(1, len(summed) + 1):
            for over in combinations(summed, size):
                rest = [place for place in range(labels.shape[1]) if place not in over]
                same = (texts[:, rest] == texts[row, rest]).all(axis=1)
                same &= (is_total[:, rest] == is_total[row, rest]).all(axis=1)
                parts = np.flatnonzero(same & ~is_total[:, list(over)].any(axis=1))
                found += _row_equations(int(row), parts, values, named=True)
    return found


def _summing_rows(labels: pd.DataFrame, is_total: np.ndarray, values: np.ndarray) -> list[Equation]:
    """Rows that equal the sum of the others of their group, or of the rows just above."""
    found = []
    plain = np.flatnonzero(~is_total.any(axis=1))
    texts = labels.astype(str).to_numpy(dtype=object)
    groups = [plain]
    for size in range(1, labels.shape[1]):
        for by in combinations(range(labels.shape[1]), size):
            keys = ["\x1f".join(row) for row in texts[plain][:, list(by)]]
            groups += [plain[places] for places in _alike(keys)]
    filled = np.nan_to_num(values)
    for group in groups:
        if len(group) < 3:
            continue
        sums = filled[group].sum(axis=0)
        for row in group[(2 * filled[group] == sums).all(axis=1)]:
            if len(group) < len(plain) and filled[row].max(initial=0) < _NO_CHANCE:
                continue
            found += _if_telling(int(row), group[group != row], values)
    start, running = 0, np.zeros(values.shape[1])
    for place, row in enumerate(plain):
        sums = place - start >= 2 and (filled[row] == running).all()
        if sums and filled[row].max(initial=0) >= _NO_CHANCE:
            found += _if_telling(int(row), plain[start:place], values)
            start, running = place + 1, np.zeros(values.shape[1])
        else:
            running = running + filled[row]
    return found


def _alike(keys: Sequence[str] | np.ndarray) -> list[np.ndarray]:
    """The places of each key, in the order in which keys first occur."""
    codes, found = pd.factorize(np.asarray(keys, dtype=object))
    order = np.argsort(codes, kind="stable")
    return np.split(order, np.searchsorted(codes[order], np.arange(1, len(found))))


def _if_telling(row: int, parts: np.ndarray, values: np.ndarray) -> list[Equation]:
    """Two rows of noughts add up to anything's nought, which says nothing."""
    if ((np.nan_to_num(values[parts]) > 0).sum(axis=0) >= 2).any():
        return _row_equations(row, parts, values, named=False)
    return []


def _row_equations(
    row: int, parts: np.ndarray, values: np.ndarray, *, named: bool
) -> list[Equation]:
    width = values.shape[1]
    found = []
    for column in range(width):
        there = [part for part in parts if not np.isnan(values[part, column])]
        total = values[row, column]
        if there and not np.isnan(total) and values[there, column].sum() == total:
            plus = tuple(int(part) * width + column for part in there)
            found.append(Equation(plus, (int(row) * width + column,), named))
    return found


def _blocks(labels: pd.DataFrame, is_total: np.ndarray, values: np.ndarray) -> list[Equation]:
    """Blocks of one label with the same sums and no other label in common.

    Each sorts the same people in its own way, as by age and by sex.
    """
    found = []
    plain = np.flatnonzero(~is_total.any(axis=1))
    width = values.shape[1]
    texts = labels.astype(str).to_numpy(dtype=object)
    for label in range(labels.shape[1] if labels.shape[1] > 1 else 0):
        blocks = [plain[places] for places in _alike(texts[plain, label])]
        blocks = [block for block in blocks if len(block) > 1]
        others = [place for place in range(labels.shape[1]) if place != label]
        names = [{tuple(row) for row in texts[block][:, others]} for block in blocks]
        sums = [np.nan_to_num(values[block]).sum(axis=0) for block in blocks]
        for one, other in combinations(range(len(blocks)), 2):
            if (sums[one] != sums[other]).any() or sums[one].max(initial=0) < _NO_CHANCE:
                continue
            if not names[one].isdisjoint(names[other]):
                continue
            for column in range(width):
                plus, minus = (
                    tuple(
                        int(row) * width + column
                        for row in blocks[place]
                        if not np.isnan(values[row, column])
                    )
                    for place in (one, other)
                )
                found.append(Equation(plus, minus))
    return found


def _summing_columns(values: np.ndarray, named: Sequence[bool]) -> list[Equation]:
    """Columns that equal the sum of two or more others in every row."""
    width = values.shape[1]
    filled = np.nan_to_num(values)
    found = []
    for total in range(width):
        others = [c for c in range(width) if c != total and filled[:, c].any()]
        if not filled[:, total].any():
            continue
        for parts in _subsets(others):
            if not (filled[:, list(parts)].sum(axis=1) == filled[:, total]).all():
                continue
            if len(values) == 1 and not named[total] and len(parts) < len(others):
                continue  # in a single row some numbers always add up
            for row in range(len(values)):
                there = [row * width + c for c in parts if not np.isnan(values[row, c])]
                if there and not np.isnan(values[row, total]):
                    cell = row * width + total
                    found.append(Equation(tuple(there), (cell,), named[total]))
    return found


def _subsets(columns: list[int]) -> Iterable[tuple[int, ...]]:
    if len(columns) > _MOST_COLUMNS:
        return [tuple(columns)]
    return [parts for size in range(2, len(columns) + 1) for parts in combinations(columns, size)]
