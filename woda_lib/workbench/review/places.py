"""Where each page of the review site lies below ``outputs/site/``, and what may not lie beside it.

::

    outputs/site/index.html                        every question with its answer
    outputs/site/agreements.html                   which report uses which data
    outputs/site/lineage.html                      extracts, steps, values, releases
    outputs/site/pack.html                         one printed page a question
    outputs/site/<pilot>/versions.html             every release and run of one question
    outputs/site/<pilot>/<old>..<new>.html         what changed between two of them
    outputs/site/<pilot>/citations.html            of a study: what it cites, as it stands now

A report lies in its run's folder, which never changes; what changes later (signatures, newer runs)
stands on the pages here, and a report links to those.
"""

from __future__ import annotations

import os
from pathlib import Path

from woda_lib.records import RunFolder

FRONT = "index.html"
AGREEMENTS = "agreements.html"
LINEAGE = "lineage.html"
PACK = "pack.html"
MENU = (
    ("Questions", FRONT),
    ("Lineage", LINEAGE),
    ("Agreements", AGREEMENTS),
    ("Executive pack", PACK),
)  # in the head of every page


def site_folder(outputs: Path) -> Path:
    """The folder of the site."""
    return outputs / "site"


def versions_page(outputs: Path, pilot: str) -> Path:
    """The page that lists every release and run of a pilot."""
    return site_folder(outputs) / pilot / "versions.html"


def citations_page(outputs: Path, pilot: str) -> Path:
    """The page that says how the figures stand that a study cites."""
    return site_folder(outputs) / pilot / "citations.html"


def difference_page(outputs: Path, pilot: str, old: str, new: str) -> Path:
    """The page that compares two runs or releases of a pilot, named by run id or by version."""
    return site_folder(outputs) / pilot / f"{old}..{new}.html"


def frozen_run(outputs: Path, pilot: str, version: str) -> RunFolder:
    """The frozen run of a release; its layout is that of any run."""
    return RunFolder(outputs / "releases" / pilot / version / "files")


def href(target: Path, page: Path) -> str:
    """Return the relative link from one page to another file below the same outputs folder."""
    return Path(os.path.relpath(target, page.parent)).as_posix()
