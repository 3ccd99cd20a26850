"""The part of `make test` that runs every pilot on the quick county, then the notebooks by hand.

The run goes through papermill as a schedule's would. nbval then opens each notebook as an analyst's
JupyterLab would, top to bottom, and compares the headline values that are stored in git; their
kernels are forked from one server (`forked_kernels`). Between the two, Chromium opens the reports.
With ``--store`` the notebooks are executed in the same way and the new headline values are stored.

It begins with nothing: people keep the identifiers of an earlier run, and some values go by them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain, groupby
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tests.forked_kernels import NUMBER
from woda_lib.records import read_pilots
from woda_lib.settings import Settings
from woda_lib.workbench.execution.warm import WarmKernels, warm_kernels

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache" / "quick"
KEPT = {"keep_output", "nbval-check-output"}
SETTINGS = {
    "WODA_ROOT": str(ROOT),
    "WODA_DATA": str(CACHE / "data"),
    "WODA_OUTPUTS": str(CACHE / "outputs"),
    "WODA_PROFILE": "quick",
    "WODA_TODAY": "2026-11-23",  # the stored values must not expire with the agreement
}

ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Half the start of each pytest was the import of plug-ins that none of them uses."""


def notebooks() -> list[Path]:
    """Every notebook, in the order in which a pilot's steps build on each other."""
    found = (ROOT / "notebooks").rglob("*.ipynb")
    return sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)


def store() -> None:
    """Execute the notebooks and keep the outputs of the cells that hold headline values."""
    for path in notebooks():
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}).execute()
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
            if cell.cell_type == "code" and not KEPT & set(cell.metadata.get("tags", [])):
                cell.update(outputs=[], execution_count=None)
        notebook.metadata.pop("language_info", None)
        notebook.metadata.pop("widgets", None)
        notebook.metadata.get("kernelspec", {}).pop("display_name", None)
        nbformat.write(notebook, path)


def main(arguments: list[str]) -> int:
    """Run everything; return the first exit code that is not nought."""
    os.environ |= SETTINGS
    shutil.rmtree(CACHE, ignore_errors=True)
    scripts = Path(sys.executable).parent
    make = [scripts / "woda", "extracts", "make", "--profile", "quick"]
    run = [scripts / "woda", "run", "--profile", "quick"]
    pytest = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    # The library first: it spares whatever reads notebooks a second of grammars.
    plugins = ["-p", "woda_lib", "-p", "nbval.plugin", "-p", "tests.forked_kernels"]
    check = [*pytest, *plugins, "--nbval-lax", "--nbval-current-env"]
    for command in (make, run):
        if code := subprocess.run(list(map(str, command)), cwd=ROOT).returncode:
            return code
    if "--store" in arguments:
        store()
        return 0
    reports = [*pytest, "tests/reports_of_a_run.py"]
    by_pilot = [list(own) for _, own in groupby(notebooks(), key=lambda path: path.parent)]
    settings = Settings()
    pilots = list(read_pilots(settings.parameters_folder).values())
    # Pilots build on nothing of each other's drafts. Two processes start more cheaply than eight.
    lots = [list(chain.from_iterable(by_pilot[first::2])) for first in (0, 1)]
    with warm_kernels(pilots, settings) as warm, ThreadPoolExecutor(2) as pool:
        commands = [reports, *([*check, *lot] for lot in lots)]
        ended = list(pool.map(partial(told, warm=warm), commands))
    return next((one.returncode for one in ended if one.returncode), 0)


def told(command: list[object], *, warm: WarmKernels | None) -> subprocess.CompletedProcess[str]:
    """Run a command beside another, and say what it said once it is done."""
    ended = subprocess.run(
        list(map(str, command)),
        cwd=ROOT,
        env=os.environ | ALONE | ({NUMBER: str(warm.number)} if warm else {}),
        pass_fds=[warm.number] if warm else [],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    sys.stdout.write(ended.stdout)
    return ended


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
