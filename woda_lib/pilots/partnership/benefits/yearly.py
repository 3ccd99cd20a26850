"""What a year is worth once everything runs: cost avoided apart from cash released, and by whom.

A flow that comes once (a move) is in no such year, and is told beside it. Money is not discounted
here, and not corrected for optimism unless asked: the year is what the business case starts from.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from woda_lib.evaluation import Benefit, Formula, Interval
from woda_lib.pilots.partnership.benefits.errors import BenefitsError
from woda_lib.pilots.partnership.benefits.reading import Reading
from woda_lib.records import Value

SAME = 1e-9
"""How far two figures may differ, as a share, and be the same: the rounding of a float."""


@dataclass(frozen=True, eq=False)
class Worth:
    """Flows with what each is worth in a year in which it runs, not discounted.

    Attributes
    ----------
    flows : DataFrame
        From `Reading.flows`.
    benefit : Benefit
        What `evaluation.monte_carlo_benefit` made of them.
    """

    flows: pd.DataFrame
    benefit: Benefit = field(repr=False)

    def of(self, rows: pd.Series, *, net: bool = False) -> Interval:
        """Add up some flows draw by draw; pounds.

        Parameters
        ----------
        rows
            Whether each of `flows` is one of them. None of them is nought.
        net
            Whether costs are taken off, instead of added up like everything else.
        """
        signs = np.where(net & self.flows["kind"].eq("cost").to_numpy(), -1.0, 1.0)
        weights = np.where(rows.to_numpy(dtype=bool), signs, 0.0)
        estimate = float(weights @ self.benefit.central.present_values)
        drawn = weights @ self.benefit.appraised.present_values
        low, high = (float(end) for end in np.quantile(drawn, [0.025, 0.975]))
        return Interval(estimate, min(low, estimate), max(high, estimate), "pounds")

    @property
    def yearly(self) -> pd.Series:
        """Whether each flow comes in every year of full running."""
        return ~self.flows["once"]

    @property
    def avoided(self) -> pd.Series:
        """Whether each is yearly and is cost avoided: worth something, and in no budget."""
        return self.yearly & self.flows["kind"].eq("benefit") & ~self.flows["cashable"]

    @property
    def released(self) -> pd.Series:
        """Whether each is yearly and is cash that could be taken out of a budget."""
        return self.yearly & self.flows["kind"].eq("benefit") & self.flows["cashable"]

    @property
    def paid(self) -> pd.Series:
        """Whether each is yearly and is paid by a partner because of the same change."""
        return self.yearly & self.flows["kind"].eq("cost")

    @property
    def paid_once(self) -> pd.Series:
        """Whether each is paid by a partner once."""
        return ~self.yearly & self.flows["kind"].eq("cost")


def worth_of(
    reading: Reading,
    *,
    deflators: pd.DataFrame,
    seed: int,
    counted: bool = True,
    attributed: bool = True,
    optimism: pd.DataFrame | None = None,
) -> Worth:
    """Return what the register's flows are worth in a year in which they run.

    Parameters
    ----------
    reading
    deflators, optimism
        From `evaluation.read_price_index` and `evaluation.read_optimism_bias`; without `optimism`
        nothing is corrected for it.
    seed
        The same seed draws the same inputs.
    counted, attributed
        As `Reading.flows` takes them.
    """
    flows = reading.flows(counted=counted, attributed=attributed)
    now = flows.assign(first_year=0, last_year=0)
    made = reading.appraise(now, deflators=deflators, seed=seed, optimism=optimism)
    return Worth(flows, made)


def year_of(reading: Reading, *, deflators: pd.DataFrame, seed: int) -> Benefit:
    """Return what one year of full running is worth, gains less payments, to be looked into.

    Parameters
    ----------
    reading, deflators, seed
        As `worth_of` takes them. Flows that come once are left out.
    """
    flows = reading.flows()
    yearly = flows[~flows["once"]].assign(first_year=0, last_year=0)
    return reading.appraise(yearly, deflators=deflators, seed=seed)


def refuse_other_sums(reading: Reading, *, cite: Callable[[str], Value]) -> pd.DataFrame:
    """Refuse inputs from which a released figure no longer follows.

    Parameters
    ----------
    reading
    cite
        `Run.cite`.

    Returns
    -------
    DataFrame
        A row an agreement of the register: ``what, released`` and ``from_inputs`` (numbers).

    Raises
    ------
    BenefitsError
        Naming the figure, what is released and what the inputs give.
    """
    estimates = dict(
        zip(reading.inputs["name"], reading.inputs["estimate"].astype(float), strict=True)
    )
    rows = []
    for agreement in reading.register.agreements:
        released = cite(agreement.equals).value
        assert released is not None  # Run.cite refuses what was withheld
        found = float(Formula(agreement.formula)(estimates))
        if not math.isclose(found, released, rel_tol=SAME):
            raise BenefitsError(
                f"{agreement.equals} is {released:,.2f}, and {agreement.formula} gives "
                f"{found:,.2f}. They must agree to the last digit: either the release has changed "
                "or a parameter of parameters/partnership.yaml is not the pilot's own. Put right "
                "what is wrong, or cite another version."
            )
        rows.append({"what": agreement.says, "released": released, "from_inputs": found})
    return pd.DataFrame(rows, columns=["what", "released", "from_inputs"])
