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

import hmac
import re
from base64 import b32decode, b32encode

import numpy as np
import numpy.typing as npt
import pandas as pd

BYTES = 16
"""Bytes kept of each HMAC: among a thousand million numbers two alike are to be expected in one
case of 10^20."""
LENGTH = 26
"""Letters and digits of a pseudonym."""

_PSEUDONYM = re.compile(f"[a-z2-7]{{{LENGTH}}}")


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
    codes, distinct = _distinct(values, partners)
    made = [_readable(digest) for digest in _digests(distinct, field, key)]
    texts = np.array([*made, pd.NA], dtype=object)
    return pd.Series(texts[codes], index=values.index, name=values.name, dtype="string")


def marks(
    values: pd.Series, *, field: str, partners: pd.Series | str, key: bytes
) -> npt.NDArray[np.uint64]:
    """Return the first eight bytes of each number's pseudonym as an integer; nought if missing."""
    codes, distinct = _distinct(values, partners)
    made = b"".join(digest[:8] for digest in _digests(distinct, field, key))
    numbers = np.append(np.frombuffer(made, dtype="<u8"), np.uint64(0))
    return numbers[codes].astype(np.uint64)


def marks_of_pseudonyms(pseudonyms: pd.Series) -> npt.NDArray[np.uint64]:
    """Return what `marks` gave for the numbers behind some pseudonyms; nought for what is none."""
    codes, distinct = pd.factorize(pseudonyms)
    whole = [_beginning(str(text)) for text in distinct]
    numbers = np.append(np.frombuffer(b"".join(whole), dtype="<u8"), np.uint64(0))
    return numbers[codes].astype(np.uint64)


def _distinct(
    values: pd.Series, partners: pd.Series | str
) -> tuple[npt.NDArray[np.intp], list[tuple[str, str]]]:
    """Number the different pairs of partner and value, -1 where the value is missing."""
    codes, numbers = pd.factorize(values)
    texts = [str(number) for number in numbers]
    if isinstance(partners, str):
        return codes, [(partners, text) for text in texts]
    whose, senders = pd.factorize(partners)
    names = [str(name) for name in senders]
    given = codes >= 0
    pairs, different = pd.factorize((codes * len(names) + whose)[given])
    numbered = np.full(len(codes), -1)
    numbered[given] = pairs
    return numbered, [(names[p % len(names)], texts[p // len(names)]) for p in different]


def _digests(distinct: list[tuple[str, str]], field: str, key: bytes) -> list[bytes]:
    return [
        hmac.digest(key, f"{field}\0{partner}\0{number}".encode(), "sha256")[:BYTES]
        for partner, number in distinct
    ]


def _beginning(text: str) -> bytes:
    if not _PSEUDONYM.fullmatch(text):
        return bytes(8)
    return b32decode(text.upper().ljust(32, "="))[:8]


def _readable(digest: bytes) -> str:
    return b32encode(digest)[:LENGTH].decode().lower()
