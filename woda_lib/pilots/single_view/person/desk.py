"""A worker's desk: the store opened once, and pages of people made from it, each on the record."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from html import escape

import pandas as pd

from woda_lib.notebook import Run
from woda_lib.partners import OPENED
from woda_lib.pilots.single_view.person.dossier import dossier_of
from woda_lib.pilots.single_view.person.home import name_of
from woda_lib.pilots.single_view.person.numbers import PartnersNumbers
from woda_lib.pilots.single_view.person.page import person_page
from woda_lib.pilots.single_view.person.panel import Hit, LookUpPanel
from woda_lib.pilots.single_view.person.reasons import Evidence, kept_evidence
from woda_lib.pilots.single_view.person.words import as_day, plain, say_day, text_of
from woda_lib.pilots.single_view.store import Store, open_store
from woda_lib.settings import in_a_run

HITS = 8
"""So many people a search offers at most."""


class Desk:
    """What look-ups are made from.

    Parameters
    ----------
    run : Run
    timeline_years : int
        How far back a page's timeline goes.
    evidence : Evidence, optional
        What compares records again; by default what the build kept.

    Attributes
    ----------
    store : Store
    numbers : PartnersNumbers
    """

    def __init__(self, run: Run, *, timeline_years: int, evidence: Evidence | None = None) -> None:
        self.store: Store = open_store(run)
        self.numbers = PartnersNumbers(run)
        self._run, self._years = run, timeline_years
        self._evidence = evidence or kept_evidence(run)

    def page(self, entity_id: str, *, then: date, reason: str, opened: str = OPENED) -> str:
        """Return a person's page as HTML; that it is made is on the record first.

        Parameters
        ----------
        entity_id
            Whom; never a name.
        then
            The day of the second household.
        reason
            What for, in a sentence that names nobody.
        opened
            See `page.person_page`.

        Raises
        ------
        NotInTheStore, NotebookError, AgreementError
            As `Store.look_up`.
        """
        now = self.store.look_up(entity_id, reason=reason)
        before = self.store.look_up(entity_id, reason=reason, on=then)
        dossier = dossier_of(
            now,
            before,
            self._properties,
            numbers=self.numbers.of(now.records),
            beside=self.numbers.beside(now.involvements),
            evidence=self._evidence,
        )
        return person_page(
            dossier,
            agreement=self._run.pilot.agreement,
            purpose=self._run.step.purpose,
            timeline_years=self._years,
            synthetic=self._run.synthetic,
            opened=opened,
        )

    def panel(self, *, then: date) -> LookUpPanel | None:
        """Return the panel in which people are looked up; nothing in a scheduled run."""
        if in_a_run():
            return None
        return LookUpPanel(
            self.search,
            self._shown,
            purpose=self._run.step.purpose,
            agreement=self._run.pilot.agreement,
            then=then,
        )

    @cached_property
    def _properties(self) -> pd.DataFrame:
        return self.store.properties()

    def search(self, wanted: dict[str, str], reason: str) -> list[Hit]:
        """Return who is found by what is known of somebody; that is on the record first."""
        found = self.store.search(" ".join(wanted.values()), reason=reason, limit=HITS)
        return [_hit(row) for row in found.to_dict("records")]

    def _shown(self, entity_id: str, then: date, reason: str) -> str:
        return self.page(entity_id, then=then, reason=reason, opened=self._banner(reason))

    def _banner(self, reason: str) -> str:
        """Say on a page that is shown at once what one that is opened says of itself."""
        return (
            '<section class="woda-opened" role="note" aria-label="Why this page is shown">'
            f"<strong>Shown to you on {say_day(datetime.now())} for "
            f"{escape(plain(self._run.step.purpose))}.</strong> Reason: {escape(reason.strip())} "
            "It is on the audit log. Do not copy or print more of it than the reason needs."
            "</section>"
        )


def _hit(row: dict) -> Hit:
    born = as_day(row["date_of_birth"])
    said = f"born {say_day(born)}" if born else "birth date not known"
    where = ", ".join(filter(None, (text_of(row["address"]), text_of(row["postcode"]))))
    return Hit(row["entity_id"], f"{name_of(row)}, {said}", where, text_of(row["reason"]))
