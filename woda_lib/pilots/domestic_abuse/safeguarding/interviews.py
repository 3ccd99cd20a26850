"""Whether children were spoken with after they came back, and in time.

Statutory guidance asks a council to offer an independent return interview when a child is found,
and to hold it within 72 hours (Department for Education 2014, *Statutory guidance on children who
run away or go missing from home or care*). In 2023-24 English councils held 63% of completed
interviews within 72 hours on average (Missing People, *The delivery of Return Interviews across
England*); that is of interviews held, where the share here is of all returns.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from woda_lib.evaluation import ProcessChart, process_chart
from woda_lib.figures import Picture
from woda_lib.pilots.domestic_abuse.errors import require_columns

IN_TIME = "held in time"
LATE = "held late"
DECLINED = "offered, declined"
WAITING = "offered, not held"
NOT_OFFERED = "not offered"
STATES = (IN_TIME, LATE, DECLINED, WAITING, NOT_OFFERED)

GROWN_UP = "grown-up, or age not known"
STILL_MISSING = "not found yet"
NOT_DUE = "the hours were not over when the council last delivered"
EXCLUDED = (GROWN_UP, STILL_MISSING, NOT_DUE)
"""Why no interview counts as due."""

FEWEST = 10
"""Fewer interviews than this, in time or not, make no point of a chart."""

SPANS = (1, 3, 6, 12)
"""Months that a point of a chart may stand for."""


def interviews_after(
    episodes: pd.DataFrame, interviews: pd.DataFrame, *, hours: float
) -> pd.DataFrame:
    """Say of each episode what became of its return interview.

    Parameters
    ----------
    episodes
        `missing_id, found_at, child`.
    interviews
        `missing_id, offered_at, held_at, accepted`; of several of one episode the first offer and
        the first that was held count. What lies after the newest of them nobody can know yet.
    hours
        An interview is in time if it was held no longer than this after the child was found.

    Returns
    -------
    DataFrame
        `episodes` in their order, with `interview` (one of `STATES`, or of `EXCLUDED`), `due` and
        `hours_to_interview`.
    """
    require_columns(
        interviews, ["missing_id", "offered_at", "held_at", "accepted"], table="return_interviews"
    )
    span = pd.Timedelta(hours=hours)
    newest = interviews["offered_at"].max()
    first = interviews.sort_values("offered_at", kind="stable").groupby("missing_id")
    held = episodes["missing_id"].map(first["held_at"].min())
    offered = episodes["missing_id"].map(first["offered_at"].min())
    declined = episodes["missing_id"].map(first["accepted"].last()).eq("no")
    took = held - episodes["found_at"]
    state = pd.Series(NOT_OFFERED, index=episodes.index, dtype="string")
    for holds, name in (
        (offered.notna(), WAITING),
        (offered.notna() & declined, DECLINED),
        (held.notna(), LATE),
        (took <= span, IN_TIME),
        (episodes["found_at"] > newest - span, NOT_DUE),
        (episodes["found_at"].isna(), STILL_MISSING),
        (~episodes["child"], GROWN_UP),
    ):
        state = state.mask(holds.fillna(False), name)
    return episodes.assign(
        interview=state,
        due=state.isin(STATES),
        hours_to_interview=took.dt.total_seconds() / 3_600,
    )


def in_time_over_time(episodes: pd.DataFrame) -> pd.DataFrame:
    """Count interviews in time by the time when the child was found, for a process chart.

    Parameters
    ----------
    episodes
        From `interviews_after`.

    Returns
    -------
    DataFrame
        `time, due, in_time`, a row a month; or a row for three, six or twelve months, counted from
        the first, where shorter spans have fewer than ten in time or ten that were not, so that no
        point stands for a handful of children. A last span with fewer is left out.
    """
    due = episodes[episodes["due"]]
    month = due["found_at"].dt.to_period("M")
    first = month.min()
    after = (month.dt.year - first.year) * 12 + month.dt.month - first.month
    for months in SPANS:
        spans = (after // months).rename("span")
        hit = due["interview"].eq(IN_TIME)
        counted = hit.groupby(spans).agg(due="size", in_time="sum").reset_index()
        enough = counted["in_time"].ge(FEWEST) & (counted["due"] - counted["in_time"]).ge(FEWEST)
        if enough.iloc[:-1].all():
            break
    begins = [(first + int(span) * months).to_timestamp() for span in counted["span"]]
    table = counted.assign(time=begins).loc[enough, ["time", "due", "in_time"]]
    return table.astype({"due": "int64", "in_time": "int64"}).reset_index(drop=True)


def in_time_chart(episodes: pd.DataFrame) -> ProcessChart:
    """Put the share of interviews in time on a p chart.

    Parameters
    ----------
    episodes
        From `interviews_after`.
    """
    return process_chart(
        in_time_over_time(episodes),
        value="in_time",
        denominator="due",
        time="time",
        chart="p",
        per=100,
        better="high",
        unit="%",
    )


def in_time_picture(chart: ProcessChart) -> Picture:
    """Draw the chart, and export its shares alone: exact counts of children stay behind."""
    drawn = chart.picture(measure="Returns with an interview in time, %")
    return replace(drawn, data=drawn.data.drop(columns=["cases", "denominator"]))
