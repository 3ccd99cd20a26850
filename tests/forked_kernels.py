"""A plug-in of pytest for nbval: a pilot's kernels are forked, from one process's imports.

`quick_run.py` names it. Without it each notebook's kernel would import for itself what all of them
import, which takes longer than most of them take to run. A forked kernel has nothing of another's
but those imports, which `tests/workbench/execution/test_warm.py` holds; what it runs is Jupyter's
own launcher, as under JupyterLab.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import ipykernel_launcher
import nbval.kernel
import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

from woda_lib.records import read_pilots
from woda_lib.settings import Settings
from woda_lib.workbench.execution.kernel import Forked
from woda_lib.workbench.execution.warm import WarmKernels, warm_kernels

UNTIL_THE_END = pytest.StashKey[ExitStack]()


class ForkingManager(KernelManager):
    """Jupyter's manager of a kernel, which has its kernel forked."""

    server: WarmKernels

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


def pytest_configure(config: pytest.Config) -> None:
    """Begin the imports while notebooks are collected."""
    settings = Settings()
    pilots = list(read_pilots(settings.parameters_folder).values())
    config.stash[UNTIL_THE_END] = ExitStack()
    server = config.stash[UNTIL_THE_END].enter_context(warm_kernels(pilots, settings))
    if server:  # elsewhere than on Linux, a kernel is a fresh process as ever
        ForkingManager.server = server
        nbval.kernel.KernelManager = ForkingManager


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the fork server."""
    if stack := config.stash.get(UNTIL_THE_END, None):
        stack.close()
