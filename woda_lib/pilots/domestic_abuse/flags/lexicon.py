"""Which words of the rules a written word is, slips of the pen included.

A slip is forgiven where it can hardly make another word: two neighbouring letters swapped or a
letter doubled in words of five letters or more, one letter missing, added or wrong in words of
six or more, and never the first letter. A word that the rules know, or that the file lists as
a word of its own ("talking" for "stalking"), is never taken for another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from woda_lib.pilots.domestic_abuse.flags.patterns import NUMBER, SPECIAL, YEAR

NONE: frozenset[int] = frozenset()
SWAPPED_FROM = 5
ONE_EDIT_FROM = 6
_MEMORY = 200_000
_SHORTENED = re.compile(r"'(?:s|d|ll|ve|re|m)$")
"""What may hang on a word and leaves it the same: “Jo's”, “he'd”, “they've”."""
_NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred couple few several".split()
)


class Lexicon:
    """All words of a file of rules, each with a number.

    Parameters
    ----------
    words
        As patterns spell them: plain, with ``*`` at the end, or a special one such as ``<number>``.
    own
        Words that are no slip of another.
    """

    def __init__(self, words: Iterable[str], own: Iterable[str] = ()) -> None:
        self.number = {word: place for place, word in enumerate(sorted(set(words)))}
        self._own = frozenset(own)
        # Words by first letter and length, and beginnings of words by first letter alone: a slip
        # changes a length by one at most.
        self._words: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
        self._beginnings: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for word, number in self.number.items():
            if word.endswith("*"):
                self._beginnings[word[0]].append((word.rstrip("*"), number))
            elif word not in SPECIAL:
                self._words[word[0], len(word)].append((word, number))
        self._sets: dict[frozenset[str], frozenset[int]] = {}
        self._seen: dict[str, frozenset[int]] = {}

    def numbers(self, words: frozenset[str]) -> frozenset[int]:
        """Return the numbers of words as patterns spell them."""
        found = self._sets.get(words)
        if found is None:
            found = self._sets[words] = frozenset(self.number[word] for word in words)
        return found

    def known(self, words: Iterable[str]) -> frozenset[int]:
        """Return the numbers of those words that the rules have."""
        return frozenset(self.number[word] for word in words if word in self.number)

    def look_up(self, token: str) -> frozenset[int]:
        """Return the numbers of the rules' words that a token, in lower case, may be."""
        found = self._seen.get(token)
        if found is None:
            if len(self._seen) >= _MEMORY:
                self._seen.clear()
            found = self._seen[token] = self._find(token)
        return found

    def _find(self, token: str) -> frozenset[int]:
        if token.isdigit():
            is_year = len(token) == 4 and 1950 <= int(token) < 2050
            kinds = [NUMBER, YEAR, token] if is_year else [NUMBER, token]
            return frozenset(self.number[kind] for kind in kinds if kind in self.number)
        spelled = _SHORTENED.sub("", token)
        beginnings = self._beginnings.get(token[0], [])
        found = {number for word, number in beginnings if token.startswith(word)}
        found |= {self.number[word] for word in (token, spelled) if word in self.number}
        if token in _NUMBER_WORDS and NUMBER in self.number:
            found.add(self.number[NUMBER])
        if not found and spelled not in self._own:
            found = {number for word, number in beginnings if _slip(spelled, word, True)}
            for length in range(max(len(spelled) - 1, SWAPPED_FROM), len(spelled) + 2):
                found |= {
                    number
                    for word, number in self._words.get((token[0], length), ())
                    if _slip(spelled, word, False)
                }
        return frozenset(found) if found else NONE


def _slip(token: str, word: str, begins: bool) -> bool:
    if len(word) < SWAPPED_FROM or abs(len(token) - len(word)) > (99 if begins else 1):
        return False
    lengths = range(len(word) - 1, len(word) + 2) if begins else (len(token),)
    return any(_one_edit(token[:length], word) for length in lengths if length <= len(token))


def _one_edit(token: str, word: str) -> bool:
    """Whether a token is a word with one slip of the pen that is forgiven at its length."""
    same = 0
    for one, other in zip(token, word, strict=False):
        if one != other:
            break
        same += 1
    if same == 0:
        return False
    if len(token) == len(word):
        if token[same : same + 2] == word[same : same + 2][::-1]:
            return token[same + 2 :] == word[same + 2 :]
        return len(word) >= ONE_EDIT_FROM and token[same + 1 :] == word[same + 1 :]
    longer, shorter = (token, word) if len(token) > len(word) else (word, token)
    if longer[same + 1 :] != shorter[same:]:
        return False
    doubled = longer[same] == longer[same - 1]
    return len(word) >= ONE_EDIT_FROM or doubled
