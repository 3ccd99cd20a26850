"""Orders that bind somebody on a card: in force, ended lately, breached, and whom they protect.

An order names whom it protects and gives no number. It protects this card's victim if some agency
knows the victim by that very name; with half of the name it may, and the card says that it is
unsure; a different name is somebody else.
"""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.domestic_abuse.errors import require_columns

PROTECTIVE = ("restraining_order", "non_molestation_order", "protection_order")
"""Orders that are made to protect somebody; the others bind whoever they protect."""

_ORDER = [
    "entity_id",
    "confidence",
    "kind",
    "protects_forename",
    "protects_surname",
    "starts_on",
    "ends_on",
    "breached_on",
]


def orders_of(
    tonight: pd.DataFrame,
    orders: pd.DataFrame,
    names: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    ended_days: int,
) -> pd.DataFrame:
    """Find the orders that bind a card's perpetrator or victim.

    Parameters
    ----------
    tonight
        `incident_id, victim, perpetrator`.
    orders
        Rows of probation_orders with `entity_id, confidence` of whom each binds.
    names
        `entity_id, forename, surname`: every name under which an agency knows somebody.
    as_of
        The day of the pack.
    ended_days
        An order that ended no longer ago is shown.

    Returns
    -------
    DataFrame
        `incident_id, role` (of whom it binds), `person, kind, state` (in_force, ended_lately or
        not_begun), `starts_on, ends_on, breached_on, protects` (the name, or missing),
        `protects_victim` (yes, no or unsure), `confidence`; those in force first.

    Raises
    ------
    DomesticAbuseError
        If a table lacks a column.
    """
    require_columns(orders, _ORDER, table="orders")
    people = tonight.melt(
        ["incident_id"], ["perpetrator", "victim"], var_name="role", value_name="entity_id"
    ).dropna()
    found = people.merge(orders[_ORDER], on="entity_id")
    ended = found["ends_on"] < as_of
    found["state"] = "in_force"
    found.loc[found["starts_on"] > as_of, "state"] = "not_begun"
    found.loc[ended, "state"] = "ended_lately"
    found = found[~ended | (found["ends_on"] >= as_of - pd.Timedelta(days=ended_days))]
    whom = found["incident_id"].map(tonight.set_index("incident_id")["victim"])
    found = found.assign(
        protects=_whole_name(found["protects_forename"], found["protects_surname"]),
        protects_victim=_protects(found, whom, names),
    )
    order = {"in_force": 0, "not_begun": 1, "ended_lately": 2}
    found["rank"] = found["state"].map(order)
    found = found.sort_values(["incident_id", "rank", "role", "starts_on", "kind"])
    columns = ["incident_id", "role", "entity_id", "kind", "state", "starts_on", "ends_on"]
    columns += ["breached_on", "protects", "protects_victim", "confidence"]
    return found[columns].rename(columns={"entity_id": "person"}).reset_index(drop=True)


def _protects(found: pd.DataFrame, victims: pd.Series, names: pd.DataFrame) -> pd.Series:
    """Whether each order protects its card's victim."""
    forename, surname = _letters(found["protects_forename"]), _letters(found["protects_surname"])
    known = names.assign(
        known_forename=_letters(names["forename"]), known_surname=_letters(names["surname"])
    )[["entity_id", "known_forename", "known_surname"]].drop_duplicates()
    asked = pd.DataFrame(
        {"row": found.index, "entity_id": victims, "forename": forename, "surname": surname}
    )
    pairs = asked.merge(known, on="entity_id")
    same_forename = pairs["forename"].eq(pairs["known_forename"]) & pairs["forename"].ne("")
    same_surname = pairs["surname"].eq(pairs["known_surname"]) & pairs["surname"].ne("")
    initial = pairs["forename"].str[:1].eq(pairs["known_forename"].str[:1])
    half = same_forename | (same_surname & (pairs["forename"].eq("") | initial))
    whole, part = (
        found.index.isin(pairs.loc[chosen, "row"])
        for chosen in (same_forename & same_surname, half)
    )
    # A man who is told to keep away from his victim is not told so for his own protection.
    binds_victim = found["role"].eq("victim")
    nameless = forename.eq("") & surname.eq("")
    unsaid = nameless & found["kind"].isin(PROTECTIVE)
    answer = pd.Series("no", index=found.index)
    answer[unsaid | part] = "unsure"
    answer[whole] = "yes"
    answer[binds_victim] = "no"
    return answer


def _letters(values: pd.Series) -> pd.Series:
    """A name as it is compared: its letters, in lower case."""
    plain = values.astype("string").str.casefold().str.replace(r"[^\w]|\d|_", "", regex=True)
    return plain.fillna("")


def _whole_name(forenames: pd.Series, surnames: pd.Series) -> pd.Series:
    joined = forenames.astype("string").fillna("") + " " + surnames.astype("string").fillna("")
    stripped = joined.str.strip()
    return stripped.mask(stripped.eq(""))
