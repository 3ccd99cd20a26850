"""Standard forms of texts that many records hold, numbered without an object for each.

What several sources say of one field is put together before anything is done, so that a name is
brought into its standard form once, whichever of them hold it. Arrow does it without Python's lock,
and two fields at a time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.coding import categorical
from woda_lib.linkage.plain_forms import plain_texts, texts_of
from woda_lib.linkage.standardise import in_standard_form


def texts_together(columns: Sequence[pd.Series]) -> pa.StringArray | None:
    """Return columns one after another as Arrow's text; None unless all of it is text."""
    found = [_written(column) for column in columns]
    texts = [each for each in found if each is not None]
    return pa.concat_arrays(texts) if len(texts) == len(found) else None


def standard_column(
    texts: pa.StringArray, kind: str, order: npt.NDArray[np.int64]
) -> pd.Categorical:
    """Bring texts into their standard form.

    Parameters
    ----------
    texts
        Shape (records,).
    kind
        One of `standardise.KINDS`, dates apart.
    order
        Places of the texts in the order that is wanted.

    Returns
    -------
    pandas.Categorical, shape (records,)
        Its categories are the standard forms that occur, in the order of their code points.
    """
    coded = texts.dictionary_encode()
    forms, distinct, which = _forms(coded.dictionary, kind), coded.dictionary, None
    if not forms.equals(distinct):  # else each has its standard form, and no two have one
        again = forms.dictionary_encode()
        distinct, which = again.dictionary, again.indices
    ranks = pc.array_sort_indices(distinct).to_numpy()
    rank = np.empty(len(ranks), dtype=np.int32)
    rank[ranks] = np.arange(len(ranks), dtype=np.int32)
    of_text = rank if which is None else _numbers(rank, which)
    codes = _numbers(of_text, coded.indices)[order]
    return categorical(codes, distinct.take(pa.array(ranks)).to_numpy(zero_copy_only=False))


def _written(column: pd.Series) -> pa.StringArray | None:
    if isinstance(column.dtype, pd.CategoricalDtype):
        texts = _written(pd.Series(column.cat.categories))
        codes = np.asarray(column.cat.codes)
        return None if texts is None else texts.take(pa.array(codes, mask=codes < 0))
    return texts_of(column) if pd.api.types.is_string_dtype(column.dtype) else None


def _forms(distinct: pa.StringArray, kind: str) -> pa.StringArray:
    """Return the standard form of each text; missing where it has none."""
    forms, rest = plain_texts(distinct, kind)
    if not len(rest):
        return forms
    whole = np.asarray(forms.to_numpy(zero_copy_only=False), dtype=object)
    written = distinct.take(pa.array(rest)).to_pylist()
    whole[rest] = [in_standard_form(text, kind) for text in written]
    return pa.array(whole, type=pa.string())


def _numbers(of_each: npt.NDArray[np.int32], indices: pa.Int32Array) -> npt.NDArray[np.int32]:
    """Return what stands at each index, and −1 where one is missing."""
    places = indices.fill_null(len(of_each)).to_numpy(zero_copy_only=False)
    return np.append(of_each, np.int32(-1))[places]
