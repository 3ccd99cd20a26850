"""Words that no street has, and the words of streets that they are a slip of the pen away from."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from woda_lib.linkage.addresses import comparing
from woda_lib.linkage.addresses.bundles import Fixes
from woda_lib.linkage.addresses.comparing import near
from woda_lib.linkage.addresses.reading import CORRECTIONS
from woda_lib.linkage.addresses.tokens import Tokens
from woda_lib.linkage.addresses.words import FLOOR, WORD
from woda_lib.linkage.fast.compiled import kept_with

SHORTEST = 3


def corrections(lines: Tokens, held: Tokens, words: npt.NDArray[np.int32]) -> Fixes:
    """Return what each distinct token of the lines may have been meant to be.

    Parameters
    ----------
    lines
        Tokens of the lines.
    held
        Tokens of the gazetteer.
    words
        Those of its tokens that may be meant, the most frequent first.

    Returns
    -------
    Fixes
        Of the words that may be meant, shape (distinct tokens of the lines, CORRECTIONS).
    """
    hashes = np.zeros((len(lines.hashes), CORRECTIONS), np.uint64)
    powers = np.ones_like(hashes)
    lengths = np.diff(lines.starts)
    is_word = np.isin(lines.meanings[:, 0], [WORD, FLOOR])
    unknown = is_word & (lengths >= SHORTEST) & ~np.isin(lines.hashes, held.hashes[words])
    asked = np.flatnonzero(unknown).astype(np.int32)
    _correct(
        asked, lines.starts, lines.letters, letters_of(lines), words, held.starts, held.letters,
        letters_of(held), held.hashes, held.powers, hashes, powers,
    )  # fmt: skip
    return Fixes(hashes, powers)


def letters_of(tokens: Tokens) -> npt.NDArray[np.uint32]:
    """Return which letters each distinct token has, a bit a letter."""
    bits = np.uint32(1) << (tokens.letters.astype(np.uint32) % np.uint32(32))
    out = np.zeros(len(tokens.hashes), np.uint32)
    np.bitwise_or.at(out, np.repeat(np.arange(len(out)), np.diff(tokens.starts)), bits)
    return out


@kept_with(comparing)
def _correct(
    asked: Any, starts: Any, letters: Any, masks: Any, words: Any, held_starts: Any,
    held_letters: Any, held_masks: Any, held_hashes: Any, held_powers: Any, hashes: Any,
    powers: Any,
) -> None:  # fmt: skip
    for token in asked:
        size = starts[token + 1] - starts[token]
        count = 0
        for word in words:
            other = held_starts[word + 1] - held_starts[word]
            if other - size > 1 or size - other > 1 or other < 3:
                continue
            unlike = masks[token] ^ held_masks[word]
            bits = 0
            while unlike and bits < 3:
                unlike &= unlike - np.uint32(1)
                bits += 1
            if bits > 2:
                continue
            if near(held_starts[word], starts[token], other, size, held_letters, letters):
                hashes[token, count], powers[token, count] = held_hashes[word], held_powers[word]
                count += 1
                if count == hashes.shape[1]:
                    break
