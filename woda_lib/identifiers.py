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
    values = np.asarray(texts, dtype=object)
    ten = _of_ten_digits(values)
    valid = np.zeros(len(values), dtype=bool)
    if ten.any():
        digits = values[ten].astype("S10").view(np.uint8).reshape(-1, 10).astype(int) - ord("0")
        check = 11 - digits[:, :9] @ _WEIGHTS % 11
        valid[ten] = np.where(check == 11, 0, check) == digits[:, 9]
    return valid


def _of_ten_digits(values: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    try:
        written = pa.array(values, type=pa.large_string())
    except UnicodeEncodeError:  # half a letter, torn by some export
        return np.array([len(v) == 10 and v.isascii() and v.isdigit() for v in values], dtype=bool)
    return np.asarray(pc.match_substring_regex(written, "^[0-9]{10}$"), dtype=bool)
