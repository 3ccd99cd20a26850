"""The datasets that partners deliver, each with its contract."""

from woda_lib.partners.datasets.business import BUSINESS
from woda_lib.partners.datasets.choices import CHOICES
from woda_lib.partners.datasets.common import COUNCILS, NHS_NUMBER, OPT_OUTS, TRUSTS
from woda_lib.partners.datasets.discharge import DISCHARGE, LAST_NOTICE_DAY
from woda_lib.partners.datasets.estate import ESTATE
from woda_lib.partners.datasets.incidents import INCIDENTS
from woda_lib.partners.datasets.notices import NOTICES, STATUTORY
from woda_lib.partners.datasets.property import PROPERTY
from woda_lib.partners.datasets.residents import RESIDENTS
from woda_lib.partners.datasets.safeguarding import SAFEGUARDING
from woda_lib.partners.datasets.support import SUPPORT

__all__ = [
    "CONTRACTS",
    "COUNCILS",
    "LAST_NOTICE_DAY",
    "NHS_NUMBER",
    "OPT_OUTS",
    "STATUTORY",
    "TRUSTS",
]

CONTRACTS = {
    contract.dataset: contract
    for contract in (
        *DISCHARGE,
        *INCIDENTS,
        *SUPPORT,
        *SAFEGUARDING,
        *RESIDENTS,
        *PROPERTY,
        *NOTICES,
        *BUSINESS,
        *ESTATE,
        CHOICES,
    )
}
"""Every contract by the name of its dataset."""
