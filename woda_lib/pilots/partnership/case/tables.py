"""The case's tables, in people's words and units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from woda_lib.pilots.partnership.case.appraisal import Appraisal
from woda_lib.pilots.partnership.case.knowing import EVERYTHING, value_of_knowing
from woda_lib.pilots.partnership.case.options import Options
from woda_lib.records import say_amount, say_interval

if TYPE_CHECKING:
    from woda_lib.notebook import Run

_BESIDE = (
    ("Days saved, a person", "patient_flow/days_saved", "reported/days_saved"),
    (
        "Worth a month, at average cost",
        "patient_flow/cost_avoided_per_month",
        "reported/cost_avoided_per_month",
    ),
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
        ``what, measured, interval, stands_in, reported``: the measured figure to the digits of its
        release, and where it stands.
    """
    rows = []
    for what, measured, reported in _BESIDE:
        ours, theirs = run.cite(measured), run.cite(reported)
        table = run.citations.set_index("figure")
        rows.append(
            (
                what,
                say_amount(ours),
                say_interval(ours),
                table.loc[measured, "source"],
                say_amount(theirs),
            )
        )
    return pd.DataFrame(rows, columns=["what", "measured", "interval", "stands_in", "reported"])


def inputs_in_words(appraisal: Appraisal) -> pd.DataFrame:
    """Return every uncertain input of the sums: ``input, estimate, low, high, source``."""
    table = appraisal.programme.inputs.table
    shown = table[table["low"] < table["high"]]
    return pd.DataFrame(
        {
            "input": _named(shown["name"]),
            **{column: shown[column].round(2) for column in ("estimate", "low", "high")},
            "source": shown["source"],
        }
    ).reset_index(drop=True)


def switching_in_words(appraisal: Appraisal) -> pd.DataFrame:
    """Return the inputs that can turn the answer alone, the nearest first.

    Returns
    -------
    DataFrame
        ``input, estimate, covers_costs`` (its value where costs are just covered), ``change`` (%),
        ``within_limits`` (yes or no) and ``chance`` (%, that it lies there or beyond).
    """
    table = appraisal.switching.dropna(subset=["switching_value"])
    # What is planned as 1 can only be said as a share of the plan, and never be less than nothing.
    table = table[~(table["input"].isin(appraisal.options.counts) & (table["switching_value"] < 0))]
    return pd.DataFrame(
        {
            "input": _named(table["input"]),
            "estimate": table["estimate"].round(2),
            "covers_costs": table["switching_value"].round(2),
            "change": table["change"].round(0),
            "within_limits": table["within_limits"].map({True: "yes", False: "no"}),
            "chance": table["chance"].round(0),
        }
    ).reset_index(drop=True)


def knowing_in_words(appraisal: Appraisal) -> pd.DataFrame:
    """Return what is worth knowing, in whole pounds: ``input, worth_knowing``."""
    table = value_of_knowing(appraisal).round({"worth_knowing": -2})
    kept = (table["worth_knowing"] > 0) | (table["input"] == EVERYTHING)
    return table[kept].assign(input=_named(table["input"])).reset_index(drop=True)


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with pounds rounded to thousands; ratios and chances keep their digits."""
    digits = dict.fromkeys(table.select_dtypes("number").columns, -3)
    digits |= {column: 2 for column in table.columns if column.startswith("ratio")}
    digits |= {column: 0 for column in ("covered", "best") if column in table}
    if "ratio" in table and "ratio_low" not in table:
        digits |= {"low": 2, "high": 2}  # of the ratio, where the table has one interval
    return table.round(digits)


def _named(names: pd.Series) -> pd.Series:
    return names.str.replace("_", " ").str.capitalize()
