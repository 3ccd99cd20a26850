"""The form in which a council's land and property gazetteer is handed over: BS 7666, DTF 7.3.

One file holds records of many kinds, told apart by the number that begins each: 10 is the header,
11 and 15 are streets and their names, 21 is a property (a basic land and property unit), 24 a way
of addressing it (a land and property identifier), 32 its class where a later edition has one, 99
the trailer. Kinds that an address does not need (provenance, cross-references, metadata,
successors, organisations) are counted and left.

The order of fields is that of edition 7.3; a file says its edition in its header.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.errors import ExtractError

EDITION = "7.3"
GAZETTEER = "gazetteer"
CLASS_SCHEME = "AddressBase"

HEADER, STREET, DESCRIPTOR, PROPERTY, ADDRESS, CLASS, TRAILER = (
    "10", "11", "15", "21", "24", "32", "99",
)  # fmt: skip
LEFT = {
    "12": "street cross-reference", "13": "elementary street unit", "14": "street unit record",
    "16": "street coordinates", "17": "street dedication", "22": "provenance",
    "23": "cross-reference", "29": "metadata", "30": "successor", "31": "organisation",
}  # fmt: skip

# Fields of each kind of record that are read, in the order of the file; others follow them.
_BEFORE = ("record", "change", "order")
FIELDS: dict[str, tuple[str, ...]] = {
    HEADER: (
        "record", "custodian", "custodian_code", "process_date", "volume", "entry_date",
        "time_stamp", "edition", "file_type",
    ),
    STREET: (*_BEFORE, "usrn"),
    DESCRIPTOR: (*_BEFORE, "usrn", "street", "locality", "town", "district", "language"),
    PROPERTY: (
        *_BEFORE, "uprn", "status", "state", "state_date", "class_code", "parent_uprn", "easting",
        "northing",
    ),
    ADDRESS: (
        *_BEFORE, "uprn", "lpi_key", "language", "logical_status", "started_on", "ended_on",
        "entry_date", "last_update", "sao_number", "sao_suffix", "sao_end", "sao_end_suffix",
        "sao_text", "pao_number", "pao_suffix", "pao_end", "pao_end_suffix", "pao_text", "usrn",
        "level", "postal", "postcode", "post_town",
    ),
    CLASS: (*_BEFORE, "uprn", "class_key", "class_code", "scheme"),
    TRAILER: ("record",),
}  # fmt: skip
_NUMBERS = {
    DESCRIPTOR: ("usrn",),
    PROPERTY: ("uprn", "easting", "northing"),
    ADDRESS: ("uprn", "logical_status", "usrn"),
}
_MOST_FIELDS = 40
_STATUSES = ("1", "3", "6", "8")
_ENGLISH = "ENG"


@dataclass(frozen=True)
class Transfer:
    """A gazetteer that was handed over.

    Attributes
    ----------
    frame
        The columns of the contract ``gazetteer``, as text to be checked when it is read.
    delivered_on
        The day on which the council's system wrote it.
    left_out
        Records that no address could be made of, or none was needed of, by the reason.
    """

    frame: pd.DataFrame
    delivered_on: pd.Timestamp
    left_out: dict[str, int]


def read_transfer(path: Path) -> Transfer:
    """Read a file in the transfer format DTF 7.3.

    Parameters
    ----------
    path
        A whole supply, not changes alone.

    Raises
    ------
    ExtractError
        There is no file, it is none of this form or edition, was cut off, or holds changes alone;
        or a number is not where it should be. The message says which line, and what to ask for.
    """
    records = _records(path)
    header = _named(records, HEADER, path).iloc[:1]
    _require_whole(header, records, path)
    streets, addresses = _named(records, DESCRIPTOR, path), _named(records, ADDRESS, path)
    properties = _named(records, PROPERTY, path)
    if addresses.empty or properties.empty:
        raise ExtractError(
            f"{path.name} holds no properties (records {PROPERTY}) or no ways of addressing them "
            f"(records {ADDRESS}). Ask the council for the whole supply of its gazetteer."
        )
    left_out = {LEFT[kind]: n for kind, n in _counts(records).items() if kind in LEFT}
    streets = _in_english(streets, ["usrn"])
    properties = properties.drop_duplicates("uprn", keep="last")
    properties = _with_classes(properties, _named(records, CLASS, path))

    kept = addresses["logical_status"].isin(_STATUSES)
    left_out["candidate or rejected way of addressing"] = int((~kept).sum())
    ways = addresses[kept].drop_duplicates("lpi_key", keep="last")
    english = ways["language"].isin([_ENGLISH, ""])
    left_out["way of addressing in another language"] = int((~english).sum())
    ways = ways[english]
    ways = ways.merge(
        properties[["uprn", "class_code", "parent_uprn", "easting", "northing"]],
        on="uprn",
        how="left",
        indicator="held",
    )
    orphan = ways["held"].eq("left_only")
    left_out["way of addressing without its property"] = int(orphan.sum())
    ways = ways[~orphan].merge(
        streets[["usrn", "street", "locality", "town", "district"]], on="usrn", how="left"
    )
    process_date = pd.to_datetime(header["process_date"], format="%Y-%m-%d", errors="coerce")
    return Transfer(
        frame=_as_agreed(ways),
        delivered_on=process_date.iloc[0],
        left_out={reason: n for reason, n in left_out.items() if n},
    )


def write_extract(transfer: Transfer, folder: Path) -> Path:
    """Write what was read as the extract that the contract asks for, and return its path."""
    partner = CONTRACTS[GAZETTEER].partners[0]
    path = folder / partner / f"{GAZETTEER}_{transfer.delivered_on:%Y-%m}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    transfer.frame.to_csv(path, index=False)
    return path


def _records(path: Path) -> pd.DataFrame:
    """Return all records as text, blank beyond each one's own fields; index: lines from 1."""
    if not path.is_file():
        raise ExtractError(f"There is no file {path}. Check the name and the folder.")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            frame = pd.read_csv(
                path, header=None, names=list(range(_MOST_FIELDS)), dtype=str, encoding=encoding,
                keep_default_na=False, na_values=[], skip_blank_lines=False,
            )  # fmt: skip
        except UnicodeDecodeError:
            continue
        except (pd.errors.ParserError, pd.errors.EmptyDataError):
            break
        return frame.set_axis(frame.index + 1)
    raise ExtractError(
        f"{path.name} cannot be read as lines of cells with commas between them. Ask the council "
        f"for its gazetteer in the transfer format DTF {EDITION}, as CSV."
    )


def _counts(records: pd.DataFrame) -> dict[str, int]:
    return {str(kind): int(n) for kind, n in records[0].value_counts().items()}


def _named(records: pd.DataFrame, kind: str, path: Path) -> pd.DataFrame:
    """Return the records of one kind with their fields named.

    Where fields stand in another order than is thought, numbers are not where they should be.
    """
    names = FIELDS[kind]
    rows = records[records[0] == kind]
    named = rows[list(range(len(names)))].set_axis(list(names), axis=1)
    named = named.apply(lambda column: column.str.strip())
    for field in _NUMBERS.get(kind, ()):
        wrong = ~named[field].str.fullmatch(r"[0-9]+(?:\.[0-9]+)?")
        if wrong.any():
            raise ExtractError(
                f"Line {named.index[wrong][0]} of {path.name} is a record {kind} whose field "
                f"{names.index(field) + 1}, {field}, is no number; {int(wrong.sum()):,} records "
                f"are so. Ask the council for edition {EDITION} of the transfer format."
            )
    return named


def _require_whole(header: pd.DataFrame, records: pd.DataFrame, path: Path) -> None:
    if header.empty or records[0].iloc[0] != HEADER:
        raise ExtractError(
            f"{path.name} does not begin with a header (record {HEADER}). It is no gazetteer in "
            f"the transfer format DTF {EDITION}."
        )
    edition = header["edition"].iloc[0]
    if not edition.startswith(EDITION):
        raise ExtractError(
            f"The header of {path.name} names another edition than {EDITION}, whose fields stand "
            f"in another order. Ask the council to export DTF {EDITION}."
        )
    if header["file_type"].iloc[0].upper().startswith("C"):
        raise ExtractError(
            f"{path.name} holds changes alone, says its header. Ask for the whole supply."
        )
    if pd.isna(pd.to_datetime(header["process_date"].iloc[0], format="%Y-%m-%d", errors="coerce")):
        raise ExtractError(
            f"The fourth field of the header of {path.name} is no day written 2024-03-31. Without "
            "it nobody knows of when the gazetteer is."
        )
    if records[0].iloc[-1] != TRAILER:
        raise ExtractError(
            f"{path.name} does not end with a trailer (record {TRAILER}): it was cut off on its "
            "way. Fetch it again."
        )


def _in_english(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    order = rows["language"].ne(_ENGLISH)
    return rows.loc[order.sort_values(kind="stable").index].drop_duplicates(key)


def _with_classes(properties: pd.DataFrame, classes: pd.DataFrame) -> pd.DataFrame:
    """Take a property's class from its own record, or from a record of classes."""
    given = classes[classes["scheme"].str.startswith(CLASS_SCHEME)].drop_duplicates("uprn")
    other = properties["uprn"].map(given.set_index("uprn")["class_code"]).fillna("")
    own = properties["class_code"]
    return properties.assign(class_code=own.where(own != "", other))


def _as_agreed(ways: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of the contract."""
    whole = pd.DataFrame(
        {
            "lpi_key": ways["lpi_key"],
            "uprn": ways["uprn"].str.lstrip("0"),
            "parent_uprn": ways["parent_uprn"].str.lstrip("0"),
            "logical_status": ways["logical_status"],
            "class_code": ways["class_code"],
            "sub_building": _object(ways, "sao"),
            "building": _object(ways, "pao"),
            "street": ways["street"],
            "locality": ways["locality"],
            "town": ways["post_town"].where(ways["post_town"] != "", ways["town"]),
            "postcode": ways["postcode"],
            "easting": _metres(ways["easting"]),
            "northing": _metres(ways["northing"]),
            "district": ways["district"],
            "started_on": ways["started_on"],
            "ended_on": ways["ended_on"],
        }
    )
    whole = whole.replace("", np.nan)
    return whole.reindex(columns=list(CONTRACTS[GAZETTEER].columns))


def _object(ways: pd.DataFrame, which: str) -> pd.Series:
    """Write an addressable object: its text, then its number, letter and range."""
    low = ways[f"{which}_number"] + ways[f"{which}_suffix"]
    high = ways[f"{which}_end"] + ways[f"{which}_end_suffix"]
    number = low.where(high == "", low + "-" + high)
    return (ways[f"{which}_text"] + " " + number).str.strip()


def _metres(values: pd.Series) -> pd.Series:
    return pd.to_numeric(values, errors="coerce").round().astype("Int64")
