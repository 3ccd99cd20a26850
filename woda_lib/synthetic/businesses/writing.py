"""How people write what a business is called and where it is: one truth, many forms."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.address_lines import ABBREVIATIONS
from woda_lib.synthetic.draws import take, weighted
from woda_lib.synthetic.misspellings import mistype

_SHORT: Final = {
    r"\bEngineering\b": "Eng", r"\bServices\b": "Svcs", r"\bManufacturing\b": "Mfg",
    r"\bBrothers\b": "Bros", r"\bCompany\b": "Co", r"\bProperties\b": "Props",
    r"\bConstruction\b": "Const", r"\bWorcestershire\b": "Worcs", r"\bDistribution\b": "Dist",
    r"\bRestaurant\b": "Rest", r"\bInternational\b": "Intl",
}  # fmt: skip
TYPING_ERRORS: Final = 0.025
_OTHER_SUFFIX, _NO_SUFFIX, _AND, _SHORTENED, _WITHOUT_THE = 0.35, 0.08, 0.30, 0.12, 0.35
_CAPITALS, _PUNCTUATION = 0.25, 0.15
_STREET_SHORT, _NO_LOCALITY, _NO_TOWN, _WITH_COUNTY = 0.22, 0.55, 0.12, 0.14
_STREET_MISSPELT, _POSTCODE_WRONG, _POSTCODE_NONE, _NO_COMMAS = 0.02, 0.012, 0.02, 0.05
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


def mixed_case(names: np.ndarray) -> np.ndarray:
    """Write names that stand in capitals as people write them: *Teme Valley Joinery Limited*."""
    text = pd.Series(names, dtype=object)
    title = text.str.title().str.replace("'S", "'s", regex=False)
    # Short words without vowels are initials.
    title = title.str.replace(
        r"\b[B-DF-HJ-NP-TV-Z][b-df-hj-np-tv-z]{1,2}\b(?<!Ltd)",
        lambda m: m.group().upper(),
        regex=True,
    )
    return title.str.replace(r"\bLlp\b", "LLP", regex=True).to_numpy(dtype=object)


def firm(names: np.ndarray, rng: Generator, *, careless: float = 1.0) -> np.ndarray:
    """Write the names of firms as somebody types them.

    Parameters
    ----------
    names
        In mixed case, with or without their suffix.
    careless
        How many times as often as usual they go wrong.
    """
    text = pd.Series(names, dtype=object)
    n = len(text)

    def by(share: float) -> np.ndarray:
        return rng.random(n) < share * careless

    other = text.str.replace(r"\bLimited$", "Ltd", regex=True)
    longer = text.str.replace(r"\bLtd\.?$", "Limited", regex=True)
    swapped = other.where(text.str.endswith("Limited"), longer)
    text = swapped.where(by(_OTHER_SUFFIX), text)
    bare = text.str.replace(r"\s+(?:Limited|Ltd\.?|LLP)$", "", regex=True)
    text = bare.where(by(_NO_SUFFIX), text)
    anded = text.str.replace(" & ", " and ", regex=False)
    text = anded.where(by(_AND), text)
    short = text
    for long, brief in _SHORT.items():
        short = short.str.replace(long, brief, regex=True)
    text = short.where(by(_SHORTENED), text)
    text = text.str.replace(r"^The ", "", regex=True).where(by(_WITHOUT_THE), text)
    dropped = text.str.replace(r"[.'()]", "", regex=True)
    text = dropped.where(by(_PUNCTUATION), text)
    out = text.to_numpy(dtype=object, copy=True)
    slips = np.flatnonzero(by(TYPING_ERRORS))
    out[slips] = mistype(out[slips], rng)
    return out


def person(
    forename: np.ndarray, surname: np.ndarray, partner: np.ndarray, rng: Generator
) -> np.ndarray:
    """Write who trades: *Mr John Smith*, *J Smith*, *J Smith & P Jones*."""
    n = len(forename)
    title = take(("", "Mr ", "Mrs ", "Ms "), weighted(rng, n, (0.55, 0.25, 0.12, 0.08)))
    first = pd.Series(forename, dtype=object)
    initial = first.where(rng.random(n) < 0.65, first.str[:1])
    one = title + initial.to_numpy(dtype=object) + " " + surname
    both = np.where(partner != "", first.str[:1] + " " + surname + " & " + partner, one)
    out = both.astype(object)
    slips = np.flatnonzero(rng.random(n) < TYPING_ERRORS)
    out[slips] = mistype(out[slips], rng)
    return out


def in_capitals(texts: np.ndarray, share: float, rng: Generator) -> np.ndarray:
    """Write a share of texts in capitals."""
    upper = pd.Series(texts, dtype=object)
    which = rng.random(len(upper)) < share
    return upper.mask(which, upper.str.upper()).to_numpy(dtype=object)


def parts(places: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Return what somebody writes of places: ``premises, street, locality, town, postcode``."""
    n = len(places)
    whole = places["street"].astype(object)
    last = whole.str.rsplit(" ", n=1)
    short = last.str[0] + " " + last.str[-1].replace(ABBREVIATIONS)
    street = short.where(rng.random(n) < _STREET_SHORT, whole).to_numpy(dtype=object, copy=True)
    slips = np.flatnonzero(rng.random(n) < _STREET_MISSPELT)
    street[slips] = mistype(street[slips], rng)
    sub = places["sub_building"].to_numpy(dtype=object)
    bare = np.where(rng.random(n) < 0.15, pd.Series(sub).str.replace("Unit ", "", regex=False), sub)
    building = places["building"].to_numpy(dtype=object)
    joint = np.where(rng.random(n) < 0.85, ", ", " ")
    premises = np.where((bare != "") & (building != ""), bare + joint + building, bare + building)
    locality = places["locality"].where(rng.random(n) >= _NO_LOCALITY, "").to_numpy(dtype=object)
    town = places["town"].where(rng.random(n) >= _NO_TOWN, "").to_numpy(dtype=object)
    postcode = places["postcode"].to_numpy(dtype=object, copy=True)
    wrong = np.flatnonzero(rng.random(n) < _POSTCODE_WRONG)
    letters = take(list(_LETTERS), rng.integers(len(_LETTERS), size=len(wrong)))
    postcode[wrong] = pd.Series(postcode[wrong], dtype=object).str[:-1] + letters
    postcode[rng.random(n) < _POSTCODE_NONE] = None
    return pd.DataFrame(
        {
            "premises": premises, "street": street, "locality": locality, "town": town,
            "postcode": postcode,
        }
    )  # fmt: skip


def numbered(premises: np.ndarray) -> np.ndarray:
    """Say of which premises the last word is a number, which stands before the street."""
    return (
        pd.Series(premises, dtype=object).str.contains(r"(?:^|[ ,])\d+[A-Z]?$").to_numpy(dtype=bool)
    )


def one_line(places: pd.DataFrame, rng: Generator) -> tuple[np.ndarray, np.ndarray]:
    """Write places on one line each; return the lines, and the postcodes beside them."""
    said = parts(places, rng)
    street, premises = said["street"].to_numpy(), said["premises"].to_numpy()
    between = np.where(numbered(premises), " ", ", ")
    line = np.where(premises != "", premises + between + street, street)
    for name in ("locality", "town"):
        more = said[name].to_numpy()
        line = np.where(more != "", line + ", " + more, line)
    line = np.where(rng.random(len(line)) < _WITH_COUNTY, line + ", Worcestershire", line)
    text = pd.Series(line, dtype=object)
    plain = rng.random(len(line)) < _NO_COMMAS
    line = text.mask(plain, text.str.replace(",", "", regex=False)).to_numpy(dtype=object)
    return in_capitals(line, _CAPITALS, rng), said["postcode"].to_numpy(dtype=object)
