"""What can go wrong: ``parameters/partnership/risks.yaml``, and the register as a table."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from pydantic import Field

from woda_lib.pilots.partnership.case.errors import CaseError
from woda_lib.pilots.partnership.case.files import Part
from woda_lib.pilots.partnership.typed import Said
from woda_lib.records import nearest


class Risk(Part):
    """One risk.

    Attributes
    ----------
    risk, owner, response : str
        What could happen, the role that sees to it, and what is done.
    likelihood, impact : int
        From 1, little, to 5, much.
    if_it_comes : str
        The name of the scenario that says what it would do; empty where none does.
    """

    risk: Said
    owner: Said
    likelihood: int = Field(ge=1, le=5)
    impact: int = Field(ge=1, le=5)
    response: Said
    if_it_comes: str = ""

    @property
    def rating(self) -> int:
        """Likelihood times impact, 1 to 25."""
        return self.likelihood * self.impact


class Risks(Part):
    """The file."""

    risks: tuple[Risk, ...] = Field(min_length=1)


def require_scenarios(risks: Risks, known: Iterable[str]) -> None:
    """Refuse a risk that rests on a scenario which is not there.

    Raises
    ------
    CaseError
        Naming the risk and the nearest scenario.
    """
    known = list(known)
    for one in risks.risks:
        if one.if_it_comes and one.if_it_comes not in known:
            raise CaseError(
                f"risks.yaml: {one.risk!r} names the scenario {one.if_it_comes!r}, which "
                f"options.yaml does not have. {nearest(one.if_it_comes, known)}"
            )


def risk_table(risks: Risks, scenarios: pd.DataFrame) -> pd.DataFrame:
    """Return the register, the worst first.

    Parameters
    ----------
    risks
    scenarios
        From `Appraisal.scenarios`: ``scenario, title, ratio, net_present_value, …``.

    Returns
    -------
    DataFrame
        ``risk, owner, likelihood, impact, rating, response, ratio_if_it_comes`` (pounds a pound)
        and ``worth_if_it_comes`` (net present value, pounds); missing where no scenario says it.

    Raises
    ------
    CaseError
        If a risk names a scenario that is not there.
    """
    require_scenarios(risks, scenarios["scenario"])
    known = scenarios.set_index("scenario")
    ratios, worths = known["ratio"], known["net_present_value"]
    rows = [
        {
            **one.model_dump(include={"risk", "owner", "likelihood", "impact"}),
            "rating": one.rating,
            "response": one.response,
            "ratio_if_it_comes": ratios.get(one.if_it_comes, float("nan")),
            "worth_if_it_comes": worths.get(one.if_it_comes, float("nan")),
        }
        for one in sorted(risks.risks, key=lambda one: -one.rating)
    ]
    return pd.DataFrame(rows)
