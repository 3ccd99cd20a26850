"""What is raised where a file of the business case does not say what it must."""

from __future__ import annotations

from woda_lib.errors import WodaError


class CaseError(WodaError):
    """A file of costs, options, risks or prose lacks something, or says what cannot be."""

    exit_code = 2
