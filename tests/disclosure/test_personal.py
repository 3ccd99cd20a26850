"""A birth date and a postcode belong together when they stand near each other."""

from __future__ import annotations

import pytest

from woda_lib.disclosure.personal import BORN_AT_POSTCODE, personal_kinds

BORN, HOME = "1934-05-03", "WR1 2AB"
FAR = " " * 81


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{BORN} {HOME}", True),
        (f"{HOME} {BORN}", True),
        (f"{BORN}{' ' * 80}{HOME}", True),
        (f"{HOME}{' ' * 80}{BORN}", True),
        (f"{BORN}{FAR}{HOME}", False),
        (f"{HOME}{FAR}{BORN}", False),
        (BORN, False),
        (HOME, False),
        # Only the last of many is near.
        (f"{BORN}{FAR}" * 9 + f"{HOME}{FAR}" * 9 + f"{BORN} {HOME}", True),
        (f"{HOME}{FAR}" * 9 + f"{BORN}{FAR}" * 9, False),
    ],
)
def test_a_birth_date_is_beside_a_postcode_within_eighty_characters(text: str, found: bool) -> None:
    assert (BORN_AT_POSTCODE in personal_kinds([text], postcodes=False)) is found
