"""Opening the store: the build's tables, through the door, into DuckDB in memory."""

from __future__ import annotations

import duckdb
import pandas as pd

from woda_lib.notebook import NotebookError, Run
from woda_lib.pilots.single_view.store.store import Store
from woda_lib.pilots.single_view.store.views import VIEWS

TABLES = {
    "records": ("partner", "dataset", "local_id", "entity_id", "confidence", "since"),
    "links": ("left_source", "left_id", "right_source", "right_id", "log2_odds"),
    "places": ("dataset", "row_id", "uprn", "probability", "how", "counted_off"),
    "details": (
        *("partner", "dataset", "local_id", "row_id", "entity_id"),
        *("started_on", "ended_on", "delivered_on", "nhs_number", "forename", "surname"),
        *("date_of_birth", "sex", "ethnic_group", "address", "postcode", "uprn"),
    ),
    "persons": (
        *("entity_id", "nhs_number", "forename", "surname", "date_of_birth", "sex"),
        *("ethnic_group", "died_on", "uprn", "address", "postcode", "district", "area"),
        *("deprivation_quintile", "records", "partners", "conflicts", "confidence"),
        *("first_seen", "last_seen"),
    ),
    "properties": (
        *("uprn", "parent_uprn", "kind", "class_code", "address", "postcode", "town"),
        *("district", "area", "deprivation_quintile", "easting", "northing"),
    ),
    "residences": ("entity_id", "uprn", "starts", "ends", "sources", "sure", "elsewhere"),
    "households": ("household_id", "uprn", "starts", "ends", "kind", "people"),
    "members": ("household_id", "entity_id", "starts", "ends", "kinship"),
    "involvements": (
        *("entity_id", "partner", "dataset", "row_id", "local_id", "service"),
        *("started_on", "ended_on", "status", "team", "uprn"),
    ),
    "identity_events": (
        *("on", "run", "event", "entity_id", "other_entity_id", "source", "id", "reason"),
    ),
}
"""What the build saves, with the columns that are asked for; places before what they are of."""

_BY_PERSON = ("records", "details", "persons", "residences", "members", "involvements")
"""Tables that are asked for one person at a time: kept by person, so that few blocks are read."""


_PLACED = """
SELECT d.* REPLACE (coalesce(p.uprn::VARCHAR, d.uprn::VARCHAR) AS uprn), p.how, p.probability,
       p.counted_off::VARCHAR AS counted_off
FROM at_hand d LEFT JOIN places p
  ON d.row_id = p.row_id AND d.dataset::VARCHAR = p.dataset::VARCHAR
"""


def open_store(run: Run, *, step: str = "1_build") -> Store:
    """Load what the build saved, as far as this step's purpose is shown it.

    Every table comes through `Run.load`: who opted out is not there, what the purpose is not shown
    is blanked, and the loads are on the record. A step of a run is given the tables of that run; a
    notebook that is open in JupyterLab those of its draft, or of the last complete run. What is in
    the store stays as it was when it was opened, whatever is built meanwhile.

    Parameters
    ----------
    run : Run
        Of a step that needs `step`.
    step : str
        The step that saved the tables.

    Raises
    ------
    NotebookError
        If the tables at hand are not of one execution of the build: it is under way in this draft,
        or broke off.
    AgreementError, OptOutError, TableNotFound, RestrictedTableError, KeyStoreError
        As `Run.load`.
    """
    connection = duckdb.connect()
    references = {name: f"{run.pilot.pilot}/{step}:{name}" for name in TABLES}
    for name, reference in references.items():
        keep(connection, name, run.load(reference))
    run.require_one_execution(list(references.values()))
    for view in VIEWS:
        connection.execute(view)
    return Store(connection, run)


def keep(connection: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    """Keep a table; a row of ``details`` with the property at which its address was found.

    Raises
    ------
    NotebookError
        If it lacks a column.
    """
    if missing := [column for column in TABLES[name] if column not in frame]:
        raise NotebookError(
            f"The table {name} that the build saved has no {', '.join(missing)}. Run the build "
            "again with this version of the workbench."
        )
    connection.register("at_hand", frame)
    rows = _PLACED if name == "details" else "SELECT * FROM at_hand"
    order = " ORDER BY entity_id" if name in _BY_PERSON else ""
    connection.execute(f"CREATE TABLE {name} AS {rows}{order}")
    connection.unregister("at_hand")
