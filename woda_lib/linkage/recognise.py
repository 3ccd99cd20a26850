"""Recognise what a column holds from its values: names, birth dates, postcodes, identifiers, …

Every rule is a share of values that have a certain form, so that typing errors and a few stray
values change nothing. A heading is asked only where the values leave two answers open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from woda_lib.identifiers import valid_nhs_numbers
from woda_lib.linkage.plain_forms import LONGEST_TEXT
from woda_lib.linkage.standardise import DATE_ORDERS, KINDS, year_first

SAMPLE = 20_000  # values looked at
MOST = 0.8  # share of values that must have a form
FEWEST_FILLED = 0.02  # a column with fewer values than this share decides too few pairs
MOST_CATEGORIES = 60
SMALLEST_CATEGORY = 5  # records that a category has on average
BIRTH_YEARS = 15  # birth dates spread over more years than the dates of one activity

_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_UK_POSTCODE = r"[a-z]{1,2}\d[a-z\d]?\s*-?\d[a-z]{2}"
_PHONE = r"(?:\+|00?|\(0?)\d[\d ()./-]{7,16}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}"
_DATE = r"(?P<y>1\d{3}|20\d{2})[-/.]?(?P<m>\d{2})[-/.]?(?P<d>\d{2})(?:[ t].*)?"
OF_OUR_TIMES = 1800  # year from which eight digits without separators may be a date
_COMPANY = (
    r"\b(?:ltd|limited|plc|llp|inc|incorporated|corp|corporation|company|llc|gmbh|group|cic)\b"
)
_STREET = (
    r"\b(?:road|rd|street|st|avenue|ave|av|lane|ln|drive|dr|close|crescent|cres|court|ct|gardens|"
    r"green|place|pl|square|terrace|way|circuit|parade|grove|hill|boulevard|blvd|p o box|po box)\b"
)
_NAMED = r"name|(?:^|_)(?:given|family|first|middle|last|maiden)$|town|(?:^|_)city|suburb"


@dataclass(frozen=True)
class Recognised:
    """What a column holds.

    Attributes
    ----------
    kind
        One of `KINDS`, or ``None`` where the column should not be compared.
    because
        The reason, in words that quote no value.
    date_order
        For dates held as text: ``ymd``, ``dmy`` or ``mdy``.
    """

    kind: str | None
    because: str
    date_order: str = "ymd"


def recognise(values: pd.Series, heading: str = "") -> Recognised:
    """Say what kind of field a column is.

    Parameters
    ----------
    values
        The column as its source holds it; types may be mixed.
    heading
        Its name, for what the values leave open; meaningless names do no harm.
    """
    if pd.api.types.is_bool_dtype(values):
        return _as("category", "true or false")
    texts = _texts(values)
    filled = len(texts) / max(len(values), 1)
    if filled < FEWEST_FILLED:
        return Recognised(None, "has no values" if not len(texts) else f"is only {filled:.1%} full")
    if (texts == texts.iloc[0]).all():
        return Recognised(None, "has the same value everywhere")
    if len(texts) > SAMPLE:
        texts = texts.sample(SAMPLE, random_state=0)
    for rule in (_date, _patterned, _number, _words):
        found = rule(texts, heading.lower())
        if found is not None:
            return found
    return _as("category", "short codes")


def _texts(values: pd.Series) -> pd.Series:
    """Lower-case texts of what is there; 12.0 that stands for a whole number loses its point."""
    texts = values.dropna().astype(str).str.slice(0, LONGEST_TEXT).str.strip().str.lower()
    texts = texts.str.replace(r"^(-?\d+)\.0$", r"\1", regex=True)
    return texts[texts.ne("") & ~texts.isin({"nan", "none", "null", "<na>", "nat"})]


def _as(kind: str, because: str, date_order: str = "ymd") -> Recognised:
    return Recognised(kind, because, date_order)


def _share(texts: pd.Series, pattern: str) -> float:
    return float(texts.str.fullmatch(pattern).mean())


def _holding(texts: pd.Series, pattern: str) -> float:
    return float(texts.str.contains(pattern, regex=True).mean())


def _date(texts: pd.Series, heading: str) -> Recognised | None:
    """Dates that spread over many years are birth dates; others are of events, and differ."""
    dates = {}
    for order in DATE_ORDERS:  # those that are written year first are read in any order
        parts = year_first(texts, order).str.extract(f"^{_DATE}$").apply(pd.to_numeric)
        near = (parts["y"] >= OF_OUR_TIMES) | ~texts.str.isdigit()
        dates[order] = parts[parts["m"].between(1, 12) & parts["d"].between(1, 31) & near]
    order = "ymd"
    if len(dates["ymd"]) < MOST * len(texts):
        order = max(("dmy", "mdy"), key=lambda each: len(dates[each]))
    if len(dates[order]) < MOST * len(texts):
        return None
    early, late = dates[order]["y"].quantile([0.05, 0.95])
    born = bool(re.search(r"birth|born|dob", heading))
    if late - early < BIRTH_YEARS and not born:
        return Recognised(None, f"holds dates within {late - early + 1:.0f} years: of events")
    return _as("date_of_birth", f"dates over {late - early + 1:.0f} years", order)


def _patterned(texts: pd.Series, heading: str) -> Recognised | None:
    digits = texts.str.replace(r"[\s-]", "", regex=True)
    if valid_nhs_numbers(digits.to_numpy(dtype=object)).mean() >= MOST:
        return _as("nhs_number", "ten digits whose check digit is right")
    for kind, pattern, because in (
        ("email", _EMAIL, "e-mail addresses"),
        ("postcode", _UK_POSTCODE, "postcodes of the United Kingdom"),
        ("phone", _PHONE, "telephone numbers"),
    ):
        if _share(texts, pattern) >= MOST:
            return _as(kind, because)
    known = texts.map(KINDS["sex"]).notna().mean()
    # 1 and 2 may stand for anything, unless the heading says.
    said = re.search(r"sex|gender", heading) or not texts.str.isdigit().all()
    if texts.nunique() <= 6 and known >= 0.5 and said:
        return _as("sex", "two sexes")
    return None


def _number(texts: pd.Series, heading: str) -> Recognised | None:
    """Digits name something when they are whole; amounts with decimals are measured."""
    whole = _share(texts, r"-?\d+")
    if _share(texts, r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?") >= MOST and whole < MOST:
        return Recognised(None, "holds measured amounts, which differ from record to record")
    coded = texts.str.contains(r"\d") & ~texts.str.contains(r"\s")
    if coded.mean() < MOST:
        return None
    length = float(texts.str.len().median())
    distinct = texts.nunique() / len(texts)
    what = "digits" if whole >= MOST else "letters and digits"
    if length < 4 and texts.nunique() <= MOST_CATEGORIES:
        return _as("category", f"{texts.nunique()} different short numbers")
    return _as("identifier", f"{what}, {length:.0f} long, {distinct:.0%} of them different")


def _words(texts: pd.Series, heading: str) -> Recognised | None:
    words = texts.str.count(r"[^\W_]+")
    different = texts.nunique()
    if _holding(texts, _COMPANY) >= 0.15:
        return _as("company", "words such as Ltd and plc")
    numbered = _holding(texts, r"\d.*[^\W\d_]{2}|[^\W\d_]{2}.*\d")
    if (numbered >= 0.3 or _holding(texts, _STREET) >= 0.25) and words.mean() >= 1.5:
        return _as("address", "words such as street, or house numbers with words")
    if words.mean() >= 4:
        return _as("address", f"{words.mean():.0f} words a value")
    named = bool(re.search(_NAMED, heading))
    repeated = len(texts) / different
    single = _share(texts, r"[^\W\d_]\.?") >= MOST
    few = different <= MOST_CATEGORIES and repeated >= SMALLEST_CATEGORY
    if single or (few and not named):
        return _as("category", f"{different} different values")
    return _as("name", f"words, {different} of them different")


def text_traits(standard: pd.Series) -> dict[str, float]:
    """Measure what decides on the levels of a field.

    Parameters
    ----------
    standard
        Standardised values of a field.

    Returns
    -------
    dict
        ``initials`` (share of single letters), ``several`` (share of more than one word),
        ``length`` (median), ``distinct`` (different values as a share of all).
    """
    texts = standard.dropna().astype(str)
    if len(texts) > SAMPLE:
        texts = texts.sample(SAMPLE, random_state=0)
    if not len(texts):
        return {"initials": 0.0, "several": 0.0, "length": 0.0, "distinct": 0.0}
    return {
        "initials": float((texts.str.len() == 1).mean()),
        "several": float(texts.str.contains(" ").mean()),
        "length": float(np.median(texts.str.len())),
        "distinct": texts.nunique() / len(texts),
    }
