"""People's choices: who opted out, and which rows of which dataset are theirs.

A choice names a person by NHS number or by one partner's own number (the contract ``opt_outs``). It
is honoured in every record of that person: the choice is followed from number to number through the
partners' registers, so that a stay without an NHS number is left out when another stay of the same
patient has it, and an event when its stay is left out. A national data opt-out and an objection
made to one partner are treated alike.

Choices count as soon as they are delivered, even where the rest of the extracts is read up to an
earlier day. What follows from linkage (a council record without a number that turns out to be of
somebody who opted out) comes on top: see `Door.spread_opt_outs`.

References
----------
NHS England, *National data opt-out operational policy guidance*: individual care is exempt.
UK GDPR, Article 21: the right to object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pandas as pd

from woda_lib.partners.asked_rows import Handle
from woda_lib.partners.contracts import Contract
from woda_lib.partners.datasets import CONTRACTS, COUNCILS, NHS_NUMBER, OPT_OUTS, TRUSTS
from woda_lib.partners.errors import OptOutError
from woda_lib.partners.folder import Delivery, deliveries
from woda_lib.partners.holding import REFUSED, Loaded

PERSON_NUMBERS = {
    **dict.fromkeys(TRUSTS, ("patient_id", "attender_id", "index_number")),
    **dict.fromkeys(
        COUNCILS,
        ("client_id", "care_person_id", "care_number", "unique_pupil_number", "pass_number"),
    ),
}
"""What the numbers are called by which each partner with a list may name a person.

A list does not say which of the partner's systems a number is of. It is taken to be of each: too
many left out is the lesser wrong."""

REGISTERS = tuple(name for name, c in CONTRACTS.items() if NHS_NUMBER in c.handles)
"""The datasets through which a choice is followed from one number to another."""


def choices(
    folder: Path,
    partners: Iterable[str],
    accepted: Callable[[Sequence[Delivery], Contract], Loaded],
) -> pd.DataFrame:
    """Read the choices that stand, from everything that was delivered.

    Parameters
    ----------
    folder : Path
        Of extracts.
    partners : iterable of str
        Those whose records are read: each must have delivered its list, if only its heading.
    accepted : callable
        Holds delivered files to their contract.

    Returns
    -------
    DataFrame
        ``partner, nhs_number, person_number``, a row a choice in force.

    Raises
    ------
    OptOutError
        If a partner has delivered no list, or a row of one cannot be read: a choice that nobody
        can read would not be honoured.
    """
    found = deliveries(folder, OPT_OUTS)
    senders = {item.partner for item in found}
    for partner in sorted(set(partners) & set(CONTRACTS[OPT_OUTS].partners)):
        if partner not in senders:
            raise OptOutError(
                f"{partner} has delivered no {OPT_OUTS}, so that nobody can tell who opted out. "
                "Ask for the list; where nobody did, it is a file with its heading alone."
            )
    whole = accepted(found, CONTRACTS[OPT_OUTS])
    refused = whole.quarantine[whole.quarantine["outcome"] == REFUSED]
    if len(refused):
        first = refused.iloc[0]
        more = f" {len(refused) - 1} more are like it." if len(refused) > 1 else ""
        raise OptOutError(
            f"{first['partner']}/{first['file']}, line {first['line']}: the choice cannot be read "
            f"({str(first['rule']).replace('_', ' ')}), and would not be honoured.{more} Ask the "
            f"partner to send it again."
        )
    standing = whole.frame[whole.frame["status"] == "in_force"]
    return standing[["partner", NHS_NUMBER, "person_number"]].reset_index(drop=True)


def named(standing: pd.DataFrame) -> dict[Handle, frozenset[str]]:
    """Return the numbers that choices name, before they are followed anywhere."""
    numbers: dict[Handle, frozenset[str]] = {
        (NHS_NUMBER, ""): frozenset(standing[NHS_NUMBER].dropna())
    }
    for partner, own in standing.groupby("partner"):
        for column in PERSON_NUMBERS[str(partner)]:
            numbers[column, str(partner)] = frozenset(own["person_number"].dropna())
    return numbers
