"""Words that no street has, and the words of streets that they are a slip of the pen away from."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from woda_lib.linkage.addresses import covering
from woda_lib.linkage.addresses.bundles import Fixes
from woda_lib.linkage.addresses.covering import near, slips
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
        asked, lines.starts, lines.letters, lines.masks, words, held.starts, held.letters,
        held.masks, held.hashes, held.powers, hashes, powers,
    )  # fmt: skip
    return Fixes(hashes, powers)


@kept_with(covering)
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
            if slips(masks[token], held_masks[word]) > 1:
                continue
            if near(held_starts[word], starts[token], other, size, held_letters, letters):
                hashes[token, count], powers[token, count] = held_hashes[word], held_powers[word]
                count += 1
                if count == hashes.shape[1]:
                    break
