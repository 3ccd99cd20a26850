"""Who is whom in patient flow: hospital patients and council clients as one linkage.

A partner's own numbers are unique only within that partner, so a record is known here by partner
and number together, as in ``county_council/W123``.
"""

from __future__ import annotations

import pandas as pd

from woda_lib.linkage import LinkageResult, LinkageSpec, link
from woda_lib.notebook import Run
from woda_lib.pilots.patient_flow.errors import require_columns

_SOURCE_OF = {"hospital_spells": "hospital", "social_care_clients": "council"}
IDENTITY = ["nhs_number", "forename", "surname", "date_of_birth", "sex", "postcode"]


def patients(spells: pd.DataFrame) -> pd.DataFrame:
    """Return one row a hospital patient, with the details of the newest stay.

    Parameters
    ----------
    spells
        `partner, patient_id, admission_date` and the identifying columns, one row a stay.

    Returns
    -------
    DataFrame
        `partner, local_id, patient_id` (partner and number together) and the identifying columns.

    Raises
    ------
    MissingColumnsError
        If the table lacks a column.
    """
    require_columns(
        spells, ["partner", "patient_id", "admission_date", *IDENTITY], table="hospital stays"
    )
    newest = spells.sort_values("admission_date", kind="stable")
    return _identified(newest, "patient_id")


def clients(register: pd.DataFrame) -> pd.DataFrame:
    """Return one row a social care client, with the newest details.

    Parameters
    ----------
    register
        `partner, client_id, recorded_on` and the identifying columns.

    Returns
    -------
    DataFrame
        As `patients`, with `client_id`.

    Raises
    ------
    MissingColumnsError
        If the table lacks a column.
    """
    require_columns(
        register, ["partner", "client_id", "recorded_on", *IDENTITY], table="social care clients"
    )
    return _identified(register.sort_values("recorded_on", kind="stable"), "client_id")


def specification(run: Run) -> LinkageSpec:
    """Return how people are linked (``parameters/linkage/people.yaml``), noted as an input."""
    path = run.parameters_folder / "linkage" / "people.yaml"
    run.record_input(path, "people.yaml")
    return LinkageSpec.from_yaml(path)


def link_people(
    hospital: pd.DataFrame,
    council: pd.DataFrame,
    spec: LinkageSpec,
    *,
    truth: pd.DataFrame | None = None,
) -> LinkageResult:
    """Link patients and clients.

    Parameters
    ----------
    hospital, council
        From `patients` and `clients`.
    spec
        A specification with the sources ``hospital`` and ``council``.
    truth
        `partner, dataset, local_id, person_id` of every record, for measuring only.
    """
    known = None if truth is None else person_truth(truth)
    return link({"hospital": hospital, "council": council}, spec, truth=known)


def person_links(
    result: LinkageResult, hospital: pd.DataFrame, council: pd.DataFrame
) -> pd.DataFrame:
    """Return who is whom by partner and number: `partner, local_id, entity_id, confidence`."""
    numbers = pd.concat(
        [
            frame[["partner", "local_id", column]].rename(columns={column: "id"})
            for frame, column in ((hospital, "patient_id"), (council, "client_id"))
        ]
    )
    columns = ["partner", "local_id", "entity_id", "confidence"]
    return numbers.merge(result.clusters, on="id", validate="one_to_one")[columns]


def linkage_shares(result: LinkageResult) -> pd.DataFrame:
    """Return precision and recall of the clusters between hospital and council.

    Returns
    -------
    DataFrame
        `measure` (precision, recall), `percent`, and `low` and `high` where the truth is known;
        without it the model's own estimates, which have no interval.
    """
    table = result.quality()
    if "low" in table:
        table = table[(table["of"] == "clusters") & (table["scope"] == "between sources")]
    shares = table[table["measure"].isin(["precision", "recall"])].reset_index(drop=True)
    found = shares[["measure"]].assign(percent=100 * shares["value"])
    for end in ("low", "high"):
        found[end] = 100 * shares[end] if end in shares else pd.NA
    return found


def _identified(records: pd.DataFrame, number: str) -> pd.DataFrame:
    newest = records.drop_duplicates(["partner", number], keep="last")
    local = newest[number].astype("string")
    identified = newest[["partner", *IDENTITY]].assign(local_id=local)
    identified[number] = newest["partner"].astype("string") + "/" + local
    columns = ["partner", "local_id", number, *IDENTITY]
    return identified[columns].sort_values(number).reset_index(drop=True)


def person_truth(truth: pd.DataFrame) -> pd.DataFrame:
    """Return a truth of people in the linkage's terms: `source, id, entity_id` and the rest.

    What is known of other datasets' people is left out.
    """
    sources = truth["dataset"].map(
        {"hospital_spells": "hospital", "social_care_clients": "council"}
    )
    own = truth.assign(source=sources).loc[sources.notna()].reset_index(drop=True)
    local = own["partner"].astype("string") + "/" + own["local_id"].astype("string")
    return own.rename(columns={"person_id": "entity_id"}).assign(id=local)
