"""Free text that a step has loaded, to be recognised when a piece of it is about to be shown.

Nothing of a text is kept that could be read. For each text three kinds of marks are hashed:

*runs of five words*
    A quotation is recognised by them, in any case, backwards or spread over the cells of a table.
    A run counts where at least two of its words say something (*hands around my throat and*), or
    where three runs follow one another. What stands in many texts is a stock phrase and no mark.
*words that are somebody's or some place's name*
    Always written with a capital inside a sentence, and in few texts: a nickname, a street.
*numbers of houses and plates*
    A number with the name after it; letters and digits in one word.

What this cannot know is said in ``docs/disclosure.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.beside import Beside
from woda_lib.disclosure.common_words import AMBIGUOUS, COMMON

Hashes = npt.NDArray[np.int64]

MANY = 10
"""In so many texts a run of words is a stock phrase, and a name nobody's in particular."""
RUN = 5
TELLING = 2
"""Words of a run that must say something."""
IN_A_ROW = 3
"""Runs that must follow one another where fewer do; and words of a table's label."""

_END = "\x00"
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.!?\n\x00]")
_BREAKS = frozenset(".!?\n\x00")
_PLATE = re.compile(r"(?=[a-z]+\d)[a-z0-9]{4,}")
_ENCODED = re.compile(r"[A-Za-z0-9+=]{24,}")
_CHUNK = 16_000
_MANY_TEXTS = 2_000
"""Texts whose marks are worth another process."""
_NONE = np.array([], dtype=np.int64)
_ODD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9,
                 0xD6E8FEB86659FD93, 0xA0761D6478BD642F], dtype=np.uint64)  # fmt: skip


@dataclass
class FreeText:
    """Marks of the texts that a step has loaded."""

    _seen: set[int] = field(default_factory=set)
    _known: set[int] = field(default_factory=set)
    _public: set[int] = field(default_factory=set)
    _noted: list[Beside[list[_Of]]] = field(default_factory=list)
    _marks: _Marks | None = None

    def note(self, texts: Iterable[object]) -> None:
        """Remember texts; one that was noted before is not counted again.

        Many are hashed by another process, and waited for when something is about to be shown.
        """
        new = {}
        for text in texts:
            if isinstance(text, str) and text.strip() and hash(text) not in self._seen:
                new[hash(text)] = text
        self._seen |= new.keys()
        whole = list(new.values())
        if whole:
            many = len(whole) >= _MANY_TEXTS
            noted = Beside(partial(_marked, whole), worth_it=many)
            if not many:
                noted.result()  # so that the texts themselves are kept no longer than they must be
            self._noted.append(noted)
            self._marks = None

    def know(self, texts: Iterable[object]) -> None:
        """Take the words of categories (districts, wards, titles of rules) as nobody's names.

        Cells that hold one of these texts whole quote nobody, whichever of them stand side by side.
        """
        said = [_words(text) for text in texts if isinstance(text, str)]
        self._public |= {hash(tuple(words)) for words in said}
        words = {hash(word) for each in said for word in each}
        if not words <= self._known:
            self._known |= words
            self._marks = None

    def found_in(self, text: str) -> str:
        """Say what of the texts stands in a sentence; nothing where nothing does."""
        return self._found(text, _Words.of([text])) if self._seen else ""

    def found_in_cells(self, texts: Sequence[str]) -> str:
        """Say what of the texts stands in the cells of a table, or in several of them together."""
        if not self._seen or not texts:
            return ""
        together = " ".join(texts)
        words = replace(_Words.of([together]), public=self._are_public(texts))
        if found := self._found(together, words):
            return found
        short = _Words.of([text for text in texts if len(text.split()) <= IN_A_ROW])
        return "a name out of a free text" if _among(short.folded, self._now.names) else ""

    def _found(self, text: str, words: _Words) -> str:
        for said in (words, _Words.of([text[::-1]])):
            if self._quoted(said) or self._quoted(said.backwards()):
                return "words out of a free text"
        if _ENCODED.search(text):
            return "letters that may be a text in disguise"
        if self._has(words.placed()) or self._has(words.plates()):
            return "a number of a house or plate out of a free text"
        if _among(words.folded[words.capitals & ~words.doubtful()], self._now.names):
            return "a name out of a free text"
        return ""

    def _are_public(self, cells: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Return which words of cells, and of the end after them, are in one that is public."""
        said = [_words(text, or_ends=True) for text in cells]
        public = [hash(tuple(words)) in self._public for words in said]
        return np.append(np.repeat(public, [len(words) for words in said]), False).astype(bool)

    @property
    def _now(self) -> _Marks:
        if self._marks is None:
            every = [each for noted in self._noted for each in noted.result()]
            self._marks = _Marks.of(every, self._known)
        return self._marks

    def _quoted(self, words: _Words) -> bool:
        hashes, telling = words.runs()
        hit = are_known(hashes, self._now.runs) & ~words.public_runs()
        if (hit & (telling >= TELLING)).any():
            return True
        return len(hit) >= IN_A_ROW and bool(
            np.lib.stride_tricks.sliding_window_view(hit, IN_A_ROW).all(axis=1).any()
        )

    def _has(self, hashes: Hashes) -> bool:
        return _among(hashes, self._now.places)


@dataclass(frozen=True)
class _Of:
    """The marks of some texts, as they come."""

    runs: Hashes
    names: pd.DataFrame
    places: Hashes

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Of:
        words = _Words.of(texts)
        hashes, telling = words.runs()
        places = np.concatenate([words.placed(), words.plates()])
        return cls(hashes[telling > 0], words.names(), places)


def _marked(texts: Sequence[str]) -> list[_Of]:
    return [_Of.of(texts[start : start + _CHUNK]) for start in range(0, len(texts), _CHUNK)]


@dataclass(frozen=True)
class _Marks:
    """What is asked for, sorted: stock phrases and known words are gone from it."""

    runs: Hashes
    names: Hashes
    places: Hashes

    @classmethod
    def of(cls, noted: Sequence[_Of], known: set[int]) -> _Marks:
        by_word = pd.concat([each.names for each in noted], ignore_index=True)
        by_word = by_word.groupby("word").sum()
        rare = (by_word["texts"] < MANY) & (by_word["small"] == 0) & (by_word["inside"] > 0)
        words = by_word.index[rare].to_numpy(np.int64)
        out = np.array(sorted(known), dtype=np.int64)
        return cls(
            _seldom(np.concatenate([each.runs for each in noted])),
            np.setdiff1d(words, out),
            np.setdiff1d(_seldom(np.concatenate([each.places for each in noted])), out),
        )


@dataclass(frozen=True)
class _Words:
    """The words of some texts in order, each as a hash of its letters in one case.

    Attributes
    ----------
    folded : ndarray of int
        Hashes; 0 where a text ends.
    text : ndarray of int
        Which text each is of.
    telling, capitals, inside, named, number, plate : ndarray of bool
        Whether the word says something, begins with a capital, stands inside a sentence, may be a
        name, is a number, has letters and digits.
    public : ndarray of bool
        Whether it stands in a cell that everybody may read; `of` takes none for such.
    """

    folded: Hashes
    text: npt.NDArray[np.intp]
    telling: npt.NDArray[np.bool_]
    capitals: npt.NDArray[np.bool_]
    inside: npt.NDArray[np.bool_]
    named: npt.NDArray[np.bool_]
    ambiguous: npt.NDArray[np.bool_]
    number: npt.NDArray[np.bool_]
    plate: npt.NDArray[np.bool_]
    public: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Words:
        tokens = np.array(_TOKEN.findall(_END.join([*texts, ""])) or [_END], dtype=object)
        codes, distinct = pd.factorize(tokens)
        table = _described(distinct)
        breaks = table["break"][codes]
        begins = np.concatenate([[True], breaks[:-1]])
        ends = table["end"][codes]
        kept = ~breaks | ends
        return cls(
            text=np.concatenate([[0], np.cumsum(ends)[:-1]])[kept],
            inside=~begins[kept],
            public=np.zeros(int(kept.sum()), dtype=bool),
            **{name: table[name][codes][kept] for name in _OF_A_WORD},
        )

    def backwards(self) -> _Words:
        """Return the words in the opposite order."""
        return _Words(**{name: values[::-1] for name, values in vars(self).items()})

    def runs(self) -> tuple[Hashes, npt.NDArray[np.intp]]:
        """Return the hash of each run of words, and how many of its words say something."""
        if len(self.folded) < RUN:
            return _NONE, np.array([], dtype=np.intp)
        window = np.lib.stride_tricks.sliding_window_view
        words = window(self.folded.astype(np.uint64), RUN)
        hashes = np.zeros(len(words), dtype=np.uint64)
        for place in range(RUN):
            hashes = (hashes ^ words[:, place]) * _ODD[place]
        telling = window(self.telling, RUN).sum(axis=1)
        whole = (words != 0).all(axis=1)
        return hashes[whole].astype(np.int64), telling[whole]

    def public_runs(self) -> npt.NDArray[np.bool_]:
        """Return of each of the `runs` whether all of its words are public."""
        if len(self.folded) < RUN:
            return np.array([], dtype=bool)
        window = np.lib.stride_tricks.sliding_window_view
        whole = window(self.folded != 0, RUN).all(axis=1)
        return np.asarray(window(self.public, RUN).all(axis=1))[whole]

    def names(self) -> pd.DataFrame:
        """Return of each word in how many texts it stands, and how often small or inside."""
        frame = pd.DataFrame(
            {
                "word": self.folded,
                "text": self.text,
                "small": ~self.capitals,
                "inside": self.capitals & self.inside,
            }
        )[self.named]
        by_word = frame.groupby("word").agg(
            texts=("text", "nunique"), small=("small", "sum"), inside=("inside", "sum")
        )
        return by_word.reset_index()

    def doubtful(self) -> npt.NDArray[np.bool_]:
        """Return which words begin a sentence and are names as well as words, such as *Rose*."""
        return ~self.inside & self.ambiguous

    def placed(self) -> Hashes:
        """Return the hash of each number with the name after it: *14 Larch*."""
        if len(self.folded) < 2:
            return _NONE
        pairs = self.number[:-1] & self.capitals[1:] & self.named[1:] & self.inside[1:]
        first = self.folded[:-1].astype(np.uint64) * _ODD[0]
        both = (first ^ self.folded[1:].astype(np.uint64)) * _ODD[1]
        return both[pairs].astype(np.int64)

    def plates(self) -> Hashes:
        """Return the words of letters and digits: number plates, account numbers."""
        return self.folded[self.plate]


_OF_A_WORD = (
    "folded", "telling", "capitals", "named", "ambiguous", "number", "plate",
)  # fmt: skip


def _described(tokens: npt.NDArray[np.object_]) -> dict[str, npt.NDArray[Any]]:
    """Say of each different word what it is."""
    folded = [_fold(token) for token in tokens]
    breaks = [token in _BREAKS for token in tokens]
    capitals = [token[0].isupper() for token in tokens]
    common = [word in COMMON for word in folded]
    is_word = [not b and word.isalpha() for b, word in zip(breaks, folded, strict=True)]
    short = [token.isupper() and len(token) <= 4 for token in tokens]  # NFA, DVPN
    rows = zip(is_word, common, short, folded, strict=True)
    return {
        "folded": np.array(
            [
                0 if token == _END else hash(word)
                for token, word in zip(tokens, folded, strict=True)
            ],
            dtype=np.int64,
        ),
        "end": np.array([token == _END for token in tokens]),
        "break": np.array(breaks),
        "capitals": np.array(capitals),
        "telling": np.array([w and not c for w, c in zip(is_word, common, strict=True)]),
        "named": np.array([w and not c and not s and len(f) > 2 for w, c, s, f in rows]),
        "ambiguous": np.array([word in AMBIGUOUS for word in folded]),
        "number": np.array([word.isdigit() and len(word) <= 4 for word in folded]),
        "plate": np.array([bool(_PLATE.fullmatch(word)) for word in folded]),
    }


def _fold(token: str) -> str:
    word = token.casefold().replace("’", "'")
    return word.removesuffix("'s").replace("'", "")


def _words(text: str, *, or_ends: bool = False) -> list[str]:
    """Return the words of a text, and what would end it within, in order and one case."""
    passed_over = _BREAKS - {_END} if or_ends else _BREAKS
    return [_fold(token) for token in _TOKEN.findall(text) if token not in passed_over]


def _seldom(hashes: Hashes) -> Hashes:
    """Return, sorted, the hashes that occur less often than `MANY` times."""
    distinct, counts = np.unique(hashes, return_counts=True)
    return distinct[counts < MANY]


def are_known(hashes: Hashes, known: Hashes) -> npt.NDArray[np.bool_]:
    """Return which hashes are among others, which are sorted."""
    if not len(known) or not len(hashes):
        return np.zeros(len(hashes), dtype=bool)
    places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return np.asarray(known[places] == hashes)


def _among(hashes: Hashes, known: Hashes) -> bool:
    return bool(are_known(hashes, known).any())
