"""Flags: what a log or a referral says that the meeting needs to know, with the words it says."""

from woda_lib.pilots.domestic_abuse.flags.errors import FlagRulesError
from woda_lib.pilots.domestic_abuse.flags.finding import failing_examples, find_flags, flag_texts
from woda_lib.pilots.domestic_abuse.flags.marking import Piece, marked
from woda_lib.pilots.domestic_abuse.flags.measuring import confusion, measure, measure_templates
from woda_lib.pilots.domestic_abuse.flags.mentions import (
    SPEAKERS,
    STATES,
    ContextWord,
    Mention,
    strongest,
    strongest_rows,
)
from woda_lib.pilots.domestic_abuse.flags.rules import Rules

__all__ = [
    "SPEAKERS",
    "STATES",
    "ContextWord",
    "FlagRulesError",
    "Mention",
    "Piece",
    "Rules",
    "confusion",
    "failing_examples",
    "find_flags",
    "flag_texts",
    "marked",
    "measure",
    "measure_templates",
    "strongest",
    "strongest_rows",
]
