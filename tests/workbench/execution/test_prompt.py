"""A kernel that is waited for no longer than it takes still starts and ends in order."""

from __future__ import annotations

from pathlib import Path

from tests.workbench.bench import notebook
from woda_lib.workbench.execution.engine import execute
from woda_lib.workbench.execution.warm import WarmKernels


def run(source: str, warm: WarmKernels | None, folder: Path):
    """The outputs of one cell in a kernel of its own."""
    executed = execute(
        notebook([source]),
        {},
        folder=folder,
        environment={},
        cell_done=lambda done, cells: None,
        warm=warm,
    )
    return [cell for cell in executed.cells if cell.cell_type == "code"][-1].outputs


def test_what_the_first_cell_prints_is_never_missed(tmp_path):
    warm = WarmKernels([])
    try:
        for kernel in range(8):
            [output] = run(f"print({kernel})", warm, tmp_path)
            assert output.text == f"{kernel}\n"
    finally:
        warm.close()


def test_a_kernel_ends_in_order_and_does_what_it_left_for_its_end(tmp_path):
    at_the_end = (
        "import atexit, pathlib\n"
        f"atexit.register(pathlib.Path({str(tmp_path / 'ended')!r}).write_text, 'in order')\n"
        "None"
    )
    run(at_the_end, None, tmp_path)
    assert (tmp_path / "ended").read_text() == "in order"


def test_a_kernel_of_a_run_has_no_debugger(tmp_path):
    ask = "from ipykernel.debugger import _is_debugpy_available as there\nprint(there)"
    [output] = run(ask, None, tmp_path)
    assert output.text == "False\n"
