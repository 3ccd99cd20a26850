"""Whom names, birth dates and homes hardly tell apart, each kind counted by itself against truth.

*Twins* share home, surname and birth date; *namesakes of a family*, such as fathers and sons of one
name, share home and whole name; and of people at *shared addresses* the home says little.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.quality import pairs_of, wilson

TWINS = "Twins"
NAMESAKES = "Fathers and sons, mothers and daughters of one name"
SHARED = "People at shared addresses"
EVERYBODY = "Everybody"
SHARED_FROM = 7
"""People truly living at one property, from which its address says little of who they are."""


def described(details: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return how each true person is written most often.

    Parameters
    ----------
    details
        `dataset, local_id, forename, surname, date_of_birth`.
    known
        `source, id, entity_id` (the true person).

    Returns
    -------
    DataFrame
        `person_id, forename, surname, date_of_birth`; names in small letters.
    """
    whom = known.rename(columns={"source": "dataset", "id": "local_id", "entity_id": "person_id"})
    keys = ["dataset", "local_id"]
    rows = details[[*keys, "forename", "surname", "date_of_birth"]].astype({"dataset": object})
    rows = rows.merge(whom[[*keys, "person_id"]], on=keys)
    for name in ("forename", "surname"):
        rows[name] = rows[name].str.lower()
    columns = {}
    for name in ("forename", "surname", "date_of_birth"):
        counted = rows.groupby(["person_id", name], observed=True).size().rename("times")
        often = counted.reset_index().sort_values("times", kind="stable")
        columns[name] = often.drop_duplicates("person_id", keep="last").set_index("person_id")[name]
    return pd.DataFrame(columns).rename_axis("person_id").reset_index()


def hard_people(people: pd.DataFrame, households: pd.DataFrame) -> pd.DataFrame:
    """Say of each true person which kinds of hard case they are.

    Parameters
    ----------
    people
        From `described`.
    households
        The truth's: `person_id, household, uprn`.

    Returns
    -------
    DataFrame
        `person_id` and a column of bool for each of `TWINS`, `NAMESAKES`, `SHARED`, `EVERYBODY`.
    """
    table = people.merge(households[["person_id", "household", "uprn"]], on="person_id", how="left")
    lives = table["household"].notna()
    twin = ["household", "surname", "date_of_birth"]
    named = ["household", "surname", "forename"]
    whole = table[[*twin, "forename"]].notna().all(axis=1) & lives
    at_once = households.groupby("uprn")["person_id"].nunique()
    return pd.DataFrame(
        {
            "person_id": table["person_id"],
            TWINS: whole & table.duplicated(twin, keep=False),
            NAMESAKES: whole & table.duplicated(named, keep=False),
            SHARED: table["uprn"].map(at_once).fillna(0) >= SHARED_FROM,
            EVERYBODY: True,
        }
    )


def hard_cases(clusters: pd.DataFrame, known: pd.DataFrame, hard: pd.DataFrame) -> pd.DataFrame:
    """Measure the links of each kind of hard case.

    Parameters
    ----------
    clusters
        `source, id, entity_id`.
    known
        `source, id, entity_id` (the true person).
    hard
        From `hard_people`; whoever is not in it is of no kind.

    Returns
    -------
    DataFrame
        `who, people`; `right_percent` of the pairs of records that were joined and touch them, and
        `found_percent` of the true pairs of theirs, each with Wilson's interval; and
        `joined_to_another`, the people of whom a record stands in one entity with somebody else's.
    """
    keys = ["source", "id"]
    table = (
        clusters[[*keys, "entity_id"]]
        .astype({"source": object})
        .merge(known[[*keys, "entity_id"]].rename(columns={"entity_id": "person_id"}), on=keys)
    )
    entity, person = (pd.factorize(table[name])[0] for name in ("entity_id", "person_id"))
    found, true = pairs_of(entity), pairs_of(person)
    right = person[found.left] == person[found.right]
    seen = entity[true.left] == entity[true.right]
    flags = hard.set_index("person_id").reindex(table["person_id"], fill_value=False)
    rows = []
    for who in (TWINS, NAMESAKES, SHARED, EVERYBODY):
        is_one = flags[who].to_numpy(dtype=bool)
        touched = is_one[found.left] | is_one[found.right]
        theirs = is_one[true.left]
        wrong = touched & ~right
        ends = np.concatenate([found.left[wrong], found.right[wrong]])
        mixed = np.unique(person[ends[is_one[ends]]])
        row: dict[str, object] = {"who": who, "people": len(np.unique(person[is_one]))}
        row |= _share("right", right[touched]) | _share("found", seen[theirs])
        rows.append(row | {"joined_to_another": len(mixed)})
    return pd.DataFrame(rows)


def _share(name: str, good: npt.NDArray[np.bool_]) -> dict[str, float]:
    number, total = int(good.sum()), len(good)
    low, high = wilson(number, total)
    share = 100 * number / total if total else float("nan")
    return {f"{name}_percent": share, f"{name}_low": 100 * low, f"{name}_high": 100 * high}
