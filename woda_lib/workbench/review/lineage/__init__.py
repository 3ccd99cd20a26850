"""Where every number comes from: extracts, steps, values and releases as a graph and as a list."""

from woda_lib.workbench.review.lineage.page import write_lineage

__all__ = ["write_lineage"]
