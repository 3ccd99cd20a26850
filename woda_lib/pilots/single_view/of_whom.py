"""Of whom each row is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.as_arrow import as_held
from woda_lib.linkage.fast.threads import at_once
from woda_lib.linkage.plain_forms import numbered_alike, numbered_in_order
from woda_lib.linkage.record_keys import first_places, places_among, record_keys
from woda_lib.linkage.whereabouts import Whereabouts
from woda_lib.pilots.single_view.registrations import Registrations

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True)
class OfWhom:
    """The person of each row, as whole numbers.

    Attributes
    ----------
    codes
        Shape (rows,), −1 where a row is of nobody.
    registrations
        Shape (rows,), the record of each row's number; −1 where there is none.
    firsts
        The records that name each person first, people in the order of their names.
    people
        Shape (records,), the person of each record; held against the names.
    """

    codes: Numbers
    registrations: Numbers
    firsts: Numbers
    people: Numbers


def of_whom(
    details: pd.DataFrame,
    records: pd.DataFrame,
    known: Registrations | None = None,
    linked: Whereabouts | None = None,
) -> OfWhom:
    """Return the person of each row.

    Parameters
    ----------
    details
        From `details.details`.
    records
        `dataset, local_id, entity_id`; each number once.
    known
        The numbers of the rows, where these have been found already.
    linked
        Where `people.records` of these numbers stand in `records`, if linkage has told.
    """
    entities = np.asarray(as_held(records["entity_id"]), dtype=object)
    registrations = None
    if known and linked:
        (people, names), registrations = at_once(
            lambda: numbered_alike(entities, linked.entity),
            lambda: known.placed(linked.places, records, details),
        )
    else:
        people, names = numbered_in_order(entities)
    if known and registrations is None:
        registrations = known.places_in(records, details)
    if registrations is None:
        rows, keys = record_keys(details, records, columns=["dataset", "local_id"])
        registrations = places_among(rows, keys).astype(np.int32)
    codes = np.append(people, np.int32(-1))
    firsts = first_places(people, len(names)).astype(np.int32)
    return OfWhom(codes[registrations], registrations, firsts, people)
