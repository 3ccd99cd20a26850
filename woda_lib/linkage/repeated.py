"""Find fields that repeat others: whole names beside their parts, and one thing written twice.

A register often has ``full_name`` beside ``first_name`` and ``surname``, or ``sex`` beside
``gender``. Compared as well, such a field counts one agreement twice, and one slip of the pen twice
against. Weights add up over fields that err each by itself (Fellegi and Sunter 1969); the
dependence tree (`dependence`) mends what two fields share, but not what one holds of several.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.recognise import SAMPLE

WITHIN = 0.9  # share of records in which all of a part's words are among those of the whole
HELD = 0.9  # share of a field's records that hold what it repeats too
COVERED = 2 / 3  # of the words of the whole that its parts hold; the rest are such as middle names
SAME = 0.95  # share of records that hold one value in two fields which are one thing

Words = npt.NDArray[np.object_]
"""The set of words of each record; an empty one where nothing is held."""


def repeated(records: pd.DataFrame, kinds: Mapping[str, str]) -> dict[str, list[str]]:
    """Say which fields repeat what others hold.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    kinds
        Field name to kind, in the order in which fields are to be kept.

    Returns
    -------
    dict
        Field to what it repeats: one field of its kind, or two and more names of which it is put
        together. None of those is a key itself.
    """
    if len(records) > SAMPLE:
        records = records.sample(SAMPLE, random_state=0)
    told = _written_twice(records, kinds)
    names = [name for name, kind in kinds.items() if kind == "name" and name not in told]
    return told | _put_together({name: _words(records[name]) for name in names})


def _written_twice(records: pd.DataFrame, kinds: Mapping[str, str]) -> dict[str, list[str]]:
    texts = {name: records[name].astype(object).fillna("").to_numpy() for name in kinds}
    told: dict[str, list[str]] = {}
    for name, values in texts.items():
        for before in texts:
            if before == name:
                break
            if before in told or kinds[before] != kinds[name]:
                continue
            if _mostly(
                values == texts[before], of=values != "", held=texts[before] != "", least=SAME
            ):
                told[name] = [before]
                break
    return told


def _put_together(words: Mapping[str, Words]) -> dict[str, list[str]]:
    parts = {
        whole: [part for part in words if part != whole and _is_part(words[part], words[whole])]
        for whole in words
    }
    told = {}
    for whole, held in parts.items():
        finest = [part for part in held if not set(parts[part]) & set(held)]
        if len(finest) > 1 and _covered(words[whole], [words[part] for part in finest]) >= COVERED:
            told[whole] = finest
    return told


def _words(values: pd.Series) -> Words:
    distinct = values.astype("category").cat
    sets = np.array([*(frozenset(str(each).split()) for each in distinct.categories), frozenset()])
    return sets[distinct.codes]  # −1 takes the last


def _is_part(part: Words, whole: Words) -> bool:
    within = np.array([one <= other for one, other in zip(part, whole, strict=True)])
    return _mostly(within, of=whole.astype(bool), held=part.astype(bool), least=WITHIN)


def _mostly(
    told: npt.NDArray[np.bool_],
    *,
    of: npt.NDArray[np.bool_],
    held: npt.NDArray[np.bool_],
    least: float,
) -> bool:
    """Whether most records of a field hold the other too, and the most of those tell the same."""
    both = of & held
    held_too = both.any() and both.sum() >= HELD * of.sum()
    return bool(held_too and told[both].mean() >= least)


def _covered(whole: Words, parts: list[Words]) -> float:
    """Share of the words of the whole that are in a part, over all records."""
    every = [frozenset().union(*each) for each in zip(*parts, strict=True)]
    held = sum(len(one & other) for one, other in zip(whole, every, strict=True))
    return held / max(sum(map(len, whole)), 1)
