"""What enterprises are called: registered names, names over the door, names of those who trade."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.addresses import STREET_FIRST
from woda_lib.synthetic.businesses.sectors import SECTORS
from woda_lib.synthetic.draws import add_days, as_days, days_between, take, weighted
from woda_lib.synthetic.names import draw_forenames, draw_surnames
from woda_lib.synthetic.population import NOT_A_DAY

SUFFIXES: Final = ("LIMITED", "LTD", "LTD.", "LLP")
_SUFFIX_SHARES = (0.46, 0.49, 0.03, 0.02)
_STEM_SHARES = (0.34, 0.33, 0.11, 0.22)
_AFTER_SURNAME, _AFTER_SHARES = ("", " & Sons", " & Co", " Brothers", " & Daughters"), (
    0.82, 0.10, 0.04, 0.03, 0.01,
)  # fmt: skip
_PLACE_AFTER, _PLACE_SHARES = ("", " Valley", " Vale", " Hill", " Bridge", "side", " Green"), (
    0.55, 0.13, 0.08, 0.08, 0.06, 0.06, 0.04,
)  # fmt: skip
_SYLLABLES_FIRST = (
    "Nova Alta Bri Cor Dyna Evo Flexi Glo Hydra Inno Lumi Maxi Neo Opti Pro Quan Syn Tri Vero Zen "
    "Axi Ver Sola Kin Mer Prim Arc Vec Omni Tele"
).split()
_SYLLABLES_LAST = (
    "tec tek vance dex nex lux line max form core flow grid con sys ra via dyne tron ware point"
).split()
_BOTH_WORDS = 0.35  # of invented names, that are followed by a place
_GROUP_WORDS = ("Holdings", "Properties", "Group", "Developments", "Management", "Plant Hire")
_DOORS: Final = {
    "shop": ("Corner Shop;Village Stores;Penny Farthing;Bluebell;Treasure Chest;Little Acorns;"
             "Wishing Well;Top Drawer;Ribbon Box;Market Stall;Daisy Chain;Old Post Office"),
    "salon": ("Shear Bliss;Cutting Room;Head Start;Mirror Mirror;Gentry;Velvet;Halo;Salon 21;"
              "Blades;Hair Lounge;Serenity;Copper & Co"),
    "restaurant": ("Copper Kettle;Olive Tree;Spice Garden;Bay Tree;Saffron;Pear Tree;Bengal Lounge;"
                   "Old Bakehouse;Lemon Grass;Mulberry;Blue Plate;Orangery;Taj;Garden Room"),
    "takeaway": ("Golden Dragon;Pizza Corner;Happy Garden;Jade House;Neptune;Codfather;Lucky Star;"
                 "Charcoal Grill;Mr Chippy;Oriental Express;Bella Pizza;Royal Balti"),
}  # fmt: skip
_ADJECTIVES = ("", "The ", "New ", "The Old ")
_ADJECTIVE_SHARES = (0.45, 0.43, 0.06, 0.06)
_RENAMED, _RENAMED_TWICE = 0.09, 0.02
_OTHER_PLACES = (" (Midlands)", " (Worcs)", " UK", " Group", " 2000", " (Severn)", " Services")


def name_enterprises(table: pd.DataFrame, as_of: np.datetime64, rng: Generator) -> pd.DataFrame:
    """Name every enterprise.

    Returns
    -------
    pandas.DataFrame
        As long as `table`: ``stem``, ``noun``, ``name`` (as registered, in capitals, with its
        suffix; of those who trade their own names), ``trading`` (over the door), ``forename,
        surname, partner`` (of those who trade; empty for others), ``previous_1, previous_1_until,
        previous_2, previous_2_until`` (names before, the newest first).
    """
    n = len(table)
    use = np.array([SECTORS[at].use for at in table["sector"]], dtype=object)
    stem = _stems(n, rng)
    noun = _nouns(table["sector"].to_numpy(), rng)
    person = table["legal_form"].isin(["sole_trader", "partnership"]).to_numpy()
    forename, surname, partner = _people(table, person, rng)
    member = table["kind"].eq("group_member").to_numpy()
    head_of = table.loc[table["is_head"]].reset_index().set_index("group")["index"]
    heads = table.loc[member, "group"].map(head_of).to_numpy(dtype=np.int64)
    stem[member] = stem[heads]
    noun[member] = take(_GROUP_WORDS, rng.integers(len(_GROUP_WORDS), size=member.sum()))
    plain = stem + " " + noun
    plain = _no_two_alike(plain, table["kind"].ne("phoenix").to_numpy() & ~person)
    plain = _phoenixes(plain, table, stem, noun, rng)
    suffix = take(SUFFIXES, weighted(rng, n, _SUFFIX_SHARES))
    llp = np.isin(noun, ("Solicitors", "Accountants", "Law", "Consulting Engineers"))
    suffix = np.where((suffix == "LLP") & ~llp, "LTD", suffix)
    suffix = np.where(table["kind"].eq("charity"), "LIMITED", suffix)
    name = pd.Series(plain + " " + suffix, dtype=object).str.upper().to_numpy(dtype=object)
    public = table["legal_form"].eq("public").to_numpy()
    own = np.where(partner != "", forename + " " + surname + " & " + partner, "")
    own = np.where(partner == "", forename + " " + surname, own)
    name = np.where(person, own, np.where(public, plain, name)).astype(object)
    trading = _over_the_door(plain, use, surname, noun, person, table, rng)
    names = pd.DataFrame(
        {
            "stem": stem, "noun": noun, "name": name, "trading": trading,
            "forename": forename, "surname": surname, "partner": partner,
        }
    )  # fmt: skip
    return names.join(_former_names(names, table, as_of, person | public, rng))


def _stems(n: int, rng: Generator) -> np.ndarray:
    surname = draw_surnames(rng, np.zeros(n, dtype=np.int64))
    surname = surname + take(_AFTER_SURNAME, weighted(rng, n, _AFTER_SHARES))
    place = take(STREET_FIRST, rng.integers(len(STREET_FIRST), size=n))
    place = place + take(_PLACE_AFTER, weighted(rng, n, _PLACE_SHARES))
    letters = list("ABCDEFGHJKLMNPRSTW")
    initials = [take(letters, rng.integers(len(letters), size=n)) for _ in range(3)]
    pair = rng.random(n) < 0.4
    joined = np.where(
        pair, initials[0] + " & " + initials[1], initials[0] + initials[1] + initials[2]
    )
    made = take(_SYLLABLES_FIRST, rng.integers(len(_SYLLABLES_FIRST), size=n))
    made = made + take(_SYLLABLES_LAST, rng.integers(len(_SYLLABLES_LAST), size=n))
    more = take(STREET_FIRST, rng.integers(len(STREET_FIRST), size=n))
    made = np.where(rng.random(n) < _BOTH_WORDS, made + " " + more, made)
    kind = weighted(rng, n, _STEM_SHARES)
    out: np.ndarray = np.choose(kind, [surname, place, joined, made]).astype(object)
    return out


def _nouns(sector: np.ndarray, rng: Generator) -> np.ndarray:
    out = np.empty(len(sector), dtype=object)
    for at in np.unique(sector):
        rows = np.flatnonzero(sector == at)
        words = SECTORS[at].called
        out[rows] = take(words, rng.integers(len(words), size=len(rows)))
    return out


def _people(
    table: pd.DataFrame, person: np.ndarray, rng: Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Names of those who trade, who are nobody of the county's residents."""
    out = [np.full(len(table), "", dtype=object) for _ in range(3)]
    rows = np.flatnonzero(person)
    n = len(rows)
    community = weighted(rng, n, (0.74, 0.03, 0.06, 0.06, 0.06, 0.02, 0.03))
    year = rng.integers(1950, 2000, n)
    surname = draw_surnames(rng, community)
    for place, values in (
        (0, draw_forenames(rng, community.copy(), rng.random(n) < 0.42, year)),
        (1, surname),
        (2, draw_forenames(rng, community.copy(), rng.random(n) < 0.42, year)),
    ):
        out[place][rows] = values
    other = draw_surnames(rng, community)
    family = rng.random(n) < 0.6
    out[2][rows] = out[2][rows] + " " + np.where(family, surname, other)
    out[2][table["legal_form"].ne("partnership").to_numpy()] = ""
    return out[0], out[1], out[2]


def _no_two_alike(plain: np.ndarray, matters: np.ndarray) -> np.ndarray:
    """Tell names apart that are the same: no two companies may be registered under one."""
    plain = plain.copy()
    for turn in range(40):
        lower = pd.Series(plain, dtype=object).str.lower()
        again = lower.duplicated().to_numpy() & matters
        if not again.any():
            break
        more = _OTHER_PLACES[turn] if turn < len(_OTHER_PLACES) else f" {turn}"
        plain[again] = plain[again] + more
    return plain


def _phoenixes(
    plain: np.ndarray, table: pd.DataFrame, stem: np.ndarray, noun: np.ndarray, rng: Generator
) -> np.ndarray:
    """Name each phoenix nearly like the company before it, in the order of days."""
    plain = plain.copy()
    year = table["born"].dt.year.astype(str).to_numpy(dtype=object)
    turn = rng.integers(4, size=len(table))
    for rows, old in _generations(table):
        stem[rows], noun[rows] = stem[old], noun[old]
        before = plain[old]
        forms = [
            before + " (" + year[rows] + ")",
            "The " + before + " Company",
            "New " + before,
            before + " Worcestershire",
        ]
        plain[rows] = np.choose(turn[rows], forms)
    return plain


def _generations(table: pd.DataFrame) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield phoenixes and the companies before them, those that follow a phoenix after it."""
    predecessor = table["predecessor"].to_numpy()
    left = np.flatnonzero(predecessor >= 0)
    while len(left):
        waits = np.isin(predecessor[left], left)
        yield left[~waits], predecessor[left[~waits]]
        left = left[waits]


def _over_the_door(
    plain: np.ndarray,
    use: np.ndarray,
    surname: np.ndarray,
    noun: np.ndarray,
    person: np.ndarray,
    table: pd.DataFrame,
    rng: Generator,
) -> np.ndarray:
    """The name that customers know; shops and kitchens often have one of their own."""
    door = plain.copy()
    n = len(plain)
    own = rng.random(n)
    for kind, listed in _DOORS.items():
        options = listed.split(";")
        rows = np.flatnonzero((use == kind) & (own < np.where(person, 0.75, 0.45)))
        before = take(_ADJECTIVES, weighted(rng, len(rows), _ADJECTIVE_SHARES))
        door[rows] = before + take(options, rng.integers(len(options), size=len(rows)))
    rest = person & (door == plain)
    door[rest] = surname[rest] + "'s " + noun[rest]
    for rows, old in _generations(table):
        door[rows] = door[old]  # the sign stays up
    return door


def _former_names(
    names: pd.DataFrame,
    table: pd.DataFrame,
    as_of: np.datetime64,
    never: np.ndarray,
    rng: Generator,
) -> pd.DataFrame:
    n = len(names)
    born = as_days(table["born"])
    last = np.minimum(as_days(table["died"]), as_of)
    span = np.maximum(days_between(born, last), 2)
    chance = rng.random(n)
    once = (chance < _RENAMED) & ~never & (span > 200)
    twice = (chance < _RENAMED_TWICE) & once
    until = add_days(born, 60 + np.floor(rng.random(n) * (span - 120)))
    earlier = add_days(born, 20 + np.floor(rng.random(n) * 0.9 * days_between(born, until - 21)))
    same_stem = rng.random(n) < 0.4
    others = _stems(n, rng)
    nouns = _nouns(table["sector"].to_numpy(), rng)
    firsts = np.where(same_stem, names["stem"], others) + " " + nouns
    seconds = others + " " + names["noun"].to_numpy(dtype=object) + " Services"
    out = {}
    for number, which, day, words in ((1, once, until, firsts), (2, twice, earlier, seconds)):
        upper = pd.Series(words + " LIMITED", dtype=object).str.upper()
        out[f"previous_{number}"] = np.where(which, upper, "")
        out[f"previous_{number}_until"] = np.where(which, day, NOT_A_DAY)
    return pd.DataFrame(out)
