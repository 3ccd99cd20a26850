"""A caseworker's desk: pages kept by district, and the panel in which decisions are made."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

import pandas as pd

from woda_lib.notebook import Run
from woda_lib.partners.audit import account
from woda_lib.pilots.complex_dependencies.overrides import (
    Named,
    OverridePanel,
    Read,
    named_of,
    read_decisions,
)
from woda_lib.pilots.complex_dependencies.permission import Permission
from woda_lib.pilots.complex_dependencies.review import (
    Listing,
    card_page,
    cards,
    links_of,
    newest_of,
    review_page,
)
from woda_lib.pilots.single_view.planning.families import households_on, members_on
from woda_lib.settings import in_a_run


class Background:
    """What is known of households beside features: where they live, and how sure that is.

    It is asked for only where a list is made. Each table is cut down to the households of the list
    as soon as it is loaded; of the others only the district is kept.

    Parameters
    ----------
    load
        From the name of a table of the single view's build to the table.
    told_of_homes
        Partners' rows of homes: `uprn, started_on`; one at a time.
    listed
        The households that pages tell of; see `review.who_is_told_of`.
    on
        The day of the list.
    sure
        Probability below which a link is doubtful.

    Attributes
    ----------
    homes, links, newest
        Of the households of the list, for `review.make_list`.
    districts : Series
        Of every household of the day.
    """

    def __init__(
        self,
        load: Callable[[str], pd.DataFrame],
        told_of_homes: Iterable[pd.DataFrame],
        listed: Collection[str],
        *,
        on: date,
        sure: float,
    ) -> None:
        persons, spans, places = load("persons"), load("households"), load("properties")
        everybody = members_on(load("members"), persons, on)
        there = households_on(spans, everybody, places, on)
        self.districts = there.set_index("household_id")["district"]
        members, there, spans = (
            table.loc[table["household_id"].isin(listed)] for table in (everybody, there, spans)
        )
        entities = set(members["entity_id"])
        self._persons = persons.loc[persons["entity_id"].isin(entities)]
        self._members = members
        lines = places.drop_duplicates("uprn").astype({"uprn": object})
        lines = lines.loc[lines["uprn"].isin(there["uprn"]), ["uprn", "address", "postcode"]]
        del persons, everybody, places
        at = there[["household_id", "uprn", "district"]].merge(lines, on="uprn", how="left")
        self.homes = at.set_index("household_id")
        records = _of(entities, load("records"))
        self.links = links_of(members, records, load("doubts"), sure=sure)
        dated = [
            _of_members(_of(entities, load("involvements")), members),
            *(_of_homes(rows, there, spans) for rows in told_of_homes),
        ]
        self.newest = newest_of(pd.concat(dated, ignore_index=True), as_of=on)

    def grouped(self, spine: pd.DataFrame, scored: pd.DataFrame) -> pd.DataFrame:
        """Return the groups and the district of the households that have a score.

        Parameters
        ----------
        spine
            `household_id, index_date` and the groups.
        scored
            `household_id, index_date` of the day of the list.
        """
        own = scored[["household_id", "index_date"]].merge(spine, how="left")
        return own.merge(self.districts, left_on="household_id", right_index=True, how="left")

    def named(self, households: Collection[str]) -> Named:
        """Return what remarks about some households of the list may not hold."""
        theirs = self._members["household_id"].isin(households)
        people = self._persons["entity_id"].isin(self._members.loc[theirs, "entity_id"])
        return named_of(self._persons.loc[people], self.homes.reindex(list(households)))

    def names_somebody(self, household: str, remark: str) -> bool:
        """Whether a remark may name somebody; of a household that is not listed any may."""
        if household not in self.homes.index:
            return True
        return self.named([household]).names_somebody(remark)


def say_no_list(run: Run, name: str, caption: str) -> None:
    """Show, in the place of what would tell of a list, that none was made."""
    said = pd.DataFrame({"list": ["No list was made."]})
    run.show(said, name=name, caption=caption, counts=())


def keep_pages(
    run: Run,
    listing: Listing,
    permission: Permission,
    *,
    decided: Mapping[str, str],
    horizon_months: int,
) -> list[str]:
    """Keep a page for each district, encrypted; a caseworker opens that of their own.

    Returns
    -------
    list of str
        What the pages are called: ``list_redditch``.
    """
    both = pd.concat([listing.households["district"], listing.rule_only["district"]])
    kept = []
    for district in sorted(both.dropna().astype(str).unique()):
        page = review_page(
            listing,
            agreement=run.pilot.agreement,
            purpose=run.step.purpose,
            horizon_months=horizon_months,
            notes=permission.notes,
            decided=decided,
            synthetic=run.synthetic,
            district=district,
            forbidden=permission.reasons,
        )
        name = "list_" + re.sub(r"[^a-z0-9]+", "_", district.lower()).strip("_")
        run.save_document(name, page)
        kept.append(name)
    return kept


def decide(
    run: Run,
    listing: Listing,
    permission: Permission,
    named: Named,
    *,
    decided: Mapping[str, str],
    horizon_months: int,
) -> OverridePanel | None:
    """Open the panel of whoever is at the desk; nothing in a run, or where no list is allowed."""
    if in_a_run() or not permission.allowed:
        return None
    both = pd.concat([listing.households, listing.rule_only], ignore_index=True)
    told = {card["household_id"]: card for card in cards(listing, both, decided=decided)}
    by = account()
    return OverridePanel(
        list(told),
        lambda household: card_page(
            told[household], months=horizon_months, synthetic=run.synthetic
        ),
        path=run.decision_file(by),
        list_of=listing.as_of,
        by=by,
        named=named,
        record=lambda detail: run.note_decision("listed", detail=detail),
    )


def what_was_decided(run: Run, background: Background | None) -> Read:
    """Return what caseworkers decided; a remark that may name somebody is withheld.

    A panel refuses such a remark. A spreadsheet does not. Without a list there are no names to hold
    a remark to, and each is withheld.
    """

    def names_somebody(household: str, remark: str) -> bool:
        return background is None or background.names_somebody(household, remark)

    return read_decisions(run.decision_files(), names_somebody=names_somebody)


def _of(entities: Collection[str], rows: pd.DataFrame) -> pd.DataFrame:
    return rows.loc[rows["entity_id"].isin(entities)]


def _of_homes(rows: pd.DataFrame, there: pd.DataFrame, households: pd.DataFrame) -> pd.DataFrame:
    """When something was noted of each household's home, since it lives there."""
    since = households.groupby("household_id", observed=True)["starts"].max()
    since.index = since.index.astype(object)
    at = there[["household_id", "uprn"]].astype(object)
    noted = rows[["uprn", "started_on"]].astype({"uprn": object}).merge(at, on="uprn")
    noted = noted.loc[noted["started_on"].ge(noted["household_id"].map(since))]
    return noted[["household_id", "started_on"]].set_axis(["household_id", "on"], axis=1)


def _of_members(involvements: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """When rows of each household's members began and ended: `household_id, on`."""
    home = members.set_index("entity_id")["household_id"]
    of = involvements["entity_id"].astype(object).map(home)
    dated = pd.concat(
        [pd.DataFrame({"household_id": of, "on": involvements[name]})
         for name in ("started_on", "ended_on")]
    )  # fmt: skip
    return dated.dropna()
