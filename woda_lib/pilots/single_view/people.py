"""One record for each number by which a partner knows somebody: what linkage compares.

A partner delivers a person again at each address, so that its rows tell where somebody lived and
what they were called. Of each field the newest that was written counts. Other partners may know
the person under what was true before, so that a former surname stands behind the newest one, and
homes before the present one behind that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

import jellyfish
import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.fast.threads import share_out
from woda_lib.linkage.identities import hashes
from woda_lib.linkage.plain_forms import as_held, numbered
from woda_lib.linkage.standardise import standardise
from woda_lib.pilots.single_view.lettered import lettered
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
_Places = npt.NDArray[np.int64]
_NOWHERE = -1


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
    said = _Said.of(details, places)
    today = pd.Timestamp(details["delivered_on"].max())
    known = known or Registrations.of(details)
    found = {}
    each = zip(known.datasets, known.at, known.codes, known.ids(details), strict=True)
    for dataset, at, codes, ids in each:
        order = said.order(at)
        frame = _of_dataset(details, said, at[order], codes[order], ids)
        found[dataset] = _aged(frame, dataset, today)
    return found


@dataclass(frozen=True)
class _Said:
    """What the rows say, each different text once, and its number by row.

    Attributes
    ----------
    told
        By field, which rows tell it.
    when
        What puts rows in order, the last key first.
    surnames
        Without regard to case.
    homes, counted
        Words.
    """

    told: dict[str, npt.NDArray[np.bool_]]
    when: list[npt.NDArray]
    surnames: _Numbered
    homes: _Numbered
    counted: _Numbered

    @classmethod
    def of(cls, details: pd.DataFrame, places: pd.DataFrame | None) -> Self:
        told = {name: details[name].notna().to_numpy() for name in PLAIN}
        when = [details[name].to_numpy("datetime64[s]") for name in ("delivered_on", _SINCE)]
        columns = [details["surname"], *_told(details, places, ["uprn", "counted_off"])]
        surnames, uprn, counted = share_out(_Numbered.of, [(column,) for column in columns])
        return cls(told, when, surnames.altered(_plainly), _homes(details, uprn), counted)

    def order(self, rows: _Places) -> _Places:
        """Return what puts rows in order, the newest last."""
        return np.lexsort([when[rows] for when in self.when])


@dataclass(frozen=True)
class _Numbered:
    """The number of each row's text, −1 where it has none, and the texts."""

    codes: npt.NDArray[np.signedinteger]
    texts: npt.NDArray[np.object_]

    @classmethod
    def of(cls, column: pd.Series) -> Self:
        if isinstance(column.dtype, pd.CategoricalDtype):
            known = np.asarray(column.cat.categories, dtype=object)
            return cls(np.asarray(column.cat.codes, dtype=np.int32), known)
        return cls(*numbered(np.asarray(as_held(column), dtype=object)))

    def altered(self, alter: Callable[[npt.NDArray[np.object_]], Iterable[str]]) -> Self:
        """Alter the texts; those that are alike now are numbered alike."""
        own, texts = pd.factorize(np.array([*alter(self.texts)], dtype=object))
        return type(self)(np.append(own, _NOWHERE)[self.codes], texts)

    def after(self, others: Self, rows: _Places) -> Self:
        """Put others' numbers in some rows of which none has a number yet."""
        shared, texts = pd.factorize(np.concatenate([self.texts, others.texts]))
        shared = np.append(shared, _NOWHERE)
        codes = np.where(self.codes < 0, _NOWHERE, shared[self.codes])
        later = np.where(others.codes < 0, _NOWHERE, others.codes + len(self.texts))
        codes[rows] = shared[later]
        return type(self)(codes, texts)


def _of_dataset(
    details: pd.DataFrame,
    said: _Said,
    at: _Places,
    codes: npt.NDArray[np.int32],
    ids: npt.NDArray[np.object_],
) -> pd.DataFrame:
    number = len(ids)

    def newest(name: str, told: npt.NDArray[np.bool_]) -> pd.Series:
        return _taken(details[name], at, _last(codes, told, number))

    columns = {"partner": newest("partner", np.ones(len(at), dtype=bool))}
    columns |= {name: newest(name, said.told[name][at]) for name in PLAIN}
    columns["surname"] = _surnames(details["surname"], said.surnames, at, codes, number)
    columns["homes"] = _several(said.homes, at, codes, number)
    columns["counted_off"] = _several(said.counted, at, codes, number)
    return pd.DataFrame({"id": pd.Series(ids, dtype="string"), **columns})


_SINCE = "started_on"


def _aged(table: pd.DataFrame, dataset: str, today: pd.Timestamp) -> pd.DataFrame:
    """Say who is of age: without a birth date, the dataset tells of some."""
    born = table["date_of_birth"]
    grown = np.where(born <= today - pd.DateOffset(years=OF_AGE), "yes", "no")
    told = np.where(born.notna(), grown, np.array(TELLS_AGE.get(dataset), dtype=object))
    of_age = pd.Series(told, index=table.index, dtype="string")
    return table.assign(register=dataset, of_age=of_age)


def _last(codes: npt.NDArray, chosen: npt.NDArray[np.bool_], number: int) -> _Places:
    """Return the place of the last chosen row of each number."""
    last = np.full(number, _NOWHERE, dtype=np.int64)
    at = np.flatnonzero(chosen)
    last[codes[at]] = at  # of several, the last that is written stays
    return last


def _taken(column: pd.Series, at: _Places, places: _Places) -> pd.Series:
    """Return the values of rows at some places among those chosen; missing where there is none."""
    rows = np.append(at, _NOWHERE)[places]
    return pd.Series(column.array.take(rows, allow_fill=True))


def _surnames(
    surname: pd.Series, said: _Numbered, at: _Places, codes: npt.NDArray, number: int
) -> pd.Series:
    """Write the newest surname and, where it is another name, the one before it."""
    which, names = said.codes[at], said.texts
    last = _last(codes, which >= 0, number)
    newest = np.where(last >= 0, which[last], -1)
    other = (which >= 0) & (which != newest[codes])
    before = _last(codes, other, number)
    changed = np.flatnonzero(before >= 0)
    pairs = pd.DataFrame({"now": newest[changed], "then": which[before[changed]]})
    distinct = pairs.drop_duplicates()
    alike = [
        jellyfish.jaro_winkler_similarity(names[now], names[then]) >= MISSPELT
        for now, then in distinct.itertuples(index=False)
    ]
    told = pairs.merge(distinct.assign(alike=np.array(alike, dtype=bool)), how="left")
    changed = changed[~told["alike"].to_numpy(dtype=bool)]
    written = _taken(surname, at, last).astype("string")
    former = surname.iloc[at[before[changed]]].astype("string").to_numpy(dtype=object)
    written.iloc[changed] = written.iloc[changed].to_numpy(dtype=object) + " " + former
    return written


def _several(homes: _Numbered, at: _Places, codes: npt.NDArray, number: int) -> pd.Series:
    """Write the last homes of each number, the newest first."""
    which = homes.codes[at]
    words = np.append(homes.texts, np.array([pd.NA], dtype=object))
    left = which >= 0
    written = np.full(number, pd.NA, dtype=object)
    for turn in range(HOMES):
        last = _last(codes, left, number)
        home = np.where(last >= 0, which[last], -1)
        if turn == 0:
            written = words[home].copy()
        else:
            more = np.flatnonzero(home >= 0)
            written[more] = written[more] + " " + words[home[more]]
        left &= which != home[codes]
    return pd.Series(written, dtype="string")


def _homes(details: pd.DataFrame, uprn: _Numbered) -> _Numbered:
    """Return a word for the home of each row: its property, or else the address as written."""
    words = uprn.altered(_spelt)
    unplaced = np.flatnonzero((words.codes < 0) & details["address"].notna().to_numpy())
    asked = details[["address", "postcode"]].iloc[unplaced]
    plain = standardise(asked["address"], "address") + " "
    plain += standardise(asked["postcode"], "postcode").fillna("")
    written = _Numbered.of(plain).altered(lambda different: lettered(hashes(different)))
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
    if places is not None and not np.array_equal(
        places["row_id"].to_numpy(object), details["row_id"].to_numpy(object)
    ):
        source = details[["dataset", "row_id"]].merge(
            places[["dataset", "row_id", *held]].astype({"dataset": str}),
            on=["dataset", "row_id"],
            how="left",
            validate="one_to_one",
        )
    nothing = pd.Series(pd.NA, index=details.index, dtype="string")
    return [source[name].set_axis(details.index) if name in held else nothing for name in names]
