"""Features of households on a day, from events: what was known then, and nothing that came later.

An event counts on an index date if it had begun by then and was known by then; one that ends later
goes on, because on that day nobody knew its end. Joins are point-in-time: an event of a person
comes with whoever belongs to the household on the index date, an event of a property with the
household that lived there when it began (DuckDB's ASOF join), and a last state is the last before
the date.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.features.checking import (
    require_events,
    require_memberships,
    require_spine,
)
from woda_lib.prediction.features.lacking import known_from, missing_rows, too_short
from woda_lib.prediction.features.registry import Feature, FeatureSet

KEYS = ["household_id", "index_date"]
_EVER = 12 * 200  # months


@dataclass(frozen=True)
class Built:
    """Features, and what was not used.

    Attributes
    ----------
    table
        `household_id, index_date` and a column a feature: float64, missing where its source is, or
        a category. A row a row of the spine, in its order.
    warnings
        A sentence a source that is missing or does not reach back far enough.
    left_out
        `reason, events`: how many events never entered a feature, and why.
    """

    table: pd.DataFrame
    warnings: tuple[str, ...]
    left_out: pd.DataFrame


def build(
    events: pd.DataFrame,
    spine: pd.DataFrame,
    memberships: pd.DataFrame,
    features: FeatureSet,
    *,
    held_until: date,
    absent: Collection[str] = (),
) -> Built:
    """Build the features of a spine.

    Parameters
    ----------
    events
        `unit_id` (a person, a property or a household), `kind` (of the registry), `started_on`,
        `ended_on` (the last day; missing while it goes on), `known_on` and `value` (missing is 1).
        ``counts_until``, if there is such a column, is the first day on which an event counts no
        longer whatever its end, such as the birthday of a child.
    spine
        `household_id, index_date`, each pair once, and the columns that the registry asks for.
    memberships
        `unit_id, household_id, starts, ends`: which person belonged to which household, and which
        household lived at which property.
    features
        From `read_features`.
    held_until
        The day up to which events are held; an index date after it is refused.
    absent
        Datasets that were not delivered.

    Raises
    ------
    PredictionError
        If a table lacks a column or holds what it cannot, an index date lies beyond the data, a
        column of the day holds a level that the registry does not know, or a source is missing
        that the registry does not let be missing.

    Notes
    -----
    A kind of event of which there is not a single one counts as a missing source: nought for
    everybody would be a claim that nobody made.
    """
    require_spine(spine, features, held_until=pd.Timestamp(held_until))
    require_events(events, features)
    require_memberships(memberships)
    since = known_from(events)
    made = [each for each in features.features if each.kind]
    aggregated, left_out = _aggregated(events, spine, memberships, features, made)
    columns: dict[str, pd.Series] = {name: spine[name].reset_index(drop=True) for name in KEYS}
    missing: dict[str, list[str]] = {}
    for each in features.features:
        column = aggregated[each.name] if each.kind else _of_the_day(each, spine)
        reason, rows = missing_rows(each, spine, since, absent)
        if reason and each.if_missing == "refuse":
            raise PredictionError(
                f"The feature {each.name} cannot be built, because {reason}, and "
                f"{features.registry}.yaml says that it must not be missing. Deliver the source, "
                "or say `if_missing: missing`."
            )
        if each.if_missing == "refuse" and column.isna().any():
            raise PredictionError(
                f"The spine's column {each.column}, of which the feature {each.name} is made, is "
                f"missing in {int(column.isna().sum()):,} rows, and {features.registry}.yaml says "
                "that it must not be. Leave those households out and count them."
            )
        if reason:
            missing.setdefault(reason, []).append(each.name)
        columns[each.name] = column.mask(rows)
    said = [f"{', '.join(names)}: missing, because {why}." for why, names in missing.items()]
    said += too_short(made, events, spine)
    return Built(pd.DataFrame(columns), tuple(said), left_out)


def _of_the_day(feature: Feature, spine: pd.DataFrame) -> pd.Series:
    given = spine[str(feature.column)].reset_index(drop=True)
    if feature.is_category:
        return pd.Series(pd.Categorical(given.astype(object), categories=list(feature.levels)))
    if feature.how == "level":
        text = given.astype(object)
        return text.eq(str(feature.level)).astype(float).where(text.notna())
    return pd.to_numeric(given.astype(object), errors="coerce").astype(float)


def _aggregated(
    events: pd.DataFrame,
    spine: pd.DataFrame,
    memberships: pd.DataFrame,
    features: FeatureSet,
    made: list[Feature],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    wanted = {each.kind for each in made}
    kinds = [kind for kind in features.kinds if kind.name in wanted]
    if not made:
        return pd.DataFrame(index=range(len(spine))), _reasons(None)
    codes = {kind.name: code for code, kind in enumerate(kinds)}
    with duckdb.connect() as con:
        con.execute("set threads to 2; set preserve_insertion_order to false")
        con.register("given_kinds", _reach(made, codes))
        _register(con, events, spine, memberships, codes, {kind.name: kind.of for kind in kinds})
        con.execute(_AT_HOME)
        columns = ", ".join(_sql(each, codes) for each in made)
        found = con.execute(_AGGREGATED.format(columns=columns, windows=_windows(made)))
        table = found.df().set_index("row").reindex(range(len(spine)))
        counted = con.execute(_LEFT_OUT).fetchone()
    for each in made:
        column = table[each.name].astype(float)
        table[each.name] = column if each.how in ("months_since", "last") else column.fillna(0.0)
    return table.reset_index(drop=True), _reasons(counted)


def _reach(made: list[Feature], codes: dict[str, int]) -> pd.DataFrame:
    """Return for how many months back an event of each kind is of use."""
    months: dict[int, int] = {}
    for each in made:
        ever = each.how in ("months_since", "last") and not each.months
        far = _EVER if ever else each.months
        code = codes[str(each.kind)]
        months[code] = max(months.get(code, 0), far)
    return pd.DataFrame({"kind": list(months), "months": list(months.values())})


def _register(
    con: duckdb.DuckDBPyConnection,
    events: pd.DataFrame,
    spine: pd.DataFrame,
    memberships: pd.DataFrame,
    codes: dict[str, int],
    of: dict[str, str],
) -> None:
    """Hand the tables over with whole numbers for names, so that joins are cheap."""
    units_of = ["person", "property", "household"]
    names, at = _distinct(events["kind"])
    by_kind = np.array([codes.get(str(name), -1) for name in names], dtype=np.int16)
    given = np.array([units_of.index(of[n]) if n in of else -1 for n in names], dtype=np.int8)
    units, unit = _distinct(events["unit_id"])
    households, household = _distinct(spine["household_id"])
    # In the order of their names, so that ties are settled alike however rows are ordered.
    order = np.argsort(households.to_numpy())
    households, household = households[order], np.argsort(order).astype(np.int32)[household]
    # A household is its own unit, known by the number that the spine gives it.
    unit = np.where(given[at] == 2, households.get_indexer(units)[unit], unit)
    never = np.full(len(events), np.datetime64("NaT", "s"))
    table = pd.DataFrame(
        {
            "unit": unit,
            "kind": by_kind[at],
            "given": given[at],
            **{name: _seconds(events[name]) for name in ("started_on", "ended_on", "known_on")},
            "counts_until": _seconds(events["counts_until"]) if "counts_until" in events else never,
            "value": events["value"].to_numpy(float, na_value=np.nan),
        }
    )
    con.register("given_events", table.loc[by_kind[at] >= 0])
    rows = {"household": household, "index_date": _seconds(spine["index_date"])}
    con.register("given_spine", pd.DataFrame({"row": np.arange(len(spine)), **rows}))
    inside = pd.DataFrame(
        {
            "unit": _numbers(memberships["unit_id"], units),
            "household": _numbers(memberships["household_id"], households),
            "starts": _seconds(memberships["starts"]),
            "ends": _seconds(memberships["ends"]),
        }
    )
    # Households that are not asked about stay, or their events would fall to who came before.
    con.register("given_memberships", inside.loc[inside["unit"] >= 0])
    con.execute(_TABLES)


def _seconds(dates: pd.Series) -> np.ndarray:
    return dates.to_numpy("datetime64[s]")


def _distinct(names: pd.Series) -> tuple[pd.Index, np.ndarray]:
    """Return each name once, and to each row its place there."""
    if isinstance(names.dtype, pd.CategoricalDtype):
        return names.cat.categories.astype(object), names.cat.codes.to_numpy(np.int32)
    codes, known = pd.factorize(names.to_numpy(dtype=object))
    return pd.Index(known, dtype=object), codes.astype(np.int32)


def _numbers(names: pd.Series, known: pd.Index) -> np.ndarray:
    """Return the place of each name among those known; −1 for none."""
    own, codes = _distinct(names)
    return np.append(known.get_indexer(own).astype(np.int32), np.int32(-1))[codes]


_NEVER = "date '9999-12-31'"
_TABLES = f"""
create table spine as
    select "row"::integer as "row", household, index_date::date as index_date from given_spine;
create table memberships as
    select unit, household, starts::date as starts, coalesce(ends::date, {_NEVER}) as ends
    from given_memberships;
create table events as
    select unit, kind, given, started_on::date as started_on,
        coalesce(ended_on::date, {_NEVER}) as ended_on, known_on::date as known_on,
        coalesce(counts_until::date, {_NEVER}) as counts_until,
        case when value is null or isnan(value) then 1.0 else value end as value
    from given_events;
-- From which day on an event of a kind is of use on an index date.
create table needed as
    select index_date, kind, (index_date - to_months(months))::date as since
    from (select distinct index_date from spine), given_kinds
"""
# A unit's state changes whenever it joins or leaves a household: it is the household that it joined
# last of those where it is. A person's is asked on the index date, a property's on the event's day.
_COUNTS = """
    e.started_on <= s.index_date and e.known_on <= s.index_date and e.counts_until > s.index_date
    join needed n on n.index_date = s.index_date and n.kind = e.kind and e.ended_on >= n.since
"""
_AT_HOME = f"""
create table moments as
    select unit, starts as since from memberships
    union select unit, ends + 1 from memberships where ends < {_NEVER};
create table states as
    select o.unit, o.since, arg_max(m.household, row(m.starts, m.household)) as household
    from moments o left join memberships m
        on m.unit = o.unit and m.starts <= o.since and m.ends >= o.since
    group by o.unit, o.since;
create table members as
    select s.household, d.unit, d.index_date
    from (
        select unit, index_date from (select distinct unit from events where given = 0),
            (select distinct index_date from spine)
    ) d
    asof join states s on d.unit = s.unit and d.index_date >= s.since;
create table of_homes as
    select s.household, e.* exclude (unit, given)
    from (select * from events where given = 1) e
    asof join states s on e.unit = s.unit and e.started_on >= s.since;
create view at_home as
    select s."row", s.index_date, e.kind, e.started_on, e.ended_on, e.value
    from spine s
    join members m on m.household = s.household and m.index_date = s.index_date
    join events e on e.unit = m.unit and e.given = 0 and {_COUNTS}
    union all
    select s."row", s.index_date, e.kind, e.started_on, e.ended_on, e.value
    from spine s
    join of_homes e on e.household = s.household and {_COUNTS}
    union all
    select s."row", s.index_date, e.kind, e.started_on, e.ended_on, e.value
    from spine s
    join events e on e.unit = s.household and e.given = 2 and {_COUNTS}
"""
# The windows' first days are few: each is worked out once a date, and not once an event.
_AGGREGATED = """
with opening as (
    select distinct index_date, {windows} from spine
)
select "row", {columns}
from at_home join opening using (index_date) group by "row"
"""
_LEFT_OUT = """
select
    count(*) filter (started_on > known_on) as future,
    count(*) filter (started_on > last) as later,
    count(*) filter (started_on <= last and known_on > last) as told_later,
    count(*) filter (given = 0 and unit not in (select unit from memberships)) as nobody,
    (select count(*) from events where given = 1) - (
        select count(household) from of_homes) as empty_home
from events, (select max(index_date) as last from spine)
"""
_REASONS = (
    "Dated later than it was told: counts on no day before its own",
    "Begins after the last index date",
    "Begins by the last index date, and was told after it",
    "Of a person who belongs to no household",
    "Of a property where no household lived on the day",
)


def _reasons(counted: Sequence[int] | None) -> pd.DataFrame:
    numbers = counted or (0,) * len(_REASONS)
    return pd.DataFrame({"reason": _REASONS, "events": [int(each or 0) for each in numbers]})


def _sql(feature: Feature, codes: dict[str, int]) -> str:
    mine = f"kind = {codes[str(feature.kind)]}"
    opens = f"opens_{feature.months}"
    match feature.how:
        case "count":
            what = f"count(*) filter ({mine} and started_on > {opens})"
        case "sum":
            what = f"sum(value) filter ({mine} and started_on > {opens})"
        case "any":
            what = f"max(1) filter ({mine} and ended_on >= {opens})"
        case "open":
            what = f"max(1) filter ({mine} and ended_on >= index_date)"
        case "months_since":
            within = f" and started_on > {opens}" if feature.months else ""
            last = f"max(started_on) filter ({mine}{within})"
            what = f"datesub('month', {last}, any_value(index_date))"
        case _:
            what = f"arg_max(value, row(started_on, value)) filter ({mine})"
    return f'{what} as "{feature.name}"'


def _windows(made: list[Feature]) -> str:
    months = sorted({each.months for each in made})
    return ", ".join(f"(index_date - to_months({each}))::date as opens_{each}" for each in months)
