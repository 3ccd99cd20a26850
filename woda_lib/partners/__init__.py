"""The only door data comes in by: contracts, quarantine, agreements."""

from woda_lib.partners.agreement_files import load_agreement, load_agreements
from woda_lib.partners.agreements import NO_AGREEMENT, Agreement
from woda_lib.partners.check import ExtractsReport, check_extracts
from woda_lib.partners.contracts import Column, Contract, RowRule
from woda_lib.partners.datasets import CONTRACTS, LAST_NOTICE_DAY, OPT_OUTS
from woda_lib.partners.denial import Denied
from woda_lib.partners.document import contracts_markdown
from woda_lib.partners.errors import AgreementError, ContractError, ExtractError
from woda_lib.partners.folder import (
    Delivery,
    SyntheticMarker,
    absences,
    as_of,
    deliveries,
    synthetic_marker,
)
from woda_lib.partners.loading import Loaded, accept, contract_of, load, write_quarantine

__all__ = [
    "CONTRACTS",
    "LAST_NOTICE_DAY",
    "NO_AGREEMENT",
    "OPT_OUTS",
    "Agreement",
    "AgreementError",
    "Column",
    "Contract",
    "ContractError",
    "Delivery",
    "Denied",
    "ExtractError",
    "ExtractsReport",
    "Loaded",
    "RowRule",
    "SyntheticMarker",
    "absences",
    "accept",
    "as_of",
    "check_extracts",
    "contract_of",
    "contracts_markdown",
    "deliveries",
    "load",
    "load_agreement",
    "load_agreements",
    "synthetic_marker",
    "write_quarantine",
]
