"""Who is whom in patient flow: hospital patients and council clients as one linkage.

A partner's own numbers are unique only within that partner, so a record is known here by partner
and number together, as in ``county_council/W123``.
"""

from __future__ import annotations

import pandas as pd

from woda_lib.linkage import LinkageResult, LinkageSpec, link
from woda_lib.pilots.patient_flow.errors import require_columns

IDENTITY = ["nhs_number", "forename", "surname", "date_of_birth", "sex", "postcode"]
SOURCES = {"hospital": "patient_id", "council": "client_id"}
"""The sources of the linkage and the column that numbers their people."""


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
        `partner, local_id, person_id` of every record, for measuring only; further columns (such
        as the true ethnic group) are kept for `LinkageResult.recall_by_group`.
    """
    frames = {"hospital": hospital, "council": council}
    return link(frames, spec, truth=None if truth is None else _known(frames, truth))


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


def linked_share(links: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Return how many clients share an entity with a hospital patient, by a column of theirs.

    Parameters
    ----------
    links
        From `person_links`, with a column `source` of ``hospital`` or ``council``.
    by
        The group of each row of `links`.

    Returns
    -------
    DataFrame
        The group, `clients`, `linked` and `linked_percent`.
    """
    patients_of = set(links.loc[links["source"] == "hospital", "entity_id"])
    council = links[links["source"] == "council"]
    linked = council["entity_id"].isin(patients_of)
    table = linked.groupby(by[council.index]).agg(clients="size", linked="sum")
    return table.assign(linked_percent=100 * table["linked"] / table["clients"]).reset_index()


def _identified(records: pd.DataFrame, number: str) -> pd.DataFrame:
    newest = records.drop_duplicates(["partner", number], keep="last")
    local = newest[number].astype("string")
    identified = newest[["partner", *IDENTITY]].assign(local_id=local)
    identified[number] = newest["partner"].astype("string") + "/" + local
    columns = ["partner", "local_id", number, *IDENTITY]
    return identified[columns].sort_values(number).reset_index(drop=True)


def _known(frames: dict[str, pd.DataFrame], truth: pd.DataFrame) -> pd.DataFrame:
    numbered = truth.assign(
        id=truth["partner"].astype("string") + "/" + truth["local_id"].astype("string")
    ).rename(columns={"person_id": "entity_id"})
    known = [
        numbered[numbered["id"].isin(frame[SOURCES[source]])].assign(source=source)
        for source, frame in frames.items()
    ]
    return pd.concat(known, ignore_index=True).drop_duplicates(["source", "id"])
