"""What is it worth, and how sure is that: every uncertain input drawn thousands of times.

A benefit is a product of things that are each known only so well: days saved, people, the price of
a day. Each is drawn from its own distribution, the sum is done for every draw, and the spread of
the sums is the interval (HM Treasury's Green Book 2022, Annex A5; Briggs, Claxton and Sculpher
2006). With flows of money over years, the sum is the *net present value*: benefits less costs, in
the prices of one year, discounted, and corrected for optimism.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from woda_lib.evaluation.errors import FrameError
from woda_lib.evaluation.money.benefit_result import Benefit, BenefitError
from woda_lib.evaluation.money.cash_flows import CashFlows, single
from woda_lib.evaluation.money.copula import Correlations, correlated_probabilities
from woda_lib.evaluation.money.uncertain_inputs import Inputs, read_inputs

FEWEST_DRAWS = 1000


def monte_carlo_benefit(
    frame: pd.DataFrame,
    *,
    formula: str | None = None,
    flows: pd.DataFrame | None = None,
    steps: Mapping[str, str] | None = None,
    name: str = "name",
    estimate: str = "estimate",
    low: str = "low",
    high: str = "high",
    distribution: str = "distribution",
    correlations: Correlations | None = None,
    discount_rate: float | None = None,
    optimism: pd.DataFrame | None = None,
    price_base: str | None = None,
    deflators: pd.DataFrame | None = None,
    draws: int = 20_000,
    seed: int = 20260101,
    level: float = 0.95,
    unit: str = "pounds",
) -> Benefit:
    """Carry every uncertain input through to the money.

    Parameters
    ----------
    frame
        One row an uncertain input, as `uncertain_inputs` makes it: its name, estimate, limits and
        distribution (see `distributions`); where they are there also `level, parameters, unit,
        price_year, source`.
    formula
        What the benefit is, where it is one sum: "days_saved * people * bed_day_cost".
    flows
        Or the flows of money of a programme, a row each: `flow` (its name), `formula` (pounds a
        year), `kind` (benefit or cost); and where they are there `partner` (who gains or pays),
        `cashable` (whether it can be taken out of a budget), `first_year` and `last_year` (0 is
        now), `grade` (of evidence, for the correction for optimism) and `discounting` (standard, or
        health for quality-adjusted life years). A formula may name `year`.
    steps
        Quantities on the way, by name, each a formula of inputs and of those before it:
        ``{"bed_days": "days_saved * people"}``.
    name, estimate, low, high, distribution
        Columns of `frame`.
    correlations
        Rank correlations of inputs, by pair or as a square table; without them inputs are
        independent.
    discount_rate
        One rate instead of the Green Book's (3.5% a year, lower after 30 years; health 1.5%).
    optimism
        Corrections by grade of evidence, from `read_optimism_bias`.
    price_base, deflators
        The financial year whose prices the result is in, and the index that takes inputs with a
        `price_year` there, from `read_price_index`.
    draws, seed
        How often each input is drawn, and by which seed.
    level
        Of the interval, and of the inputs' limits where they do not say.
    unit
        Of the result.

    Returns
    -------
    Benefit

    Raises
    ------
    FrameError, DistributionError, FormulaError, CorrelationError, PriceYearError, \
OptimismBiasError, DiscountingError, BenefitError
        If something is missing, or cannot be; each says what to mend.

    Examples
    --------
    The reported £153,000 a month, from its inputs:

    >>> inputs = pd.DataFrame({
    ...     "name": ["days_saved", "people", "bed_day_cost"],
    ...     "estimate": [2.7, 185, 306],
    ...     "low": [2.1, 178, 260],
    ...     "high": [3.3, 192, 352],
    ... })
    >>> worth = monte_carlo_benefit(inputs, formula="days_saved * people * bed_day_cost")
    >>> round(worth.estimate)
    152847
    >>> worth.tornado()[["input", "variance_share"]].round(2)
              input  variance_share
    0    days_saved            0.67
    1  bed_day_cost            0.30
    2        people            0.02
    """
    if (formula is None) == (flows is None):
        raise BenefitError("Give either a `formula`, for one sum, or `flows` of money over years.")
    if draws < FEWEST_DRAWS:
        raise BenefitError(f"The limits need at least {FEWEST_DRAWS:,} draws.")
    inputs = read_inputs(
        frame,
        name=name,
        estimate=estimate,
        low=low,
        high=high,
        distribution=distribution,
        level=level,
        price_base=price_base,
        deflators=deflators,
    )
    plan = CashFlows.of(
        single(formula) if flows is None else flows,  # type: ignore[arg-type]
        steps=steps or {},
        rate=discount_rate,
        optimism=optimism,
    )
    _require_used(inputs, plan)
    central = plan.appraise(inputs.estimates)
    chances = correlated_probabilities(inputs.names, correlations, draws=draws, seed=seed)
    drawn = inputs.quantiles(chances)
    appraised = plan.appraise(dict(zip(inputs.names, drawn.T, strict=True)))
    return Benefit(
        inputs=inputs,
        flows=plan,
        drawn=drawn,
        central=central,
        appraised=appraised,
        level=level,
        unit=unit,
        correlated=correlations is not None,
    )


def _require_used(inputs: Inputs, plan: CashFlows) -> None:
    taken = {"year", *plan.steps} & set(inputs.names)
    if taken:
        raise FrameError(
            f"{min(taken)} is the name both of an input and of something worked out. "
            "Call one of them otherwise."
        )
    idle = [each for each in inputs.names if each not in plan.names]
    if idle:
        raise FrameError(
            f"No formula uses the input {idle[0]}. Name it in one, or leave it out of the table."
        )
