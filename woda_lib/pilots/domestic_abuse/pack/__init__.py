"""The night's pack as one page that asks nothing of any network: what the meeting reads and prints.

The page names people. It is kept with `run.save_document` and read with ``woda restricted open``,
which fills its one place for who opened it, and until when.
"""

from __future__ import annotations

from woda_lib.pilots.domestic_abuse.pack.page import pack_page

__all__ = ["pack_page"]
