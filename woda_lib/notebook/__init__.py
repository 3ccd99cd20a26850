"""What a notebook holds in its hand: `begin` and the verbs of the run that it returns."""

from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.identities import Identities
from woda_lib.notebook.kept import Kept
from woda_lib.notebook.run import Run
from woda_lib.notebook.start import begin

__all__ = ["Identities", "Kept", "NotebookError", "Run", "begin"]
