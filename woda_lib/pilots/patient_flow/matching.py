"""Which council referral belongs to which hospital stay: one person, and the right dates.

A referral that a hospital sends belongs to a stay when both are the same person's and the referral
came while the person was there, give or take a few days: councils sometimes hear before a planned
admission, and sometimes write a referral up after the person has gone. Of several such stays one is
chosen, in this order:

1. a stay at the trust that the council works with, before one elsewhere;
2. the stay whose admission lies nearest to the referral;
3. the stay at the site that the referral names.

Each referral goes to one stay at most; a stay may have several referrals, of which the first is
marked. Referrals that go to none keep their row, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from woda_lib.pilots.patient_flow.errors import require_columns

PAIRINGS: Mapping[str, str] = {
    "county_council": "worcestershire_acute",
    "severnside_council": "severnside_acute",
}
"""Which trust each council works with."""

MATCH_COLUMNS = [
    "partner",
    "referral_id",
    "client_id",
    "received_on",
    "entity_id",
    "hospital",
    "spell_id",
    "patient_id",
    "admission_date",
    "days_apart",
    "match_kind",
    "first_for_spell",
    "unmatched_because",
]
REFERRAL = ["partner", "referral_id"]


def match_referrals_to_spells(
    referrals: pd.DataFrame,
    spells: pd.DataFrame,
    person_links: pd.DataFrame,
    *,
    window_before_days: int,
    window_after_days: int,
    pairings: Mapping[str, str] = PAIRINGS,
) -> pd.DataFrame:
    """Find the hospital stay of each referral.

    Parameters
    ----------
    referrals
        `partner` (the council), `referral_id, client_id, received_on, source, site`.
    spells
        `partner` (the trust), `spell_id, patient_id, admission_date, discharge_date, site`.
    person_links
        Who is whom: `partner, local_id, entity_id`, one row a client or patient. Two records with
        one `entity_id` are one person.
    window_before_days, window_after_days
        How long before admission, and after discharge, a referral may have been received.
    pairings
        The trust that each council works with.

    Returns
    -------
    DataFrame
        One row a referral, in the order given: `partner, referral_id, client_id, received_on,
        entity_id`; of the stay `hospital, spell_id, patient_id, admission_date`; `days_apart` (from
        admission to referral, negative before it); `match_kind` (paired_trust or other_trust);
        `first_for_spell`; and `unmatched_because` (community_referral, no_person_link or
        no_stay_at_that_date).

    Raises
    ------
    MissingColumnsError
        If a table lacks a column.
    """
    require_columns(
        referrals,
        ["partner", "referral_id", "client_id", "received_on", "source", "site"],
        table="referrals",
    )
    require_columns(
        spells,
        ["partner", "spell_id", "patient_id", "admission_date", "discharge_date", "site"],
        table="hospital stays",
    )
    require_columns(person_links, ["partner", "local_id", "entity_id"], table="person links")

    asked = referrals.merge(
        _entities(person_links, "client_id"), on=["partner", "client_id"], how="left"
    )
    stayed = spells.merge(_entities(person_links, "patient_id"), on=["partner", "patient_id"])
    from_hospital = asked["source"].eq("hospital").fillna(False).astype(bool)
    possible = _possible_stays(
        asked[from_hospital].dropna(subset=["entity_id"]),
        stayed.rename(columns={"partner": "hospital", "site": "spell_site"}),
        before=pd.Timedelta(days=window_before_days),
        after=pd.Timedelta(days=window_after_days),
    )
    matched = asked.merge(_best(possible, pairings), on=REFERRAL, how="left", validate="one_to_one")
    matched["first_for_spell"] = _first_for_spell(matched)
    matched["unmatched_because"] = _reasons(matched, stayed)
    return matched[MATCH_COLUMNS]


def _entities(person_links: pd.DataFrame, as_column: str) -> pd.DataFrame:
    return person_links[["partner", "local_id", "entity_id"]].rename(
        columns={"local_id": as_column}
    )


def _possible_stays(
    asked: pd.DataFrame, stayed: pd.DataFrame, *, before: pd.Timedelta, after: pd.Timedelta
) -> pd.DataFrame:
    """Pair referrals with the same person's stays, as far as the dates allow."""
    stay = ["entity_id", "hospital", "spell_id", "patient_id", "spell_site"]
    pairs = asked[[*REFERRAL, "received_on", "site", "entity_id"]].merge(
        stayed[[*stay, "admission_date", "discharge_date"]], on="entity_id"
    )
    not_too_early = pairs["received_on"] >= pairs["admission_date"] - before
    still_in = pairs["discharge_date"].isna()
    not_too_late = still_in | (pairs["received_on"] <= pairs["discharge_date"] + after)
    pairs = pairs[not_too_early & not_too_late].copy()
    pairs["days_apart"] = (pairs["received_on"] - pairs["admission_date"]).dt.days
    return pairs


def _best(possible: pd.DataFrame, pairings: Mapping[str, str]) -> pd.DataFrame:
    """Of each referral's possible stays take the one that the rules put first."""
    paired = possible["hospital"].eq(possible["partner"].map(pairings)).fillna(False).astype(bool)
    same_site = possible["spell_site"].eq(possible["site"]).fillna(False).astype(bool)
    ranked = possible.assign(
        elsewhere=~paired, distance=possible["days_apart"].abs(), other_site=~same_site
    ).sort_values([*REFERRAL, "elsewhere", "distance", "other_site", "admission_date", "spell_id"])
    best = ranked.drop_duplicates(REFERRAL)
    kinds = best["elsewhere"].map({True: "other_trust", False: "paired_trust"}).astype("string")
    kept = ["hospital", "spell_id", "patient_id", "admission_date", "days_apart"]
    return best[[*REFERRAL, *kept]].assign(
        match_kind=kinds, days_apart=best["days_apart"].astype("Int64")
    )


def _first_for_spell(matched: pd.DataFrame) -> pd.Series:
    """Mark each stay's first referral; a referral without a stay is first for none."""
    first = (
        matched.dropna(subset=["spell_id"])
        .sort_values(["received_on", *REFERRAL])
        .drop_duplicates(["hospital", "spell_id"])
        .index
    )
    return pd.Series(matched.index.isin(first), index=matched.index)


def _reasons(matched: pd.DataFrame, stayed: pd.DataFrame) -> pd.Series:
    """Say why a referral has no stay: the first reason that holds."""
    reasons = pd.Series("no_stay_at_that_date", index=matched.index, dtype="string")
    linked = matched["entity_id"].isin(stayed["entity_id"])
    reasons[~linked] = "no_person_link"
    reasons[~matched["source"].eq("hospital").fillna(False).astype(bool)] = "community_referral"
    return reasons.mask(matched["spell_id"].notna())
