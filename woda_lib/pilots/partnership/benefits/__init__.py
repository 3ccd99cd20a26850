"""What the pilots brought: evidence by question, and benefits of which none is counted twice."""

from __future__ import annotations

from woda_lib.pilots.partnership.benefits.errors import BenefitsError, EvidenceError
from woda_lib.pilots.partnership.benefits.evidence import (
    GRADES,
    EvidenceRegister,
    read_evidence,
    read_evidence_file,
    refuse_unearned,
)
from woda_lib.pilots.partnership.benefits.flows import WHOLE, Attribution, Flow, FlowInput
from woda_lib.pilots.partnership.benefits.pictures import matrix_picture, partners_picture
from woda_lib.pilots.partnership.benefits.reading import Reading, read_benefits, reading_of
from woda_lib.pilots.partnership.benefits.register import Overlap, Register, read_register
from woda_lib.pilots.partnership.benefits.told_evidence import (
    COUNTED,
    alt_of_matrix,
    counts,
    graded,
    matrix,
    prose,
    say_matrix,
    verdict,
)
from woda_lib.pilots.partnership.benefits.told_money import (
    LABELS,
    alt_of_partners,
    by_partner,
    by_pilot,
    by_share,
    common_table,
    headline,
    not_counted,
    released_beside_reported,
    say_hangs_on,
    say_partners,
)
from woda_lib.pilots.partnership.benefits.twice import (
    common_resources,
    refuse_twice,
    share_that_remains,
)
from woda_lib.pilots.partnership.benefits.yearly import Worth, refuse_other_sums, worth_of, year_of

__all__ = [
    "COUNTED",
    "GRADES",
    "LABELS",
    "WHOLE",
    "Attribution",
    "BenefitsError",
    "EvidenceError",
    "EvidenceRegister",
    "Flow",
    "FlowInput",
    "Overlap",
    "Reading",
    "Register",
    "Worth",
    "alt_of_matrix",
    "alt_of_partners",
    "by_partner",
    "by_pilot",
    "by_share",
    "common_resources",
    "common_table",
    "counts",
    "graded",
    "headline",
    "matrix",
    "matrix_picture",
    "not_counted",
    "partners_picture",
    "prose",
    "read_benefits",
    "read_evidence",
    "read_evidence_file",
    "read_register",
    "reading_of",
    "refuse_other_sums",
    "refuse_twice",
    "refuse_unearned",
    "released_beside_reported",
    "say_hangs_on",
    "say_matrix",
    "say_partners",
    "share_that_remains",
    "verdict",
    "worth_of",
    "year_of",
]
