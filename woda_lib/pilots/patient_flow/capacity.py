"""How many care packages, community beds and care-home places the pathways out of hospital need.

What the partners send says who came, on which pathway, and how long each waited in hospital. It
does not say how long a package or a bed is kept afterwards: that is a planning assumption, and
stands in the parameter file with its range.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from woda_lib.evaluation import PlacesNeeded, places_needed
from woda_lib.evaluation.capacity.picture import ROW, draw_shares
from woda_lib.figures import Picture
from woda_lib.pilots.patient_flow.clock import DISCHARGE_TO_ASSESS, SPELL
from woda_lib.pilots.patient_flow.errors import require_columns

PATHWAYS = {1: "care packages", 2: "community beds", 3: "care-home places"}
"""What a person on each pathway waits for. Pathway 0 goes home and waits for no place."""

_FOLLOWED = pd.Timedelta(days=90)


def decisions(clocks: pd.DataFrame, events: pd.DataFrame, *, hospital: str) -> pd.DataFrame:
    """List a trust's pathway decisions since discharge to assess began: one row a stay.

    Parameters
    ----------
    clocks
        From `discharge_clock`.
    events
        `partner` (the trust), `spell_id, event_type, event_date, pathway`.
    hospital
        The trust.

    Returns
    -------
    DataFrame
        `spell_id, decided_on, pathway` (the last one decided; missing where it was not written
        down), `days` waited, `ended_by`.

    Raises
    ------
    MissingColumnsError
        If a table lacks a column.
    """
    require_columns(clocks, [*SPELL, "regime", "started_on", "days", "ended_by"], table="clocks")
    told = ["partner", "spell_id", "event_type", "event_date", "pathway"]
    require_columns(events, told, table="discharge events")
    own = clocks[(clocks["hospital"] == hospital) & (clocks["regime"] == DISCHARGE_TO_ASSESS.name)]
    decided = events[(events["partner"] == hospital) & events["pathway"].notna()]
    last = decided.sort_values("event_date", kind="stable").drop_duplicates("spell_id", keep="last")
    table = own.merge(last[["spell_id", "pathway"]], on="spell_id", how="left")
    table = table.rename(columns={"started_on": "decided_on"})
    return table[["spell_id", "decided_on", "pathway", "days", "ended_by"]]


def known_share(decided: pd.DataFrame, matched: pd.DataFrame, *, council: str) -> float:
    """Return the share of a council's hospital referrals whose pathway is known.

    The rest, without a match or without a written decision, need places too: demand is divided by
    this share.

    Parameters
    ----------
    decided
        From `decisions`, for the council's trust.
    matched
        From `match_referrals_to_spells`.
    council
        The partner that received the referrals.
    """
    first = decided["decided_on"].min()
    sent = matched[
        (matched["partner"] == council)
        & (matched["unmatched_because"].fillna("") != "community_referral")
        & (matched["spell_id"].isna() | matched["first_for_spell"])
        & (matched["received_on"] >= first)
    ]
    return min(float(decided["pathway"].notna().sum()) / len(sent), 1.0)


def observed_waits(
    decided: pd.DataFrame, *, since: pd.Timestamp, until: pd.Timestamp, within: int
) -> pd.DataFrame:
    """Describe the waits of those who left hospital, by pathway.

    Parameters
    ----------
    decided
        From `decisions`.
    since, until
        First day that counts, and the last day of the data. The last 90 days are left out, of
        which only the short waits have ended.
    within
        Days.

    Returns
    -------
    DataFrame
        `pathway, people, mean_wait, median_wait, in_time_percent`.
    """
    left = decided[
        decided["decided_on"].between(since, until - _FOLLOWED)
        & decided["pathway"].notna()
        & (decided["ended_by"] == "discharged")
    ]
    in_time = (left["days"] <= within).groupby(left["pathway"]).mean()
    waits = left.groupby("pathway")["days"].agg(["size", "mean", "median"])
    return (
        waits.set_axis(["people", "mean_wait", "median_wait"], axis=1)
        .assign(in_time_percent=100 * in_time)
        .rename_axis("pathway")
        .reset_index()
        .astype({"pathway": "int64"})
    )


def plan_places(
    decided: pd.DataFrame,
    *,
    until: pd.Timestamp,
    service_days: Mapping[int, float],
    growth: Mapping[int, float],
    known: float,
    within: Mapping[int, float],
    share: float,
    service_uncertainty: float,
    horizon: int,
    warm_up: int,
    replications: int,
    seed: int,
    draws: int = 60,
) -> dict[int, PlacesNeeded]:
    """Find the smallest number of places for each pathway that has places.

    Parameters
    ----------
    decided
        From `decisions`.
    until
        The last day of the data.
    service_days, growth, within
        By pathway: days for which a place is kept, change in demand as a share, longest wait.
    known
        From `known_share`.
    share, service_uncertainty, horizon, warm_up, replications, seed, draws
        As `evaluation.places_needed` takes them.

    Returns
    -------
    dict
        Pathway to its result.
    """
    return {
        pathway: places_needed(
            decided[decided["pathway"] == pathway],
            time="decided_on",
            until=until,
            service_days=service_days[pathway],
            growth=(1 + growth[pathway]) / known - 1,
            within=within[pathway],
            share=share,
            service_uncertainty=service_uncertainty,
            horizon=horizon,
            warm_up=warm_up,
            replications=replications,
            draws=draws,
            unit=unit,
            seed=seed + pathway,
        )
        for pathway, unit in PATHWAYS.items()
    }


def places_table(plans: Mapping[int, PlacesNeeded]) -> pd.DataFrame:
    """Put the numbers of places that were tried in one table: `pathway, places, …`."""
    tables = []
    for pathway, found in plans.items():
        shown = found.table.assign(pathway=f"{pathway}: {PATHWAYS[pathway]}")
        for name in ("share_within", "share_low", "share_high", "years_met", "occupancy"):
            shown[name.replace("share_within", "in_time") + "_percent"] = 100 * shown[name]
        shown["smallest"] = shown["smallest"].map({True: "yes", False: ""})
        tables.append(shown)
    columns = ["pathway", "places", "in_time_percent", "share_low_percent", "share_high_percent"]
    columns += ["years_met_percent", "mean_wait", "waiting", "occupancy_percent", "smallest"]
    return pd.concat(tables, ignore_index=True)[columns]


def places_picture(plans: Mapping[int, PlacesNeeded]) -> Picture:
    """Draw, for each pathway, the share of people in time by the number of places."""
    tables = [found.table.assign(pathway=str(pathway)) for pathway, found in plans.items()]
    panels = {f"Pathway {pathway}": found for pathway, found in plans.items()}

    def draw(figure: Figure, narrow: bool, _: pd.DataFrame) -> None:
        draw_shares(panels, figure, narrow)

    return Picture(draw=draw, data=pd.concat(tables, ignore_index=True), height=ROW * len(plans))


def explained_waits(
    observed: pd.DataFrame, today: Mapping[int, PlacesNeeded], *, within: float
) -> pd.DataFrame:
    """Set observed waits beside those of a queue that has today's median wait.

    Parameters
    ----------
    observed
        From `observed_waits`.
    today
        From `plan_places`, asked for half of people within the observed median wait.
    within
        Days; the share in time is compared at them.

    Returns
    -------
    DataFrame
        `pathway, places` that give that median, and mean wait and share in time, observed and
        simulated.
    """
    rows = []
    for pathway, found in today.items():
        seen = observed[observed["pathway"] == pathway].iloc[0]
        at = found.table[found.table["smallest"]].iloc[0]
        rows.append(
            {
                "pathway": f"{pathway}: {PATHWAYS[pathway]}",
                "places": found.estimate,
                "median_observed": seen["median_wait"],
                "mean_observed": seen["mean_wait"],
                "mean_simulated": at["mean_wait"],
                "in_time_observed_percent": seen["in_time_percent"],
                "in_time_simulated_percent": 100 * found.share_in_time(within),
            }
        )
    return pd.DataFrame(rows)


def checked_in_simpy(plans: Mapping[int, PlacesNeeded]) -> pd.DataFrame:
    """Run the places needed again in SimPy: `pathway, year, people, mean_wait, …`."""
    return pd.concat(
        [found.in_simpy().assign(pathway=PATHWAYS[pathway]) for pathway, found in plans.items()],
        ignore_index=True,
    )[["pathway", "year", "people", "mean_wait", "largest_difference"]]
