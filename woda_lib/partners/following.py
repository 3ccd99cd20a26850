"""Choices followed from number to number, through the registers that hold several of a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pandas as pd

from woda_lib.partners.asked_rows import AskedRows, Bearers, Handle
from woda_lib.partners.datasets import CONTRACTS, NHS_NUMBER
from woda_lib.partners.linked_choices import Linked
from woda_lib.partners.people_index import Marks


class Following:
    """Numbers followed through registers, each time until no further number is found.

    Parameters
    ----------
    registers : mapping of str to DataFrame
        By dataset: ``partner`` and the dataset's handles, a row a record.

    Attributes
    ----------
    numbers : dict of Handle to set of str
        All that are known.
    registers : dict of str to Bearers
    """

    def __init__(self, registers: Mapping[str, pd.DataFrame]) -> None:
        self.numbers: dict[Handle, set[str]] = {}
        self.registers = {
            dataset: Bearers(AskedRows(frame), CONTRACTS[dataset].handles)
            for dataset, frame in registers.items()
        }
        self._led_to = {
            dataset: np.zeros(len(frame), dtype=bool) for dataset, frame in registers.items()
        }

    def add(self, numbers: Mapping[Handle, Collection[str]]) -> None:
        """Follow some numbers, and all that they lead to."""
        self._know(numbers)
        while sum(self._lead_on(dataset) for dataset in self.registers):
            pass

    def add_linked(self, found: Linked, marks: Mapping[str, Mapping[str, Marks]]) -> None:
        """Turn what linkage found, which goes by pseudonyms, back into numbers, and follow them.

        Parameters
        ----------
        found : Linked
        marks : mapping of str to mapping of str to ndarray
            By dataset, of registers that were handed out: as for `Linked.rows_of`.
        """
        for dataset, register in self.registers.items():
            frame, known = register.rows.frame, self._led_to[dataset]
            self._know(found.numbers_in(frame, CONTRACTS[dataset], marks.get(dataset), known))
        self.add({})

    def _lead_on(self, dataset: str) -> int:
        """Take in the numbers of a register's rows that were not led to before; say how many."""
        bearing = self.registers[dataset].of(self.numbers)
        at = np.flatnonzero(bearing & ~self._led_to[dataset])
        self._led_to[dataset] = bearing
        theirs = self.registers[dataset].rows.frame.take(at)
        for column in CONTRACTS[dataset].handles:
            if column == NHS_NUMBER:
                self._know({(column, ""): theirs[column].dropna().tolist()})
                continue
            for partner, own in theirs.groupby("partner")[column]:
                self._know({(column, str(partner)): own.dropna().tolist()})
        return len(at)

    def _know(self, numbers: Mapping[Handle, Iterable[str]]) -> None:
        for handle, values in numbers.items():
            self.numbers.setdefault(handle, set()).update(values)
