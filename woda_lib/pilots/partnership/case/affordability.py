"""Who must find the money, year by year: cash that is paid, cash that is released, and the rest.

A benefit that is cost avoided pays no salary. The financial case therefore counts cash alone, by
partner and year, in the prices of one year and not discounted: what goes into budgets.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from woda_lib.pilots.partnership.case.appraisal import Appraisal


def cash_by_year(appraisal: Appraisal, option: str) -> pd.DataFrame:
    """Return the cash that partners must find in each year, after what is released to them.

    Parameters
    ----------
    appraisal
    option

    Returns
    -------
    DataFrame
        A row a partner with cash, those who pay most first, and a last row for all: ``partner``,
        ``year_0``, ``year_1`` … and ``in_all``; pounds, corrected for optimism, not discounted.
        Below nought, more is released to a partner than it pays.
    """
    own = appraisal.flows[(appraisal.flows["option"] == option) & appraisal.flows["cashable"]]
    years = appraisal.programme.flows.factors.shape[1]
    rows = []
    for partner in dict.fromkeys(own["partner"]):
        part = appraisal.part(option, partner=partner, cashable=True)
        assert part is not None  # the partner was taken from these flows
        course = part.years()
        rows.append([partner, *(course["costs"] - course["benefits"])])
    columns = ["partner", *(f"year_{year}" for year in range(years))]
    table = pd.DataFrame(rows, columns=columns)
    table["in_all"] = table[columns[1:]].sum(axis=1)
    table = table.sort_values("in_all", ascending=False, ignore_index=True)
    total = {"partner": "All partners", **table.drop(columns="partner").sum()}
    return pd.concat([table, pd.DataFrame([total])], ignore_index=True)


def cash_in_all(appraisal: Appraisal, kind: Literal["benefit", "cost"]) -> dict[str, float]:
    """Return what budgets would see of the option that is asked for, over all years together.

    Parameters
    ----------
    appraisal
    kind
        Cash that is released, or cash that is paid.

    Returns
    -------
    dict
        ``estimate, low, high`` in pounds, as `cash_by_year` counts them: corrected for optimism and
        not discounted. Nought where there is no such cash.
    """
    part = appraisal.part(appraisal.asked.option, kind=kind, cashable=True)
    if part is None:
        return dict.fromkeys(("estimate", "low", "high"), 0.0)
    name = "yearly_benefits" if kind == "benefit" else "yearly_costs"
    drawn = getattr(part.appraised, name).sum(axis=0)
    low, high = np.quantile(drawn, [(1 - part.level) / 2, (1 + part.level) / 2])
    estimate = float(getattr(part.central, name).sum(axis=0))
    return {"estimate": estimate, "low": float(low), "high": float(high)}


def money_by_kind(appraisal: Appraisal, option: str) -> pd.DataFrame:
    """Return for each partner what it pays and gains, cash apart from what is no cash.

    Returns
    -------
    DataFrame
        ``partner, cash_released, cost_avoided, cash_paid, time_given`` and ``net``, in pounds of
        present value; who gains most first, and a last row for all. Costs are positive.
    """
    flows = appraisal.flows[appraisal.flows["option"] == option]
    worth = appraisal.programme.central.present_values[flows.index]
    kind = np.where(
        flows["kind"] == "benefit",
        np.where(flows["cashable"], "cash_released", "cost_avoided"),
        np.where(flows["cashable"], "cash_paid", "time_given"),
    )
    table = (
        flows.assign(kind=kind, worth=worth)
        .pivot_table(index="partner", columns="kind", values="worth", aggfunc="sum", fill_value=0.0)
        .reindex(
            columns=["cash_released", "cost_avoided", "cash_paid", "time_given"], fill_value=0.0
        )
    )
    table["net"] = (
        table["cash_released"] + table["cost_avoided"] - table["cash_paid"] - table["time_given"]
    )
    table = table.sort_values("net", ascending=False)
    table.loc["All partners"] = table.sum()
    return table.rename_axis(index="partner", columns=None).reset_index()
