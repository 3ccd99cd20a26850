"""Where work that can be done again is kept between sessions; needs no workbench.

Apart from the settings, whose parser takes longer to start than a county of ten thousand to link.
"""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """The user's folder of work that can be done again; may be deleted at any time.

    It is ``WODA_CACHE``, whose letters may be small as those of all settings, or ``.cache/woda`` in
    the user's home.
    """
    given = {name.upper(): text for name, text in os.environ.items()}.get("WODA_CACHE")
    folder = Path.home() / ".cache" / "woda" if given is None else Path(given)
    return folder.resolve()
