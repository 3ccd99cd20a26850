"""How far a word reaches: “no weapons seen, he was drunk” denies weapons, not drink.

A word that negates, dates or supposes reaches along its sentence until something ends its scope:
a word such as “but”, a mark, a new subject, or its own length. After ConText (Harkema and others,
2009, Journal of Biomedical Informatics 42(5), 839–851), with the marks and subjects of shorthand
in place of full sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

from woda_lib.pilots.domestic_abuse.flags.words import Words

REACH = {"negated": 14, "past": 14, "hypothetical": 10, "someone_else": 12}
REACH_BACK = {"negated": 7, "past": 14, "hypothetical": 6, "someone_else": 6}

_PRONOUNS = frozenset("he she they we i".split()) | {
    f"{each}'{end}"
    for each in ("he", "she", "they", "i", "we")
    for end in ("s", "d", "ll", "ve", "re", "m")
}
_LINKS = frozenset(
    "that if whether when where while as than to by from of with at on in for against towards "
    "toward between upon onto near about around into over saying stating told tell telling tells "
    "saw sees seeing heard hears hearing think thinks thought believe believes believed say says "
    "said states stated state knows know known aware sure disclose disclosed discloses report "
    "reports reported claim claims claimed allege alleges alleged mention mentions mentioned "
    "suggest suggests feel feels felt fears fear feared worried afraid scared concerned denies "
    "deny denied denying confirm confirms confirmed hit kill hurt strangle strangled choked "
    "threatened the this both either neither being given grabbed and/or or nor vs cos ensure "
    "frightened terrified dread dreads dreading expect expects wonder wonders unlikely likely "
    "until till before after because since how why what who which makes made let lets letting "
    "like hope hopes hoping wishes wish asked asks ask advised accuses accused anything "
    "everything not wants want did does do has had was is past".split()
)
_CLOSERS = frozenset(
    "seen found used mentioned disclosed reported noted present apparent involved recovered made "
    "visible required needed".split()
)
_GOES_ON = frozenset(
    "or and nor in on of by to at from with against towards as during for between about "
    "regarding re that this when a an any the either its their his her".split()
)
_VERBS = frozenset(
    "feels feel felt wants takes makes keeps gets fears thinks drinks uses will would then now "
    "is are was were has had have does did appears appeared seems seemed smelled smelt smells "
    "said says states stated admits admitted threatened grabbed punched hit kicked pushed".split()
)
_DESCRIBING = frozenset(
    "the a her his their my adult older younger elder ex former alleged".split()
)
_HARD = frozenset(("-", "(", ")"))
_HELPS = frozenset("is are was were has have had does do did will would".split())


def _acts(token: str) -> bool:
    """Whether a word after “and” begins what somebody does: “no support and feels suicidal”."""
    return token in _VERBS or token.endswith("ed")


@dataclass(slots=True)
class Clauses:
    """The words of a text with what ends a scope.

    Attributes
    ----------
    words
        The text.
    ends
        Numbers of words such as “but”, which end every scope.
    people
        Numbers of words that begin a mention of a person.
    """

    words: Words
    ends: frozenset[int]
    people: frozenset[int]

    def new_subject(self, place: int) -> bool:
        """Whether somebody begins to do something here: “no weapons seen *IP* is pregnant”."""
        tokens = self.words.tokens
        token = tokens[place]
        if token not in _PRONOUNS and (place not in self.people or token.endswith("'s")):
            return False
        before = tokens[place - 1] if place > self.words.firsts[place] else ""
        back = 2
        while before in _DESCRIBING and place - back >= self.words.firsts[place]:
            before = tokens[place - back]
            back += 1
        return before not in _LINKS and not before.endswith("ing")

    def open_forward(
        self, state: str, last: int, first: int, *, denial: bool = False, shared: bool = False
    ) -> bool:
        """Whether what reaches forward from word ``last`` still holds at word ``first``.

        Parameters
        ----------
        state
            Of the words that reach.
        last, first
            The last of them, and the first word of the mention.
        denial
            Whether they are a verb of denying, which a list needs no “or” to go on.
        shared
            Whether commas and subjects do not matter: who speaks of whom is looked at elsewhere.
        """
        if first - last - 1 > REACH[state]:
            return False
        words, tokens = self.words, self.words.tokens
        for place in range(last + 1, first + 1):
            mark = words.marks[place]
            if mark in _HARD and place > last + 1:
                return False
            if (
                mark == ","
                and place > last + 1
                and not shared
                and not self._list_goes_on(place, denial)
            ):
                return False
            if place == first:
                break
            if place in self.ends:
                return False
            if place > last + 1 and not shared and self.new_subject(place):
                return False
            if state == "negated" and tokens[place] == "and" and _acts(tokens[place + 1]):
                return False
            if (
                state == "negated"
                and place > last + 1
                and tokens[place] in _CLOSERS
                and tokens[place + 1] not in _GOES_ON
            ):
                return False
        return shared or not (first > last + 1 and self.new_subject(first))

    def open_backward(self, state: str, last: int, first: int) -> bool:
        """Whether what reaches back from word ``first`` still holds at word ``last``."""
        if first - last - 1 > REACH_BACK[state]:
            return False
        if state == "negated" and self._begins_another(last, first):
            return False
        for place in range(last + 1, first + 1):
            if self.words.marks[place] in ("-", ")") and place < first:
                return False
            if self.words.marks[place] == "," and state == "negated" and place < first:
                return False
            if place < first and (place in self.ends or self.new_subject(place)):
                return False
        return True

    def _begins_another(self, last: int, first: int) -> bool:
        """Whether a denial is of the next thing: “is psychotic *and isn't* taking his tablets”."""
        before = first - 1
        if self.words.tokens[before] in _HELPS:
            before -= 1
        return before > last and self.words.tokens[before] == "and"

    def open_around(self, one: int, other: int) -> bool:
        """Whether a time holds between two places; only “but” and the like end it."""
        if other - one - 1 > REACH["past"]:
            return False
        return not any(place in self.ends for place in range(one + 1, other))

    def _list_goes_on(self, comma: int, denial: bool) -> bool:
        """Whether a comma divides a list: “no weapons, drugs or alcohol”."""
        words = self.words
        length = 0
        for place in range(comma, min(words.stops[comma], comma + 10)):
            if place > comma and words.marks[place] in _HARD:
                break
            token = words.tokens[place]
            if token in ("or", "nor"):
                return True
            if place in self.ends or token in _VERBS or self.new_subject(place):
                return False
            if place > comma and words.marks[place] == ",":
                length = 0
            length += 1
        return denial and length <= 4
