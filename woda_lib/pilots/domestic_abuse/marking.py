"""The lists marked against the planted truth, and each error explained (synthetic only).

An error is explained by what, put right alone, puts it right: the links, the roles, the events that
were entered twice, what two people are to each other, or the rows that were refused at the door.
What no single one of them puts right needs several at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from woda_lib.linkage.quality import wilson
from woda_lib.pilots.domestic_abuse.repeats import repeat_victims, serial_perpetrators
from woda_lib.pilots.domestic_abuse.roles import POLICE, one_of

EXPLAINED_BY = {
    "links": "by the links",
    "roles": "by roles the wrong way round",
    "twice": "by an event entered twice",
    "relationship": "by what they are to each other, which nobody wrote down",
    "refused": "by a row that was refused",
    "several": "by several of these at once",
}
LISTS: dict[str, tuple[Callable[[pd.DataFrame, date, int], pd.DataFrame], str]] = {
    "Repeat victims": (repeat_victims, "victim"),
    "Serial perpetrators": (serial_perpetrators, "perpetrator"),
}
SIDES = ("victim", "perpetrator")


@dataclass(frozen=True)
class Marked:
    """One list beside the truth.

    Attributes
    ----------
    found, wrong, missed : set of int
        People of the list, of these those who do not belong, and who should be there and is not.
    why : dict of int to str
        What explains each who is wrong or missed; one of `EXPLAINED_BY`.
    listed : int
        Entries of the list: one person may stand in it twice.
    """

    found: set[int]
    wrong: set[int]
    missed: set[int]
    why: dict[int, str]
    listed: int


class Marker:
    """The cases, and what is true of them.

    Parameters
    ----------
    cases, roles
        From `cases.case_table` and `roles.incident_people`.
    people
        From `people.people_table`.
    persons
        The truth of people: `dataset, local_id, person_id`.
    incidents
        The truth of incidents: ``da_incidents`` of `woda_lib.synthetic.known_truth`.
    """

    def __init__(
        self,
        cases: pd.DataFrame,
        roles: pd.DataFrame,
        people: pd.DataFrame,
        persons: pd.DataFrame,
        incidents: pd.DataFrame,
    ) -> None:
        police = people[people["dataset"] == POLICE]
        known = persons[persons["dataset"] == POLICE].set_index("local_id")["person_id"]
        numbers = roles["nominal_id"].drop_duplicates()
        bare = numbers[~numbers.isin(police["local_id"])]
        # Whom police have not described goes by the number in the cases.
        own = pd.concat(
            [police[["local_id", "entity_id"]], pd.DataFrame({"local_id": bare, "entity_id": bare})]
        )
        own = own.assign(person=own["local_id"].map(known)).dropna(subset=["person"])
        counted = own.groupby(["entity_id", "person"]).size().rename("records").reset_index()
        counted = counted.sort_values(["records", "person"], ascending=[False, True])
        self._person_of = counted.drop_duplicates("entity_id").set_index("entity_id")["person"]
        entity_of = counted.drop_duplicates("person").set_index("person")["entity_id"]
        self._truth = incidents[~incidents["withdrawn"]].drop(columns="withdrawn")
        self._cases = cases
        right = self._truth.set_index("incident_id").reindex(cases["incident_id"])
        turned = right["roles_swapped"].eq(True).to_numpy(dtype=bool)
        refused = self._truth[~self._truth["incident_id"].isin(cases["incident_id"])]
        refused = refused.assign(**{side: refused[side].map(entity_of) for side in SIDES})
        self._righted = {
            "links": cases.assign(**{side: _linked(cases, roles, side, known) for side in SIDES}),
            "roles": cases.assign(
                **{
                    side: cases[side].mask(turned, cases[other])
                    for side, other in zip(SIDES, reversed(SIDES), strict=True)
                }
            ),
            "twice": cases.assign(duplicate_of=right["duplicate_of"].to_numpy(dtype=object)),
            "relationship": cases.assign(relationship=right["relationship"].to_numpy(dtype=object)),
            "refused": _one_under_the_other(cases, refused),
        }

    def mark(self, name: str, as_of: date, months: int) -> Marked:
        """Mark one of `LISTS`."""
        make, side = LISTS[name]
        listed = make(self._cases, as_of, months)[side]
        found = self._people(listed)
        true = set(make(self._truth, as_of, months)[side].astype(int))
        wrong, missed = found - true, true - found
        why = dict.fromkeys(wrong | missed, "several")
        for reason, cases in self._righted.items():
            again = make(cases, as_of, months)[side]
            righted = set(again.astype(int)) if reason == "links" else self._people(again)
            for person in wrong | missed:
                if why[person] == "several" and (person in righted) == (person in true):
                    why[person] = reason
        return Marked(found, wrong, missed, why, len(listed))

    def _people(self, listed: pd.Series) -> set[int]:
        """Return whose records most of each entity's are."""
        return set(listed.map(self._person_of).dropna().astype(int))


def _linked(cases: pd.DataFrame, roles: pd.DataFrame, side: str, known: pd.Series) -> pd.Series:
    """The person who truly is behind the record that an incident names."""
    number = one_of(roles, side)["nominal_id"].reindex(cases["incident_id"])
    return number.map(known).set_axis(cases.index)


def _one_under_the_other(cases: pd.DataFrame, refused: pd.DataFrame) -> pd.DataFrame:
    """Put refused incidents under the cases, with what the lists read."""
    columns = ["incident_id", "victim", "perpetrator", "relationship", "duplicate_of"]
    both = pd.concat([part[columns].astype(object) for part in (cases, refused)])
    return both.assign(occurred_at=pd.concat([cases["occurred_at"], refused["occurred_at"]]))


def lists_table(
    cases: pd.DataFrame, marker: Marker | None, as_of: date, *, months: Mapping[str, int]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mark the lists, or say how long they are where nobody knows the truth.

    Parameters
    ----------
    cases
        From `cases.case_table`.
    marker
        None where the truth is not known.
    as_of
        The last day that counts.
    months
        How far each of `LISTS` looks back.

    Returns
    -------
    marks : DataFrame
        `list, measure, percent, low, high, number`: precision and recall of so many, with Wilson's
        interval; without truth only how many people are listed.
    errors : DataFrame
        `list, explained, wrongly_listed, missed`, a row a reason.
    """
    marks, errors = [], []
    for name, (make, _) in LISTS.items():
        if marker is None:
            listed = len(make(cases, as_of, months[name]))
            marks.append({"list": name, "measure": "people listed", "number": listed})
            continue
        marked = marker.mark(name, as_of, months[name])
        right = len(marked.found) - len(marked.wrong)
        for measure, of in (("precision", marked.listed), ("recall", right + len(marked.missed))):
            low, high = wilson(right, of)
            share = 100 * right / of if of else float("nan")
            row = {"list": name, "measure": measure, "percent": share, "low": 100 * low}
            marks.append({**row, "high": 100 * high, "number": of})
        for reason, says in EXPLAINED_BY.items():
            counts = [
                sum(marked.why[person] == reason for person in people)
                for people in (marked.wrong, marked.missed)
            ]
            row = {"list": name, "explained": says}
            errors.append({**row, "wrongly_listed": counts[0], "missed": counts[1]})
    columns = ["list", "measure", "percent", "low", "high", "number"]
    explained = ["list", "explained", "wrongly_listed", "missed"]
    return pd.DataFrame(marks, columns=columns), pd.DataFrame(errors, columns=explained)


def headline(marks: pd.DataFrame) -> str:
    """Return the answer's text: on the links, and on the lists where these could be marked."""
    if marks["percent"].isna().all():
        return """Of the links between the agencies' records, {linkage_precision} are right, as far
        as the model can tell. How many it missed nobody knows."""
    return """Of the links between the agencies' records, {linkage_precision} are right, and of the
    true ones {linkage_recall} were found.

    The list of repeat victims is right in {repeat_victims_precision:value} of its entries and holds
    {repeat_victims_recall:value} of those who belong on it; for that of serial perpetrators these
    are {serial_perpetrators_precision:value} and {serial_perpetrators_recall:value}."""
