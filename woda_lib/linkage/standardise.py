"""Bring the values of a field into one written form, so that only real differences remain.

Partners write the same name, postcode or number in many ways. Everything here works on the
distinct values of a column, never on its rows, and turns what stands for "not known" into a
missing value. Missing values are neither evidence for a match nor against it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.coding import categorical

# Longer texts are cut, because edit distances take time in proportion to the square of the length.
LONGEST_TEXT = 120

# Placeholders people type where a form insists on a name.
NAME_PLACEHOLDERS = frozenset(
    """
    unknown|unknown unknown|not known|not given|not stated|no name|n a|nk|tbc|null|test|test test
    |xx|xxx|anonymous|baby|baby boy|baby girl|male|female
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
LEGAL_FORMS = r"\b(?:ltd|limited|plc|llp|inc|incorporated|corp|corporation|llc|gmbh|cic)$"
TITLES = r"^(?:mr|mrs|miss|ms|mx|dr|prof|rev|sir|dame)\s+(?=\S)"

# Birth dates that systems write for "not known": spreadsheet and database epochs and their kin.
DEFAULT_DATES = frozenset(
    ["18000101", "17530101", "18991230", "18991231", "19000101", "19010101", "11111111", "99991231"]
)

# How a date can be written as text; each also accepts the year first (1931-09-20, 19310920).
DATE_ORDERS = {
    "ymd": r"^(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})",
    "dmy": r"^(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})[-/. ](?P<year>\d{4})",
    "mdy": r"^(?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})[-/. ](?P<year>\d{4})",
}

# Letters that Unicode does not decompose into a base letter and a mark.
_INDIVISIBLE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
_ADDRESS_WORDS = {
    "rd": "road", "st": "street", "str": "street", "ave": "avenue", "av": "avenue", "ln": "lane",
    "dr": "drive", "cl": "close", "crt": "court", "ct": "court", "cres": "crescent", "gdns":
    "gardens", "grn": "green", "pl": "place", "sq": "square", "terr": "terrace", "apt": "flat",
    "apartment": "flat", "unit": "flat",
}  # fmt: skip
_NUMBER_WORD = re.compile(r"(?<=\d)\s+(?=[a-z]\b)")


def standardise(values: pd.Series, kind: str, date_order: str = "ymd") -> pd.Series:
    """Return the values of one field in their standard form.

    Parameters
    ----------
    values
        One column as the source holds it: text, numbers or dates.
    kind
        One of `KINDS`.
    date_order
        How dates that are text were written; see `DATE_ORDERS`.

    Returns
    -------
    pandas.Series
        Text (`object`) with the index of `values`; missing values are ``None``. Dates become
        eight digits, year first; postcodes lose their space; names lose case, marks and
        punctuation.
    """
    codes, distinct = distinct_values(values)
    standard = standard_categories(codes, distinct, kind, date_order)
    padded = np.append(standard.categories.to_numpy(dtype=object), np.array([None], dtype=object))
    return pd.Series(padded[standard.codes], index=values.index, dtype=object)  # −1 takes the last


def distinct_values(values: pd.Series) -> tuple[npt.NDArray[np.int64], pd.Series]:
    """Number the values of a column; return the number of each (−1 is missing) and the values."""
    codes, uniques = pd.factorize(values, use_na_sentinel=True)
    distinct = pd.Series(uniques)
    if isinstance(distinct.dtype, pd.CategoricalDtype) or pd.api.types.is_string_dtype(distinct):
        distinct = distinct.astype(object)
    return codes, distinct


def standard_categories(
    codes: npt.NDArray[np.int64], distinct: pd.Series, kind: str, date_order: str = "ymd"
) -> pd.Categorical:
    """Standardise what `distinct_values` returned.

    Returns
    -------
    pandas.Categorical, shape (values,)
        Its categories are the standard forms that occur, in the order of their code points.
    """
    if not len(distinct):
        return categorical(codes, [])
    if kind == "date_of_birth":
        distinct = year_first(distinct, date_order)
    standard = KINDS[kind](distinct).to_numpy(dtype=object)
    standard[pd.isna(standard) | (standard == "")] = None
    numbers, forms = pd.factorize(standard)
    order = np.argsort(forms)
    rank = np.full(len(forms) + 1, -1, dtype=np.int32)  # the last is for missing values
    rank[order] = np.arange(len(forms), dtype=np.int32)
    of_distinct = np.append(rank[numbers], np.int32(-1))
    return categorical(of_distinct[codes], forms[order])


def _fold(texts: pd.Series) -> pd.Series:
    """Lower case without diacritics; texts of other scripts keep their letters."""
    return texts.astype(str).map(_folded)


def _folded(text: str) -> str:
    lowered = text[:LONGEST_TEXT].lower()
    if lowered.isascii():
        return lowered
    letters = unicodedata.normalize("NFKD", lowered.translate(_INDIVISIBLE))
    # A lone surrogate is half a letter that some export has torn; no file format can hold it.
    return "".join(
        letter
        for letter in letters
        if not unicodedata.combining(letter) and not "\ud800" <= letter <= "\udfff"
    )


def _names(texts: pd.Series) -> pd.Series:
    """O'Brien → obrien, Smith-Jones → smith jones, Mrs Zoë → zoe, UNKNOWN → missing."""
    names = _fold(texts).str.replace(r"['’`´.]", "", regex=True)
    names = names.str.replace(r"[\W\d_]+", " ", regex=True).str.strip()
    names = names.str.replace(TITLES, "", regex=True)
    return names.mask(names.isin(NAME_PLACEHOLDERS))


def _dates(values: pd.Series) -> pd.Series:
    """A date type, or ISO 8601 text (1931-09-20 or 19310920) → 19310920.

    A date that no calendar holds is kept when it has eight digits: it is a slip of a finger
    away from the true one, and the comparison levels see that.
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        digits = values.dt.strftime("%Y%m%d")
    else:
        texts = values.astype(str).str.strip().str.slice(0, 10).str.replace("-", "", regex=False)
        digits = texts.where(texts.str.fullmatch(r"\d{8}").fillna(False).astype(bool))
    return digits.mask(digits.isin(DEFAULT_DATES))


def year_first(values: pd.Series, date_order: str) -> pd.Series:
    """Turn 20/09/1931 or 9/20/1931 into 19310920; dates that are written year first stay."""
    if date_order == "ymd" or pd.api.types.is_datetime64_any_dtype(values):
        return values
    texts = values.astype(str).str.strip()
    parts = texts.str.extract(DATE_ORDERS[date_order])
    turned = parts["year"] + parts["month"].str.zfill(2) + parts["day"].str.zfill(2)
    return turned.fillna(texts)


def _postcodes(texts: pd.Series) -> pd.Series:
    """WR1 2AB, wr12ab, WR1-2AB → wr12ab; the ODS codes ZZ99 (no fixed abode, abroad) → missing."""
    codes = _identifiers(texts)
    return codes.mask(codes.str.startswith("zz99"))


def _nhs_numbers(texts: pd.Series) -> pd.Series:
    """943 476 5919 → 9434765919; ten equal digits pass the check but are placeholders."""
    digits = texts.astype(str).str.slice(0, LONGEST_TEXT).str.replace(r"\.0$", "", regex=True)
    digits = digits.str.replace(r"[^0-9]", "", regex=True)
    return digits.mask(digits.str.fullmatch(r"(\d)\1*").fillna(False).astype(bool))


def _identifiers(texts: pd.Series) -> pd.Series:
    """Letters and digits only, in lower case; 12.0, a whole number in disguise, → 12."""
    whole = _fold(texts).str.replace(r"^(\d+)\.0$", r"\1", regex=True)
    return whole.str.replace(r"[^0-9a-z]", "", regex=True)


def _phones(texts: pd.Series) -> pd.Series:
    """+44 1905 123456, 0044 1905 123456, (01905) 123456 → 01905123456."""
    digits = texts.astype(str).str.slice(0, LONGEST_TEXT).str.replace(r"\.0$", "", regex=True)
    digits = digits.str.replace(r"\(0\)", "", regex=True).str.replace(r"[^0-9+]", "", regex=True)
    digits = digits.str.replace(r"^(?:\+|00)44", "0", regex=True).str.replace("+", "", regex=False)
    return digits.mask(digits.str.fullmatch(r"(\d)\1*").fillna(False).astype(bool))


def _emails(texts: pd.Series) -> pd.Series:
    """Lower case without spaces; what has no @ is missing."""
    plain = _fold(texts).str.replace(r"\s+", "", regex=True)
    return plain.where(plain.str.contains("@", regex=False))


def _companies(texts: pd.Series) -> pd.Series:
    """Smith & Sons (Malvern) Ltd. → smith and sons malvern; legal forms say nothing."""
    plain = _fold(texts).str.replace("&", " and ", regex=False)
    plain = plain.str.replace(r"['’`´.]", "", regex=True)
    plain = plain.str.replace(r"[\W_]+", " ", regex=True).str.strip()
    return plain.str.replace(LEGAL_FORMS, "", regex=True).str.strip()


def _numbers(texts: pd.Series) -> pd.Series:
    """Whole numbers as digits: 12, 12.0, 012 → 12; what is no whole number is missing."""
    plain = texts.astype(str).str.slice(0, LONGEST_TEXT).str.strip()
    found = plain.str.extract(r"^(-?)0*(\d+)(?:\.0*)?$")
    return found[0] + found[1]


def _sexes(texts: pd.Series) -> pd.Series:
    """Male, m, 1 → m; female, f, 2 → f; anything else (U, 9, not known) → missing."""
    known = {"male": "m", "m": "m", "1": "m", "female": "f", "f": "f", "2": "f"}
    return _fold(texts).str.strip().str.replace(r"\.0$", "", regex=True).map(known)


def _addresses(texts: pd.Series) -> pd.Series:
    """Flat 2, 14 High St. → flat 2 14 high street."""
    plain = _fold(texts).str.replace(r"['’`´.]", "", regex=True)
    plain = plain.str.replace(r"[\W_]+", " ", regex=True).str.strip()
    plain = plain.str.replace(_NUMBER_WORD, "", regex=True)
    words = re.compile(r"\b(?:" + "|".join(_ADDRESS_WORDS) + r")\b")
    return plain.str.replace(words, lambda found: _ADDRESS_WORDS[found.group()], regex=True)


def _categories(texts: pd.Series) -> pd.Series:
    return _fold(texts).str.strip()


KINDS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "name": _names,
    "date_of_birth": _dates,
    "postcode": _postcodes,
    "nhs_number": _nhs_numbers,
    "identifier": _identifiers,
    "sex": _sexes,
    "address": _addresses,
    "category": _categories,
    "phone": _phones,
    "email": _emails,
    "company": _companies,
    "number": _numbers,
}
