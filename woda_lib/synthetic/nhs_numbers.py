"""NHS numbers: issuing invented ones, and their check digit.

All invented numbers lie in the 999 range, which the NHS keeps for tests and never issues, so none
of them can be a real person's. The check digit is the modulus 11 one of the NHS data dictionary
(*NHS NUMBER*): weights 10 to 2 over the first nine digits, 11 less the remainder, 11 written as 0
and a number that would need 10 not issued.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

_WEIGHTS = np.arange(10, 1, -1)
_FIRST_PREFIX = 999_000_000
_PREFIXES = 1_000_000


def check_digits(prefixes: np.ndarray) -> np.ndarray:
    """Check digits of nine-digit integers; 10 marks a prefix that is not issued."""
    digits = (prefixes[:, None] // 10 ** np.arange(8, -1, -1)) % 10
    return (11 - (digits * _WEIGHTS).sum(axis=1) % 11) % 11


def issue_nhs_numbers(n: int, rng: Generator) -> np.ndarray:
    """Draw `n` different valid NHS numbers as int64.

    Raises
    ------
    ValueError
        If `n` is more than the test range holds (909,091).
    """
    prefixes = _FIRST_PREFIX + np.arange(_PREFIXES)
    checks = check_digits(prefixes)
    numbers = (prefixes * 10 + checks)[checks != 10]
    if n > len(numbers):
        raise ValueError(f"The test range holds {len(numbers):,} NHS numbers, fewer than {n:,}.")
    return rng.permutation(numbers)[:n]
