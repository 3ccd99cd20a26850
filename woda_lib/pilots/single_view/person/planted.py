"""How well people are found: searches as people type them, for people who are known to be there.

Each search is made of what the store holds of one person, and altered as whoever asks would: a
letter wrong, a nickname, names the wrong way round, half a birth date, a former address. It is
right where that person is found. Only a made-up county is measured so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from woda_lib.notebook import Run
from woda_lib.pilots.single_view.store import Store

KINDS = {
    "spelling": "A letter of the surname wrong, and the year of birth",
    "nickname": "A nickname, the surname and the year of birth",
    "swapped": "Surname and forename the wrong way round, and a whole birth date",
    "partial": "Forename, surname, and month and year of birth",
    "old_address": "Forename, surname and a former address, no birth date",
}
FIRST = 5
PLANTED = "Measuring how well a search finds people of a made-up county"
"""The reason that planted searches go on the record with."""

_SOMEBODY = """
SELECT p.entity_id, p.forename, p.surname, p.date_of_birth, h.address AS former
FROM persons p LEFT JOIN (
    SELECT r.entity_id, arg_max(q.address, r.ends) AS address
    FROM residences r JOIN properties q USING (uprn)
    WHERE r.ends < $day AND NOT r.elsewhere GROUP BY 1) h USING (entity_id)
WHERE p.forename IS NOT NULL AND length(p.surname) > 3 AND p.date_of_birth IS NOT NULL
  AND p.died_on IS NULL
ORDER BY md5(p.entity_id || $salt)
LIMIT $most
"""
_CANDIDATES = 40  # as many times the sample, so that enough have a nickname or a former address


@dataclass(frozen=True)
class Planted:
    """A search whose right answer is known."""

    kind: str
    typed: str
    entity_id: str


def planted_searches(
    store: Store, nicknames: Mapping[str, str], *, day: date, sample: int, seed: int
) -> list[Planted]:
    """Return searches, so many of each of `KINDS` as far as there are people for them.

    Parameters
    ----------
    store
        Of a made-up county.
    nicknames
        Forename to its nicknames, divided by blanks.
    day
        As of which addresses are former ones.
    sample
        How many of each kind.
    seed
        For who is searched for, and what is altered.
    """
    people = store.counted(
        _SOMEBODY, day=pd.Timestamp(day), salt=str(seed), most=sample * _CANDIDATES
    )
    rng = np.random.default_rng(seed)
    short = people["forename"].map(lambda name: nicknames.get(name, ""))
    typed = {
        "spelling": people["forename"]
        + " "
        + people["surname"].map(lambda name: _misspelt(name, rng))
        + people["date_of_birth"].dt.strftime(" %Y"),
        "nickname": short.str.split().str[0]
        + " "
        + people["surname"]
        + people["date_of_birth"].dt.strftime(" %Y"),
        "swapped": people["surname"]
        + " "
        + people["forename"]
        + people["date_of_birth"].dt.strftime(" %d/%m/%Y"),
        "partial": people["forename"]
        + " "
        + people["surname"]
        + people["date_of_birth"].dt.strftime(" %B %Y"),
        "old_address": people["forename"] + " " + people["surname"] + " " + people["former"],
    }
    found = []
    for kind, searches in typed.items():
        chosen = searches.dropna().head(sample)
        ids = people.loc[chosen.index, "entity_id"]
        found += [Planted(kind, text, who) for text, who in zip(chosen, ids, strict=True)]
    return found


def search_quality(
    run: Run, store: Store, nicknames: Mapping[str, str], *, sample: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Plant searches and measure them; see `planted_searches` and `measured`.

    Each is on the record like any other search, with a reason of its own.
    """
    planted = planted_searches(store, nicknames, day=run.as_of, sample=sample, seed=seed)

    def find(typed: str) -> list[str]:
        return store.search(typed, reason=PLANTED, limit=FIRST)["entity_id"].tolist()

    return measured(planted, find)


def measured(
    searches: Sequence[Planted], find: Callable[[str], Sequence[str]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure how often the right person comes first, and among the first five.

    Parameters
    ----------
    searches
        From `planted_searches`.
    find
        Returns the identifiers that a search finds, the likeliest first.

    Returns
    -------
    by_kind : DataFrame
        ``search, searches, first, first_five``: shares in %, the last row all together.
    overall : DataFrame
        ``name, value, low, high``: the same shares with their 95% intervals (Wilson), for
        `Run.value`.
    """
    ranks = pd.DataFrame(
        {
            "kind": [each.kind for each in searches],
            "rank": [_rank(find(each.typed), each.entity_id) for each in searches],
        }
    )
    rows = [(KINDS[kind], ranks[ranks["kind"] == kind]) for kind in KINDS]
    table = pd.DataFrame(
        [(said, *_shares(of)) for said, of in [*rows, ("All together", ranks)] if len(of)],
        columns=["search", "searches", "first", "first_five"],
    )
    overall = [
        (name, label, *_interval(int((ranks["rank"] <= most).sum()), len(ranks)))
        for name, label, most in (
            ("found_first", "Planted searches that find the right person first", 1),
            ("found_among_five", f"Planted searches with the person in the first {FIRST}", FIRST),
        )
    ]
    return table, pd.DataFrame(overall, columns=["name", "label", "value", "low", "high"])


def _rank(found: Sequence[str], wanted: str) -> float:
    places = [place for place, each in enumerate(found, 1) if each == wanted]
    return places[0] if places else float("inf")


def _shares(of: pd.DataFrame) -> tuple[int, float, float]:
    return len(of), 100 * (of["rank"] <= 1).mean(), 100 * (of["rank"] <= FIRST).mean()


def _interval(hits: int, number: int) -> tuple[float, float, float]:
    low, high = proportion_confint(hits, number, method="wilson")
    return 100 * hits / number, 100 * low, 100 * high


def _misspelt(name: str, rng: np.random.Generator) -> str:
    """Leave a letter out, put one in twice, change two round, or write another for one."""
    at = int(rng.integers(1, len(name) - 1))
    match int(rng.integers(4)):
        case 0:
            return name[:at] + name[at + 1 :]
        case 1:
            return name[:at] + name[at] + name[at:]
        case 2:
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        case _:
            return name[:at] + "aeiou"[int(rng.integers(5))] + name[at + 1 :]
