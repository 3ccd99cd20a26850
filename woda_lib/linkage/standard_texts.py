"""Standard forms of texts that many records hold, numbered without an object for each.

What several sources say of one field is put together before anything is done, so that a name is
brought into its standard form once, whichever of them hold it. Arrow does it without Python's lock,
and two fields at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.coding import categorical
from woda_lib.linkage.plain_forms import plain_texts, texts_of
from woda_lib.linkage.standardise import in_standard_form


@dataclass(frozen=True)
class Texts:
    """A column of texts as numbers.

    Attributes
    ----------
    codes
        The place of each text among `held`, shape (records,); −1 is missing.
    held
        The texts that occur, in any order; one may be there more than once.
    """

    codes: npt.NDArray[np.int32]
    held: pa.StringArray

    def __len__(self) -> int:
        return len(self.codes)


def texts_together(columns: Sequence[pd.Series]) -> Texts | None:
    """Return columns one after another as numbers; None unless all of it is text.

    Of categories, which columns may share, each is looked at once, and no record's text is.
    """
    plain = [column for column in columns if not _is_coded(column)]
    shared = {id(own): own for own in (c.cat.categories for c in columns if _is_coded(c))}
    written = [_written(each) for each in (*plain, *map(pd.Series, shared.values()))]
    texts = [each for each in written if each is not None]
    if len(texts) < len(written):
        return None
    coded = pa.concat_arrays([pa.array([], pa.string()), *texts[: len(plain)]]).dictionary_encode()
    held = [coded.dictionary, *texts[len(plain) :]]
    first = dict(zip(shared, np.cumsum([len(each) for each in held]).tolist(), strict=False))
    ends = np.cumsum([len(column) for column in plain])
    stretches = iter(np.split(coded.indices.fill_null(-1).to_numpy(), ends))
    codes = [
        _counted_on(np.asarray(column.cat.codes), first[id(column.cat.categories)])
        if _is_coded(column)
        else next(stretches)
        for column in columns
    ]
    return _that_occur(np.concatenate(codes), pa.concat_arrays(held))


def standard_column(texts: Texts, kind: str, order: npt.NDArray[np.int64]) -> pd.Categorical:
    """Bring texts into their standard form.

    Parameters
    ----------
    texts
        From `texts_together`.
    kind
        One of `standardise.KINDS`, dates apart.
    order
        Places of the texts in the order that is wanted.

    Returns
    -------
    pandas.Categorical, shape (records,)
        Its categories are the standard forms that occur, in the order of their code points.
    """
    forms = _forms(texts.held, kind).dictionary_encode()
    ranks = pc.array_sort_indices(forms.dictionary)
    rank = np.full(len(ranks) + 1, -1, dtype=np.int32)  # the last is for what has no form
    rank[ranks.to_numpy()] = np.arange(len(ranks), dtype=np.int32)
    of_text = rank[forms.indices.fill_null(-1).to_numpy()]
    codes = np.append(of_text, np.int32(-1))[texts.codes[order]]
    return categorical(codes, forms.dictionary.take(ranks).to_numpy(zero_copy_only=False))


def _is_coded(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


def _written(column: pd.Series) -> pa.StringArray | None:
    return texts_of(column) if pd.api.types.is_string_dtype(column.dtype) else None


def _counted_on(codes: npt.NDArray, first: int) -> npt.NDArray[np.int32]:
    return np.where(codes < 0, np.int32(-1), codes + np.int32(first))


def _that_occur(codes: npt.NDArray[np.int32], held: pa.StringArray) -> Texts:
    """Leave out the texts that no record has."""
    occurs = np.zeros(len(held) + 1, dtype=bool)  # the last is for missing ones
    occurs[codes] = True
    if occurs[:-1].all():
        return Texts(codes, held)
    place = np.cumsum(occurs, dtype=np.int32) - np.int32(1)
    place[-1] = -1
    return Texts(place[codes], held.filter(pa.array(occurs[:-1])))


def _forms(distinct: pa.StringArray, kind: str) -> pa.StringArray:
    """Return the standard form of each text; missing where it has none."""
    forms, rest = plain_texts(distinct, kind)
    if not len(rest):
        return forms
    whole = np.asarray(forms.to_numpy(zero_copy_only=False), dtype=object)
    written = distinct.take(pa.array(rest)).to_pylist()
    whole[rest] = [in_standard_form(text, kind) for text in written]
    return pa.array(whole, type=pa.string())
