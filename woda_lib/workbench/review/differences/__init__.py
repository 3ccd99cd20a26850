"""What changed between two versions of a pilot, and why: the comparison, and its page."""

from woda_lib.workbench.review.differences.compare import NotComparable, compare_runs
from woda_lib.workbench.review.differences.model import Difference
from woda_lib.workbench.review.differences.page import (
    write_difference,
    write_differences,
)
from woda_lib.workbench.review.differences.versions import (
    Version,
    VersionNotFound,
    find_version,
    usual_pairs,
)

__all__ = [
    "Difference",
    "NotComparable",
    "Version",
    "VersionNotFound",
    "compare_runs",
    "find_version",
    "usual_pairs",
    "write_difference",
    "write_differences",
]
