"""The gazetteer's own premises read into numbers: *Flat 3*, *12A*, *12-14*, *Maple Court*."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.addresses import columns as c
from woda_lib.linkage.addresses import reading
from woda_lib.linkage.addresses.reading import WORDS_KEPT, clear, premises, window
from woda_lib.linkage.addresses.tokens import Hashes, Ints, Tokens
from woda_lib.linkage.fast.compiled import kept_with


@dataclass(frozen=True)
class Premises:
    """What each row of a gazetteer has as flat, house and names.

    Attributes
    ----------
    subs, buildings
        Readings of the distinct texts of each kind, one more for none.
    sub, building
        Which of them each row has; −1 is none.
    own, whole
        The name of each row's building, and of the flat and the building together; −1 is none.
    names, name_hashes
        The words of each name and its hash.
    """

    subs: Ints
    buildings: Ints
    sub: npt.NDArray[np.int64]
    building: npt.NDArray[np.int64]
    own: Ints
    whole: Ints
    names: list[Ints]
    name_hashes: Hashes

    @classmethod
    def of(
        cls,
        held: Tokens,
        subs: tuple[int, int],
        buildings: tuple[int, int],
        sub: npt.NDArray[np.int64],
        building: npt.NDArray[np.int64],
    ) -> Premises:
        """Read distinct texts of a gazetteer.

        Parameters
        ----------
        held
            Tokens of the gazetteer.
        subs, buildings
            Where the texts of the two kinds begin and end among its texts.
        sub, building
            Which of them each row has; −1 is none.
        """
        sub_rows, sub_names = _read(held, *subs)
        house_rows, house_names = _read(held, *buildings)
        # A pair as one number, which is sorted at once; −1 is none.
        many = len(house_rows) + 1
        each, of_pair = np.unique((sub + 1) * many + building + 1, return_inverse=True)
        pairs = np.stack(np.divmod(each, many)) - 1
        both = _joined(sub_rows, sub_names, house_rows, house_names, pairs)
        alone = _joined(sub_rows, sub_names, house_rows, house_names, pairs, with_sub=False)
        words = np.concatenate([alone, both])
        hashes = _hash_names(words, held.text)
        codes, distinct = pd.factorize(hashes)
        first = np.zeros(len(distinct), np.int64)
        first[codes[::-1]] = np.arange(len(codes))[::-1]
        kept = distinct != 0
        number = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
        own, whole = np.split(number[codes], 2)
        of_pair = of_pair.reshape(-1)
        texts = [row[row >= 0] for row in words[first[kept]]]
        return cls(
            sub_rows, house_rows, sub, building, own[of_pair], whole[of_pair], texts,
            np.asarray(distinct[kept], dtype=np.uint64),
        )  # fmt: skip

    def write(self, rows: Ints) -> None:
        """Write flat, house and names into the rows of an index."""
        flat, house = self.subs[self.sub], self.buildings[self.building]
        # A lone number of the secondary object is a flat's, of the primary one a house's.
        unit = np.where(flat[:, c.UNIT] >= 0, c.UNIT, np.where(flat[:, c.LOOSE] >= 0, c.LOOSE, -1))
        unit = np.where((unit < 0) & (flat[:, c.HOUSE] >= 0), c.HOUSE, unit)
        at = np.arange(len(rows))
        rows[:, c.G_UNIT] = np.where(unit < 0, -1, flat[at, unit])
        rows[:, c.G_UNIT_LETTER] = np.where(unit < 0, 0, flat[at, unit + 1])
        rows[:, c.G_FLOOR] = flat[:, c.UNIT_FLOOR]
        # A building such as "Flat 3, 12" holds both.
        inner = (rows[:, c.G_UNIT] < 0) & (house[:, c.UNIT] >= 0)
        rows[inner, c.G_UNIT] = house[inner, c.UNIT]
        rows[inner, c.G_UNIT_LETTER] = house[inner, c.UNIT_LETTER]
        loose = house[:, c.HOUSE] < 0
        rows[:, c.G_HOUSE] = np.where(loose, house[:, c.LOOSE], house[:, c.HOUSE])
        letter = np.where(loose, house[:, c.LOOSE_LETTER], house[:, c.HOUSE_LETTER])
        rows[:, c.G_LETTER] = np.where(rows[:, c.G_HOUSE] < 0, 0, letter)
        rows[:, c.G_HIGH], rows[:, c.G_HIGH_LETTER] = house[:, c.HIGH], house[:, c.HIGH_LETTER]
        named = self.whole != self.own
        rows[:, c.G_NAME], rows[:, c.G_WHOLE_NAME] = self.own, self.whole
        rows[:, c.G_SUB_NAME] = np.where(named, self.whole, -1)


def _read(held: Tokens, low: int, high: int) -> tuple[Ints, Ints]:
    """Return a reading and the names of every text, and of none."""
    rows = np.empty((high - low + 1, c.FIELDS), dtype=np.int32)
    names = np.full((high - low + 1, WORDS_KEPT), -1, dtype=np.int32)
    _read_texts(low, high, held.text, rows, names)
    return rows, names


@kept_with(reading, c)
def _read_texts(low: int, high: int, text: Any, rows: Any, names: Any) -> None:
    for place in range(low, high + 1):
        row = rows[place - low]
        clear(row)
        if place < high:
            zone = text.tokens[text.first[place] : text.first[place + 1]]
            premises(zone, text.meanings, row, names[place - low])


def _joined(
    subs: Ints,
    sub_names: Ints,
    houses: Ints,
    house_names: Ints,
    pairs: npt.NDArray[np.int64],
    *,
    with_sub: bool = True,
) -> Ints:
    """Return the names of pairs of texts, those of the flat first."""
    sub, house = pairs
    wide = np.full((len(sub), 2 * WORDS_KEPT), -1, dtype=np.int32)
    before = subs[sub, c.NAMES] * with_sub
    place = np.arange(WORDS_KEPT)
    if with_sub:
        wide[:, :WORDS_KEPT] = np.where(place < before[:, None], sub_names[sub], -1)
    row, word = np.nonzero(place < houses[house, c.NAMES][:, None])
    wide[row, before[row] + word] = house_names[house[row], word]
    return wide


@kept_with(reading)
def _hash_names(words: Any, text: Any) -> Any:
    out = np.zeros(len(words), np.uint64)
    for row in range(len(words)):
        size = 0
        while size < words.shape[1] and words[row, size] >= 0:
            size += 1
        out[row] = window(words[row], 0, size, text)
    return out
