"""The page of the data dictionary: every dataset and column, and who may read it for what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from woda_lib.settings import Settings
from woda_lib.workbench.review.pages import write_page
from woda_lib.workbench.review.places import AGREEMENTS, DICTIONARY, FRONT, site_folder

if TYPE_CHECKING:
    from woda_lib.partners import Agreement


def write_dictionary(settings: Settings, *, synthetic: bool) -> Path:
    """Write the page from the contracts and from every agreement that can be read.

    It describes what partners agreed to send, and holds nothing that they sent.

    Parameters
    ----------
    settings : Settings
        Where agreements and the site lie.
    synthetic : bool
        Whether any run on the site read made-up data, so that the page says so like the others.

    Returns
    -------
    Path
        ``outputs/site/dictionary.html``.
    """
    # Here, because the room brings pandas.
    from woda_lib.partners.dictionary import by_partner, dictionary, say_all, say_kind, say_range
    from woda_lib.partners.names import say_partner, say_partner_shortly

    agreements, unread = _agreements(settings.agreements_folder)
    entries = dictionary(agreements)
    path = site_folder(settings.outputs_folder) / DICTIONARY
    write_page(
        path,
        DICTIONARY,
        entries=entries,
        partners=by_partner(entries),
        columns=sum(len(entry.contract.columns) for entry in entries),
        agreements=agreements,
        unread=unread,
        say_partners=lambda names: say_all(say_partner(name) for name in names),
        say_kind=say_kind,
        say_partner=say_partner,
        say_partner_shortly=say_partner_shortly,
        say_range=say_range,
        synthetic=synthetic,
        front=FRONT,
        here=DICTIONARY,
        page_of_agreements=AGREEMENTS,
    )
    return path


def _agreements(folder: Path) -> tuple[dict[str, Agreement], list[str]]:
    """Read every agreement, and say which cannot be read; the others are told all the same."""
    from woda_lib.partners import AgreementError, load_agreement

    found: dict[str, Agreement] = {}
    unread = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            found[path.stem] = load_agreement(path.stem, folder)
        except AgreementError as error:
            unread.append(str(error))
    return found, unread
