"""One record for each number by which a partner knows somebody: what linkage compares.

A partner delivers a person again at each address, so that its rows tell where somebody lived and
what they were called. Of each field the newest that was written counts. Other partners may know
the person under what was true before, so that a former surname stands behind the newest one, and
homes before the present one behind that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import jellyfish
import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.identities import hashes
from woda_lib.linkage.standardise import standardise

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


def records(details: pd.DataFrame, places: pd.DataFrame | None = None) -> dict[str, pd.DataFrame]:
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

    Returns
    -------
    dict of str to DataFrame
        By dataset: `partner, id` and the fields of the specification, a row a number, ordered by
        `id`. `homes` are words, one a property, and so is `counted_off`, one a person at a home.
    """
    homes = _homes(details, places)
    counted = _told(details, places, "counted_off")
    today = pd.Timestamp(details["delivered_on"].max())
    return {
        str(dataset): _of_dataset(details.loc[rows], homes.loc[rows], counted.loc[rows]).pipe(
            _aged, dataset, today
        )
        for dataset, rows in details.groupby("dataset", observed=True, sort=False).groups.items()
    }


def _of_dataset(rows: pd.DataFrame, homes: pd.Series, counted: pd.Series) -> pd.DataFrame:
    order = np.lexsort([rows[name].to_numpy("datetime64[s]") for name in ("delivered_on", _SINCE)])
    rows, homes, counted = rows.iloc[order], homes.iloc[order], counted.iloc[order]
    codes, ids = pd.factorize(rows["local_id"], sort=True)
    number = len(ids)
    columns = {"partner": rows["partner"].iloc[_last(codes, np.ones(len(rows), bool), number)]}
    for name in PLAIN:
        columns[name] = _taken(rows[name], _last(codes, rows[name].notna().to_numpy(), number))
    columns["surname"] = _surnames(rows["surname"], codes, number)
    columns["homes"] = _several(homes, codes, number)
    columns["counted_off"] = _several(counted, codes, number)
    table = {name: column.reset_index(drop=True) for name, column in columns.items()}
    return pd.DataFrame({"id": pd.Series(ids, dtype="string"), **table})


_SINCE = "started_on"


def _aged(table: pd.DataFrame, dataset: object, today: pd.Timestamp) -> pd.DataFrame:
    """Say who is of age: without a birth date, the dataset tells of some."""
    born = table["date_of_birth"]
    grown = np.where(born <= today - pd.DateOffset(years=OF_AGE), "yes", "no")
    told = np.where(born.notna(), grown, np.array(TELLS_AGE.get(str(dataset)), dtype=object))
    of_age = pd.Series(told, index=table.index, dtype="string")
    return table.assign(register=str(dataset), of_age=of_age)


def _last(codes: npt.NDArray, chosen: npt.NDArray[np.bool_], number: int) -> _Places:
    """Return the place of the last chosen row of each number."""
    last = np.full(number, _NOWHERE, dtype=np.int64)
    at = np.flatnonzero(chosen)
    last[codes[at]] = at  # of several, the last that is written stays
    return last


def _taken(column: pd.Series, places: _Places) -> pd.Series:
    """Return the values at some places; missing where there is none."""
    taken = column.iloc[places].reset_index(drop=True)
    return taken.mask(places == _NOWHERE)


def _surnames(surname: pd.Series, codes: npt.NDArray, number: int) -> pd.Series:
    """Write the newest surname and, where it is another name, the one before it."""
    plain = surname.str.lower().str.strip()
    which, names = pd.factorize(plain)
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
    written = _taken(surname, last).astype("string")
    former = surname.iloc[before[changed]].astype("string").to_numpy(dtype=object)
    written.iloc[changed] = written.iloc[changed].to_numpy(dtype=object) + " " + former
    return written


def _several(homes: pd.Series, codes: npt.NDArray, number: int) -> pd.Series:
    """Write the last homes of each number, the newest first."""
    which, known = pd.factorize(homes)
    words = np.append(np.asarray(known, dtype=object), "")
    left = which >= 0
    written = np.full(number, "", dtype=object)
    for turn in range(HOMES):
        last = _last(codes, left, number)
        home = np.where(last >= 0, which[last], -1)
        if turn == 0:
            written = words[home].copy()
        else:
            more = np.flatnonzero(home >= 0)
            written[more] = written[more] + " " + words[home[more]]
        left &= which != home[codes]
    return pd.Series(written, dtype="string").replace("", pd.NA)


def _homes(details: pd.DataFrame, places: pd.DataFrame | None) -> pd.Series:
    """Return a word for the home of each row: its property, or else the address as written."""
    uprn = _told(details, places, "uprn")
    words = _spelt(uprn, lambda known: map(str, known))
    unplaced = details.loc[uprn.isna() & details["address"].notna(), ["address", "postcode"]]
    plain = standardise(unplaced["address"], "address") + " "
    plain += standardise(unplaced["postcode"], "postcode").fillna("")
    written = _spelt(
        plain,
        lambda different: (f"{each:016x}" for each in hashes(np.asarray(different, object))),
    )
    return words.fillna(written)


def _spelt(values: pd.Series, spell: Callable[[pd.Index], Iterable[str]]) -> pd.Series:
    """Write each different value once, its figures as letters; missing where it is."""
    codes, distinct = pd.factorize(values)
    words = [each.translate(_LETTERS) for each in spell(distinct)]
    written = np.array([*words, pd.NA], dtype=object)[codes]
    return pd.Series(written, index=values.index, dtype="string")


def _told(details: pd.DataFrame, places: pd.DataFrame | None, name: str) -> pd.Series:
    """Return a column of the places in the order of the rows, or of the rows themselves."""
    source = details if places is None else places
    if name not in source:
        return pd.Series(pd.NA, index=details.index, dtype="string")
    if places is None:
        return details[name]
    if np.array_equal(places["row_id"].to_numpy(object), details["row_id"].to_numpy(object)):
        return places[name].set_axis(details.index)
    known = details[["dataset", "row_id"]].merge(
        places[["dataset", "row_id", name]].astype({"dataset": str}),
        on=["dataset", "row_id"],
        how="left",
        validate="one_to_one",
    )
    return known[name].set_axis(details.index)
