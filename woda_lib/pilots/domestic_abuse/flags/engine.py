"""The rules made ready to run: one lexicon, one matcher of mentions, one of context."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from woda_lib.pilots.domestic_abuse.flags.context import Context, Cue
from woda_lib.pilots.domestic_abuse.flags.lexicon import Lexicon
from woda_lib.pilots.domestic_abuse.flags.matching import Hit, Matcher
from woda_lib.pilots.domestic_abuse.flags.mentions import ContextWord, Mention
from woda_lib.pilots.domestic_abuse.flags.names import (
    aged_places,
    called,
    child_places,
    name_places,
)
from woda_lib.pilots.domestic_abuse.flags.patterns import CHILD, NAME, Pattern, read_pattern
from woda_lib.pilots.domestic_abuse.flags.words import Words, read_words

if TYPE_CHECKING:
    from woda_lib.pilots.domestic_abuse.flags.rules import Rules


class _Target(NamedTuple):
    """What a pattern of a rule stands for.

    An exclusion without a rule is the whole flag's; one without a flag is of every flag.
    """

    flag: str
    rule: str
    excludes: bool
    state: str
    ignores: frozenset[str]
    words: frozenset[int]


class Engine:
    """Finds mentions; made by `compile_rules`."""

    def __init__(
        self,
        lexicon: Lexicon,
        mentions: Matcher[_Target],
        context: Matcher[Cue],
        harm: Iterable[str],
    ) -> None:
        self._lexicon = lexicon
        self._mentions = mentions
        self._context = context
        self._harm = lexicon.known(harm)
        self._name, self._child = lexicon.known([NAME]), lexicon.known([CHILD])

    def find(self, text: str, children: frozenset[str] = frozenset()) -> list[Mention]:
        """Return the mentions of a text, in its order.

        Parameters
        ----------
        text
            As written.
        children
            Forenames, in lower case, of the children of the incident.
        """
        words = read_words(text)
        numbers, names = self._meanings(text, words, children)
        hits = self._mentions.find(words, numbers)
        chosen = _chosen(hits)
        if not chosen:
            return []
        context = Context(words, self._context.find(words, numbers), names)
        return [
            self._mention(text, words, context, hit, _own(hit, hits, numbers)) for hit in chosen
        ]

    def _meanings(
        self, text: str, words: Words, children: frozenset[str]
    ) -> tuple[list[frozenset[int]], list[int]]:
        """Return what each word may be, and where names stand."""
        numbers = [self._lexicon.look_up(token) for token in words.tokens]
        harm = [not self._harm.isdisjoint(each) for each in numbers]
        names = name_places(text, words, numbers, harm)
        known = called(words, children)
        named = known if children else child_places(words, names, harm)
        for place in aged_places(words):
            numbers[place] = numbers[place] | self._child
        if names := sorted({*names, *known}):
            for place in named:
                numbers[place] = numbers[place] | self._child
            for place in names:
                numbers[place] = numbers[place] | self._name
        return numbers, names

    def _mention(
        self, text: str, words: Words, context: Context, hit: Hit[_Target], own: frozenset[int]
    ) -> Mention:
        target = hit.tag
        judged = context.judge(
            hit.first, hit.last, own=own, ignores=target.ignores, base=target.state
        )
        start, end = words.starts[hit.first], words.ends[hit.last]
        reasons = tuple(
            ContextWord(state, begin, close, text[begin:close])
            for state, one, other in judged.reasons
            for begin, close in [(words.starts[one], words.ends[other])]
        )
        return Mention(
            target.flag,
            target.rule,
            judged.state,
            start,
            end,
            text[start:end],
            reasons,
            judged.said_by,
        )


def compile_rules(rules: Rules) -> Engine:
    """Make rules ready to run."""
    targets = (
        [
            (
                name,
                rule.name,
                excludes,
                rule.state,
                frozenset(rule.ignores),
                read_pattern(each, rules.lists),
            )
            for name, flag in rules.flags.items()
            for rule in flag.rules
            for excludes, written in ((False, rule.patterns), (True, rule.exclusions))
            for each in written
        ]
        + [
            (name, "", True, "now", frozenset[str](), read_pattern(each, rules.lists))
            for name, flag in rules.flags.items()
            for each in flag.exclusions
        ]
        + [
            ("", "", True, "now", frozenset[str](), read_pattern(each, rules.lists))
            for each in rules.other_senses
        ]
    )
    cues = [
        (Cue(kind, where), read_pattern(written, rules.lists))
        for kind, where, written in rules.cues()
    ]
    patterns = [*(target[-1] for target in targets), *(pattern for _, pattern in cues)]
    lexicon = Lexicon(
        (word for pattern in patterns for element in pattern.elements for word in element.words),
        rules.own_words,
    )
    return Engine(
        lexicon,
        Matcher(
            (
                (_Target(*target[:-1], _words(target[-1], lexicon)), target[-1])
                for target in targets
            ),
            lexicon,
        ),
        Matcher(cues, lexicon),
        rules.lists.get("hit", ()),
    )


def _words(pattern: Pattern, lexicon: Lexicon) -> frozenset[int]:
    return frozenset().union(*(lexicon.numbers(element.words) for element in pattern.elements))


def _chosen(hits: list[Hit[_Target]]) -> list[Hit[_Target]]:
    """Drop what is excluded, and of a flag's overlapping finds all but the longest."""
    excluded = [hit for hit in hits if hit.tag.excludes]
    kept: list[Hit[_Target]] = []
    for hit in sorted(
        (hit for hit in hits if not hit.tag.excludes),
        key=lambda each: (each.first - each.last, each.tag.state == "now"),
    ):
        target = hit.tag
        if any(
            other.tag.flag in ("", target.flag)
            and other.tag.rule in ("", target.rule)
            and other.first <= hit.last
            and hit.first <= other.last
            for other in excluded
        ):
            continue
        if not any(
            other.tag.flag == target.flag and other.first <= hit.last and hit.first <= other.last
            for other in kept
        ):
            kept.append(hit)
    return sorted(kept, key=lambda each: (each.first, each.tag.flag))


def _own(
    chosen: Hit[_Target], hits: list[Hit[_Target]], numbers: list[frozenset[int]]
) -> frozenset[int]:
    """Return places of words that the flag's own patterns name: they are no context."""
    return frozenset(
        place
        for hit in hits
        if hit.tag.flag == chosen.tag.flag
        and hit.tag.state == chosen.tag.state
        and not hit.tag.excludes
        and hit.first <= chosen.last
        and chosen.first <= hit.last
        for place in range(hit.first, hit.last + 1)
        if not hit.tag.words.isdisjoint(numbers[place])
    )
