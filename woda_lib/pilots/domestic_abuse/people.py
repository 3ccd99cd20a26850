"""Who is who across the agencies: one record for each number by which an agency knows somebody.

An agency may know one person by several numbers, and delivers the details of a number again and
again. Of each field the newest that was written down counts, so that a birth date that is left
blank today is still known from last year.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from woda_lib.linkage import LinkageSpec
from woda_lib.linkage.record_keys import ordered_by, places_among, record_keys, text_order
from woda_lib.notebook import Run
from woda_lib.pilots.domestic_abuse.errors import require_columns
from woda_lib.pilots.domestic_abuse.registers import (
    MARAC,
    MARAC_NUMBER,
    MARAC_ROLES,
    REGISTERS,
    Register,
    in_role,
)

IDENTITY = ("nhs_number", "forename", "surname", "date_of_birth", "sex", "address", "postcode")
FEWEST_SO_CALLED = 3
"""People whom police know by a short name before it stands for the long one; tells of nobody."""

NUMBERS = {**{each.source: each.number for each in REGISTERS}, "marac": MARAC_NUMBER}
"""By source, the field whose pseudonyms its records go by."""

DATASETS = (*dict.fromkeys(each.dataset for each in REGISTERS), MARAC)
"""Whatever names people."""


def records(loaded: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return one record for each number by which an agency knows somebody.

    Parameters
    ----------
    loaded
        The tables of `DATASETS` by name, as far as there are any, each with `partner`, its number,
        the date of the row and the fields of `IDENTITY` that it holds.

    Returns
    -------
    dict of str to DataFrame
        By source of ``people.yaml``: `partner, id, known_as` and `IDENTITY`, ordered by `id`.

    Raises
    ------
    DomesticAbuseError
        If a table lacks its number, its date or `partner`.
    """
    parts: dict[str, list[pd.DataFrame]] = {}
    for register in REGISTERS:
        if register.dataset in loaded:
            found = _rows(loaded[register.dataset], register)
            parts.setdefault(register.source, []).append(found)
    if MARAC in loaded:
        parts["marac"] = [_heard(loaded[MARAC], role) for role in MARAC_ROLES]
    return {source: _newest(_together(found)) for source, found in parts.items()}


def numbers(loaded: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return which numbers stand in which dataset: `source, id, partner, dataset`."""
    parts = []
    for register in REGISTERS:
        if register.dataset in loaded:
            rows = _rows(loaded[register.dataset], register)[["id", "partner"]]
            parts.append(rows.assign(source=register.source, dataset=register.dataset))
    if MARAC in loaded:
        parts += [
            _heard(loaded[MARAC], role)[["id", "partner"]].assign(source="marac", dataset=MARAC)
            for role in MARAC_ROLES
        ]
    return pd.concat(parts).drop_duplicates(["dataset", "id"], ignore_index=True)


def people_table(clusters: pd.DataFrame, numbers: pd.DataFrame) -> pd.DataFrame:
    """Return who is who by partner, dataset and number.

    Parameters
    ----------
    clusters
        `source, id, entity_id, confidence`, from `linking.link_from`.
    numbers
        From `numbers`.

    Returns
    -------
    DataFrame
        `partner, dataset, local_id, entity_id, confidence`, a row a number in a dataset: a number
        of the council that stands in two of its datasets has a row in each.
    """
    here, there = record_keys(numbers, clusters)
    place = places_among(here, there)
    linked = clusters[["entity_id", "confidence"]].iloc[place[place >= 0]]
    found = numbers.loc[place >= 0, ["partner", "dataset", "id"]].reset_index(drop=True)
    table = found.join(linked.reset_index(drop=True)).rename(columns={"id": "local_id"})
    table = table.iloc[ordered_by(table, ["dataset", "local_id"])]
    return table.astype({"local_id": object, "entity_id": "string"}).reset_index(drop=True)


def specification(run: Run, records: Mapping[str, pd.DataFrame]) -> LinkageSpec:
    """Return how people are linked, with the short names that police know people by.

    Parameters
    ----------
    run
        Notes ``parameters/linkage/domestic_abuse.yaml`` as an input.
    records
        From `records`; those of police tell who is known as what.
    """
    path: Path = run.parameters_folder / "linkage" / "domestic_abuse.yaml"
    run.record_input(path, path.name)
    spec = LinkageSpec.from_yaml(path)
    told = short_names(records["police"])
    comparisons = [
        each.model_copy(update={"aliases": told | each.aliases}) if each.knows_aliases else each
        for each in spec.comparisons
    ]
    return spec.model_copy(update={"comparisons": comparisons})


def short_names(police: pd.DataFrame) -> dict[str, str]:
    """Return which forenames stand for others, as police's records of people tell.

    Parameters
    ----------
    police
        `id, forename, known_as`.

    Returns
    -------
    dict of str to str
        From the short name to the form that it stands for, in small letters. A pair counts where
        it is written of several people; each name has one form, and the pair that is written most
        decides.
    """
    named = police[["forename", "known_as"]].dropna()
    named = named.apply(lambda column: column.str.lower().str.strip())
    plain = named.apply(lambda column: column.str.fullmatch("[a-z]{2,}")).all(axis=1)
    pairs = named[plain & (named["forename"] != named["known_as"])]
    counted = pairs.value_counts().rename("people").reset_index()
    order = ["people", "forename", "known_as"]
    counted = counted.sort_values(order, ascending=[False, True, True])
    often = counted[counted["people"] >= FEWEST_SO_CALLED]
    forms: dict[str, str] = {}
    for form, name in zip(often["forename"], often["known_as"], strict=True):
        if name not in forms and name not in forms.values() and form not in forms:
            forms[name] = form
    return forms


def person_truth(truth: pd.DataFrame, numbers: pd.DataFrame) -> pd.DataFrame:
    """Return a truth of people in the linkage's terms.

    Parameters
    ----------
    truth
        `partner, dataset, local_id, person_id` and what people are grouped by.
    numbers
        From `numbers`.

    Returns
    -------
    DataFrame
        `source, id, entity_id` and the other columns of `truth`, a row a record.
    """
    known = truth.rename(columns={"local_id": "id", "person_id": "entity_id"})
    found = numbers[["source", "dataset", "id"]].merge(known, on=["dataset", "id"])
    return found.drop_duplicates(["source", "id"], ignore_index=True)


_COLUMNS = ["partner", "id", "written", "known_as", *IDENTITY]


def _rows(frame: pd.DataFrame, register: Register) -> pd.DataFrame:
    require_columns(frame, ["partner", register.number, register.written], table=register.dataset)
    named = {register.number: "id", register.written: "written"}
    renamed = frame.rename(columns=named)
    return renamed[[column for column in _COLUMNS if column in renamed]]


def _heard(cases: pd.DataFrame, role: str) -> pd.DataFrame:
    """The people of one role in marac cases; a case without a name of them has none."""
    require_columns(cases, ["partner", MARAC_NUMBER, "heard_on"], table=MARAC)
    named = {f"{role}_{name}": name for name in IDENTITY} | {"heard_on": "written"}
    found = cases.rename(columns=named).assign(id=in_role(cases[MARAC_NUMBER], role))
    found = found[[column for column in _COLUMNS if column in found]]
    return found[found["surname"].notna() | found["forename"].notna()]


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Put tables with some of the columns together, what none of them holds as missing."""
    some = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(some, ignore_index=True).reindex(columns=_COLUMNS)


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    """The last known value of each field, by number."""
    ordered = rows.sort_values("written", kind="stable", ignore_index=True)
    codes, numbers = _numbered(ordered["id"])
    columns = {}
    for name in ordered.columns.drop(["id", "written"]):
        known = ordered[name].notna().to_numpy()
        last = np.full(len(numbers), -1)
        last[codes[known]] = np.flatnonzero(known)  # of several, the last that is written stays
        columns[name] = ordered[name].reindex(last).array  # −1 is nowhere
    found = pd.DataFrame({"id": numbers, **columns})
    kinds = {name: kind for name, kind in ordered.dtypes.items() if name in columns}
    return found.astype(kinds)[
        ["partner", "id", *ordered.columns.drop(["partner", "id", "written"])]
    ]


def _numbered(texts: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Number texts in their order, which Arrow finds sooner than `pandas.factorize` does."""
    codes, distinct = pd.factorize(texts)
    order = text_order(pd.Series(distinct))
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    return rank[codes], distinct[order]
