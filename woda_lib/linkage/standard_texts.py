"""Standard forms of texts that many records hold, numbered without an object for each.

What several sources say of one field is put together before anything is done, so that a name is
brought into its standard form once, whichever of them hold it. Arrow does it without Python's lock,
and two fields at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.as_arrow import pieces_of
from woda_lib.linkage.coding import categorical, coded
from woda_lib.linkage.given_order import Order
from woda_lib.linkage.plain_forms import plain_texts
from woda_lib.linkage.standardise import in_standard_form
from woda_lib.linkage.text_order import order_of_texts


@dataclass(frozen=True)
class Texts:
    """A column of texts as numbers.

    Attributes
    ----------
    codes
        The place of each text among `held`, shape (records,); −1 is missing.
    held
        The texts, in any order; one may be there more than once, and one that is null is missing.
    """

    codes: npt.NDArray[np.int32]
    held: pa.StringArray

    def __len__(self) -> int:
        return len(self.codes)

    @classmethod
    def of(cls, column: pd.Series) -> Self:
        """Return a standardised column as numbers."""
        codes, values = coded(column)
        return cls(codes, pa.array(values, type=pa.string()))

    def at(self, rows: npt.NDArray) -> Self:
        """Return those of some rows; all texts stay."""
        return type(self)(self.codes[rows], self.held)

    def that_occur(self) -> Self:
        """Leave out the texts that no record has."""
        occurs = np.zeros(len(self.held) + 1, dtype=bool)  # the last is for missing ones
        occurs[self.codes] = True
        if occurs[:-1].all():
            return self
        place = np.cumsum(occurs, dtype=np.int32) - np.int32(1)
        place[-1] = -1
        return type(self)(place[self.codes], self.held.filter(pa.array(occurs[:-1])))

    def in_order(self) -> pd.Categorical:
        """Return categories in the order of their code points, each of the texts once."""
        if not self.held.null_count and pc.all(pc.less(self.held[:-1], self.held[1:])).as_py():
            return categorical(self.codes, self.held.to_numpy(zero_copy_only=False))
        there, held = np.flatnonzero(self.held.is_valid()), self.held.drop_null()
        order = order_of_texts(held)
        ordered = held.take(pa.array(order))
        first = np.ones(len(order), dtype=bool)  # of texts that are alike
        first[1:] = pc.not_equal(ordered[1:], ordered[:-1]).to_numpy(zero_copy_only=False)
        rank = np.full(len(self.held) + 1, -1, dtype=np.int32)  # the last is of what is missing
        rank[there[order]] = np.cumsum(first, dtype=np.int32) - np.int32(1)
        distinct = ordered if first.all() else ordered.filter(pa.array(first))
        return categorical(rank[self.codes], distinct.to_numpy(zero_copy_only=False))


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
    own, distinct = _coded(chain(*texts[: len(plain)]))
    held = [[distinct], *texts[len(plain) :]]
    lengths = [sum(map(len, each)) for each in held]
    first = dict(zip(shared, np.cumsum(lengths).tolist(), strict=False))
    ends = np.cumsum([len(column) for column in plain])
    stretches = iter(np.split(own, ends))
    codes = [
        _counted_on(np.asarray(column.cat.codes), first[id(column.cat.categories)])
        if _is_coded(column)
        else next(stretches)
        for column in columns
    ]
    together = Texts(np.concatenate(codes), pa.concat_arrays(chain(*held)))
    return together.that_occur() if shared else together


def in_standard_forms(texts: Texts, kind: str, order: Order) -> Texts:
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
    Texts, shape (records,)
        A form for each of the texts; null where it has none.
    """
    return Texts(texts.codes[order], _forms(texts.held, kind))


def _is_coded(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


def _written(column: pd.Series) -> list[pa.StringArray] | None:
    return pieces_of(column) if pd.api.types.is_string_dtype(column.dtype) else None


def _coded(pieces: Iterable[pa.StringArray]) -> tuple[npt.NDArray[np.int32], pa.StringArray]:
    """Number texts that follow one another in pieces, which are not copied into one."""
    coded = pa.chunked_array(pieces, pa.string()).dictionary_encode().chunks
    codes = [each.indices.fill_null(-1).to_numpy() for each in coded]
    distinct = coded[0].dictionary if coded else pa.array([], pa.string())  # all have the same one
    return np.concatenate([np.empty(0, dtype=np.int32), *codes]), distinct


def _counted_on(codes: npt.NDArray, first: int) -> npt.NDArray[np.int32]:
    if not first:
        return codes.astype(np.int32, copy=False)
    return np.where(codes < 0, np.int32(-1), codes + np.int32(first))


def _forms(distinct: pa.StringArray, kind: str) -> pa.StringArray:
    """Return the standard form of each text; missing where it has none."""
    forms, rest = plain_texts(distinct, kind)
    if not len(rest):
        return forms
    whole = np.asarray(forms.to_numpy(zero_copy_only=False), dtype=object)
    written = distinct.take(pa.array(rest)).to_pylist()
    whole[rest] = [in_standard_form(text, kind) for text in written]
    return pa.array(whole, type=pa.string())
