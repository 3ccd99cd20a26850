"""The only door data comes in by: contracts, quarantine, agreements."""

from woda_lib.partners.agreement_files import load_agreement, load_agreements
from woda_lib.partners.agreements import Agreement
from woda_lib.partners.audit import audit_log
from woda_lib.partners.check import ExtractsReport, check_extracts
from woda_lib.partners.clock import as_of
from woda_lib.partners.contracts import Column, Contract, RowRule
from woda_lib.partners.datasets import CONTRACTS, LAST_NOTICE_DAY, OPT_OUTS
from woda_lib.partners.denial import Denied
from woda_lib.partners.document import contracts_markdown, register_markdown
from woda_lib.partners.documents import OPENED
from woda_lib.partners.door import OPTED_OUT, Door, as_known, refuse_expired_extracts
from woda_lib.partners.errors import AgreementError, ContractError, ExtractError, OptOutError
from woda_lib.partners.folder import (
    Delivery,
    SyntheticMarker,
    absences,
    deliveries,
    synthetic_marker,
)
from woda_lib.partners.hidden import clause_that_hides, hidden_fields
from woda_lib.partners.holding import Loaded
from woda_lib.partners.key_store import KeyStoreError
from woda_lib.partners.keys import AgreementKey, key_for_made_up, key_of_tables, require_key
from woda_lib.partners.lineage import Blanked, LineageError
from woda_lib.partners.loading import accept, contract_of, refuse_future
from woda_lib.partners.restricted import (
    RestrictedTableError,
    read_restricted,
    write_restricted,
)
from woda_lib.records.pilots import NO_AGREEMENT

__all__ = [
    "CONTRACTS",
    "LAST_NOTICE_DAY",
    "NO_AGREEMENT",
    "OPENED",
    "OPTED_OUT",
    "OPT_OUTS",
    "Agreement",
    "AgreementError",
    "AgreementKey",
    "Blanked",
    "Column",
    "Contract",
    "ContractError",
    "Delivery",
    "Denied",
    "Door",
    "ExtractError",
    "ExtractsReport",
    "KeyStoreError",
    "LineageError",
    "Loaded",
    "OptOutError",
    "RestrictedTableError",
    "RowRule",
    "SyntheticMarker",
    "absences",
    "accept",
    "as_known",
    "as_of",
    "audit_log",
    "check_extracts",
    "clause_that_hides",
    "contract_of",
    "contracts_markdown",
    "deliveries",
    "hidden_fields",
    "key_for_made_up",
    "key_of_tables",
    "load_agreement",
    "load_agreements",
    "read_restricted",
    "refuse_expired_extracts",
    "refuse_future",
    "register_markdown",
    "require_key",
    "synthetic_marker",
    "write_restricted",
]
