"""The gazetteer, ordered so that the properties that may fit a line are found at once.

Each way in which a property is addressed is a row of numbers (see `columns`). Blocks lead to the
rows of a street, a postcode or a building's name, by the number of the house.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.addresses import columns as c
from woda_lib.linkage.addresses.bundles import Blocks, Held, Lexicons
from woda_lib.linkage.addresses.premises import Premises
from woda_lib.linkage.addresses.reading import lexicon_of
from woda_lib.linkage.addresses.scoring import MOST_NUMBERS
from woda_lib.linkage.addresses.spelling import SHORTEST
from woda_lib.linkage.addresses.tokens import Ints, Tokens
from woda_lib.linkage.addresses.ways import COLUMNS, Ways
from woda_lib.linkage.addresses.words import FLOOR, WORD
from woda_lib.linkage.record_keys import first_places

SHARED = ("RI", "RH", "CH")
"""BS 7666 classes whose rooms are seldom addressed: institutions, shared houses, hotels."""

_WIDEST_RANGE = 60


@dataclass(frozen=True)
class AddressIndex:
    """A gazetteer made ready for matching; see `AddressIndex.of`.

    Attributes
    ----------
    ways
        The gazetteer's rows, and one for each building that only its flats name.
    held
        Each of them in numbers, and how they are found.
    tokens
        The words of its texts.
    lexicons
        What it calls streets, places and buildings.
    postcodes
        Those that it has.
    vocabulary
        Words that a misspelt one of a street may have been meant to be.
    """

    ways: Ways
    held: Held
    tokens: Tokens
    lexicons: Lexicons
    postcodes: pd.Index
    vocabulary: Ints

    @classmethod
    def of(cls, gazetteer: pd.DataFrame) -> AddressIndex:
        """Order a gazetteer.

        Parameters
        ----------
        gazetteer
            The columns `COLUMNS`, a row a way of addressing a property, as in the contract
            ``gazetteer``. Statuses may be BS 7666's codes or their names.

        Raises
        ------
        SourceError
            A column is missing.
        """
        ways = Ways.of(gazetteer)
        n = len(ways.rows)
        texts = {name: ways.column(name) for name in COLUMNS[4:9]}
        distinct = [values for _, values in texts.values()]
        held = Tokens.of(np.concatenate(distinct) if n else np.empty(0, dtype=object))
        ends = np.cumsum([0, *(len(values) for values in distinct)])
        squeezed = held.squeezed()
        part = {name: slice(ends[i], ends[i + 1]) for i, name in enumerate(COLUMNS[4:9])}

        street_of, street_hashes = _numbered(squeezed[part["street"]])
        place_of, place_hashes = _numbered(
            np.concatenate([squeezed[part["locality"]], squeezed[part["town"]]])
        )
        localities = len(distinct[3])
        premises = Premises.of(
            held, (ends[0], ends[1]), (ends[1], ends[2]),
            texts["sub_building"][0], texts["building"][0],
        )  # fmt: skip
        rows = np.full((n, c.G_FIELDS), -1, dtype=np.int32)
        premises.write(rows)
        rows[:, c.G_STREET] = _at(street_of, texts["street"][0])
        rows[:, c.G_LOCALITY] = _at(place_of[:localities], texts["locality"][0])
        rows[:, c.G_TOWN] = _at(place_of[localities:], texts["town"][0])
        codes, written = ways.column("postcode")
        squeezed_code, postcodes = pd.factorize(squeezed_postcodes(written))
        rows[:, c.G_POSTCODE] = _at(squeezed_code.astype(np.int32), codes)
        rows[:, c.G_STATUS] = ways.rows["status"]
        parents = ways.rows["parent_uprn"].unique()
        rows[:, c.G_FLATS] = ways.rows["uprn"].isin(parents[parents >= 0])
        rows[:, c.G_PROPERTY] = pd.factorize(ways.rows["uprn"])[0]
        kind, kinds = ways.column("class_code")
        shared = [str(each).startswith(SHARED) for each in kinds]
        rows[:, c.G_SHARED] = np.array([*shared, False])[kind]

        first_street = first_places(street_of, len(street_hashes)) + ends[2]
        words = [
            held.tokens[held.first[text] : held.first[text + 1]] for text in first_street
        ] + premises.names
        numbers, at = _house_numbers(rows)
        text = held.text._replace(
            first=np.cumsum([0, *(len(word) for word in words)]).astype(np.int64),
            tokens=np.concatenate([np.empty(0, np.int32), *words]).astype(np.int32),
        )
        return cls(
            ways=ways,
            held=Held(
                rows=rows,
                text=text,
                streets=len(street_hashes),
                postcodes=postcode_letters(postcodes),
                by_street=_blocks(rows[at, c.G_STREET], numbers, at),
                by_postcode=_blocks(rows[at, c.G_POSTCODE], numbers, at),
                by_name=_name_blocks(rows),
            ),
            tokens=held,
            lexicons=Lexicons(
                lexicon_of(street_hashes),
                lexicon_of(place_hashes),
                lexicon_of(premises.name_hashes),
            ),
            postcodes=pd.Index(postcodes, dtype=object),
            vocabulary=_vocabulary(held, ends[2], ends[3]),
        )


def squeezed_postcodes(values: pd.Series | npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return postcodes in capitals without a space; missing where there is none."""
    codes, distinct = pd.factorize(values)
    plain = pd.Series(np.asarray(distinct, dtype=object), dtype="string")
    plain = plain.str.upper().str.replace(r"[^0-9A-Z]", "", regex=True)
    plain = plain.where(plain.str.len().between(5, 7))
    padded = np.full(len(plain) + 1, None, dtype=object)  # −1 takes the last
    padded[:-1][plain.notna()] = plain[plain.notna()]
    return padded[codes]


def postcode_letters(postcodes: Sequence[str] | npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Return seven letters a postcode: four outward, filled up, and three inward."""
    padded = [f"{postcode[:-3]:<4}{postcode[-3:]}" for postcode in postcodes]
    letters = np.frombuffer("".join(padded).encode("ascii", "replace"), dtype=np.uint8)
    return letters.reshape(-1, 7)


def _numbered(hashes: npt.NDArray[np.uint64]) -> tuple[Ints, npt.NDArray[np.uint64]]:
    """Number texts by their hash; −1 for a text without words."""
    codes, distinct = pd.factorize(np.where(hashes == 0, np.uint64(0), hashes))
    if (distinct == 0).any():
        empty = int(np.flatnonzero(distinct == 0)[0])
        codes = np.where(codes == empty, -1, codes - (codes > empty))
        distinct = np.delete(distinct, empty)
    return codes.astype(np.int32), np.asarray(distinct, dtype=np.uint64)


def _at(values: Ints, codes: npt.NDArray[np.int64]) -> Ints:
    return np.append(values, np.int32(-1))[codes]


def _house_numbers(rows: Ints) -> tuple[Ints, Ints]:
    """Return every number under which a row is looked for, and the row; a range has several."""
    low, high = rows[:, c.G_HOUSE], rows[:, c.G_HIGH]
    wide = (high > low) & (low >= 0) & (high - low <= _WIDEST_RANGE)
    steps = np.where(wide, (high - low + 1) // 2, 0)
    at = np.repeat(np.arange(len(rows)), steps + 1)
    step = np.arange(len(at)) - np.repeat(np.cumsum(steps + 1) - (steps + 1), steps + 1)
    numbers = np.where(step == 0, low[at], np.minimum(low[at] + 2 * step, high[at]))
    return numbers.astype(np.int32), at.astype(np.int32)


def _blocks(block: Ints, numbers: Ints, rows: Ints) -> Blocks:
    known = block >= 0
    keys = block[known].astype(np.int64) * MOST_NUMBERS + numbers[known] + 1
    return _in_order(keys, rows[known])


def _in_order(keys: npt.NDArray[np.int64], rows: npt.NDArray[Any]) -> Blocks:
    order = np.argsort(keys, kind="stable")
    return Blocks(keys[order], rows[order].astype(np.int32))


def _name_blocks(rows: Ints) -> Blocks:
    pairs = [
        np.stack([rows[rows[:, column] >= 0, column], np.flatnonzero(rows[:, column] >= 0)])
        for column in (c.G_NAME, c.G_WHOLE_NAME)
    ]
    names, at = np.concatenate(pairs, axis=1).astype(np.int64)
    each = np.unique(names * max(len(rows), 1) + at)  # two columns as one number: sorted at once
    return _in_order(*np.divmod(each, max(len(rows), 1)))


def _vocabulary(held: Tokens, low: int, high: int) -> Ints:
    """Return the words of streets that may be meant by a misspelt one, the most frequent first."""
    used = held.tokens[held.first[low] : held.first[high]]
    counts = np.bincount(used, minlength=len(held.hashes))
    is_word = np.isin(held.meanings[:, 0], [WORD, FLOOR]) & (np.diff(held.starts) >= SHORTEST)
    order = np.argsort(-counts, kind="stable")
    return order[(counts[order] > 0) & is_word[order]].astype(np.int32)
