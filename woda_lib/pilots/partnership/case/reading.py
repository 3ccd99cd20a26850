"""Everything that the case rests on, read from its files, which become inputs, and cited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from woda_lib.evaluation import (
    Formula,
    as_share,
    read_optimism_bias,
    read_price_index,
    uncertain_inputs,
)
from woda_lib.pilots.partnership.benefits import Reading, read_benefits, refuse_other_sums
from woda_lib.pilots.partnership.case.appraisal import Appraisal, appraise_options
from woda_lib.pilots.partnership.case.costs import Costs
from woda_lib.pilots.partnership.case.errors import CaseError
from woda_lib.pilots.partnership.case.files import Part, read_part
from woda_lib.pilots.partnership.case.flows import option_flows
from woda_lib.pilots.partnership.case.footing import footing_in_words
from woda_lib.pilots.partnership.case.options import Options
from woda_lib.pilots.partnership.case.prose import read_prose
from woda_lib.pilots.partnership.case.risks import Risks, require_scenarios
from woda_lib.records import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from woda_lib.notebook import Run

_ASSUMED = "assumed/"
_File = TypeVar("_File", bound=Part)


@dataclass(frozen=True, eq=False)
class CaseFiles:
    """What the case is made of, before anything is worked out.

    Attributes
    ----------
    benefits : Reading
        The register of benefits, its figures cited.
    costs, options, risks
        The case's own registers.
    flows : DataFrame
        From `option_flows`.
    inputs : DataFrame
        A row an input that a flow names, as `evaluation.uncertain_inputs` makes it.
    contributions : mapping of str to float
        By partner the share of the office's costs that it would pay.
    """

    benefits: Reading
    costs: Costs
    options: Options
    risks: Risks
    flows: pd.DataFrame
    inputs: pd.DataFrame
    contributions: Mapping[str, float]


def words(run: Run) -> Mapping[str, str]:
    """Return the case in words, by section, with placeholders for `Run.say`.

    Raises
    ------
    CaseError
        If a section is missing.
    """
    path = run.parameters_folder / run.pilot.pilot / "business_case.md"
    run.record_input(path, path.name)
    return read_prose(path)


def read_case(run: Run) -> CaseFiles:
    """Read the case's files and cite every figure that its sums name.

    Parameters
    ----------
    run
        Its parameters are the costs' and options' own; ``years`` says how far the case looks.

    Raises
    ------
    CaseError
        If a file does not say what it must, or names what is not known, or the case looks further
        ahead than its benefits.
    BenefitsError, CitationError, ParameterError, ReportedError
        If a figure does not stand where it should, or a released figure does not follow from the
        parameters.
    """
    folder = run.parameters_folder / run.pilot.pilot
    costs = _read(run, folder / "costs.yaml", Costs)
    options = _read(run, folder / "options.yaml", Options)
    risks = _read(run, folder / "risks.yaml", Risks)
    require_scenarios(risks, [one.scenario for one in options.scenarios])
    benefits = read_benefits(run, counted_only=True)
    refuse_other_sums(benefits, cite=run.cite)
    _require_benefits_in_every_year(benefits, int(run.parameters["years"]))
    titles = {name: one.title for name, one in benefits.register.partners.items()}
    flows = option_flows(
        benefits.flows(), costs, options, years=int(run.parameters["years"]), partners=titles
    )
    own = _parameters(flows["formula"], benefits, options, run)
    for name in (*own, "years"):
        run.cite(f"{_ASSUMED}{name}")
    inputs = pd.concat(
        [
            benefits.inputs_of(flows["formula"]),
            uncertain_inputs(_as_shares(run.spread(*own), run), **options.as_planned()).assign(
                source=lambda table: [
                    f"{_ASSUMED}{name}" if name in own else "as planned" for name in table["name"]
                ]
            ),
        ],
        ignore_index=True,
    )
    contributions = {
        partner: float(run.parameters[share]) / 100
        for partner, share in costs.contributions.items()
    }
    return CaseFiles(benefits, costs, options, risks, flows, inputs, contributions)


def appraise(files: CaseFiles, run: Run) -> Appraisal:
    """Work out every option of the case, in the prices of its register of benefits.

    Raises
    ------
    CaseError
        If the contributions of partners do not make a whole.
    EvaluationError
        If a sum cannot be worked out.
    """
    optimism, deflators = _money(run)
    return appraise_options(
        files.flows,
        files.inputs,
        files.options,
        contributions=files.contributions,
        optimism=optimism,
        price_base=files.benefits.register.price_base,
        deflators=deflators,
        seed=run.seed,
    )


def footing(files: CaseFiles, run: Run) -> pd.DataFrame:
    """Say what is done to the case's money before it is added up; see `footing_in_words`."""
    optimism, deflators = _money(run)
    return footing_in_words(
        files.flows,
        files.inputs,
        years=int(run.parameters["years"]),
        price_base=files.benefits.register.price_base,
        deflators=deflators,
        optimism=optimism,
    )


def _money(run: Run) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables that apply to all money alike: corrections for optimism, and prices by year."""
    folder = run.parameters_folder / "money"
    optimism, deflators = folder / "optimism_bias.yaml", folder / "gdp_deflators.yaml"
    for path in (optimism, deflators):
        run.record_input(path, path.name)
    return read_optimism_bias(optimism), read_price_index(deflators)


def _require_benefits_in_every_year(benefits: Reading, years: int) -> None:
    told = 1 + max(flow.last_year for flow in benefits.register.counted)
    if years > told:
        raise CaseError(
            f"The case looks {years} years ahead, and benefits.yaml tells of benefits no further "
            f"than {told}; beyond that there would be costs alone. Take `years` of at most {told}, "
            "or say in benefits.yaml what comes later."
        )


def _read(run: Run, path: Path, model: type[_File]) -> _File:
    found = read_part(path, model)
    run.record_input(path, path.name)
    return found


def _as_shares(spread: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Return parameters in per cent as shares of one, as formulas take them."""
    percent = [run.pilot.parameters[name].unit.startswith("%") for name in spread["name"]]
    scale = np.where(percent, 0.01, 1.0)
    ends = {column: spread[column] * scale for column in ("estimate", "low", "high")}
    return spread.assign(**ends, unit=spread["unit"].fillna("").map(as_share))


def _parameters(
    formulas: Iterable[str], benefits: Reading, options: Options, run: Run
) -> tuple[str, ...]:
    """The parameters of the step that formulas name, beside inputs of the register of benefits."""
    named = frozenset[str]().union(*(Formula(text).names for text in formulas))
    own = sorted(named - {"year", *options.counts, *benefits.inputs["name"]})
    for name in own:
        if name not in run.parameters:
            raise CaseError(
                f"A formula of costs.yaml or options.yaml names {name!r}, which is no parameter of "
                f"{run.step.name}. {nearest(name, run.parameters)}"
            )
    return tuple(own)
