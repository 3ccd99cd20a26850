"""Partners' rows as events: of whom or of which property, of which kind, and known from when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from woda_lib.pilots.complex_dependencies.held import Held, day_of, known_on
from woda_lib.pilots.single_view.ages import years_of
from woda_lib.pilots.single_view.planning.facts import rows_of
from woda_lib.pilots.single_view.planning.schema import Schema
from woda_lib.pilots.single_view.registers import NUMBERS
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.features import FeatureSet, Kind
from woda_lib.records.findings import nearest

COLUMNS = ["unit_id", "kind", "started_on", "ended_on", "known_on", "value", "counts_until"]


def events(
    rows: Mapping[str, pd.DataFrame],
    held: Held,
    tables: Mapping[str, pd.DataFrame],
    features: FeatureSet,
    schema: Schema,
    *,
    as_of: date,
) -> pd.DataFrame:
    """Return every event of the registry's kinds.

    Parameters
    ----------
    rows
        By dataset, as held on a day.
    held
        Says when each dataset was first delivered, and how long its rows usually take.
    tables
        Of the build: `records, persons, households`.
    features
    schema
        The early-help schema, whose rules some kinds go by.
    as_of
        The day of the build.

    Returns
    -------
    DataFrame
        `COLUMNS`; `unit_id` is the entity of a person, the number of a property or a household's
        identifier. What a row says of a person who is in no record is left out.
    """
    who = _People(tables["records"], tables["persons"], as_of)
    parts = []
    for kind in features.kinds:
        for dataset, where, ages in _rules(kind, schema):
            if dataset not in rows:
                continue
            found = rows_of(rows, dataset, where)
            one_day = kind.of_a_day or dataset in schema.of_a_day
            known = known_on(day_of(dataset, found), held.first[dataset], held.delay[dataset])
            part = _of_rows(found, dataset, kind, known, one_day=one_day)
            if kind.of == "person":
                part = who.named(part, dataset, ages)
            parts.append(part)
        if kind.table is not None:
            parts.append(of_homes(stays(tables[kind.table]), kind.name))
    whole = pd.concat([part.astype({"unit_id": object}) for part in parts], ignore_index=True)
    return whole.dropna(subset=["unit_id", "started_on"]).reset_index(drop=True)[COLUMNS]


def memberships(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return who belonged to which household, and which household lived at which property.

    Returns
    -------
    DataFrame
        `unit_id, household_id, starts, ends`, as `woda_lib.prediction.features.build` takes them,
        and `of`: person or property.
    """
    columns = ["unit_id", "household_id", "starts", "ends", "of"]
    people = tables["members"].rename(columns={"entity_id": "unit_id"}).assign(of="person")
    homes = stays(tables["households"]).rename(columns={"uprn": "unit_id"}).assign(of="property")
    kinds = dict.fromkeys(("unit_id", "household_id"), object)
    parts = [people[columns].astype(kinds), homes[columns].astype(kinds)]
    return pd.concat(parts, ignore_index=True)


def stays(households: pd.DataFrame) -> pd.DataFrame:
    """Return each household's time at each property, its spans there joined.

    Returns
    -------
    DataFrame
        `household_id, uprn, starts, ends` and `moved`: whether it came from another property.
    """
    spans = households[["household_id", "uprn", "starts", "ends"]]
    spans = spans.sort_values(["household_id", "starts"], kind="stable", ignore_index=True)
    identity, home = (spans[name].astype(object) for name in ("household_id", "uprn"))
    same = identity.eq(identity.shift())
    goes_on = same & home.eq(home.shift())
    goes_on &= spans["starts"].le(spans["ends"].shift() + pd.Timedelta(days=1))
    moved = same & home.ne(home.shift())
    number = (~goes_on).cumsum()
    begun = spans.assign(moved=moved).loc[~number.duplicated()]
    last = spans.loc[~number.duplicated(keep="last"), "ends"]
    return begun.assign(ends=last.to_numpy()).reset_index(drop=True)


def of_homes(lived: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return that a household comes to live somewhere (``home``), from another property (``move``).

    Parameters
    ----------
    lived
        From `stays`.
    kind
    """
    made = lived.loc[lived["moved"]] if kind == "move" else lived
    return pd.DataFrame(
        {
            "unit_id": made["household_id"].astype(object),
            "kind": kind,
            "started_on": made["starts"],
            "ended_on": made["starts"],
            "known_on": made["starts"],
            "value": 1.0,
            "counts_until": pd.NaT,
        }
    ).astype({"counts_until": "datetime64[ns]"})


def _rules(
    kind: Kind, schema: Schema
) -> Iterator[tuple[str, Mapping[str, tuple[str, ...]], tuple[str, ...]]]:
    """Each dataset that a kind is made of, with what must stand in it, and of which ages."""
    for each in kind.rows:
        yield each.dataset, each.where, ()
    if kind.need is not None:
        raised = [need.raised_by for need in schema.needs if need.heading == kind.need]
        if not raised:
            raise PredictionError(
                f"features.yaml: the kind {kind.name} asks for the heading {kind.need!r}, which "
                f"headings.yaml has not. {nearest(kind.need, schema.titles)}"
            )
        for rule in raised[0]:
            yield rule.dataset, rule.where, rule.ages
    if kind.known_by is not None:
        services = {rule.because: rule for rule in schema.known_by}
        if kind.known_by not in services:
            raise PredictionError(
                f"features.yaml: the kind {kind.name} asks for the service {kind.known_by!r}, "
                f"which headings.yaml has not. {nearest(kind.known_by, services)}"
            )
        rule = services[kind.known_by]
        yield rule.dataset, rule.where, rule.ages


def _of_rows(
    rows: pd.DataFrame, dataset: str, kind: Kind, known: pd.Series, *, one_day: bool
) -> pd.DataFrame:
    rows = day_of(dataset, rows)
    ended = rows["started_on"] if one_day or "ended_on" not in rows else rows["ended_on"]
    number = NUMBERS.get(dataset, "uprn")
    value = 1.0 if kind.value is None else rows[kind.value].astype("Float64").fillna(0.0)
    return pd.DataFrame(
        {
            "unit_id": rows[number].astype(object),
            "kind": kind.name,
            "started_on": rows["started_on"],
            "ended_on": ended,
            "known_on": known,
            "value": value,
            "counts_until": pd.NaT,
        }
    ).astype({"value": float, "counts_until": "datetime64[ns]"})


class _People:
    """Who each partner's number is, and until when a rule that asks of ages asks of them."""

    def __init__(self, records: pd.DataFrame, persons: pd.DataFrame, as_of: date) -> None:
        known = records[["dataset", "local_id", "entity_id"]].astype(object)
        self._of = {
            str(name): mine.drop_duplicates("local_id").set_index("local_id")["entity_id"]
            for name, mine in known.groupby("dataset")
        }
        ages = persons.set_index(persons["entity_id"].astype(object))["age_half_years"]
        self._ages = ages.astype("Float64").astype(float)
        self._as_of = pd.Timestamp(as_of)

    def named(self, part: pd.DataFrame, dataset: str, ages: tuple[str, ...]) -> pd.DataFrame:
        """Return events with the person in place of the partner's number."""
        entity = part["unit_id"].map(self._of.get(dataset, pd.Series(dtype=object)))
        part = part.assign(unit_id=entity).dropna(subset=["unit_id"])
        if not ages:
            return part
        least, most = years_of(ages)
        own = part["unit_id"].map(self._ages)
        part, own = part.loc[own.notna()], own.dropna()
        part = part.assign(counts_until=self._birthday(own, most))
        if least:
            reached = self._birthday(own, least)
            begins = part[["started_on"]].assign(reached=reached).max(axis=1)
            part = part.assign(started_on=begins)
            part = part.loc[part["ended_on"].isna() | part["ended_on"].ge(begins)]
        return part

    def _birthday(self, half_years: pd.Series, years: float) -> pd.Series:
        """The day on which each is so old: exact to the half-year, as ages are."""
        if years == float("inf"):
            return pd.Series(pd.NaT, index=half_years.index, dtype="datetime64[ns]")
        days = {
            each: self._as_of + pd.DateOffset(months=int(6 * (2 * years - each)))
            for each in half_years.unique()
        }
        return half_years.map(days).astype("datetime64[ns]")
