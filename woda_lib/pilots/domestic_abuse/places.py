"""Which rows are about one address, however each agency writes it on its line.

*Flat 3, 12 Mill Lane*, *3/12 Mill Ln* and *12C Mill Lane, Malvern* are one home. Each line is taken
apart into the number of flat and house, the street and the town; these and the postcode are then
linked like any other records. A line without a flat is a home of its own: a house must not join all
of its flats.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from woda_lib.linkage import LinkageSpec
from woda_lib.linkage.record_keys import ordered_by
from woda_lib.notebook import Run
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.pilots.domestic_abuse.registers import MARAC

PLACED = (
    "police_incidents",
    "police_persons",
    "social_care_involvements",
    "front_door_contacts",
    "exploitation_referrals",
    "housing_tenancies",
    "probation_orders",
    "school_roll",
    MARAC,
)
"""Datasets whose rows give an address."""

HOMES = "home of "
"""What stands before an agency's name in place of a dataset where a line is somebody's home."""

NO_FLAT = "0"
SOURCE = "addresses"

_FLAT_WORDS = r"(?:flat|apartment|apt|unit)"
_FLAT = re.compile(rf",?\s*\b{_FLAT_WORDS}\s+(?P<flat>[0-9a-z]+)\b\s*,?\s*")
_SLASHED = re.compile(r"^(?P<flat>\d+)\s*/\s*(?=\d)")
_NUMBER = re.compile(r"^(?P<number>\d+)\s*(?P<letter>[a-z]?)\b[\s,]*")


def address_lines(
    loaded: Mapping[str, pd.DataFrame], people: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return the lines that rows give as their address.

    Parameters
    ----------
    loaded
        The tables of `PLACED` by name, as far as there are any.
    people
        From `people.records`; their homes stand under the dataset `HOMES`.

    Returns
    -------
    DataFrame
        `dataset, row_id, line, postcode`, without rows that give no line.
    """
    parts = [
        frame[["id", "address", "postcode"]]
        .set_axis(["row_id", "line", "postcode"], axis=1)
        .dropna(subset=["line"])
        .assign(dataset=f"{HOMES}{source}")
        for source, frame in people.items()
    ]
    for dataset in PLACED:
        if dataset in loaded:
            prefix = "victim_" if dataset == MARAC else ""
            key = CONTRACTS[dataset].key
            named = {key: "row_id", f"{prefix}address": "line", f"{prefix}postcode": "postcode"}
            rows = loaded[dataset].rename(columns=named)[["row_id", "line", "postcode"]]
            parts.append(rows.dropna(subset=["line"]).assign(dataset=dataset))
    some = [part for part in parts if len(part)]
    return pd.concat(some, ignore_index=True)[["dataset", "row_id", "line", "postcode"]]


def records(lines: pd.DataFrame, run: Run) -> tuple[dict[str, pd.DataFrame], pd.Series]:
    """Return one record for each way of writing an address.

    Parameters
    ----------
    lines
        From `address_lines`.
    run
        Its pseudonyms name the records, so that no address can be guessed from a name.

    Returns
    -------
    records : dict of str to DataFrame
        For ``addresses.yaml``: `id, premises, street, town, postcode`.
    which : Series
        The record of each line.
    """
    at, lined = pd.factorize(lines["line"])
    plain = np.array([" ".join(line.lower().split()) for line in lined], dtype=object)
    parts = pd.DataFrame([parts_of(line) for line in plain], columns=PARTS)
    postcodes = lines["postcode"].fillna("").to_numpy(dtype=object)
    written = pd.DataFrame({"line": plain[at], "postcode": postcodes})
    codes = written.groupby(["line", "postcode"], sort=False).ngroup().to_numpy()
    first = np.unique(codes, return_index=True)[1]
    each = written.iloc[first].reset_index(drop=True)
    names = each["line"] + "\x1f" + each["postcode"]
    identifiers = run.pseudonymise(
        names, field="incident_id", partners=pd.Series("", index=names.index)
    )
    table = parts.iloc[at[first]].reset_index(drop=True)
    table = table.assign(id=identifiers, postcode=each["postcode"].where(each["postcode"] != ""))
    which = pd.Series(identifiers.to_numpy(dtype=object)[codes], index=lines.index)
    return {SOURCE: table[["id", *PARTS, "postcode"]]}, which


PARTS = ["premises", "street", "town"]


def parts_of(line: str) -> tuple[str | None, str | None, str | None]:
    """Take a line in small letters apart.

    Parameters
    ----------
    line
        An address without its postcode.

    Returns
    -------
    premises : str or None
        Number of the flat and of the house, such as ``3 12``, or ``0 12`` where there is no flat;
        or the name of the house. The third letter after a number is flat 3.
    street, town : str or None
    """
    flat = NO_FLAT
    if found := _FLAT.search(line):
        flat = _counted(found["flat"])
        line = f"{line[: found.start()]}, {line[found.end() :]}".strip(" ,")
    elif found := _SLASHED.match(line):
        flat, line = _counted(found["flat"]), line[found.end() :]
    if found := _NUMBER.match(line):
        if found["letter"] and flat == NO_FLAT:
            flat = _counted(found["letter"])
        house, line = found["number"], line[found.end() :]
    else:
        house, _, line = line.partition(",")
    street, _, town = line.partition(",")
    premises = f"{flat} {house.strip()}" if house.strip() else None
    return premises, street.strip() or None, town.strip(" ,") or None


def place_table(lines: pd.DataFrame, which: pd.Series, clusters: pd.DataFrame) -> pd.DataFrame:
    """Return the address of each line: `dataset, row_id, address_id, confidence`."""
    found = lines[["dataset", "row_id"]].assign(id=which).merge(clusters, on="id")
    table = found.rename(columns={"entity_id": "address_id"})
    table = table[["dataset", "row_id", "address_id", "confidence"]]
    return table.iloc[ordered_by(table, ["dataset", "row_id"])].reset_index(drop=True)


def with_homes(people: Mapping[str, pd.DataFrame], places: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return people's records with `home`, the address that their line is.

    Parameters
    ----------
    people
        From `people.records`.
    places
        From `place_table`, the homes among them.
    """
    homes = {
        str(name).removeprefix(HOMES): rows.set_index("row_id")["address_id"]
        for name, rows in places[_are_homes(places)].groupby("dataset")
    }
    none = pd.Series(dtype=object)
    return {
        source: frame.assign(home=frame["id"].map(homes.get(source, none)).astype("string"))
        for source, frame in people.items()
    }


def of_rows(places: pd.DataFrame) -> pd.DataFrame:
    """Return the addresses of delivered rows, without those of people's records."""
    return places[~_are_homes(places)].reset_index(drop=True)


def specification(run: Run) -> LinkageSpec:
    """Return how addresses are linked (``parameters/linkage/addresses.yaml``), an input."""
    path = run.parameters_folder / "linkage" / "addresses.yaml"
    run.record_input(path, path.name)
    return LinkageSpec.from_yaml(path)


def _are_homes(places: pd.DataFrame) -> np.ndarray:
    """Say which rows are of people's records, asking once of each dataset."""
    codes, names = pd.factorize(places["dataset"])
    return np.array([str(name).startswith(HOMES) for name in names], dtype=bool)[codes]


def _counted(text: str) -> str:
    """Write the third flat as 3, whether it was 3, 03 or c."""
    if len(text) == 1 and text.isalpha():
        return str(ord(text) - ord("a") + 1)
    return text.lstrip("0") or NO_FLAT
