"""What the tables that features are built from must be; a table that is not is refused."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.features.registry import FeatureSet
from woda_lib.records.findings import nearest

_EVENTS = ("unit_id", "kind", "started_on", "ended_on", "known_on", "value")
_MEMBERSHIPS = ("unit_id", "household_id", "starts", "ends")


def require_spine(spine: pd.DataFrame, features: FeatureSet, *, held_until: pd.Timestamp) -> None:
    """Refuse a spine that is empty, doubled or undated, or reaches beyond the data."""
    columns = [each.column for each in features.features if each.column]
    _require(spine, ("household_id", "index_date", *columns), table="spine")
    if spine.empty:
        raise PredictionError(
            "The spine holds no household, so that there is nothing to build features of. Check "
            "the index dates and the table of households."
        )
    _require_dates(spine, ("index_date",), table="spine", whole=True)
    if (beyond := spine["index_date"].max()) > held_until:
        raise PredictionError(
            f"The index date {beyond:%-d %B %Y} lies beyond the data, which reach until "
            f"{held_until:%-d %B %Y}. Choose an earlier date, or wait for the next delivery."
        )
    if (twice := int(spine.duplicated(["household_id", "index_date"]).sum())) > 0:
        raise PredictionError(
            f"The spine holds {twice:,} households twice on one index date. Keep one row each."
        )
    for each in features.features:
        if each.is_category:
            given = set(spine[each.column].dropna().astype(object).unique())
            if unknown := sorted(map(str, given - set(each.levels))):
                raise PredictionError(
                    f"{each.name}: the spine's column {each.column} holds a level that "
                    f"{features.registry}.yaml does not know: {unknown[0]!r}. "
                    f"{nearest(unknown[0], each.levels)} A model has learned nothing of it."
                )


def require_events(events: pd.DataFrame, features: FeatureSet) -> None:
    """Refuse events without their dates, or of a kind that the registry does not know."""
    _require(events, _EVENTS, table="events")
    _require_dates(events, ("started_on", "known_on"), table="events", whole=True)
    optional = ("ended_on", *(name for name in ("counts_until",) if name in events))
    _require_dates(events, optional, table="events", whole=False)
    kinds = [kind.name for kind in features.kinds]
    for name in events["kind"].astype(object).unique():
        if name not in kinds:
            raise PredictionError(
                f"The events hold the kind {name!r}, which {features.registry}.yaml does not "
                f"know. {nearest(str(name), kinds)}"
            )


def require_memberships(memberships: pd.DataFrame) -> None:
    """Refuse memberships without a first day."""
    _require(memberships, _MEMBERSHIPS, table="memberships")
    _require_dates(memberships, ("starts",), table="memberships", whole=True)
    _require_dates(memberships, ("ends",), table="memberships", whole=False)


def _require(table_given: pd.DataFrame, columns: Iterable[str | None], *, table: str) -> None:
    for name in columns:
        if name not in table_given:
            raise PredictionError(
                f"The table {table} lacks the column {name}. "
                f"{nearest(str(name), map(str, table_given.columns))}"
            )


def _require_dates(given: pd.DataFrame, columns: Iterable[str], *, table: str, whole: bool) -> None:
    for name in columns:
        if not pd.api.types.is_datetime64_any_dtype(given[name]):
            raise PredictionError(
                f"{table}.{name} must hold dates, and holds {given[name].dtype}. Turn it into "
                "dates first (pandas.to_datetime)."
            )
        if whole and given[name].isna().any():
            raise PredictionError(
                f"{table}.{name} is missing in {int(given[name].isna().sum()):,} rows. Every row "
                "needs its date, or whether it was known could not be told: leave those rows out."
            )
