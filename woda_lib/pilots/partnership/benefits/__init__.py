"""What the pilots brought: evidence by question, and a register of benefits that counts nothing twice."""

from __future__ import annotations

from woda_lib.pilots.partnership.benefits.errors import BenefitsError, EvidenceError
from woda_lib.pilots.partnership.benefits.flows import WHOLE, Attribution, Flow, FlowInput
from woda_lib.pilots.partnership.benefits.reading import Reading, read_benefits, reading_of
from woda_lib.pilots.partnership.benefits.register import Overlap, Register, read_register
from woda_lib.pilots.partnership.benefits.twice import (
    common_resources,
    refuse_twice,
    share_that_remains,
)

__all__ = [
    "WHOLE",
    "Attribution",
    "BenefitsError",
    "EvidenceError",
    "Flow",
    "FlowInput",
    "Overlap",
    "Reading",
    "Register",
    "common_resources",
    "read_benefits",
    "read_register",
    "reading_of",
    "refuse_twice",
    "share_that_remains",
]
