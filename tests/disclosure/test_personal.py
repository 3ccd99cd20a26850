"""What a text gives away by two things that stand beside each other: a birth date and a home."""

from __future__ import annotations

import pytest

from woda_lib.disclosure import personal_kinds

BESIDE = ["a birth date beside a full postcode"]
DAY = "3 May 1934"
HOME = "WR1 2AB"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{DAY}{' ' * 80}{HOME}", BESIDE),
        (f"{HOME}{' ' * 80}{DAY}", BESIDE),
        (f"{DAY}{' ' * 81}{HOME}", []),
        (f"{HOME}{' ' * 81}{DAY}", []),
        (f"{'x ' * 50_000}{DAY}, {HOME}{' x' * 50_000}", BESIDE),
        (f"{DAY}{' ' * 200}1935-06-07 {HOME}", BESIDE),  # the second of two days
        (f"{DAY} {HOME}X", []),  # the beginning of a longer word
        (f"{DAY}{' ' * 80}{HOME}X", []),
        (f"{DAY} in WR1", []),
        (HOME, []),
    ],
)
def test_a_birth_date_and_a_full_postcode_within_eighty_characters(
    text: str, found: list[str]
) -> None:
    assert personal_kinds([text], postcodes=False) == found
