"""The four registers of businesses, each brought into one form: a row a record.

A record is a company, a rates account, an inspected establishment, or a firm that shares what it
employs; the rows of one firm over the years are one record. Everything else of the pilot reads
records, and knows nothing of the columns of any register.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from woda_lib.pilots.business_register import trades
from woda_lib.pilots.business_register.names import standard_name

SOURCES = ("companies", "business_rates", "food_hygiene", "workforce")
NUMBERS = {
    "companies": "company_number",
    "business_rates": "rates_account",
    "food_hygiene": "fhrs_id",
    "workforce": "workforce_row_id",
}
"""By source, the field that numbers its records."""

RECORDS = [
    "source",
    "id",
    "number",
    "address",
    "postcode",
    "uprn_given",
    "trade",
    "began",
    "ended",
]
_PREVIOUS = [f"previous_name_{i}" for i in range(1, 11)]


def firms(workforce: pd.DataFrame) -> pd.DataFrame:
    """Say which rows of the workforce data are of one firm.

    A firm that gives its company number is known by it; any other by its name and postcode.

    Parameters
    ----------
    workforce
        `workforce_row_id, business_name, company_number, postcode, year`.

    Returns
    -------
    Series
        By row, the `workforce_row_id` of the firm's newest row; it stands for the firm.
    """
    number = company_number(workforce["company_number"])
    distinct = pd.Series(workforce["business_name"].dropna().unique(), dtype=object)
    standard = dict(zip(distinct, distinct.map(standard_name), strict=True))
    name = workforce["business_name"].map(standard).astype("string")
    place = workforce["postcode"].astype("string").fillna("")
    told = number.fillna(name + "/" + place).fillna(workforce["workforce_row_id"])
    newest = workforce.assign(firm=told).sort_values(["year", "workforce_row_id"])
    stands = newest.drop_duplicates("firm", keep="last").set_index("firm")["workforce_row_id"]
    return told.map(stands).astype("string")


def company_number(written: pd.Series) -> pd.Series:
    """Return company numbers in their eight characters: 1234567, which lost its nought, is 01234567."""
    plain = written.astype("string").str.upper().str.replace(r"[^0-9A-Z]", "", regex=True)
    plain = plain.mask(plain == "")
    return plain.where(~plain.str.fullmatch(r"\d{6,7}").fillna(False), plain.str.zfill(8))


def records(loaded: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return every record of the four registers.

    Parameters
    ----------
    loaded
        The datasets by name.

    Returns
    -------
    DataFrame
        `RECORDS`: `source` and `id` name a record; `number` is that of a company; `address` is one
        line; `trade` a broad one (see `trades`); `began` and `ended` bound when it was there.
    """
    made = {
        "companies": _companies,
        "business_rates": _rates,
        "food_hygiene": _hygiene,
        "workforce": _workforce,
    }
    parts = [made[name](loaded[name]).assign(source=name) for name in SOURCES if len(loaded[name])]
    table = pd.concat(parts, ignore_index=True).reindex(columns=RECORDS)
    texts = ["source", "id", "number", "address", "postcode", "uprn_given", "trade"]
    days = dict.fromkeys(["began", "ended"], "datetime64[ns]")
    return table.astype({**dict.fromkeys(texts, "string"), **days})


def written_names(loaded: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the names of every record as its register writes them.

    Returns
    -------
    DataFrame
        `source, id, kind, written`; see `names.called`.
    """
    companies, rates = loaded["companies"], loaded["business_rates"]
    columns = [
        ("companies", companies, "company_name", "registered"),
        *(("companies", companies, name, "previous") for name in _PREVIOUS),
        ("business_rates", rates, "ratepayer", "registered"),
        ("business_rates", rates, "trading_as", "trading"),
        ("food_hygiene", loaded["food_hygiene"], "business_name", "trading"),
        ("workforce", _newest(loaded["workforce"]), "business_name", "registered"),
    ]
    parts = [
        pd.DataFrame(
            {
                "source": source,
                "id": frame[NUMBERS[source]].astype("string"),
                "kind": kind,
                "written": frame[column].astype("string"),
            }
        )
        for source, frame, column, kind in columns
        if column in frame
    ]
    return pd.concat(parts, ignore_index=True).dropna(subset=["written"])


def _companies(frame: pd.DataFrame) -> pd.DataFrame:
    lines = ["care_of", "po_box", "address_line_1", "address_line_2", "post_town"]
    letters = trades.section(trades.sic_code(frame["sic_1"]))
    return pd.DataFrame(
        {
            "id": frame["company_number"],
            "number": company_number(frame["company_number"]),
            "address": one_line(frame, lines),
            "postcode": frame["postcode"],
            "trade": trades.trade_of_section(letters),
            "began": frame["incorporated_on"],
            "ended": frame["died_on"] if "died_on" in frame else frame["dissolved_on"],
        }
    )


def _rates(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": frame["rates_account"],
            "address": frame["address"],
            "postcode": frame["postcode"],
            "uprn_given": frame["uprn"],
            "trade": trades.trade_described(frame["property_description"]),
            "began": frame["started_on"],
            "ended": frame["ended_on"],
        }
    )


def _hygiene(frame: pd.DataFrame) -> pd.DataFrame:
    # What still awaits its inspection was there when it was told.
    seen = frame["rated_on"].fillna(frame["delivered_on"])
    return pd.DataFrame(
        {
            "id": frame["fhrs_id"],
            "address": one_line(frame, [f"address_line_{i}" for i in range(1, 5)]),
            "postcode": frame["postcode"],
            "trade": trades.trade_described(frame["business_type"]),
            "began": seen,
            "ended": seen,
        }
    )


def _workforce(frame: pd.DataFrame) -> pd.DataFrame:
    of = firms(frame)
    year = frame["year"].groupby(of.to_numpy())
    first, last = year.min(), year.max()
    newest = _newest(frame)
    own = newest["workforce_row_id"]
    return pd.DataFrame(
        {
            "id": own,
            "number": company_number(newest["company_number"]),
            "address": newest["address"],
            "postcode": newest["postcode"],
            "began": _march(own.map(first)),
            "ended": _march(own.map(last)),
        }
    )


def _newest(workforce: pd.DataFrame) -> pd.DataFrame:
    """The rows that stand for their firms, without the others."""
    return workforce[workforce["workforce_row_id"].isin(firms(workforce))]


def _march(years: pd.Series) -> pd.Series:
    written = years.astype("Int64").astype("string") + "-03-31"
    return pd.to_datetime(written, format="%Y-%m-%d")


def one_line(frame: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Join the parts of an address that are there."""
    line = pd.Series("", index=frame.index, dtype="string")
    for name in columns:
        part = frame[name].astype("string").fillna("")
        comma = pd.Series(", ", index=frame.index).where((line != "") & (part != ""), "")
        line = line + comma.astype("string") + part
    return line.mask(line == "")
