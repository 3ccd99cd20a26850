"""Which property each row's address is, and as whom there it is counted off.

From one day to the next a row in a hundred is new or has changed. So what the last build found is
taken over for every row that says what it said then, and only the others are matched with the
gazetteer. Counting off looks at all rows of a property: a property is counted off anew where a row
came, went or changed, by what the last count of all properties learned (`at_home.learned`), and
everybody else keeps the word of then. What comes out is what a build of all rows would find that
goes by the same. Rows of whoever opted out are kept apart, by their pseudonyms, so that the door
leaves them out for every purpose but linkage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from woda_lib.beside import Beside
from woda_lib.linkage.addresses import match_addresses
from woda_lib.linkage.addresses.index import COLUMNS, AddressIndex
from woda_lib.linkage.addresses.match import HOW
from woda_lib.linkage.row_digests import Digests, row_digests
from woda_lib.linkage.spent import give_back
from woda_lib.notebook import Kept, Run
from woda_lib.pilots.made_by import made_by
from woda_lib.pilots.single_view.at_home import Learned, counted_off, said_of
from woda_lib.pilots.single_view.linking import short_names
from woda_lib.pilots.single_view.of_whom import MANY_ROWS
from woda_lib.pilots.single_view.people import TELLS_AGE
from woda_lib.records import sha256

PLACES = ["dataset", "row_id", "uprn", "probability", "how", "counted_off"]
WRITTEN = ["address", "postcode", "uprn"]
"""What of a row tells its property."""
SAYS = [
    *("dataset", "row_id", "local_id", "nhs_number", "forename", "surname", "date_of_birth"),
    *("sex", "started_on", "ended_on", *WRITTEN),
]
"""What of a row its property or its word hangs on, and what it is known by."""
ROW = ["content", "at_home"]
"""What a table of places holds besides `PLACES` while it is built: a digest of `SAYS`, and how many
rows are at the row's property (0: it has none)."""
HANDED_ON = PLACES_OF_THEN, APART, LEARNED = "kept_places", "kept_opted_out", "kept_learned"
"""The tables that a build hands on to the next."""

Places = npt.NDArray[np.int32]

_HOW = pd.CategoricalDtype(list(HOW))
_KINDS: dict[str, Any] = {
    "at_home": "int32",
    "uprn": "category",
    "how": _HOW,
    "counted_off": "category",
}
_LIABLE = [name for name, of_age in TELLS_AGE.items() if of_age == "yes"]


@dataclass(frozen=True)
class Placed:
    """Where rows are.

    Attributes
    ----------
    places
        `PLACES` and `ROW`, in the order of the rows; see `at_home.counting.counted_off`.
    learned
        What counting off went by.
    rules
        By what all was found, for `Run.save_each`.
    says
        What was taken over from which run, or why nothing was: a sentence.
    """

    places: pd.DataFrame
    learned: Learned
    rules: str = ""
    says: str = ""


def place_from_last(
    run: Run, details: pd.DataFrame, gazetteer: pd.DataFrame, *, relink_after_days: int
) -> Placed:
    """Do as `place` does with what the last build found; in full where linkage is to be in full.

    Parameters
    ----------
    run
    details
        From `details.details`.
    gazetteer
        The gazetteer as loaded.
    relink_after_days
        How old the last full linkage may be, in days.
    """
    content = _content_beside(details)
    rules = rules_of(run, gazetteer)
    last = Kept("Nothing was taken over. Everything is compared again.")
    if not run.links_in_full("people", relink_after_days=relink_after_days):
        last = run.kept_tables(HANDED_ON, rules=rules)
    placed = place(details, gazetteer, last.tables, content=content)
    return replace(placed, rules=rules, says=last.says)


def rules_of(run: Run, gazetteer: pd.DataFrame) -> str:
    """Return what tells by what today's places are found: code, gazetteer and rules of linkage."""
    return made_by(
        "pilots/single_view",
        "linkage",
        gazetteer=hashlib.sha256(row_digests(gazetteer, COLUMNS).tobytes()).hexdigest(),
        linkage=sha256(run.parameters_folder / "linkage" / "single_view.yaml"),
    )


def set_apart(places: pd.DataFrame, details: pd.DataFrame, opted_out: pd.DataFrame) -> pd.DataFrame:
    """Return the places of whoever opted out, each row with `local_id`, for `handed_on`.

    Parameters
    ----------
    places
        `Placed.places`.
    details
        The same rows, with `entity_id`.
    opted_out
        `entity_id`, from `Run.spread_opt_outs`.
    """
    theirs = details["entity_id"].isin(opted_out["entity_id"].unique()).to_numpy()
    return places[theirs].assign(local_id=details["local_id"].array[theirs])


def handed_on(
    places: pd.DataFrame, apart: pd.DataFrame, learned: Learned
) -> dict[str, pd.DataFrame]:
    """Return the tables for `place` on the next day, by name.

    Parameters
    ----------
    places
        `Placed.places` of whoever did not opt out.
    apart
        Those of the others, from `set_apart`.
    learned
        `Placed.learned`.
    """
    kept = [*ROW, *PLACES[2:]]
    return {
        PLACES_OF_THEN: places[kept].astype(_KINDS),
        APART: apart[["local_id", *kept]].reset_index(drop=True).astype(_KINDS),
        LEARNED: learned.table(),
    }


def place(
    details: pd.DataFrame,
    gazetteer: pd.DataFrame,
    kept: Mapping[str, pd.DataFrame] | None = None,
    *,
    content: Beside[Digests] | None = None,
) -> Placed:
    """Find the property of each row, and as whom there it is counted off.

    Parameters
    ----------
    details
        From `details.details`.
    gazetteer
        The gazetteer as loaded.
    kept
        Of the last build, from `handed_on`, found by the same rules; empty or left out, all is
        found anew.
    content
        The digests of `SAYS`, where another process is at them already.
    """
    content = content or _content_beside(details)
    if kept:
        placed = _from_kept(details, gazetteer, kept, content)
    else:
        placed = _in_full(details, gazetteer, content)
    give_back()
    return placed


def _content_beside(details: pd.DataFrame) -> Beside[Digests]:
    return Beside(lambda: row_digests(details, SAYS), worth_it=len(details) >= MANY_ROWS)


def _in_full(details: pd.DataFrame, gazetteer: pd.DataFrame, content: Beside[Digests]) -> Placed:
    # What rows say hangs on no property: another process codes it while these are looked for.
    beside = Beside(
        lambda: (said_of(details), short_names(details)), worth_it=len(details) >= MANY_ROWS
    )
    found = match_addresses(_lines(details), gazetteer)[PLACES[2:5]].astype({"uprn": "string"})
    said, aliases = beside.result()
    told = counted_off(details, found["uprn"], liable=_LIABLE, aliases=aliases, said=said)
    home = pd.factorize(found["uprn"])[0].astype(np.int32)
    found = found.assign(counted_off=told.words.to_numpy())
    return Placed(_table(details, found, content.result(), home), told.learned)


def _from_kept(
    details: pd.DataFrame,
    gazetteer: pd.DataFrame,
    kept: Mapping[str, pd.DataFrame],
    content: Beside[Digests],
) -> Placed:
    held, learned = _of_everybody(kept), Learned.of_table(kept[LEARNED])
    index = AddressIndex.of(gazetteer)
    then = _as_then(content.result(), held["content"].to_numpy())
    new = np.flatnonzero(then < 0)
    matched = match_addresses(_lines(details.iloc[new]), index)
    home, names = _homes(held["uprn"], then, matched["uprn"])
    uprn = pd.Series(_at(names, home), dtype="string")
    words = _at(held["counted_off"].cat.categories, _at(held["counted_off"].cat.codes, then, -1))
    again = np.flatnonzero(_stirred(home, then, held))
    told = counted_off(details.iloc[again], uprn.iloc[again], liable=_LIABLE, learned=learned)
    words[again] = told.words.to_numpy(dtype=object)
    probability = _at(held["probability"], then, 0.0)
    probability[new] = matched["probability"]
    how = _at(held["how"].cat.codes, then, -1)
    how[new] = matched["how"].cat.codes
    found = pd.DataFrame(
        {
            "uprn": uprn,
            "probability": probability,
            "how": pd.Categorical.from_codes(how, dtype=_HOW),  # type: ignore[arg-type]
            "counted_off": words,
        }
    )
    return Placed(_table(details, found, content.result(), home), learned)


def _of_everybody(kept: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of then in one table."""
    parts = [kept[name].astype({"how": _HOW}) for name in (PLACES_OF_THEN, APART)]
    joined = {
        name: union_categoricals([part[name] for part in parts]) for name in ("uprn", "counted_off")
    }
    plain = [part[["content", "at_home", "probability", "how"]] for part in parts]
    return pd.concat(plain, ignore_index=True).assign(**joined)


def _as_then(content: Digests, before: Digests) -> Places:
    """Return the place of the row of then that says the same as each row, or −1."""
    known, once = pd.Index(before), np.arange(len(before), dtype=np.int32)
    if not known.is_unique:  # rows that cannot be told apart are found anew
        once = once[~known.duplicated(keep=False)]
        known = known[once]
    then = _at(once, known.get_indexer(pd.Index(content)), -1)
    taken = np.bincount(then[then >= 0], minlength=len(before))
    then[_at(taken > 1, then, False)] = -1
    return then


def _homes(held: pd.Series, then: Places, matched: pd.Series) -> tuple[Places, pd.Index]:
    """Number the property of each row, those of then first; return what the numbers stand for."""
    names = held.cat.categories
    home = _at(held.cat.codes, then, -1).astype(np.int32)
    found = names.get_indexer(pd.Index(matched.astype(object)))
    strange = np.flatnonzero((found < 0) & matched.notna().to_numpy())
    numbers, others = pd.factorize(matched.iloc[strange].astype(object))
    found[strange] = len(names) + numbers
    home[then < 0] = found
    return home, names.append(pd.Index(others, dtype=names.dtype))


def _stirred(home: Places, then: Places, held: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Say which rows are at a property where a row came, went or says something else."""
    number = int(home.max(initial=-1)) + 1
    before, now = np.zeros(number, dtype=np.int64), np.zeros(number, dtype=np.int64)
    codes = held["uprn"].cat.codes.to_numpy()
    there = (codes >= 0) & (codes < number)
    before[codes[there]] = held["at_home"].to_numpy()[there]
    now += np.bincount(home[(home >= 0) & (then >= 0)], minlength=number)
    stirred = before != now
    stirred[home[(home >= 0) & (then < 0)]] = True
    return _at(stirred, home, False)


def _lines(details: pd.DataFrame) -> pd.DataFrame:
    return details[WRITTEN].assign(id=np.arange(len(details)))


def _table(
    details: pd.DataFrame, found: pd.DataFrame, content: Digests, home: Places
) -> pd.DataFrame:
    keys = details[["dataset", "row_id"]].reset_index(drop=True)
    rows = np.bincount(home[home >= 0]).astype(np.int32)
    at_home = _at(rows, home, 0)
    return pd.concat([keys, found], axis=1)[PLACES].assign(content=content, at_home=at_home)


def _at(values: Any, places: npt.NDArray[np.integer], missing: Any = pd.NA) -> npt.NDArray[Any]:
    """Return the values at some places, and at −1 what stands for none."""
    held = np.asarray(values)
    return np.append(held, np.array([missing], dtype=held.dtype))[places]
