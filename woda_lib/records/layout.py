"""Where a run's files lie below `outputs/`, and which runs are complete.

::

    outputs/<pilot>/<run>/manifest.json            written last; a run without it is not complete
    outputs/<pilot>/<run>/<step>.html              the report
    outputs/<pilot>/<run>/<step>.ipynb             the executed notebook
    outputs/<pilot>/<run>/steps/<step>.json        the step's record
    outputs/<pilot>/<run>/shown/<step>/<name>.*    what passed the gate: CSV, SVG
    outputs/<pilot>/<run>/results.json             the same for output checkers' viewers (ACRO's
                                                   format, with config.json and checksums/)
    outputs/<pilot>/<run>/restricted/<step>/*.parquet   row-level tables
    outputs/<pilot>/<run>/restricted/<step>/*.html.enc  encrypted pages, such as a named pack
    outputs/<pilot>/<run>/restricted/<step>/*.model.enc  encrypted models
    outputs/<pilot>/.<run>.partial/                a run in the making; renamed when complete
    outputs/<pilot>/.<run>.partial/steps/<step>.made.json   of each of its steps that is done
    outputs/<pilot>/attempt.json                   how the last attempt to run the pilot ended
    outputs/<pilot>/attempt.jsonl                  its log: a line an event, no values
    outputs/<pilot>/sweeps/<id>/index.html         a sweep's report, with sweep.json and values.csv
    outputs/<pilot>/sweeps/<id>/<run>/             one scenario of it, a whole run
    outputs/.locks/<pilot>                         who is running the pilot
    outputs/releases/<pilot>/<version>/            what people sign (`records.releases`)
    outputs/.cache/                                what can be worked out again; delete it freely
    outputs/index.json                             every run and release with its values
    outputs/<pilot>/.released-<version>/           the true counts that a release keeps
    outputs/<pilot>/draft/                         what an analyst tries out, same layout
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from woda_lib.errors import WodaError
from woda_lib.records.runs import Manifest, StepRecord

DRAFT = "draft"
RESERVED = frozenset(("benchmarks", "docs", "releases", "site"))
"""Folders below ``outputs/`` that hold no pilot's runs, so that no pilot may have their names."""
SWEEPS = "sweeps"
DOCUMENT = ".html.enc"
MODEL = ".model.enc"
RESTRICTED_ENDS = (".parquet", DOCUMENT, MODEL)
"""How the files below a run's ``restricted/`` end: tables, encrypted pages, encrypted models."""
_KEPT = ".released-"


class ManifestError(WodaError):
    """A run's manifest cannot be read."""


@dataclass(frozen=True)
class RunFolder:
    """The layout of one run (or draft) below its folder."""

    path: Path

    @property
    def manifest(self) -> Path:
        """The file that makes a run complete."""
        return self.path / "manifest.json"

    def notebook(self, step: str) -> Path:
        """The executed notebook of a step."""
        return self.path / f"{step}.ipynb"

    def report(self, step: str) -> Path:
        """The rendered report of a step."""
        return self.path / f"{step}.html"

    def record(self, step: str) -> Path:
        """What the step wrote down."""
        return self.path / "steps" / f"{step}.json"

    def made(self, step: str) -> Path:
        """How the step came about, while its run is in the making; the manifest says it then."""
        return self.path / "steps" / f"{step}.made.json"

    def restricted(self, step: str) -> Path:
        """The folder of the step's row-level tables."""
        return self.path / "restricted" / step

    def shown(self, step: str) -> Path:
        """The folder of tables and figures that passed the gate."""
        return self.path / "shown" / step

    def table(self, step: str, name: str) -> Path:
        """A row-level table, restricted."""
        return self.restricted(step) / f"{name}.parquet"

    def document(self, step: str, name: str) -> Path:
        """An encrypted page, restricted."""
        return self.restricted(step) / f"{name}{DOCUMENT}"

    def model(self, step: str, name: str) -> Path:
        """An encrypted model, restricted."""
        return self.restricted(step) / f"{name}{MODEL}"

    def kept(self, step: str | None = None, name: str | None = None) -> list[Path]:
        """Row-level tables, encrypted pages and models: all, or a step's, or those of a name."""
        files = (self.path / "restricted").glob(f"{step or '*'}/*")
        wanted = {f"{name}{end}" for end in RESTRICTED_ENDS}
        return sorted(
            path
            for path in files
            if (path.name in wanted if name else path.name.endswith(RESTRICTED_ENDS))
            and not path.name.startswith(".")
        )


def new_run_id(now: datetime) -> str:
    """Return an identifier that sorts by time and is safe as a file name everywhere.

    After the second stand 256ths of it, since a run that takes all over ends within one, and what
    chance says.
    """
    part = now.microsecond * 256 // 1_000_000
    return f"{now:%Y-%m-%dT%H-%M-%S}-{part:02x}{secrets.token_hex(1)}"


def partial_folder(outputs: Path, pilot: str, run_id: str) -> Path:
    """Return the hidden folder that a run is written to until it is complete."""
    return outputs / pilot / f".{run_id}.partial"


def kept_folder(outputs: Path, pilot: str, version: str) -> RunFolder:
    """Return where the true counts of a release are kept; retention knows it as it knows a run."""
    return RunFolder(outputs / pilot / f"{_KEPT}{version}")


def kept_counts(outputs: Path, pilot: str) -> list[RunFolder]:
    """Return what the releases of a pilot keep of their counts."""
    return [RunFolder(path) for path in sorted((outputs / pilot).glob(f"{_KEPT}*"))]


def complete_runs(outputs: Path, pilot: str) -> list[RunFolder]:
    """Return the complete runs of a pilot, the oldest first."""
    folder = outputs / pilot
    if not folder.is_dir():
        return []
    return [
        RunFolder(path)
        for path in sorted(folder.iterdir())
        if path.is_dir()
        and not path.name.startswith(".")
        and (path / "manifest.json").is_file()
        and path.name != DRAFT
    ]


def every_run(outputs: Path, pilot: str) -> list[RunFolder]:
    """Return whatever was shown of a pilot: its complete runs, then each scenario of its sweeps.

    A sweep is never a pilot's answer. But what it shows stays shown, so the gate compares with it,
    and so does whoever proves the audit log; sweeps in the making are among them.
    """
    sweeps = outputs / pilot / SWEEPS
    found = complete_runs(outputs, pilot)
    for sweep in sorted(sweeps.iterdir()) if sweeps.is_dir() else []:
        found += complete_runs(sweeps, sweep.name)
    return found


def read_manifest(run: RunFolder) -> Manifest:
    """Read a complete run's manifest.

    Raises
    ------
    ManifestError
        If the file is damaged or was written by a workbench with another layout.
    """
    try:
        return Manifest.model_validate_json(run.manifest.read_text(encoding="utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise ManifestError(
            f"The manifest of {run.path.parent.name}/{run.path.name} cannot be read "
            f"({type(error).__name__}). Run the pilot again, or remove that run's folder."
        ) from None


def read_step_record(run: RunFolder, step: str) -> StepRecord | None:
    """Return what a step wrote down; nothing where it is absent or cannot be read."""
    try:
        return StepRecord.model_validate_json(run.record(step).read_text(encoding="utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError):
        return None
