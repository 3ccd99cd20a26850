"""The gate between restricted data and what reviewers read; nothing leaves except through it."""

from woda_lib.disclosure.gate import (
    DisclosureError,
    GatedTable,
    Rule,
    gate_count,
    gate_table,
    gate_text,
)
from woda_lib.disclosure.personal import IDENTIFIERS, personal_kinds

__all__ = [
    "IDENTIFIERS",
    "DisclosureError",
    "GatedTable",
    "Rule",
    "gate_count",
    "gate_table",
    "gate_text",
    "personal_kinds",
]
