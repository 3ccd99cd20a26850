"""Lines of addresses as partners write them: each distinct one once, its postcode beside it.

Lines of the same words are one line, whatever is between the words: *1 Mill Ln, Malvern* is read
and weighed with *1 MILL LN MALVERN*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.addresses.index import AddressIndex, postcode_letters, squeezed_postcodes
from woda_lib.linkage.addresses.tokens import Ints, Tokens
from woda_lib.linkage.as_arrow import as_held
from woda_lib.linkage.errors import SourceError
from woda_lib.linkage.fast.threads import at_once
from woda_lib.linkage.plain_forms import numbered

_POSTCODE = r"(?i)\b(?P<postcode>[A-Z]{1,2}[0-9][0-9A-Z]?\s*[0-9][A-Z]{2})\s*$"
_CARE_OF = r"(?i)^\s*(?:c\s*/\s*o|care of)\s+(?:(?:mrs?|ms|miss|mx|dr)\.?\s+)?[\w'’-]+\s*,?"


@dataclass(frozen=True)
class Lines:
    """Distinct lines.

    Attributes
    ----------
    tokens
        The words of each, without its postcode.
    given
        Its postcode, as a place in the list of the gazetteer's postcodes with the lines' own
        after them; −1 for none.
    letters
        The letters of the lines' own postcodes and of the gazetteer's, in that order.
    of_row
        Which of them each row is; −1 for a row without an address.
    """

    tokens: Tokens
    given: Ints
    letters: npt.NDArray[np.uint8]
    of_row: npt.NDArray[np.int64]

    @classmethod
    def of(cls, frame: pd.DataFrame, index: AddressIndex) -> Lines:
        """Take the distinct lines of a table with `address` and `postcode`.

        Parameters
        ----------
        frame
            One row an address.
        index
            The gazetteer, whose postcodes are numbered first.

        Raises
        ------
        SourceError
            A column is missing.
        """
        missing = [name for name in ("address", "postcode") if name not in frame]
        if missing:
            raise SourceError(f"The lines have no column {', '.join(missing)}.")
        (line, texts), (code, given) = at_once(
            lambda: numbered(np.asarray(as_held(frame["address"]), dtype=object)),
            lambda: _numbered_postcodes(frame["postcode"]),
        )
        keys = (line.astype(np.int64) << 32) | (code + 1)
        each, distinct = pd.factorize(keys)
        at, postcode = distinct >> 32, (distinct & 0xFFFFFFFF) - 1
        known = np.flatnonzero(at >= 0)
        place = np.full(len(distinct) + 1, -1)
        place[known] = np.arange(len(known))
        written = texts[at[known]]
        stripped, within = _without_postcode(written)
        outside = np.array([*given, None], dtype=object)[postcode[known]]
        chosen = np.where(pd.isna(outside), within, outside)
        found, others = _places(chosen, index.postcodes)
        tokens = Tokens.of(stripped)
        alike, kept = tokens.distinct(found)
        # One after another, lines of one postcode find the same properties still at hand.
        order = np.argsort(found[kept], kind="stable")
        alike, kept = np.argsort(order)[alike], kept[order]
        return cls(
            tokens=tokens.take(kept),
            given=found[kept],
            letters=np.concatenate([index.held.postcodes, postcode_letters(others)]),
            of_row=np.append(alike, -1)[place[each]],
        )

    def __len__(self) -> int:
        return len(self.given)


def _numbered_postcodes(
    values: pd.Series,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.object_]]:
    """Number postcodes as they come, however they are written; return these, squeezed."""
    codes, distinct = numbered(np.asarray(as_held(values), dtype=object))
    alike, given = pd.factorize(squeezed_postcodes(distinct))
    return np.append(alike, -1)[codes], given


def _without_postcode(
    texts: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Take a postcode from the end of lines that have one there, and whom they are in care of."""
    inside = np.full(len(texts), None, dtype=object)
    array = pc.replace_substring_regex(pa.array(texts, type=pa.large_string()), _CARE_OF, "")
    texts = array.to_numpy(False)
    which = np.flatnonzero(pc.match_substring_regex(array, _POSTCODE).to_numpy(False))
    if len(which):
        some = array.take(pa.array(which))
        found = pc.struct_field(pc.extract_regex(some, _POSTCODE), "postcode")
        inside[which] = squeezed_postcodes(found.to_pandas())
        texts = texts.copy()
        texts[which] = pc.replace_substring_regex(some, _POSTCODE, "").to_numpy(False)
    return texts, inside


def _places(
    postcodes: npt.NDArray[np.object_], known: pd.Index
) -> tuple[Ints, npt.NDArray[np.object_]]:
    """Number postcodes: those of the gazetteer first, then the others that are returned."""
    codes, distinct = pd.factorize(postcodes)
    values = np.asarray(distinct, dtype=object)
    at = known.get_indexer(pd.Index(values, dtype=object))
    strange = at < 0
    at[strange] = len(known) + np.arange(int(strange.sum()))
    return np.append(at, -1)[codes].astype(np.int32), values[strange]
