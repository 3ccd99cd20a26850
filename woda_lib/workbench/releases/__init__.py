"""Runs that people sign: frozen, versioned, and proved unchanged."""

from woda_lib.workbench.releases.errors import ReleaseError
from woda_lib.workbench.releases.freezing import release_run
from woda_lib.workbench.releases.signing import sign_release
from woda_lib.workbench.releases.withdrawing import withdraw_release

__all__ = [
    "ReleaseError",
    "release_run",
    "sign_release",
    "withdraw_release",
]
