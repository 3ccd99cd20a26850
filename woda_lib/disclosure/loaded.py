"""Identifiers that a step has loaded, to be recognised wherever they turn up under another name.

A surname that stands in a column called *group* looks like any word. But the step knows which
surnames it has read. What it read is kept as hashes: enough to say that a text is among them, and
nothing that could be read itself. What people wrote is recognised piece by piece: see `free_text`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import pairwise

import numpy as np
import pandas as pd

from woda_lib.disclosure.free_text import FreeText, are_known
from woda_lib.disclosure.personal import IDENTIFIERS
from woda_lib.disclosure.rule import DisclosureError

_GIVEN = ("forename", "first_name", "given_name")
_FAMILY = ("surname", "last_name")
_BESIDE = (
    ("victim_forename", "victim_surname"),
    ("perpetrator_forename", "perpetrator_surname"),
    ("protects_forename", "protects_surname"),
    ("known_as", "surname"),
)
"""Columns of a first and a family name that stand side by side."""
_WHOLE = ("lead_worker", "safeguarding_lead", "full_name")
"""Columns of whole names."""
_NAMES = {*_GIVEN, *_FAMILY, *(name for pair in _BESIDE for name in pair)}
_WORDS_OF_A_TEXT = 8
"""On average in a column, from which it is free text."""
_CATEGORIES = 200
"""Different texts of a column that is not of identifiers, up to which they are categories."""
_LOOKED_AT = 20 * _CATEGORIES
"""First rows of a column, of which nearly always enough have a text to say whether it is free."""
_MOST = 0.8
"""The share of a column's texts that must be names that were read, for it to be a list of names.

Wards and streets are called after trees and people, so that some always are.
"""
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_-]*\d[A-Za-z0-9/_-]*|\b[a-z]{26}\b")
"""What may be an identifier: it holds a figure, or is as long as a pseudonym, of which one in two
hundred holds letters alone."""
_SHORTEST = 4
_NONE = np.array([], dtype=np.int64)
_POSSESSIVE = re.compile(r"['’]s\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class Loaded:
    """What a step has read that identifies people or their records."""

    def __init__(self) -> None:
        self._keys: dict[str, _Hashes] = {}
        self._words: dict[str, _Hashes] = {}
        self._names = _Hashes()
        self._texts = FreeText()

    def note(self, frame: pd.DataFrame, identifiers: Collection[str] = ()) -> None:
        """Remember the identifiers of a table that was loaded.

        Parameters
        ----------
        frame : DataFrame
        identifiers : collection of str
            The fields that the agreement shares for linkage alone, besides those that every table
            of people calls so.
        """
        for column in frame.columns:
            texts = _different(frame[column])
            # Of objects it is clear at once; asked whether they are texts, pandas looks at each.
            if not (pd.api.types.is_object_dtype(texts) or pd.api.types.is_string_dtype(texts)):
                continue
            if column not in IDENTIFIERS and column not in identifiers:
                self._texts.know(_categories(texts))
                continue
            if _is_free_text(texts):
                self._texts.note(texts.dropna().unique())
            kept = self._words if column in _NAMES else self._keys
            kept.setdefault(column, _Hashes()).add(_items(texts))
        given = next((c for c in _GIVEN if c in frame), None)
        family = next((c for c in _FAMILY if c in frame), None)
        for one, other in ((given, family), *_BESIDE):
            if one in frame and other in frame:
                pairs = _different_pairs(frame[one], frame[other])
                self._names.add(np.array([f"{first} {last}" for first, last in pairs], object))
        for column in _WHOLE:
            if column in frame:
                whole = _items(frame[column].drop_duplicates())
                self._note_names(" ".join(_WORD.findall(str(x))) for x in whole)

    def know(self, texts: Iterable[str]) -> None:
        """Take the words of what everybody may read, such as the agreement's, as nobody's names."""
        self._texts.know(texts)

    def refuse_text(self, text: str, *, name: str) -> None:
        """Refuse a text that holds an identifier or a full name that was loaded.

        Raises
        ------
        DisclosureError
            Naming the field, never quoting it.
        """
        if field := self._key_in([text]):
            raise DisclosureError(
                f"{name} holds a value of the field {field}, which identifies a record. Take it "
                "out of the text."
            )
        if self._name_in([text]):
            raise DisclosureError(
                f"{name} holds the full name of somebody who was loaded. Take it out of the text."
            )
        if found := self._texts.found_in(text):
            raise DisclosureError(f"{name} holds {found} that was loaded. Say it in other words.")

    def refuse_words(self, texts: Iterable[str], *, name: str) -> None:
        """Refuse what is drawn into a figure if it is out of a free text.

        Raises
        ------
        DisclosureError
            Naming the figure, never quoting it.
        """
        drawn = [text for text in texts if text.strip()]
        if found := self._texts.found_in_cells(drawn):
            raise DisclosureError(
                f"The figure {name} is lettered with {found} that was loaded. Label what it draws "
                "by categories."
            )

    def refuse_table(self, frame: pd.DataFrame, *, name: str) -> None:
        """Refuse a table in whose cells, headings or labels identifiers stand that were loaded.

        Raises
        ------
        DisclosureError
            Naming the table's column and the field, never quoting it.
        """
        columns = {"its headings": [str(column) for column in frame.columns]}
        for column in frame.columns:
            known = frame[column].dropna()
            columns[f"column {column!r}"] = [x for x in known.unique() if isinstance(x, str)]
        for where, texts in columns.items():
            field = self._key_in(texts) or self._words_of(texts)
            if not field and self._name_in(texts):
                field = "forename and surname"
            if field:
                raise DisclosureError(
                    f"{name}, {where}, holds values of the field {field}, which identifies people "
                    "or their records whatever the column is called. Leave them out, or count by "
                    "something broader; use run.save for row-level tables."
                )
        for cells in (frame, frame.T):
            texts = [str(x) for x in cells.to_numpy(dtype=object).ravel() if isinstance(x, str)]
            headings = [str(column) for column in frame.columns]
            if found := self._texts.found_in_cells([*headings, *texts]):
                raise DisclosureError(
                    f"{name} holds {found} that was loaded, in a cell or in several together. Sort "
                    "what people wrote into categories, and count those."
                )

    def _key_in(self, texts: list[str]) -> str:
        tokens = {token for text in texts for token in _TOKEN.findall(text)}
        tokens |= {text for text in texts if any(sign.isdigit() for sign in text)}
        return _found({token for token in tokens if len(token) >= _SHORTEST}, self._keys)

    def _words_of(self, texts: list[str]) -> str:
        distinct = {text.strip() for text in texts if text.strip()}
        for field, hashes in (self._words | self._keys).items():
            among = _among(distinct, hashes)
            if len(distinct) > 1 and among > _MOST * len(distinct):
                return field
        return ""

    def _note_names(self, names: Iterable[str]) -> None:
        full = [name.casefold() for name in names]
        self._names.add(np.array(full, dtype=object))

    def _name_in(self, texts: list[str]) -> bool:
        pairs: set[str] = set()
        for text in texts:
            words = [word.casefold() for word in _WORD.findall(_POSSESSIVE.sub("", text))]
            for one, other in pairwise(words):
                pairs |= {f"{one} {other}", f"{other} {one}"}
        return _among(pairs, self._names) > 0


def _different(values: pd.Series) -> pd.Series:
    """A column's texts; of categories each once."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        there = np.zeros(len(values.cat.categories) + 1, dtype=bool)  # the last is what is missing
        there[values.cat.codes] = True
        return pd.Series(values.cat.categories[there[:-1]])
    return values


def _different_pairs(one: pd.Series, other: pd.Series) -> Iterable[tuple[str, str]]:
    """What two columns of names hold side by side, each pair once; half a name is none."""
    (firsts, first), (lasts, last) = pd.factorize(one), pd.factorize(other)
    both = (firsts >= 0) & (lasts >= 0)
    pairs = pd.unique(firsts[both] * np.int64(len(last) or 1) + lasts[both])
    at, beside = np.divmod(pairs, len(last) or 1)
    return zip(_casefolded(first)[at], _casefolded(last)[beside], strict=True)


def _casefolded(names: Iterable[object]) -> np.ndarray:
    return np.array([str(name).casefold() for name in names], dtype=object)


def _is_free_text(values: pd.Series) -> bool:
    first = values.iloc[:_LOOKED_AT].dropna()
    known = first if len(first) >= _CATEGORIES else values.dropna()
    some = known.iloc[:_CATEGORIES].astype(str)
    return bool(len(some)) and float(some.str.count(r"\S+").mean()) >= _WORDS_OF_A_TEXT


def _categories(values: pd.Series) -> Iterable[str]:
    try:
        distinct = values.dropna().unique()
    except TypeError:  # lists and the like
        return ()
    return distinct if len(distinct) <= _CATEGORIES else ()


def _items(values: pd.Series) -> np.ndarray:
    """What a column holds; what is missing too, which is no text and is never asked for."""
    return np.asarray(values, dtype=object)


class _Hashes:
    """Hashes of the texts of a column, sorted when they are first asked for."""

    def __init__(self) -> None:
        self._sorted = _NONE
        self._new: list[np.ndarray] = []

    def add(self, texts: np.ndarray) -> None:
        """Add texts; one that was added before may be there twice, which costs less than to ask."""
        self._new.append(pd.unique(_hashes(texts)))

    @property
    def sorted(self) -> np.ndarray:
        """All of them, in order."""
        if self._new:
            self._sorted = np.sort(np.concatenate([self._sorted, *self._new]))
            self._new = []
        return self._sorted


def _found(tokens: set[str], known: dict[str, _Hashes]) -> str:
    return next((field for field, hashes in known.items() if _among(tokens, hashes)), "")


def _among(texts: set[str], known: _Hashes) -> int:
    """Count the texts that are among those kept, which are sorted where there is one to ask for."""
    if not texts:
        return 0
    return int(are_known(_hashes(np.array(sorted(texts), dtype=object)), known.sorted).sum())


def _hashes(texts: np.ndarray) -> np.ndarray:
    return np.fromiter(map(hash, texts), dtype=np.int64, count=len(texts))
