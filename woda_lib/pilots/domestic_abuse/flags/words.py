"""A text as words with their places, cut into sentences as shorthand allows.

Logs are written in a hurry: lines instead of full stops, times instead of sentences, a query as
“?preg”, quotes of every kind. What is kept of the marks is what tells where a sentence or a clause
ends; every word keeps the place at which it stands in the text as it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<word>\bw/(?=\s)|(?<![^\W\d_])[^\W\d_]/[^\W\d_](?![^\W\d_])|[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?P<time>(?<![\d:.])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])(?:\s?hrs)?)"
    r"|(?P<digits>\d+)"
    r"|(?P<line>[^\S\n]*\n\s*)"
    r"|(?P<query>\?(?=\w)|(?:^|(?<=\n)|(?<=[.:;]\s))\?\s(?=\w))"
    r"|(?P<dash>(?<=\s)[-–—/|]+(?=\s)|—)"
    r"|(?P<stop>[.!?;]+(?=[\s\"')]|$)|(?<=[^\W\d_]{2})\.(?=[^\W\d_]{2}))"
    r"|(?P<mark>[,:()\"/])"
)
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"'})
_ABBREVIATED = frozenset(
    "approx poss prev prob dr mr mrs ms st esp inc vs wk wks yr yrs hx".split()
)
_AT_A_TIME = frozenset("at since around from until till by about approx before after to".split())
_ANSWERS = frozenset(
    "yes no nil none n y nope yep unknown unk never not neg negative nk tbc denied".split()
)
_PARTIES = frozenset(
    "victim victim's vic vic's ip ip's suspect suspect's sus sus's susp ap ap's complainant "
    "complainant's aggrieved respondent respondent's perpetrator perpetrator's perp offender "
    "informant".split()
)
"""Who “the victim” or “the IP” is called: rules read them as they read “her” or a name."""
_INJURED_PARTY = {"party": "ip", "party's": "ip's", "person": "ip", "person's": "ip's"}
"""The last word of “injured party” and “injured person”, which are one word: the victim."""
_SHORT = {"w/": "with", "vict": "victim", "vict's": "victim's"} | {
    each.replace("'", ""): each
    for each in (
        "doesn't don't didn't isn't wasn't weren't hasn't haven't hadn't wouldn't couldn't "
        "shouldn't can't won't aren't"
    ).split()
}
"""Short spellings, with what is meant: rules need not know them."""
_WRAPPED_FROM = 60
_FEW = 3
_YEAR = re.compile(r"19[5-9]\d|20[0-4]\d")
_YEAR_GOES_ON = re.compile(r"\s+[-–—]|[,)]|\s[a-z]")
_RECORD = re.compile(
    r"\s+(?:nfs|ccb|ttk|hba|hbv|s\s?47|rspca|cp|mh|mha|od|da|dv|sv|dash|crime|log|marker|conviction"
    r"|caution|report|referral|order|warning|job|intel|allegation|incident|case|record|arrest)\b",
    re.IGNORECASE,
)
_AHEAD = 16
_CLOCK = re.compile(r"(?<![\d/:.])([01]\d|2[0-3]):?([0-5]\d)(?![\d/:])")

SENTENCE, QUERY, DASH = ".", "?", "-"


@dataclass(slots=True)
class Words:
    """The words of one text.

    Attributes
    ----------
    tokens
        Words and numbers in lower case, with straight quotes; “the victim” is one word, “victim”.
    starts, ends
        Where each begins and ends in the text, in characters.
    marks
        What stands between a word and the one before, if it matters: ``.`` (another sentence),
        ``,`` ``:`` ``(`` ``)`` ``"`` ``/`` ``-`` or ``?`` (a query, as in “?preg”); else nothing.
    stops
        For each word the number of the first word that is no longer in its sentence.
    firsts
        For each word the number of the first word of its sentence.
    asked
        Numbers of sentences' last words that are followed by a question mark.
    answers
        Numbers of words such as “no” that answer a question in the same line.
    queried
        Numbers of words that a query precedes, “?preg”, whatever else stands between.
    """

    tokens: list[str]
    starts: list[int]
    ends: list[int]
    marks: list[str]
    stops: list[int]
    firsts: list[int]
    asked: frozenset[int]
    answers: frozenset[int]
    queried: frozenset[int]

    def clause_ends_after(self, place: int) -> bool:
        """Whether a word is the last of its clause."""
        return place + 1 >= len(self.tokens) or self.marks[place + 1] not in ("", '"')


def read_words(text: str) -> Words:
    """Cut a text into words and sentences; linear in its length."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter such as İ becomes two: places would be wrong
        lowered = "".join(low if len(low := each.lower()) == 1 else each for each in text)
    lowered = lowered.translate(_STRAIGHT)
    tokens: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    marks: list[str] = []
    asked: list[int] = []
    answers: list[int] = []
    queried: list[int] = []
    pending, line_began, timed = "", 0, -1
    query = False
    shown = text.upper() if text.islower() and len(text.upper()) == len(text) else text
    for found in _TOKEN.finditer(lowered):
        kind = found.lastgroup
        if kind == "word" or kind == "digits":
            if pending == "?." and found[0] in _ANSWERS:
                pending = ","
                answers.append(len(tokens))
            elif pending == "?.":
                pending = SENTENCE
                asked.append(len(tokens) - 1)
            elif (
                kind == "digits"
                and timed != len(tokens)
                and _is_time(found[0], pending, tokens, shown[found.end() :][:_AHEAD], lowered)
            ):
                pending, timed = SENTENCE, len(tokens)
                continue
            elif pending == DASH and found[0] not in _ANSWERS:
                pending = "," if _begins_with_year(tokens, marks) else SENTENCE
            word = _SHORT.get(found[0], found[0])
            before = tokens[-1] if tokens and not pending else ""
            if before == "injured" and word in _INJURED_PARTY:
                word, before = _INJURED_PARTY[word], "the"
            if before == "the" and word in _PARTIES:
                tokens[-1], ends[-1] = word, found.end()
                continue
            tokens.append(word)
            starts.append(found.start())
            ends.append(found.end())
            marks.append(pending)
            if query:
                queried.append(len(tokens) - 1)
            pending, query = "", False
        elif kind == "query":
            query = True
            pending = pending if pending in (SENTENCE, "?.") else QUERY
        elif pending in (SENTENCE, "?."):
            line_began = found.end() if kind == "line" else line_began
        elif kind == "stop":
            if found[0][-1] == "?":
                pending = "?."
            elif found[0] != "." or not tokens or tokens[-1] not in _ABBREVIATED:
                pending = SENTENCE
        elif kind == "line":
            if not _wrapped(text, found, line_began):
                pending = SENTENCE
            line_began = found.end()
        elif kind == "time":
            if not tokens or tokens[-1] not in _AT_A_TIME:
                pending, timed = SENTENCE, len(tokens)
        elif kind == "dash":
            pending = DASH
        else:
            pending = found[0]
    if pending == "?.":
        asked.append(len(tokens) - 1)
    firsts, stops = _sentences(marks)
    return Words(
        tokens, starts, ends, marks, stops, firsts, *map(frozenset, (asked, answers, queried))
    )


def _begins_with_year(tokens: list[str], marks: list[str]) -> bool:
    """Whether a dash follows a year that says when: “2021 - …”, “Old log 2021 - …”."""
    if not tokens or not _YEAR.fullmatch(tokens[-1]):
        return False
    return len(tokens) <= _FEW or SENTENCE in marks[-_FEW:]


def _is_time(digits: str, pending: str, tokens: list[str], follows: str, text: str) -> bool:
    """Whether four digits that begin a sentence are the time at which a log was written.

    “2021 - he drowned her kitten”, “2021 saw an order” and “2021 RSPCA visit” begin with a year;
    “2021 Unit on scene” and, where all is in small letters, “2021 unit on scene” with a time. So
    does “2021 crime raised” in a log that has another time within the hour.
    """
    begins = pending in (SENTENCE, DASH) or not (pending or tokens)
    if not (begins and len(digits) == 4 and int(digits[:2]) < 24 and int(digits[2:]) < 60):
        return False
    if not _YEAR.fullmatch(digits):
        return True
    if _RECORD.match(follows):
        return _has_a_time_near(digits, text)
    return not _YEAR_GOES_ON.match(follows[:3])


def _has_a_time_near(digits: str, text: str) -> bool:
    """Whether a text holds a time, itself no year, within the hour of another."""
    minute = int(digits[:2]) * 60 + int(digits[2:])
    others = (int(hour) * 60 + int(past) for hour, past in _CLOCK.findall(text))
    return any(0 < abs(other - minute) <= 60 for other in others)


def _wrapped(text: str, found: re.Match[str], line_began: int) -> bool:
    """Whether a line ends only because it was full."""
    goes_on = text[found.end() : found.end() + 1].islower()
    return (
        goes_on
        and "\n" not in found[0].strip(" ").strip("\n")
        and (found.start() - line_began >= _WRAPPED_FROM and found[0].count("\n") == 1)
    )


def _sentences(marks: list[str]) -> tuple[list[int], list[int]]:
    begins = [place for place, mark in enumerate(marks) if mark == SENTENCE or place == 0]
    if not begins:
        return [], []
    firsts: list[int] = []
    stops: list[int] = []
    for first, stop in zip(begins, [*begins[1:], len(marks)], strict=True):
        firsts += [first] * (stop - first)
        stops += [stop] * (stop - first)
    return firsts, stops
