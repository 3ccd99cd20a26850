"""Slips of fingers, eyes and ears."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import default_rng

from woda_lib.synthetic.misspellings import mishear, misread, mistype, without_diacritics


def column(*texts: str, times: int = 1) -> np.ndarray:
    return np.array(texts * times, dtype=object)


def is_one_slip(before: str, after: str) -> bool:
    """Damerau's four: one letter wrong, missing or extra, or two neighbours swapped."""
    if len(before) == len(after):
        differ = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
        if len(differ) == 2:
            i, j = differ
            return j == i + 1 and before[i] == after[j] and before[j] == after[i]
        return len(differ) <= 1
    short, long = sorted((before, after), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


@pytest.mark.parametrize("name", ["Margaret", "Ng", "O'Sullivan", "Łukasz", "WR4 0RE"])
def test_a_mistyped_name_is_one_slip_away(name: str) -> None:
    typed = mistype(column(name, times=400), default_rng(1))
    assert all(is_one_slip(name, text) for text in typed)
    assert (typed != name).mean() > 0.7
    assert {len(text) - len(name) for text in typed} == {-1, 0, 1}


def test_the_first_letter_is_seldom_wrong() -> None:
    typed = mistype(column("Margaret", times=2_000), default_rng(1))
    assert 0 < np.mean([text[:1] != "M" for text in typed]) < 0.06


def test_a_wrong_key_lies_beside_the_right_one() -> None:
    typed = mistype(column("bb", times=500), default_rng(1))
    assert set("".join(typed)) == {"b", "v", "n"}


def test_one_letter_and_no_names_at_all_stay_as_they_are() -> None:
    assert list(mistype(column("J", times=20), default_rng(1))) == ["J"] * 20
    assert list(mistype(column(), default_rng(1))) == []


def test_names_are_respelt_by_sound_and_by_look() -> None:
    assert "Stefen" in set(mishear(column("Stephen", times=200), default_rng(1)))
    assert "Bumham" in set(misread(column("Burnham", times=300), default_rng(1)))
    assert list(mishear(column("Xx"), default_rng(1))) == ["Xx"]


def test_diacritics_are_dropped() -> None:
    names = column("Łukasz", "García", "Wiśniewski", "Șerban", "Smith")
    plain = ["Lukasz", "Garcia", "Wisniewski", "Serban", "Smith"]
    assert list(without_diacritics(names)) == plain
