"""Which property of the gazetteer each address is, how surely, and how it was found.

>>> matched = match_addresses(lines, gazetteer)  # doctest: +SKIP
>>> explain("3/12 Mill Ln, Malvern", "WR14 2AB", gazetteer)  # doctest: +SKIP
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.addresses import columns as c
from woda_lib.linkage.addresses.bundles import Asked, Fitting, Readings
from woda_lib.linkage.addresses.index import AddressIndex
from woda_lib.linkage.addresses.levels import LEVELS, MOST_LEVELS, NOT_HELD, PARTS, weights
from woda_lib.linkage.addresses.lines import Lines
from woda_lib.linkage.addresses.properties import Properties
from woda_lib.linkage.addresses.reading import READINGS, WORDS_KEPT, read
from woda_lib.linkage.addresses.scoring import score
from woda_lib.linkage.addresses.spelling import corrections
from woda_lib.linkage.addresses.tokens import Ints
from woda_lib.linkage.fast.threads import share_out
from woda_lib.linkage.record_keys import at_places

HOW = ("exact", "parts", "fuzzy", "alternative", "historical", "building", "given")
LEAST = 0.8
"""Least probability of a match that is told; less is unmatched rather than wrong."""
GIVEN = 0.99
"""Least probability of a partner's own number that the line does not gainsay."""

_A_SHARE = 1 << 15
_HOWS = pd.CategoricalDtype([*HOW])
_NONE, _GIVEN = -1, HOW.index("given")
_NO_WEIGHT = -1e9


def match_addresses(
    lines: pd.DataFrame, gazetteer: pd.DataFrame | AddressIndex, *, least: float = LEAST
) -> pd.DataFrame:
    """Find the property of each address.

    Parameters
    ----------
    lines
        ``id, address, postcode``, and ``uprn`` where the partner gives one. A line may end with
        its postcode instead.
    gazetteer
        The columns of the contract ``gazetteer``, a row a way of addressing a property; or an
        `AddressIndex` of it, which serves for several calls.
    least
        Least probability of a match; what is less sure, or fits two properties alike, is unmatched.

    Returns
    -------
    pandas.DataFrame
        A row a line, in their order: ``id``; ``uprn``, missing where unmatched; ``probability``
        of the best property; ``margin``, by how many bits it fits better than the next best, or
        than one that the gazetteer does not hold; and ``how``: *exact*, as the gazetteer writes
        it; *parts*, the same in other words; *fuzzy*, misspelt or incomplete; *alternative* or
        *historical*, by another name or an old one; *building*, a flat that is not told or not
        held; *given*, by the partner.

    Raises
    ------
    SourceError
        A column is missing.
    """
    index = gazetteer if isinstance(gazetteer, AddressIndex) else AddressIndex.of(gazetteer)
    distinct = Lines.of(lines, index)
    fitting = fit(distinct, index, most=2)
    best, likely = fitting.rows[:, 0], _probability(fitting)[:, 0]
    sure = (best >= 0) & (likely >= least)
    margin = fitting.weights[:, 0] - np.maximum(fitting.weights[:, 1], NOT_HELD)
    margin = np.where(best < 0, 0.0, np.maximum(margin, 0.0))
    properties = Properties.of(index)
    at = distinct.of_row  # −1, of rows without a line, is the place of what is put last
    found = np.append(np.where(sure, properties.of_row[best], _NONE), _NONE)[at]
    how = np.append(np.where(sure, _ways(fitting), _NONE), _NONE).astype(np.int8)[at]
    probability = np.append(likely, 0.0)[at]
    if "uprn" in lines:
        given = properties.places_of(lines["uprn"])
        taken = (given >= 0) & ~_gainsaid(given, found, properties)
        found, how = np.where(taken, given, found), np.where(taken, _GIVEN, how)
        probability = np.where(taken, np.maximum(probability, GIVEN), probability)
    return pd.DataFrame(
        {
            "id": lines["id"].to_numpy(),
            "uprn": at_places(properties.uprns, found, None),
            "probability": probability,
            "margin": np.append(margin, 0.0)[at],
            "how": pd.Categorical.from_codes(how, dtype=_HOWS),  # type: ignore[arg-type]
        }
    )


def _probability(fitting: Fitting) -> npt.NDArray[np.float64]:
    return np.asarray(
        np.where(fitting.rows < 0, 0.0, 2.0**fitting.weights / fitting.total[:, None])
    )


def _gainsaid(given: Ints, found: Ints, properties: Properties) -> npt.NDArray[np.bool_]:
    """Say where a line finds another property than the one that the partner gives.

    A line that finds the building does not gainsay one of its flats.
    """
    gainsaid: npt.NDArray[np.bool_] = (found >= 0) & (found != given)
    return gainsaid & (np.append(properties.parents, np.int32(-2))[given] != found)


def fit(lines: Lines, index: AddressIndex, *, most: int) -> Fitting:
    """Weigh the properties that may be those of each distinct line, and keep the best `most`."""
    n = len(lines)
    result = Fitting(
        rows=np.full((n, most), -1, np.int32),
        weights=np.full((n, most), _NO_WEIGHT),
        levels=np.zeros((n, most, len(PARTS)), np.int8),
        total=np.full(n, 2.0**NOT_HELD),
    )
    if n == 0 or len(index.ways.rows) == 0:
        return result
    fixes = corrections(lines.tokens, index.tokens, index.vocabulary)
    asked, table, text = Asked(lines.given, lines.letters), weights(), lines.tokens.text

    def one_share(low: int, high: int) -> None:
        size = high - low
        readings = Readings(
            np.empty((size * READINGS, c.FIELDS), np.int32),
            np.empty((size * READINGS, WORDS_KEPT), np.int32),
            np.empty(size + 1, np.int64),
        )
        read(low, high, text, index.lexicons, fixes, readings)
        score(low, high, text, asked, readings, index.held, table, result)

    share_out(one_share, [(low, min(low + _A_SHARE, n)) for low in range(0, n, _A_SHARE)])
    return result


_FUZZY = {
    "house": (3, 4, 6, 8),
    "flat": (7, 8),
    "name": (3, 4, 5),
    "street": (1, 2, 3, 4, 5, 6),
    "postcode": (2, 3, 4, 5),
    "place": (3, 4, 5),
}


def _ways(fitting: Fitting) -> npt.NDArray[np.int8]:
    """Return how the best property of each line was found, as places in `HOW`."""
    best = fitting.levels[:, 0].astype(np.int64)
    fuzzy = np.zeros((len(PARTS), MOST_LEVELS), dtype=bool)
    for part, levels in _FUZZY.items():
        fuzzy[PARTS.index(part), list(levels)] = True
    house, flat, status = (best[:, PARTS.index(part)] for part in ("house", "flat", "status"))
    ways = {
        "building": np.isin(flat, [2, 3, 4, 5]) | (house == 7),
        "historical": status == 3,
        "alternative": status == 1,
        "fuzzy": fuzzy[np.arange(len(PARTS)), best].any(axis=1),
        "parts": best.any(axis=1),
    }
    places = [np.int8(HOW.index(way)) for way in ways]
    return np.select([*ways.values()], places, np.int8(HOW.index("exact")))


def explain(
    address: str, postcode: str | None, gazetteer: pd.DataFrame | AddressIndex, *, most: int = 5
) -> pd.DataFrame:
    """Say why one line is the property that it is matched to, and which others were near.

    Parameters
    ----------
    address, postcode
        The line; the postcode may be missing.
    gazetteer
        As for `match_addresses`.
    most
        How many properties to show.

    Returns
    -------
    pandas.DataFrame
        A row a part of each property, best property first: ``rank, uprn, probability, part, held``
        (what the gazetteer holds), ``level`` (how the line writes it) and ``weight`` in bits.
    """
    index = gazetteer if isinstance(gazetteer, AddressIndex) else AddressIndex.of(gazetteer)
    frame = pd.DataFrame({"address": [address], "postcode": [postcode]})
    lines = Lines.of(frame, index)
    fitting = fit(lines, index, most=most)
    held = {
        "house": "building", "flat": "sub_building", "name": "building", "street": "street",
        "postcode": "postcode", "place": "town", "status": "logical_status",
    }  # fmt: skip
    likely = _probability(fitting)[0] if len(lines) else np.empty(0)
    told = []
    for rank in range(int((fitting.rows[:1] >= 0).sum())):
        at = fitting.rows[0, rank : rank + 1]
        for part, level in zip(PARTS, fitting.levels[0, rank].tolist(), strict=True):
            words, weight = LEVELS[part][level]
            told.append(
                (
                    rank + 1,
                    *index.ways.written("uprn", at),
                    likely[rank],
                    part,
                    *index.ways.written(held[part], at),
                    words,
                    weight,
                )
            )
    names = ["rank", "uprn", "probability", "part", "held", "level", "weight"]
    return pd.DataFrame(told, columns=names)
