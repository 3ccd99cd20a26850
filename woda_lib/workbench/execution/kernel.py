"""A kernel of this very interpreter, reached over IPC and gone without trace afterwards."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.utils import ensure_event_loop, run_sync

from woda_lib.workbench.execution.prompt import PromptClient, PromptManager
from woda_lib.workbench.execution.warm import ONE_THREAD, Forks
from woda_lib.workbench.held import clear_abandoned, held

KERNEL_NAME = "python3"

_LAUNCHER = Path(__file__).with_name("launch.py")
_PREFIX = "woda-kernel-"
_LONGEST = 70
"""Characters: a Unix socket's whole path may have about 100 (104 on macOS, 108 on Linux)."""


class _ThisInterpreter(KernelSpecManager):
    """Knows one kernel: the interpreter that is running now, whatever the search path says."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(
            # -P: the launcher's own folder, which holds a site.py, is no place to import from.
            argv=[sys.executable, "-P", str(_LAUNCHER), "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
        )


class Forked(LocalProvisioner):
    """Jupyter's way to start a kernel on this machine, by a fork where it would open a process."""

    def __init__(self, warm: Forks, **traits: Any) -> None:
        super().__init__(**traits)
        self._warm = warm

    async def launch_kernel(self, cmd: list[str], **given: Any) -> KernelConnectionInfo:
        """Start the kernel, and return how to reach it."""
        launcher = next(at for at, word in enumerate(cmd) if word.endswith(".py"))
        kernel = self._warm.fork(
            cmd[launcher:], folder=given["cwd"], environment=given["env"], log=given["stdout"]
        )
        self.process: Any = kernel
        self.pid = self.pgid = kernel.pid
        return self.connection_info


@dataclass
class Kernel:
    """A kernel that whoever executes cells may start.

    Attributes
    ----------
    manager : PromptManager
    launch : dict
        Keyword arguments for its `start_kernel`.
    log : Path
        What the process writes to standard output and error past Jupyter. Only of use where it
        did not start, since what it writes later may quote a row.
    peak_mb : float
        The most memory that the process held; nought until it has ended, or where it is not known.
    """

    manager: PromptManager
    launch: dict[str, Any]
    log: Path
    peak_mb: float = 0.0

    @property
    def pid(self) -> int | None:
        """The process; None where none has been started."""
        return getattr(self.manager.provisioner, "pid", None)

    @property
    def exit_code(self) -> int | None:
        """How the process ended, below nought for a signal; None while it runs."""
        process = getattr(self.manager.provisioner, "process", None)
        return process.poll() if process else None


@contextmanager
def private_kernel(
    folder: Path, environment: Mapping[str, str], warm: Forks | None = None
) -> Iterator[Kernel]:
    """Give a kernel; when the block is left, however it is left, the kernel is ended.

    Its sockets are files in a folder that only this user can enter. Over TCP, anyone on the machine
    could knock. The kernel leads a session of its own, so that a Ctrl-C in the terminal reaches
    this process alone, which then ends the kernel. Should this process be killed, the kernel
    notices within a second and ends itself, and the next one clears its folder away.

    Parameters
    ----------
    folder : Path
        The kernel's working folder.
    environment : mapping of str to str
        What the kernel's environment holds besides this process's.
    warm : Forks, optional
        Forks the kernel. Without it, the interpreter starts anew.
    """
    place = Path(tempfile.gettempdir())
    if len(str(place)) > _LONGEST:
        place = Path("/tmp")
    clear_abandoned(path for path in place.glob(f"{_PREFIX}*") if path.is_dir() and _is_ours(path))
    with held(place / f"{_PREFIX}{secrets.token_hex(4)}", mode=0o700) as den:
        manager = PromptManager(
            kernel_name=KERNEL_NAME,
            client_factory=PromptClient,
            kernel_spec_manager=_ThisInterpreter(),
            transport="ipc",
            ip=str(den / "socket"),
            connection_file=str(den / "connection.json"),
        )
        if warm:
            manager.provisioner = Forked(
                warm, kernel_id="", kernel_spec=manager.kernel_spec, parent=manager
            )
        with (den / "log").open("wb") as log:
            launch = {
                "cwd": str(folder),
                "stdout": log,
                "stderr": log,
                "env": {
                    **ONE_THREAD,
                    **os.environ,
                    # Nobody's own IPython start-up files, and sets in the same order every time.
                    "IPYTHONDIR": str(den / "ipython"),
                    "PYTHONHASHSEED": "0",
                    **environment,
                },
            }
            kernel = Kernel(manager, launch, den / "log")
            in_order = False
            try:
                yield kernel
                in_order = True
            finally:
                if not in_order:
                    _cancel_pending()
                process = getattr(manager.provisioner, "process", None)
                if manager.has_kernel and in_order:
                    run_sync(manager.end_in_order)()
                elif manager.has_kernel:
                    run_sync(manager.shutdown_kernel)(now=True)
                kernel.peak_mb = getattr(process, "peak_mb", 0.0)


def _cancel_pending() -> None:
    """End what an interrupt left half done in Jupyter's event loop, before it meets a dead kernel.

    Otherwise asyncio prints a traceback for every such task.
    """
    loop = ensure_event_loop()
    if pending := asyncio.all_tasks(loop):
        for task in pending:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))


def _is_ours(path: Path) -> bool:
    try:
        return path.stat().st_uid == os.getuid()
    except FileNotFoundError:
        return False
