"""The options worked out over the same draws, and everything that is read off them.

The method is that of HM Treasury's Green Book (2022): options against a baseline of doing nothing,
money in the prices of one year and discounted, corrected for optimism by grade of evidence, every
uncertain input drawn, and the switching value of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.evaluation import Benefit, Formula, monte_carlo_benefit
from woda_lib.pilots.partnership.case.errors import CaseError
from woda_lib.pilots.partnership.case.flows import OFFICE
from woda_lib.pilots.partnership.case.options import Option, Options

AS_PLANNED = "as_planned"
"""The scenario that holds nothing."""
_NEAR_ENOUGH = 1e-6
_MEASURES = {
    "Costs, present value": "costs",
    "Benefits, present value": "benefits",
    "of these cashable": "cash_released",
    "Net present value": "net_present_value",
    "Benefit–cost ratio": "ratio",
}


@dataclass(frozen=True, eq=False)
class Appraisal:
    """What every option is worth against the baseline.

    Attributes
    ----------
    options : Options
    flows : DataFrame
        From `option_flows`.
    programme : Benefit
        All flows together; its parts are the options.
    """

    options: Options
    flows: pd.DataFrame
    programme: Benefit

    @cached_property
    def by_option(self) -> dict[str, Benefit]:
        """Each option's worth, by its name; draw by draw they may be set against each other."""
        return {
            str(name): self.programme.part(rows["flow"])
            for name, rows in self.flows.groupby("option", sort=False)
        }

    @property
    def asked(self) -> Option:
        """The option that is asked for: the last of the file."""
        return self.options.options[-1]

    @property
    def proposal(self) -> Benefit:
        """What it is worth."""
        return self.by_option[self.asked.option]

    def part(self, option: str, **where: object) -> Benefit | None:
        """Return flows of an option, those that hold some values; None if there is none.

        Parameters
        ----------
        option
        where
            By column of `flows` the value.
        """
        rows = self.flows["option"] == option
        for column, value in where.items():
            rows &= self.flows[column] == value
        return self.programme.part(self.flows["flow"][rows]) if rows.any() else None

    def table(self) -> pd.DataFrame:
        """Set the options side by side.

        Returns
        -------
        DataFrame
            The baseline, and a row an option: ``option`` (its title), and in pounds of present
            value ``costs, benefits, cash_released, net_present_value, low, high``; ``ratio,
            ratio_low, ratio_high`` in pounds a pound; ``covered`` and ``best``, the chance in %
            that its costs are covered, and that nothing else is worth more.
        """
        best = self.chance_of_being_best()
        nothing = dict.fromkeys((*_MEASURES.values(), "low", "high"), 0.0)
        rows: list[dict[str, Any]] = [
            {
                "option": self.options.baseline.title,
                **nothing,
                **dict.fromkeys(("ratio", "ratio_low", "ratio_high", "covered"), np.nan),
                "best": 100 - sum(best.values()),
            }
        ]
        for option in self.options.options:
            found = measures_of(self.by_option[option.option])
            figures = {column: found[name]["estimate"] for name, column in _MEASURES.items()}
            worth, ratio = found["Net present value"], found["Benefit–cost ratio"]
            rows.append(
                {
                    "option": option.title,
                    **figures,
                    "low": worth["low"],
                    "high": worth["high"],
                    "ratio_low": ratio["low"],
                    "ratio_high": ratio["high"],
                    "covered": found["Chance of more than nought"]["estimate"],
                    "best": best[option.option],
                }
            )
        columns = "costs benefits cash_released net_present_value low high"
        columns += " ratio ratio_low ratio_high covered best"
        return pd.DataFrame(rows)[["option", *columns.split()]]

    def chance_of_being_best(self) -> dict[str, float]:
        """Return by option the chance, in %, that it is worth most; the baseline may be."""
        names = list(self.by_option)
        worths = [found.worth for found in self.by_option.values()]
        everyone = np.array([np.zeros_like(worths[0]), *worths])
        first = everyone.argmax(axis=0)
        return {name: 100 * float((first == place).mean()) for place, name in enumerate(names, 1)}

    def chance_of_the_baseline(self) -> float:
        """Return the chance, in %, that no option is worth more than the baseline."""
        return 100 - sum(self.chance_of_being_best().values())

    def best_option(self) -> Option | None:
        """The option that is worth most as estimated; None where that is the baseline."""
        best = max(self.options.options, key=lambda one: self.by_option[one.option].estimate)
        return best if self.by_option[best.option].estimate > 0 else None

    @cached_property
    def scenarios(self) -> pd.DataFrame:
        """The proposal, worked out in each scenario.

        Returns
        -------
        DataFrame
            As planned first: ``scenario`` (its name), ``title``, ``ratio, low, high`` (pounds a
            pound), ``net_present_value`` and ``covered``, the chance in % that costs are covered.
        """
        holds = {one.scenario: one.holds for one in self.options.scenarios}
        ratios = self.proposal.scenarios(holds, ratio=True)
        titles = [one.title for one in self.options.scenarios]
        return pd.DataFrame(
            {
                "scenario": [AS_PLANNED, *holds],
                "title": [self.asked.title, *titles],
                "ratio": ratios["estimate"],
                **{column: ratios[column] for column in ("low", "high")},
                "net_present_value": self.proposal.scenarios(holds)["estimate"],
                "covered": ratios["chance"],
            }
        )

    @cached_property
    def switching(self) -> pd.DataFrame:
        """How far each input, or what is as planned, must move alone for costs to be just covered.

        Returns
        -------
        DataFrame
            ``input, estimate, switching_value, change`` (%), ``within_limits``, ``chance`` (%), the
            nearest first; inputs that cannot do it alone come last.
        """
        table = self.proposal.switching_values()
        known = self.proposal.inputs.table.set_index("name")
        spread = known["low"] < known["high"]
        shown = table["input"].map(spread) | table["input"].isin(self.options.counts)
        return table[shown].reset_index(drop=True)

    def share_of(self, pilot: str) -> float:
        """Return which share of the proposal's benefits is one pilot's, in %."""
        everything = self.proposal.flows.table["kind"] == "benefit"
        whole = float(self.proposal.central.present_values[everything].sum())
        own = self.part(self.asked.option, pilot=pilot, kind="benefit")
        return 100 * float(own.estimate) / whole if own and whole else 0.0

    def cost_avoided(self) -> Benefit | None:
        """What the proposal brings that no budget sees."""
        return self.part(self.asked.option, kind="benefit", cashable=False)

    def office_costs(self) -> Benefit:
        """What the proposal's office costs, without what pilots cost their partners."""
        found = self.part(self.asked.option, pilot=OFFICE)
        if found is None:
            raise CaseError(f"costs.yaml has no cost of the option {self.asked.option!r}.")
        return found


def measures_of(benefit: Benefit) -> dict[str, dict[str, float]]:
    """Return `estimate, low, high` of every measure of `Benefit.summary`, by its name."""
    table = benefit.summary()
    return {
        str(row["measure"]): {end: float(row[end]) for end in ("estimate", "low", "high")}
        for row in table.to_dict("records")
    }


def appraise_options(
    flows: pd.DataFrame,
    inputs: pd.DataFrame,
    options: Options,
    *,
    contributions: Mapping[str, float],
    optimism: pd.DataFrame,
    price_base: str,
    deflators: pd.DataFrame,
    seed: int,
    draws: int = 20_000,
) -> Appraisal:
    """Work out every option.

    Parameters
    ----------
    flows
        From `option_flows`.
    inputs
        A row an input; those that no flow names are left out.
    options
    contributions
        By partner the share of the office's costs that it would pay.
    optimism, deflators
        From `evaluation.read_optimism_bias` and `evaluation.read_price_index`.
    price_base
        The financial year of the prices.
    seed, draws

    Raises
    ------
    CaseError
        If the contributions do not make a whole.
    EvaluationError
        If a formula names what is no input, or an input cannot be drawn.
    """
    whole = sum(contributions.values())
    if abs(whole - 1) > _NEAR_ENOUGH:
        raise CaseError(
            f"The contributions of {', '.join(contributions)} make {whole:.3g} of the office's "
            "costs, and must make 1. Mend the shares in the parameter file."
        )
    named = frozenset[str]().union(*(Formula(text).names for text in flows["formula"]))
    programme = monte_carlo_benefit(
        inputs[inputs["name"].isin(named)].reset_index(drop=True),
        flows=flows,
        optimism=optimism,
        price_base=price_base,
        deflators=deflators,
        draws=draws,
        seed=seed,
    )
    return Appraisal(options, flows, programme)
