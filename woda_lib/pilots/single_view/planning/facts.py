"""What partners' rows say of each person now: which headings they raise, which help there is.

A row counts when it goes on, or when it ended no longer ago than the months that the step looks
back. It is found for a person by the partner's number, through the links of the build; how sure
that link is goes with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import numpy as np
import pandas as pd

from woda_lib.pilots.single_view.planning.errors import PlanningError
from woda_lib.pilots.single_view.planning.schema import Schema
from woda_lib.pilots.single_view.registers import NUMBERS

FACTS = ["source", "id", "kind", "name", "ages"]


def facts_of(
    loaded: Mapping[str, pd.DataFrame], schema: Schema, *, as_of: date, look_back_months: int
) -> pd.DataFrame:
    """Return every fact that the schema finds in the partners' rows.

    Parameters
    ----------
    loaded
        By dataset the rows as loaded: the number of the person, `started_on`, `ended_on` and the
        fields that rules name.
    schema
    as_of
    look_back_months
        How long what is over counts as a need. Help counts only while it goes on.

    Returns
    -------
    DataFrame
        `source` (the dataset), `id` (the partner's number), `kind` (need, help or service), `name`
        and `ages` (the bands whom the rule asks of, joined by blanks; empty for everybody), once.

    Raises
    ------
    PlanningError
        If a dataset or a field of a rule was not loaded.
    """
    parts = []
    for kind, name, rule in schema.groups():
        rows = rows_of(loaded, rule.dataset, rule.where)
        months = 0 if kind == "help" else look_back_months
        now = _counts_now(rows, as_of, months, of_a_day=rule.dataset in schema.of_a_day)
        found = rows.loc[now, [NUMBERS[rule.dataset]]].set_axis(["id"], axis=1)
        ages = " ".join(rule.ages)
        parts.append(found.assign(source=rule.dataset, kind=kind, name=name, ages=ages))
    return pd.concat(parts, ignore_index=True)[FACTS].drop_duplicates(ignore_index=True)


def free_meals_of(loaded: Mapping[str, pd.DataFrame], *, as_of: date) -> pd.DataFrame:
    """Return the pupils who are eligible for free meals now, as facts of kind ``mark``."""
    rows = loaded["school_census"]
    now = _counts_now(rows, as_of, 0, of_a_day=False) & rows["free_meals"].isin(["yes"]).to_numpy()
    found = rows.loc[now, [NUMBERS["school_census"]]].set_axis(["id"], axis=1)
    found = found.assign(source="school_census", kind="mark", name="free_meals", ages="")
    return found[FACTS].drop_duplicates(ignore_index=True)


def of_people(facts: pd.DataFrame, records: pd.DataFrame, persons: pd.DataFrame) -> pd.DataFrame:
    """Return facts of people: `entity_id, kind, name, confidence`, the most confident of each.

    Parameters
    ----------
    facts
        From `facts_of`.
    records
        The build's: `dataset, local_id, entity_id, confidence`.
    persons
        The build's: `entity_id, age_band`; a rule that asks of ages passes over who has none.
    """
    known = records[["dataset", "local_id", "entity_id", "confidence"]]
    known = known.astype({"dataset": object, "local_id": object, "entity_id": object})
    named = facts.merge(
        known, left_on=["source", "id"], right_on=["dataset", "local_id"], how="inner"
    )
    band = named["entity_id"].map(persons.set_index("entity_id")["age_band"].astype(object))
    named = named.assign(band=band.fillna("none"))
    pairs = named[["ages", "band"]].drop_duplicates()
    fits = [not ages or band in ages.split(" ") for ages, band in pairs.itertuples(index=False)]
    kept = named.merge(pairs.loc[fits], on=["ages", "band"], how="inner")
    kept = kept[["entity_id", "kind", "name", "confidence"]]
    best = kept.groupby(["entity_id", "kind", "name"], observed=True)["confidence"].max()
    return best.reset_index()


def rows_of(
    loaded: Mapping[str, pd.DataFrame], dataset: str, where: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """Return the rows of a dataset that a rule asks for, whenever they are of.

    Parameters
    ----------
    loaded
        By dataset the rows as loaded.
    dataset
    where
        To each field the values of which one must stand in it.

    Raises
    ------
    PlanningError
        If the dataset or a field was not loaded.
    """
    if dataset not in loaded:
        raise PlanningError(
            f"A rule asks of {dataset}, which this step does not load. Add it under `datasets` of "
            "the step in the pilot's file, such as parameters/single_view.yaml, or take the rule "
            "out."
        )
    rows = loaded[dataset]
    number = [NUMBERS[dataset]] if dataset in NUMBERS else []
    wanted = [*number, "started_on", *where]
    if missing := [field for field in wanted if field not in rows.columns]:
        raise PlanningError(
            f"A rule asks for {dataset}.{missing[0]}, which this step does not load. Add it under "
            "`datasets` of the step in the pilot's file, such as parameters/single_view.yaml, "
            "where the agreement permits it, or take the rule out."
        )
    kept = pd.Series(True, index=rows.index)
    for field, values in where.items():
        kept &= rows[field].isin(list(values)).astype(bool)
    return rows.loc[kept]


def _counts_now(rows: pd.DataFrame, as_of: date, months: int, *, of_a_day: bool) -> np.ndarray:
    day = pd.Timestamp(as_of)
    since = day - pd.DateOffset(months=months)
    last = rows["started_on"] if of_a_day else rows["ended_on"]
    begun = rows["started_on"].le(day)
    recent = last.ge(since) if of_a_day else last.isna() | last.ge(since)
    return (begun & recent).to_numpy(dtype=bool)
