"""A workbench with a run that may be released, reviewers with real SSH keys, and means to spoil it.

The run is one of the bench's, as if its code had been committed and a colleague had run it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.workbench.bench import Bench
from woda_lib.records import (
    Manifest,
    Pilot,
    ReleaseFolder,
    ReleaseStanding,
    RunFolder,
    StepRecord,
    complete_runs,
    read_manifest,
    release_standings,
    standing_of,
    write_json,
)
from woda_lib.settings import Settings
from woda_lib.workbench.releases import release_run, sign_release

AUTHOR = "Olu Ade"
COMMIT = "c0ffee" * 6 + "c0ff"
PEOPLE = {
    "anna_price": ("Anna Price", "Analytical lead"),
    "ben_shah": ("Ben Shah", "Caldicott Guardian"),
    "olu_ade": ("Olu Ade", "Data scientist"),
}


def make_key(folder: Path, name: str, *options: str) -> Path:
    """Make an SSH key, and return where its private half lies."""
    path = folder / name
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path), *options]
    subprocess.run(command, check=True)
    return path


@dataclass
class Hub:
    """A workbench whose run can be released and signed."""

    bench: Bench
    keys: Path

    @property
    def settings(self) -> Settings:
        return self.bench.settings

    @property
    def pilot(self) -> Pilot:
        return self.bench.pilot

    @property
    def run(self) -> RunFolder:
        """The last complete run."""
        return complete_runs(self.settings.outputs_folder, "tiny")[-1]

    @property
    def releases(self) -> Path:
        return self.settings.outputs_folder / "releases" / "tiny"

    def folder(self, version: str = "1.0") -> ReleaseFolder:
        return ReleaseFolder(self.releases / version)

    def add_reviewer(self, name: str, **changes: Any) -> None:
        """Write a reviewer's file; the key is made if it is not there."""
        said, role = PEOPLE.get(name, (name.title(), "Somebody"))
        key = self.keys / name
        if not key.exists():
            make_key(self.keys, name)
        content = {
            "reviewer": name,
            "name": said,
            "role": role,
            "signs": "real data",
            "known_as": [f"{name.split('_')[0]}@woda.example"],
            "keys": [{"key": key.with_suffix(".pub").read_text()}],
        }
        self.bench.write(f"parameters/reviewers/{name}.yaml", yaml.safe_dump(content | changes))

    def change_run(
        self,
        run: RunFolder | None = None,
        step: Callable[[StepRecord], dict[str, Any]] = lambda record: {},
        **changes: Any,
    ) -> Manifest:
        """Write other things down of a run: in its manifest, and in each step's record."""
        run = run or self.run
        manifest = read_manifest(run)
        steps = tuple(record.model_copy(update=step(record)) for record in manifest.steps)
        for record in steps:
            write_json(run.record(record.step), record)
        manifest = manifest.model_copy(update={"steps": steps, **changes})
        write_json(run.manifest, manifest)
        return manifest

    def another_run(self, run_id: str, doubled: float | None = None, **changes: Any) -> RunFolder:
        """Copy the last run under another name, with another value and other things in it."""
        run = RunFolder(self.run.path.with_name(run_id))
        shutil.copytree(self.run.path, run.path)

        def another_value(record: StepRecord) -> dict[str, Any]:
            if doubled is None:
                return {}
            moved = {"value": doubled, "low": doubled - 1, "high": doubled + 1}
            return {
                "values": tuple(
                    value.model_copy(update=moved) if value.name == "doubled" else value
                    for value in record.values
                )
            }

        self.change_run(run, another_value, run_id=run_id, **changes)
        return run

    def release(self, **keywords: Any) -> ReleaseStanding:
        return release_run(self.pilot, settings=self.settings, **keywords)

    def sign(self, who: str, version: str = "1.0") -> ReleaseStanding:
        return sign_release("tiny", version, settings=self.settings, key=self.keys / who)

    def signed(self, version: str = "1.0") -> ReleaseStanding:
        """Let two reviewers sign."""
        self.sign("anna_price", version)
        return self.sign("ben_shah", version)

    def standing(self, version: str = "1.0") -> ReleaseStanding:
        return standing_of("tiny", version, self.settings)

    def standing_or_none(self) -> ReleaseStanding | None:
        """How the only release stands, if there is one."""
        return next(iter(release_standings(self.settings, "tiny")), None)

    def signature(self, who: str, content: bytes, namespace: str = "woda-release") -> bytes:
        """Make a signature by hand."""
        command = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(self.keys / who)]
        return subprocess.run(command, input=content, capture_output=True, check=True).stdout

    def drop_signature(self, who: str, content: bytes, version: str = "1.0") -> None:
        """Put a file among the signatures by hand, past `woda sign`."""
        self.folder(version).signature(who).write_bytes(content)

    def log(self, kind: str) -> list[dict[str, Any]]:
        """The audit log's records of a kind."""
        lines = self.settings.audit_file.read_text().splitlines()
        return [record for line in lines if (record := json.loads(line))["kind"] == kind]
