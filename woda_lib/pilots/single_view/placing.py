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
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.beside import MANY_ROWS, Beside
from woda_lib.linkage.addresses import match_addresses
from woda_lib.linkage.addresses.index import AddressIndex
from woda_lib.linkage.addresses.ways import COLUMNS
from woda_lib.linkage.fast.threads import at_once
from woda_lib.linkage.plain_forms import numbered
from woda_lib.linkage.record_keys import at_places
from woda_lib.linkage.row_digests import Digests, row_digests
from woda_lib.linkage.spent import give_back
from woda_lib.notebook import Kept, Run
from woda_lib.pilots.made_by import made_by
from woda_lib.pilots.single_view.at_home import Learned, counted_off, said_of
from woda_lib.pilots.single_view.homes.coding import named, without_others
from woda_lib.pilots.single_view.linking import short_names
from woda_lib.pilots.single_view.people import TELLS_AGE
from woda_lib.pilots.single_view.places_of_then import HOWS, Numbers, PlacesOfThen
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
"""What a table of places holds besides `PLACES` until it is handed on: a digest of `SAYS`, and how
many rows are at the row's property (0: it has none)."""
HANDED_ON = SHOWN, APART, LEARNED = "kept_places", "kept_opted_out", "kept_learned"
"""The tables that a build hands on to the next."""

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
    linked_on = run.linked_in_full_on("people", relink_after_days=relink_after_days)
    rules = rules_of(run, gazetteer, linked_on or run.as_of)
    last = Kept("Nothing was taken over. Everything is compared again.")
    if not linked_on:
        return replace(place(details, gazetteer), rules=rules, says=last.says)
    # Digests and what was kept are mostly compiled work and Arrow's, which hold no lock.
    content, index, last = at_once(
        lambda: row_digests(details, SAYS),
        lambda: AddressIndex.of(gazetteer),
        lambda: run.kept_tables(HANDED_ON, rules=rules),
    )
    return replace(_placed(details, index, last.tables, content), rules=rules, says=last.says)


def rules_of(run: Run, gazetteer: pd.DataFrame, linked_on: date) -> str:
    """Return what tells by what today's places are found.

    That is code, gazetteer, rules of linkage, and the day of the full linkage that today's goes by:
    what counting off learned is no older. A linkage that turned out to compare everything after
    places were taken over is another for the next build, which then takes over nothing.
    """
    return made_by(
        "pilots/single_view",
        "linkage",
        gazetteer=hashlib.sha256(row_digests(gazetteer, COLUMNS).tobytes()).hexdigest(),
        linkage=sha256(run.parameters_folder / "linkage" / "single_view.yaml"),
        linked_on=linked_on.isoformat(),
    )


def handed_on(
    placed: Placed, details: pd.DataFrame, opted_out: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return the tables for `place` on the next day, by name.

    Parameters
    ----------
    placed
        From `place`.
    details
        The same rows, with `entity_id`.
    opted_out
        `entity_id`, from `Run.spread_opt_outs`.
    """
    theirs = details["entity_id"].isin(opted_out["entity_id"].unique()).to_numpy()
    shown = _kept(placed.places, np.flatnonzero(~theirs))
    apart = _kept(placed.places, np.flatnonzero(theirs))
    apart.insert(0, "local_id", details["local_id"].array[theirs])
    return {SHOWN: shown, APART: apart, LEARNED: placed.learned.table()}


def _kept(places: pd.DataFrame, rows: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return some rows as they are kept; digests signed, as the door has whole numbers."""
    content, at_home = (places[name].to_numpy()[rows] for name in ROW)
    columns = {
        "content": content.view(np.int64),
        "at_home": at_home,
        "uprn": without_others(places["uprn"].take(rows)),
        "probability": places["probability"].to_numpy()[rows],
        "how": places["how"].array[rows],
        "counted_off": without_others(places["counted_off"].take(rows)),
    }
    return pd.DataFrame(columns, copy=False)


def _worded(codes: npt.NDArray[np.integer], words: npt.NDArray[np.object_]) -> pd.Categorical:
    """Return the words that numbers stand for, each different; missing where one is −1."""
    return named(codes, pd.Index(words, dtype="string"))  # texts, even where there is none


def place(
    details: pd.DataFrame,
    gazetteer: pd.DataFrame | AddressIndex,
    kept: Mapping[str, pd.DataFrame] | None = None,
) -> Placed:
    """Find the property of each row, and as whom there it is counted off.

    Parameters
    ----------
    details
        From `details.details`.
    gazetteer
        The gazetteer as loaded, or its index.
    kept
        Of the last build, from `handed_on`, found by the same rules; empty or left out, all is
        found anew.
    """
    return _placed(details, gazetteer, kept, row_digests(details, SAYS))


def _placed(
    details: pd.DataFrame,
    gazetteer: pd.DataFrame | AddressIndex,
    kept: Mapping[str, pd.DataFrame] | None,
    content: Digests,
) -> Placed:
    if kept:
        placed = _from_kept(details, gazetteer, kept, content)
    else:
        placed = _in_full(details, gazetteer, content)
    give_back()
    return placed


def _in_full(
    details: pd.DataFrame, gazetteer: pd.DataFrame | AddressIndex, content: Digests
) -> Placed:
    # What rows say hangs on no property: another process codes it while these are looked for.
    beside = Beside(
        lambda: (said_of(details), short_names(details)), worth_it=len(details) >= MANY_ROWS
    )
    matched = match_addresses(_lines(details), gazetteer)
    home, homes = numbered(matched["uprn"].to_numpy(dtype=object))
    uprn = pd.Series(named(home, pd.Index(homes, dtype="string")), index=details.index)
    said, aliases = beside.result()
    told = counted_off(details, uprn, liable=_LIABLE, aliases=aliases, said=said)
    found: dict[str, Any] = {"uprn": uprn.array, **matched[["probability", "how"]]}
    found["counted_off"] = _worded(*numbered(told.words.to_numpy(dtype=object)))
    return Placed(_table(details, found, content, home.astype(np.int32)), told.learned)


def _from_kept(
    details: pd.DataFrame,
    gazetteer: pd.DataFrame | AddressIndex,
    kept: Mapping[str, pd.DataFrame],
    content: Digests,
) -> Placed:
    then, learned = (
        PlacesOfThen.of_tables(kept[SHOWN], kept[APART]),
        Learned.of_table(kept[LEARNED]),
    )
    index = gazetteer if isinstance(gazetteer, AddressIndex) else AddressIndex.of(gazetteer)
    row = then.places_of(content)
    new = np.flatnonzero(row < 0)
    matched = match_addresses(_lines(details.iloc[new]), index)
    home, homes = then.homes_now(row, matched["uprn"])
    uprn = pd.Series(named(home, homes), index=details.index)
    again = np.flatnonzero(then.stirred(row, home))
    told = counted_off(details.iloc[again], uprn.iloc[again], liable=_LIABLE, learned=learned)
    word = at_places(then.word, row, -1)
    own, words = numbered(told.words.to_numpy(dtype=object))
    word[again] = np.where(own < 0, -1, own + len(then.words))
    same, words = numbered(np.concatenate([then.words, words]))
    counted = _worded(at_places(same, word, -1), words)
    probability = at_places(then.probability, row, 0.0)
    probability[new] = matched["probability"]
    how = at_places(then.how, row, -1)
    how[new] = matched["how"].cat.codes
    hows = pd.Categorical.from_codes(how, dtype=HOWS)  # type: ignore[arg-type]
    found = {"uprn": uprn.array, "probability": probability, "how": hows, "counted_off": counted}
    return Placed(_table(details, found, content, home), learned)


def _lines(details: pd.DataFrame) -> pd.DataFrame:
    return details[WRITTEN].assign(id=np.arange(len(details)))


def _table(
    details: pd.DataFrame, found: Mapping[str, Any], content: Digests, home: Numbers
) -> pd.DataFrame:
    rows = np.bincount(home[home >= 0]).astype(np.int32)
    columns = {
        "dataset": details["dataset"].array,
        "row_id": details["row_id"].array,
        **found,
        "content": content,
        "at_home": at_places(rows, home, 0),
    }
    return pd.DataFrame(columns, copy=False)
