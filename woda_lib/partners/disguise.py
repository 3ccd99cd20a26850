"""What a step is handed in place of partners' own numbers, and the way back where it is agreed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

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
        self._behind: list[tuple[pd.Series, pd.Series]] = []

    def hashed(
        self, frame: pd.DataFrame, contract: Contract, numbers: Iterable[str]
    ) -> dict[str, Hashes]:
        """Hash numbers that are handed out as pseudonyms or tell whose rows these are, by field."""
        return {
            name: hashed(
                frame[name],
                field=name,
                partners=_whose(name, frame, contract),
                key=self._key().pseudonyms(),
            )
            for name in numbers
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
                self._behind.append((handed[name], frame[name]))
        return handed

    def turned_back(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
        """Put partners' numbers back for the pseudonyms that are remembered.

        They are known wherever they stand, also in a column of another name and before a slash
        (``local_id`` of a conference's case is its number with ``/victim``).

        Returns
        -------
        frame : DataFrame
        turned : dict of str to Series
            By column, the pseudonyms that were turned back.
        """
        numbers, turned = {}, {}
        for column in frame.columns:
            texts = frame[column]
            if not (pd.api.types.is_string_dtype(texts) or pd.api.types.is_object_dtype(texts)):
                continue
            if not texts.notna().any():  # of nothing, no parts
                continue
            parts = texts.astype("string").str.partition("/")
            found = parts[0].map(self._numbers_of(parts[0])).astype("string")
            if found.notna().any():
                numbers[column] = (found + parts[1] + parts[2]).astype(object).fillna(texts)
                turned[column] = parts.loc[found.notna(), 0]
        return frame.assign(**numbers), turned

    def _numbers_of(self, pseudonyms: pd.Series) -> dict[str, str]:
        """Return the numbers behind some pseudonyms, as far as they are remembered.

        Few are ever asked for of all that were handed out, so that these alone are looked up.
        """
        asked = pd.Index(pseudonyms.dropna().unique(), dtype=object)
        known: dict[str, str] = {}
        for handed, numbers in self._behind:
            there = handed.isin(asked)
            known.update(zip(handed[there], numbers[there], strict=True))
        return known

    def pseudonymise(
        self, values: pd.Series, *, field: str, partners: pd.Series | str
    ) -> pd.Series:
        """Return partners' numbers as the step is handed them: pseudonyms, if it is agreed."""
        if field not in self._agreement.pseudonyms:
            return values
        return pseudonymise(values, field=field, partners=partners, key=self._key().pseudonyms())


def _whose(name: str, frame: pd.DataFrame, contract: Contract) -> pd.Series | str:
    """Return whose numbers a column holds, so that one number has one pseudonym everywhere."""
    if name == NHS_NUMBER:
        return ""
    return contract.columns[name].numbered_by or frame["partner"]
