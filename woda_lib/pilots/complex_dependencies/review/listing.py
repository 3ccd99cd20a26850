"""The list for a human to review: which households, and of each what a caseworker must know.

A list holds as many households as caseworkers have the time for. It bears no rank and no score: the
order is that of places and addresses, so that nobody takes a number for a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from woda_lib.pilots.complex_dependencies.errors import ReviewError
from woda_lib.prediction.explanation import Contributions, Likeness, Wording, gaps, reasons

PER = 1000
"""Capacity is given as households of so many."""

LISTS, DOES_NOT, CANNOT_TELL = "lists it", "does not list it", "cannot tell"
"""What the simple rule says of a household at the same capacity."""

KNOWN_BY: Mapping[str, str] = {
    "knows_health": "community health",
    "knows_care": "early help or social care",
    "knows_police": "the police",
    "knows_charity": "a charity",
    "knows_landlord": "a social landlord",
    "knows_fire": "the fire service",
    "knows_benefits": "benefits",
}
"""To each feature the service that it says knows a household."""

HELP: Mapping[str, str] = {
    "early_help_open": "early help",
    "childrens_services_open": "a children’s social worker",
    "mental_health_open": "a mental health team",
    "substance_misuse_open": "treatment for alcohol or drugs",
}
"""To each feature the help that it says is there now."""

FEWEST_LIKES, MOST_LIKES = 100, 400

_LINE = r"^(?:(.*?),\s*(?=\d))?(?:(\d+)[A-Za-z]?\s+)?(.*)$"  # flat, number, street
_STEPS = 250  # of a point of the rule: a police contact; what is less is a lot

LITTLE_KNOWN = 1
"""So many services or fewer know a household that few services know."""


@dataclass(frozen=True)
class Listing:
    """Households to look into, and those that only the simple rule would list.

    Attributes
    ----------
    households : DataFrame
        A row a household that is listed: see `make_list`.
    reasons, gaps : DataFrame
        Of these and of `rule_only`; see `woda_lib.prediction.explanation`.
    rule_only : DataFrame
        The same columns, for households that the rule lists and the model does not.
    scored, at_capacity : int
        How many households have a score, and how many are listed.
    as_of : date
        The day that the scores speak of.
    """

    households: pd.DataFrame
    reasons: pd.DataFrame
    gaps: pd.DataFrame
    rule_only: pd.DataFrame
    scored: int
    at_capacity: int
    as_of: date

    @property
    def expected(self) -> int:
        """Of 1,000 that are listed: how many it comes true of, by those with scores like theirs."""
        return round(float(self.households["in_1000"].mean()))


def make_list(
    scores: pd.DataFrame,
    features: pd.DataFrame,
    contributions: Contributions,
    *,
    homes: pd.DataFrame,
    links: pd.DataFrame,
    newest: pd.Series,
    likeness: Likeness,
    wording: Wording,
    capacity: int,
    as_of: date,
    before: pd.DataFrame | None = None,
) -> Listing:
    """Make the list.

    Parameters
    ----------
    scores
        `household_id, risk, raw, rule` (points of the simple rule), a row a household; without a
        score there is no row.
    features
        What the model was told, the same households in the same order, indexed by `household_id`.
    contributions
        Of the same.
    homes
        Indexed by `household_id`: `uprn, address, postcode, district`; of `who_is_told_of` or more.
    links, newest
        From `certainty`.
    likeness
        By the households whose year is over; of `risk`.
    wording
        The features in words.
    capacity
        Households to be listed of `PER`.
    as_of
        The day that the scores speak of.
    before
        The list before this one, with `household_id`; none, if there was none.

    Returns
    -------
    Listing
        Its households with `household_id, uprn, address, postcode, district`; `in_1000, low, high,
        households, beyond` (what became of those with scores like it); `help` and `known_by` (names
        joined by semicolons), `services` (how many know it; missing, if that is not known),
        `early_help` (open, or missing); `rule` (points) and `rule_says`; `records, doubtful,
        lowest, perhaps_theirs`; `newest_on, newest_days`; `gaps` (how many values are missing) and
        `was_listed` (whether it was on the list before; missing without one). By district, street
        and address.

    Raises
    ------
    ReviewError
        If there is no household with a score, a score is missing, or the tables are not of the same
        households.
    """
    _require(scores, features)
    held = scores.set_index("household_id")
    size = list_size(len(held), capacity)
    top = _first(held, "risk", "raw", size)
    rule = rule_says(held["rule"], size)
    only_rule = rule.eq(LISTS) & ~top
    wanted = top | only_rule
    told = contributions.where(wanted)
    known = features[wanted.to_numpy()]
    missing = gaps(known[told.table.columns], wording)
    shown = pd.DataFrame(index=known.index)
    shown = shown.join(homes[["uprn", "address", "postcode", "district"]])
    shown = shown.join(likeness.around(held.loc[wanted, "risk"])).rename(
        columns={"households": "likes"}
    )
    shown = shown.assign(
        help=_named(known, HELP),
        known_by=_named(known, KNOWN_BY),
        services=_counted(known, KNOWN_BY),
        early_help=known.get("early_help_open", np.nan),
        rule=held.loc[wanted, "rule"],
        rule_says=rule[wanted],
    )
    shown = shown.join(links[["records", "doubtful", "lowest", "perhaps_theirs"]])
    counts = dict.fromkeys(("records", "doubtful", "perhaps_theirs"), 0)
    shown = shown.fillna(counts).astype(dict.fromkeys(counts, int))
    shown["newest_on"] = pd.to_datetime(newest.reindex(shown.index))
    shown["newest_days"] = (pd.Timestamp(as_of) - shown["newest_on"]).dt.days
    gaps_of = missing.groupby("household_id").size()
    shown["gaps"] = gaps_of.reindex(shown.index).fillna(0).astype(int)
    shown["was_listed"] = (
        pd.Series(pd.NA, index=shown.index, dtype="boolean")
        if before is None
        else pd.Series(shown.index.isin(before["household_id"]), index=shown.index).astype(
            "boolean"
        )
    )
    return Listing(
        households=in_order(shown[top[wanted].to_numpy()]),
        reasons=reasons(told, known, wording),
        gaps=missing,
        rule_only=in_order(shown[only_rule[wanted].to_numpy()]),
        scored=len(held),
        at_capacity=size,
        as_of=as_of,
    )


def who_is_told_of(scores: pd.DataFrame, capacity: int) -> list[str]:
    """Return the households that pages tell of: the listed, and those that the rule alone lists.

    Parameters
    ----------
    scores, capacity
        As for `make_list`.
    """
    held = scores.set_index("household_id")
    size = list_size(len(held), capacity)
    told = _first(held, "risk", "raw", size) | rule_says(held["rule"], size).eq(LISTS)
    return list(held.index[told])


def list_size(households: int, capacity: int) -> int:
    """Return how many households a list holds."""
    return max(1, round(capacity / PER * households))


def likes(listed: int) -> int:
    """Return how many households tell what became of those with scores like one.

    Half as many as are listed, so that a household at the head of the list is not told by those at
    its foot; no fewer than `FEWEST_LIKES`, which say too little, and no more than `MOST_LIKES`,
    which are sure enough.
    """
    return min(MOST_LIKES, max(FEWEST_LIKES, listed // 2))


def rule_says(points: pd.Series, size: int) -> pd.Series:
    """Say of each household whether the rule would list it at the same capacity.

    Parameters
    ----------
    points
        From `woda_lib.prediction.training.rule_points`. Of households that are equal at the edge
        of the capacity the rule cannot tell.
    size
        How many households it lists.
    """
    if len(points) <= size:
        return pd.Series(LISTS, index=points.index)
    alike = np.floor(points.to_numpy(float) * _STEPS + 1e-6)
    edge = np.sort(alike)[::-1][size - 1]
    fits = int((alike >= edge).sum()) <= size
    said = np.select(
        [alike > edge, alike == edge], [LISTS, LISTS if fits else CANNOT_TELL], DOES_NOT
    )
    return pd.Series(said, index=points.index, dtype=object)


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Put households in the order of district, street and number; no score plays a part.

    Parameters
    ----------
    table
        With `district, address`, indexed by `household_id`.
    """
    if table.empty:
        return table.reset_index()
    parts = table["address"].fillna("").astype(str).str.extract(_LINE)
    order = table.assign(
        _district=table["district"].astype(object).fillna("\uffff"),
        _street=parts[2].fillna("").to_numpy(),
        _number=pd.to_numeric(parts[1], errors="coerce").fillna(0).to_numpy(),
        _flat=parts[0].fillna("").to_numpy(),
    ).rename_axis("household_id")
    order = order.reset_index().sort_values(
        ["_district", "_street", "_number", "_flat", "household_id"], kind="stable"
    )
    return order[["household_id", *table.columns]].reset_index(drop=True)


def _first(held: pd.DataFrame, score: str, then: str, size: int) -> pd.Series:
    """Whether each is one of the first; of equal scores by the raw one, then by identifier."""
    order = held.assign(_id=held.index).sort_values(
        [score, then, "_id"], ascending=[False, False, True], kind="stable"
    )
    return pd.Series(held.index.isin(order.index[:size]), index=held.index)


def _named(known: pd.DataFrame, names: Mapping[str, str]) -> pd.Series:
    said = pd.Series("", index=known.index, dtype=object)
    for feature, name in names.items():
        if feature in known:
            there = known[feature].gt(0)
            said = said.where(~there, said + np.where(said.eq(""), "", "; ") + name)
    return said


def _counted(known: pd.DataFrame, names: Mapping[str, str]) -> pd.Series:
    """How many say yes; missing where nothing is known of any."""
    there = [name for name in names if name in known]
    return known[there].sum(axis=1, min_count=1)


def _require(scores: pd.DataFrame, features: pd.DataFrame) -> None:
    if scores.empty:
        raise ReviewError(
            "No household has a score on the day of the list. Look at the report of 1_features: a "
            "source may be missing."
        )
    if scores["household_id"].duplicated().any():
        raise ReviewError("A household has two scores. Score one day at a time.")
    if scores[["risk", "raw", "rule"]].isna().any(axis=None):
        raise ReviewError("A score is missing. A household without a score cannot be listed.")
    if not pd.Index(scores["household_id"]).equals(pd.Index(features.index)):
        raise ReviewError("Scores and features are not of the same households in the same order.")
