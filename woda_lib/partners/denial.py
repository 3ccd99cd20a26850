"""How an agreement says no: one error that names the clause, and who can change it."""

from __future__ import annotations

from woda_lib.partners.errors import AgreementError


class Denied(AgreementError):
    """An agreement does not permit what was asked.

    Attributes
    ----------
    agreement, clause : str
        Which agreement, and the key of its file that denies, such as ``datasets.hospital_spells``.
    """

    def __init__(self, agreement: str, clause: str, why: str, *, contact: str) -> None:
        self.agreement = agreement
        self.clause = clause
        super().__init__(
            f"The agreement {agreement} {why}. The clause that denies it is {clause!r} in "
            f"parameters/agreements/{agreement}.yaml. Ask: {contact}."
        )
