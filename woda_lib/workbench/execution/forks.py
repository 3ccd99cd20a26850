"""What the fork server runs: a process that has imported the libraries and forks into kernels.

Importing what a notebook needs takes seconds and a fork of a process that has done so takes
hundredths. No kernel inherits anything of another: each is forked from the same state, in which
nothing but imports has happened. Threads do not survive a fork; the libraries start theirs when
they are first used, except OpenBLAS, which stops its own before every fork.

Whoever asks for a kernel sends one byte with two file descriptors: a socket of the kernel's own and
its log. On that socket follow the command, the working folder and the environment; back come the
process's number and, when it has ended, its exit code and its peak memory. When the asker goes, in
whatever way, so do the kernels.

This file is run by its path and not as a module, for the reason that `launch` gives.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import struct
import sys
from contextlib import suppress
from typing import Any

NUMBERS = struct.Struct("<qq")
"""What is sent back: the process and nought; later its exit code and peak memory in bytes."""

LENGTH = struct.Struct("<q")
"""What stands before the request."""

_OF_A_KERNEL = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.extensions.storemagic",
    "sqlite3",
)
"""What a kernel needs itself, some of it imported only when it starts."""

_INLINE = "module://matplotlib_inline.backend_inline"


def _serve(control: socket.socket) -> None:
    """Fork a kernel for every request; return in each kernel, and when the asker has gone."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    kernels: dict[int, socket.socket] = {}
    while True:
        listening: list[Any] = [control, woken]
        ready, _, _ = select.select(listening, [], [])
        if woken in ready:
            os.read(woken, 4096)
            _report_ended(kernels)
        if control in ready:
            asked, descriptors, _, _ = socket.recv_fds(control, 1, 2)
            if not asked:
                break
            own, log = socket.socket(fileno=descriptors[0]), descriptors[1]
            if process := os.fork():
                own.sendall(NUMBERS.pack(process, 0))
                os.close(log)
                kernels[process] = own
                continue
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for other in (control, *kernels.values()):
                other.close()
            os.close(woken)
            os.close(wake)
            _become_a_kernel(own, log)
            return
    for process in kernels:
        # None has been waited for, so that its number is still its own.
        os.kill(process, signal.SIGKILL)
        with suppress(ProcessLookupError):  # it had not come to lead a group of its own
            os.killpg(process, signal.SIGKILL)


def _report_ended(kernels: dict[int, socket.socket]) -> None:
    for process, own in list(kernels.items()):
        ended, status, used = os.wait4(process, os.WNOHANG)
        if ended:
            with suppress(OSError):
                own.sendall(NUMBERS.pack(os.waitstatus_to_exitcode(status), used.ru_maxrss * 1024))
            own.close()
            del kernels[process]


def _become_a_kernel(own: socket.socket, log: int) -> None:
    """Make this process what `subprocess.Popen` would have made it, and run the launcher in it."""
    os.setsid()
    server = os.getppid()
    with own, own.makefile("rb") as request:
        size = request.read(LENGTH.size)
        if len(size) < LENGTH.size:
            return
        asked = json.loads(request.read(*LENGTH.unpack(size)))
    nothing = os.open(os.devnull, os.O_RDONLY)
    for given, standard in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(given, standard)
    os.close(nothing)
    os.close(log)
    os.environ.clear()
    os.environ.update(asked["environment"], JPY_PARENT_PID=str(server))
    os.chdir(asked["folder"])
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # as a fresh import would, and as `random` does by itself
    sys.argv = asked["command"]
    runpy.run_path(sys.argv[0], run_name="__main__")


def _import(modules: list[str]) -> None:
    """Import what is there; a notebook that misses a module will say so itself."""
    for module in modules:
        with suppress(Exception):
            importlib.import_module(module)
    gc.collect()
    gc.freeze()  # so that a kernel's collector leaves the pages alone that it shares with the rest


if __name__ == "__main__":
    # Both are read at import: whom the kernel watches, and how figures are drawn in a notebook.
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    os.environ.setdefault("MPLBACKEND", _INLINE)
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # see `launch`
    _import([*_OF_A_KERNEL, *sys.argv[2:]])
    _serve(socket.socket(fileno=int(sys.argv[1])))
