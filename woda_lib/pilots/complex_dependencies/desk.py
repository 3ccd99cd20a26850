"""A caseworker's desk: pages kept by district, and the panel in which decisions are made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
from woda_lib.pilots.complex_dependencies.review import (
    Listing,
    card_page,
    cards,
    links_of,
    newest_of,
    review_page,
)
from woda_lib.pilots.complex_dependencies.scoring import Permission
from woda_lib.pilots.single_view.planning.families import households_on, members_on
from woda_lib.settings import in_a_run

TABLES = (
    "records", "doubts", "persons", "households", "members", "properties", "involvements",
)  # fmt: skip
"""What the build of the single view saved and a list needs."""


class Background:
    """What is known of households beside features: where they live, and how sure that is.

    Parameters
    ----------
    tables
        The build's, by the names of `TABLES`.
    told_of_homes
        Partners' rows of homes: `uprn, started_on`.
    on
        The day of the list.
    sure
        Probability below which a link is doubtful.

    Attributes
    ----------
    homes, links, newest
        For `review.make_list`.
    """

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        told_of_homes: Iterable[pd.DataFrame] = (),
        *,
        on: date,
        sure: float,
    ) -> None:
        members = members_on(tables["members"], tables["persons"], on)
        places = tables["properties"].drop_duplicates("uprn").astype({"uprn": object})
        there = households_on(tables["households"], members, tables["properties"], on)
        lines = places[["uprn", "address", "postcode"]]
        at = there[["household_id", "uprn", "district"]].merge(lines, on="uprn", how="left")
        self.homes = at.set_index("household_id")
        self.links = links_of(members, tables["records"], tables["doubts"], sure=sure)
        dated = [
            _of_members(tables["involvements"], members),
            *(_of_homes(rows, there, tables["households"]) for rows in told_of_homes),
        ]
        self.newest = newest_of(pd.concat(dated, ignore_index=True), as_of=on)
        self._members, self._persons = members, tables["persons"]

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
        return own.merge(
            self.homes["district"], left_on="household_id", right_index=True, how="left"
        )

    def named(self, households: pd.Series) -> Named:
        """Return what remarks about some households may not hold."""
        theirs = self._members["household_id"].isin(households)
        people = self._persons["entity_id"].isin(self._members.loc[theirs, "entity_id"])
        return named_of(self._persons.loc[people], self.homes.reindex(households))


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
            example_only=permission.example,
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


def what_was_decided(run: Run, background: Background) -> Read:
    """Return what caseworkers decided; a remark that may name somebody is withheld.

    A panel refuses such a remark. A spreadsheet does not.
    """

    def names_somebody(household: str, remark: str) -> bool:
        return background.named(pd.Series([household])).names_somebody(remark)

    return read_decisions(run.decision_files(), names_somebody=names_somebody)


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
