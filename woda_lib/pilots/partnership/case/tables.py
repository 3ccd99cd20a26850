"""The case's tables, in people's words and units."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from woda_lib.evaluation import SHARE
from woda_lib.phrases import say_number, say_range
from woda_lib.pilots.partnership.case.appraisal import Appraisal
from woda_lib.pilots.partnership.case.errors import CaseError
from woda_lib.pilots.partnership.case.knowing import EVERYTHING, value_of_knowing
from woda_lib.pilots.partnership.case.options import Options
from woda_lib.records import Value, say_amount, say_interval

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


def inputs_in_words(appraisal: Appraisal) -> pd.DataFrame:
    """Return every uncertain input of the sums.

    Returns
    -------
    DataFrame
        Texts: ``input, estimate, between, unit, source``. Money is in the prices of the case,
        whatever year it was given in.
    """
    table = appraisal.programme.inputs.table
    rows = []
    for row in table[table["low"] < table["high"]].to_dict("records"):
        unit = row["unit"]
        estimate, low, high = (_said(row[column], unit) for column in ("estimate", "low", "high"))
        named, between = _first_capital(row["called"]), f"{low} to {high}"
        rows.append((named, estimate, between, _counted_in(unit), row["source"]))
    return pd.DataFrame(rows, columns=["input", "estimate", "between", "unit", "source"])


def _counted_in(unit: str) -> str:
    """What an input is counted in, without a year's prices: "pounds a move", "of the salary"."""
    counted, _, of = unit.partition(", ")
    return of if counted == SHARE else counted  # per cent stand with the number


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
        Texts: ``input``; ``estimate`` and ``covers_costs`` (its value where costs are just
        covered) with their ``unit``; ``change`` from the one to the other; ``within_limits`` (yes
        or no); and ``chance`` that it lies there or beyond.
    """
    table = appraisal.switching.dropna(subset=["switching_value"])
    # What is planned as 1 is a share of the plan, and cannot be less than nothing.
    table = table[~(table["input"].isin(appraisal.options.counts) & (table["switching_value"] < 0))]
    table = table.join(appraisal.proposal.inputs.table.set_index("name")["unit"], on="input")
    return pd.DataFrame(
        {
            "input": _in_words(table["input"], appraisal),
            "estimate": [*map(_said, table["estimate"], table["unit"])],
            "covers_costs": [*map(_said, table["switching_value"], table["unit"])],
            "unit": [*map(_counted_in, table["unit"])],
            "change": [
                f"{say_number(abs(each), 0)}% {'more' if each > 0 else 'less'}"
                for each in table["change"]
            ],
            "within_limits": table["within_limits"].map({True: "yes", False: "no"}),
            "chance": [f"{say_number(each, 0)}%" for each in table["chance"]],
        }
    ).reset_index(drop=True)


def knowing_in_words(appraisal: Appraisal) -> pd.DataFrame:
    """Return what is worth knowing, in pounds rounded to hundreds: ``input, worth_knowing``."""
    table = value_of_knowing(appraisal)
    worth = table["worth_knowing"].round(-2).astype(int)
    kept = (worth > 0) | (table["input"] == EVERYTHING)
    named = _in_words(table["input"], appraisal)
    return pd.DataFrame({"input": named, "worth_knowing": worth})[kept].reset_index(drop=True)


def _in_words(names: pd.Series, appraisal: Appraisal) -> list[str]:
    """What people call some inputs; `EVERYTHING` is none."""
    called = appraisal.programme.inputs.table.set_index("name")["called"]
    return [_first_capital(called.get(name, name)) for name in names]


def _first_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _said(value: float, unit: str) -> str:
    """A number in three digits, or whole: 2.85, 48.3, 46,000; a share as a percentage."""
    percent = unit.startswith(SHARE)
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
