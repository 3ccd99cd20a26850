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
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.as_arrow import texts_of
from woda_lib.linkage.coding import categorical
from woda_lib.linkage.plain_forms import (
    LONGEST_TEXT,
    NAME_PLACEHOLDERS,
    TITLES,
    numbered_in_order,
    plain_forms,
)

_LEGAL_FORMS = re.compile(
    r"\b(?:ltd|limited|plc|llp|inc|incorporated|corp|corporation|llc|gmbh|cic)$"
)
_TITLES = re.compile(TITLES)
_APOSTROPHES = re.compile(r"['’`´.]")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_NOT_WORDS = re.compile(r"[\W_]+")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_NOT_PHONE = re.compile(r"[^0-9+]+")
_NOT_EMAIL = re.compile(r"[^\w!-~]+")
_NOT_CODE = re.compile(r"[^0-9a-z]+")
_COUNTRY = re.compile(r"^(?:\+|00)44")
_WHOLE_NUMBER = re.compile(r"(-?)0*([0-9]+)(?:\.0*)?")
_SEXES = {"male": "m", "m": "m", "1": "m", "female": "f", "f": "f", "2": "f"}

# Birth dates that systems write for "not known": spreadsheet and database epochs and their kin.
DEFAULT_DATES = frozenset(
    ["18000101", "17530101", "18991230", "18991231", "19000101", "19010101", "11111111", "99991231"]
)

_ISO_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_NOT_KNOWN = pa.array(sorted(DEFAULT_DATES))

# How a date can be written as text; each also accepts the year first (1931-09-20, 19310920).
DATE_ORDERS = {
    "ymd": r"^(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})",
    "dmy": r"^(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2}|[A-Za-z]{3,9})[-/. ](?P<year>\d{4})",
    "mdy": r"^(?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})[-/. ](?P<year>\d{4})",
}

_MONTHS = {
    month: f"{number:02}"
    for number, month in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}

# Letters that Unicode does not decompose into a base letter and a mark.
_INDIVISIBLE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
# Unicode's categories of accents and vowel signs, and of characters that only steer how others are
# shown. A lone surrogate is half a letter that some export has torn; no file format can hold it.
_MARKS = frozenset(["Mn", "Mc", "Me", "Cf", "Cs"])
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
    distinct = pd.Series(uniques, dtype=uniques.dtype)
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
    standard = iso_dates(distinct) if kind == "date_of_birth" else None
    if standard is None:
        standard = _standard_forms(distinct, kind)
    places, forms = numbered_in_order(standard)
    return categorical(np.append(places, np.int32(-1))[codes], forms)  # −1 takes the last


def _standard_forms(distinct: pd.Series, kind: str) -> npt.NDArray[np.object_]:
    """Standardise values: those that are written plainly all at once, the others one by one."""
    forms, rest = plain_forms(distinct, kind)
    forms[rest] = [in_standard_form(value, kind) for value in distinct.iloc[rest]]
    return forms


def in_standard_form(value: object, kind: str) -> str | None:
    """Return the standard form of one value; None where it has none."""
    # Cut again: a ligature or an abbreviation may have become many letters.
    return (KINDS[kind](_text(value)) or "")[:LONGEST_TEXT] or None


def year_first(values: pd.Series, date_order: str) -> pd.Series:
    """Turn 20/09/1931, 20-SEP-1931 or 9/20/1931 into 19310920; those written year first stay."""
    if date_order == "ymd" or pd.api.types.is_datetime64_any_dtype(values):
        return values
    texts = values.astype(str).str.strip()
    parts = texts.str.extract(DATE_ORDERS[date_order])
    dated = parts["year"].notna()
    year, month, day = (parts.loc[dated, part] for part in ("year", "month", "day"))
    month = month.str[:3].str.lower().replace(_MONTHS)
    texts[dated] = year + month.str.zfill(2) + day.str.zfill(2)
    return texts


def iso_dates(values: pd.Series) -> npt.NDArray[np.object_] | None:
    """Return dates of the form 1931-09-20 as `_date` does, all at once; None if any has another."""
    if pd.api.types.is_datetime64_dtype(values):
        values = pd.Series(np.datetime_as_string(values.to_numpy("datetime64[D]")), dtype=object)
    texts = texts_of(values)
    forms = None if texts is None else iso_texts(texts)
    return None if forms is None else np.asarray(forms.to_numpy(zero_copy_only=False))


def iso_texts(texts: pa.StringArray) -> pa.StringArray | None:
    """Do what `iso_dates` does for texts of Arrow."""
    if not pc.all(pc.match_substring_regex(texts, _ISO_DATE)).as_py():
        return None
    digits = pc.replace_substring(texts, "-", "")
    return pc.if_else(pc.is_in(digits, _NOT_KNOWN), None, digits)


def _text(value: object) -> str:
    """Write a value as text that is not too long, with digits of any script as 0 to 9."""
    text = str(value)[:LONGEST_TEXT]
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text
    )


def _fold(text: str) -> str:
    """Lower case without marks; texts of other scripts keep their letters."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    letters = unicodedata.normalize("NFKD", lowered.translate(_INDIVISIBLE))
    return "".join(letter for letter in letters if unicodedata.category(letter) not in _MARKS)


def _name(text: str) -> str | None:
    """O'Brien → obrien, Smith-Jones → smith jones, Mrs Zoë → zoe, UNKNOWN → missing."""
    name = _fold(text)
    if not name.isalpha():
        name = _NOT_LETTERS.sub(" ", _APOSTROPHES.sub("", name)).strip()
        name = _TITLES.sub("", name)
    return None if name in NAME_PLACEHOLDERS else name


def _date(text: str) -> str | None:
    """ISO 8601 (1931-09-20 or 19310920) → 19310920.

    A date that no calendar holds is kept when it has eight digits: it is a slip of a finger
    away from the true one, and the comparison levels see that.
    """
    digits = text.strip()[:10].replace("-", "")
    dated = len(digits) == 8 and digits.isascii() and digits.isdigit()
    return digits if dated and digits not in DEFAULT_DATES else None


def _postcode(text: str) -> str | None:
    """WR1 2AB, wr12ab, WR1-2AB → wr12ab; the ODS codes ZZ99 (no fixed abode, abroad) → missing."""
    code = _identifier(text)
    return None if code.startswith("zz99") else code


def _nhs_number(text: str) -> str | None:
    """943 476 5919 → 9434765919; ten equal digits pass the check but are placeholders."""
    return _unless_one_digit(_NOT_DIGITS.sub("", text.removesuffix(".0")))


def _identifier(text: str) -> str:
    """Letters and digits only, in lower case; 12.0, a whole number in disguise, → 12."""
    code = _fold(text)
    if code.endswith(".0") and code[:-2].isdecimal():
        code = code[:-2]
    return _NOT_CODE.sub("", code)


def _phone(text: str) -> str | None:
    """+44 1905 123456, 0044 1905 123456, (01905) 123456 → 01905123456."""
    digits = _NOT_PHONE.sub("", text.removesuffix(".0").replace("(0)", ""))
    return _unless_one_digit(_COUNTRY.sub("0", digits).replace("+", ""))


def _unless_one_digit(digits: str) -> str | None:
    return None if len(set(digits)) == 1 else digits


def _email(text: str) -> str | None:
    """Lower case without spaces and pictures; what has no @ is missing."""
    plain = _NOT_EMAIL.sub("", _fold(text))
    return plain if "@" in plain else None


def _company(text: str) -> str:
    """Smith & Sons (Malvern) Ltd. → smith and sons malvern; legal forms say nothing."""
    plain = _APOSTROPHES.sub("", _fold(text).replace("&", " and "))
    return _LEGAL_FORMS.sub("", _NOT_WORDS.sub(" ", plain).strip()).strip()


def _number(text: str) -> str | None:
    """Whole numbers as digits: 12, 12.0, 012 → 12; what is no whole number is missing."""
    found = _WHOLE_NUMBER.fullmatch(text.strip())
    return found and found[1] + found[2]


def _sex(text: str) -> str | None:
    """Male, m, 1 → m; female, f, 2 → f; anything else (U, 9, not known) → missing."""
    return _SEXES.get(_fold(text).strip().removesuffix(".0"))


def _address(text: str) -> str:
    """Flat 2, 14 High St. → flat 2 14 high street."""
    plain = _NOT_WORDS.sub(" ", _APOSTROPHES.sub("", _fold(text))).strip()
    plain = _NUMBER_WORD.sub("", plain)
    return " ".join(_ADDRESS_WORDS.get(word, word) for word in plain.split())


def _category(text: str) -> str:
    return _fold(text).strip()


KINDS: dict[str, Callable[[str], str | None]] = {
    "name": _name,
    "date_of_birth": _date,
    "postcode": _postcode,
    "nhs_number": _nhs_number,
    "identifier": _identifier,
    "sex": _sex,
    "address": _address,
    "category": _category,
    "phone": _phone,
    "email": _email,
    "company": _company,
    "number": _number,
}
