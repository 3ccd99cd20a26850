"""The business case: options against doing nothing, what they cost, and what they are worth.

Its rules stand in modules; its words and registers stand in ``parameters/partnership/``:
`business_case.md`, `costs.yaml`, `options.yaml`, `risks.yaml`, and the register of benefits. See
docs/business_case.md.
"""

from __future__ import annotations

from woda_lib.pilots.partnership.case.affordability import (
    cash_by_year,
    cash_in_all,
    money_by_kind,
)
from woda_lib.pilots.partnership.case.appraisal import Appraisal, appraise_options
from woda_lib.pilots.partnership.case.captions import (
    BARS,
    partners_alt,
    partners_finding,
    ratio_alt,
    ratio_finding,
    tornado_alt,
    tornado_finding,
    years_alt,
    years_finding,
)
from woda_lib.pilots.partnership.case.costs import Cost, Costs
from woda_lib.pilots.partnership.case.errors import CaseError
from woda_lib.pilots.partnership.case.files import read_part
from woda_lib.pilots.partnership.case.flows import option_flows
from woda_lib.pilots.partnership.case.footing import footing_in_words
from woda_lib.pilots.partnership.case.headlines import headlines
from woda_lib.pilots.partnership.case.knowing import value_of_knowing
from woda_lib.pilots.partnership.case.options import Baseline, Option, Options, Scenario
from woda_lib.pilots.partnership.case.pictures import partners_picture, ratio_picture
from woda_lib.pilots.partnership.case.prose import read_prose
from woda_lib.pilots.partnership.case.reading import (
    CaseFiles,
    appraise,
    footing,
    read_case,
    words,
)
from woda_lib.pilots.partnership.case.risks import Risk, Risks, risk_table
from woda_lib.pilots.partnership.case.tables import (
    cash_table,
    inputs_in_words,
    knowing_in_words,
    measured_beside_reported,
    options_in_words,
    options_table,
    risks_table,
    scenarios_table,
    switching_in_words,
)
from woda_lib.pilots.partnership.case.telling import answer, how_sure, so_what, standing, verdict

__all__ = [
    "BARS",
    "Appraisal",
    "Baseline",
    "CaseError",
    "CaseFiles",
    "Cost",
    "Costs",
    "Option",
    "Options",
    "Risk",
    "Risks",
    "Scenario",
    "answer",
    "appraise",
    "appraise_options",
    "cash_by_year",
    "cash_in_all",
    "cash_table",
    "footing",
    "footing_in_words",
    "headlines",
    "how_sure",
    "inputs_in_words",
    "knowing_in_words",
    "measured_beside_reported",
    "money_by_kind",
    "option_flows",
    "options_in_words",
    "options_table",
    "partners_alt",
    "partners_finding",
    "partners_picture",
    "ratio_alt",
    "ratio_finding",
    "ratio_picture",
    "read_case",
    "read_part",
    "read_prose",
    "risk_table",
    "risks_table",
    "scenarios_table",
    "so_what",
    "standing",
    "switching_in_words",
    "tornado_alt",
    "tornado_finding",
    "value_of_knowing",
    "verdict",
    "words",
    "years_alt",
    "years_finding",
]
