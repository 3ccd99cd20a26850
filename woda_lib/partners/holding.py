"""Holding delivered rows to their contract, with every row accounted for.

Each delivered row ends in exactly one of four places, and the counts say how many in which:

=============  ====================================================================================
kept           the newest accepted row of its key
quarantined    it broke a rule; it lies in quarantine with file, line, column and rule
superseded     a later delivery brought the same key again, changed or not
duplicates     the same key and row, letter for letter, stood in the same delivery already
=============  ====================================================================================

Of the rows that are kept, those whose later delivery was refused are counted as *outdated*: they
are the best that is known, and no longer right.

Each kept row knows ``delivered_on``: the day on which it first came as it stands. A file that is
delivered again under another day changes no row and no such day, and only counts as superseded.
It knows ``last_delivered_on`` as well, the day of the last delivery that held it: where a partner
sends all it has each time, what has gone from it is in no later one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.partners.agreements import DELIVERED_ON, LAST_DELIVERED_ON
from woda_lib.partners.contracts import Contract
from woda_lib.partners.folder import Delivery
from woda_lib.partners.newest import Newest, newest_of
from woda_lib.partners.numbers import numbers_of
from woda_lib.partners.parsing import BLANKED, FAULTS, parse
from woda_lib.partners.reading import STRAY, WRONG_WIDTH, RawFile
from woda_lib.records import RowCounts

QUARANTINE_COLUMNS = ["partner", "file", "line", "column", "rule", "message", "outcome", "raw_row"]
REFUSED, BLANKED_VALUE = "row refused", "value blanked"
_DELIVERY = ["partner", "file", DELIVERED_ON]
_ORIGIN = [*_DELIVERY, "line", "raw_row"]
_MESSAGES = {
    WRONG_WIDTH: "the row has more or fewer cells than the heading",
    STRAY: "a quotation mark is not closed on its line, and swallows the rows around it",
    "key_given_twice": "two different rows of one delivery have this key",
    "too_long": "is longer than any real value",
    "out_of_range": "lies outside the agreed range",
}


@dataclass(frozen=True)
class Loaded:
    """The accepted rows of a dataset.

    Attributes
    ----------
    dataset : str
    frame : DataFrame
        ``partner``, the permitted columns, in the contract's types, ``delivered_on`` and
        ``last_delivered_on``; ordered by partner and key.
    counts : RowCounts
    files : tuple of Path
    quarantine : DataFrame
        `QUARANTINE_COLUMNS`; a row a fault, so a row of a file may stand here more than once.
    by_file : DataFrame
        ``partner, file`` and the counts of each file.
    """

    dataset: str
    frame: pd.DataFrame
    counts: RowCounts
    files: tuple[Path, ...]
    quarantine: pd.DataFrame
    by_file: pd.DataFrame


@dataclass(frozen=True)
class Held:
    """Delivered rows, each judged by itself: whether it is accepted does not hang on later files.

    Attributes
    ----------
    contract : Contract
    files : tuple of (Delivery, int)
        The oldest first, and how many rows each has.
    typed : DataFrame
        Rows as delivered that fit the heading, without repetitions, in the contract's types, with
        ``partner, file, delivered_on``. The index is a row's position.
    faults : DataFrame
        ``position, column, rule`` and, of its row, ``partner, file, line, raw_row``.
    repeated : DataFrame
        ``partner, file``: a row for each that stood in the same delivery already.
    misshapen : DataFrame
        Rows that do not fit the heading, as quarantine has them.
    """

    contract: Contract
    files: tuple[tuple[Delivery, int], ...]
    typed: pd.DataFrame
    faults: pd.DataFrame
    repeated: pd.DataFrame
    misshapen: pd.DataFrame

    def loaded(self, by: date | None = None) -> Loaded:
        """Return the accepted rows: all that is known, or what had been delivered by a day."""
        contract, held = self.contract, self if by is None else self.delivered_by(by)
        refused = ~held.faults["rule"].isin(BLANKED)
        unsound = held.typed.index.isin(held.faults.loc[refused, "position"])
        newest = newest_of(
            held.typed, np.flatnonzero(~unsound), key=contract.key, columns=[*contract.columns]
        )
        few = held.typed[[*_DELIVERY, contract.key]]
        described = _described(held.faults, contract)
        quarantine = pd.concat([described, held.misshapen], ignore_index=True)
        quarantine = quarantine.astype({"line": "int64"})
        by_file = _counted(
            held.files,
            kept=few.iloc[newest.places],
            outdated=_outdated(few.iloc[newest.places], few[unsound], contract),
            superseded=few.iloc[newest.superseded],
            duplicates=held.repeated,
            quarantine=quarantine,
        )
        return Loaded(
            dataset=contract.dataset,
            frame=_frame(held.typed, newest, contract),
            counts=RowCounts(**by_file.drop(columns=["partner", "file"]).sum().astype(int)),
            files=tuple(item.path for item, _ in held.files),
            quarantine=quarantine.sort_values(["partner", "file", "line"], ignore_index=True),
            by_file=by_file,
        )

    def followed_by(self, later: Held) -> Held:
        """Return these files and later ones as one, as if they had been held together."""
        first = 0 if self.typed.empty else int(self.typed.index[-1]) + 1
        typed = later.typed.set_axis(later.typed.index + first)
        faults = later.faults.assign(position=later.faults["position"] + first)
        both = {
            "faults": (self.faults, faults),
            "repeated": (self.repeated, later.repeated),
            "misshapen": (self.misshapen, later.misshapen),
        }
        return Held(
            contract=self.contract,
            files=(*self.files, *later.files),
            typed=pd.concat([self.typed, typed]),
            **{name: _one_of(two) for name, two in both.items()},
        )

    def delivered_by(self, by: date) -> Held:
        """Return what is held of the files that had been delivered by a day."""
        return self.only([item for item, _ in self.files if item.delivered_on <= by])

    def only(self, deliveries: Sequence[Delivery]) -> Held:
        """Return what is held of some of the files."""
        names = {item.name for item in deliveries}

        def of_them(rows: pd.DataFrame) -> pd.DataFrame:
            return rows[(rows["partner"] + "/" + rows["file"]).isin(names).to_numpy(bool)]

        return Held(
            contract=self.contract,
            files=tuple((item, rows) for item, rows in self.files if item.name in names),
            typed=of_them(self.typed),
            faults=of_them(self.faults),
            repeated=of_them(self.repeated),
            misshapen=of_them(self.misshapen),
        )


def hold(raw: Sequence[tuple[Delivery, RawFile]], contract: Contract) -> Held:
    """Hold files that have been read to their contract, the oldest first."""
    rows = _gathered(raw, contract)
    again = _given_again(rows, ["file", "partner", contract.key])
    duplicate = again.copy()
    same = numbers_of(rows[again], ["file", "partner", "raw_row"])
    duplicate[again] = pd.Series(same).duplicated().to_numpy()
    candidates = rows[~duplicate]
    read, unread, beyond = parse(candidates, contract)
    typed = pd.concat([candidates[_DELIVERY], read], axis=1, copy=False)
    refused = typed.index.isin(unread.loc[~unread["rule"].isin(BLANKED), "position"])
    found = [
        unread,
        _broken_rules(typed[~refused] if refused.any() else typed, contract),
        beyond[~beyond["position"].isin(typed.index[refused])],
        _conflicts(typed[again[~duplicate]], contract),
    ]
    faults = pd.concat(found, ignore_index=True)
    origin = rows[["partner", "file", "line", "raw_row"]].loc[faults["position"].to_numpy()]
    origin = origin.astype({"raw_row": object}).set_axis(faults.index)
    return Held(
        contract=contract,
        files=tuple((item, len(file.rows) + len(file.misshapen)) for item, file in raw),
        typed=typed,
        faults=faults.join(origin),
        repeated=rows.loc[duplicate, ["partner", "file"]],
        misshapen=_misshapen(raw),
    )


def _one_of(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put tables together; an empty one, whose columns have no types, is left out."""
    filled = [table for table in tables if len(table)] or [tables[0]]
    return pd.concat(filled, ignore_index=True)


def _frame(typed: pd.DataFrame, newest: Newest, contract: Contract) -> pd.DataFrame:
    """Return the newest rows, each column taken once."""
    senders, names = pd.factorize(typed["partner"])
    last = typed[DELIVERED_ON].array.take(newest.places)
    days = {DELIVERED_ON: newest.since, LAST_DELIVERED_ON: last}
    columns = {name: typed[name].array.take(newest.places) for name in contract.columns}
    sent = pd.array([*names], dtype="string").take(senders[newest.places])
    return pd.DataFrame({"partner": sent, **columns, **days}, copy=False)


def _gathered(raw: Sequence[tuple[Delivery, RawFile]], contract: Contract) -> pd.DataFrame:
    if not raw:
        return pd.DataFrame(columns=[*_ORIGIN, *contract.columns])
    # All at once: of hundreds of small files, three columns each would take longer than to read it.
    rows = pd.concat([file.rows for _, file in raw], ignore_index=True)
    lengths = [len(file.rows) for _, file in raw]
    days = pd.DatetimeIndex([item.delivered_on for item, _ in raw]).as_unit("ns")
    return rows.assign(
        partner=np.repeat(np.array([item.partner for item, _ in raw], dtype=object), lengths),
        file=np.repeat(np.array([item.path.name for item, _ in raw], dtype=object), lengths),
        delivered_on=days.repeat(lengths),
    )


def _misshapen(raw: Sequence[tuple[Delivery, RawFile]]) -> pd.DataFrame:
    frames = [
        file.misshapen.assign(
            partner=item.partner,
            file=item.path.name,
            column="",
            message=file.misshapen["rule"].map(_MESSAGES),
            outcome=REFUSED,
        )
        for item, file in raw
        if len(file.misshapen)
    ]
    empty = pd.DataFrame(columns=QUARANTINE_COLUMNS)
    return pd.concat(frames, ignore_index=True)[QUARANTINE_COLUMNS] if frames else empty


def _broken_rules(readable: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Hold rows that could be read to the rules over several columns; the others are refused."""
    cases = contract.broken(readable)
    columns = {rule.name: rule.column for rule in contract.rules}
    return pd.DataFrame(
        {"position": cases["index"], "column": cases["check"].map(columns), "rule": cases["check"]}
    )


def _given_again(rows: pd.DataFrame, columns: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Say which rows are not alone in what stands in some columns of texts."""
    return pd.Series(numbers_of(rows, columns)).duplicated(keep=False).to_numpy(dtype=bool)


def _conflicts(typed: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Return different rows of one key, out of those whose key stands twice in a delivery."""
    again = _given_again(typed, ["partner", "file", contract.key])
    twice = typed[contract.key].notna().to_numpy(dtype=bool) & again
    return pd.DataFrame(
        {"position": typed.index[twice], "column": contract.key, "rule": "key_given_twice"}
    )


def _described(found: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    says = {rule.name: f"broken: {rule.says}" for rule in contract.rules} | FAULTS | _MESSAGES
    outcome = found["rule"].isin(BLANKED).map({True: BLANKED_VALUE, False: REFUSED})
    return found.assign(message=found["rule"].map(says), outcome=outcome)[QUARANTINE_COLUMNS]


def _outdated(kept: pd.DataFrame, refused: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Kept rows of which a later delivery was refused: what they say is no longer so."""
    if refused.empty:
        return kept.iloc[:0]
    key = ["partner", contract.key]
    latest = refused.dropna(subset=[contract.key]).groupby(key)["delivered_on"].max()
    kept = kept[kept[contract.key].isin(latest.index.get_level_values(contract.key))]
    later = kept.join(latest.rename("refused_on"), on=key)["refused_on"]
    return kept[later > kept["delivered_on"]]


def _counted(
    files: Sequence[tuple[Delivery, int]],
    *,
    kept: pd.DataFrame,
    outdated: pd.DataFrame,
    superseded: pd.DataFrame,
    duplicates: pd.DataFrame,
    quarantine: pd.DataFrame,
) -> pd.DataFrame:
    refused = quarantine[quarantine["outcome"] == REFUSED].drop_duplicates(
        ["partner", "file", "line"]
    )
    blanked = quarantine[quarantine["outcome"] == BLANKED_VALUE]
    table = pd.DataFrame(
        {
            "partner": [item.partner for item, _ in files],
            "file": [item.path.name for item, _ in files],
            "delivered": [rows for _, rows in files],
        }
    ).astype({"partner": object, "file": object, "delivered": "int64"})
    for name, rows in (
        ("kept", kept),
        ("quarantined", refused),
        ("superseded", superseded),
        ("duplicates", duplicates),
        ("blanked_values", blanked),
        ("outdated", outdated),
    ):
        counted = rows.groupby(["partner", "file"]).size().rename(name)
        table = table.join(counted, on=["partner", "file"])
        table[name] = table[name].fillna(0).astype("int64")
    return table
