"""The case's tables, in people's words and units."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from woda_lib.phrases import say_number, say_range
from woda_lib.pilots.partnership.benefits.flows import ASSUMED
from woda_lib.pilots.partnership.case.appraisal import Appraisal
from woda_lib.pilots.partnership.case.errors import CaseError
from woda_lib.pilots.partnership.case.knowing import EVERYTHING, value_of_knowing
from woda_lib.pilots.partnership.case.options import Options
from woda_lib.records import Parameter, Value, say_amount, say_interval

if TYPE_CHECKING:
    from woda_lib.notebook import Run

_POUNDS = ("costs", "benefits", "cash_released", "net_present_value")
_PARTS = (
    ("Days saved, a person", "patient_flow/days_saved", "reported/days_saved"),
    ("People a month", "patient_flow/people_per_month", "reported/people_per_month"),
    (
        "Average cost of a bed-day, prices of 2015-16",
        "assumed/bed_day_cost",
        "reported/bed_day_cost",
    ),
)
_WORTH = (
    "Worth a month, at average cost",
    "patient_flow/cost_avoided_per_month",
    "reported/cost_avoided_per_month",
)


def options_in_words(options: Options) -> pd.DataFrame:
    """Return what can be decided: ``option, what_happens``, the baseline first."""
    rows = [(options.baseline.title, options.baseline.says)]
    rows += [(one.title, one.says) for one in options.options]
    return pd.DataFrame(rows, columns=["option", "what_happens"])


def measured_beside_reported(run: Run) -> pd.DataFrame:
    """Return what patient flow measured beside what was reported of it, as texts.

    Returns
    -------
    DataFrame
        ``what, measured, interval, stands_in, reported``: the parts, each measured figure to the
        digits of its release; what a month is worth; and the parts multiplied again.

    Raises
    ------
    CaseError
        If the reported parts do not make the reported worth, to the thousand pounds.
    """
    rows = []
    for what, measured, reported in (*_PARTS, _WORTH):
        ours, theirs = run.cite(measured), run.cite(reported)
        table = run.citations.set_index("named")
        rows.append(
            (
                what,
                say_amount(ours),
                say_interval(ours),
                table.loc[measured, "reference"],
                say_amount(theirs),
            )
        )
    again = [math.prod(_number(run.cite(each)) for each in side) for side in _sides()]
    told = run.cite(_WORTH[2])
    if round(again[1], -3) != round(_number(told), -3):
        raise CaseError(
            f"reported.yaml: the reported days, people and cost make £{say_number(again[1], 0)} a "
            f"month, and {say_amount(told)} was reported. Mend the figure that is wrong."
        )
    said = [f"£{say_number(worth, 0)}" for worth in again]
    rows.append(
        ("Days times people times cost, worked again", said[0], "", "the rows above", said[1])
    )
    return pd.DataFrame(rows, columns=["what", "measured", "interval", "stands_in", "reported"])


def _sides() -> tuple[list[str], list[str]]:
    """The parts that were measured, and those that were reported."""
    return [part[1] for part in _PARTS], [part[2] for part in _PARTS]


def _number(value: Value) -> float:
    """A cited figure's number; one that was withheld cannot be cited."""
    assert value.value is not None
    return value.value


def inputs_in_words(appraisal: Appraisal, parameters: Mapping[str, Parameter]) -> pd.DataFrame:
    """Return every uncertain input of the sums.

    Parameters
    ----------
    appraisal
    parameters
        By name, those that were assumed: they say their units.

    Returns
    -------
    DataFrame
        Texts: ``input, estimate, between, unit, source``. Money is in the prices of the case,
        whatever year it was given in.
    """
    table = appraisal.programme.inputs.table
    rows = []
    for row in table[table["low"] < table["high"]].to_dict("records"):
        estimate, low, high = (
            _said(row[column], percent=row["high"] <= 1) for column in ("estimate", "low", "high")
        )
        between, unit = f"{low} to {high}", _unit(row, parameters)
        rows.append((_named(row["name"]), estimate, between, unit, row["source"]))
    return pd.DataFrame(rows, columns=["input", "estimate", "between", "unit", "source"])


def _unit(row: dict[Hashable, Any], parameters: Mapping[str, Parameter]) -> str:
    """What an input is counted in, without a year's prices: "pounds a move", "of the salary"."""
    assumed = parameters.get(str(row["source"]).removeprefix(ASSUMED))
    unit = str(row["unit"]) if assumed is None else assumed.unit
    counted, _, of = unit.partition(", ")
    return of if counted == "%" else counted  # the sign stands with the number


def options_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return `Appraisal.table` as readers have it.

    Returns
    -------
    DataFrame
        ``option``; ``costs, benefits, cash_released, net_present_value`` in pounds, rounded to
        thousands, and the text ``between``; ``back_for_a_pound`` and ``interval``, texts;
        ``covered`` and ``best`` in whole per cent.
    """
    return pd.DataFrame(
        {
            "option": table["option"],
            **{column: _thousands(table[column]) for column in _POUNDS},
            "between": _ranges(table["low"], table["high"], -3),
            "back_for_a_pound": [_ratio(value) for value in table["ratio"]],
            "interval": _ranges(table["ratio_low"], table["ratio_high"], 2),
            "covered": table["covered"].round().astype("Int64"),
            "best": table["best"].round().astype("Int64"),
        }
    )


def scenarios_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return `Appraisal.scenarios` as readers have it: ``scenario, back_for_a_pound, …``."""
    return pd.DataFrame(
        {
            "scenario": table["title"],
            "back_for_a_pound": [_ratio(value) for value in table["ratio"]],
            "interval": _ranges(table["low"], table["high"], 2),
            "net_present_value": _thousands(table["net_present_value"]),
            "covered": table["covered"].round().astype("Int64"),
        }
    )


def risks_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return the register of risks as readers have it: the rating with what it is made of."""
    rated = [
        f"{row.rating} ({row.likelihood}×{row.impact})"
        for row in table.itertuples()  # a register of a few lines
    ]
    return pd.DataFrame(
        {
            "risk": table["risk"],
            "rating": rated,
            "owner": table["owner"],
            "response": table["response"],
            "back_for_a_pound": [_ratio(value) for value in table["ratio_if_it_comes"]],
            "net_present_value": table["worth_if_it_comes"].round(-3).astype("Int64"),
        }
    )


def cash_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return `affordability.cash_by_year` in pounds, rounded to thousands."""
    columns = table.columns.drop("partner")
    return table.assign(**{column: _thousands(table[column]) for column in columns})


def switching_in_words(appraisal: Appraisal) -> pd.DataFrame:
    """Return the inputs that can turn the answer alone, the nearest first.

    Returns
    -------
    DataFrame
        ``input``; the texts ``estimate`` and ``covers_costs`` (its value where costs are just
        covered); ``change`` in whole per cent; ``within_limits`` (yes or no); and ``chance``, in
        whole per cent, that it lies there or beyond.
    """
    table = appraisal.switching.dropna(subset=["switching_value"])
    # What is planned as 1 is a share of the plan, and cannot be less than nothing.
    table = table[~(table["input"].isin(appraisal.options.counts) & (table["switching_value"] < 0))]
    shares = table["estimate"] <= 1
    return pd.DataFrame(
        {
            "input": [_named(name) for name in table["input"]],
            **{
                named: [
                    _said(value, percent=share)
                    for value, share in zip(table[column], shares, strict=True)
                ]
                for named, column in (
                    ("estimate", "estimate"),
                    ("covers_costs", "switching_value"),
                )
            },
            "change": table["change"].round().astype("Int64"),
            "within_limits": table["within_limits"].map({True: "yes", False: "no"}),
            "chance": table["chance"].round().astype("Int64"),
        }
    ).reset_index(drop=True)


def knowing_in_words(appraisal: Appraisal) -> pd.DataFrame:
    """Return what is worth knowing, in pounds rounded to hundreds: ``input, worth_knowing``."""
    table = value_of_knowing(appraisal)
    worth = table["worth_knowing"].round(-2).astype(int)
    kept = (worth > 0) | (table["input"] == EVERYTHING)
    named = [_named(name) for name in table["input"]]
    return pd.DataFrame({"input": named, "worth_knowing": worth})[kept].reset_index(drop=True)


def _named(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _said(value: float, *, percent: bool = False) -> str:
    """A number in three digits, or whole: 2.85, 48.3, 46,000; a share as a percentage."""
    shown = 100 * value if percent else value
    digits = 2 - math.floor(math.log10(abs(shown))) if shown else 0
    text = say_number(shown, max(0, digits))
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}%" if percent else text


def _ratio(value: float) -> str:
    return "" if math.isnan(value) else say_number(value, 2)


def _ranges(low: pd.Series, high: pd.Series, decimals: int) -> list[str]:
    return [
        "" if math.isnan(start) or start == end else say_range(start, end, decimals)
        for start, end in zip(low, high, strict=True)
    ]


def _thousands(pounds: pd.Series) -> pd.Series:
    return pounds.round(-3).astype(int)
