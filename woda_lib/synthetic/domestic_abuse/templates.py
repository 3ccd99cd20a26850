"""Templates of sentences: a line of a wording file, written out into the many ways of saying it.

A wording file is YAML: section, then kind, then a block of lines, a sentence each. A line may begin
with marks in brackets and end with the other flags that it mentions::

    (LC) {V} says {P} [gripped|grabbed] {hers} throat, both [drunk|in drink] ## alcohol now

``[a|b]`` is one of a and b, and may hold further brackets. A name in braces is a wording of the
same set (`wording/*/plain.yaml`, section ``macros``) or a field of the incident (`fields`).
Marks: ``L`` only in logs, ``R`` only in referrals, ``C`` only of partners and former partners,
``F`` only of women, ``D`` a suspect's denial, which may stand beside the truth.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from woda_lib.synthetic.domestic_abuse.histories import FLAGS

SETS = ("tuning", "second", "third", "fourth", "fifth", "sixth", "held_back")
"""Sets of wordings: the last is read by nobody who writes rules, those before it are for tuning."""
TUNING = 6
"""How many sets, from the first, are for tuning."""
REGISTERS = ("log", "referral")

_LINE = re.compile(r"(?:\((?P<marks>[A-Z]+)\) )?(?P<wording>.*?)(?: ## (?P<also>.+))?")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_NAME = re.compile(r"\{(\w+)\}")
_FIRST_PLACE = 0xE000
_PLACE = re.compile("[\ue000-\uf8ff]")
_VARIANTS = 32
"""Ways of saying that are kept of a line."""
_TRIES = 48


@dataclass(frozen=True)
class Template:
    """A line of a wording file.

    Attributes
    ----------
    name : str
        Set, section, kind and place in the block, such as ``tuning/weapons/past/2``.
    marks : frozenset of str
        What stands in brackets before it.
    also : tuple of (flag, state)
        What it mentions besides the flag and state under which it is filed.
    variants : tuple of str
        Ways of saying it, with only an incident's fields in braces.
    """

    name: str
    marks: frozenset[str]
    also: tuple[tuple[str, str], ...]
    variants: tuple[str, ...]


Bank = dict[tuple[str, str], list[Template]]
"""Templates by section (a flag, or ``plain``) and kind (a state, or a kind of plain sentence)."""


def wording_lines(of_set: str) -> dict[tuple[str, str], list[str]]:
    """Read the lines of all wording files of a set, by section and kind."""
    lines: dict[tuple[str, str], list[str]] = {}
    for file in _files(of_set):
        for section, kinds in file.items():
            if section != "macros":
                for kind, block in kinds.items():
                    lines.setdefault((section, kind), []).extend(block.splitlines())
    return lines


@cache
def bank(of_set: str, register: str) -> Bank:
    """Read the templates of one set that may stand in a log or in a referral.

    The same files give the same variants in the same order, on every machine.
    """
    macros = next(file["macros"] for file in _files(of_set) if "macros" in file)
    wordings = {**macros["both"], **macros[register]}
    elsewhere = "R" if register == "log" else "L"
    templates: Bank = {}
    for (section, kind), lines in wording_lines(of_set).items():
        made = (
            _template(f"{of_set}/{section}/{kind}/{place}", line, wordings, register)
            for place, line in enumerate(lines, 1)
        )
        templates[section, kind] = [each for each in made if elsewhere not in each.marks]
    return templates


@cache
def _files(of_set: str) -> list[dict[str, dict]]:
    folder = resources.files(__package__) / "wording" / of_set
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]


def _template(name: str, line: str, wordings: dict[str, str], register: str) -> Template:
    read = _LINE.fullmatch(line.strip())
    assert read is not None
    also = tuple(_mention(name, text) for text in (read["also"] or "").split(",") if text.strip())
    return Template(
        name,
        frozenset(read["marks"] or ""),
        also,
        _variants(f"{name}/{register}", read["wording"], wordings),
    )


def _mention(name: str, text: str) -> tuple[str, str]:
    flag, _, state = text.strip().partition(" ")
    if flag not in FLAGS:
        raise ValueError(f"Template {name} also names {flag!r}, which is no flag. Mend its line.")
    return flag, state


def _variants(seed: str, wording: str, wordings: dict[str, str]) -> tuple[str, ...]:
    """Write a line out in up to `_VARIANTS` ways, the same ones each time."""
    draw = random.Random(seed)
    whole = _NAME.sub(lambda name: wordings.get(name[1], name[0]), wording)
    # A wording may itself hold wordings.
    whole = _NAME.sub(lambda name: wordings.get(name[1], name[0]), whole)
    places, options = _opened(whole)
    found: dict[str, None] = {}
    for _ in range(_TRIES if options else 1):
        # Each bracket draws, though it may stand within words that are not taken.
        taken = [draw.choice(some) for some in options]
        text = " ".join(_written(places, taken).split())
        for mark in ",.;":
            text = text.replace(f" {mark}", mark)
        found[text] = None
        if len(found) == _VARIANTS:
            break
    return tuple(found)


def _opened(wording: str) -> tuple[str, list[list[str]]]:
    """Take the brackets out of a wording, the innermost first and those from left to right.

    Returns the wording with a letter of Unicode's private area where each bracket stood, and by
    that letter's number what it holds: texts in which such letters stand for brackets within.
    """
    options: list[list[str]] = []

    def take(choice: re.Match[str]) -> str:
        options.append(choice[1].split("|"))
        return chr(_FIRST_PLACE + len(options) - 1)

    taken = 1
    while taken:
        wording, taken = _CHOICE.subn(take, wording)
    return wording, options


def _written(text: str, taken: list[str]) -> str:
    """Write what was taken of each bracket into its place."""
    return _PLACE.sub(lambda place: _written(taken[ord(place[0]) - _FIRST_PLACE], taken), text)
