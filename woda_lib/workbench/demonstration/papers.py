"""What a demonstration prints: the executive group's pack, and the paper of each study that cites.

What has not changed since it was printed is not printed again.
"""

from __future__ import annotations

import os
from pathlib import Path

from woda_lib.records import Pilot
from woda_lib.settings import Settings
from woda_lib.workbench.review.index import Index
from woda_lib.workbench.review.paper import find_paper, print_report
from woda_lib.workbench.review.pdf import is_newer, print_page
from woda_lib.workbench.review.places import PACK, site_folder
from woda_lib.workbench.review.site import build_site

_LATER = 1_000_000  # nanoseconds, since two files of one moment may bear the same time


def print_pack(settings: Settings) -> Path:
    """Print the pack as it stands on the site, and return where the PDF lies.

    The site links to each PDF that lies beside its pages, and so is brought up to date then. That
    the pack's page has gained its own link is no change of what was printed.

    Raises
    ------
    PrintError
        If it cannot be printed.
    """
    page = site_folder(settings.outputs_folder) / PACK
    target = page.with_suffix(".pdf")
    if not is_newer(target, [page]):
        print_page(page, target, whole=".sheet")
        build_site(settings)
        later = page.stat().st_mtime_ns + _LATER
        os.utime(target, ns=(later, later))
    return target


def print_case(settings: Settings, index: Index, case: Pilot) -> Path:
    """Print the report of a study's last release, or else of its last run.

    Raises
    ------
    PrintError, NotPrinted, VersionNotFound
        If it cannot be printed, or there is nothing to print.
    """
    paper = find_paper(settings, index, case)
    return paper.target if paper.is_printed else print_report(settings, index, case)
