"""Words that everybody may read: those of the pilot, of its agreement and of the contracts.

A place or an agency is called by its name in reports. Without these words a street after which the
county council is named would keep the council out of a caption.
"""

from __future__ import annotations

from collections.abc import Iterator

from woda_lib.partners import CONTRACTS, Agreement
from woda_lib.records import Pilot


def public_words(pilot: Pilot, agreement: Agreement) -> Iterator[str]:
    """Give the texts that a reader of a report of the pilot knows anyway."""
    yield from (pilot.title, pilot.question, pilot.owner, pilot.asks or "")
    yield from (step.question for step in pilot.steps)
    yield from (agreement.title, agreement.necessity, agreement.data_subjects, agreement.contact)
    yield from (party.partner for party in agreement.parties)
    for dataset, fields in agreement.datasets.items():
        contract = CONTRACTS[dataset]
        yield from (dataset, contract.description, *fields)
        for column in contract.columns.values():
            yield from (column.description, *column.codes)
