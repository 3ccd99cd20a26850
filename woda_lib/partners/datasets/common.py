"""Columns, codes and rules that the contracts of several datasets share."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from woda_lib.partners.contracts import Column, RowRule

TRUSTS = ("worcestershire_acute", "severnside_acute")
COUNCILS = ("county_council", "severnside_council")
POLICE = ("west_mercia_police",)
NHS_NUMBER = "nhs_number"
OPT_OUTS = "opt_outs"
"""The dataset of people's choices; no agreement shares it, and every load honours it."""


def plain(*codes: str) -> dict[str, tuple[str, ...]]:
    """Codes that partners write as they are."""
    return dict.fromkeys(codes, ())


SEX = Column(
    "code",
    "Sex as recorded",
    codes={
        "M": ("1", "male"),
        "F": ("2", "female"),
        "U": ("0", "9", "x", "unknown", "not known", "not specified"),
    },
)
ETHNIC_GROUP = Column(
    "code",
    "Ethnic group, NHS data dictionary letter; Z is not stated",
    required=False,
    codes=dict.fromkeys("ABCDEFGHJKLMNPRSZ", ()) | {"Z": ("99",)},
)


def not_after(earlier: str, later: str) -> Callable[[pd.DataFrame], pd.Series]:
    """Return a check that one date of a row does not come after another."""
    return lambda rows: ~(rows[earlier] > rows[later])


def not_in_the_future(column: str) -> RowRule:
    """Return the rule that a date, or the day of a moment, was over when the file was delivered."""
    return RowRule(
        f"{column}_after_delivery",
        column,
        f"{column} is not after the day on which the file was delivered",
        lambda rows: ~(rows[column].dt.normalize() > rows["delivered_on"]),
    )


def in_order(earlier: str, later: str, says: str) -> RowRule:
    """Return the rule that `later` does not come before `earlier`."""
    return RowRule(f"{later}_before_{earlier}", later, says, not_after(earlier, later))


def named() -> dict[str, Column]:
    """The columns by which somebody is known who gives no number."""
    return {
        "forename": Column("text", "First name", required=False, personal=True),
        "surname": Column("text", "Family name", personal=True),
        "date_of_birth": Column("date", "Birth date", required=False, personal=True),
        "sex": SEX,
    }


def person() -> dict[str, Column]:
    """The columns by which health and social care know somebody."""
    return {
        NHS_NUMBER: Column(
            "nhs_number",
            "NHS number, ten digits; blanked where its check digit is wrong",
            required=False,
            personal=True,
        ),
        **named(),
        "ethnic_group": ETHNIC_GROUP,
    }


def home() -> dict[str, Column]:
    """The columns of where somebody lives."""
    return {
        "address": Column("text", "Home address on one line", required=False, personal=True),
        "postcode": Column("postcode", "Home postcode", required=False, personal=True),
    }


def area() -> dict[str, Column]:
    """The columns of an area, which name no address."""
    return {
        "district": Column("text", "District", required=False),
        "deprivation_quintile": Column(
            "whole_number",
            "Fifth of the index of multiple deprivation; 1 is the most deprived",
            required=False,
            minimum=1,
            maximum=5,
        ),
    }
