"""Texts that are held once however often they stand: which places hold one and the same object.

A table that was read from files holds each different text of a column once (`partners.texts`). Then
whatever reads texts need not read each place's: by the object's address, a whole number, it is told
which places hold the same. How often an object is held is told by all places of a few objects drawn
at random, not by all objects of a few places.

References
----------
P. B. Gibbons, *Distinct sampling for highly-accurate answers to distinct values queries*, VLDB
2001.
"""

from __future__ import annotations

import ctypes

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.record_keys import first_places

Numbers = npt.NDArray[np.integer]

_WORTH_IT = 2
"""So many places must hold one object on average: numbering addresses takes time as well."""
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_LOOKED_AT = np.uint64(58)
"""Of 64 bits so many are passed over: one object in 64 is looked at."""


def held_once(texts: npt.NDArray[np.object_]) -> tuple[Numbers, npt.NDArray[np.object_]]:
    """Return a number for each place, and what the numbers stand for.

    Places of one number hold the same object. Two of these may be equal texts, and any of them may
    stand for what is missing. Where most places seem to hold an object of their own, each is taken
    to do so.
    """
    held = np.ascontiguousarray(texts)
    addresses = _addresses(held)
    some = addresses[(addresses.view(np.uint64) * _MULTIPLIER) >> _LOOKED_AT == 0]
    if len(pd.unique(some)) * _WORTH_IT > len(some):
        return np.arange(len(held)), held
    numbers, _ = pd.factorize(addresses)
    return numbers, held[first_places(numbers)]


def told_alike(
    texts: npt.NDArray[np.object_], distinct: npt.NDArray[np.object_], numbers: Numbers
) -> bool:
    """Say whether each text is equal to the distinct one of its number, which may be one object.

    Of those that are one object none is read.
    """
    one, other = np.ascontiguousarray(texts), np.ascontiguousarray(distinct)
    apart = np.flatnonzero(_addresses(one) != _addresses(other)[numbers])
    return np.array_equal(one[apart], other[numbers[apart]])


def _addresses(held: npt.NDArray[np.object_]) -> npt.NDArray[np.intp]:
    """Return where each object lies in memory, as `id` does, while the array is there."""
    lies = (ctypes.c_ssize_t * len(held)).from_address(held.ctypes.data)
    return np.frombuffer(memoryview(lies), dtype=np.intp)
