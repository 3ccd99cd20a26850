"""One county as registers of other shapes would hold it, which `suggest` should read as well.

What is known of each person is the same in every shape, but for the last two; so that whatever F1 a
shape loses to the county as it is, the suggestion has lost.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

Frames = dict[str, pd.DataFrame]

COHORT = 300  # records


def as_it_is(county: pd.DataFrame) -> Frames:
    """Return one table: forename, surname, birth date (1931-09-20), postcode and sex."""
    return {"records": county}


def dated_otherwise(county: pd.DataFrame) -> Frames:
    """Write birth dates day first, with a time behind."""
    return {"records": county.assign(date_of_birth=_born(county).dt.strftime("%d/%m/%Y 00:00"))}


def with_named_months(county: pd.DataFrame) -> Frames:
    """Write birth dates as 20-SEP-1931."""
    written = _born(county).dt.strftime("%d-%b-%Y").str.upper()
    return {"records": county.assign(date_of_birth=written)}


def said_twice(county: pd.DataFrame) -> Frames:
    """Add the full name beside its parts, and the sex once more."""
    return {"records": county.assign(full_name=_whole_name(county), gender=county["sex"])}


def two_registers(county: pd.DataFrame) -> Frames:
    """Split it into two sources, of which one heads, writes and dates everything otherwise."""
    half = len(county) // 2
    return {"one": county.iloc[:half], "other": _otherwise(county.iloc[half:])}


def small_cohort(county: pd.DataFrame) -> Frames:
    """Do the same with a few records on one side."""
    return {"cohort": county.iloc[:COHORT], "register": _otherwise(county.iloc[COHORT:])}


def whole_names_in_one(county: pd.DataFrame) -> Frames:
    """Split it into two sources, of which one holds whole names and the other their parts."""
    half = len(county) // 2
    other = county.iloc[half:]
    whole = other.assign(name=_whole_name(other)).drop(columns=["forename", "surname"])
    return {"one": county.iloc[:half], "other": whole}


def without_days(county: pd.DataFrame) -> Frames:
    """Keep the year of birth alone."""
    return {"records": county.drop(columns="date_of_birth").assign(year=_born(county).dt.year)}


def without_births(county: pd.DataFrame) -> Frames:
    """Keep nothing of the birth date."""
    return {"records": county.drop(columns="date_of_birth")}


SHAPES: dict[str, Callable[[pd.DataFrame], Frames]] = {
    "as it is": as_it_is,
    "birth dates day first, with a time": dated_otherwise,
    "birth dates with named months": with_named_months,
    "full name and sex said twice": said_twice,
    "two sources that head and write all otherwise": two_registers,
    f"the same, {COHORT} records and the rest": small_cohort,
    "two sources, one with whole names": whole_names_in_one,
    "year of birth alone": without_days,
    "no birth dates": without_births,
}


def _born(county: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(county["date_of_birth"], errors="coerce")


def _whole_name(county: pd.DataFrame) -> pd.Series:
    return county["forename"].str.cat(county["surname"], sep=" ", na_rep="").str.strip()


def _otherwise(county: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ref": [f"R{number}" for number in county["record_id"]],
            "given_name": county["forename"].str.upper(),
            "family_name": county["surname"].str.upper(),
            "dob": _born(county).dt.strftime("%d/%m/%Y"),
            "post_code": county["postcode"].str.replace(" ", ""),
            "gender": county["sex"].map({"M": "Male", "F": "Female"}),
            "entity_id": county["entity_id"],
        }
    )
