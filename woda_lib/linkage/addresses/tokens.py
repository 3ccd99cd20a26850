"""Texts cut into tokens, each token known by a number of its own and a hash of its letters.

Hashes of neighbours combine into the hash of both without the space between them. *Millands Road*
is so found where *Mill Lands Road* was written, at the price of an addition.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, fields, replace
from functools import cached_property
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.addresses.bundles import Text
from woda_lib.linkage.addresses.words import Meaning, meaning, spelt
from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.record_keys import first_places

Ints = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]

_DROPPED, _SPACE = 0, 32
_VALUES = attrgetter(*(each.name for each in fields(Meaning)))
_FACTOR = 1_099_511_628_211  # the prime of FNV-1a for 64 bits; any odd number would do


def _letters() -> npt.NDArray[np.uint8]:
    table = np.full(256, _SPACE, dtype=np.uint8)
    for small in b"abcdefghijklmnopqrstuvwxyz0123456789":
        table[small] = small
    for large in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        table[large] = large + 32
    table[[ord("-"), ord("/")]] = ord("-"), ord("/")
    table[[ord("'"), ord("`")]] = _DROPPED
    return table


_TABLE = _letters()


@dataclass(frozen=True)
class Tokens:
    """The tokens of many texts.

    Attributes
    ----------
    first
        Where the tokens of each text begin in `tokens`, and last where the last one's end.
    tokens
        Numbers of distinct tokens.
    hashes, powers
        Of each distinct token: its hash, and what a hash before it is multiplied by.
    meanings
        One row a distinct token: see `words.Meaning`.
    letters, starts
        Letters of all distinct tokens, and where each begins.
    """

    first: npt.NDArray[np.int64]
    tokens: Ints
    hashes: Hashes
    powers: Hashes
    meanings: Ints
    letters: npt.NDArray[np.uint8]
    starts: Ints

    @classmethod
    def of(cls, texts: pd.Series | npt.NDArray[Any]) -> Tokens:
        """Cut texts, of which a missing one has no tokens."""
        raw_first, raw, distinct = _cut(texts)
        words = [spelt(token) for token in distinct]
        first, several, spellings = _cut(np.array(words, dtype=object))
        tokens, whole = _each(raw_first, raw, first, several)
        hashes, powers = _hashed(spellings)
        rows = [meaning(token) for token in spellings]
        meanings = np.array(
            [_VALUES(row) for row in rows],
            dtype=np.int32,
        ).reshape(-1, 7)
        joined = "".join(spellings).encode()
        lengths = [len(token) for token in spellings]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        letters = np.frombuffer(joined, dtype=np.uint8)
        return cls(whole, tokens, hashes, powers, meanings, letters, starts)

    def __len__(self) -> int:
        return len(self.first) - 1

    @property
    def text(self) -> Text:
        """The arrays that compiled functions read."""
        return Text(
            self.first, self.tokens, self.hashes, self.powers, self.meanings, self.starts,
            self.letters, self.masks,
        )  # fmt: skip

    @cached_property
    def masks(self) -> npt.NDArray[np.uint32]:
        """Which letters each distinct token has, a bit a letter."""
        bits = np.uint32(1) << (self.letters.astype(np.uint32) % np.uint32(32))
        out = np.zeros(len(self.hashes), np.uint32)
        np.bitwise_or.at(out, np.repeat(np.arange(len(out)), np.diff(self.starts)), bits)
        return out

    def distinct(self, besides: Ints) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Number the texts, those alike that have the same tokens and the same beside them.

        Parameters
        ----------
        besides
            Shape (texts,), what else tells texts apart.

        Returns
        -------
        numbers
            Shape (texts,).
        first
            The first text of each number.
        """
        numbers, _ = pd.factorize(_digests(self.first, self.tokens, besides))
        first = first_places(numbers)
        other = _differ(self.first, self.tokens, besides, first[numbers])
        if other.any():  # of one digest by chance
            numbers[other] = len(first) + np.arange(int(other.sum()))
            first = first_places(numbers)
        return numbers, first

    def take(self, texts: npt.NDArray[np.int64]) -> Tokens:
        """Return some of the texts."""
        lengths = np.diff(self.first)[texts]
        first = np.concatenate([[0], np.cumsum(lengths)])
        at = np.repeat(self.first[texts] - first[:-1], lengths) + np.arange(first[-1])
        return replace(self, first=first, tokens=self.tokens[at])

    def squeezed(self) -> Hashes:
        """Return the hash of each text without its spaces, and without *the*; 0 for none."""
        return _squeezed(self.first, self.tokens, self.hashes, self.powers, self.meanings)


def _cut(
    texts: pd.Series | npt.NDArray[Any],
) -> tuple[npt.NDArray[np.int64], Ints, list[str]]:
    """Return where texts begin, the number of each token, and the distinct tokens."""
    array = pa.array(texts, type=pa.large_string(), from_pandas=True)
    array = pc.fill_null(array, "")
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    if not pc.all(pc.string_is_ascii(array)).as_py() and len(array):
        plain = [
            unicodedata.normalize("NFKD", text.replace("’", "'")) for text in array.to_pylist()
        ]
        array = pa.array([t.encode("ascii", "ignore").decode() for t in plain], pa.large_string())
    if len(array) == 0:
        return np.zeros(1, np.int64), np.empty(0, np.int32), []
    _, offsets, data = array.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    data = np.frombuffer(data if data is not None else b"", dtype=np.uint8)
    first, starts, stops, hashes = _scan(data, ends, _TABLE)
    numbers, _ = pd.factorize(hashes)
    at = first_places(numbers)
    table, text = _TABLE.tobytes(), data.tobytes()
    spellings = [
        text[start:stop].translate(table, b"'`").decode("ascii")
        for start, stop in zip(starts[at].tolist(), stops[at].tolist(), strict=True)
    ]
    return first, numbers.astype(np.int32), spellings


@kept
def _scan(data: Any, ends: Any, table: Any) -> Any:
    """Return where texts' tokens begin, where each begins and ends in the data, and its hash."""
    lines = len(ends) - 1
    first = np.zeros(lines + 1, np.int64)
    count = 0
    for line in range(lines):
        inside = False
        for place in range(ends[line], ends[line + 1]):
            letter = table[data[place]]
            if letter == 32:
                inside = False
            elif letter != 0 and not inside:
                inside = True
                count += 1
        first[line + 1] = count
    starts = np.empty(count, np.int64)
    stops = np.empty(count, np.int64)
    hashes = np.empty(count, np.uint64)
    at = -1
    for line in range(lines):
        inside = False
        for place in range(ends[line], ends[line + 1]):
            letter = table[data[place]]
            if letter == 32:
                inside = False
            elif letter != 0:
                if not inside:
                    inside = True
                    at += 1
                    starts[at] = place
                    hashes[at] = np.uint64(0)
                stops[at] = place + 1
                hashes[at] = hashes[at] * np.uint64(1_099_511_628_211) + np.uint64(letter)
    return first, starts, stops, hashes


@kept
def _each(raw_first: Any, raw: Any, first: Any, several: Any) -> Any:
    """Put the tokens of its one spelling in place of every raw token."""
    total = 0
    for token in raw:
        total += first[token + 1] - first[token]
    out = np.empty(total, np.int32)
    whole = np.zeros(len(raw_first), np.int64)
    at = 0
    for line in range(len(raw_first) - 1):
        for place in range(raw_first[line], raw_first[line + 1]):
            for part in range(first[raw[place]], first[raw[place] + 1]):
                out[at] = several[part]
                at += 1
        whole[line + 1] = at
    return out, whole


def _hashed(tokens: list[str]) -> tuple[Hashes, Hashes]:
    hashes, powers = np.zeros(len(tokens), np.uint64), np.ones(len(tokens), np.uint64)
    for place, token in enumerate(tokens):
        value, power = 0, 1
        for letter in token.encode("ascii"):
            value = (value * _FACTOR + letter) & 0xFFFFFFFFFFFFFFFF
            power = (power * _FACTOR) & 0xFFFFFFFFFFFFFFFF
        hashes[place], powers[place] = value, power
    return hashes, powers


@kept
def _squeezed(first: Any, tokens: Any, hashes: Any, powers: Any, meanings: Any) -> Any:
    """Combine the hashes of each text's tokens, without words that are fillers (kind 10)."""
    out = np.zeros(len(first) - 1, np.uint64)
    for line in range(len(out)):
        value = np.uint64(0)
        for place in range(first[line], first[line + 1]):
            token = tokens[place]
            if meanings[token, 0] != 10:
                value = value * powers[token] + hashes[token]
        out[line] = value
    return out


@kept
def _digests(first: Any, tokens: Any, besides: Any) -> Any:
    """Return a hash of the tokens of each text, in their order, and of what is beside it."""
    out = np.empty(len(besides), np.uint64)
    for text in range(len(besides)):
        value = np.uint64(besides[text] + 1)
        for place in range(first[text], first[text + 1]):
            value = (value ^ (value >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15)
            value += np.uint64(tokens[place] + 1)
        out[text] = (value ^ (value >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return out


@kept
def _differ(first: Any, tokens: Any, besides: Any, other: Any) -> Any:
    """Say which texts are not, token by token and beside it, the text that stands for them."""
    out = np.zeros(len(besides), np.bool_)
    for text in range(len(besides)):
        there = other[text]
        length = first[text + 1] - first[text]
        out[text] = besides[text] != besides[there] or length != first[there + 1] - first[there]
        if not out[text]:
            for place in range(length):
                if tokens[first[text] + place] != tokens[first[there] + place]:
                    out[text] = True
    return out
