"""What is raised where a register of benefits or of evidence does not say what it must."""

from __future__ import annotations

from woda_lib.errors import WodaError


class BenefitsError(WodaError):
    """The register of benefits counts something twice, or says what cannot be."""

    exit_code = 2


class EvidenceError(WodaError):
    """A statement of evidence lacks what its grade asks for."""

    exit_code = 2
