"""What a kernel's process runs: ipykernel without the one port that it would open.

Nor has it a debugger, which nobody could reach and which takes a quarter of a second to import.

Besides the sockets of its connection file, ipykernel listens on a TCP port for what forked children
print. Printed text never leaves a run, so the port is not opened and such text is dropped.

This file is run by its path and not as a module: the kernel needs nothing else of this room, and
importing the room would cost it a second.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from ipykernel import kernelapp
from ipykernel.iostream import IOPubThread


class _WithoutPort(IOPubThread):
    """ipykernel's sender of outputs, for the kernel's own process alone."""

    def __init__(self, socket: Any, pipe: bool = False, session: Any = None) -> None:
        super().__init__(socket, pipe=False, session=session)

    def _really_send(self, msg: Any, *arguments: Any, **keywords: Any) -> None:
        # A socket may not be used after a fork, so a child must not even try.
        if self._is_master_process():
            super()._really_send(msg, *arguments, **keywords)


def _go_first_when_memory_runs_out() -> None:
    """Tell Linux to end this process rather than the run that waits for it, or another program."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")


if __name__ == "__main__":
    _go_first_when_memory_runs_out()
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]
    kernelapp.IOPubThread = _WithoutPort  # type: ignore[misc]
    kernelapp.launch_new_instance()
