"""The eight datasets of homes of one made-up county, and what is true of its households."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng

from woda_lib.partners import CONTRACTS
from woda_lib.partners.datasets.notices import NOTICES
from woda_lib.synthetic.complex_dependencies.delivering import (
    SERVICE_OF,
    deliver_inputs,
    deliver_steps,
)
from woda_lib.synthetic.complex_dependencies.inputs import landlords_notices, reminders, terms
from woda_lib.synthetic.complex_dependencies.signs import DATASETS, Signs
from woda_lib.synthetic.complex_dependencies.steps import LOOK_BACK, Followed, Inputs, follow
from woda_lib.synthetic.complex_dependencies.units import Units
from woda_lib.synthetic.deliveries import Delivery
from woda_lib.synthetic.single_view.whole import SingleView

_HORIZON = 12  # months
_TERMS, _REMINDERS, _NOTICES = "attendance_terms", "arrears_notices", "possession_notices"


@dataclass(frozen=True)
class ComplexDependencies:
    """What services did because they had to, and what they knew before.

    Everything is drawn from numbers of its own, after what the single view's partners hold.

    Attributes
    ----------
    view : SingleView
    keep_features : bool
        Whether the true features of the index dates are kept: half a gigabyte at the county's size.
    """

    view: SingleView
    keep_features: bool = False

    @cached_property
    def units(self) -> Units:
        """The households."""
        return Units(self.view.world)

    @cached_property
    def inputs(self) -> Inputs:
        """What there was before any step."""
        told = {name: self.view.spells(name) for name in DATASETS}
        return Inputs(
            Signs.of(told, LOOK_BACK),
            terms(self.units, told["school_census"], self._stream(_TERMS, 0)),
            reminders(self.units, told["council_tax_accounts"], self._stream(_REMINDERS, 0)),
            landlords_notices(self.units, told["tenancy_members"], self._stream(_NOTICES, 0)),
        )

    @cached_property
    def followed(self) -> Followed:
        """What came of it."""
        rng = self._stream("steps", 0)
        return follow(self.units, self.inputs, rng, keep_features=self.keep_features)

    def deliveries(self) -> Iterator[tuple[str, Delivery]]:
        """Yield each partner's dataset."""
        profile = self.view.profile
        rows = {
            _TERMS: self.inputs.terms,
            _REMINDERS: self.inputs.reminders,
            _NOTICES: self.inputs.notices,
        }
        for dataset in (contract.dataset for contract in NOTICES):
            (partner,) = CONTRACTS[dataset].partners
            rng = self._stream(dataset, 1)
            if dataset in SERVICE_OF:
                given = deliver_steps(dataset, self.followed.steps, self._uprns, profile, rng)
            else:
                given = deliver_inputs(dataset, rows[dataset], self._uprns, profile, rng)
            yield partner, given

    def truth(self) -> dict[str, pd.DataFrame]:
        """Return the tables ``cd_risks`` and ``cd_steps`` of `woda_lib.synthetic.truth`."""
        steps, risks = self.followed.steps, self.followed.risks
        parts = [self._with_outcome(of) for _, of in risks.groupby("index_date", sort=True)]
        risks = pd.concat(parts, ignore_index=True)
        return {
            "cd_risks": self._named(risks),
            "cd_steps": self._named(steps),
        }

    def _with_outcome(self, risks: pd.DataFrame) -> pd.DataFrame:
        """Add how many services stepped in anew, and how many were needed, within a year."""
        day = risks["index_date"].iloc[0].to_datetime64().astype("datetime64[D]")
        end = ((day + 1).astype("datetime64[M]") + _HORIZON).astype("datetime64[D]") - 1
        over = end <= self.view.profile.as_of
        steps = self.followed.steps
        began = steps["started_on"].to_numpy().astype("datetime64[D]")
        within = steps.loc[(began > day) & (began <= end)]
        goes_on = steps.loc[
            steps["recorded"]
            & (began <= day)
            & (steps["ended_on"].to_numpy().astype("datetime64[D]") >= day)
        ]
        for name, new in (("recorded", within.loc[within["recorded"]]), ("needed", within)):
            pairs = new.set_index(["unit", "service"]).index.unique()
            pairs = pairs.difference(goes_on.set_index(["unit", "service"]).index)
            number = risks["unit"].map(pairs.to_frame().groupby(level="unit").size()).fillna(0)
            risks = risks.assign(
                **{f"services_{name}": number.astype("Int64").mask(np.full(len(number), not over))}
            )
        return risks

    def _named(self, table: pd.DataFrame) -> pd.DataFrame:
        named = table.assign(uprn=self._uprns[table["dwelling"].to_numpy()])
        first = ["unit", "uprn"]
        return named[[*first, *(name for name in table if name not in (*first, "dwelling"))]]

    @cached_property
    def _uprns(self) -> np.ndarray:
        return self.view.dwellings["uprn"].astype(str).to_numpy(dtype=object)

    def _stream(self, dataset: str, use: int) -> Generator:
        """Random numbers of one dataset, which no other uses up."""
        return default_rng([self.view.seed, 14, use, zlib.crc32(dataset.encode())])
