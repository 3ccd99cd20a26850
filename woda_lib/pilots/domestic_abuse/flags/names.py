"""Names in a text, and which of them are children of the incident.

Rules do not know who is called what. A name is a word with a capital that does not begin its
sentence (or that the rules do not know). A child is a named person who is hurt in a text that
names, or plainly means, two others as the adults: “involving Jo and her partner Kevin … Kevin hit
Ella”. Where a text leaves that open, no child is taken to be named. Where the incident's children
are known by their forenames, those decide (`called`).
"""

from __future__ import annotations

from woda_lib.pilots.domestic_abuse.flags.words import Words

_NO_NAMES = frozenset(
    "the this that these there they she he it at on in no not a an and but if when while after "
    "before during since both all one two neighbour neighbours officers officer police caller "
    "informant call third rpt row inf crime crimed parties argument verbal assault damage prev "
    "intel consent table monday tuesday wednesday thursday friday saturday sunday january "
    "february march april may june july august september october november december children "
    "child mr mrs ms dr pc ps sgt dash hau marac csc edt her his their its mother father brother "
    "sister son daughter partner husband wife victim suspect male female worcester kidderminster "
    "redditch malvern evesham bromsgrove droitwich".split()
)
_TELLS = frozenset(
    "says said states stated denies denied alleges alleged reports reported disclosed discloses "
    "told tells calling safeguarded removed arrested thinks suspects worried fears confirmed "
    "explained described believes admits admitted left claims claimed has had is was".split()
)
_GROWN_UP = 15
"""Up to this age, in years, a person is taken to be a child of the incident and no party to it."""
_AGES = frozenset("yr yrs year years mth mths month months wk wks week weeks day days".split())
_MEANS_A_CHILD = frozenset(
    "csc edt mash children's childrens child school nursery protect protecting intervened "
    "chastises chastised chastising chastise way between aged".split()
)


def name_places(
    text: str, words: Words, known: list[frozenset[int]], harm: list[bool]
) -> list[int]:
    """Return the places of words that are names of people.

    Parameters
    ----------
    text, words
        The text, as written and as words.
    known
        For each word, what of the rules' words it may be.
    harm
        For each word whether it is one of hurting: where a text is all in capitals, or has none,
        an unknown word beside one is a name.
    """
    places = []
    tokens = words.tokens
    if text.isupper() or text.islower():
        return [
            place
            for place in range(len(tokens))
            if not known[place]
            and tokens[place] not in _NO_NAMES
            and ((place and harm[place - 1]) or (place + 1 < len(tokens) and harm[place + 1]))
        ]
    for place, start in enumerate(words.starts):
        if not text[start].isupper():
            continue
        end = words.ends[place]
        rest = text[start + 1 : end]
        if not rest.islower() or words.tokens[place].removesuffix("'s") in _NO_NAMES:
            continue
        if words.firsts[place] != place or not known[place]:
            places.append(place)
    return places


def called(words: Words, forenames: frozenset[str]) -> list[int]:
    """Return the places of words that are one of the forenames, in lower case."""
    return [
        place
        for place, token in enumerate(words.tokens)
        if token in forenames or token.removesuffix("'s") in forenames
    ]


def aged_places(words: Words) -> list[int]:
    """Return the places of words that an age makes a child: “7 yo”, “the 3 yr old”, “Jo (5)”.

    Where an age is in brackets, of the word before them; else the number itself. What is said of a
    number of years, “3 years ago” or “a 6 month relationship”, is no age.
    """
    tokens, marks = words.tokens, words.marks
    places = []
    for place, token in enumerate(tokens):
        if not token.isdigit() or int(token) > _GROWN_UP:
            continue
        after = tokens[place + 1 : place + 3]
        told_in_years = after[:1] in (["yo"], ["y/o"])
        if told_in_years or (after[1:] == ["old"] and after[0] in _AGES):
            places.append(place)
        elif place > words.firsts[place] and marks[place] == "(" and words.clause_ends_after(place):
            places.append(place - 1)
    return places


def child_places(words: Words, names: list[int], harm: list[bool]) -> set[int]:
    """Return the places of names of children who are hurt.

    Parameters
    ----------
    words
        The text.
    names
        From `name_places`.
    harm
        For each word whether it is one of hurting.
    """
    tokens = words.tokens
    name_at = {place: tokens[place].removesuffix("'s") for place in names}
    introduced: set[str] = set()
    telling: set[str] = set()
    for place, name in name_at.items():
        follows = tokens[place + 1] if place + 1 < len(tokens) else ""
        begin = max(words.firsts[place], place - 7)
        before = tokens[begin:place]
        if (
            "involving" in before
            or "between" in before
            or before[-2:] == ["home", "of"]
            or ("behaviour" in before and "of" in before)
            or (follows == "and" and place + 2 in name_at and place == words.firsts[place])
            or (before[-1:] == ["and"] and place - 2 in name_at and follows == "were")
        ):
            introduced.add(name)
        elif follows in _TELLS or (
            place + 1 < len(tokens)
            and harm[place + 1]
            and "by" not in tokens[place + 2 : place + 4]
        ):
            telling.add(name)
    adults = introduced if len(introduced) >= 2 else introduced | telling
    children = set()
    for place, name in name_at.items():
        sentence = range(words.firsts[place], words.stops[place])
        itself = harm[place - 1] and any(
            name_at.get(each) == name and tokens[each + 1] in _TELLS
            for each in sentence[: place - sentence[0]]
        )
        if place and tokens[place - 1] == "by":
            continue
        if name in introduced or (name in adults and not itself):
            continue
        others = len(adults - {name})
        if itself or others >= 2 or any(tokens[each] in _MEANS_A_CHILD for each in sentence):
            children.add(place)
    return children
