"""The gate between restricted data and what reviewers read; nothing leaves except through it."""

from woda_lib.disclosure.gate import DisclosureError, GatedTable, Rule, gate_table, gate_text
from woda_lib.disclosure.personal import IDENTIFIERS, is_nhs_number, personal_kinds

__all__ = [
    "IDENTIFIERS",
    "DisclosureError",
    "GatedTable",
    "Rule",
    "gate_table",
    "gate_text",
    "is_nhs_number",
    "personal_kinds",
]
