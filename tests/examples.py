"""How many examples a property is tried on: a few with all tests, all of them under `make prove`.

What is left for `make prove` bears the marker `property`; `make test` runs it too, on fewer.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings


def examples(few: int, many: int, **more: Any) -> Callable[[Callable[..., None]], Any]:
    """Mark a test of a property that takes long, and say how often it is tried.

    Parameters
    ----------
    few, many : int
        With all tests, and where the environment says ``EXAMPLES=many``.
    more
        As for `hypothesis.settings`; there is no deadline.
    """
    number = many if os.environ.get("EXAMPLES") == "many" else few
    tried = settings(deadline=None, max_examples=number, **more)
    return lambda test: pytest.mark.property(tried(test))
