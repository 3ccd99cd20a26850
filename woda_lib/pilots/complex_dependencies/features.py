"""The features of every index date, from what was held then, and the test that nothing leaks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from woda_lib.notebook import Run
from woda_lib.partners import load_agreement
from woda_lib.pilots.complex_dependencies.anew import Anew
from woda_lib.pilots.complex_dependencies.events import events, memberships
from woda_lib.pilots.complex_dependencies.held import Held
from woda_lib.pilots.complex_dependencies.spine import KEYS, with_services
from woda_lib.pilots.single_view.fields import FIELDS
from woda_lib.pilots.single_view.planning.schema import Schema
from woda_lib.prediction.features import FeatureSet, build, leaks, read_features, require_agreed

_BUILD = "single_view/1_build"
_OF_THE_BUILD = {
    "households": ("starts", "ends", "uprn"),
    "members": ("starts", "ends"),
    "persons": ("age_half_years", "sex", "died_on", "first_seen"),
    "properties": ("deprivation_quintile",),
}


def registry(run: Run, *, look_back_months: int) -> FeatureSet:
    """Return the registry of features, which becomes an input of the run, once all is agreed.

    Raises
    ------
    PredictionError, AgreementError
        If the file is wrong, or a field of it is not shared for the step's purpose.
    """
    path = run.parameters_folder / "complex_dependencies" / "features.yaml"
    features = read_features(path, look_back_months=look_back_months)
    run.record_input(path, path.name, public=features.titles.values())
    agreement = load_agreement(run.pilot.agreement, run.parameters_folder / "agreements")
    columns = {
        f"{_BUILD}:{table}.{name}": FIELDS[table].get(name, ())
        for table, names in _OF_THE_BUILD.items()
        for name in names
    }
    require_agreed(features, agreement, purpose=run.step.purpose, today=run.as_of, columns=columns)
    return features


@dataclass(frozen=True)
class Made:
    """Features of every index date.

    Attributes
    ----------
    spine
        With every group; rows as in `table`.
    table
        `household_id, index_date` and a column a feature.
    warnings
        A sentence a source that is missing or does not reach back far enough.
    left_out
        `reason` and a column for each set of dates that ask the same rows: how many events entered
        no feature.
    """

    spine: pd.DataFrame
    table: pd.DataFrame
    warnings: tuple[str, ...]
    left_out: pd.DataFrame


@dataclass(frozen=True)
class History:
    """Everything that features are built from.

    Attributes
    ----------
    tables
        Of the build of the single view.
    held
        Partners' rows as they stood on each index date.
    features
    schema
    as_of
        The day of the build.
    """

    tables: Mapping[str, pd.DataFrame]
    held: Held
    features: FeatureSet
    schema: Schema
    as_of: date

    def build(self, homes: pd.DataFrame) -> Made:
        """Build the features of a spine; see `woda_lib.prediction.features.build`.

        Of a dataset that is absent on an index date (`Held.absent`) every feature is missing there.
        """
        inside = memberships(self.tables)
        parts: list[pd.DataFrame] = []
        said: list[str] = []
        lost: list[pd.Series] = []
        asked_of = {name: None for each in self.features.features for name in each.datasets}
        for every, rows in self.held.alike():
            told = self._events(rows)
            for days, absent in self._as_present(every, asked_of):
                own = homes.loc[homes["index_date"].isin(days)].reset_index(drop=True)
                made = build(told, own, inside, self.features, held_until=self.as_of, absent=absent)
                parts.append(made.table)
                said += [f"Of features {_asked(days)}, {why}." for why in absent.values()]
                said += made.warnings
                lost.append(made.left_out.set_index("reason")["events"].rename(_asked(days)))
        table = pd.concat(parts, ignore_index=True)
        for name, levels in self.features.levels.items():
            table[name] = pd.Categorical(table[name].astype(object), categories=list(levels))
        ordered = homes[KEYS].merge(table, on=KEYS, how="left")
        return Made(
            with_services(homes, ordered),
            ordered,
            tuple(dict.fromkeys(said)),
            pd.concat(lost, axis=1).reset_index(),
        )

    def leaks(
        self, homes: pd.DataFrame, *, households: int, seed: int, changes: Collection[str] = ()
    ) -> pd.DataFrame:
        """Run the leakage test on some households, with composition and moves made anew each time.

        Parameters
        ----------
        homes
            From `spine`.
        households
            How many are drawn.
        seed
        changes
            Some of `woda_lib.prediction.features.CHANGES`; all of them, if left out.

        Returns
        -------
        DataFrame
            See `woda_lib.prediction.features.leaks`.
        """
        rng = np.random.default_rng(seed)
        ids = np.sort(homes["household_id"].unique())
        drawn = set(rng.choice(ids, size=min(households, len(ids)), replace=False))
        inside = memberships(self.tables)
        units = inside.loc[inside["household_id"].isin(drawn), "unit_id"].unique()
        inside = inside.loc[inside["unit_id"].isin(units)].reset_index(drop=True)
        anew = Anew.of(self.tables, inside, self.features, self.as_of)
        parts = []
        for days, rows in self.held.alike():
            own = homes.loc[homes["household_id"].isin(drawn) & homes["index_date"].isin(days)]
            told = self._events(rows)
            told = told.loc[told["unit_id"].isin(set(units))].reset_index(drop=True)
            keys = own[[*KEYS, "split"]].reset_index(drop=True)
            parts.append(leaks(anew, told, keys, inside, seed=seed, changes=changes))
        whole = pd.concat(parts).groupby(["feature", "change"], sort=False, as_index=False)
        return whole[["households", "moved"]].sum()

    def _as_present(
        self, days: list[pd.Timestamp], datasets: Collection[str]
    ) -> list[tuple[list[pd.Timestamp], Mapping[str, str]]]:
        """Index dates on which the same datasets are absent, together, and why each is."""
        found: dict[tuple[str, ...], tuple[list[pd.Timestamp], Mapping[str, str]]] = {}
        for day in days:
            absent = self.held.absent(day, datasets)
            found.setdefault(tuple(absent), ([], absent))[0].append(day)
        return list(found.values())

    def _events(self, rows: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        return events(rows, self.held, self.tables, self.features, self.schema, as_of=self.as_of)


def _asked(days: list[pd.Timestamp]) -> str:
    last = f"{max(days):%-d %B %Y}"
    return f"asked until {last}" if len(days) > 1 else f"asked on {last}"
