"""What every notebook keeps to, whatever it asks."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from woda_lib.records import read_pilots

ROOT = Path(__file__).parents[1]
PATHS = sorted((ROOT / "notebooks").glob("*/*.ipynb"))
PILOTS = read_pilots(ROOT / "parameters")
KEPT = {"keep_output", "nbval-check-output"}
each = pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.stem}")


def tags(cell):
    return set(cell.metadata.get("tags", []))


def test_every_step_has_a_notebook_and_every_notebook_is_a_step():
    steps = {f"{pilot.pilot}/{step.name}" for pilot in PILOTS.values() for step in pilot.steps}
    assert {f"{path.parent.name}/{path.stem}" for path in PATHS} == steps


@each
def test_the_parameters_cell_says_what_the_parameter_file_says(path):
    pilot = PILOTS[path.parent.name]
    step = pilot.step(path.stem)
    cells = nbformat.read(path, as_version=4).cells
    (cell,) = [cell for cell in cells if "parameters" in tags(cell)]
    lines = ast.parse(cell.source).body
    assert all(isinstance(line, ast.AnnAssign) for line in lines), "every line is typed"
    set_here = {line.target.id: ast.literal_eval(line.value) for line in lines}
    assert list(set_here) == list(step.parameters)
    for name, value in set_here.items():
        assert value == pilot.parameters[name].plain(pilot.parameters[name].value), name
    assert cell.source.count("#") >= len(lines), "every line says its unit and range"


@each
def test_the_question_comes_first_and_only_headline_values_are_stored(path):
    cells = nbformat.read(path, as_version=4).cells
    assert cells[0].source.startswith("# ")
    assert cells[0].source.splitlines()[0].endswith("?")
    for cell in cells:
        if cell.cell_type == "code" and not KEPT & tags(cell):
            assert not cell.outputs
    assert any("nbval-check-output" in tags(cell) and cell.outputs for cell in cells)


@each
def test_every_value_has_a_label_that_says_what_it_is(path):
    cells = nbformat.read(path, as_version=4).cells
    calls = [
        node
        for cell in cells
        if cell.cell_type == "code"
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "run.value"
    ]
    assert calls
    for call in calls:
        by_library = not call.args  # all of it comes from there: `**headline`
        assert by_library or "label" in {each.arg for each in call.keywords}, ast.unparse(call)


def test_what_is_stored_with_every_step_survives_the_commit_hook():
    hook = Path(sys.executable).parent / "nbstripout"
    keys = "metadata.language_info metadata.kernelspec.display_name cell.metadata.execution"
    # One process for all notebooks, as the hook is called: it names each that it would change.
    found = subprocess.run(
        [hook, "--verify", "--keep-count", "--keep-id", "--extra-keys", keys, *PATHS],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout


@each
def test_prose_says_nothing_of_how_many_that_the_data_could_contradict(path):
    """Text is written before the data come; what they say stands in values and captions."""
    cells = nbformat.read(path, as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert not re.findall(r".*\b(?:[Nn]early|[Hh]ardly|next to nothing|most often)\b.*", prose)
