"""Standard forms of values that are written plainly, found all at once.

Most names are letters of the English alphabet with a hyphen or an apostrophe at most, and most
postcodes letters, digits and a space. Arrow brings these into their standard form in a fraction of
the time that a loop over values takes. A value that is written in any other way is left to that
loop; see `standardise`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Form = Callable[[pa.StringArray], pa.StringArray]


def texts_of(values: pd.Series) -> pa.StringArray | None:
    """Return values as Arrow's text; None unless every one is text that UTF-8 can hold."""
    try:
        return pa.array(values, type=pa.string(), from_pandas=True)
    except (pa.ArrowException, TypeError, UnicodeEncodeError):
        return None


def plain_forms(
    values: pd.Series, pattern: str, form: Form
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.intp]]:
    """Return the forms of plain values, and which values are not plain.

    Parameters
    ----------
    values
        Distinct values of a column, none missing.
    pattern
        What plain values are written like, as a regular expression of RE2.
    form
        From plain values to their forms, null for what means "not known".

    Returns
    -------
    forms : numpy.ndarray of object, shape (values,)
        ``None`` where there is no form, and where a value is not plain.
    rest : numpy.ndarray of int
        Places of the values that are not plain.
    """
    texts = texts_of(values)
    if texts is None:
        return np.full(len(values), None, dtype=object), np.arange(len(values))
    plain = pc.match_substring_regex(texts, pattern)
    forms = form(pc.if_else(plain, texts, None))
    forms = pc.if_else(pc.equal(forms, ""), None, forms)
    rest = np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
    return np.asarray(forms.to_numpy(zero_copy_only=False), dtype=object), rest


def in_code_point_order(texts: npt.NDArray[np.object_]) -> npt.NDArray[np.intp]:
    """Return the places that sort texts by their code points, which UTF-8 sorts alike."""
    try:
        return pc.array_sort_indices(pa.array(texts, type=pa.string())).to_numpy().astype(np.intp)
    except UnicodeEncodeError:  # half a letter, torn by some export
        return np.argsort(texts)
