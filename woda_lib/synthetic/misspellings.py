"""How text goes wrong between a person's mouth and a database: slips of fingers, eyes and ears.

Every function takes an object array of strings and returns a new one in which each string has been
changed once, where it can be. Whoever calls them chooses the rows.
"""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.draws import weighted

# Damerau (1964), "A technique for computer detection and correction of spelling errors",
# Communications of the ACM 7(3): more than four misspellings in five are one wrong, missing or
# extra letter or one transposition. Their shares among themselves are assumed.
_SLIPS = ("substitute", "omit", "insert", "transpose")
_SLIP_SHARES = (0.40, 0.28, 0.17, 0.15)
# Yannakoudakis and Fawthrop (1983), "The rules of spelling errors", Information Processing and
# Management 19(2): few errors are made in the first letter.
_FIRST_LETTER = 0.03

_KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

# What a scanner confuses, written on both sides so that either may stand for the other.
_LOOK_ALIKES = (
    ("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("vv", "w"), ("w", "vv"), ("li", "h"),
    ("h", "b"), ("e", "c"), ("c", "e"), ("l", "i"), ("i", "l"), ("o", "0"), ("u", "v"), ("nn", "m"),
)  # fmt: skip
# What sounds alike to an English ear, in names above all.
_SOUND_ALIKES = (
    ("ph", "f"), ("f", "ph"), ("ck", "k"), ("ie", "y"), ("ey", "y"), ("y", "ie"), ("ai", "ay"),
    ("ee", "ea"), ("ea", "ee"), ("ll", "l"), ("tt", "t"), ("nn", "n"), ("mm", "m"), ("ss", "s"),
    ("th", "t"), ("c", "k"), ("k", "c"), ("s", "z"), ("z", "s"), ("son", "sen"), ("er", "ar"),
    ("ou", "u"), ("oa", "o"), ("ei", "ie"), ("a", "e"), ("l", "ll"), ("n", "nn"), ("t", "tt"),
    ("e", "a"), ("u", "oo"), ("mac", "mc"), ("ah", "a"), ("ed", "ad"),
)  # fmt: skip
# Letters that no accent explains: NFKD leaves them whole.
_WITHOUT_ACCENT = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ß": "ss", "đ": "d"})


def _neighbours() -> np.ndarray:
    """Two keys beside each lower-case letter and digit, by code point, shape (128, 2)."""
    table = np.tile(np.arange(128, dtype=np.uint32)[:, None], (1, 2))
    for row in (*_KEY_ROWS, "1234567890"):
        for place, key in enumerate(row):
            left = row[place - 1] if place else row[1]
            right = row[place + 1] if place + 1 < len(row) else row[-2]
            table[ord(key)] = ord(left), ord(right)
    return table


_NEIGHBOURS = _neighbours()


def mistype(texts: np.ndarray, rng: Generator) -> np.ndarray:
    """Make one slip of the keyboard in each text: a wrong, missing or extra key, or two swapped.

    Texts of one letter stay as they are.
    """
    n = len(texts)
    if n == 0:
        return texts.copy()
    fixed = texts.astype(str)
    width = max(1, fixed.dtype.itemsize // 4)
    codes = np.ascontiguousarray(fixed).view(np.uint32).reshape(n, width)
    # One empty place before the end leaves room for an extra letter.
    codes = np.pad(codes, ((0, 0), (0, 2)))
    length = (codes != 0).sum(axis=1)
    slip = weighted(rng, n, _SLIP_SHARES)
    at = 1 + np.floor(rng.random(n) * (length - 1)).astype(np.int64)
    at[rng.random(n) < _FIRST_LETTER] = 0
    swaps = slip == _SLIPS.index("transpose")
    at[swaps] = np.minimum(at[swaps], length[swaps] - 2)
    at = np.clip(at, 0, None)

    columns = np.arange(width + 2)[None, :]
    place = at[:, None]
    omits, inserts = ((slip == _SLIPS.index(name))[:, None] for name in ("omit", "insert"))
    source = columns + (omits & (columns >= place)) - (inserts & (columns > place))
    source = source + swaps[:, None] * ((columns == place).astype(int) - (columns == place + 1))
    changed = np.take_along_axis(codes, np.clip(source, 0, width + 1), axis=1)

    rows = np.arange(n)
    wrong = np.flatnonzero(slip == _SLIPS.index("substitute"))
    changed[wrong, at[wrong]] = _key_beside(changed[wrong, at[wrong]], rng)
    extra = np.flatnonzero((slip == _SLIPS.index("insert")) & (rng.random(n) < 0.5))
    changed[extra, at[extra] + 1] = _key_beside(changed[extra, at[extra]], rng)
    changed[rows[length < 2]] = codes[rows[length < 2]]
    return np.ascontiguousarray(changed).view(f"<U{width + 2}").ravel().astype(object)


def _key_beside(codes: np.ndarray, rng: Generator) -> np.ndarray:
    """A neighbouring key of each code point, in the same case; others stay."""
    upper = (codes >= ord("A")) & (codes <= ord("Z"))
    lower = np.where(upper, codes + 32, codes)
    plain = lower < 128
    beside = _NEIGHBOURS[np.where(plain, lower, 0), rng.integers(0, 2, len(codes))]
    beside = np.where(plain, beside, lower)
    return np.where(upper, beside - 32, beside).astype(np.uint32)


def misread(texts: np.ndarray, rng: Generator) -> np.ndarray:
    """Confuse what looks alike in each text, as a scanner does (``rn`` for ``m``)."""
    return _rewrite(texts, _LOOK_ALIKES, rng)


def mishear(texts: np.ndarray, rng: Generator) -> np.ndarray:
    """Spell each text by its sound: one pair of letters for another (``ph`` for ``f``)."""
    return _rewrite(texts, _SOUND_ALIKES, rng)


def _rewrite(texts: np.ndarray, pairs: tuple[tuple[str, str], ...], rng: Generator) -> np.ndarray:
    """Apply to each text one of the pairs that apply to it, after its first letter."""
    column = pd.Series(texts, dtype=object)
    first, rest = column.str[:1].to_numpy(dtype=object), column.str[1:].to_numpy(dtype=object)
    fixed = rest.astype(str)
    applies = np.column_stack([np.char.find(fixed, old) >= 0 for old, _ in pairs])
    chosen = (rng.random((len(texts), len(pairs))) * applies).argmax(axis=1)
    for position, (old, new) in enumerate(pairs):
        rows = np.flatnonzero((chosen == position) & applies[:, position])
        if len(rows):
            rest[rows] = np.char.replace(fixed[rows], old, new, count=1).astype(object)
    return first + rest


def without_diacritics(texts: np.ndarray) -> np.ndarray:
    """Write each text in plain Latin letters: *Łukasz* as *Lukasz*, *García* as *Garcia*."""
    codes, distinct = pd.factorize(texts)
    plain = [_plain(text) for text in distinct]
    return np.array(plain, dtype=object)[codes]


def _plain(text: str) -> str:
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text.translate(_WITHOUT_ACCENT))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
