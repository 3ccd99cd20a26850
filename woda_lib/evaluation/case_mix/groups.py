"""Which of two groups is compared with which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.evaluation.case_mix.errors import CaseMixError

FEWEST_PEOPLE = 5


@dataclass(frozen=True, eq=False)
class Groups:
    """A column of two groups, read.

    Attributes
    ----------
    compared
        (people,) true in the group compared.
    names
        Of the reference group and of the group compared.
    """

    compared: NDArray[np.bool_]
    names: tuple[str, str]

    @classmethod
    def of(cls, groups: pd.Series, *, column: str, reference: Any) -> Groups:
        """Read a column.

        Raises
        ------
        CaseMixError
            If a group is missing, there are not two, one has hardly anybody, or it is not clear
            which one is the reference.
        """
        if groups.isna().any():
            raise CaseMixError(
                f"The group {column!r} is missing in {int(groups.isna().sum())} rows. Leave them "
                "out, and report how many there were."
            )
        values = list(groups.unique())
        if len(values) != 2:
            raise CaseMixError(
                f"The column {column!r} holds {len(values)} groups, and two are compared. Keep the "
                "rows of two groups, or make a column that is true for one and false for others."
            )
        if reference is None:
            if not set(values) <= {0, 1}:
                raise CaseMixError(
                    f"Say which value of {column!r} is the `reference` that the other group is "
                    "compared with."
                )
            reference = next(value for value in values if value == 0)
        elif reference not in values:
            raise CaseMixError(f"The `reference` is no value of the column {column!r}.")
        compared = (groups != reference).to_numpy(dtype=bool)
        if min(compared.sum(), (~compared).sum()) < FEWEST_PEOPLE:
            raise CaseMixError(
                f"One of the two groups in {column!r} has fewer than {FEWEST_PEOPLE} people, which "
                "is too few to compare."
            )
        other = next(value for value in values if value != reference)
        return cls(compared, (_name(reference, column), _name(other, column)))


def _name(value: Any, column: str) -> str:
    if isinstance(value, bool | np.bool_):
        return column if value else f"not {column}"
    return f"{column} {value}" if isinstance(value, int | float | np.number) else str(value)
