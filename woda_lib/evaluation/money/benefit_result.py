"""What a programme is worth, draw by draw: its interval, who pays and gains, what it hangs on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from woda_lib.evaluation.errors import EvaluationError
from woda_lib.evaluation.money import benefit_pictures, sensitivity
from woda_lib.evaluation.money.benefit_summary import measures, summary_table
from woda_lib.evaluation.money.cash_flows import Appraised, CashFlows, sums
from woda_lib.evaluation.money.distributions import Floats
from woda_lib.evaluation.money.uncertain_inputs import Inputs
from woda_lib.evaluation.result import Result
from woda_lib.figures import Picture
from woda_lib.phrases import say_number

_FAR = 0.1
"""Of the interval's width: a mean further from the estimate is said."""
_DRAWS = " draws"
"""Named as no input can be: gives what is worked out the shape of the draws."""


class BenefitError(EvaluationError):
    """A benefit cannot be worked out from these inputs and flows."""


@dataclass(frozen=True, eq=False)
class Benefit(Result):
    """What a programme is worth, with everything needed to doubt it.

    The estimate is what the formulas give at the inputs' estimates. `drawn` holds the draws of the
    inputs, shape (draws, inputs), and `appraised` what each is worth.
    """

    inputs: Inputs = field(repr=False)
    flows: CashFlows = field(repr=False)
    drawn: Floats = field(repr=False)
    central: Appraised = field(repr=False)
    appraised: Appraised = field(repr=False)
    level: float
    unit: str
    correlated: bool = False

    @property
    def worth(self) -> Floats:
        """The result of every draw, shape (draws,)."""
        return self.appraised.net_present_value

    @property
    def estimate(self) -> float:
        """What the formulas give at the inputs' estimates."""
        return float(self.central.net_present_value)

    @property
    def low(self) -> float:
        """The lower limit of the interval."""
        return self._limits(self.worth)[0]

    @property
    def high(self) -> float:
        """Its upper limit."""
        return self._limits(self.worth)[1]

    @property
    def probability_positive(self) -> float:
        """The share of draws in which benefits exceed costs."""
        return float((self.worth > 0).mean())

    @property
    def appraises(self) -> bool:
        """Whether there are costs or later years, so that this is more than one sum."""
        return self.flows.factors.shape[1] > 1 or bool((self.flows.table["kind"] == "cost").any())

    @property
    def method(self) -> str:
        """How it was worked out."""
        what = "net present value" if self.appraises else "the sum"
        prices = f", in {self.inputs.price_base} prices" if self.inputs.price_base else ""
        together = "correlated (Gaussian copula)" if self.correlated else "independent"
        return (
            f"Monte Carlo: {what} over {len(self.worth):,} draws of {len(self.inputs.names)} "
            f"{together} inputs{prices} (Green Book 2022). Drawing anew would move the limits by "
            f"about {say_number(self._monte_carlo_error, _digits(self._monte_carlo_error))} "
            f"{self.unit}."
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What must hold."""
        said = ["The formulas hold everything that counts, and nothing twice."]
        if not self.correlated:
            said.append("The inputs are wrong independently of each other.")
        said.append("The inputs' distributions say what is known of them, and no more.")
        if self.appraises:
            said.append(
                "Money is real, a year's money counts as if it came at its end, and year 0 is now."
            )
        return tuple(said)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against it in these inputs."""
        said = list(self.inputs.notes)
        width = self.high - self.low
        mean = float(self.worth.mean())
        if width > 0 and abs(mean - self.estimate) > _FAR * width:
            digits = self.decimals
            said.append(
                f"The mean of the draws is {say_number(mean, digits)}, and the result at the "
                f"inputs' estimates {say_number(self.estimate, digits)}: the inputs are lopsided, "
                "and the Green Book asks for the mean."
            )
        if bool((self.flows.correction == 1).all()) and self.appraises:
            said.append("Nothing is corrected for optimism.")
        return tuple(said)

    @property
    def table(self) -> pd.DataFrame:
        """The distribution of the result: `from, to, share` (%) of the draws, a row a bin."""
        return benefit_pictures.bins(self.worth)

    def summary(self) -> pd.DataFrame:
        """Return every figure with its interval.

        Returns
        -------
        DataFrame
            `measure, estimate, low, high, mean, unit`: the result; quantities on the way; for a
            programme its benefits, costs, ratio and payback; and the chance of a gain.
        """
        named = "" if self.appraises else "Benefit"
        rows = measures(self.flows, self.central, self.appraised, unit=self.unit, named=named)
        return summary_table(rows, limits=self._limits)

    def by_partner(self) -> pd.DataFrame:
        """Say who pays and who gains.

        Returns
        -------
        DataFrame
            One row a partner, those who gain most first: present values of `benefits`, `cashable`
            benefits and `costs`, their `net` with `low` and `high`, and a last row for all.
        """
        flows = self.flows.table
        rows = []
        for partner in [*dict.fromkeys(flows["partner"]), None]:
            theirs = flows["partner"].eq(partner) if partner is not None else flows["flow"].notna()
            gains = theirs & flows["kind"].eq("benefit")
            pays = theirs & flows["kind"].eq("cost")
            at = self.central.present_values
            low, high = self._limits(
                sums(self.appraised.present_values, gains)
                - sums(self.appraised.present_values, pays)
            )
            benefits, costs = float(sums(at, gains)), float(sums(at, pays))
            cashable = float(sums(at, gains & flows["cashable"]))
            rows.append((partner, benefits, cashable, costs, benefits - costs, low, high))
        columns = ["partner", "benefits", "cashable", "costs", "net", "low", "high"]
        table = pd.DataFrame(rows, columns=columns)
        partners = table[:-1].sort_values("net", ascending=False, kind="stable")
        everyone = table[-1:].assign(partner="All partners")
        return pd.concat([partners, everyone], ignore_index=True)

    def years(self) -> pd.DataFrame:
        """Return the programme year by year.

        Returns
        -------
        DataFrame
            `year`; `benefits` and `costs` (corrected for optimism, not discounted), `net`
            discounted, and `cumulative` net with `low` and `high`.
        """
        running = self.appraised.net.cumsum(axis=0)
        low, high = np.quantile(running, self._tails, axis=1)
        return pd.DataFrame(
            {
                "year": np.arange(len(running)),
                "benefits": self.central.yearly_benefits,
                "costs": self.central.yearly_costs,
                "net": self.central.net,
                "cumulative": self.central.net.cumsum(axis=0),
                "low": low,
                "high": high,
            }
        )

    def tornado(self) -> pd.DataFrame:
        """Say which input the answer hangs on; see `sensitivity.tornado`."""
        return sensitivity.tornado(self.inputs, self.flows, self.drawn, self.worth)

    def switching_values(self, target: float = 0.0) -> pd.DataFrame:
        """Say how far each input must move for the result to be nought (a ratio of 1).

        See `sensitivity.switching_values`.
        """
        return sensitivity.switching_values(self.inputs, self.flows, self.drawn, target)

    def part(self, flows: Iterable[str]) -> Benefit:
        """Return what some of the flows alone are worth, over the same draws of the inputs.

        Options whose flows stand in one table differ by what they do and not by chance, so that
        draw by draw one can be set against the other.

        Parameters
        ----------
        flows
            Names of flows.

        Raises
        ------
        BenefitError
            If there is no flow of a name, or none is named.
        """
        names = list(flows)
        known = self.flows.table["flow"]
        for name in names:
            if name not in set(known):
                raise BenefitError(f"There is no flow {name!r}. There is {', '.join(known)}.")
        if not names:
            raise BenefitError("Name at least one flow whose worth shall be worked out.")
        plan = self.flows.only(known.isin(names))
        inputs = self.inputs.only(plan.names)
        drawn = self.drawn[:, [self.inputs.names.index(name) for name in inputs.names]]
        # Flows without an uncertain input are worth the same in every draw.
        values = {**dict(zip(inputs.names, drawn.T, strict=True)), _DRAWS: np.zeros(len(drawn))}
        return replace(
            self,
            inputs=inputs,
            flows=plan,
            drawn=drawn,
            central=plan.appraise(inputs.estimates),
            appraised=plan.appraise(values),
        )

    def scenarios(
        self, scenarios: Mapping[str, Mapping[str, float]], *, ratio: bool = False
    ) -> pd.DataFrame:
        """Work the result out with some inputs held at a value, and the others drawn as before.

        Parameters
        ----------
        scenarios
            Under the name of each, the inputs that it fixes.
        ratio
            Whether to return benefits by costs, pounds a pound, instead of benefits less costs.

        Returns
        -------
        DataFrame
            One row a scenario, the result itself first: `scenario, estimate, low, high,
            chance` (of more than nought, or of a ratio above 1, which is the same; %).
        """
        shown = self._ratio if ratio else _worth
        rows = [
            (
                "As estimated",
                float(shown(self.central)),
                *self._limits(shown(self.appraised)),
                self.probability_positive,
            )
        ]
        for scenario, fixed in scenarios.items():
            for each in fixed:
                if each not in self.inputs.names:
                    raise BenefitError(
                        f"The scenario {scenario!r} fixes {each!r}, which is no input. "
                        f"They are {', '.join(self.inputs.names)}."
                    )
            at = self.flows.appraise({**self.inputs.estimates, **fixed})
            drawn = {**dict(zip(self.inputs.names, self.drawn.T, strict=True)), **fixed}
            found = self.flows.appraise(drawn)
            worth = np.broadcast_to(shown(found), np.shape(self.worth))
            chance = float((found.net_present_value > 0).mean())
            rows.append((scenario, float(shown(at)), *self._limits(worth), chance))
        table = pd.DataFrame(rows, columns=["scenario", "estimate", "low", "high", "chance"])
        return table.assign(chance=100 * table["chance"])

    def plot(self) -> Picture:
        """Draw the distribution of the result."""
        return benefit_pictures.distribution_picture(
            self.table,
            estimate=self.estimate,
            low=self.low,
            high=self.high,
            chance=self.probability_positive,
            unit=self.unit,
            what=self._name,
        )

    def plot_tornado(self, *, widest: int | None = None) -> Picture:
        """Draw what the result would be at each input's limits.

        Parameters
        ----------
        widest
            How many of the widest bars are drawn; all without it.
        """
        return benefit_pictures.tornado_picture(
            self.tornado().head(widest or len(self.inputs.names)),
            estimate=self.estimate,
            unit=self.unit,
            what=self._name,
        )

    def plot_years(self) -> Picture:
        """Draw the running sum of discounted net money, and where it is paid back."""
        if len(self.central.net) < 2:
            raise BenefitError("There is one year alone, so that there is no course to draw.")
        return benefit_pictures.years_picture(self.years(), unit=self.unit)

    def _ratio(self, appraised: Appraised) -> Floats:
        """Benefits by costs."""
        gains = self.flows.table["kind"].eq("benefit")
        costs = sums(appraised.present_values, ~gains)
        if not (costs > 0).all():
            raise BenefitError("Without a cost in every draw there is no ratio of benefits to it.")
        ratio: Floats = sums(appraised.present_values, gains) / costs
        return ratio

    @property
    def _name(self) -> str:
        if not self.appraises:
            return "Benefit"
        return "Net present value" if len(self.central.net) > 1 else "Benefits less costs"

    @property
    def _tails(self) -> tuple[float, float]:
        return (1 - self.level) / 2, (1 + self.level) / 2

    def _limits(self, values: Floats) -> tuple[float, float]:
        low, high = np.quantile(values, self._tails, method="inverted_cdf")
        return float(low), float(high)

    @property
    def _monte_carlo_error(self) -> float:
        """The larger standard error of the two limits, from neighbouring order statistics."""
        share = np.array(self._tails)
        step = np.sqrt(share * (1 - share) / len(self.worth))
        above, below = (np.quantile(self.worth, share + sign * step) for sign in (1, -1))
        return float((above - below).max() / 2)


def _worth(appraised: Appraised) -> Floats:
    return appraised.net_present_value


def _digits(number: float) -> int:
    """Two that mean anything."""
    return 1 - math.floor(math.log10(number)) if number > 0 else 0
