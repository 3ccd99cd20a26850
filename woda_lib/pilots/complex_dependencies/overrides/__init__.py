"""What caseworkers decided about a list: kept as they decide, and looked at as a whole."""

from woda_lib.pilots.complex_dependencies.overrides import analysis
from woda_lib.pilots.complex_dependencies.overrides.choices import DECISIONS, OVERRIDES, REASONS
from woda_lib.pilots.complex_dependencies.overrides.files import (
    Read,
    form,
    read_decisions,
    write_decision,
)
from woda_lib.pilots.complex_dependencies.overrides.panel import OverridePanel
from woda_lib.pilots.complex_dependencies.overrides.remarks import Named, named_of

__all__ = [
    "DECISIONS",
    "OVERRIDES",
    "REASONS",
    "Named",
    "OverridePanel",
    "Read",
    "analysis",
    "form",
    "named_of",
    "read_decisions",
    "write_decision",
]
