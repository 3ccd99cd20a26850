"""The cases: a row an incident that stands, with its couple, and what is in doubt about it.

**Entered twice.** Two incidents are one event where the same couple, in whatever roles, was in both
within some hours, and not at two different addresses. What police heard first counts; the others
name it in `duplicate_of`.

**Roles in doubt.** Nothing is corrected. `roles_doubtful` says that somebody should look, because

- as many or more of the couple's entries name them the other way round as this way round;
- what the perpetrator is to the victim, and the victim to the perpetrator, cannot both be right;
- a parent would be younger than the child;
- one person is recorded on both sides; or
- the couple has no other incident, the one recorded as victim is otherwise recorded only as
  perpetrator, of other people, and the one recorded as perpetrator is not.

Sex alone raises no doubt. Most recorded victims of partners are women, and a rule that doubted
every other couple would make men who are harmed, and same-sex couples, harder to see. Neither do
ticks of DASH: they are asked of whoever was taken to be the victim.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.pilots.domestic_abuse.ages import whole_years
from woda_lib.pilots.domestic_abuse.errors import require_columns
from woda_lib.pilots.domestic_abuse.roles import OTHER_SIDE, one_of, standing

AGES = [0, 16, 18, 25, 35, 45, 55, 65, 130]
AGE_BANDS = [
    "under 16", "16 to 17", "18 to 24", "25 to 34", "35 to 44", "45 to 54", "55 to 64",
    "65 and over",
]  # fmt: skip
DOUBTS = {
    "other_way_round": "Other entries name the couple the other way round",
    "relationships_differ": "What each is to the other cannot both be right",
    "parent_younger": "A parent would be younger than the child",
    "one_person": "One person is recorded on both sides",
    "otherwise_perpetrator": "The victim is otherwise recorded only as perpetrator",
}
"""Why roles are in doubt."""

CASE_COLUMNS = [
    "incident_id", "occurred_at", "reported_at", "crime_type", "victim", "perpetrator",
    "relationship", "duplicate_of", "children", "children_present", "district",
    "deprivation_quintile", "address_id", "dash_ticks", "dash_risk", "professional_judgement",
    "reported_by", "outcome", "victim_confidence", "perpetrator_confidence", "roles_doubtful",
    "victim_age_band", "victim_sex",
]  # fmt: skip
_AS_DELIVERED = [
    "occurred_at", "reported_at", "crime_type", "children_present", "district",
    "deprivation_quintile", "dash_answers", "dash_risk", "professional_judgement", "reported_by",
    "outcome",
]  # fmt: skip


def case_table(
    incidents: pd.DataFrame,
    roles: pd.DataFrame,
    persons: pd.DataFrame,
    places: pd.DataFrame,
    *,
    duplicate_hours: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cases, and why the roles of some are in doubt.

    Parameters
    ----------
    incidents
        The newest delivery of each of `police_incidents`.
    roles
        From `roles.incident_people`.
    persons
        `id, date_of_birth, sex`: police's records, from `people.records`.
    places
        `dataset, row_id, address_id`, from `places.place_table`.
    duplicate_hours
        How far apart two entries of one event may say that it happened.

    Returns
    -------
    cases : DataFrame
        `CASE_COLUMNS`, in the order of `reported_at`. `relationship` is what the perpetrator is to
        the victim. Where police have not described somebody, or their row was refused, the number
        stands for the person: that it is the same in two incidents is known all the same.
    doubts : DataFrame
        `incident_id, doubt`: a row a reason, one of `DOUBTS`.

    Raises
    ------
    DomesticAbuseError
        If a table lacks a column.
    """
    require_columns(incidents, _AS_DELIVERED, table="police_incidents")
    found = standing(incidents).set_index("incident_id")[_AS_DELIVERED]
    victims, perpetrators = (one_of(roles, role) for role in ("victim", "perpetrator"))
    victims, perpetrators = victims.reindex(found.index), perpetrators.reindex(found.index)
    own_side = victims["relationship"].map(OTHER_SIDE)
    here = places[places["dataset"] == "police_incidents"].set_index("row_id")["address_id"]
    children = roles[roles["role"] == "child"]
    counted = children.groupby("incident_id")["nominal_id"].nunique()
    several = children.dropna(subset=["entity_id"]).groupby("incident_id")["entity_id"].nunique()
    described = persons.set_index("id")[["date_of_birth", "sex"]]
    victim, perpetrator = (
        described.reindex(each["nominal_id"]).set_axis(found.index)
        for each in (victims, perpetrators)
    )
    cases = found.assign(
        victim=_who(victims),
        perpetrator=_who(perpetrators),
        relationship=perpetrators["relationship"].fillna(own_side),
        victim_confidence=victims["confidence"],
        perpetrator_confidence=perpetrators["confidence"],
        address_id=here.reindex(found.index),
        children=several.reindex(found.index).fillna(counted.reindex(found.index)).fillna(0),
        dash_ticks=found["dash_answers"].str.count("Y").astype("Int64"),
        victim_age_band=_age_band(victim["date_of_birth"], found["occurred_at"]),
        victim_sex=victim["sex"],
    ).reset_index()
    cases = cases.sort_values(["reported_at", "incident_id"], ignore_index=True)
    cases["duplicate_of"] = entered_before(cases, hours=duplicate_hours)
    sides = pd.DataFrame(
        {
            "of_victim": victims["relationship"],
            "of_perpetrator": perpetrators["relationship"],
            "victim_born": victim["date_of_birth"],
            "perpetrator_born": perpetrator["date_of_birth"],
        }
    ).reindex(cases["incident_id"])
    doubts = _doubts(cases, sides.reset_index(drop=True))
    cases["roles_doubtful"] = cases["incident_id"].isin(doubts["incident_id"])
    return cases[CASE_COLUMNS].astype({"children": "int64"}), doubts


def _who(side: pd.DataFrame) -> pd.Series:
    """Return the person of each row of `roles.one_of`, or the number where nobody was matched."""
    return side["entity_id"].fillna(side["nominal_id"])


def entered_before(cases: pd.DataFrame, *, hours: float) -> pd.Series:
    """Return, for each case that was entered before, the first entry of the same event.

    Parameters
    ----------
    cases
        `incident_id, occurred_at, reported_at, victim, perpetrator, address_id`, one index value a
        row. A case whose couple is not known is nobody's duplicate.
    hours
        How far apart two entries may say that it happened.
    """
    one, other = _couple(cases)
    known = cases.assign(one=one, other=other).dropna(subset=["one", "other"])
    known = known.sort_values(["reported_at", "incident_id"])
    known["place"] = np.arange(len(known))  # the smaller, the earlier it was heard
    columns = ["one", "other", "occurred_at", "address_id", "place"]
    pairs = known[columns].merge(known[columns], on=["one", "other"], suffixes=("", "_too"))
    apart = (pairs["occurred_at"] - pairs["occurred_at_too"]).abs()
    elsewhere = (pairs["address_id"] != pairs["address_id_too"]).fillna(False).astype(bool)
    pairs = pairs[(apart <= pd.Timedelta(hours=hours)) & ~elsewhere]
    first = known["place"].to_numpy(copy=True)
    left, right = pairs["place"].to_numpy(), pairs["place_too"].to_numpy()
    while (first[left] > first[right]).any():  # as far as an event goes from entry to entry
        np.minimum.at(first, left, first[right])
    copies = first != known["place"].to_numpy()
    names = known["incident_id"].to_numpy(dtype=object)
    found = pd.Series(names[first], index=known.index, dtype="string")[copies]
    return found.reindex(cases.index)


def _doubts(cases: pd.DataFrame, sides: pd.DataFrame) -> pd.DataFrame:
    found = {
        "other_way_round": _other_way_round(cases),
        "relationships_differ": (
            sides["of_perpetrator"].notna()
            & sides["of_victim"].notna()
            & (sides["of_perpetrator"] != sides["of_victim"].map(OTHER_SIDE))
        ),
        "parent_younger": _parent_younger(cases, sides),
        "one_person": (cases["victim"] == cases["perpetrator"]).fillna(False),
        "otherwise_perpetrator": _otherwise_perpetrator(cases),
    }
    parts = [
        cases.loc[holds.to_numpy(dtype=bool), ["incident_id"]].assign(doubt=name)
        for name, holds in found.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _other_way_round(cases: pd.DataFrame) -> pd.Series:
    """Whether as many or more of the couple's entries name them the other way round."""
    one, other = _couple(cases)
    way = (cases["victim"] == one).fillna(False)
    entries = pd.Series(1, index=cases.index)
    this = entries.groupby([one, other, way]).transform("sum")
    that = entries.groupby([one, other]).transform("sum") - this
    return that >= this


def _parent_younger(cases: pd.DataFrame, sides: pd.DataFrame) -> pd.Series:
    parent, child = (cases["relationship"].eq(name).fillna(False) for name in ("parent", "child"))
    after = sides["perpetrator_born"] > sides["victim_born"]
    before = sides["perpetrator_born"] < sides["victim_born"]
    return (parent & after) | (child & before)


def _otherwise_perpetrator(cases: pd.DataFrame) -> pd.Series:
    """Whether a couple's only event has its sides as nobody else's event has them."""
    events = cases[cases["duplicate_of"].isna() & (cases["victim"] != cases["perpetrator"])]
    events = events.dropna(subset=["victim", "perpetrator"])
    one, other = _couple(events)
    alone = pd.Series(1, index=events.index).groupby([one, other]).transform("sum") == 1
    harmed, harming = (events[side].value_counts() for side in ("victim", "perpetrator"))
    victim_harmed = events["victim"].map(harmed)
    victim_harming = events["victim"].map(harming).fillna(0)
    other_harming = events["perpetrator"].map(harming)
    odd = alone & victim_harmed.eq(1) & victim_harming.ge(1) & other_harming.eq(1)
    return odd.reindex(cases.index, fill_value=False)


def _couple(cases: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The two people of each case in the order of their names, whatever their roles."""
    sides = cases[["victim", "perpetrator"]].astype(object)
    known = sides.notna().all(axis=1)
    turned = (sides["victim"] > sides["perpetrator"]).where(known, False).to_numpy(dtype=bool)
    one = sides["victim"].mask(turned, sides["perpetrator"])
    other = sides["perpetrator"].mask(turned, sides["victim"])
    return one.where(known), other.where(known)


def _age_band(born: pd.Series, on: pd.Series) -> pd.Series:
    bands = pd.cut(whole_years(born, on), AGES, right=False, labels=AGE_BANDS)
    return bands.astype("string")
