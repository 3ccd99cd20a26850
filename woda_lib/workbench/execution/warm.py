"""Kernels that start in a moment, because the libraries have been imported once for all of them."""

from __future__ import annotations

import ast
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from select import select
from threading import Lock
from typing import Any, BinaryIO

from woda_lib.records import Pilot, complete_runs
from woda_lib.settings import Settings
from woda_lib.workbench.execution.forks import LENGTH, NUMBERS

_SERVER = Path(__file__).with_name("forks.py")
_PATIENCE = 120.0
"""Seconds that a busy machine may take over the imports."""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""Unless the environment says otherwise: steps run side by side, one a processor, and threads of
linear algebra that wait for a processor turn on the spot. On two processors, 200 resamples of a
logistic recalibration took twenty times the processor seconds with two threads."""

_HAND = "woda_lib.begin"
_BEHIND_THE_HAND = (
    "woda_lib.notebook",
    "woda_lib.pilots.patient_flow",
    "woda_lib.linkage.fast",
    "matplotlib.backends.backend_svg",
    "duckdb",
)
"""What the library itself imports late, so that nobody waits who does not need it."""


class ForkedKernel:
    """A kernel's process as its asker sees it; behaves as `subprocess.Popen` does.

    Attributes
    ----------
    pid : int
    returncode : int or None
        As of `subprocess.Popen`: below nought for a signal. ``-9`` where the fork server died.
    peak_mb : float
        The most memory that it held, in megabytes of 2**20 bytes; nought until it has ended.
    """

    stdin = stdout = stderr = None

    def __init__(self, own: socket.socket) -> None:
        self._own = own
        self._looking = Lock()
        self.returncode: int | None = None
        self.peak_mb = 0.0
        own.settimeout(_PATIENCE)
        first = own.recv(NUMBERS.size, socket.MSG_WAITALL)
        if len(first) < NUMBERS.size:
            raise OSError("The fork server has ended.")
        self.pid: int = NUMBERS.unpack(first)[0]
        own.setblocking(False)

    def poll(self) -> int | None:
        """Return the exit code; None while it runs."""
        with self._looking:
            if self.returncode is None:
                with suppress(BlockingIOError):
                    self._take(self._own.recv(NUMBERS.size))
            return self.returncode

    def wait(self) -> int:
        """Wait for its end, and return the exit code."""
        while (code := self.poll()) is None:
            select([self._own], [], [], 1)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _take(self, last: bytes) -> None:
        if len(last) == NUMBERS.size:
            self.returncode, peak = NUMBERS.unpack(last)
            self.peak_mb = peak / 2**20
        else:
            self.returncode = -signal.SIGKILL
        self._own.close()


class Forks:
    """A fork server that is there already, as whoever may ask it for kernels sees it.

    Parameters
    ----------
    control : socket
        To the server; several processes may hold it, since a request is one message.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._asking = Lock()
        self._asked = False

    def fork(
        self, command: list[str], *, folder: str, environment: Mapping[str, str], log: BinaryIO
    ) -> ForkedKernel:
        """Start a process.

        Parameters
        ----------
        command : list of str
            A Python file, and its arguments.
        folder : str
            The working folder.
        environment : mapping of str to str
            The whole of it.
        log : file
            Takes standard output and error.

        Raises
        ------
        OSError
            If the fork server does not answer.
        """
        request = json.dumps(
            {"command": command, "folder": folder, "environment": dict(environment)}
        ).encode()
        own, theirs = socket.socketpair()
        with theirs:
            with self._asking:
                self._asked = True
                socket.send_fds(self._control, [b"k"], [theirs.fileno(), log.fileno()])
            own.sendall(LENGTH.pack(len(request)) + request)
        return ForkedKernel(own)

    @property
    def number(self) -> int:
        """The descriptor that a process inherits which may ask as well."""
        return self._control.fileno()

    def close(self) -> None:
        """Ask no more."""
        self._control.close()


class WarmKernels(Forks):
    """A fork server of this process; ended with it, in whatever way it ends."""

    def __init__(self, modules: Iterable[str]) -> None:
        control, theirs = socket.socketpair()
        super().__init__(control)
        with theirs:
            self._server = subprocess.Popen(
                [sys.executable, "-P", str(_SERVER), str(theirs.fileno()), *modules],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # a Ctrl-C in the terminal is for its asker alone
                env={**ONE_THREAD, **os.environ, "PYTHONHASHSEED": "0"},
            )

    def close(self) -> None:
        """End the server, and whatever kernel still runs."""
        super().close()
        if not self._asked:  # it may still be importing, and has nothing to end
            self._server.kill()
        try:
            self._server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()


@contextmanager
def warm_kernels(pilots: Sequence[Pilot], settings: Settings) -> Iterator[WarmKernels | None]:
    """Give a fork server that imports what pilots' notebooks do; None where forking is not safe.

    On macOS the system's own libraries do not survive it. Where no process can be started, there is
    none either, and the first kernel says why.
    """
    warm = None
    if sys.platform == "linux":
        with suppress(OSError):
            warm = WarmKernels(modules_of(_sources(pilots, settings)))
    try:
        yield warm
    finally:
        if warm:
            warm.close()


@contextmanager
def begun_early(
    pilots: Sequence[Pilot], settings: Settings, *, again: bool
) -> Iterator[WarmKernels | None]:
    """Begin the imports before any check, where a kernel will be wanted if the checks go well.

    That is sure where everything is to run again, or a pilot has never run. Elsewhere there is
    None, since most runs find that all is fresh.
    """
    outputs = settings.outputs_folder
    if again or any(not complete_runs(outputs, pilot.pilot) for pilot in pilots):
        with warm_kernels(pilots, settings) as warm:
            yield warm
    else:
        yield None


def modules_of(sources: Iterable[str]) -> list[str]:
    """Return what cells import, and what its first use would bring.

    Names that are imported from a module are among it, since some are modules; the server passes
    over those that are not.
    """
    named: dict[str, None] = {}
    for source in sources:
        named |= dict.fromkeys(_imports(source))
    return [*named, *_BEHIND_THE_HAND] if _HAND in named else list(named)


def _sources(pilots: Sequence[Pilot], settings: Settings) -> Iterator[str]:
    """Give the code cells of notebooks that can be read; the plan says what is wrong with others.

    Without `nbformat`, which takes longer to import than this takes in all.
    """
    for pilot in pilots:
        for step in pilot.steps:
            path = settings.notebooks_folder / pilot.pilot / f"{step.name}.ipynb"
            with suppress(OSError, ValueError, KeyError, TypeError):
                cells: list[dict[str, Any]] = json.loads(path.read_bytes())["cells"]
                yield from (
                    "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"
                )


def _imports(source: str) -> list[str]:
    """Every module, or name of a module, that code imports."""
    found = []
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return []  # a magic, or a mistake that the run will name
    for node in nodes:
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append(node.module)
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found
