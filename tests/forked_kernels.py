"""A plug-in of pytest for nbval: all notebooks' kernels are forked, from one process's imports.

`quick_run.py` names it, and says by which descriptor the fork server is asked. Without it each
notebook's kernel would import for itself what all of them import, which takes longer than most of
them take to run. A forked kernel has nothing of another's but those imports, which
`tests/workbench/execution/test_warm.py` holds; what it runs is Jupyter's own launcher, as under
JupyterLab.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

import ipykernel_launcher
import nbval.kernel
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

from woda_lib.workbench.execution.kernel import Forked
from woda_lib.workbench.execution.warm import Forks

NUMBER = "TEST_FORKS"
"""The environment variable that holds the descriptor; elsewhere than on Linux there is none, and a
kernel is a fresh process as ever."""


class ForkingManager(KernelManager):
    """Jupyter's manager of a kernel, which has its kernel forked."""

    server: Forks

    def start_kernel(self, **given: Any) -> None:
        """Start the kernel; what it says past Jupyter is dropped."""
        self.kernel_spec_manager = _ThisInterpreter()
        self.provisioner = Forked(
            self.server, kernel_id="", kernel_spec=self.kernel_spec, parent=self
        )
        with Path(os.devnull).open("wb") as nowhere:
            super().start_kernel(**given | {"stdout": nowhere})


class _ThisInterpreter(KernelSpecManager):
    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        launch = [sys.executable, ipykernel_launcher.__file__, "-f", "{connection_file}"]
        return KernelSpec(argv=launch, display_name="Python 3", language="python")


def pytest_configure() -> None:
    """Let nbval start its kernels by forks."""
    if number := os.environ.get(NUMBER):
        ForkingManager.server = Forks(socket.socket(fileno=int(number)))
        nbval.kernel.KernelManager = ForkingManager
