"""What the words around a mention make of it: now, past, supposed, denied, or somebody else's.

What decides, if there are several: somebody else's, then denied, then past, then supposed.
A denial that is itself denied (“did not deny”) is no denial.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from woda_lib.pilots.domestic_abuse.flags.matching import Hit
from woda_lib.pilots.domestic_abuse.flags.scopes import Clauses
from woda_lib.pilots.domestic_abuse.flags.words import Words

DECIDES = ("someone_else", "negated", "past", "hypothetical")

_NOT_THE_SUBJECT = frozenset(
    "to with at from for in near told called phoned contacted informed texted rang telling tells "
    "visited visiting seeing saw via through like and outside inside into".split()
)
_BELONGS_TO = frozenset("of by from involving belonging".split())
_OBTAINED = frozenset("get gets got getting buys buy bought takes it them these some".split())
_DESCRIBES = frozenset("who with whose having".split())
_WITNESSED = frozenset(
    "heard overheard seen witnessed reported stated called disclosed noted recorded interrupted "
    "disturbed separated checked found confirmed alleged observed raised".split()
)
_HARMED = frozenset("her him ip vic victim me aggrieved".split())
_OF_ANOTHER = frozenset(
    "own partner husband wife boyfriend girlfriend fiance ex marriage relationship life family "
    "brother mother father sister mum dad kids".split()
)
_KIN = frozenset(
    "parents father fathers dad mother mothers mum mam brother brothers uncle uncles aunt aunts "
    "aunties cousins law laws inlaws stepfather stepdad stepmother stepbrother grandfather "
    "grandmother grandparents nephew nephews relatives relative".split()
)
"""Relatives who, where an adult is hurt, are more often the ones who do it than anybody else."""
_DOUBLED = 4
"""How many words may lie between two denials that undo each other: “did not once deny”."""
_DETERMINERS = frozenset("the a an his her their my your ip's sus's this that another one".split())


class Cue(NamedTuple):
    """What a context pattern stands for: a state, and on which side of it the mention stands.

    ``where`` is before, after, around, never (words that look like the state and are not), says,
    denies, ends, person, or incident.
    """

    kind: str
    where: str


@dataclass(frozen=True)
class Judged:
    """The state of a mention, the words that made it (their first and last), and who says so."""

    state: str
    reasons: tuple[tuple[str, int, int], ...]
    said_by: str


class Context:
    """The context words of one text.

    Parameters
    ----------
    words
        The text.
    cues
        All context patterns found in it.
    names
        Where names stand.
    """

    def __init__(self, words: Words, cues: list[Hit[Cue]], names: list[int]) -> None:
        self._words = words
        masks = [(hit.tag.kind, hit.first, hit.last) for hit in cues if hit.tag.where == "never"]
        self._cues = [
            hit
            for hit in cues
            if hit.tag.where != "never"
            and not any(
                kind == hit.tag.kind and first <= hit.first and hit.last <= last
                for kind, first, last in masks
            )
        ]
        self._people = [hit for hit in self._cues if hit.tag.where == "person"]
        self._speech = [hit for hit in self._cues if hit.tag.where in ("says", "denies")]
        self._clauses = Clauses(
            words,
            frozenset(hit.first for hit in self._cues if hit.tag.where == "ends"),
            frozenset(hit.first for hit in self._people) | frozenset(names),
        )
        self._of_incident = {
            words.tokens[place].removesuffix("'s")
            for hit in self._cues
            if hit.tag.where == "incident"
            for place in range(hit.first, hit.last + 1)
        }

    def judge(
        self, first: int, last: int, *, own: frozenset[int], ignores: frozenset[str], base: str
    ) -> Judged:
        """Say what the words around a mention make of it.

        Parameters
        ----------
        first, last
            Its first and last word.
        own
            Places of words that the pattern itself names: no context of its own.
        ignores
            States that cannot be: a threat stays a threat though it is of the future.
        base
            Its state without any context.
        """
        words = self._words
        begin, stop = words.firsts[first], words.stops[first]
        reasons: dict[str, list[tuple[int, int]]] = {}
        for hit in self._cues:
            if hit.first < begin or hit.last >= stop or hit.tag.kind in ignores:
                continue
            if hit.first in own or (hit.last in own and hit.first >= first):
                continue
            if hit.tag.where in ("before", "after", "around") and self._holds(hit, first, last):
                still = hit.tag == ("now", "after")
                kind = "still" if still else hit.tag.kind
                reasons.setdefault(kind, []).append((hit.first, hit.last))
        if "someone_else" not in ignores:
            for hit in self._people:
                if "kin" in ignores and self._is_kin(hit):
                    continue
                if begin <= hit.first and hit.last < stop and self._others(hit, first, last, own):
                    reasons.setdefault("someone_else", []).append((hit.first, hit.last))
        if "past" in reasons and self._is_now(reasons, first, last):
            del reasons["past"]
        self._doubt(first, last, stop, reasons)
        reasons.pop("now", None)
        negated = reasons.get("negated", [])
        if self._denial_denied(_apart(negated)):
            del reasons["negated"]
        return self._decided(reasons, base, first, last)

    def _decided(
        self, reasons: dict[str, list[tuple[int, int]]], base: str, first: int, last: int
    ) -> Judged:
        state = next((each for each in DECIDES if each in reasons), base)
        if base == "negated" and state == "negated" and "negated" in reasons:
            state, reasons = "now", {}
        told = tuple(
            sorted(
                ((kind, *place) for kind in DECIDES for place in reasons.get(kind, ())),
                key=lambda each: each[1:],
            )
        )
        return Judged(state, told, self._speaker(first, last))

    def _holds(self, hit: Hit[Cue], first: int, last: int) -> bool:
        kind, where = hit.tag
        clauses = self._clauses
        kind = {"now": "past", "affirmed": "negated"}.get(kind, kind)
        if where == "around":
            if (hit.first < first and last <= hit.last) or first < hit.first <= last:
                return True
            if hit.last < first:
                return clauses.open_around(hit.last, first)
            return hit.first > last and clauses.open_around(last, hit.first)
        if where == "before":
            if hit.last >= first:
                return first < hit.first <= last and clauses.open_forward(kind, hit.last, last)
            denial = self._words.tokens[hit.first].startswith(("den", "nil", "refut"))
            return clauses.open_forward(kind, hit.last, first, denial=denial)
        return hit.first > last and clauses.open_backward(kind, last, hit.first)

    def _is_now(self, reasons: dict[str, list[tuple[int, int]]], first: int, last: int) -> bool:
        """Whether the words of now outweigh those of the past: “still”, or whatever is nearer."""

        marks = self._words.marks

        def far(begin: int, end: int) -> int:
            one, other = (end, first) if end < first else (last, begin)
            return other - one + 5 * marks[one + 1 : other + 1].count(",")

        def distance(places: list[tuple[int, int]]) -> int:
            return min(far(begin, end) for begin, end in places)

        if "still" in reasons:
            return max(reasons["still"]) > max(reasons["past"])
        return "now" in reasons and distance(reasons["now"]) <= distance(reasons["past"])

    def _doubt(
        self,
        first: int,
        last: int,
        stop: int,
        reasons: dict[str, list[tuple[int, int]]],
    ) -> None:
        """Take “?preg” and a question without an answer as supposed; “yes” answers it."""
        words = self._words
        answered = "affirmed" in reasons or any(
            begin in words.answers for begin, _ in reasons.get("negated", ())
        )
        reasons.pop("affirmed", None)
        if answered:
            reasons.pop("hypothetical", None)
        elif first in words.queried or (stop - 1 in words.asked and "negated" not in reasons):
            reasons.setdefault("hypothetical", []).append((first, last))

    def _denial_denied(self, places: list[tuple[int, int]]) -> bool:
        """Whether there are two denials, and the one denies the other: “did not deny”.

        “Denies drink, denies drugs” denies twice, and each denial stands.
        """
        if len(places) != 2:
            return False
        (begin, end), (then, _) = places
        return self._denies(begin) != self._denies(then) and (
            then - end <= _DOUBLED and not any(self._words.marks[end + 1 : then + 1])
        )

    def _denies(self, place: int) -> bool:
        """Whether a word is “denies”, “denied” or “denial”."""
        return self._words.tokens[place].startswith("den")

    def _others(self, hit: Hit[Cue], first: int, last: int, own: frozenset[int]) -> bool:
        """Whether a person who is not of this incident is the one spoken of."""
        if hit.tag.kind != "other" or hit.first in own:
            return False
        tokens = self._words.tokens
        before = hit.first - 1
        begin = self._words.firsts[first]
        while before >= begin and (tokens[before] in _DETERMINERS or tokens[before].endswith("'s")):
            before -= 1
        alone = hit.first == hit.last and tokens[hit.last].removesuffix("'s") in self._of_incident
        if alone and not any(
            each.tag.kind == "suspect" and each.last == hit.first - 1 for each in self._people
        ):
            return False
        linked = tokens[before] if before >= begin else ""
        if self._tells(before, begin) or (
            linked == "of" and tokens[before - 1] in ("front", "infront")
        ):
            return False  # told by her sister; groped her in front of his friends
        if hit.first > last:
            if hit.first == last + 1 and first == last and not alone:
                return True  # the drunk neighbour
            if tokens[before - 1] in _WITNESSED:
                return False
            if linked == "from" and tokens[before - 1] in _OBTAINED:
                return False
            if linked == "by" and self._is_kin(hit):
                return False  # strangled by her brother
            return linked in _BELONGS_TO and self._clauses.open_backward(
                "someone_else", last, hit.first
            )
        if hit.last >= first:
            return first < hit.first and linked in _BELONGS_TO
        if tokens[hit.last].endswith("'s"):
            return hit.last == first - 1
        does_it = (hit.first == hit.last or self._is_kin(hit)) and first - hit.last <= 3
        if does_it and self._done_to_the_victim(first, last):
            return False
        described = tokens[hit.last + 1] in _DESCRIBES
        if (linked in _NOT_THE_SUBJECT and not described) or self._speaks(hit, first):
            return False
        if any(
            self._clauses.new_subject(at)
            and not (tokens[at] in ("he", "she") and self._words.marks[at] == ",")
            for at in range(hit.last + 1, first + 1)
        ):
            return False
        return self._clauses.open_forward("someone_else", hit.last, first, shared=True)

    def _is_kin(self, hit: Hit[Cue]) -> bool:
        """Whether a person is a relative, and not somebody else's: “her friend's parents”."""
        tokens = self._words.tokens
        before = tokens[hit.first - 1] if hit.first > self._words.firsts[hit.first] else ""
        theirs = before.endswith("'s") and before.removesuffix("'s") not in self._of_incident
        return tokens[hit.last].removesuffix("'s") in _KIN and not theirs

    def _done_to_the_victim(self, first: int, last: int) -> bool:
        """Whether the words name the victim as the one harmed: then who does it is the suspect."""
        tokens = self._words.tokens
        others = {person.first for person in self._people if person.tag.kind == "other"}
        return any(
            tokens[place] in _HARMED
            and place + 1 not in others
            and _OF_ANOTHER.isdisjoint(tokens[place + 1 : place + 2])
            for place in range(first + 1, min(last + 2, self._words.stops[first]))
        )

    def _tells(self, before: int, begin: int) -> bool:
        """Whether a person is named as the source: “told by her sister”, “per neighbour”."""
        words = self._words.tokens[max(begin, before - 1) : before + 1]
        if not words or words[-1] not in ("by", "per", "from", "of"):
            return False
        if words[-1] == "of":
            return words[0] in ("account", "statement", "words")
        return words[-1] == "per" or any(
            begin <= hit.first and 0 <= before - hit.last <= 2 for hit in self._speech
        )

    def _speaks(self, person: Hit[Cue], first: int) -> bool:
        """Whether a person tells of it: “neighbour says”, “neighbour on the line says”."""
        return any(
            0 < hit.first - person.last <= 2
            or (hit.first < first and 0 < hit.first - person.last <= 5)
            for hit in self._speech
        )

    def _speaker(self, first: int, last: int) -> str:
        """Return who says so: the person before the nearest word of saying in the sentence."""
        words = self._words
        begin, stop = words.firsts[first], words.stops[first]
        said = [
            hit
            for hit in self._speech
            if begin <= hit.first and hit.last < stop and not first <= hit.first <= last
        ]
        before = [hit for hit in said if hit.last < first]
        verb = before[-1] if before else (said[0] if said else None)
        if verb is None:
            return ""
        by = [
            person
            for person in self._people
            if begin <= person.first and person.last < verb.first and verb.first - person.last <= 3
        ]
        if by:
            return by[-1].tag.kind if by[-1].tag.kind != "other" else "witness"
        after = [
            person
            for person in self._people
            if verb.last < person.first <= verb.last + 3
            and words.tokens[person.first - 1] in ("by", "from", "per")
        ]
        return after[0].tag.kind if after else ""


def _apart(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return places without those that overlap another."""
    apart: list[tuple[int, int]] = []
    for begin, end in sorted(places):
        if not apart or begin > apart[-1][1]:
            apart.append((begin, end))
    return apart
