"""Who the people on the clocks are: age band, district, deprivation, pathway, and their series.

The hospital says the first three of each stay; the pathway is the first one decided, and there is
none before discharge to assess began. Each is cut so that no month has a handful of people in it.
"""

from __future__ import annotations

import pandas as pd

from woda_lib.evaluation import (
    DurationError,
    mature_months,
    monthly_restricted_mean,
    restricted_mean_by,
)
from woda_lib.partners import LAST_NOTICE_DAY
from woda_lib.pilots.patient_flow.clock import SPELL
from woda_lib.pilots.patient_flow.errors import require_columns

TRUSTS = {"worcestershire_acute": "worcestershire", "severnside_acute": "severnside"}
"""Each trust's column in the series that are compared."""

DISTRICTS = {
    "Bromsgrove": "Bromsgrove and Redditch",
    "Redditch": "Bromsgrove and Redditch",
    "Evesham": "Evesham and Malvern",
    "Malvern": "Evesham and Malvern",
    "Kidderminster": "Kidderminster",
    "Worcester": "Worcester",
}
"""Small districts stand with a neighbour, so that a month is a mean over more than a handful."""

FEWEST = 10
"""People whom a month of a group must have in both places."""

ELSEWHERE = "outside the county"
NOT_RECORDED = "not recorded"

_AGES = {
    "under 18": "under 75",
    "18 to 64": "under 75",
    "65 to 74": "under 75",
    "75 to 84": "75 to 84",
    "85 and over": "85 and over",
}
_FIFTHS = {1: "1, most deprived", 2: "2", 3: "3", 4: "4", 5: "5, least deprived"}


def with_attributes(
    clocks: pd.DataFrame, spells: pd.DataFrame, events: pd.DataFrame
) -> pd.DataFrame:
    """Give each clock what is known of its person.

    Parameters
    ----------
    clocks
        From `discharge_clock`.
    spells
        Hospital stays: `partner, spell_id, age_band, district, deprivation_quintile`.
    events
        Discharge events: `partner, spell_id, event_type, event_date, pathway`.

    Returns
    -------
    DataFrame
        The clocks with `age_band` (three), `district` (of the county, small ones
        together, or elsewhere), `deprivation`
        (five) and `pathway` ("pathway 0" to "pathway 3"; none before July 2022).
    """
    known = ["age_band", "district", "deprivation_quintile"]
    require_columns(spells, ["partner", "spell_id", *known], table="hospital stays")
    require_columns(
        events,
        ["partner", "spell_id", "event_type", "event_date", "pathway"],
        table="discharge events",
    )
    stays = spells.rename(columns={"partner": "hospital"})[[*SPELL, *known]]
    decided = events[events["event_type"].eq("pathway_decision") & events["pathway"].notna()]
    first = decided.sort_values("event_date", kind="stable").drop_duplicates(
        ["partner", "spell_id"]
    )
    first = first.rename(columns={"partner": "hospital"})[[*SPELL, "pathway"]]
    joined = clocks.merge(stays, on=SPELL, how="left", validate="one_to_one")
    joined = joined.merge(first, on=SPELL, how="left", validate="one_to_one")
    home = joined["district"].map(DISTRICTS).fillna(ELSEWHERE)
    return joined.assign(
        age_band=joined["age_band"].map(_AGES).fillna(NOT_RECORDED),
        district=home.mask(joined["district"].isna(), NOT_RECORDED),
        deprivation=joined["deprivation_quintile"].map(_FIFTHS).fillna(NOT_RECORDED),
        pathway=("pathway " + joined["pathway"].astype("Int64").astype("string")).fillna(""),
    ).drop(columns="deprivation_quintile")


def paired_series(clocks: pd.DataFrame, *, horizon: float, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return both trusts' restricted mean by month, beside each other.

    Returns
    -------
    DataFrame
        A row a mature month: `month, worcestershire, severnside`, in days.
    """
    months = monthly_restricted_mean(
        clocks,
        started_on="started_on",
        duration="days",
        observed="observed",
        horizon=horizon,
        as_of=as_of,
        by=["hospital"],
    )
    wide = months.pivot(index="month", columns="hospital", values="restricted_mean")
    return wide.rename(columns=TRUSTS)[list(TRUSTS.values())].reset_index().rename_axis(columns="")


def series_by_group(
    clocks: pd.DataFrame, *, by: str, horizon: float, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Return the monthly restricted mean of each group, beside the same group's in Severnside.

    A district of one county has no like in the other: beside it stands all of Severnside.

    Parameters
    ----------
    clocks
        From `with_attributes`.
    by
        `age_band`, `district`, `deprivation` or `pathway`.

    Returns
    -------
    DataFrame
        A row a mature month and group: `group, month, worcestershire, severnside, people` (of the
        smaller of the two, since a mean is only as sure as the smaller one). A month in which a
        group has fewer than ten people in either place, or too few of them were followed, is
        left out.
    """
    followed = clocks[clocks[by] != ""]
    if by == "pathway":
        began = LAST_NOTICE_DAY + pd.Timedelta(days=1)
        followed = followed[(followed["started_on"] >= began) & (followed[by] != "pathway 0")]
    months = followed["started_on"].dt.to_period("M").dt.to_timestamp()
    followed = followed[mature_months(months, as_of=as_of, horizon=horizon)]
    here = _monthly(followed, "worcestershire_acute", [by], horizon)
    there = _monthly(followed, "severnside_acute", [] if by == "district" else [by], horizon)
    shared = ["month"] if by == "district" else ["month", by]
    both = here.merge(there, on=shared, suffixes=("", "_there"))
    return pd.DataFrame(
        {
            "group": both[by],
            "month": both["month"],
            "worcestershire": both["restricted_mean"],
            "severnside": both["restricted_mean_there"],
            "people": both[["people", "people_there"]].min(axis=1),
        }
    )


def _monthly(clocks: pd.DataFrame, hospital: str, by: list[str], horizon: float) -> pd.DataFrame:
    """The restricted mean of each month and group that has one.

    A group that lacks a month is refused later on, whole and in words: nothing is patched here.
    """
    own = clocks[clocks["hospital"] == hospital]
    month = own["started_on"].dt.to_period("M").dt.to_timestamp().rename("month")
    rows = []
    for key, people in own.groupby([month, *by]):
        if len(people) < FEWEST:
            continue
        try:
            found = restricted_mean_by(
                people, duration="days", observed="observed", horizon=horizon
            )
        except DurationError:  # too many of so few were lost from sight
            continue
        rows.append((*key, len(people), found["restricted_mean"].iloc[0]))
    return pd.DataFrame(rows, columns=["month", *by, "people", "restricted_mean"])
