"""One record for each number by which a partner knows somebody: what linkage compares.

A partner delivers a person again at each address, so that its rows tell where somebody lived and
what they were called. Of each field the newest that was written counts. Other partners may know
the person under what was true before, so that a former surname stands behind the newest one, and
homes before the present one behind that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import jellyfish
import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.as_arrow import as_held
from woda_lib.linkage.fast.threads import share_out
from woda_lib.linkage.identities import hashes
from woda_lib.linkage.record_keys import at_places
from woda_lib.linkage.standardise import standardise
from woda_lib.pilots.single_view.homes.coding import named
from woda_lib.pilots.single_view.lettered import lettered
from woda_lib.pilots.single_view.newest import NOWHERE, Newest, Numbered, Places, one_after_another
from woda_lib.pilots.single_view.registrations import Registrations

PLAIN = ("nhs_number", "forename", "date_of_birth", "sex", "postcode")
"""Fields of which the newest alone counts."""

HOMES = 3
"""So many homes of one number are compared, the newest first."""

MISSPELT = 0.85
"""Jaro–Winkler similarity from which an earlier surname is the newest one, written otherwise."""

OF_AGE = 18

TELLS_AGE = {"council_tax_accounts": "yes", "school_census": "no"}
"""Who is liable for council tax is of age, and pupils are not: it tells fathers from sons."""

_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def records(
    details: pd.DataFrame,
    places: pd.DataFrame | None = None,
    known: Registrations | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the sources of ``parameters/linkage/single_view.yaml``.

    Parameters
    ----------
    details
        A row a row of a partner: `partner, dataset, local_id, row_id, started_on, delivered_on,
        nhs_number, forename, surname, date_of_birth, sex, address, postcode, uprn`.
    places
        `dataset, row_id, uprn, counted_off`, the property of each row (missing: not matched) and
        as whom it is counted off there. Left out, a partner's own property number and the address
        as written tell, and a column `counted_off` of the rows.
    known
        The numbers of the rows, where these have been found already.

    Returns
    -------
    dict of str to DataFrame
        By dataset: `partner, id` and the fields of the specification, a row a number, ordered by
        `id`. `homes` are words, one a property, and so is `counted_off`, one a person at a home.
    """
    known = known or Registrations.of(details)
    said = _Said.of(details, places)
    ids = known.ids(details)
    ends = np.cumsum([0, *map(len, ids)]).tolist()
    newest = Newest.of(said.when, known, ends)
    columns = {"partner": newest.of_all(details["partner"])}
    columns |= {name: newest.told(details[name]) for name in PLAIN}
    columns["surname"] = _surnames(said.written, said.surnames, newest)
    columns["homes"] = _several(said.homes, newest)
    columns["counted_off"] = _several(said.counted, newest)
    dataset = np.repeat(np.arange(len(ids)), np.diff(ends))
    columns["register"] = named(dataset, pd.Index(known.datasets))
    today = pd.Timestamp(details["delivered_on"].max())
    columns["of_age"] = _of_age(pd.Series(columns["date_of_birth"]), known.datasets, dataset, today)
    return {
        name: pd.DataFrame(
            {"id": own.astype("string", copy=False)}
            | {field: column[first:end] for field, column in columns.items()},
            copy=False,
        )
        for name, own, first, end in zip(known.datasets, ids, ends, ends[1:], strict=False)
    }


@dataclass(frozen=True)
class _Said:
    """What the rows say, each different text once, and its number by row.

    Attributes
    ----------
    when
        What puts rows in order, the last key first.
    written
        Surnames as they are written.
    surnames
        Without regard to case.
    homes, counted
        Words.
    """

    when: list[npt.NDArray]
    written: Numbered
    surnames: Numbered
    homes: Numbered
    counted: Numbered

    @classmethod
    def of(cls, details: pd.DataFrame, places: pd.DataFrame | None) -> Self:
        when = [details[name].to_numpy("datetime64[s]") for name in ("delivered_on", _SINCE)]
        columns = [details["surname"], *_told(details, places, ["uprn", "counted_off"])]
        written, uprn, counted = share_out(Numbered.of, [(column,) for column in columns])
        surnames = written.altered(_plainly)
        return cls(when, written, surnames, _homes(details, uprn), counted)


_SINCE = "started_on"


def _of_age(
    born: pd.Series, datasets: Sequence[str], dataset: Places, today: pd.Timestamp
) -> pd.Categorical:
    """Say who is of age: without a birth date, the dataset tells of some."""
    says = ("no", "yes")
    told = [TELLS_AGE.get(name) for name in datasets]
    without = np.array([says.index(each) if each else NOWHERE for each in told], dtype=np.int8)
    grown = (born <= today - pd.DateOffset(years=OF_AGE)).to_numpy(dtype=np.int8)
    return named(np.where(born.isna().to_numpy(), without[dataset], grown), pd.Index(says))


def _surnames(written: Numbered, plain: Numbered, rows: Newest) -> pd.Categorical:
    """Write the newest surname and, where it is another name, the one before it."""
    which = plain.codes
    last = rows.last(which >= 0)
    newest = np.where(last >= 0, which[last], NOWHERE)
    other = which >= 0
    other[rows.rows] &= which[rows.rows] != newest[rows.record]
    before = rows.last(other)
    changed = np.flatnonzero(before >= 0)
    pairs = pd.DataFrame({"now": newest[changed], "then": which[before[changed]]})
    distinct = pairs.drop_duplicates()
    alike = [
        jellyfish.jaro_winkler_similarity(plain.texts[now], plain.texts[then]) >= MISSPELT
        for now, then in distinct.itertuples(index=False)
    ]
    told = pairs.merge(distinct.assign(alike=np.array(alike, dtype=bool)), how="left")
    changed = changed[~told["alike"].to_numpy(dtype=bool)]
    former = np.full(rows.number, NOWHERE, dtype=np.int64)
    former[changed] = written.codes[before[changed]]
    return one_after_another(written.texts, [at_places(written.codes, last, NOWHERE), former])


def _several(homes: Numbered, rows: Newest) -> pd.Categorical:
    """Write the last homes of each record, the newest first."""
    return one_after_another(homes.texts, [*rows.last_told_apart(homes.codes, HOMES)])


def _homes(details: pd.DataFrame, uprn: Numbered) -> Numbered:
    """Return a word for the home of each row: its property, or else the address as written."""
    words = uprn.altered(_spelt)
    unplaced = np.flatnonzero(words.codes < 0)
    unplaced = unplaced[details["address"].iloc[unplaced].notna()]
    address, postcode = (details[name].iloc[unplaced] for name in ("address", "postcode"))
    plain = standardise(address, "address") + " "
    plain += standardise(postcode, "postcode").fillna("")
    written = Numbered.of(plain).altered(lambda different: lettered(hashes(different)))
    return words.after(written, unplaced)


def _plainly(names: Iterable[str]) -> list[str]:
    return [each.lower().strip() for each in names]


def _spelt(words: npt.NDArray[np.object_]) -> list[str]:
    """Write figures as letters."""
    spelt = "\n".join(map(str, words)).translate(_LETTERS).split("\n")
    if len(spelt) == len(words):
        return spelt
    return [str(each).translate(_LETTERS) for each in words]  # none, or a line's end in one


def _told(details: pd.DataFrame, places: pd.DataFrame | None, names: list[str]) -> list[pd.Series]:
    """Return columns of the places in the order of the rows, or of the rows themselves."""
    source = details if places is None else places
    held = [name for name in names if name in source]
    if places is not None and not np.array_equal(_row_ids(places), _row_ids(details)):
        source = details[["dataset", "row_id"]].merge(
            places[["dataset", "row_id", *held]].astype({"dataset": str}),
            on=["dataset", "row_id"],
            how="left",
            validate="one_to_one",
        )
    nothing = pd.Series(pd.NA, index=details.index, dtype="string")
    return [source[name] if name in held else nothing for name in names]


def _row_ids(table: pd.DataFrame) -> npt.NDArray[np.object_]:
    return np.asarray(as_held(table["row_id"]), dtype=object)
