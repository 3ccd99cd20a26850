"""What can be wrong with the rules of flags, in words to act on."""

from __future__ import annotations

from woda_lib.pilots.domestic_abuse.errors import DomesticAbuseError


class FlagRulesError(DomesticAbuseError):
    """The file of rules cannot be used; the message names file, flag, rule and key."""


class PatternError(ValueError):
    """A pattern is not of the form that rules are written in."""
