"""What a notebook holds in its hand: `begin` and the verbs of the run that it returns."""

from woda_lib.notebook.run import NotebookError, Run, begin

__all__ = ["NotebookError", "Run", "begin"]
