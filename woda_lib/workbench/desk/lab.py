"""How JupyterLab is started: on this checkout, with this interpreter, at the start page."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from woda_lib.settings import Settings

_OUR_DEFAULTS = Path(__file__).parent / "jupyter"
"""Settings of JupyterLab that differ here: Markdown opens as a page to read and not as its source,
and nothing is asked of any network (news, newer versions).

They are defaults of defaults: what a user has chosen in JupyterLab stands above them.
"""


def command_of(settings: Settings, page: Path, arguments: Sequence[str]) -> list[str]:
    """Return the command that starts JupyterLab.

    Parameters
    ----------
    settings : Settings
    page : Path
        The start page, below the checkout.
    arguments : sequence of str
        The user's own, which come last and so win.
    """
    root = settings.root.resolve()
    place = quote(page.relative_to(root).as_posix())
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{place}",
        "--LabApp.extension_manager=readonly",  # the environment is locked
        *arguments,
    ]


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment of JupyterLab and of the kernels that it starts."""
    theirs = os.environ.get("JUPYTER_CONFIG_PATH", "")
    return {
        **os.environ,
        "WODA_ROOT": str(settings.root),
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, (theirs, str(_OUR_DEFAULTS)))),
        # So that its terminals know `woda`.
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))),
        # The kernel must be this environment's, also where a user has installed another "python3".
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
