"""The flows of every option in one table: what it brings beyond the baseline, and what it costs.

An option brings what would not be there if nobody decided anything. Of a benefit *under way* that
is the share which the option keeps in a year, less the share that would be left anyway. A benefit
*to come* comes whole where the option sees it through, with what it costs, and not at all
elsewhere. All options stand in one table, so that they are worked out over the same draws.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from woda_lib.pilots.partnership.case.costs import Costs
from woda_lib.pilots.partnership.case.errors import CaseError
from woda_lib.pilots.partnership.case.options import COSTS_COUNT, COUNTS, Option, Options
from woda_lib.records import nearest

OFFICE = "the office"
"""What stands in place of a pilot where the office itself costs something."""
TOGETHER = "Partners' time, not dealt out"
"""Who bears what is no cash: those who supply data, and nobody by a share of the money."""
_POSTS = re.compile(r"\bposts\b")
COLUMNS = (
    *("flow", "option", "pilot", "line", "formula", "kind", "partner", "cashable"),
    *("first_year", "last_year", "grade"),
)


def option_flows(
    benefits: pd.DataFrame,
    costs: Costs,
    options: Options,
    *,
    years: int,
    partners: Mapping[str, str],
) -> pd.DataFrame:
    """Return the flows of every option.

    Parameters
    ----------
    benefits
        The register's flows: ``flow, pilot, formula, kind, partner, cashable, first_year,
        last_year, grade``; benefits, and what pilots cost their partners.
    costs, options
    years
        How many years are looked at; year 0 is the first.
    partners
        By partner the title that the register's flows use.

    Returns
    -------
    DataFrame
        `COLUMNS`, for `evaluation.monte_carlo_benefit`: ``flow`` is unique, ``line`` is its name
        within the option. The office's own costs in cash have a row a partner
        who contributes; time, which follows no share of the money, has one row of `TOGETHER`.

    Raises
    ------
    CaseError
        If a pilot of the register is neither under way nor to come, or a cost or a contribution
        names what is not known.
    """
    _require_known(benefits, costs, options, partners)
    last = years - 1
    rows = [
        row
        for option in options.options
        for row in (
            *_of_pilots(benefits, option, options, last=last),
            *_of_the_office(costs, option, last=last, partners=partners),
        )
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_pilots(
    benefits: pd.DataFrame, option: Option, options: Options, *, last: int
) -> Iterator[dict[str, Any]]:
    for row in benefits[benefits["first_year"] <= last].to_dict("records"):
        pilot = row["pilot"]
        if pilot in options.to_come:
            if pilot not in option.sees_through:
                continue
            share = f"{pilot}{COUNTS}"
        else:
            share = f"{pilot}{COUNTS} * (({option.keeps}) - ({options.baseline.keeps}))"
        yield {
            **{str(column): value for column, value in row.items()},
            "flow": f"{option.option}: {row['flow']}",
            "line": row["flow"],
            "option": option.option,
            "formula": f"({row['formula']}) * {share}",
            "last_year": min(row["last_year"], last),
        }


def _of_the_office(
    costs: Costs, option: Option, *, last: int, partners: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    for cost in costs.costs:
        if option.option not in cost.options:
            continue
        formula = _POSTS.sub(f"({option.posts})", cost.formula)
        first_year, last_year = cost.years(last if option.goes_on else 0)
        shares = costs.contributions if cost.cash else {TOGETHER: "1"}
        for partner, share in shares.items():
            yield {
                "flow": f"{option.option}: {cost.cost}, {partner}",
                "option": option.option,
                "pilot": OFFICE,
                "line": cost.cost,
                "formula": f"({formula}) * {share} * {COSTS_COUNT}",
                "kind": "cost",
                "partner": partners.get(partner, partner),
                "cashable": cost.cash,
                "first_year": first_year,
                "last_year": last_year,
                "grade": cost.grade,
            }


def _require_known(
    benefits: pd.DataFrame, costs: Costs, options: Options, partners: Mapping[str, str]
) -> None:
    pilots = (*options.under_way, *options.to_come)
    if unknown := [pilot for pilot in benefits["pilot"] if pilot not in pilots]:
        raise CaseError(
            f"benefits.yaml counts a benefit of {unknown[0]}, and options.yaml does not say what "
            "becomes of it. Write it under under_way, if it fades without upkeep, or under to_come."
        )
    names = [option.option for option in options.options]
    for cost in costs.costs:
        for name in cost.options:
            if name not in names:
                raise CaseError(
                    f"costs.yaml: {cost.cost} is borne by the option {name!r}, which options.yaml "
                    f"does not have. {nearest(name, names)}"
                )
    for partner in costs.contributions:
        if partner not in partners:
            raise CaseError(
                f"costs.yaml: contributions: {partner!r} is no partner of benefits.yaml. "
                f"{nearest(partner, partners)}"
            )
