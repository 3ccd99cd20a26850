"""Which names may be one name, asked of each two of them once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.pilots.single_view.at_home.said import Codes, Names
from woda_lib.pilots.single_view.best_view.conflicts import are_variants

Flags = npt.NDArray[np.bool_]


def alike(left: Codes, right: Codes, names: Names, field: str, aliases: Mapping[str, str]) -> Flags:
    """Say of each pair whether its names are one, a slip, a part or a short form of one another.

    Parameters
    ----------
    left, right
        Codes of names; −1, which is like nothing, where there is none.
    names
        What the codes stand for.
    field
        ``forename`` or ``surname``.
    aliases
        Forenames that stand for others.
    """
    result = (left == right) & (left >= 0)
    asked = np.flatnonzero(~result & (left >= 0) & (right >= 0))
    low, high = np.minimum(left[asked], right[asked]), np.maximum(left[asked], right[asked])
    which, pairs = pd.factorize(low * len(names) + high)
    one, other = np.asarray(pairs) // len(names), np.asarray(pairs) % len(names)
    result[asked] = are_variants(names[one], names[other], field, aliases)[which]
    return result


def exchanged(
    forename: Codes,
    surname: Codes,
    forename_of: Codes,
    surname_of: Codes,
    names: tuple[Names, Names],
) -> Flags:
    """Say where forename and surname stand in each other's boxes."""
    forenames, surnames = (np.append(each, np.array([None], dtype=object)) for each in names)
    crossed = forenames[forename] == surnames[surname_of]
    crossed &= surnames[surname] == forenames[forename_of]
    told: Flags = crossed.astype(bool) & (forename >= 0) & (forename_of >= 0)
    return told
