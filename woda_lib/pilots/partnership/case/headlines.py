"""The values that the case records: by name, with label, interval and unit, for `Run.value`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypedDict

import numpy as np

from woda_lib.evaluation import Benefit
from woda_lib.pilots.partnership.case.affordability import cash_in_all
from woda_lib.pilots.partnership.case.appraisal import AS_PLANNED, Appraisal, measures_of
from woda_lib.pilots.partnership.case.knowing import EVERYTHING, value_of_knowing
from woda_lib.pilots.partnership.case.overtaking import share_that_turns

SWITCHING = ("days_due_to_sharing", "days_saved")
"""The inputs whose switching values are recorded."""
TURNS = f"{SWITCHING[0]}_that_makes_it_best"
"""The value at which the option that is asked for begins, or ceases, to be worth most."""
_UNITS = {"days_due_to_sharing": (100, "%", 0), "days_saved": (1, "days", 1)}
_LABELS = {
    "benefit_cost_ratio": "Benefits for a pound of cost",
    "net_present_value": "Net present value of the proposal",
    "chance_costs_covered": "Chance that the proposal covers its costs",
    "cash_released": "Cash released, over all years",
    "cash_paid": "Cash paid, over all years",
    "cost_avoided": "Cost avoided, over all years",
    "payback_years": "Years until it is paid back",
    "chance_worth_most": "Chance that it is worth most of all options",
    "chance_nothing_worth_more": "Chance that no option is worth more than deciding nothing",
    "share_from_patient_flow": "Share of the benefits from patient flow",
    "office_cost_a_year": "Cost of the office, a year",
    "days_due_to_sharing_that_covers_costs": "Share of days due to sharing that covers costs",
    "days_saved_that_covers_costs": "Days saved for each person that cover costs",
    TURNS: "Share of days due to sharing that makes it best",
    "worth_of_knowing": "Worth of knowing every assumption exactly",
    "worth_of_knowing_the_share": "Worth of knowing the share of days due to sharing",
}
_THOUSANDS, _TENS_OF_THOUSANDS = -3, -4


class Headline(TypedDict, total=False):
    """What `Run.value` takes."""

    name: str
    label: str
    value: float
    low: float
    high: float
    unit: str
    decimals: int


def headlines(appraisal: Appraisal) -> list[Headline]:
    """Return every value of the case, the first five of which stand in the executive pack.

    What has no number in these years, such as a payback that never comes, is left out.
    """
    found = [
        *_of_the_proposal(appraisal),
        *_of_other_options(appraisal),
        *_of_scenarios(appraisal),
        *_of_switching(appraisal),
        *_of_knowing(appraisal),
    ]
    labels = _LABELS | _labels_of_what_if(appraisal)
    known = [one for one in found if np.isfinite(one["value"])]
    return [{"label": labels[one["name"]], **one} for one in known]


def switch_name(name: str) -> str:
    """Return the name of the value at which costs are just covered."""
    return f"{name}_that_covers_costs"


def _labels_of_what_if(appraisal: Appraisal) -> dict[str, str]:
    """Of the other options and of the scenarios, which their files call by titles."""
    options = {
        f"{one.option}_net_present_value": f"Net present value of {one.called}"
        for one in appraisal.options.options
    }
    scenarios = {
        f"ratio_{one.scenario}": f"Benefits for a pound: {one.title[:1].lower()}{one.title[1:]}"
        for one in appraisal.options.scenarios
    }
    return options | scenarios


def _of_the_proposal(appraisal: Appraisal) -> Iterator[Headline]:
    summary = measures_of(appraisal.proposal)
    yield _figure("benefit_cost_ratio", summary["Benefit–cost ratio"], "pounds a pound", 2)
    yield _figure("net_present_value", summary["Net present value"], "pounds", _TENS_OF_THOUSANDS)
    yield _chance("chance_costs_covered", summary["Chance of more than nought"]["estimate"])
    released, paid = cash_in_all(appraisal, "benefit"), cash_in_all(appraisal, "cost")
    yield _figure("cash_released", released, "pounds", _TENS_OF_THOUSANDS)
    yield _figure("cash_paid", paid, "pounds", _TENS_OF_THOUSANDS)
    avoided = appraisal.cost_avoided()
    if avoided is not None:
        yield _worth("cost_avoided", avoided)
    # The first year is year 0, and its money counts at its end.
    payback = {end: year + 1 for end, year in summary["Paid back in year"].items()}
    yield _figure("payback_years", payback, "years", 0)
    yield _chance("chance_worth_most", appraisal.chance_of_being_best()[appraisal.asked.option])
    yield _chance("chance_nothing_worth_more", appraisal.chance_of_the_baseline())
    yield _chance("share_from_patient_flow", appraisal.share_of("patient_flow"))
    yield _office_cost(appraisal.office_costs())


def _of_other_options(appraisal: Appraisal) -> Iterator[Headline]:
    for name, found in appraisal.by_option.items():
        if name != appraisal.asked.option:
            yield _worth(f"{name}_net_present_value", found, decimals=_THOUSANDS)


def _of_scenarios(appraisal: Appraisal) -> Iterator[Headline]:
    for row in appraisal.scenarios.to_dict("records"):
        if row["scenario"] != AS_PLANNED:
            figures = {"estimate": row["ratio"], "low": row["low"], "high": row["high"]}
            yield _figure(f"ratio_{row['scenario']}", figures, "pounds a pound", 2)


def _of_switching(appraisal: Appraisal) -> Iterator[Headline]:
    table = appraisal.switching.set_index("input")["switching_value"]
    for name in SWITCHING:
        times, unit, decimals = _UNITS[name]
        yield {
            "name": switch_name(name),
            "value": times * float(table.get(name, np.nan)),
            "unit": unit,
            "decimals": decimals,
        }
    times, unit, decimals = _UNITS[SWITCHING[0]]
    turn = share_that_turns(appraisal, SWITCHING[0])
    yield {"name": TURNS, "value": times * turn, "unit": unit, "decimals": decimals}


def _of_knowing(appraisal: Appraisal) -> Iterator[Headline]:
    table = value_of_knowing(appraisal).set_index("input")["worth_knowing"]
    for name, row in (
        ("worth_of_knowing", EVERYTHING),
        ("worth_of_knowing_the_share", SWITCHING[0]),
    ):
        yield {
            "name": name,
            "value": float(table.get(row, 0.0)),
            "unit": "pounds",
            "decimals": _THOUSANDS,
        }


def _figure(name: str, figures: Mapping[str, float], unit: str, decimals: int) -> Headline:
    value, low, high = (float(figures[key]) for key in ("estimate", "low", "high"))
    found: Headline = {"name": name, "value": value, "unit": unit, "decimals": decimals}
    if np.isfinite([low, high]).all():
        found |= {"low": min(low, value), "high": max(high, value)}
    return found


def _worth(
    name: str, found: Benefit, *, sign: int = 1, decimals: int = _TENS_OF_THOUSANDS
) -> Headline:
    ends = sorted((sign * found.low, sign * found.high))
    figures = {"estimate": sign * found.estimate, "low": ends[0], "high": ends[1]}
    return _figure(name, figures, "pounds", decimals)


def _chance(name: str, percent: float) -> Headline:
    return {"name": name, "value": percent, "unit": "%", "decimals": 0}


def _office_cost(office: Benefit) -> Headline:
    """Of the second year, in which nothing is set up any more; not discounted."""
    drawn = office.appraised.yearly_costs[1]
    low, high = np.quantile(drawn, [(1 - office.level) / 2, (1 + office.level) / 2])
    estimate = float(office.central.yearly_costs[1])
    figures = {"estimate": estimate, "low": float(low), "high": float(high)}
    return _figure("office_cost_a_year", figures, "pounds", _THOUSANDS)
