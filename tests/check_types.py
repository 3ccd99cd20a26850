"""mypy over the library, looking for garbage seldom; `make types` calls this.

mypy looks for garbage after every 200,000 objects that it makes, which was 95 of the 178 processor
seconds of a first check of this library. After every ten million a check takes 80, for 1.8 GB of
memory instead of 0.9 GB; more objects, or no look at all, save nothing more.
"""

from __future__ import annotations

import gc
from unittest.mock import patch

from mypy.__main__ import console_entry

OBJECTS = 10_000_000

if __name__ == "__main__":
    gc.set_threshold(OBJECTS, 30, 30)
    with patch.object(gc, "set_threshold"):  # mypy begins by setting its own
        console_entry()
