"""What the case says of its own numbers: sentences that follow them, with placeholders for figures.

Nothing here knows a figure. A rule looks at the appraisal and chooses the sentence; `Run.answer`
and `Run.say` put the values in.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from woda_lib.evaluation import Benefit
from woda_lib.pilots.partnership.case.affordability import cash_in_all
from woda_lib.pilots.partnership.case.appraisal import AS_PLANNED, Appraisal
from woda_lib.pilots.partnership.case.headlines import SWITCHING, TURNS, switch_name
from woda_lib.pilots.partnership.case.options import Option
from woda_lib.pilots.partnership.case.overtaking import is_best, share_that_turns

Standing = Literal["covered", "likely covered", "open", "likely not covered", "not covered"]

_HALF = 0.5  # of the draws
_NEARLY_ALL, _MOST = 80, 50  # per cent of the benefits
_PAYS: dict[Standing, str] = {
    "covered": "{called} brings back {{benefit_cost_ratio}} over {{assumed/years}}, and the whole "
    "interval lies above what is paid.",
    "likely covered": "as estimated {called} brings back {{benefit_cost_ratio}} over "
    "{{assumed/years}}, and the interval reaches below what is paid.",
    "open": "as estimated {called} brings back {{benefit_cost_ratio}} over {{assumed/years}}, and "
    "in most simulated futures less than is paid.",
    "likely not covered": "{called} brings back {{benefit_cost_ratio}} over {{assumed/years}}, "
    "less than is paid, though the interval reaches above it.",
    "not covered": "{called} brings back {{benefit_cost_ratio}} over {{assumed/years}}, and the "
    "whole interval lies below what is paid.",
}
_OPENS: dict[Standing, str] = {
    "covered": "Yes, on this evidence:",
    "likely covered": "Probably, and not for sure:",
    "open": "It cannot be told:",
    "likely not covered": "Not on this evidence:",
    "not covered": "No:",
}
_WOULD_BE_BEST = {
    "at least": "would be worth most from",
    "no more than": "would be worth most below",
}


def standing(proposal: Benefit) -> Standing:
    """Say how the ratio of benefits to costs, and its interval, lie to 1.

    Benefits less costs are above nought exactly where the ratio is above 1. It is likely where
    more than half of the draws say so; an estimate that most draws fall short of leaves it open.
    """
    if proposal.low > 0:
        return "covered"
    if proposal.high <= 0:
        return "not covered"
    if proposal.estimate <= 0:
        return "likely not covered"
    return "likely covered" if proposal.probability_positive > _HALF else "open"


def verdict(appraisal: Appraisal) -> str:
    """Return the first paragraph of the answer, with placeholders."""
    found = standing(appraisal.proposal)
    best, asked = appraisal.best_option(), appraisal.asked
    opening = _OPENS[found]
    if appraisal.proposal.estimate > 0 and best is not None and best.option != asked.option:
        opening = f"It would pay as estimated, and {best.called} is worth more:"
    return f"{opening} {_PAYS[found].format(called=asked.called)}"


def answer(appraisal: Appraisal) -> str:
    """Return the whole answer, for `Run.answer`: the verdict, and in paragraphs what follows.

    That figures are not signed yet is `Run.answer`'s own to say.
    """
    return "\n\n".join((verdict(appraisal), *so_what(appraisal)))


def so_what(appraisal: Appraisal) -> tuple[str, ...]:
    """Return what follows: what is worth most, what it hangs on, and whose money it is."""
    return tuple(said for tell in (_best, _hangs_on, _whose_money) if (said := tell(appraisal)))


def how_sure(appraisal: Appraisal) -> str:
    """Return the list of how sure we are, for `Run.say`."""
    share = appraisal.share_of("patient_flow")
    rests = "Nearly all" if share >= _NEARLY_ALL else "Most" if share > _MOST else "A part"
    lines = [
        f"Costs are covered in {{chance_costs_covered}} of simulated futures{_hardest(appraisal)}.",
        f"{rests} of the benefit ({{share_from_patient_flow}}) rests on patient flow, and there on "
        "the judgement that sharing data brought about {assumed/days_due_to_sharing}. Nothing "
        "measured parts what sharing did from what the service did.",
        "How fast benefits fade without the office, {assumed/fades}, is assumed too: nobody has "
        "stopped yet and looked.",
        f"What would change the answer: {_would_change(appraisal)}",
    ]
    return "\n".join(f"- {line}" for line in lines)


def _best(appraisal: Appraisal) -> str:
    best, asked = appraisal.best_option(), appraisal.asked
    covered = "Costs are covered in {chance_costs_covered} of simulated futures."
    if best is None:
        return (
            f"{covered} No option is worth more than {appraisal.options.baseline.called}; "
            f"{asked.called} comes to a net present value of {{net_present_value}}."
        )
    though = _though(appraisal, best)
    if best.option == asked.option:
        return (
            f"{covered} Of all options it is worth most, a net present value of "
            f"{{net_present_value}}{though}."
        )
    return (
        f"{covered} Of all options {best.called} is worth most as estimated, a net present "
        f"value of {{{best.option}_net_present_value}}{though}; {asked.called} comes to "
        "{net_present_value}."
    )


def _though(appraisal: Appraisal, best: Option) -> str:
    """Say it where the baseline has the better chance: an estimate may lie above most draws."""
    if appraisal.chance_of_the_baseline() <= appraisal.chance_of_being_best()[best.option]:
        return ""
    nothing = appraisal.options.baseline.called
    return f", though in {{chance_nothing_worth_more}} of simulated futures {nothing} is"


def _hardest(appraisal: Appraisal) -> str:
    """Name the scenario in which least comes back."""
    table = appraisal.scenarios
    hardest = table.loc[table["ratio"].idxmin(), "scenario"]
    if hardest == AS_PLANNED:
        return ""
    return f"; in the hardest of the scenarios {{ratio_{hardest}}} comes back"


def _hangs_on(appraisal: Appraisal) -> str:
    parts = []
    if switch := _switch(appraisal):
        pays = appraisal.proposal.estimate > 0
        covered = "are covered down to" if pays else "would be covered from"
        parts.append(f"costs {covered} {{{switch}:value}}")
    if (turn := _turn(appraisal)) is not None:
        end = {"at least": "up to", "no more than": "down to"}[turn]
        best = f"is worth most {end}" if is_best(appraisal) else _WOULD_BE_BEST[turn]
        parts.append(f"{appraisal.asked.called} {best} {{{TURNS}:value}}")
    if not parts:
        return ""
    return (
        "It hangs on how much of the days saved sharing data brought about: "
        f"{', and '.join(parts)}, where {{assumed/days_due_to_sharing:value}} is assumed."
    )


def _whose_money(appraisal: Appraisal) -> str:
    released = cash_in_all(appraisal, "benefit")["estimate"]
    paid = cash_in_all(appraisal, "cost")["estimate"]
    less = "less" if released < paid else "more"
    said = (
        f"Before inflation budgets would see {{cash_released:value}} of cash, {less} than the "
        "{cash_paid:value} that they would pay."
    )
    if appraisal.cost_avoided() is None:
        return said
    return (
        f"{said} Besides, it brings {{cost_avoided:value}} of cost avoided, "
        "in present value, which no budget sees."
    )


def _would_change(appraisal: Appraisal) -> str:
    if (turn := _turn(appraisal)) is None:
        return (
            "No share that is due to sharing, whatever it is, turns it alone. To know everything "
            "before deciding is worth up to {worth_of_knowing}."
        )
    then = "no longer is" if is_best(appraisal) else "is"
    return (
        f"A trial that finds that sharing data brought about {turn} {{{TURNS}:value}} of the days "
        f"saved, for there {appraisal.asked.called} {then} worth most of all options. To know the "
        "share before deciding is worth up to {worth_of_knowing_the_share}."
    )


def _turn(appraisal: Appraisal) -> Literal["at least", "no more than"] | None:
    """On which side of the share that turns the answer the other answer lies, if there is one."""
    turn = share_that_turns(appraisal, SWITCHING[0])
    if np.isnan(turn):
        return None
    estimate = appraisal.programme.inputs.estimates[SWITCHING[0]]
    return "at least" if turn > estimate else "no more than"


def _switch(appraisal: Appraisal) -> str:
    """The value at which costs are just covered by what sharing brought about, if there is one."""
    told = SWITCHING[0]
    known = appraisal.switching.set_index("input")["switching_value"].notna()
    return switch_name(told) if known.get(told, False) else ""
