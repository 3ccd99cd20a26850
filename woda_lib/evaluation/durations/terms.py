"""The terms of a regression of durations: the group first, then case mix, as columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.evaluation.durations.durations import (
    Booleans,
    DurationError,
    Floats,
    Ints,
    name_of,
    read_groups,
    two_groups,
)
from woda_lib.evaluation.frames import numbers, take


@dataclass(frozen=True, eq=False)
class Terms:
    """Columns of numbers, one a term.

    Attributes
    ----------
    table
        (n, terms) named as results name them: "new to old (pathway)", "age", "sex: female".
    place
        (n,) which group each row is in; noughts without a group.
    groups
        Their names, the reference first; "everyone" without.
    """

    table: pd.DataFrame
    place: Ints
    groups: tuple[str, ...]

    @classmethod
    def of(
        cls, frame: pd.DataFrame, *, group: str | None, reference: Any, adjust: Sequence[str]
    ) -> Terms:
        """Read group and case mix.

        Parameters
        ----------
        frame
            One row a person.
        group
            Column of two groups, or None.
        reference
            As in `durations.read_groups`.
        adjust
            Columns of case mix; see `read_levels`.

        Raises
        ------
        DurationError
            If there is neither, there are not two groups, or a term follows from the others.
        """
        place, parts = np.zeros(len(frame), dtype=int), []
        groups: tuple[str, ...] = ("everyone",)
        if group is not None:
            values = take(frame, group=group)["group"]
            place, found = two_groups(values, group, reference=reference)
            groups = tuple(name_of(each) for each in found)
            effect = f"{groups[1]} to {groups[0]} ({group})"
            parts.append(pd.DataFrame({effect: place.astype(float)}))
        table = pd.concat([*parts, read_levels(frame, adjust, "adjust")], axis=1)
        if table.shape[1] == 0:
            raise DurationError(
                "A regression of durations needs a `group` to compare, or columns to `adjust`."
            )
        terms = cls(table, place, groups)
        if np.linalg.matrix_rank(terms.design) < table.shape[1] + 1:
            raise DurationError(
                f"The {table.shape[1]} terms cannot be told apart on these {len(table)} people: "
                "one follows from the others. Leave one of the columns out."
            )
        return terms

    @property
    def design(self) -> Floats:
        """(n, 1 + terms) with an intercept."""
        return np.column_stack([np.ones(len(self.table)), self.table.to_numpy(dtype=float)])

    def refuse_empty_sides(self, ended: Booleans) -> None:
        """Refuse a term on one side of which nobody ended, since its ratio then has no end.

        Raises
        ------
        DurationError
            If there is one.
        """
        for term in self.table:
            values = self.table[term].to_numpy()
            sides = np.unique(values)
            for side in sides if len(sides) == 2 else ():
                if not ended[values == side].any():
                    raise DurationError(
                        f"On one side of the term {term!r} nobody left "
                        f"({int((values == side).sum())} people), so that its ratio has no end. "
                        "Join that group with another, wait for a later extract, or compare "
                        "restricted means."
                    )


def read_levels(frame: pd.DataFrame, columns: Sequence[str] | str, argument: str) -> pd.DataFrame:
    """Return columns to adjust by as numbers.

    Numbers stay as they are; a column of texts, categories or true and false becomes one column for
    each of its values but the first.

    Raises
    ------
    DurationError
        If a value is missing, or a column says the same of everyone.
    FrameError
        If a column does not exist or a number is infinite.
    """
    made: dict[str, Floats] = {}
    for column in [columns] if isinstance(columns, str) else columns:
        values = take(frame, **{argument: column})[argument]
        if values.nunique(dropna=True) < 2:
            raise DurationError(
                f"The column {column!r}, given in `{argument}`, says the same of everyone, so that "
                "nothing can be adjusted by it. Leave it out."
            )
        if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
            place, groups = read_groups(values, column)
            for number, group in enumerate(groups[1:], start=1):
                made[f"{column}: {name_of(group)}"] = (place == number).astype(float)
        else:
            made[column] = numbers(values, column).to_numpy()
    return pd.DataFrame(made, index=range(len(frame)))
