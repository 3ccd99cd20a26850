"""The tables and the forest of sub-groups, all ways of cutting the people on one page."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from woda_lib.evaluation import InterruptedTimeSeries, SubgroupEffects, forest
from woda_lib.figures import Picture
from woda_lib.phrases import say_number, say_p, say_range


def subgroup_table(groups: Mapping[str, SubgroupEffects]) -> pd.DataFrame:
    """Return a row a group: its change, and how it differs from the rest.

    Returns
    -------
    DataFrame
        `by, group, change, interval, from_the_rest, its_interval, adjusted_p`; a group that is not
        estimated stands as "too few".
    """
    rows = []
    for name, found in groups.items():
        for row in found.table.to_dict("records"):
            rows.append(
                (
                    name,
                    row["group"],
                    say_number(row["estimate"]),
                    say_range(row["low"], row["high"]),
                    say_number(row["differs"]),
                    say_range(row["differs_low"], row["differs_high"]),
                    say_p(row["adjusted_p"]),
                )
            )
        rows += [(name, group, "too few", "", "", "", "") for group in found.refused]
    columns = ["by", "group", "change", "interval", "from_the_rest", "its_interval", "adjusted_p"]
    return pd.DataFrame(rows, columns=columns)


def subgroup_finding(groups: Mapping[str, SubgroupEffects]) -> str:
    """Say in a clause whether any group, however people are cut, differs from the rest."""
    differing = [f"{group} ({name})" for name, one in groups.items() for group in one.differing]
    number = sum(len(one.table) for one in groups.values())
    if not differing:
        return f"none of {number} groups differs from the rest beyond chance"
    verb = "differs" if len(differing) == 1 else "differ"
    return f"of {number} groups {', '.join(differing)} {verb} from the rest beyond chance"


def subgroup_forest(
    groups: Mapping[str, SubgroupEffects], result: InterruptedTimeSeries
) -> Picture:
    """Draw every group's change under that of everybody."""
    everybody = ("Everybody", result.estimate, result.low, result.high, "primary")
    rows = [
        (_label(name, row["group"]), row["estimate"], row["low"], row["high"], "other model")
        for name, found in groups.items()
        for row in found.table.to_dict("records")
    ]
    columns = ["method", "estimate", "low", "high", "kind"]
    return forest(pd.DataFrame([everybody, *rows], columns=columns), measure="Change in days")


def _label(name: str, group: str) -> str:
    """A group's name alone where it says what it is a group of."""
    if name == "age":
        return f"Age {group}"
    if name == "deprivation":
        return f"Deprivation {group}"
    return group[:1].upper() + group[1:]
