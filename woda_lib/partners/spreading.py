"""Choices spread to every record of a person: what each round found leads to the next.

A number leads to rows, a row to the other numbers that it bears, a number that linkage knows to a
person, and a person to all of their numbers. Each leads on by itself, whatever else was found. So
each round asks what is new since the last one alone, and what comes out is what would come out if
everything were asked again each time: see `Bearers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.partners.asked_rows import AskedRows, Bearers, Handle, Mask
from woda_lib.partners.contracts import Contract
from woda_lib.partners.linked_choices import COLUMNS, PERSON_COLUMNS, Linked
from woda_lib.partners.people_index import Marks

Alike = npt.NDArray[np.integer]


@dataclass
class Objecting:
    """Rows of a dataset, their numbers in clear, and which of them are of people who opted out.

    Parameters
    ----------
    contract : Contract
    bearers : Bearers
        The rows.
    marks : mapping of str to ndarray, optional
        As for `Linked.rows_of`.

    Attributes
    ----------
    theirs : ndarray of bool
        Of the rows, those that were found so far.
    """

    contract: Contract
    bearers: Bearers
    marks: Mapping[str, Marks] | None = None
    theirs: Mask = field(init=False)

    def __post_init__(self) -> None:
        self.theirs = np.zeros(len(self.bearers.rows.frame), dtype=bool)

    def since(self, numbers: Mapping[Handle, Set[str]], linked: Linked) -> pd.DataFrame:
        """Return the rows that are found to be theirs now, and were not before.

        Parameters
        ----------
        numbers : mapping of Handle to set of str
            All that are known to be of people who opted out.
        linked : Linked
            What linkage found since the last time.
        """
        frame = self.bearers.rows.frame
        theirs = self.theirs | self.bearers.of(numbers)
        theirs |= linked.rows_of(frame, self.contract, self.marks, theirs).to_numpy(dtype=bool)
        new = np.flatnonzero(theirs & ~self.theirs)
        self.theirs = theirs
        return frame.take(new)


class People:
    """Who is whom, and whose records of them were found.

    Parameters
    ----------
    frame : DataFrame
        ``partner, local_id, entity_id``, a row a record.
    alike : ndarray, optional
        A number for each row, the same for those of one entity and for no others: then no name of
        all need be read. Numbers that take two entities for one are passed over; that none takes
        one for two is for whoever hands them over to know.
    """

    def __init__(self, frame: pd.DataFrame, alike: Alike | None = None) -> None:
        rows = AskedRows(frame)
        self._frame = frame
        self._alike = alike
        self._numbered = Bearers(rows, ["local_id"])
        self._named = Bearers(rows, ["entity_id"])
        self._objecting = np.zeros(len(frame), dtype=bool)
        self._found = np.zeros(len(frame), dtype=bool)

    def since(self, seen: Mapping[str, Set[str]]) -> pd.DataFrame:
        """Return the records of everybody one of whose records objects, and that were not found.

        Parameters
        ----------
        seen : mapping of str to set of str
            By partner, numbers of records that object, as the step was handed them.
        """
        numbers = {("local_id", partner): own for partner, own in seen.items()}
        objecting = self._numbered.of(numbers)
        theirs = self._of_the_same(np.flatnonzero(objecting & ~self._objecting))
        found = self._found | theirs | objecting  # whoever has no name as well
        new = found & ~self._found
        self._objecting, self._found = objecting, found
        return self._rows(new)

    def found(self) -> pd.DataFrame:
        """Return all records that were found, ordered by partner and number."""
        return self._rows(self._found).sort_values(["partner", "local_id"], ignore_index=True)

    def _of_the_same(self, rows: npt.NDArray[np.intp]) -> Mask:
        """Say which rows are of the entities of some rows; of none where one has no name.

        Names are asked for where there are no numbers, or those that there are say otherwise than
        the names of the rows to which they lead.
        """
        entity = self._frame["entity_id"]
        rows = rows[entity.take(rows).notna().to_numpy(dtype=bool)]
        names = set(entity.take(rows).tolist())
        if self._alike is not None and len(self._alike) == len(entity):
            numbers = np.unique(self._alike[rows])
            theirs = np.isin(self._alike, numbers)
            led_to = set(entity.take(np.flatnonzero(theirs)).tolist())
            if len(numbers) == len(names) and led_to == names:
                return theirs
        return self._named.of({("entity_id", ""): names})

    def _rows(self, mask: Mask) -> pd.DataFrame:
        at = np.flatnonzero(mask)  # column by column: pandas would copy all rows of each
        return pd.DataFrame({name: self._frame[name].take(at) for name in COLUMNS})


def numbers_seen(
    handed_out: Iterable[tuple[Contract, pd.DataFrame]], pseudonymise: Callable[..., pd.Series]
) -> dict[str, set[str]]:
    """Return by partner the numbers of people that rows, theirs in clear, were handed out with."""
    seen: dict[str, set[str]] = {}
    for contract, theirs in handed_out:
        for column in PERSON_COLUMNS & set(contract.handles):
            own = pseudonymise(theirs[column], field=column, partners=theirs["partner"])
            for partner, numbers in own.dropna().groupby(theirs["partner"].astype(str)):
                seen.setdefault(str(partner), set()).update(numbers.tolist())
    return seen
