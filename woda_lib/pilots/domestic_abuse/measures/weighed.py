"""Cases with the days of harm of their offence, and what would be true if every link were right."""

from __future__ import annotations

import pandas as pd

from woda_lib.notebook import Run
from woda_lib.pilots.domestic_abuse.errors import require_columns
from woda_lib.pilots.domestic_abuse.harm import harm_days, read_harm


def with_harm(run: Run, cases: pd.DataFrame) -> pd.DataFrame:
    """Add `harm_days`, by the table of harm in the parameters, which is recorded as an input."""
    path = run.parameters_folder / "triage" / "crime_harm.yaml"
    run.record_input(path, path.name)
    return cases.assign(harm_days=harm_days(cases["crime_type"], read_harm(path)))


def as_it_was(cases: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Return the cases with their true victim, perpetrator and event, to mark estimates by.

    Parameters
    ----------
    cases
        From `1_link`.
    truth
        `incident_id, victim, perpetrator, duplicate_of`, of the made-up county.
    """
    require_columns(truth, ["incident_id", "victim", "perpetrator", "duplicate_of"], table="truth")
    own = ["victim", "perpetrator", "duplicate_of"]
    found = cases.drop(columns=own).merge(
        truth[["incident_id", *own]].drop_duplicates("incident_id"), on="incident_id"
    )
    # An event whose first entry is not among the cases (it was withdrawn) still happened.
    first = found["duplicate_of"].isin(found["incident_id"])
    return found.assign(duplicate_of=found["duplicate_of"].where(first))
