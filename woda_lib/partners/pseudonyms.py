"""Pseudonyms: HMAC-SHA-256 of a partner's number under the agreement's key.

The same number of the same partner has the same pseudonym wherever it appears under one agreement,
so that records can be joined. Under another agreement it has another, and nobody who lacks both
keys can join the two. Without the key a number cannot be read back, nor guessed by trying all of
them, which a plain hash would allow.

References
----------
RFC 2104, *HMAC: keyed-hashing for message authentication*.
ICO, *Anonymisation guidance*, chapter 3: pseudonymisation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from hashlib import _Hash as Sha256

BYTES = 16
"""Bytes kept of each HMAC: among a thousand million numbers two alike are to be expected in one
case of 10^20."""
LENGTH = 26
"""Letters and digits of a pseudonym."""

_BLOCK = 64  # bytes of a block of SHA-256
_ALPHABET = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", dtype=np.uint8)
_NO_PLACE = 32
_PLACES = bytes(_ALPHABET.tolist().index(c) if c in _ALPHABET else _NO_PLACE for c in range(256))
"""The five bits that each letter stands for."""
_AT_ONCE = 1 << 17
"""Pseudonyms that are taken apart at a time: each takes some two hundred bytes for it."""


@dataclass(frozen=True)
class Hashes:
    """The HMACs of some numbers.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        Which of `digests` each number has; -1 for a missing one.
    digests : ndarray of uint8, shape (m, 16)
        One for each different number.
    """

    codes: npt.NDArray[np.intp]
    digests: npt.NDArray[np.uint8]

    def pseudonyms(self, like: pd.Series) -> pd.Series:
        """Return the pseudonym of each number, with the index and name of a series."""
        texts = np.append(_base32(self.digests), np.array([pd.NA], dtype=object))
        return pd.Series(texts[self.codes], index=like.index, name=like.name, dtype="string")

    def marks(self) -> npt.NDArray[np.uint64]:
        """Return the first eight bytes of each pseudonym as an integer; nought if missing."""
        beginnings = np.ascontiguousarray(self.digests[:, :8]).view("<u8").ravel()
        return np.append(beginnings, np.uint64(0))[self.codes].astype(np.uint64)


def hashed(values: pd.Series, *, field: str, partners: pd.Series | str, key: bytes) -> Hashes:
    """Hash numbers under a key; see `pseudonymise`."""
    codes, numbers, senders = _numbered(values, partners)
    block = (key if len(key) <= _BLOCK else sha256(key).digest()).ljust(_BLOCK, b"\0")
    inner, outer = (sha256(bytes(byte ^ pad for byte in block)) for pad in (0x36, 0x5C))
    begun = {sender: _after(inner, f"{field}\0{sender}\0") for sender in set(senders)}
    made = b"".join(_digests(begun, outer, zip(senders, numbers, strict=True)))
    return Hashes(codes, np.frombuffer(made, dtype=np.uint8).reshape(-1, BYTES))


def _digests(
    begun: Mapping[str, Sha256], outer: Sha256, asked: Iterable[tuple[str, str]]
) -> Iterator[bytes]:
    """Return the HMAC of each sender's number.

    Both hashes of RFC 2104 begin with the key, and the inner one with whose numbers they are, which
    need not be hashed anew for each number: `hmac.digest` takes three times as long.
    """
    for sender, number in asked:
        inner = begun[sender].copy()
        inner.update(number.encode())
        whole = outer.copy()
        whole.update(inner.digest())
        yield whole.digest()[:BYTES]


def _after(begun: Sha256, more: str) -> Sha256:
    further = begun.copy()
    further.update(more.encode())
    return further


def pseudonymise(
    values: pd.Series, *, field: str, partners: pd.Series | str, key: bytes
) -> pd.Series:
    """Return the pseudonym of each number.

    Parameters
    ----------
    values : Series of str
        Missing values stay missing.
    field : str
        What the numbers are: a stay and a patient of one number have different pseudonyms.
    partners : Series of str, or str
        Whose numbers they are; ``""`` for a number that is the same everywhere.
    key : bytes
        From `AgreementKey.pseudonyms`.

    Returns
    -------
    Series of str
        26 small letters and digits.
    """
    return hashed(values, field=field, partners=partners, key=key).pseudonyms(values)


def marks(
    values: pd.Series, *, field: str, partners: pd.Series | str, key: bytes
) -> npt.NDArray[np.uint64]:
    """Return the marks of numbers; see `Hashes.marks`."""
    return hashed(values, field=field, partners=partners, key=key).marks()


def marks_of_pseudonyms(pseudonyms: pd.Series) -> npt.NDArray[np.uint64]:
    """Return what `marks` gave for the numbers behind some pseudonyms; nought for what is none."""
    if isinstance(pseudonyms.dtype, pd.CategoricalDtype):
        each = marks_of_pseudonyms(pd.Series(pseudonyms.cat.categories))
        return np.append(each, np.uint64(0))[pseudonyms.cat.codes]
    values = np.asarray(pseudonyms, dtype=object)
    marks = np.zeros(len(values), dtype=np.uint64)
    for begin in range(0, len(values), _AT_ONCE):
        some = slice(begin, begin + _AT_ONCE)
        marks[some] = _beginnings(_texts(values[some]))
    return marks


def _texts(values: npt.NDArray[np.object_]) -> pa.Array:
    """Hand values over to Arrow; where some are no texts, as what they would be written as."""
    try:
        return pa.array(values, type=pa.large_string(), from_pandas=True)
    except pa.ArrowException:
        written = pd.array(values, dtype="string")
        return pa.array(np.asarray(written), type=pa.large_string(), from_pandas=True)


def _numbered(
    values: pd.Series, partners: pd.Series | str
) -> tuple[npt.NDArray[np.intp], list[str], list[str]]:
    """Number the different pairs of value and partner, -1 where the value is missing.

    Returns
    -------
    codes : ndarray of int, shape (n,)
    numbers, senders : list of str
        Of each pair; a number stands in many rows, and is hashed once.
    """
    codes, numbers = pd.factorize(np.asarray(values, dtype=object))
    texts = list(map(str, numbers.tolist()))
    if isinstance(partners, str):
        return codes, texts, [partners] * len(texts)
    whose, senders = pd.factorize(partners)
    names = [str(name) for name in senders.tolist()]
    if len(names) == 1:
        return codes, texts, names * len(texts)
    given = codes >= 0
    pairs, different = pd.factorize((codes * len(names) + whose)[given])
    numbered = np.full(len(codes), -1, dtype=np.intp)
    numbered[given] = pairs
    each = [divmod(pair, len(names)) for pair in different.tolist()]
    return numbered, [texts[at] for at, _ in each], [names[of] for _, of in each]


def _beginnings(texts: pa.Array) -> npt.NDArray[np.uint64]:
    """Return the first eight bytes of each pseudonym as an integer; nought for what is none."""
    marks = np.zeros(len(texts), dtype=np.uint64)
    _, ends, data = texts.buffers()
    if data is None:
        return marks
    begins = np.frombuffer(ends, dtype=np.int64, count=len(texts) + 1)
    fitting = np.flatnonzero(np.diff(begins) == LENGTH)
    letters = np.frombuffer(data, dtype=np.uint8)
    if begins[-1] == len(fitting) * LENGTH:  # nothing stands between them
        letters = letters[: begins[-1]].reshape(-1, LENGTH)
    else:
        letters = letters[begins[fitting][:, None] + np.arange(LENGTH)]
    places = np.frombuffer(letters.tobytes().translate(_PLACES), dtype=np.uint8)
    places = places.reshape(-1, LENGTH)
    if places.max(initial=0) == _NO_PLACE:
        is_one = (places < _NO_PLACE).all(axis=1)
        fitting, places = fitting[is_one], places[is_one]
    # Eight letters are forty bits: the first eight, and the next five with the three before them.
    first, next_ = _forty_bits(places[:, :8]), _forty_bits(places[:, 5:13])
    whole = first << np.uint64(24) | next_ >> np.uint64(1) & np.uint64((1 << 24) - 1)
    marks[fitting] = whole.astype(">u8").view("<u8")
    return marks


def _forty_bits(places: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """Put eight times five bits together, two neighbours of the same width at a time."""
    bits = np.ascontiguousarray(places).view(">u8").ravel().astype(np.uint64)
    for width, every in ((5, 0x001F001F001F001F), (10, 0x000003FF000003FF), (20, 0x000FFFFF)):
        room, kept = np.uint64(width * 8 // 5), np.uint64(every)
        bits = bits & kept | (bits >> room & kept) << np.uint64(width)
    return bits


def _base32(digests: npt.NDArray[np.uint8]) -> npt.NDArray[np.object_]:
    """Write digests in base 32 (RFC 4648), in small letters and without padding."""
    padded = np.pad(digests, ((0, 0), (0, 1))).astype(np.uint16)
    letters = np.empty((len(digests), LENGTH), dtype=np.uint8)
    for place in range(LENGTH):
        byte, bit = divmod(5 * place, 8)
        two = padded[:, byte] << 8 | padded[:, byte + 1]
        letters[:, place] = _ALPHABET[two >> (11 - bit) & 31]
    ends = np.arange(len(letters) + 1, dtype=np.int64) * LENGTH
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(letters)]
    written = pa.Array.from_buffers(pa.large_string(), len(letters), buffers)
    return np.asarray(written.to_numpy(zero_copy_only=False), dtype=object)
