"""The words of many texts as numbers: one split serves every test and every key of words."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.keys import OF_WORD, WORDS, are_plain_words, parts


@dataclass(frozen=True)
class Words:
    """The words of texts, text after text.

    Attributes
    ----------
    numbers
        Of each word, shape (words,).
    lengths
        How many words each text has, shape (texts,).
    plain
        The words by number, where all are plain (`keys.are_plain_words`).
    """

    numbers: npt.NDArray[np.signedinteger]
    lengths: npt.NDArray[np.signedinteger]
    plain: npt.NDArray[np.object_] | None

    @classmethod
    def of(cls, texts: npt.NDArray[np.object_]) -> Self:
        """Split texts at their spaces."""
        with suppress(UnicodeEncodeError):  # half a letter, torn by some export
            written = pa.array(texts, type=pa.string())
            if are_plain_words(written):
                split = pc.split_pattern(written, " ")
                coded = split.flatten().dictionary_encode()
                plain = np.asarray(coded.dictionary.to_numpy(zero_copy_only=False), dtype=object)
                return cls(coded.indices.to_numpy(), pc.list_value_length(split).to_numpy(), plain)
        words = [text.split() if " " in text else (text,) for text in texts]
        numbers = pd.factorize(np.array(list(chain.from_iterable(words)), dtype=object))[0]
        return cls(numbers, np.array([len(each) for each in words], dtype=np.int64), None)

    def within(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Return where each text's words start, and the last one's end; and words end to end.

        Each text's words are sorted and without repetition.
        """
        most = int(self.numbers.max(initial=0)) + 1
        text = np.repeat(np.arange(len(self.lengths)), self.lengths)
        keys = np.sort(text * most + self.numbers)
        keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
        text, words = np.divmod(keys, most)
        count = np.bincount(text, minlength=len(self.lengths))
        return np.concatenate([[0], np.cumsum(count)]), words.astype(np.int32)

    def part(self, name: str, texts: npt.NDArray[np.intp]) -> npt.NDArray[np.int32]:
        """Number what a function of `keys.OF_WORD` makes of some texts, of which all are plain.

        It is asked of each word once, however many texts have it.
        """
        assert self.plain is not None, "words that are not plain are not told apart here"
        ends = np.cumsum(self.lengths)
        at = ends - self.lengths if OF_WORD[name] == 0 else ends - 1  # each has a word at least
        which, distinct = pd.factorize(self.numbers[at[texts]])
        if name not in WORDS:
            which = pd.factorize(parts(self.plain[distinct], name))[0][which]
        return which.astype(np.int32)
