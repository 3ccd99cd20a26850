"""The part of an address before its street: flat, room or pitch, building, number."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.address_lines import FLAT_STYLES, LETTERS
from woda_lib.synthetic.draws import weighted
from woda_lib.synthetic.single_view.untidiness import HABITS

_PITCH_STYLES = (0.34, 0.22, 0.12, 0.10, 0.08, 0.07, 0.07)
_BLOCK_STYLES = (0.45, 0.25, 0.15, 0.15)
_ROOMS = {"care_home": 40, "shared": 6}
_OF_A_HOME = ("", " Care Home", " Nursing Home", " Residential Home")


def premises(
    rows: pd.DataFrame,
    street: np.ndarray,
    person: np.ndarray,
    mistyped: np.ndarray,
    rng: Generator,
) -> np.ndarray:
    """Write each address as far as its street.

    Parameters
    ----------
    rows
        Of `woda_lib.synthetic.single_view.places.draw_places`.
    street
        Of each row, as it is written.
    person
        Whose room it is, an integer.
    mistyped
        Where the number, or the flat, comes out as another.
    """
    n = len(rows)
    by_kind = {kind: np.flatnonzero(rows["kind"].eq(kind)) for kind in ("flat", "caravan")}
    number = _numbers(rows["number"].to_numpy(), mistyped & rows["kind"].ne("caravan"), rng)
    between = np.where(rng.random(n) < HABITS.comma_after_number, ", ", " ").astype(object)
    line = np.where(rows["number"].gt(0), number + between + street, "").astype(object)
    name = rows["house_name"].to_numpy(dtype=object)
    home = rows["kind"].eq("care_home").to_numpy() & (rng.random(n) < 0.2)
    suffix = np.array(_OF_A_HOME, dtype=object)[rng.integers(4, size=n)]
    already = rows["house_name"].str.endswith("Home").to_numpy()
    name = np.where(home & ~already, name + suffix, name)
    line = np.where(name != "", name + ", " + street, line)
    line = _with_other_names(rows, line, street, rng)
    line = _with_rooms(rows, line, person, rng)
    for kind, write in (("flat", _flats), ("caravan", _pitches)):
        at = by_kind[kind]
        flat = _numbers(rows["flat"].to_numpy()[at], mistyped[at] & (kind == "caravan"), rng)
        line[at] = write(rows.iloc[at], flat, number[at], street[at], rng)
    return line


def _numbers(numbers: np.ndarray, wrong: np.ndarray, rng: Generator) -> np.ndarray:
    """Numbers as text, some one or ten away."""
    slips = np.array([-10, -1, 1, 2, 10])[rng.integers(5, size=len(numbers))]
    slipped = np.where(numbers + slips > 0, numbers + slips, numbers + 1)
    return np.where(wrong, slipped, numbers).astype(str).astype(object)


def _with_other_names(
    rows: pd.DataFrame, line: np.ndarray, street: np.ndarray, rng: Generator
) -> np.ndarray:
    """*Ivy Cottage, 12 Mill Lane* or *Ivy Cottage, Mill Lane* for 12 Mill Lane."""
    other = rows["other_name"].to_numpy(dtype=object)
    draw = rng.random(len(rows))
    alone = (other != "") & (draw < HABITS.other_name_alone)
    with_number = (other != "") & ~alone
    with_number &= draw < HABITS.other_name_alone + HABITS.with_other_name
    line = np.where(with_number, other + ", " + line, line)
    return np.where(alone, other + ", " + street, line).astype(object)


def _with_rooms(
    rows: pd.DataFrame, line: np.ndarray, person: np.ndarray, rng: Generator
) -> np.ndarray:
    """*Room 7, Holly Court, Mill Lane*: where people have a room, and the property has none."""
    rooms = rows["kind"].map(_ROOMS).fillna(0).to_numpy(dtype=np.int64)
    said = (rooms > 0) & (rng.random(len(rows)) < HABITS.with_room)
    room = (1 + person % np.maximum(rooms, 1)).astype(str).astype(object)
    style = weighted(rng, len(rows), (0.6, 0.15, 0.15, 0.10))
    shown = np.choose(
        style,
        [
            "Room " + room + ", " + line,
            "Rm " + room + " " + line,
            line + " (Room " + room + ")",
            "Bedroom " + room + ", " + line,
        ],
    )
    return np.where(said, shown, line).astype(object)


def _flats(
    rows: pd.DataFrame, flat: np.ndarray, number: np.ndarray, street: np.ndarray, rng: Generator
) -> np.ndarray:
    """The five ways of `woda_lib.synthetic.address_lines`, or by the block's name."""
    n = len(rows)
    numbered = number + " " + street
    letter = LETTERS[np.minimum(rows["flat"].to_numpy(), 26)]
    lettered = rows["flat_word"].eq("letter").to_numpy()
    flat = np.where(lettered, letter, flat)
    slash = np.where(lettered, "Flat " + letter + " ", flat + "/")
    ways = [
        "Flat " + flat + ", " + numbered,
        slash + numbered,
        numbered + ", Flat " + flat,
        "Apartment " + flat + ", " + numbered,
        number + letter + " " + street,
    ]
    line = np.choose(weighted(rng, n, FLAT_STYLES), ways)
    block = rows["block_name"].to_numpy(dtype=object)
    by_name = [
        "Flat " + flat + ", " + block + ", " + numbered,
        "Flat " + flat + ", " + block + ", " + street,
        flat + " " + block + ", " + street,
        block + ", Flat " + flat + ", " + numbered,
    ]
    named = (block != "") & (rng.random(n) < HABITS.with_block_name)
    return np.where(named, np.choose(weighted(rng, n, _BLOCK_STYLES), by_name), line).astype(object)


def _pitches(
    rows: pd.DataFrame, pitch: np.ndarray, number: np.ndarray, street: np.ndarray, rng: Generator
) -> np.ndarray:
    """A pitch in a park, as whoever lives there writes it."""
    site = rows["site_name"].to_numpy(dtype=object)
    # *Hop View Caravan Park* is to its people Hop View Park.
    short = rows["site_name"].str.replace(" Caravan ", " ").to_numpy(dtype=object)
    ways = [
        "Pitch " + pitch + ", " + site + ", " + street,
        pitch + " " + site + ", " + street,
        pitch + " " + short + ", " + street,
        "Plot " + pitch + ", " + site + ", " + street,
        "Caravan " + pitch + " " + site + ", " + street,
        site + ", Pitch " + pitch + ", " + street,
        "No " + pitch + " " + short,
    ]
    return np.choose(weighted(rng, len(rows), _PITCH_STYLES), ways).astype(object)
