"""The check digit of an NHS number, for every room that meets one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_WEIGHTS = np.arange(10, 1, -1)


def valid_nhs_numbers(texts: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Say which texts are NHS numbers whose check digit is right.

    The first nine digits are weighted 10 to 2 and summed; eleven less the remainder of division by
    eleven is the tenth, where eleven is written 0 and ten is never issued.

    Parameters
    ----------
    texts : array-like of str, shape (n,)
        Digits without spaces; no missing values.

    Returns
    -------
    ndarray of bool, shape (n,)

    References
    ----------
    NHS Data Model and Dictionary, *NHS NUMBER*.
    """
    written = _written(np.asarray(texts, dtype=object))
    ten = pc.match_substring_regex(written, "^[0-9]{10}$")
    of_ten = written.filter(ten)
    valid = np.array(ten, dtype=bool)
    if len(of_ten):
        letters = np.frombuffer(of_ten.buffers()[2], dtype=np.uint8)[: 10 * len(of_ten)]
        digits = letters.reshape(-1, 10).astype(int) - ord("0")
        check = 11 - digits[:, :9] @ _WEIGHTS % 11
        valid[valid] = np.where(check == 11, 0, check) == digits[:, 9]
    return valid


def _written(values: npt.NDArray[np.object_]) -> pa.LargeStringArray:
    """Return texts as Arrow's; nothing in place of one of other letters where one is torn."""
    try:
        return pa.array(values, type=pa.large_string())
    except UnicodeEncodeError:  # half a letter, which some export tore
        return pa.array([v if v.isascii() else "" for v in values], type=pa.large_string())
