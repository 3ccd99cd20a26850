"""Which page a run makes: of whom it was told, or of an example where everybody is made up."""

from __future__ import annotations

import re
from datetime import date

from woda_lib.notebook import Run
from woda_lib.pilots.single_view.person.desk import Desk
from woda_lib.pilots.single_view.person.errors import PersonError
from woda_lib.pilots.single_view.person.tables import example_person
from woda_lib.settings import in_a_run

_IDENTIFIER = re.compile(r"person-[0-9a-f]{16}")
_EXAMPLE = "An example page of a made-up county, where nobody is real"


def make_page(run: Run, desk: Desk, person: str, *, reason: str, then: date) -> str | None:
    """Return the page that a run keeps, or nothing where there is nobody to make one of.

    Parameters
    ----------
    run : Run
    desk : Desk
    person : str
        An identifier. Empty, a made-up county takes the person whom most services know, of the
        household that most services know; a real one makes no page.
    reason : str
        What the page is for, in a sentence that names nobody.
    then : date
        The day of the second household.

    Raises
    ------
    PersonError
        If `person` is no identifier; it is not quoted.
    NotInTheStore, NotebookError, AgreementError
        As `Desk.page`.
    """
    if person and not _IDENTIFIER.fullmatch(person):
        raise PersonError(
            "The parameter person is no identifier (person- and sixteen digits or letters a to f). "
            "Parameters are written in plain text, so that a name must never stand there: search "
            "for the person in JupyterLab, and give the identifier that the page has."
        )
    if not person:
        if not run.synthetic:
            return None
        person, reason = example_person(desk.store, run.as_of), reason or _EXAMPLE
    if in_a_run():  # what a run loaded is in its record, and must not tell who knows the person
        desk.numbers.load(run.step.datasets)
    return desk.page(person, then=then, reason=reason)
