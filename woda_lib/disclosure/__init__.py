"""The gate between restricted data and what reviewers read; nothing leaves except through it."""

from woda_lib.disclosure.canaries import Canary, names_canary, read_canaries, write_canaries
from woda_lib.disclosure.differencing import EarlierTable, changed_by_few
from woda_lib.disclosure.embedded import Passed, refuse_page
from woda_lib.disclosure.escape import safe_cell, safe_cells
from woda_lib.disclosure.gate import GatedTable, gate_count, gate_table, gate_text
from woda_lib.disclosure.guard import gives_away
from woda_lib.disclosure.intervals import feasible_interval
from woda_lib.disclosure.linked import CountTable, headline
from woda_lib.disclosure.loaded import Loaded
from woda_lib.disclosure.maps import gate_features, gate_properties
from woda_lib.disclosure.models import gate_degrees_of_freedom, gate_leaves
from woda_lib.disclosure.personal import IDENTIFIERS, personal_kinds, without_public
from woda_lib.disclosure.pictures import refuse_foreign_marks, refuse_people_as_marks
from woda_lib.disclosure.remember import as_rows, from_rows
from woda_lib.disclosure.results_json import ACRO_VERSION, write_results
from woda_lib.disclosure.rule import DisclosureError, Rule
from woda_lib.disclosure.scan import scan_folder, scan_text

__all__ = [
    "ACRO_VERSION",
    "IDENTIFIERS",
    "Canary",
    "CountTable",
    "DisclosureError",
    "EarlierTable",
    "GatedTable",
    "Loaded",
    "Passed",
    "Rule",
    "as_rows",
    "changed_by_few",
    "feasible_interval",
    "from_rows",
    "gate_count",
    "gate_degrees_of_freedom",
    "gate_features",
    "gate_leaves",
    "gate_properties",
    "gate_table",
    "gate_text",
    "gives_away",
    "headline",
    "names_canary",
    "personal_kinds",
    "read_canaries",
    "refuse_foreign_marks",
    "refuse_page",
    "refuse_people_as_marks",
    "safe_cell",
    "safe_cells",
    "scan_folder",
    "scan_text",
    "without_public",
    "write_canaries",
    "write_results",
]
