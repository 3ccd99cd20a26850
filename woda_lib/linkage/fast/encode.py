"""Records as numbers: every field by its value's place in a sorted dictionary.

A million records hold far fewer names, dates and postcodes. What a test needs to know of a value
is worked out once for the dictionary; a record is then a short row of 32-bit numbers, and a pair
of records is compared from two such rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from woda_lib.identifiers import valid_nhs_numbers
from woda_lib.linkage.blocking import source_numbers
from woda_lib.linkage.coding import coded
from woda_lib.linkage.fast.kernels import (
    BITS_OF_LENGTH,
    HEAD,
    INITIAL,
    MASK,
    SPAN,
    WIDTH_OF_HEADS,
)
from woda_lib.linkage.fast.letters import mark_letters
from woda_lib.linkage.fast.words import Words
from woda_lib.linkage.keys import OF_WORD, Key, parts
from woda_lib.linkage.plain_forms import numbered_in_order
from woda_lib.linkage.spec import LinkageSpec

Codes = npt.NDArray[np.int32]

# A Hangul syllable, taken apart by normalisation, is still one letter to a reader and to the
# reference's Jaro–Winkler (Unicode Standard Annex 29, extended grapheme clusters).
_SYLLABLES = re.compile(
    "[\u1100-\u115f\ua960-\ua97c]+(?:[\u1160-\u11a7\ud7b0-\ud7c6]+[\u11a8-\u11ff\ud7cb-\ud7fb]*)?"
    "|[\u1160-\u11a7\ud7b0-\ud7c6]+[\u11a8-\u11ff\ud7cb-\ud7fb]*|[\u11a8-\u11ff\ud7cb-\ud7fb]+|.",
    re.DOTALL,
)
_ROWS_AT_ONCE = 1 << 13
_COLUMNS_A_STEP = 8


@dataclass(frozen=True)
class Dictionary:
    """The distinct values of the fields of one kind, sorted, and what the tests need of them.

    Attributes
    ----------
    kind
        One of `standardise.KINDS`.
    values
        Texts in the order of their code points, shape (values,).
    """

    kind: str
    values: npt.NDArray[np.object_]

    @cached_property
    def spelling(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray]:
        """Heads and letters.

        Returns
        -------
        heads : numpy.ndarray of uint64, shape (values, 4)
            For each value: which letters it holds (32 bits for one, 32 for another of the same
            kind), its first four letters of 16 bits, where its letters start with their number, and
            its first letter with a bit that says it is the only one.
        letters : numpy.ndarray of unsigned integers
            The letters of all values, end to end.
        """
        plain = _ascii(self.values)
        letters, lengths = plain or _letters(self.values)
        starts = np.cumsum(lengths) - lengths
        heads = np.zeros((len(self.values), WIDTH_OF_HEADS), dtype=np.uint64)
        mark_letters(letters, lengths, heads[:, MASK])
        for place in range(4):
            has = lengths > place
            letter = letters[starts[has] + place].astype(np.uint64) & np.uint64(0xFFFF)
            heads[has, HEAD] |= letter << np.uint64(16 * place)
        heads[:, SPAN] = starts << BITS_OF_LENGTH | lengths
        if plain:
            first, single = letters[starts], lengths == 1
        else:
            first = np.array([text[0] for text in self.values], dtype="U1").view(np.uint32)
            single = np.fromiter(map(len, self.values), np.int64, len(self.values)) == 1
        heads[:, INITIAL] = first.astype(np.uint64) << np.uint64(1) | single.astype(np.uint64)
        return heads, letters

    @property
    def words(self) -> npt.NDArray[np.int32]:
        """The words of all values end to end, each value's sorted and without repetition."""
        return self._words[1]

    @property
    def spans(self) -> npt.NDArray[np.int64]:
        """Where each value's words start, and where the last one's end; shape (values + 1,)."""
        return self._words[0]

    @cached_property
    def _words(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        return self._split.within()

    @cached_property
    def _split(self) -> Words:
        return Words.of(self.values)

    def part(self, name: str, places: npt.NDArray[np.intp]) -> Codes:
        """Number what `keys.FUNCTIONS` makes of some values; −1 where it makes nothing."""
        if name in OF_WORD and self._split.plain is not None:
            return self._split.part(name, places)
        return pd.factorize(parts(self.values[places], name))[0].astype(np.int32)

    @cached_property
    def valid(self) -> npt.NDArray[np.bool_]:
        """Which values are NHS numbers whose check digit is right."""
        return valid_nhs_numbers(self.values)

    @cached_property
    def packed_dates(self) -> Codes:
        """Eight digits of four bits each."""
        digits = self.values.astype("S8").view(np.uint8).reshape(-1, 8).astype(np.int64) - ord("0")
        packed = (digits << np.arange(28, -1, -4)).sum(axis=1)
        return packed.astype(np.uint32).view(np.int32)


@dataclass(frozen=True)
class Encoded:
    """One table of records, dictionary-encoded.

    Attributes
    ----------
    codes
        For each field the place of every record's value in the dictionary; −1 is missing.
    dictionaries
        By kind.
    kinds
        Field to kind.
    source
        Number of each record's source.
    """

    codes: dict[str, Codes]
    dictionaries: dict[str, Dictionary]
    kinds: dict[str, str]
    source: npt.NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.source)

    def rows(self, fields: list[str]) -> Codes:
        """Put fields side by side, dates as digits; shape (records, fields or more)."""
        columns = []
        for field in fields:
            codes = self.codes[field]
            if self.kinds[field] == "date_of_birth":
                padded = np.append(self.dictionaries["date_of_birth"].packed_dates, np.int32(-1))
                codes = padded[codes]
            columns.append(codes)
        return side_by_side(columns)

    def key(self, key: Key) -> tuple[Codes, int]:
        """Number a blocking key: the number of each record's key (−1 is missing), and how many."""
        codes = self.codes[key.field]
        dictionary = self.dictionaries[self.kinds[key.field]]
        if key.function is None or not len(dictionary.values):
            return codes, len(dictionary.values)
        held = np.zeros(len(dictionary.values) + 1, dtype=bool)
        held[codes] = True
        places = np.flatnonzero(held[:-1])  # fields of one kind share values, and this has but some
        part = np.full(len(held), -1, dtype=np.int32)
        part[places] = dictionary.part(key.function, places)
        return part[codes], int(part.max()) + 1


def encode(records: pd.DataFrame, spec: LinkageSpec) -> Encoded:
    """Encode standardised records.

    Parameters
    ----------
    records
        As `sources.gather` returns them.
    spec
        The specification; fields of one kind share a dictionary, so that a forename can be
        compared with a surname by number.
    """
    codes: dict[str, Codes] = {}
    dictionaries: dict[str, Dictionary] = {}
    for kind in dict.fromkeys(spec.kinds.values()):
        names = [name for name, its_kind in spec.kinds.items() if its_kind == kind]
        columns = [coded(records[name]) for name in names]
        if len(columns) == 1:
            codes[names[0]], values = columns[0]
        else:
            place, values = numbered_in_order(np.concatenate([each for _, each in columns]))
            places = np.split(place, np.cumsum([len(each) for _, each in columns])[:-1])
            for name, (own, _), shared in zip(names, columns, places, strict=True):
                codes[name] = np.append(shared, np.int32(-1))[own]  # −1 takes the last
        dictionaries[kind] = Dictionary(kind, values)
    source = source_numbers(records, spec).astype(np.int16)  # nobody has 32,000 sources
    return Encoded(codes, dictionaries, spec.kinds, source)


def side_by_side(columns: Sequence[Codes]) -> Codes:
    """Put columns of equal length side by side; shape (records, columns or more).

    A row of 32 bytes is copied in one step and lies across no two lines of a processor's cache.
    Rows that are shorter are filled up, with anything. A stretch of rows at a time, which stays in
    the cache while it is filled.
    """
    width = -(-len(columns) // _COLUMNS_A_STEP) * _COLUMNS_A_STEP
    table = np.empty((len(columns[0]) if columns else 0, width), dtype=np.int32)
    for begin in range(0, len(table), _ROWS_AT_ONCE):
        rows = slice(begin, begin + _ROWS_AT_ONCE)
        for place, column in enumerate(columns):
            table[rows, place] = column[rows]
    return table


def _letters(texts: npt.NDArray[np.object_]) -> tuple[npt.NDArray, npt.NDArray[np.int64]]:
    """Number the letters of all texts, end to end, in as few bytes as they need."""
    spelt = [list(text) if text.isascii() else _SYLLABLES.findall(text) for text in texts]
    lengths = np.array([len(letters) for letters in spelt], dtype=np.int64)
    flat = pd.Series([letter for letters in spelt for letter in letters], dtype=object)
    numbers, uniques = pd.factorize(flat)
    width = next(t for t in (np.uint8, np.uint16, np.uint32) if len(uniques) <= np.iinfo(t).max)
    return numbers.astype(width), lengths


def _ascii(
    texts: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]] | None:
    """Return the letters of texts that are ASCII throughout, by their code points."""
    try:
        written = pa.array(texts, type=pa.large_binary())
    except UnicodeEncodeError:  # half a letter, torn by some export
        return None
    _, offsets, data = written.buffers()
    ends = np.zeros(len(texts) + 1, dtype=np.int64)
    if len(texts):  # no buffers without a text
        ends[:] = np.frombuffer(offsets, dtype=np.int64)[: len(ends)]
    letters = np.frombuffer(b"" if data is None else data, dtype=np.uint8)[: ends[-1]]
    return (letters, np.diff(ends)) if letters.max(initial=0) < 128 else None
