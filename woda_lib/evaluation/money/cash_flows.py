"""Flows of money over years: who pays and who gains, how much, when, and can it be banked?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.evaluation.errors import FrameError
from woda_lib.evaluation.money.discounting import discount_factors
from woda_lib.evaluation.money.distributions import Floats
from woda_lib.evaluation.money.formula import Formula
from woda_lib.evaluation.money.optimism_bias import corrections

KINDS = ("benefit", "cost")
LONGEST = 100
COLUMNS = (
    *("flow", "formula", "kind", "partner", "cashable"),
    *("first_year", "last_year", "grade", "discounting"),
)


@dataclass(frozen=True)
class Appraised:
    """What the flows are worth for some values of the inputs; arrays end in shape (draws,).

    Attributes
    ----------
    present_values
        (flows,) as they count: corrected for optimism and discounted; costs positive.
    uncorrected
        The net present value without the correction for optimism.
    yearly_benefits, yearly_costs
        (years,) corrected, not discounted.
    net
        (years,) benefits less costs, discounted.
    steps
        The quantities on the way, by name.
    """

    present_values: Floats
    uncorrected: Floats
    yearly_benefits: Floats
    yearly_costs: Floats
    net: Floats
    steps: Mapping[str, Floats]

    @property
    def net_present_value(self) -> Floats:
        """Benefits less costs."""
        total: Floats = self.net.sum(axis=0)
        return total


@dataclass(frozen=True)
class CashFlows:
    """The flows of a programme.

    Attributes
    ----------
    table : DataFrame
        One row a flow, with all of `COLUMNS`.
    steps : mapping of str to Formula
        Quantities on the way, each of inputs and of those before it.
    factors : ndarray, shape (flows, years)
        Discount factors in the years of each flow, nought in others.
    correction : ndarray, shape (flows,)
        For optimism.
    """

    table: pd.DataFrame
    steps: Mapping[str, Formula]
    formulas: tuple[Formula, ...]
    factors: Floats
    correction: Floats

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        *,
        steps: Mapping[str, str],
        rate: float | None,
        optimism: pd.DataFrame | None,
    ) -> CashFlows:
        """Read a tidy table of flows.

        Parameters
        ----------
        frame
            One row a flow: `flow, formula, kind` (benefit or cost); and where they are there
            `partner, cashable, first_year, last_year, grade, discounting`.
        steps
            Formulas of quantities on the way, by name.
        rate
            One discount rate for all, instead of the Green Book's.
        optimism
            Corrections by grade.

        Raises
        ------
        FrameError
            If a column is missing, or a row says what cannot be.
        """
        table = _complete(frame)
        last = int(table["last_year"].max())
        factors = np.zeros((len(table), last + 1))
        for place, row in enumerate(table.to_dict("records")):
            years = slice(int(row["first_year"]), int(row["last_year"]) + 1)
            every = discount_factors(last, schedule=row["discounting"], rate=rate)
            factors[place, years] = every[years]
        return cls(
            table,
            {name: Formula(text) for name, text in steps.items()},
            tuple(Formula(text) for text in table["formula"]),
            factors,
            corrections(table["grade"], table["kind"], optimism).to_numpy(),
        )

    @property
    def names(self) -> frozenset[str]:
        """Every quantity that a formula names, steps among them."""
        return frozenset[str]().union(
            *(each.names for each in (*self.formulas, *self.steps.values()))
        )

    def only(self, rows: Sequence[bool] | pd.Series) -> CashFlows:
        """Return some of the flows, over the same years, with the quantities that they need."""
        kept = np.flatnonzero(np.asarray(rows, dtype=bool))
        formulas = tuple(self.formulas[place] for place in kept)
        needed = set[str]().union(*(formula.names for formula in formulas))
        for name, formula in reversed(list(self.steps.items())):
            needed |= formula.names if name in needed else set()
        return CashFlows(
            self.table.iloc[kept].reset_index(drop=True),
            {name: formula for name, formula in self.steps.items() if name in needed},
            formulas,
            self.factors[kept],
            self.correction[kept],
        )

    def appraise(self, inputs: Mapping[str, Any], *, finite: bool = True) -> Appraised:
        """Work out what the flows are worth.

        Parameters
        ----------
        inputs
            Numbers or arrays of shape (draws,), by name.
        finite
            Whether to refuse values that are no finite number.
        """
        values: dict[str, Any] = dict(inputs)
        for name, formula in self.steps.items():
            values[name] = formula(values, finite=finite)
        shape = np.broadcast_shapes(*(np.shape(value) for value in values.values()))
        years = self.factors.shape[1]
        benefits, costs, net = (np.zeros((years, *shape)) for _ in range(3))
        worth = np.zeros((len(self.formulas), *shape))
        uncorrected = np.zeros(shape)
        for place, (formula, kind) in enumerate(
            zip(self.formulas, self.table["kind"], strict=True)
        ):
            sign = 1 if kind == "benefit" else -1
            for year in np.flatnonzero(self.factors[place]):
                found = formula({**values, "year": year}, finite=finite)
                plain = np.broadcast_to(found, shape)
                discounted = plain * self.factors[place, year]
                counted = discounted * self.correction[place]
                (benefits if sign > 0 else costs)[year] += plain * self.correction[place]
                net[year] += sign * counted
                worth[place] += counted
                uncorrected += sign * discounted
        steps = {name: np.broadcast_to(values[name], shape) for name in self.steps}
        return Appraised(worth, uncorrected, benefits, costs, net, steps)


def single(formula: str) -> pd.DataFrame:
    """Return the flows of a model that is one formula: a benefit, now."""
    return pd.DataFrame({"flow": ["benefit"], "formula": [formula], "kind": ["benefit"]})


def _complete(frame: pd.DataFrame) -> pd.DataFrame:
    """Fill in what a table of flows leaves out, and refuse what cannot be."""
    if not isinstance(frame, pd.DataFrame) or frame.empty:
        raise FrameError("`flows` must be a DataFrame with a row for each flow of money.")
    for column in ("flow", "formula", "kind"):
        if column not in frame.columns:
            raise FrameError(f"The flows have no column {column!r}. They need flow, formula, kind.")
    table = frame.reset_index(drop=True).reindex(columns=list(COLUMNS))
    if table["flow"].duplicated().any():
        raise FrameError(
            f"The flow {table['flow'][table['flow'].duplicated()].iloc[0]!r} is twice."
        )
    wrong = ~table["kind"].isin(KINDS)
    if wrong.any():
        raise FrameError(
            f"The flow {table['flow'][wrong].iloc[0]!r} must be of the kind 'benefit' or 'cost'. "
            "Write costs as positive numbers."
        )
    table["partner"] = table["partner"].astype(object).where(table["partner"].notna(), "not said")
    table["cashable"] = [bool(pd.notna(value)) and bool(value) for value in table["cashable"]]
    table["discounting"] = table["discounting"].astype(object).fillna("standard")
    table["first_year"] = _years(table["first_year"], "first_year", 0)
    table["last_year"] = _years(table["last_year"], "last_year", table["first_year"])
    backwards = table["last_year"] < table["first_year"]
    if backwards.any():
        raise FrameError(f"The flow {table['flow'][backwards].iloc[0]!r} ends before it begins.")
    return table


def _years(values: pd.Series, column: str, missing: Any) -> pd.Series:
    years = pd.to_numeric(values, errors="coerce").fillna(missing).astype(float)
    if not (years.between(0, LONGEST) & (years == years.round())).all():
        raise FrameError(
            f"The column {column!r} of the flows must hold whole years, from 0 (now) to {LONGEST}."
        )
    return years.astype(int)


def sums(worth: Floats, rows: Sequence[bool] | pd.Series) -> Floats:
    """Add up the present values of some flows."""
    total: Floats = worth[np.asarray(rows, dtype=bool)].sum(axis=0)
    return total
