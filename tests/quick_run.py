"""What `make test` does last: a run of every pilot on the quick county, then the notebooks by hand.

The run goes through papermill as a schedule's would. nbval then opens each notebook as an analyst's
JupyterLab would, top to bottom, and compares the headline values that are stored in git.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache" / "quick"


def main() -> int:
    """Run both; return the first exit code that is not nought."""
    environment = os.environ | {
        "WODA_ROOT": str(ROOT),
        "WODA_DATA": str(CACHE / "data"),
        "WODA_OUTPUTS": str(CACHE / "outputs"),
        "WODA_PROFILE": "quick",
    }
    scripts = Path(sys.executable).parent
    commands = (
        [scripts / "woda", "run", "--profile", "quick"],
        [scripts / "pytest", "--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider",
         "notebooks/"],
    )  # fmt: skip
    for command in commands:
        code = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
