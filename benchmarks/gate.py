"""What the disclosure gate costs: its share of the time that a run's cells take, in the same run.

python benchmarks/gate.py [demo]

Each notebook of patient flow is executed in this process, cell by cell, with a stopwatch around
everything that the gate does: remembering what was loaded, gating tables, figures, values and
texts, keeping counts, the file for output checkers, and the last look at the finished folder. A run
through `woda` takes longer (kernels, rendering), so that the share there is smaller.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.interactiveshell import InteractiveShell

ROOT = Path(__file__).parents[1]


class Stopwatch:
    """Processor seconds spent in named places; what is called from within is counted once."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._running = False

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        """Count the block under a name, unless another count is running."""
        if self._running:
            yield
            return
        self._running, began = True, time.process_time()
        try:
            yield
        finally:
            self._running = False
            self.seconds[name] += time.process_time() - began

    def wrap(self, owner: Any, attribute: str, name: str) -> None:
        """Count every call of a function or method."""
        whole = getattr(owner, attribute)

        def timed(*arguments: Any, **keywords: Any) -> Any:
            with self.time(name):
                return whole(*arguments, **keywords)

        setattr(owner, attribute, timed)


def watch(watch: Stopwatch) -> Callable[[Path, list[Any]], None]:
    """Put the stopwatch around the gate; return what is done when all steps have ended."""
    from woda_lib import disclosure
    from woda_lib.notebook import gallery, memory, run

    for owner in (gallery, run):
        for attribute, name in (
            ("gate_table", "tables and figures' data"),
            ("refuse_people_as_marks", "figures' marks"),
            ("refuse_foreign_marks", "figures' marks"),
            ("gate_text", "texts"),
            ("gate_count", "values"),
            ("safe_cells", "exports"),
        ):
            if hasattr(owner, attribute):
                watch.wrap(owner, attribute, name)
    for attribute in ("note", "refuse_table", "refuse_text"):
        watch.wrap(disclosure.Loaded, attribute, "identifiers that were loaded")
    for attribute in ("write", "others", "keep"):
        watch.wrap(memory.Memory, attribute, "counts kept")

    def afterwards(folder: Path, records: list[Any]) -> None:
        with watch.time("file for output checkers"):
            disclosure.write_results(folder, records, disclosure.Rule())
        with watch.time("last look at all files"):
            disclosure.scan_folder(folder)

    return afterwards


def main(profile: str) -> None:
    """Print a Markdown table: seconds by what the gate does, and its share of the whole."""
    with tempfile.TemporaryDirectory() as place:
        os.environ |= {
            "WODA_ROOT": str(ROOT),
            "WODA_DATA": os.environ.get("WODA_DATA", f"{place}/data"),
            "WODA_OUTPUTS": f"{place}/outputs",
            "WODA_PROFILE": profile,
            "WODA_TODAY": "2026-11-23",
        }
        from woda_lib.records import StepRecord, read_pilot
        from woda_lib.settings import Settings
        from woda_lib.workbench import county_is_missing, make_county

        settings = Settings()
        if county_is_missing(settings):
            make_county(settings, profile)
        InteractiveShell.instance()  # for display() to give handles, as in a kernel
        stopwatch = Stopwatch()
        afterwards = watch(stopwatch)
        pilot = read_pilot(settings.parameters_folder / "patient_flow.yaml")
        began = time.process_time()
        for step in pilot.steps:
            path = settings.notebooks_folder / pilot.pilot / f"{step.name}.ipynb"
            namespace: dict[str, Any] = {}
            for cell in nbformat.read(path, as_version=4).cells:
                if cell.cell_type == "code":
                    with contextlib.redirect_stdout(io.StringIO()):
                        exec(cell.source, namespace)
        folder = settings.outputs_folder / pilot.pilot / "draft"
        records = [
            StepRecord.model_validate_json((folder / "steps" / f"{s.name}.json").read_text())
            for s in pilot.steps
        ]
        afterwards(folder, records)
        whole = time.process_time() - began
        gate = sum(stopwatch.seconds.values())
        print(f"| what the gate does | seconds ({profile}) | share |\n|---|---|---|")
        for name, seconds in sorted(stopwatch.seconds.items(), key=lambda item: -item[1]):
            print(f"| {name} | {seconds:.2f} | {100 * seconds / whole:.2f}% |")
        print(f"| **the gate** | **{gate:.2f}** of {whole:.1f} | **{100 * gate / whole:.1f}%** |")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "demo")
