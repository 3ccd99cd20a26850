"""Calling a solver that writes to the process's standard output, past Python.

HiGHS, which scipy's `milp` calls, has a line of debugging left in that it writes in some searches
(``HighsMipSolverData::transformNewIntegerFeasibleSolution``). In a notebook it would stand under
the cell, and the gate would refuse it as output that nobody showed.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from typing import Any


def quietly(solve: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call a function, and let nothing that compiled code prints meanwhile be seen."""
    flush = ctypes.CDLL(None).fflush
    flush(None)
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        return solve(*arguments, **options)
    finally:
        flush(None)
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
