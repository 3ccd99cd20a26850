"""A run's results in the form of ACRO's `results.json`, for the output checkers' own viewer.

ACRO writes a file that lists every output with the checks it met, and SACRO's viewer opens the
folder that holds it. The same file beside a run lets a checker who knows that viewer look at what
the gate did, output by output. Withheld cells are listed under the rule that began it, without
telling which of them were withheld for another's sake: that would help to undo it.

Tried with ACRO 1.0.2, whose loader opens it; other versions refuse a file that does not bear their
own number.

References
----------
Smith, J., Preen, R. et al. *ACRO*, https://github.com/AI-SDC/ACRO: `acro/record.py` (the format).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from woda_lib.disclosure.rule import Rule
from woda_lib.records import Shown, StepRecord

ACRO_VERSION = "1.0.2"
FILE = "results.json"
CHECKSUMS = "checksums"

_CHECKS = {
    "threshold": "MinimumThresholdCheck",
    "full": "RequiredZeroCheck",
    "differencing": "PresenceOfLinkedTableCheck",
    "dominance": "NKCheck",
    "p_percent": "PPercentCheck",
}
"""ACRO's names for the gate's rules."""


def write_results(folder: Path, records: Sequence[StepRecord], rule: Rule) -> None:
    """Write ``results.json``, ``config.json`` and the files' checksums to a run's folder.

    Parameters
    ----------
    folder : Path
        The run's; exported files are named from there.
    records : sequence of StepRecord
        Its steps.
    rule : Rule
        What the gate went by.
    """
    results = {
        f"{record.step}/{shown.name}": _result(f"{record.step}/{shown.name}", record, shown)
        for record in records
        for shown in record.shown
    }
    content = {
        "version": ACRO_VERSION,
        "tool": {
            "@type": "SoftwareApplication",
            "name": "WODA workbench, in the format of ACRO",
            "url": "https://github.com/AI-SDC/ACRO",
            "version": ACRO_VERSION,
        },
        "results": results,
    }
    config = {
        "safe_threshold": rule.threshold,
        "safe_dof_threshold": rule.minimum_degrees_of_freedom,
        "safe_nk_n": rule.dominance_n,
        "safe_nk_k": rule.dominance_k / 100,
        "safe_pratio_p": rule.p_percent / 100,
        "rounding": rule.rounding,
    }
    for name, made in ((FILE, content), ("config.json", config)):
        text = json.dumps(made, indent=2, ensure_ascii=False) + "\n"
        (folder / name).write_text(text, encoding="utf-8")
    for result in results.values():
        for file in result["files"]:
            digest = hashlib.sha256((folder / file["name"]).read_bytes()).hexdigest()
            path = folder / CHECKSUMS / f"{file['name']}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(digest, encoding="utf-8")


def _result(uid: str, record: StepRecord, shown: Shown) -> dict[str, Any]:
    checks = [acro for rule, acro in _CHECKS.items() if shown.checks.get(rule)]
    # A figure's drawing has no cells; those of its data stand in the CSV file.
    cells = {checks[0]: [list(place) for place in shown.withheld]} if checks else {}
    summary = {check: len(places) for check, places in cells.items()}
    said = [f"{len(shown.withheld)} cells withheld" if shown.withheld else "no cell withheld"]
    if shown.not_people:
        said.append(f"said not to count people: {', '.join(shown.not_people)}")
    return {
        "uid": uid,
        "status": "review" if shown.withheld or shown.not_people else "pass",
        "type": "table",
        "properties": {"method": shown.kind, "mitigation": "suppress and round"},
        "files": [
            {
                "name": name,
                "sdc": {"summary": summary, "cells": cells} if name.endswith(".csv") else {},
            }
            for name in shown.files
        ],
        "outcome": {},
        "command": f"run.show(…, name={shown.name!r})",
        "summary": f"{shown.caption}: {'; '.join(said)}.",
        "timestamp": record.finished.replace(tzinfo=None).isoformat(),
        "comments": [],
        "exception": "Suppressed and rounded by the gate." if shown.withheld else "",
        "fair": {"context": "https://w3id.org/statbarnsdc#", "checks_needed": checks},
    }
