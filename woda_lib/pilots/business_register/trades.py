"""What an enterprise does, as far as each register says: SIC 2007 codes and broad trades.

Companies give SIC codes, the rating list describes premises, hygiene inspectors say what kind of
kitchen it is. A broad trade is what all three can say, so that it can be compared; where a
description fits many trades (an office, a warehouse), nothing is said.

Sections are those of the *UK Standard Industrial Classification of Economic Activities 2007*
(Office for National Statistics).
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

_SECTION_STARTS = {
    1: "A",
    5: "B",
    10: "C",
    35: "D",
    36: "E",
    41: "F",
    45: "G",
    49: "H",
    55: "I",
    58: "J",
    64: "K",
    68: "L",
    69: "M",
    77: "N",
    84: "O",
    85: "P",
    86: "Q",
    90: "R",
    94: "S",
    97: "T",
    99: "U",
}
"""The first division of each section."""

NO_SIC = ("99999", "74990")
"""Companies House's own codes, for a dormant company and for one that does not trade."""

_DESCRIBED = {
    "food": r"restaurant|cafe|café|public house|hotel|takeaway|take away|sandwich|caterer|canteen"
    r"|pub/bar|bar\b|guest ?house|bed ?& ?breakfast|club house",
    "health": r"surgery|hospital|clinic|care home|nursing|caring premises|pharmacy|dental",
    "education": r"school|nursery|college|university",
    "leisure": r"gymnasium|leisure|sports|theatre|cinema|museum",
    "personal": r"hairdress|salon|beauty|laundrette|launderette",
    "retail": r"shop|store\b|retail|supermarket|hypermarket|showroom|kiosk|garden centre"
    r"|petrol|newsagent",
    "making": r"factory|workshop|works\b|manufactur|mill\b|brewery|foundry",
    "farming": r"farm|grower|primary producer|stable|livery",
}
_PATTERNS = {trade: re.compile(words, re.IGNORECASE) for trade, words in _DESCRIBED.items()}
_OF_SECTION = {
    "A": "farming",
    "C": "making",
    "G": "retail",
    "I": "food",
    "P": "education",
    "Q": "health",
    "R": "leisure",
    "S": "personal",
}
_SECTION_OF = {trade: section for section, trade in _OF_SECTION.items()}


def sic_code(written: pd.Series) -> pd.Series:
    """Return the five digits of what Companies House writes: *56102 - Unlicensed restaurants*."""
    code = written.astype("string").str.extract(r"^\s*(\d{4,5})\b", expand=False)
    return code.str.zfill(5)


def section(code: pd.Series) -> pd.Series:
    """Return the section, a letter, of five-digit codes; missing where there is no such one."""
    division = pd.to_numeric(code.astype("string").str[:2], errors="coerce").to_numpy(float)
    starts = np.array(list(_SECTION_STARTS))
    letters = np.array([None, *_SECTION_STARTS.values()], dtype=object)
    known = ~np.isnan(division) & ~code.isin(NO_SIC).to_numpy(bool)
    place = np.where(known, np.searchsorted(starts, np.nan_to_num(division), side="right"), 0)
    return pd.Series(letters[place], index=code.index, dtype="string")


def trade_of_section(letters: pd.Series) -> pd.Series:
    """Return the broad trade of a section; missing where other registers cannot tell it."""
    return letters.map(_OF_SECTION).astype("string")


def section_of_trade(trades: pd.Series) -> pd.Series:
    """Return the section that a broad trade lies in."""
    return trades.map(_SECTION_OF).astype("string")


def trade_described(written: pd.Series) -> pd.Series:
    """Return the broad trade of premises or of a kitchen, by how it is described."""
    texts = written.astype("string")
    told = pd.Series(pd.NA, index=written.index, dtype="string")
    for trade, pattern in _PATTERNS.items():
        told = told.mask(told.isna() & texts.str.contains(pattern).fillna(False), trade)
    return told
