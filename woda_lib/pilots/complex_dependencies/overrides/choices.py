"""What a caseworker may decide about a household on the list, and the reasons to choose from."""

from __future__ import annotations

from collections.abc import Mapping

AGREE, LOWER, HIGHER, CANNOT_TELL = "agree", "lower", "higher", "cannot_tell"

DECISIONS: Mapping[str, str] = {
    AGREE: "Agree",
    LOWER: "Disagree: lower",
    HIGHER: "Disagree: higher",
    CANNOT_TELL: "Cannot tell",
}
"""To each decision its words: whether the score is about right, too high or too low."""

OVERRIDES = (LOWER, HIGHER)
"""Decisions against the model."""

REASONS: Mapping[str, Mapping[str, str]] = {
    AGREE: {
        "as_recorded": "It is as the records say",
        "known_to_me": "I know the household, and see it so too",
    },
    LOWER: {
        "help_is_there": "Help is there that the records do not show",
        "over": "What the records say is over",
        "not_theirs": "A record is of somebody else",
        "moved": "The household has moved or changed",
        "not_a_need": "What raises the score is no need here",
    },
    HIGHER: {
        "not_recorded": "A need that nobody wrote down",
        "worse": "It is worse than the records say",
        "help_ended": "Help that the records show has ended",
        "few_know_it": "Few services know it, and that hides need",
    },
    CANNOT_TELL: {
        "too_old": "The records are too old",
        "missing": "Too much is missing",
        "nobody_to_ask": "No service could be asked",
        "in_doubt": "It is not sure whose records these are",
    },
}
"""To each decision the reasons for it, by code."""


def say_reason(code: str) -> str:
    """Return a reason's words."""
    return next((them[code] for them in REASONS.values() if code in them), code.replace("_", " "))
