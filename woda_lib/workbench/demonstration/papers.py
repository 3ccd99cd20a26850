"""What a demonstration prints: the executive group's pack, and the paper of each study that cites.

What has not changed since it was printed is not printed again.
"""

from __future__ import annotations

from pathlib import Path

from woda_lib.records import Pilot
from woda_lib.settings import Settings
from woda_lib.workbench.review.index import Index
from woda_lib.workbench.review.paper import find_paper, print_report
from woda_lib.workbench.review.pdf import is_newer, print_page
from woda_lib.workbench.review.places import PACK, site_folder


def print_pack(settings: Settings) -> Path:
    """Print the pack as it stands on the site, and return where the PDF lies.

    Raises
    ------
    PrintError
        If it cannot be printed.
    """
    page = site_folder(settings.outputs_folder) / PACK
    target = page.with_suffix(".pdf")
    return target if is_newer(target, [page]) else print_page(page, target, whole=".sheet")


def print_case(settings: Settings, index: Index, case: Pilot) -> Path:
    """Print the report of a study's last release, or else of its last run.

    Raises
    ------
    PrintError, NotPrinted, VersionNotFound
        If it cannot be printed, or there is nothing to print.
    """
    paper = find_paper(settings, index, case)
    return paper.target if paper.is_printed else print_report(settings, index, case)
