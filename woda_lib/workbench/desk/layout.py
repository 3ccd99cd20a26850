"""The files of a new pilot, rendered from templates: notebook, parameters, agreement, rules, test.

The pilot that they make asks a small question of the hospitals' stays and answers it truly, so that
everything that holds for a pilot holds for it from its first minute.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from woda_lib.workbench.desk.rendering import TEMPLATES, render
from woda_lib.workbench.desk.sheet import cells_of

EXAMPLE_QUESTION = "How many stays begin in Worcestershire's hospitals in a month?"
DATASET = "hospital_spells"
FIELDS = ("spell_id", "admission_date")
TRUST = "worcestershire_acute"
STEP = "1_first_look"
_STARTS = date(2026, 4, 1)  # before any day that tests hold still at


@dataclass(frozen=True)
class Draft:
    """What a new pilot is told apart by.

    Attributes
    ----------
    pilot, title, question, owner : str
    agreement : str
        The name of its agreement, or ``none`` for a study.
    purpose : str
        One of the agreement's.
    opt_outs : bool
        Whether people's opt-outs apply for that purpose.
    new_agreement : bool
        Whether the agreement is laid out too, as a draft.
    study : bool
    """

    pilot: str
    title: str
    question: str
    owner: str
    agreement: str
    purpose: str
    opt_outs: bool
    new_agreement: bool
    study: bool


def paths_of(pilot: str, *, new_agreement: bool) -> list[Path]:
    """Return what a new pilot consists of, from the checkout: folders and files.

    The parameter file stands last: with it the pilot is there.
    """
    agreement = [Path("parameters", "agreements", f"{pilot}.yaml")] if new_agreement else []
    return [
        Path("woda_lib", "pilots", pilot),
        Path("tests", "pilots", f"test_{pilot}.py"),
        Path("notebooks", pilot),
        *agreement,
        Path("parameters", f"{pilot}.yaml"),
    ]


def texts_of(draft: Draft, *, today: date) -> dict[Path, str]:
    """Return the text of every file of a new pilot by its path from the checkout."""
    facts = vars(draft) | {
        "example_question": EXAMPLE_QUESTION,
        "seed": f"{today:%Y%m%d}",
        "starts": _STARTS,
        "review": date(today.year + 3, 3, 31),
        "ends": date(today.year + 4, 3, 31),
    }
    rules, test, notebooks, *agreement, parameters = paths_of(
        draft.pilot, new_agreement=draft.new_agreement
    )
    texts = {
        rules / "__init__.py": render("rules_init.py", facts),
        rules / "counting.py": render("rules_counting.py", facts),
        test: render("test_rules.py", facts),
        notebooks / f"{STEP}.ipynb": _notebook(render("notebook.md", facts), draft.opt_outs),
        parameters: render("parameters.yaml", facts),
    }
    return texts | {path: render("agreement.yaml", facts) for path in agreement}


def _notebook(sheet: str, opt_outs: bool) -> str:
    """Make a notebook of a sheet, with the values of the quick county where they are kept."""
    cells = cells_of(sheet)
    kept = json.loads((TEMPLATES / "values.json").read_text(encoding="utf-8"))
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    for number, cell in enumerate(code, start=1):
        if "nbval-check-output" in cell["metadata"].get("tags", ()):
            cell["execution_count"] = number
            cell["outputs"] = kept["opt_outs applied" if opt_outs else "opt_outs not applied"]
    content: dict[str, Any] = {
        "cells": [_by_line(cell) for cell in cells],
        "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _by_line(cell: dict[str, Any]) -> dict[str, Any]:
    """Write a cell's source as nbformat does in files, a line each."""
    return cell | {"source": cell["source"].splitlines(keepends=True)}
