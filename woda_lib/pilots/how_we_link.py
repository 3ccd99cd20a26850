"""The study of how records are linked: twelve visible records, and what to show of a linkage.

Nothing real can be shown record by record. These twelve are invented for teaching, stand in the
notebook's own text, and join the made-up county's records under letters, so that they are weighed
by what the county teaches. Only their letters ever appear in a table.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.linkage import LinkageResult
from woda_lib.linkage.thresholds import Thresholds

SOURCE = "visible"
# Postcodes in XX, which is no postcode area.
_HOSPITAL = [
    ("A", "Margaret", "Attwood", "1938-03-12", "F", "XX1 1AA", 1),
    ("B", "Elizabeth", "Birchall", "1941-07-09", "F", "XX1 2BB", 2),
    ("C", "George", "Colwall", "1936-11-02", "M", "XX1 3CC", 3),
    ("D", "Maureen", "Dovedale", "1944-01-30", "F", "XX1 4DD", 5),
    ("E", "Joan", "Frostick", "1947-02-22", "F", "XX1 5EE", 6),
    ("F", "Arthur", "Greville", "1933-08-17", "M", "XX1 6FF", 8),
]
_COUNCIL = [
    ("G", "Margaret", "Attwood", "1938-03-12", "F", "XX1 1AA", 1),
    ("H", "Elizabth", "Birchall", "1941-09-07", "F", "XX1 2BB", 2),
    ("I", "Doris", "Colwall", "1937-05-21", "F", "XX1 3CC", 4),
    ("J", "Maureen", "Eastnor", "1944-01-30", "F", "XX2 7GG", 5),
    ("K", "June", "Frostick", "1947-02-22", "F", "XX1 5EE", 7),
    ("L", "Greville", "Arthur", "1933-08-17", "M", "XX1 6FF", 8),
]
PAIRS = ("AG", "BH", "CI", "DJ", "EK", "FL")
"""The pairs that the notebook discusses: a letter of the hospital and one of the council."""


def visible_records() -> pd.DataFrame:
    """Return the twelve: `source, record` (a letter), their details, and `person` (a number)."""
    columns = ["record", "forename", "surname", "date_of_birth", "sex", "postcode", "person"]
    table = pd.DataFrame([*_HOSPITAL, *_COUNCIL], columns=columns)
    table["date_of_birth"] = pd.to_datetime(table["date_of_birth"])
    sources = ["hospital"] * len(_HOSPITAL) + ["council"] * len(_COUNCIL)
    return table.assign(source=sources)


def with_visible(
    hospital: pd.DataFrame, council: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Slip the twelve among a county's patients and clients.

    Parameters
    ----------
    hospital, council
        From `patient_flow.patients` and `patient_flow.clients`.
    """
    twelve = visible_records()
    joined = []
    for source, frame, number in (
        ("hospital", hospital, "patient_id"),
        ("council", council, "client_id"),
    ):
        own = twelve[twelve["source"] == source]
        own = own.assign(partner=SOURCE, local_id=own["record"], **{number: _id(own["record"])})
        own = own.reindex(columns=frame.columns).astype(frame.dtypes.to_dict())
        joined.append(pd.concat([frame, own], ignore_index=True))
    return joined[0], joined[1]


def with_visible_truth(truth: pd.DataFrame) -> pd.DataFrame:
    """Add the twelve to the county's truth of people; their persons are numbered below nought."""
    twelve = visible_records()
    datasets = {"hospital": "hospital_spells", "council": "social_care_clients"}
    own = pd.DataFrame(
        {
            "partner": SOURCE,
            "dataset": twelve["source"].map(datasets),
            "local_id": twelve["record"],
            "person_id": -twelve["person"],
            "ethnic_group": "Z",
            "age": 2025 - twelve["date_of_birth"].dt.year,
            "sex": twelve["sex"],
        }
    )
    return pd.concat([truth, own], ignore_index=True)[list(truth.columns)]


def explained(result: LinkageResult, pair: str) -> pd.DataFrame:
    """Return `LinkageResult.explain` for two of the twelve, named by their letters."""
    left, right = _id(pd.Series(list(pair)))
    return result.explain(left, right, left_source="hospital", right_source="council")


def levels(result: LinkageResult) -> pd.DataFrame:
    """Say at which level each discussed pair agrees: a row a comparison, a column a pair."""
    columns = {}
    for pair in PAIRS:
        table = explained(result, pair).dropna(subset=["level"])
        columns[_written(pair)] = table.set_index("comparison")["meaning"]
    table = pd.DataFrame(columns).rename_axis("comparison").reset_index()
    return table.assign(comparison=_said(table["comparison"]))


def verdict(evidence: pd.DataFrame, thresholds: Thresholds) -> str:
    """Say what the model makes of a pair whose evidence `explained` gave."""
    probability = 1 / (1 + np.exp2(-float(evidence["total"].iloc[-1])))
    if probability >= thresholds.link:
        return "one person"
    return "two people" if probability < thresholds.review else "a person decides"


def verdicts(result: LinkageResult) -> pd.DataFrame:
    """Return for each discussed pair what the model says, and what is true.

    Returns
    -------
    DataFrame
        `pair, evidence` (bits, without the prior), `probability_percent, model, truth`.
    """
    person = visible_records().set_index("record")["person"]
    rows = []
    for pair in PAIRS:
        table = explained(result, pair)
        total = float(table["total"].iloc[-1])
        rows.append(
            {
                "pair": _written(pair),
                "evidence": total - float(table["weight"].iloc[0]),
                "probability_percent": 100 / (1 + np.exp2(-total)),
                "model": verdict(table, result.spec.thresholds),
                "truth": "one person" if person[pair[0]] == person[pair[1]] else "two people",
            }
        )
    return pd.DataFrame(rows)


def groups(result: LinkageResult) -> pd.DataFrame:
    """Return the clusters of the twelve: `records` (letters), `in_truth` (whether so in truth)."""
    twelve = visible_records()
    twelve["id"] = _id(twelve["record"])
    found = twelve.merge(result.clusters, on=["source", "id"], validate="one_to_one")
    table = found.groupby("entity_id", sort=False).agg(
        records=("record", " and ".join),
        size=("record", "size"),
        persons=("person", "nunique"),
        first=("person", "first"),
    )
    whole = table["size"] == table["first"].map(twelve.groupby("person").size())
    right = (table["persons"] == 1) & whole
    table["in_truth"] = right.map({True: "one person, complete", False: "a mistake"})
    return table[["records", "in_truth"]].reset_index(drop=True)


def cluster_sizes(result: LinkageResult) -> pd.DataFrame:
    """Count entities by how many records each has: `records_each` (as text), `entities`."""
    sizes = result.clusters.groupby("entity_id").size().clip(upper=5)
    counted = sizes.value_counts().sort_index()
    names = counted.index.map(lambda size: "5 or more" if size == 5 else str(size))
    return pd.DataFrame({"records_each": names, "entities": counted.to_numpy()})


def commonest_causes(mistakes: pd.DataFrame, *, fewest: int) -> str:
    """Say what `linkage.mistakes` counts most of, among missed pairs and among wrong ones.

    A cause of fewer than `fewest` pairs is not told.
    """
    said = []
    for mistake, causes in mistakes.groupby("mistake", sort=False):
        most = causes.loc[causes["pairs"].idxmax()]
        cause = f"“{most['because']}”" if most["pairs"] >= fewest else "not told of so few"
        said.append(f"of {mistake} pairs, {cause}")
    return f"The commonest cause: {'; '.join(said)}"


def chance_of_agreeing(result: LinkageResult) -> pd.DataFrame:
    """Return the model's table with probabilities as percentages, for people to read."""
    table = result.model.table()
    return pd.DataFrame(
        {
            "comparison": _said(table["comparison"]),
            "agreement": table["meaning"],
            "among_matches_percent": 100 * table["m"],
            "by_chance_percent": 100 * table["u"],
            "weight": table["weight"],
        }
    )


def _id(letters: pd.Series) -> pd.Series:
    return SOURCE + "/" + letters.astype(str)


def _written(pair: str) -> str:
    return f"{pair[0]} and {pair[1]}"


def _said(fields: pd.Series) -> pd.Series:
    return fields.str.replace("_", " ").str.replace("nhs", "NHS")
