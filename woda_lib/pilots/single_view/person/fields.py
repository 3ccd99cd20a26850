"""Every value of every field of a person: who gave it, when, and on what sources disagree.

A source is one number by which a partner knows the person. What it said before it said something
else is past, and so is an address that it says no longer holds. Whether sources disagree, the store
tells; a past value is no disagreement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from woda_lib.pilots.single_view.person.lines import FieldLine, Source, Value
from woda_lib.pilots.single_view.person.words import (
    ETHNIC_GROUPS,
    FIELDS,
    SEXES,
    as_day,
    say_day,
    text_of,
)
from woda_lib.pilots.single_view.store import Person

_CODES = {"sex": SEXES, "ethnic_group": ETHNIC_GROUPS}
_NOTHING_SAID = {"sex": {"U"}, "ethnic_group": {"Z"}}
_WHERE = ("address", "postcode")
_NUMBER = ["dataset", "local_id"]


def field_lines(person: Person, sources: Mapping[tuple, Source]) -> tuple[FieldLine, ...]:
    """Return every field with its values, the best view first, then the newest.

    Parameters
    ----------
    person
        From the store.
    sources
        Who the sources are, by dataset and number.
    """
    differing = set(person.conflicts["field"])
    if "uprn" in differing:  # two properties are two addresses, however they are written
        differing.add("address")
    return tuple(_lines(person, sources, differing))


def _lines(
    person: Person, sources: Mapping[tuple, Source], differing: set[str]
) -> Iterator[FieldLine]:
    values = person.values  # noqa: PD011 (a table of the store's)
    for name, title in FIELDS.items():
        said = values[values["field"] == name]
        said = said[~said["value"].isin(_NOTHING_SAID.get(name, set()))]
        if said.empty:
            continue
        newest = said.drop_duplicates(_NUMBER)  # the store has the newest first
        if name in _WHERE:
            newest = newest[newest["until"].isna() | (newest["until"] >= person.on)]
        forms = said["value"].str.casefold().str.replace(r"[\W_]+", "", regex=True)
        found = [
            _value(name, here, newest.index, sources)
            for _, here in said.groupby(forms.to_numpy(), sort=False)
        ]
        yield FieldLine(title, tuple(sorted(found, key=_order)), name in differing)


def _value(
    name: str, here: pd.DataFrame, newest: pd.Index, sources: Mapping[tuple, Source]
) -> Value:
    latest = here.drop_duplicates(_NUMBER)
    now = latest.index.isin(newest)
    given = []
    for row, current in zip(latest.to_dict("records"), now, strict=True):
        known = sources[(row["dataset"], row["local_id"])]
        day = as_day(row["on"])
        given.append(Source(known.partner, known.dataset, known.number, day, bool(current)))
    return Value(
        words=_said(name, str(latest["value"].iloc[0])),
        sources=tuple(given),
        best=bool(here["best"].any()),
        current=bool(now.any()),
    )


def _order(value: Value) -> tuple:
    newest = max((each.on.toordinal() for each in value.sources if each.on), default=0)
    return not value.best, not value.current, -newest, value.words


def _said(name: str, text: str) -> str:
    if name in _CODES:
        return _CODES[name].get(text, text)
    if name == "date_of_birth":
        return say_day(date.fromisoformat(text))
    return spaced(text) if name == "nhs_number" else text


def spaced(number: object) -> str:
    """Return an NHS number as people read it: 943 476 5919."""
    text = text_of(number)
    return f"{text[:3]} {text[3:6]} {text[6:]}" if len(text) == 10 else text
