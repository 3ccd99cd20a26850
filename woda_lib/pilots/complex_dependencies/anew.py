"""Features built from events and memberships alone, as the test for leaks asks for them.

Most of what that test changes are events: the households of the day, which take half of the time,
are then put together once for all such changes. Whatever changes who lives where brings tables of
its own, and has its households put together from these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from woda_lib.pilots.complex_dependencies.events import of_homes, stays
from woda_lib.pilots.complex_dependencies.spine import KEYS, spine
from woda_lib.prediction.features import FeatureSet, build


@dataclass(frozen=True)
class _Composition:
    """The households of some keys, and their moves; `of` are the tables that they come from."""

    of: tuple[pd.DataFrame, pd.DataFrame]
    asked: pd.DataFrame
    moves: list[pd.DataFrame]


@dataclass
class Anew:
    """Builds features anew: ``anew(events, keys, memberships)``.

    Attributes
    ----------
    tables
        Of the build of the single view.
    features
    as_of
        The day of the build.
    """

    tables: Mapping[str, pd.DataFrame]
    features: FeatureSet
    as_of: date
    _last: _Composition | None = field(default=None, init=False)

    @classmethod
    def of(
        cls,
        tables: Mapping[str, pd.DataFrame],
        inside: pd.DataFrame,
        features: FeatureSet,
        as_of: date,
    ) -> Anew:
        """Keep of the build's people and properties those that some memberships name."""
        units = set(inside["unit_id"])
        some = {
            name: tables[name].loc[tables[name][key].isin(units)].reset_index(drop=True)
            for name, key in (("persons", "entity_id"), ("properties", "uprn"))
        }
        return cls({**tables, **some}, features, as_of)

    def __call__(
        self, told: pd.DataFrame, keys: pd.DataFrame, inside: pd.DataFrame
    ) -> pd.DataFrame:
        """Return the features of keys, from what is told and from who lives where."""
        last = self._last
        if last is None or last.of[0] is not keys or last.of[1] is not inside:
            last = self._last = self._compose(keys, inside)
        table_kinds = [kind.name for kind in self.features.kinds if kind.table]
        rest = told.loc[~told["kind"].isin(table_kinds)]
        whole = pd.concat([rest, *last.moves], ignore_index=True)
        return build(whole, last.asked, inside, self.features, held_until=self.as_of).table

    def _compose(self, keys: pd.DataFrame, inside: pd.DataFrame) -> _Composition:
        homes = inside.loc[inside["of"].eq("property")].rename(columns={"unit_id": "uprn"})
        homes = homes.assign(kind="other")
        members = inside.loc[inside["of"].eq("person")].rename(columns={"unit_id": "entity_id"})
        tables = {**self.tables, "households": homes, "members": members}
        dates = keys[["index_date", "split"]].drop_duplicates()
        then = spine(tables, dates, as_of=self.as_of).table
        lived = stays(homes)
        return _Composition(
            of=(keys, inside),
            asked=keys[KEYS].merge(then, on=KEYS, how="inner"),
            moves=[of_homes(lived, kind.name) for kind in self.features.kinds if kind.table],
        )
