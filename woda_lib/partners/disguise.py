"""What a step is handed in place of partners' own numbers, and the way back where it is agreed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from woda_lib.partners.agreements import Agreement
from woda_lib.partners.contracts import Contract
from woda_lib.partners.datasets import NHS_NUMBER
from woda_lib.partners.keys import AgreementKey
from woda_lib.partners.pseudonyms import Hashes, hashed, pseudonymise


class Disguise:
    """The pseudonyms of one step of a run.

    Parameters
    ----------
    agreement : Agreement
        Says which fields are pseudonyms.
    key : callable
        Returns the agreement's key, once it is needed.
    """

    def __init__(self, agreement: Agreement, key: Callable[[], AgreementKey]) -> None:
        self._agreement = agreement
        self._key = key
        self._behind: dict[str, dict[str, str]] = {}

    def hashed(
        self, frame: pd.DataFrame, contract: Contract, fields: Sequence[str]
    ) -> dict[str, Hashes]:
        """Hash, once, numbers that are handed out as pseudonyms or tell whose rows these are."""
        wanted = {*contract.handles, *(self._agreement.pseudonyms & set(fields))}
        return {
            name: hashed(
                frame[name],
                field=name,
                partners="" if name == NHS_NUMBER else frame["partner"],
                key=self._key().pseudonyms(),
            )
            for name in wanted
        }

    def handed(
        self,
        frame: pd.DataFrame,
        fields: Sequence[str],
        hashes: Mapping[str, Hashes],
        *,
        remembered: bool,
    ) -> pd.DataFrame:
        """Return the fields that a step is handed.

        Parameters
        ----------
        frame : DataFrame
            ``partner`` and the fields, with partners' own numbers.
        fields : sequence of str
        hashes : mapping of str to Hashes
            From `hashed`.
        remembered : bool
            Whether `turned_back` shall know these rows.
        """
        handed = frame[["partner", *fields]].copy()
        for name in self._agreement.pseudonyms & set(fields):
            handed[name] = hashes[name].pseudonyms(frame[name])
            if remembered:
                pairs = zip(handed[name].dropna(), frame[name].dropna(), strict=True)
                self._behind.setdefault(name, {}).update(pairs)
        return handed

    def turned_back(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
        """Put partners' numbers back for the pseudonyms that are remembered; name the columns."""
        columns = [column for column in frame.columns if column in self._behind]
        numbers = {
            column: frame[column].map(self._behind[column]).fillna(frame[column])
            for column in columns
        }
        return frame.assign(**numbers), columns

    def pseudonymise(
        self, values: pd.Series, *, field: str, partners: pd.Series | str
    ) -> pd.Series:
        """Return partners' numbers as the step is handed them: pseudonyms, if it is agreed."""
        if field not in self._agreement.pseudonyms:
            return values
        return pseudonymise(values, field=field, partners=partners, key=self._key().pseudonyms())
