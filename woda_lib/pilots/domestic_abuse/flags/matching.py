"""Finding patterns among the words of a text.

Each pattern is looked for from the word of it that texts hold most rarely, forwards and then
backwards, with all places that an element can take held as a set. The work is therefore at most
the number of words times the length of patterns and gaps: no text can make it slow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from woda_lib.pilots.domestic_abuse.flags.lexicon import NONE, Lexicon
from woda_lib.pilots.domestic_abuse.flags.patterns import Element, Pattern
from woda_lib.pilots.domestic_abuse.flags.words import Words

Tag = TypeVar("Tag")
_Step = tuple[frozenset[int], bool, int]


class Hit(NamedTuple, Generic[Tag]):
    """A pattern that was found: what it stands for, its first and its last word."""

    tag: Tag
    first: int
    last: int


class _Compiled(NamedTuple, Generic[Tag]):
    """A pattern from its anchor on: what stands right beside it, and the steps from there."""

    tag: Tag
    right: frozenset[int] | None
    after: tuple[_Step, ...]
    left: frozenset[int] | None
    before: tuple[_Step, ...]
    at_end: bool
    at_start: bool


class Matcher(Generic[Tag]):
    """Finds many patterns at once.

    Parameters
    ----------
    patterns
        What each stands for, and the pattern.
    lexicon
        Holds all their words.
    """

    def __init__(self, patterns: Iterable[tuple[Tag, Pattern]], lexicon: Lexicon) -> None:
        self._by_anchor: dict[int, list[_Compiled[Tag]]] = defaultdict(list)
        for tag, pattern in patterns:
            compiled = _compile(tag, pattern, lexicon)
            for number in lexicon.numbers(pattern.elements[pattern.anchor].words):
                self._by_anchor[number].append(compiled)
        self._looked_for: dict[frozenset[int], tuple[_Compiled[Tag], ...]] = {}

    def find(self, words: Words, numbers: list[frozenset[int]]) -> list[Hit[Tag]]:
        """Return every pattern found, in the order of the text.

        Parameters
        ----------
        words
            The text.
        numbers
            For each of its words what `Lexicon.look_up` says.
        """
        hits: list[Hit[Tag]] = []
        looked_for = self._looked_for
        for place, meant in enumerate(numbers):
            if not meant:
                continue
            patterns = looked_for.get(meant)
            if patterns is None:
                patterns = looked_for[meant] = self._anchored(meant)
            first_word, stop = words.firsts[place], words.stops[place]
            next_word = numbers[place + 1] if place + 1 < stop else NONE
            word_before = numbers[place - 1] if place > first_word else NONE
            for tag, right, after, left, before, at_end, at_start in patterns:
                last = first = place
                # Most patterns end here: spare them the call.
                if right is not None:
                    if right.isdisjoint(next_word):
                        continue
                    last += 1
                if left is not None:
                    if left.isdisjoint(word_before):
                        continue
                    first -= 1
                if after:
                    last = _reach(after, numbers, last, stop, 1)
                    if last < 0:
                        continue
                if before:
                    first = _reach(before, numbers, first, first_word, -1)
                    if first < 0:
                        continue
                if at_end and not words.clause_ends_after(last):
                    continue
                if at_start and first != first_word:
                    continue
                hits.append(Hit(tag, first, last))
        return hits

    def _anchored(self, meant: frozenset[int]) -> tuple[_Compiled[Tag], ...]:
        return tuple(
            pattern for number in sorted(meant) for pattern in self._by_anchor.get(number, ())
        )


def _reach(
    steps: tuple[_Step, ...], numbers: list[frozenset[int]], place: int, bound: int, way: int
) -> int:
    """Return the nearest place at which all steps are found, or -1."""
    if len(steps) == 1:  # most patterns: the nearest will do, for a last step must be found
        meant, _, gap = steps[0]
        end = place + way * (gap + 2)
        end = min(end, bound) if way > 0 else max(end, bound - 1)
        for there in range(place + way, end, way):
            if not meant.isdisjoint(numbers[there]):
                return there
        return -1
    places = {place}
    for meant, optional, gap in steps:
        following = set(places) if optional else set()
        for begin in places:
            if way > 0:
                reached = range(begin + 1, min(begin + gap + 2, bound))
            else:
                reached = range(begin - 1, max(begin - gap - 2, bound - 1), -1)
            for there in reached:
                if not meant.isdisjoint(numbers[there]):
                    following.add(there)
        if not following:
            return -1
        places = following
    return min(places) if way > 0 else max(places)


def _gap_before(elements: Sequence[Element], place: int) -> int:
    """Return the gap before an element, backwards; one that may be left out keeps the wider."""
    gap = elements[place].gap
    return max(gap, elements[place + 1].gap) if elements[place].optional else gap


def _compile(tag: Tag, pattern: Pattern, lexicon: Lexicon) -> _Compiled[Tag]:
    elements = pattern.elements
    numbers = [lexicon.numbers(element.words) for element in elements]
    after = tuple(
        (numbers[place], elements[place].optional, elements[place].gap)
        for place in range(pattern.anchor + 1, len(elements))
    )
    before = tuple(
        (numbers[place], elements[place].optional, _gap_before(elements, place + 1))
        for place in range(pattern.anchor - 1, -1, -1)
    )
    return _Compiled(
        tag, *_beside(after), *_beside(before), at_end=pattern.at_end, at_start=pattern.at_start
    )


def _beside(steps: tuple[_Step, ...]) -> tuple[frozenset[int] | None, tuple[_Step, ...]]:
    """Return what must stand right beside the anchor, if nothing may come between; and the rest."""
    if steps and steps[0][1:] == (False, 0):
        return steps[0][0], steps[1:]
    return None, steps
