"""The list as a page for caseworkers, a section a household; it tells where homes are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment
from markupsafe import Markup

from woda_lib.partners import OPENED
from woda_lib.phrases import say_count, say_number
from woda_lib.pilots.complex_dependencies.overrides.choices import DECISIONS, REASONS
from woda_lib.pilots.complex_dependencies.overrides.files import form
from woda_lib.pilots.complex_dependencies.review.drawing import bar_of_1000
from woda_lib.pilots.complex_dependencies.review.listing import (
    CANNOT_TELL,
    DOES_NOT,
    LISTS,
    Listing,
)
from woda_lib.pilots.single_view.person.words import plain, say_day, say_list, sentence
from woda_lib.prediction.explanation import LOWERS, OTHERS, RAISES
from woda_lib.stationery import opened_style
from woda_lib.stationery.templates import page_environment

_HERE = Path(__file__).parent
OLD_DAYS = 365
"""A household whose newest record is older is marked."""


def review_page(
    listing: Listing,
    *,
    agreement: str,
    purpose: str,
    horizon_months: int,
    notes: tuple[str, ...] = (),
    decided: Mapping[str, str] | None = None,
    synthetic: bool,
    district: str = "",
    forbidden: tuple[str, ...] = (),
    opened: str = OPENED,
) -> str:
    """Return the list as HTML that asks nothing of any network and runs no script.

    Parameters
    ----------
    listing
        From `listing.make_list`.
    agreement, purpose
        Under which and for what it is shown.
    horizon_months
        What the scores speak of: so many months from the day of the list.
    notes
        What must be known of this list before it is used, a sentence each, such as a drift alarm.
    decided
        To a household what a caseworker decided about it before, in words.
    synthetic
        Whether nobody on it is real.
    district
        Of which alone households are shown; all, if left out.
    forbidden
        Why no list may be made, a sentence each, where this is what one would look like.
    opened
        What stands where whoever reads it is told who opened it.
    """
    households, rule_only = listing.households, listing.rule_only
    if district:
        households, rule_only = (
            table.loc[table["district"].eq(district)] for table in (households, rule_only)
        )
    return (
        _environment()
        .get_template("review.html")
        .render(
            cards=cards(listing, households, decided=decided or {}),
            others=cards(listing, rule_only, decided=decided or {}),
            scored=listing.scored,
            expected=listing.expected,
            listed=listing.at_capacity,
            as_of=listing.as_of,
            months=horizon_months,
            district=district,
            agreement=agreement,
            purpose=purpose,
            notes=notes,
            synthetic=synthetic,
            forbidden=forbidden,
            decisions=DECISIONS,
            reasons=REASONS,
            sheet=form(households, list_of=listing.as_of, by="YOU").to_csv(index=False),
            opened=Markup(opened),
        )
    )


def cards(
    listing: Listing, households: pd.DataFrame, *, decided: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return what each section says, in the order of the households.

    Parameters
    ----------
    listing
        Whose reasons and gaps are told.
    households
        Rows of it.
    decided
        To a household what was decided about it before.
    """
    wanted = listing.reasons["household_id"].isin(households["household_id"])
    told = {
        key: of.to_dict("records")
        for key, of in listing.reasons[wanted].groupby(["household_id", "way"], sort=False)
    }
    missing = listing.gaps.groupby("household_id")["title"].agg(list).to_dict()
    return [
        {
            **{str(name): None if pd.isna(value) else value for name, value in row.items()},
            "raises": told.get((row["household_id"], RAISES), []),
            "lowers": told.get((row["household_id"], LOWERS), []),
            "missing": missing.get(row["household_id"], []),
            "decided": decided.get(str(row["household_id"]), ""),
        }
        for row in households.to_dict("records")
    ]


def card_page(card: Mapping[str, Any], *, months: int, synthetic: bool) -> str:
    """Return one household's section as a page of its own, to be shown beside a form."""
    template = _environment().get_template("one.html")
    return template.render(card=card, months=months, synthetic=synthetic)


def links_in_words(card: Mapping[str, Any]) -> str:
    """Say how sure it is that the records are of this household.

    Examples
    --------
    >>> links_in_words({"records": 9, "doubtful": 0, "lowest": 0.997, "perhaps_theirs": 0})
    'All nine records are linked to its members surely.'
    """
    if not card["records"]:
        return "No record of a member was found, so that this rests on the property alone."
    one = card["records"] == 1
    if not card["doubtful"]:
        said = (
            "Its one record is linked surely."
            if one
            else f"All {say_count(card['records'])} records are linked to its members surely."
        )
    else:
        said = (
            f"{sentence(say_count(card['doubtful']))} of {say_count(card['records'])} records "
            f"{'is' if card['doubtful'] == 1 else 'are'} linked with doubt (the least sure "
            f"with probability {say_number(card['lowest'], 2)}): ask the service before you rely "
            "on them."
        )
    if card["perhaps_theirs"]:
        more = card["perhaps_theirs"]
        said += (
            f" {sentence(say_count(more))} {'record' if more == 1 else 'records'} of somebody else "
            "may be a member’s."
        )
    return said


def newest_in_words(card: Mapping[str, Any]) -> str:
    """Say how old the newest record of a household is."""
    if card["newest_on"] is None:
        return "No dated record of this household is known."
    said = (
        f"{say_day(card['newest_on'])}, {say_count(int(card['newest_days']))} days before the list."
    )
    if card["newest_days"] > OLD_DAYS:
        said += " What it shows may be over."
    return said


def rule_in_words(card: Mapping[str, Any]) -> str:
    """Say how many needs a caseworker would count, and what the simple rule says of that.

    Examples
    --------
    >>> rule_in_words({"rule": 3.5, "rule_says": "lists it"})
    'three of the ten needs, and a statutory intervention before: the rule lists it too.'
    """
    needs, rest = divmod(float(card["rule"]), 1)
    counted = f"{say_count(int(needs)) if needs else 'none'} of the ten needs"
    before = ", and a statutory intervention before" if rest >= 0.5 else ""
    said = {
        LISTS: "the rule lists it too.",
        DOES_NOT: "too few for the rule to list it.",
        CANNOT_TELL: "the rule cannot tell it from others that have no place on its list.",
    }
    return f"{counted}{before}: {said[str(card['rule_says'])]}"


def help_in_words(card: Mapping[str, Any]) -> str:
    """Say which help is there now, and whether early help is."""
    there = [name for name in str(card["help"] or "").split("; ") if name]
    if card["early_help"] is None:
        early = "Whether early help is open is not known."
    elif card["early_help"] > 0:
        early = "Early help is open."
    else:
        early = "No early help is open."
    others = [name for name in there if name != "early help"]
    return early + (f" There now: {say_list(others)}." if others else "")


def _listed(things: list[str]) -> str:
    return say_list(things)


@cache
def _environment() -> Environment:
    templates = _HERE / "templates"
    style = opened_style() + (templates / "review.css").read_text(encoding="utf-8")
    environment = page_environment(templates, style=style)
    environment.globals |= {"OTHERS": OTHERS, "bar_of_1000": bar_of_1000}
    environment.filters |= {
        "count": say_count,
        "day": say_day,
        "help": help_in_words,
        "links": links_in_words,
        "list_codes": ", ".join,
        "list_of": _listed,
        "newest": newest_in_words,
        "number": say_number,
        "plain": plain,
        "rule": rule_in_words,
        "sentence": sentence,
    }
    return environment
