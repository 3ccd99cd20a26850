"""What the case's pictures show, in a sentence each, and for those who cannot see them."""

from __future__ import annotations

import pandas as pd

from woda_lib.phrases import say_number, say_range
from woda_lib.pilots.partnership.case.appraisal import AS_PLANNED, Appraisal
from woda_lib.pilots.partnership.case.flows import TOGETHER

BARS = 10
"""How many inputs the tornado shows, the widest first."""
_NAMED = 3  # of these in its alternative text


def ratio_finding(appraisal: Appraisal) -> str:
    """Say what comes back for each pound, and in how many of the scenarios costs are covered."""
    table = appraisal.scenarios
    planned = table.loc[table["scenario"] == AS_PLANNED].iloc[0]
    others = table[table["scenario"] != AS_PLANNED]
    covered = int((others["ratio"] > 1).sum())
    asked = appraisal.asked.title
    back = f"Pounds back for each pound: {asked} {say_number(planned['ratio'], 2)} as planned"
    if others.empty:
        return back
    if covered == len(others):
        return f"{back}; its costs are covered in every scenario"
    if not covered:
        return f"{back}; its costs are covered in no scenario"
    return f"{back}; its costs are covered in {covered} of {len(others)} scenarios"


def ratio_alt(options: pd.DataFrame, appraisal: Appraisal) -> str:
    """List every dot of the forest with its interval.

    Parameters
    ----------
    options
        `Appraisal.table`.
    appraisal
    """
    paid = options.dropna(subset=["ratio"])
    dots = [
        *paid[["option", "ratio", "ratio_low", "ratio_high"]].itertuples(index=False, name=None)
    ]
    what_if = appraisal.scenarios[appraisal.scenarios["scenario"] != AS_PLANNED]
    dots += what_if[["title", "ratio", "low", "high"]].itertuples(index=False, name=None)
    said = "; ".join(
        f"{name} {say_number(ratio, 2)} ({say_range(low, high, 2)})"
        for name, ratio, low, high in dots
    )
    return f"Pounds back for each pound, a dot with its interval: {said}. At 1 costs are covered."


def years_finding(appraisal: Appraisal) -> str:
    """Say when the money has come back, or that it does not in these years."""
    course = appraisal.proposal.years()
    below = course["year"][course["cumulative"] < 0]
    last = int(course["year"].iloc[-1])
    if below.empty:
        return "The money is never behind"
    if int(below.iloc[-1]) == last:
        return f"By year {last} the money has not come back"
    return f"The money has come back in year {int(below.iloc[-1]) + 1}"


def years_alt(appraisal: Appraisal) -> str:
    """Say the running sum of each year, in pounds."""
    course = appraisal.proposal.years()
    sums = ", ".join(
        f"year {int(year)}: £{say_number(float(running), -3)}"
        for year, running in zip(course["year"], course["cumulative"], strict=True)
    )
    return f"Running sum of benefits less costs, discounted. {years_finding(appraisal)}. {sums}."


def partners_finding(table: pd.DataFrame) -> str:
    """Say who gains most and who pays most.

    Parameters
    ----------
    table
        From `affordability.money_by_kind`.
    """
    partners = table[:-1]
    partners = partners[partners["partner"] != TOGETHER]
    gains, pays = partners[partners["net"] > 0], partners[partners["net"] < 0]
    if gains.empty:
        return f"Every partner pays more than it gains, {pays.iloc[-1]['partner']} most"
    if pays.empty:
        return f"Every partner gains more than it pays, {gains.iloc[0]['partner']} most"
    first, last = gains.iloc[0]["partner"], pays.iloc[-1]["partner"]
    if len(pays) == 1:
        return f"The largest gain is that of {first}; only {last} pays more than it gains"
    return f"The largest gain is that of {first}; others pay more than they gain, {last} most"


def partners_alt(table: pd.DataFrame) -> str:
    """Say the net of each partner, in pounds."""
    partners = zip(table["partner"][:-1], table["net"][:-1], strict=True)
    said = "; ".join(f"{partner} £{say_number(float(net), -3)}" for partner, net in partners)
    return f"One row a partner, gains to the right and payments to the left. Net: {said}."


def tornado_finding(appraisal: Appraisal) -> str:
    """Say which input the net present value hangs on most."""
    first = _widest(appraisal)[0]
    return f"What the proposal is worth hangs most on {first}; the {BARS} inputs that say most"


def tornado_alt(appraisal: Appraisal) -> str:
    """Name the widest bars."""
    names = ", ".join(_widest(appraisal))
    return f"One bar an input: net present value at its lower and upper limit. Widest: {names}."


def _widest(appraisal: Appraisal) -> list[str]:
    return appraisal.proposal.tornado().head(_NAMED)["called"].tolist()
