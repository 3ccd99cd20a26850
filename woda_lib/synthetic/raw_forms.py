"""How each partner's files look: encoding, headings, separators, dates, codes and stray rows."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from woda_lib.partners import CONTRACTS
from woda_lib.synthetic.draws import as_days
from woda_lib.synthetic.misspellings import without_diacritics

# A column means the same wherever it stands, so that its name tells how it is written.
_KINDS = {
    name: column.kind
    for contract in CONTRACTS.values()
    for name, column in contract.columns.items()
}

_NAMED = ("forename", "surname", "ratepayer", "trading_as", "business_name", "organisation")
"""What columns end with that may hold letters which not every encoding has."""
_CLOCK = np.array([f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60)], object)


@dataclass(frozen=True)
class RawForm:
    """One partner's way of writing a CSV file.

    Attributes
    ----------
    partner : str
    encoding : str
        As Python names it; ``utf-8-sig`` writes a byte-order mark.
    date_form : str
        For `strftime`.
    sexes : mapping
        What is written for M, F and U.
    codes : mapping
        What is written for the codes of other columns, where that is not the code.
    separator, line_end : str
    spaced_headings : bool
        Headings as people write them: *NHS Number* for ``nhs_number``.
    spaced_numbers : bool
        NHS numbers in groups: *943 476 5919*.
    title_rows : tuple of str
        Stray rows above the heading.
    trailing : int
        Blank rows at the end; if any, every row also ends with a blank cell.
    reorders : bool
        Whether the order of columns changes half-way through the window.
    headings : mapping
        What is written over a column whose heading others fixed, to the letter.
    quoted : bool
        Whether every cell stands in quotation marks.
    """

    partner: str
    encoding: str
    date_form: str
    sexes: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    separator: str = ","
    line_end: str = "\n"
    spaced_headings: bool = False
    spaced_numbers: bool = False
    title_rows: tuple[str, ...] = field(default=())
    trailing: int = 0
    reorders: bool = False
    headings: Mapping[str, str] = field(default_factory=dict)
    quoted: bool = False

    @property
    def first_line(self) -> int:
        """The line number, from 1, of the first row of data."""
        return len(self.title_rows) + 2

    def encode(self, lines: str) -> bytes:
        """The bytes of a file that holds `lines`."""
        return lines.encode(self.encoding)

    def days(self, days: np.ndarray) -> np.ndarray:
        """Write days (datetime64[D]) as this partner does; NaT as an empty string."""
        codes, distinct = pd.factorize(days)
        written = [*pd.DatetimeIndex(distinct).strftime(self.date_form), ""]
        return np.array(written, dtype=object)[codes]

    def moments(self, moments: np.ndarray) -> np.ndarray:
        """Write days with a time, to the minute, as this partner does; NaT as an empty string."""
        minutes = moments.astype("datetime64[m]")
        none = np.isnat(minutes)
        days = minutes.astype("datetime64[D]")
        of_day = np.where(none, 0, (minutes - days).astype(np.int64))
        return np.where(none, "", self.days(days) + " " + _CLOCK[of_day])


def _official(dataset: str, *, blank_before: Collection[str] = ()) -> dict[str, str]:
    """The official headings of a dataset, some with the blank that really stands before them."""
    headings = {
        name: column.heading
        for name, column in CONTRACTS[dataset].columns.items()
        if column.heading
    }
    return {
        name: f" {heading}" if heading in blank_before else heading
        for name, heading in headings.items()
    }


# As the files of Companies House have it.
_BLANK_BEFORE = frozenset(
    {
        "CompanyNumber",
        "RegAddress.AddressLine2",
        "PreviousName_2.CONDATE",
        "ConfStmtLastMadeUpDate",
        *(f"PreviousName_{number}.CompanyName" for number in range(1, 11)),
    }
)

RAW_FORMS = {
    form.partner: form
    for form in (
        RawForm(
            "worcestershire_acute",
            "cp1252",
            "%d/%m/%Y",
            {"M": "1", "F": "2", "U": "9"},
            line_end="\r\n",
            spaced_headings=True,
            spaced_numbers=True,
            reorders=True,
        ),
        RawForm(
            "county_council",
            "utf-8-sig",
            "%d/%m/%Y",
            {"M": "Male", "F": "Female", "U": "Unknown"},
            line_end="\r\n",
            title_rows=("Adult Social Care – monthly extract", "Contains personal data"),
            trailing=3,
        ),
        RawForm("severnside_acute", "utf-8", "%Y-%m-%d", {"M": "M", "F": "F", "U": "U"}),
        RawForm(
            "severnside_council",
            "utf-8",
            "%d-%b-%Y",
            {"M": "M", "F": "F", "U": "U"},
            separator=";",
            reorders=True,
        ),
        RawForm(
            "west_mercia_police",
            "utf-8",
            "%d/%m/%Y",
            {"M": "Male", "F": "Female", "U": "Unknown"},
            codes={
                "role": {
                    "victim": "Aggrieved",
                    "perpetrator": "Suspect",
                    "child": "Child",
                    "witness": "Witness",
                    "reporter": "Informant",
                },
                "professional_judgement": {"yes": "Y", "no": "N"},
            },
            line_end="\r\n",
        ),
        # What a spreadsheet calls Unicode text.
        RawForm(
            "housing_association",
            "utf-16",
            "%d.%m.%Y",
            {"M": "Male", "F": "Female", "U": "Not known"},
            separator="\t",
            line_end="\r\n",
            spaced_headings=True,
        ),
        RawForm(
            "probation_service",
            "cp1252",
            "%Y%m%d",
            {"M": "1", "F": "2", "U": "9"},
            separator="|",
            trailing=2,
        ),
        RawForm(
            "refuge_service",
            "utf-8-sig",
            "%Y-%m-%d",
            {"M": "male", "F": "female", "U": "not specified"},
            codes={"reached": {"yes": "true", "no": "false"}},
            separator=";",
            spaced_headings=True,
            title_rows=("Confidential: safe handling applies to every page",),
            reorders=True,
        ),
        RawForm(
            "district_councils",
            "cp1252",
            "%d-%b-%Y",
            {"M": "M", "F": "F", "U": "U"},
            codes={"arrears": {"no": "No", "yes": "Yes"}},
            line_end="\r\n",
            spaced_headings=True,
            title_rows=("Revenues and Benefits – shared service of the six districts",),
        ),
        RawForm(
            "health_and_care_trust",
            "utf-8",
            "%Y%m%d",
            {"M": "1", "F": "2", "U": "9"},
            separator="|",
            spaced_numbers=True,
            reorders=True,
        ),
        RawForm(
            "fire_service",
            "utf-8-sig",
            "%d/%m/%Y",
            {"M": "Male", "F": "Female", "U": "Not known"},
            codes={"alarm": {"no": "NO", "yes": "YES"}},
            separator=";",
            spaced_headings=True,
        ),
        # Kept in a spreadsheet, by a volunteer.
        RawForm(
            "voluntary_sector",
            "utf-16",
            "%d/%m/%Y",
            {"M": "male", "F": "female", "U": "not specified"},
            separator="\t",
            spaced_headings=True,
            title_rows=("Clients of the member charities", "Please do not forward"),
            trailing=2,
        ),
        RawForm("national_statistics", "utf-8", "%Y-%m-%d", {"M": "male", "F": "female"}),
        RawForm(
            "companies_house",
            "utf-8",
            "%d/%m/%Y",
            {},
            line_end="\r\n",
            headings=_official("companies", blank_before=_BLANK_BEFORE),
            quoted=True,
        ),
        RawForm(
            "food_standards_agency",
            "utf-8-sig",
            "%Y-%m-%d",
            {},
            headings=_official("food_hygiene"),
        ),
        RawForm(
            "enterprise_partnership",
            "cp1252",
            "%d/%m/%Y",
            {},
            line_end="\r\n",
            spaced_headings=True,
            title_rows=("Employment and turnover by agreement", "Not for publication"),
        ),
        RawForm("ordnance_survey", "utf-8", "%Y-%m-%d", {}, headings=_official("land_use")),
    )
}


def write_text(rows: pd.DataFrame, form: RawForm) -> pd.DataFrame:
    """Turn canonical rows into the text that the partner writes, every cell a string.

    Columns keep their canonical names and order.
    """
    text: dict[str, np.ndarray] = {}
    for name in rows.columns:
        column, kind = rows[name], _KINDS[name]
        if kind == "date":
            text[name] = form.days(as_days(column))
        elif kind == "moment":
            text[name] = form.moments(column.to_numpy())
        elif kind == "nhs_number":
            text[name] = _nhs_numbers(column.to_numpy(), spaced=form.spaced_numbers)
        elif name.endswith("sex"):
            text[name] = column.map(form.sexes).to_numpy(dtype=object)
        elif name in form.codes:
            text[name] = column.map(form.codes[name]).fillna("").to_numpy(dtype=object)
        elif kind == "whole_number":
            text[name] = column.astype("string").fillna("").to_numpy(dtype=object)
        elif name.endswith(_NAMED):
            names = column.fillna("").to_numpy(dtype=object)
            text[name] = _encodable(names, form.encoding)
        else:
            text[name] = column.fillna("").to_numpy(dtype=object)
    return pd.DataFrame(text)


def _nhs_numbers(numbers: np.ndarray, *, spaced: bool) -> np.ndarray:
    text = pd.Series(numbers.astype(str), dtype=object)
    if spaced:
        text = text.str[:3] + " " + text.str[3:6] + " " + text.str[6:]
    return text.where(numbers >= 0, "").to_numpy(dtype=object)


def _encodable(names: np.ndarray, encoding: str) -> np.ndarray:
    """Names without their diacritics where the encoding lacks one of them (cp1252 has no *ł*)."""
    codes, distinct = pd.factorize(names)
    fits = [name.encode(encoding, "ignore").decode(encoding) == name for name in distinct]
    return np.where(np.array(fits)[codes], names, without_diacritics(distinct)[codes])


def heading(name: str, form: RawForm) -> str:
    """The heading that the partner writes over a column."""
    if name in form.headings:
        return form.headings[name]
    if not form.spaced_headings:
        return name
    words = (word.upper() if word in ("nhs", "id") else word.title() for word in name.split("_"))
    return " ".join(words)


def columns_in_order(columns: pd.Index, form: RawForm, *, late: bool) -> list[str]:
    """Columns as the partner orders them; from half-way on, personal details come last."""
    names = list(columns)
    if not (form.reorders and late):
        return names
    half = len(names) // 2
    return [*names[:1], *names[half:], *names[1:half]]


def file_bytes(text: pd.DataFrame, form: RawForm, *, late: bool) -> bytes:
    """Return one file of `text` rows as bytes.

    Parameters
    ----------
    text
        From `write_text`.
    late
        Whether the file is of the second half of the window.
    """
    ordered = text[columns_in_order(text.columns, form, late=late)]
    headings = [heading(name, form) for name in ordered.columns]
    if form.trailing:
        ordered, headings = ordered.assign(blank=""), [*headings, ""]
    if form.quoted:
        return form.encode(_quoted(ordered, headings, form))
    body = ordered.to_csv(
        sep=form.separator, index=False, header=headings, lineterminator=form.line_end
    )
    titles = "".join(title + form.line_end for title in form.title_rows)
    blanks = (form.separator * (len(headings) - 1) + form.line_end) * form.trailing
    return form.encode(titles + body + blanks)


def _quoted(text: pd.DataFrame, headings: list[str], form: RawForm) -> str:
    """A heading as it is, and rows of which every cell stands in quotation marks."""
    first = form.separator.join(headings) + form.line_end
    return first + text.to_csv(
        sep=form.separator,
        index=False,
        header=False,
        lineterminator=form.line_end,
        quoting=csv.QUOTE_ALL,
    )
