"""A step that fails says where and with what, and quotes no row; what was there before stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workbench.bench import HAND, notebook
from woda_lib.errors import WodaError
from woda_lib.workbench import CellError, ForeignOutput, KernelDied, UnfinishedStep
from woda_lib.workbench.execution.engine import CellFailed
from woda_lib.workbench.execution.failures import Place, cell_error

PERSON = "Smith, 943 476 5919"
PLACE = Place("tiny", "1_count", "notebooks/tiny/1_count.ipynb", {"start": 3, "since": "2023"})
LIBRARY = Path(__file__).parents[2] / "woda_lib"


def failed(name: str, message: str, *traceback: str) -> CellFailed:
    """A failure of the second code cell, as the engine hands it over."""
    cells = notebook(
        [
            "# Why?",
            ("start = 3", "parameters"),
            ("start = 4", "injected-parameters"),
            "## Who waits\nAnd where.",
            "people = {}\n\npeople[start]",
        ]
    )
    for count, index in enumerate((1, 2, 4), start=1):
        cells.cells[index].execution_count = count
    return CellFailed(cells, 4, name, message, traceback)


def test_a_failing_cell_is_found_as_jupyterlab_numbers_it_under_its_heading():
    said = str(cell_error(failed("KeyError", PERSON, "\x1b[36mCell In[3], line 3\x1b[0m"), PLACE))
    assert said.splitlines() == [
        "tiny stopped in step 1_count, at cell 4 (under “Who waits”).",
        "Parameters: start=3, since=2023",
        "KeyError (its message is withheld, because it may quote a row; open "
        "notebooks/tiny/1_count.ipynb with `woda lab` and run it to see it)",
        "  cell 4, line 3: people[start]",
    ]


@pytest.mark.parametrize(
    ("name", "message", "shown"),
    [
        ("NameError", "name 'peple' is not defined", True),
        ("ModuleNotFoundError", "No module named 'pandsa'", True),
        ("MemoryError", "", True),
        ("NameError", f"name '{PERSON}' is not defined", False),  # somebody evaluated a row
        ("KeyError", PERSON, False),
        ("ValueError", "could not convert string to float: 'Smith'", False),
        ("SchemaError", "surname 'Smith' failed", False),
        ("ParameterError", "another library's class of that name: Smith", False),
    ],
)
def test_a_message_is_shown_only_where_it_cannot_come_from_a_row(name, message, shown):
    said = str(cell_error(failed(name, message), PLACE))
    assert name in said
    assert (f"{name}: {message}" in said) is shown
    assert ("withheld" in said) is not shown
    assert "Smith" not in said


def test_lines_are_quoted_from_the_code_itself_and_never_from_what_the_kernel_sent():
    frames = (
        "Cell In[3], line 3\n----> 3 Smith",
        f"File {LIBRARY}/errors.py:6, in Smith(Smith)\n--> Smith",
        "File /usr/lib/python3/Smith.py:1, in get\n--> Smith",
        f"KeyError: Smith\nFile {LIBRARY}/errors.py:1, in Smith",
        "Cell In[99], line 1\nSmith",
        "Cell In[3], line 99\nSmith",
    )
    said = str(cell_error(failed("KeyError", "Smith", *frames), PLACE))
    assert "Smith" not in said
    assert said.splitlines()[3:] == [
        "  cell 4, line 3: people[start]",
        "  woda_lib/errors.py, line 6: class WodaError(Exception):",
        "  cell 4, line 99: ",
    ]


def test_a_failing_step_says_so_without_the_row_and_leaves_nothing(bench, capfd):
    bench.ask_one_step(
        "# What goes wrong?",
        "def of(person):\n    raise ValueError(person)",
        "## Waiting",
        (f"print({PERSON!r})\nof({PERSON!r}[:5])", "raises-exception"),  # no excuse in a run
    )
    with pytest.raises(CellError) as caught:
        bench.run()
    said = str(caught.value)
    assert caught.value.exit_code == 1
    assert "tiny stopped in step 1_only, at cell 4 (under “Waiting”)." in said
    assert "ValueError (its message is withheld" in said
    assert "cell 2, line 2: raise ValueError(person)" in said
    assert caught.value.__notes__ == ["Nothing of this run was kept. tiny has no complete run yet."]
    assert bench.runs() == []
    for stream in capfd.readouterr():
        assert "Smith" not in stream


def test_an_error_of_the_workbenchs_own_is_shown_in_full_and_the_last_run_still_stands(bench):
    before = bench.write("outputs/tiny/2025-03-31T06-00-00-ab12/manifest.json", "{}").parent
    fail = "from woda_lib.records import TableNotFound\nraise TableNotFound('Two,\\nin full.')"
    bench.write_notebook("1_count", ["# How?", ("start: int = 3", "parameters"), fail])
    with pytest.raises(CellError, match="TableNotFound: Two,\nin full") as caught:
        bench.run()
    assert "withheld" not in str(caught.value)
    assert bench.runs() == [before.name]
    assert caught.value.__notes__[0].endswith(f"still stands: {before}")


def test_a_class_that_only_shares_a_name_with_ours_is_not_trusted(bench):
    bench.ask_one_step(
        "class ParameterError(Exception):\n    pass", "raise ParameterError('Smith')"
    )
    with pytest.raises(CellError, match="withheld") as caught:
        bench.run()
    assert "'Smith'" not in str(caught.value).replace("raise ParameterError('Smith')", "")


def test_a_kernel_that_dies_is_told_from_a_cell_that_fails(bench):
    bench.ask_one_step("# What goes wrong?", "import os\nos._exit(9)")
    with pytest.raises(KernelDied, match=r"at cell 2 .*\n.*\n.*most often because memory ran out"):
        bench.run()
    assert bench.runs() == []


def test_outputs_that_did_not_pass_the_gate_fail_the_step_and_every_cell_is_named(bench):
    bench.ask_one_step(
        "# What goes wrong?",
        HAND,
        f"print({PERSON!r})\nshow('value', 'this one is ours')",
        f"import warnings\nwarnings.warn({PERSON!r})",
        "## Looking",
        f"{PERSON!r}",
        f"display({PERSON!r})",
        "finish('1_only', {}, 'Answered.')",
    )
    with pytest.raises(ForeignOutput) as caught:
        bench.run()
    said = str(caught.value)
    assert said.splitlines()[2].split(": ")[1].split(". ")[0].split("; ") == [
        "cell 3 (under “What goes wrong?”) prints text",
        "cell 4 (under “What goes wrong?”) writes warnings",
        "cell 6 (under “Looking”) ends in a value",
        "cell 7 (under “Looking”) displays an object",
    ]
    assert "run.show" in said
    assert "Smith" not in said
    assert bench.runs() == []


def test_a_notebook_that_never_finishes_is_refused(bench):
    bench.ask_one_step("# What goes wrong?", "x = 1")
    with pytest.raises(UnfinishedStep, match=r"never called run\.finish\(\)"):
        bench.run()
    assert bench.runs() == []


def test_every_failure_is_the_persons_to_mend_and_ends_in_one():
    for failure in (CellError, KernelDied, ForeignOutput, UnfinishedStep):
        assert issubclass(failure, WodaError)
        assert failure.exit_code == 1
