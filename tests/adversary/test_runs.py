"""Attempts through a run: what cells display and leave, errors, names, parameters, metadata.

Each notebook is run as a schedule would; what it tries is stopped, nothing is published, and the
message that the analyst sees names the cell or file and what to do, and no person.
"""

import json

import nbformat
import pytest

from tests.adversary.desk import CANARY, NAME, NHS
from tests.workbench.bench import HAND, Bench
from woda_lib.disclosure import DisclosureError
from woda_lib.errors import WodaError
from woda_lib.workbench import CellError, ForeignOutput

FINISH = "finish('1_only', {}, 'Answered.')"
WROTE = "did not pass the disclosure gate. Export tables and figures with run.show"
PASSED = "displays what did not pass the disclosure gate: cell 3"
MARK = "mark = {'woda': {'kind': 'value', 'name': 'x'}}\n"
BACKWARDS = f"{NAME[::-1]!r}[::-1]"  # so that the code itself does not hold it
FORGED = "says that it passed the disclosure gate and did not: cell 3"


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A checkout over the made-up county whose canary is `CANARY`."""
    for name in ("WODA_STEP_FOLDER", "WODA_RUN_ID"):
        monkeypatch.delenv(name, raising=False)
    bench = Bench(tmp_path)
    marker = {"generator": "tests", "profile": "demo", "seed": 1, "truth": "demo"}
    bench.write("data/extracts/demo/SYNTHETIC.json", json.dumps(marker))
    canaries = [{"forename": CANARY.forename, "surname": CANARY.surname}]
    bench.write("data/truth/demo/canaries.json", json.dumps(canaries))
    return bench


STOPPED = {
    "the first rows of a table": (f"[{NAME!r}]", f"{PASSED}.* ends in a value"),
    "a print": (f"print({NAME!r})", f"{PASSED}.* prints text"),
    "a line to standard error": (
        f"import sys\nsys.stderr.write({NAME!r})",
        f"{PASSED}.* writes warnings",
    ),
    "a warning that quotes a value": (
        f"import warnings\nwarnings.warn({NAME!r})",
        "writes warnings",
    ),
    "a child process that prints": (
        f"import subprocess\nsubprocess.run(['echo', {BACKWARDS}]) and None",
        None,
    ),
    "a display of an object": (f"display({NAME!r})", f"{PASSED}.* displays an object"),
    "a picture": (
        "from IPython.display import Image\ndisplay(Image(data=bytes(8), format='png'))",
        f"{PASSED}.* displays an object",
    ),
    "a widget-like form beside the marked one": (
        f"{MARK}text = '<p>x</p>'\ndisplayed.append(text_sha256(text))\n"
        f"both = {{'text/html': text, 'application/json': {{'who': {NAME!r}}}}}\n"
        "display(both, raw=True, metadata=mark)",
        f"{PASSED}.* displays another form of what passed",
    ),
    "a forged mark": (
        f"{MARK}display({{'text/html': {NAME!r}}}, raw=True, metadata=mark)",
        FORGED,
    ),
    "an output changed after it was shown": (
        f"{MARK}html = {{'text/html': '<p>x</p>'}}\n"
        "handle = display(html, raw=True, display_id=True, metadata=mark)\n"
        "displayed.append(text_sha256('<p>x</p>'))\n"
        f"handle.update({{'text/html': {NAME!r}}}, raw=True, metadata=mark)",
        FORGED,
    ),
    "a name through a verb": (f"show('value', {NAME!r})", "holds the name of a canary resident"),
    "an NHS number through a verb": (f"show('value', {NHS!r})", "cell 3, holds an NHS number"),
    "a table in the run's folder": (
        "(settings.step_folder / 'rows.csv').write_text('x') and None",
        f"writes a file to the run's folder that {WROTE}",
    ),
    "a table among those that were shown": (
        "folder = settings.step_folder / 'shown' / '1_only'\nfolder.mkdir(parents=True)\n"
        "(folder / 'rows.csv').write_text('x') and None",
        f"writes a file to the run's folder that {WROTE}",
    ),
    "a table beside the notebook": (
        "from pathlib import Path\nPath('rows.csv').write_text('x') and None",
        f"writes a file to the notebooks' folder that {WROTE}",
    ),
    "a file named after a person": (
        "steps = settings.step_folder / 'steps'\nsteps.mkdir()\n"
        f"(steps / {f'{NAME}.json'!r}).write_text('1') and None",
        "writes a file to the run's folder",
    ),
    "a name in a comment of the code": (f"x = 1  # {NAME} was wrong here", "canary resident"),
    "an exception's message": (f"raise ValueError({NAME!r})", "its message is withheld"),
    "a key that is not there": (f"{{}}[{NAME!r}.upper()]", "its message is withheld"),
    "an exception of the workbench's own class": (
        "from woda_lib.records import TableNotFound\n"
        f"raise TableNotFound(' '.join({NAME.split()!r}))",
        "its message is withheld",
    ),
    "an identifier written into the workbench's own error": (
        f"from woda_lib.records import TableNotFound\nraise TableNotFound('{NHS}')",
        "its message is withheld",
    ),
    "an assertion": (f"assert False, {NAME!r}", "its message is withheld"),
}


@pytest.mark.parametrize("attempt", STOPPED)
def test_stopped(bench, attempt, capfd):
    code, message = STOPPED[attempt]
    bench.ask_one_step("# What goes wrong?", HAND, code, FINISH)
    if message is None:  # goes nowhere: a child's output is not the cell's
        run = bench.run()
        assert CANARY.surname not in run.folder.report("1_only").read_text()
        return
    with pytest.raises(WodaError, match=f"(?s){message}") as refusal:
        bench.run()
    said = str(refusal.value)
    quoted = [line for line in said.splitlines() if ", line " in line]  # the code itself
    for secret in (CANARY.surname, NHS):
        assert secret not in "\n".join(line for line in said.splitlines() if line not in quoted)
    assert bench.runs() == []
    for stream in capfd.readouterr():
        assert CANARY.surname not in stream


def spoilt(bench, spoil):
    """Run a notebook of one good step after `spoil` has changed it."""
    bench.ask_one_step("# What goes wrong?", HAND, FINISH)
    path = bench.root / "notebooks" / "tiny" / "1_only.ipynb"
    notebook = nbformat.read(path, as_version=4)
    spoil(notebook)
    nbformat.write(notebook, path)
    return bench.run()


def test_a_name_in_prose(bench):
    with pytest.raises(DisclosureError, match="cell 1, holds the name of a canary resident"):
        spoilt(bench, lambda n: n.cells[0].update(source=f"# What of {NAME}?"))


def test_a_pasted_picture(bench):
    pasted = "![rows](data:image/png;base64,AAAA)"
    with pytest.raises(ForeignOutput, match="cell 1 holds a pasted picture or markup"):
        spoilt(bench, lambda n: n.cells[0].update(source=f"# What?\n{pasted}"))


def test_an_attached_file(bench):
    with pytest.raises(ForeignOutput, match=r"cell 1.* holds an attached file"):
        spoilt(bench, lambda n: n.cells[0].update(attachments={"a.png": {"image/png": "AAAA"}}))


def test_a_raw_cell(bench):
    with pytest.raises(ForeignOutput, match="is a raw cell"):
        spoilt(bench, lambda n: n.cells.append(nbformat.v4.new_raw_cell("rows")))


def test_a_notebooks_metadata_is_not_taken_over(bench):
    run = spoilt(bench, lambda n: n.metadata.update(reviewed_by=NAME))
    assert NAME not in run.folder.notebook("1_only").read_text()


def test_a_cells_metadata_is_not_taken_over(bench):
    run = spoilt(bench, lambda n: n.cells[0].metadata.update(about=NAME))
    assert NAME not in run.folder.notebook("1_only").read_text()


def test_a_cells_tag(bench):
    with pytest.raises(DisclosureError, match="canary resident"):
        spoilt(bench, lambda n: n.cells[0].metadata.update(tags=[NAME]))


def test_outputs_that_were_saved_before_are_not_taken_over(bench):
    def spoil(notebook):
        notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text=NAME)]

    assert NAME not in spoilt(bench, spoil).folder.notebook("1_only").read_text()


def with_text_parameter(bench, **changes):
    text = {"type": "str", "value": "all", "description": "Which."} | changes
    step = {"name": "1_only", "question": "Who?", "purpose": "test", "parameters": ["group"]}
    bench.write_pilot(steps=[step], answered_by="1_only", parameters={"group": text})
    cells = ["# Who?", ("group: str = 'all'  # which", "parameters"), HAND]
    bench.write_notebook("1_only", [*cells, "finish('1_only', {'group': group}, 'Answered.')"])


def test_a_parameter(bench):
    with_text_parameter(bench)
    with pytest.raises(DisclosureError, match="in its parameters, holds the name of a canary"):
        bench.run({"group": NAME})
    assert bench.runs() == []


def test_a_parameter_in_the_message_of_a_failure(bench):
    with_text_parameter(bench)
    bench.write_notebook(
        "1_only", ["# Who?", ("group: str = 'all'  # which", "parameters"), "1 / 0"]
    )
    with pytest.raises(CellError, match=r"Parameters: group=\(withheld\)"):
        bench.run({"group": NHS})


def test_the_owner_in_a_parameter_file(bench):
    bench.ask_one_step("# What?", HAND, FINISH)
    path = bench.root / "parameters" / "tiny.yaml"
    path.write_text(path.read_text().replace("The test board", NAME))
    with pytest.raises(DisclosureError, match=r"1_only\.html holds the name of a canary"):
        bench.run()


def test_what_only_the_restricted_folder_holds_is_not_published(bench):
    keep = "kept = settings.step_folder / 'restricted'\nkept.mkdir()\n"
    write = f"(kept / 'rows.txt').write_text({BACKWARDS}) and None"
    bench.ask_one_step("# What?", HAND, keep + write, FINISH)
    assert bench.run().folder.manifest.is_file()
