"""The register with its figures at hand, as `evaluation.monte_carlo_benefit` takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from woda_lib.evaluation import Benefit, Formula, as_share, monte_carlo_benefit, uncertain_inputs
from woda_lib.pilots.partnership.benefits.errors import BenefitsError
from woda_lib.pilots.partnership.benefits.flows import ASSUMED, WHOLE, Flow, FlowInput
from woda_lib.pilots.partnership.benefits.register import Register, read_register
from woda_lib.pilots.partnership.benefits.twice import refuse_twice, share_that_remains
from woda_lib.records import Value

if TYPE_CHECKING:
    from woda_lib.notebook import Run

Cite = Callable[[str], Value]
Spread = Callable[[str], pd.DataFrame]


@dataclass(frozen=True)
class Reading:
    """The register, and what its inputs are on the day.

    Attributes
    ----------
    register : Register
    inputs : DataFrame
        A row an input, as `evaluation.uncertain_inputs` makes it.
    """

    register: Register
    inputs: pd.DataFrame

    def flows(self, *, counted: bool = True, attributed: bool = True) -> pd.DataFrame:
        """Return the flows, for `evaluation.monte_carlo_benefit`.

        Parameters
        ----------
        counted
            Those that are part of a sum; else those that are in none and can be worked out.
        attributed
            Only as far as sharing data brought them about; else whole, whoever did.

        Returns
        -------
        DataFrame
            ``flow, pilot, formula, kind, partner, cashable, first_year, last_year, grade, once,
            share`` (the name of the input that attributes it), texts in people's words.
        """
        some = self.register.counted if counted else self.register.uncounted
        rows = [
            {
                "flow": flow.flow,
                "pilot": flow.pilot,
                "formula": _formula(flow, self.register, attributed=attributed),
                "kind": flow.kind,
                "partner": self.register.partners[flow.partner].title,
                "cashable": flow.cashable,
                "first_year": flow.first_year,
                "last_year": flow.last_year,
                "grade": flow.grade,
                "once": flow.once,
                "share": flow.attribution.share if flow.attribution else "",
            }
            for flow in some
            if flow.formula
        ]
        return pd.DataFrame(rows)

    def inputs_of(self, formulas: Iterable[str]) -> pd.DataFrame:
        """Return the inputs that formulas name, and no others."""
        named = frozenset[str]().union(*(Formula(text).names for text in formulas))
        return self.inputs[self.inputs["name"].isin(named)].reset_index(drop=True)

    def appraise(
        self,
        flows: pd.DataFrame,
        *,
        deflators: pd.DataFrame,
        seed: int,
        optimism: pd.DataFrame | None = None,
    ) -> Benefit:
        """Work out what flows are worth in the register's prices.

        Parameters
        ----------
        flows
            From `flows`, or some of its rows.
        deflators, optimism
            From `evaluation.read_price_index` and `evaluation.read_optimism_bias`. Without
            `optimism` nothing is corrected for it.
        seed
        """
        return monte_carlo_benefit(
            self.inputs_of(flows["formula"]),
            flows=flows if optimism is not None else flows.drop(columns="grade"),
            optimism=optimism,
            price_base=self.register.price_base,
            deflators=deflators,
            seed=seed,
        )


def read_benefits(run: Run, *, counted_only: bool = False) -> Reading:
    """Read the register of the run's pilot, with its figures cited; it becomes an input of the run.

    Parameters
    ----------
    run
    counted_only
        Whether to leave out the inputs of flows that are in no sum, so that the step needs no
        parameter of theirs. `Reading.flows` then has counted flows alone.

    Raises
    ------
    BenefitsError
        If the register counts something twice, or says what cannot be.
    CitationError, ParameterError, ReportedError
        If a figure that it names does not stand where it says.
    """
    path = run.parameters_folder / run.pilot.pilot / "benefits.yaml"
    run.record_input(path, path.name)
    register = read_register(path)
    refuse_twice(register)
    if counted_only:
        register = register.of_counted()
    return reading_of(register, cite=run.cite, spread=run.spread)


def reading_of(register: Register, *, cite: Cite, spread: Spread) -> Reading:
    """Take every input from where the register says that it stands; per cent become shares.

    Parameters
    ----------
    register
    cite, spread
        `Run.cite` and `Run.spread`.

    Raises
    ------
    BenefitsError
        If a share of attribution does not lie between nought and one.
    """
    given = {
        name: _row(one, [cite(figure) for figure in one.figures], spread)
        for name, one in register.inputs.items()
    }
    inputs = uncertain_inputs(**given)
    _require_shares(register, inputs)
    return Reading(register, inputs)


def _row(one: FlowInput, figures: list[Value], spread: Spread) -> dict[str, Any]:
    source = " and ".join(one.figures)
    scale = 0.01 if figures[0].unit == "%" else 1.0
    words: dict[str, str] = {"source": source}
    if one.taken_from.startswith(ASSUMED):
        (row,) = spread(one.taken_from.removeprefix(ASSUMED)).to_dict("records")
        ends = {key: scale * row[key] for key in ("estimate", "low", "high")}
        told = ("distribution", "price_year", "called")
        words |= {key: row[key] for key in told if row[key]}
        return {**ends, **words, "unit": as_share(str(row["unit"] or ""))}
    words["unit"] = as_share(figures[0].unit)
    if one.price_year:
        words["price_year"] = one.price_year
    estimate = scale * sum(_number(figure) for figure in figures) / len(figures)
    if one.between:
        least, most = sorted(scale * _number(figure) for figure in figures)
        ends = {"minimum": least, "maximum": most}
        return {"estimate": estimate, "distribution": "uniform", "parameters": ends, **words}
    low, high = figures[0].low, figures[0].high
    if low is None or high is None:
        return {"estimate": estimate, "distribution": "fixed", **words}
    limits = {"low": scale * low, "high": scale * high, "distribution": "normal"}
    return {"estimate": estimate, **limits, **words}


def _number(figure: Value) -> float:
    assert figure.value is not None  # Run.cite refuses what was withheld
    return figure.value


def _formula(flow: Flow, register: Register, *, attributed: bool) -> str:
    formula = flow.attributed if attributed else flow.formula
    share = share_that_remains(flow, register)
    return formula if share == 1 else f"({formula}) * {share!r}"


def _require_shares(register: Register, inputs: pd.DataFrame) -> None:
    for flow in register.flows:
        if flow.attribution is None or flow.attribution.share == WHOLE:
            continue
        row = inputs.loc[inputs["name"] == flow.attribution.share]
        ends = row[["estimate", "low", "high"]].astype(float)
        if not (ends.isna() | ((ends >= 0) & (ends <= 1))).all(axis=None):
            raise BenefitsError(
                f"{flow.flow!r} takes {flow.attribution.share} as the share that sharing data "
                "brought about, and it does not lie between 0 and 100%. Name a share, in per cent."
            )
