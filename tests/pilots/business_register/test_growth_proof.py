"""Ten made-up registers: how often the intervals hold what was planted, and what bias does."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from tests.pilots.business_register.conftest import made_register, marked

PAGE = Path(__file__).parents[3] / "docs" / "business_register_proof.md"
SEEDS = range(1, 11)
NAIVE = "The same after 5 years, counted from birth"
ALL_SEEN = "Companies born in the year to March 2025"
"""Counted, not estimated: an interval of nought, which misses who began and ended unseen."""
CHANCE, BOUNDS = "Scale-ups, %, with its interval", "Scale-ups, %, with bounds"


@cache
def measured(growers_share: float) -> pd.DataFrame:
    """Mean of planted and found over the registers, and in what share the interval holds it."""
    runs = pd.concat(
        [marked(made_register(seed, growers_share=growers_share)).reset_index() for seed in SEEDS]
    )
    runs["held"] = 100.0 * (runs["recovered"] == "yes")
    runs["width"] = runs["high"] - runs["low"]
    means = runs.groupby("measure", sort=False)[["planted", "found", "width", "held"]].mean()
    return means.rename(columns={"held": "held_percent"})


@pytest.mark.prove
def test_intervals_hold_what_was_planted() -> None:
    found = measured(0.5)
    right = found.drop(index=[NAIVE, ALL_SEEN])
    # Fewer than seven of ten has a chance of one in a thousand where it should be 95%.
    assert (right["held_percent"] >= 70).all()
    assert found.loc[ALL_SEEN, "found"] == pytest.approx(found.loc[ALL_SEEN, "planted"], rel=0.01)
    assert found.loc[NAIVE, "held_percent"] == 0


@pytest.mark.prove
def test_bounds_hold_where_those_who_grow_share_more_and_intervals_do_not() -> None:
    found = measured(0.9)
    assert found.loc[CHANCE, "held_percent"] < 50
    assert found.loc[BOUNDS, "held_percent"] == 100


@pytest.mark.prove
def test_the_page_is_written() -> None:
    by_chance, by_choice = measured(0.5), measured(0.9).loc[[CHANCE, BOUNDS]]
    PAGE.write_text(
        "# What the business register finds of what was planted\n\n"
        f"{len(SEEDS)} made-up registers of 16,000 enterprises since 1999, read as the notebook "
        "reads them: companies in monthly snapshots of the last year, ratepayers with those that "
        "have ended, and half of all that share their workforce, a tenth of years missing, three "
        "in ten as bands. Means over the registers, the mean width of the interval, and in what "
        "percentage of registers it holds what was planted. Companies born in the last year are "
        "counted, not estimated. Written by "
        "`tests/pilots/business_register/test_growth_proof.py`.\n\n"
        f"{_as_markdown(by_chance)}\n\n"
        "## Where those that grow share more\n\n"
        "The same, where nine in ten of those that grow fast share their workforce, and half of "
        "the rest. The interval is of chance alone and misses it; the bounds hold.\n\n"
        f"{_as_markdown(by_choice)}\n",
        encoding="utf-8",
    )
    assert PAGE.read_text(encoding="utf-8").count("\n|") > 20


def _as_markdown(table: pd.DataFrame) -> str:
    rows = table.round(1).reset_index()
    lines = ["| " + " | ".join(name.replace("_", " ") for name in rows) + " |"]
    lines.append("|---" + "|---:" * (rows.shape[1] - 1) + "|")
    for row in rows.to_numpy(dtype=object):
        lines.append("| " + " | ".join(str(cell) for cell in row) + " |")
    return "\n".join(lines)
