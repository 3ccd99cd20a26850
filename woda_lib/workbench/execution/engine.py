"""One notebook through papermill: parameters injected, cells run, outputs kept.

papermill's engines are plug-ins. This one differs from its default in three points: the kernel is
a `private_kernel`, each finished cell is reported, and a failing cell is told apart from a kernel
that died, hangs or takes too much memory. The notebook goes in and comes out as an object, so that
nothing is on disk before it has been looked at.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat
import papermill
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines

from woda_lib.errors import WodaError
from woda_lib.workbench.execution.kernel import KERNEL_NAME, Kernel, private_kernel
from woda_lib.workbench.execution.memory import kills, limited
from woda_lib.workbench.execution.warm import Forks

CellDone = Callable[[int, int], None]
"""Called with the number of cells done, at first nought, and the number of all cells."""

INJECTED = "injected-parameters"
"""papermill's tag of the cell that it adds."""

_ENGINE = "woda"
_PATIENCE = {"startup_timeout": 120, "iopub_timeout": 60}
"""Seconds that a busy machine may take to start a kernel, and to hand over a cell's outputs."""

# What papermill and nbclient would log, this room says itself, without row values. With a handler
# there, Python does not print it for want of one.
logging.getLogger("papermill").addHandler(logging.NullHandler())


class KernelNotStarted(WodaError):
    """The process that was to run a notebook's cells did not start."""


Ending = Literal["error", "died", "out of memory", "over its limit", "hung"]
"""How a cell came to grief. *out of memory*: the system ended the kernel. *over its limit*: we did,
since it held more than its step may. *hung*: a cell ran for longer than its step allows."""


@dataclass(frozen=True)
class Limits:
    """What a step may take.

    Attributes
    ----------
    cell_minutes : float, optional
        The longest that one cell may run.
    memory_gb : float, optional
        The most memory that its kernel may hold, in gigabytes of 2**30 bytes.
    """

    cell_minutes: float | None = None
    memory_gb: float | None = None


class CellFailed(Exception):
    """A cell raised an error, or the kernel ended under it. For `failures` to put into words.

    Attributes
    ----------
    notebook : NotebookNode
        As far as it came.
    index : int
        The position of the cell among the executed notebook's cells.
    name, message : str
        The error's class and text; no name where the kernel died.
    traceback : tuple of str
        As IPython renders it, an entry a frame.
    ending : Ending
    exit_code : int, optional
        Of a kernel that died: below nought for a signal.
    peak_mb : float
        The most memory that the kernel held; nought where that is not known.
    """

    def __init__(
        self,
        notebook: NotebookNode,
        index: int,
        name: str = "",
        message: str = "",
        traceback: tuple[str, ...] = (),
        *,
        ending: Ending = "error",
        exit_code: int | None = None,
    ) -> None:
        super().__init__(index)
        self.notebook = notebook
        self.index = index
        self.name = name
        self.message = message
        self.traceback = traceback
        self.ending: Ending = ending if name or ending != "error" else "died"
        self.exit_code = exit_code
        self.peak_mb = 0.0


def execute(
    notebook: NotebookNode,
    parameters: Mapping[str, Any],
    *,
    folder: Path,
    environment: Mapping[str, str],
    cell_done: CellDone,
    warm: Forks | None = None,
    limits: Limits = Limits(),
    kernel_started: Callable[[Kernel], None] = lambda kernel: None,
) -> NotebookNode:
    """Run a notebook's cells in a fresh kernel, and return it with their outputs.

    Parameters
    ----------
    notebook : NotebookNode
        Left as it is; outputs that it may hold are not taken over.
    parameters : mapping of str to bool, int, float or str
        What the cell after the parameters cell sets.
    folder : Path
        The kernel's working folder.
    environment : mapping of str to str
        What the kernel's environment holds besides this process's.
    cell_done : callable
    warm : Forks, optional
        Where the kernel is forked from.
    limits : Limits
    kernel_started : callable
        Told of the kernel, whose process may be ended from another thread.

    Raises
    ------
    CellFailed
        If a cell raises an error, or the kernel dies, hangs or passes its limit.
    KernelNotStarted
        If there is no kernel to begin with.
    """
    kernel: Kernel | None = None
    try:
        with private_kernel(folder, environment, warm) as kernel:
            kernel_started(kernel)
            return papermill.execute_notebook(
                _blank(notebook),
                None,
                parameters=dict(parameters),
                engine_name=_ENGINE,
                kernel_name=KERNEL_NAME,
                language="python",
                progress_bar=False,
                kernel=kernel,
                cell_done=cell_done,
                limits=limits,
            )
    except CellFailed as failed:
        failed.peak_mb = kernel.peak_mb if kernel else 0.0
        raise


def _blank(notebook: NotebookNode) -> NotebookNode:
    """Return a copy of a notebook that keeps its cells' text and tags alone."""
    blank = nbformat.from_dict(notebook)
    blank.metadata = nbformat.from_dict(
        {"kernelspec": {"name": KERNEL_NAME, "display_name": "Python 3", "language": "python"}}
    )
    blank.cells = [cell for cell in blank.cells if INJECTED not in cell.metadata.get("tags", ())]
    for cell in blank.cells:
        cell.metadata = nbformat.from_dict({"tags": list(cell.metadata.get("tags", ()))})
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return blank


class _Client(PapermillNotebookClient):
    """papermill's client, which also reports finished cells and remembers which one failed."""

    def __init__(
        self,
        manager: NotebookExecutionManager,
        kernel: Kernel,
        cell_done: CellDone,
        limits: Limits,
    ) -> None:
        super().__init__(
            manager,
            km=kernel.manager,
            kernel_name=KERNEL_NAME,
            log=logging.getLogger("papermill"),
            force_raise_errors=True,  # no tag of a cell's excuses an error in a run
            timeout=round(limits.cell_minutes * 60) if limits.cell_minutes else None,
            **_PATIENCE,
        )
        self._cell_done = cell_done
        self.running: int | None = None
        self.failed: CellFailed | None = None

    def execute_cell(self, cell: NotebookNode, cell_index: int) -> NotebookNode:
        self.running = cell_index
        try:
            done = super().execute_cell(cell, cell_index)
        except CellExecutionError as error:
            shown = [output for output in cell.outputs if output.output_type == "error"]
            traceback = tuple(shown[-1].traceback) if shown else ()
            self.failed = CellFailed(self.nb, cell_index, error.ename, error.evalue, traceback)
            raise
        self._cell_done(cell_index + 1, len(self.nb.cells))
        return done


class _PrivateKernelEngine(Engine):
    """papermill's engine for a `private_kernel`."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        kernel: Kernel,
        cell_done: CellDone,
        limits: Limits,
        **_of_papermill: Any,
    ) -> None:
        client = _Client(nb_man, kernel, cell_done, limits)
        cell_done(0, len(nb_man.nb.cells))
        killed_before = kills()
        limit_mb = limits.memory_gb * 1024 if limits.memory_gb else None
        with limited(lambda: kernel.pid, limit_mb, lambda: end(kernel)) as passed:
            try:
                client.execute(**kernel.launch)
            except CellTimeoutError:
                assert client.running is not None
                raise CellFailed(nb_man.nb, client.running, ending="hung") from None
            except (RuntimeError, OSError) as error:
                if client.running is None:
                    raise _not_started(kernel) from None
                if not isinstance(error, DeadKernelError):
                    raise
                ending: Ending = "died"
                if passed.is_set():
                    ending = "over its limit"
                elif kernel.exit_code == -signal.SIGKILL and kills() > killed_before:
                    ending = "out of memory"
                raise CellFailed(
                    nb_man.nb, client.running, ending=ending, exit_code=kernel.exit_code
                ) from None
            finally:
                if client.kc:
                    client.kc.stop_channels()
        if client.failed:
            raise client.failed


def end(kernel: Kernel) -> None:
    """End a kernel and what it has started, at once; may be called from any thread."""
    if (pid := kernel.pid) and kernel.exit_code is None:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


papermill_engines.register(_ENGINE, _PrivateKernelEngine)


def _not_started(kernel: Kernel) -> KernelNotStarted:
    said = kernel.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    last_words = f" It last said: {said[-1]}" if said else ""
    return KernelNotStarted(
        "The Python process that runs a notebook's cells did not start. See that this machine has "
        f"memory left, and make the environment anew with `make clean setup`.{last_words}"
    )
