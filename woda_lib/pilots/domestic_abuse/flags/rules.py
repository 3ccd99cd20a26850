"""The rules of flags as people write and review them, checked as a whole before any text.

``parameters/triage/flags.yaml`` holds them: who owns them and when they were last reviewed; lists
of words; the words of context; who people are called; and for each flag its rules, each with
examples that are tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from woda_lib.pilots.domestic_abuse.flags.engine import Engine, compile_rules
from woda_lib.pilots.domestic_abuse.flags.errors import FlagRulesError, PatternError
from woda_lib.pilots.domestic_abuse.flags.patterns import read_pattern

State = Literal["now", "past", "hypothetical", "negated", "someone_else"]
Ignored = Literal["now", "past", "hypothetical", "negated", "someone_else", "kin"]
StateOrNone = Literal["now", "past", "hypothetical", "negated", "someone_else", "none"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Example(_Part):
    """A text and the state that its flag must get there, or ``none``.

    Attributes
    ----------
    text
        Made up, never from a record.
    state
        One of the states, or ``none`` where the flag must not be found.
    """

    text: str = Field(min_length=1)
    state: StateOrNone


class Rule(_Part):
    """One way in which texts speak of a flag.

    Attributes
    ----------
    name
        Short, of its own within the flag.
    patterns
        Words to look for (`read_pattern` says how they are written).
    exclusions
        Words that mean something else: a find that overlaps one of these is dropped.
    ignores
        States that this rule's words cannot have: a threat stays one though it is of the future.
        ``kin``: relatives are nobody else, because they are who does it (honour-based abuse).
    state
        What the words mean without context: “sober” speaks against alcohol.
    examples
        Tests of the rule.
    """

    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    patterns: list[str] = Field(min_length=1)
    exclusions: list[str] = []
    ignores: list[Ignored] = []
    state: State = "now"
    examples: list[Example] = Field(min_length=1)


class Flag(_Part):
    """A flag: why the meeting needs it (with its source), and its rules."""

    why: str = Field(min_length=1)
    exclusions: list[str] = []
    rules: list[Rule] = Field(min_length=1)


class Cues(_Part):
    """Words that make a state of a mention which stands after, before or on either side of them.

    Attributes
    ----------
    before, after, around
        Words that stand before the mention, after it, or either.
    never
        Words that look like the state and are not: “not only”, “did not stop”.
    """

    before: list[str] = []
    after: list[str] = []
    around: list[str] = []
    never: list[str] = []


class ContextWords(_Part):
    """Words of context, by the state that they make; ``now`` and ``affirmed`` undo others."""

    negated: Cues
    past: Cues
    hypothetical: Cues
    someone_else: Cues
    now: Cues
    affirmed: Cues
    ends: list[str]


class People(_Part):
    """How texts call those of the incident, those who tell of it, and others.

    Attributes
    ----------
    victim, suspect, witness, officer
        Those of the incident, and who tells of it.
    other
        Anybody else; what is said of them is ``someone_else``.
    incident
        Words that show that a relation, such as “her brother”, is of this incident after all.
    """

    victim: list[str]
    suspect: list[str]
    witness: list[str]
    officer: list[str]
    other: list[str]
    incident: list[str] = []


class Speech(_Part):
    """Words of saying, and of denying."""

    says: list[str]
    denies: list[str]


class Rules(_Part):
    """A whole file of rules.

    Attributes
    ----------
    owner
        Who answers for them.
    reviewed_on, review_again_by
        When people last read them all, and by when they must again.
    reviewed_by
        Roles of those who did.
    lists
        Lists of words that patterns name with ``@``.
    own_words
        Words that are no slip of the pen of another.
    other_senses
        Words of work, stories and things in which no flag's words are meant: exclusions of all.
    context, people, speech
        Words around mentions.
    flags
        By the flag's name.
    """

    owner: str = Field(min_length=1)
    reviewed_on: date
    reviewed_by: list[str] = Field(min_length=1)
    review_again_by: date
    lists: dict[str, list[str]] = {}
    own_words: list[str] = []
    other_senses: list[str] = []
    context: ContextWords
    people: People
    speech: Speech
    flags: dict[str, Flag] = Field(min_length=1)
    _engine: Engine | None = PrivateAttr(default=None)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a file of rules.

        Raises
        ------
        FlagRulesError
            The file is missing, is not YAML, or holds a key, a pattern or a state that it must
            not; the message names file, flag, rule and key.
        """
        path = Path(path)
        shown = "/".join(path.parts[-3:])
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
        except (OSError, UnicodeDecodeError) as error:
            raise FlagRulesError(
                f"The rules of flags {shown} cannot be read. Is the name right, and the file "
                "saved as UTF-8?"
            ) from error
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f", line {mark.line + 1}" if mark else ""
            said = getattr(error, "problem", None)
            raise FlagRulesError(
                f"{shown}{where}: this is not YAML ({said}). Check indentation, quotes and colons."
            ) from error
        if not isinstance(content, dict):
            raise FlagRulesError(f"{shown} must hold keys and values, the first of them owner.")
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            faults = [f"{_place(fault['loc'], content)}: {_say(fault)}" for fault in error.errors()]
            raise FlagRulesError("\n".join(f"{shown}: {fault}" for fault in faults)) from error

    @model_validator(mode="after")
    def _compiled(self) -> Self:
        if self.review_again_by <= self.reviewed_on:
            raise ValueError("review_again_by must be after reviewed_on.")
        self._check_patterns()
        for flag, held in self.flags.items():
            names = [rule.name for rule in held.rules]
            for name in names:
                if names.count(name) > 1:
                    raise ValueError(f"flag {flag}: two rules have the name {name}.")
        return self

    def _check_patterns(self) -> None:
        places = [
            *(("key other_senses", written) for written in self.other_senses),
            *((f"context {kind}, key {key}", written) for kind, key, written in self.cues()),
            *(
                (f"flag {name}, key exclusions", written)
                for name, flag in self.flags.items()
                for written in flag.exclusions
            ),
            *(
                (f"flag {name}, rule {rule.name}, key {key}", written)
                for name, flag in self.flags.items()
                for rule in flag.rules
                for key in ("patterns", "exclusions")
                for written in getattr(rule, key)
            ),
        ]
        faults = []
        for place, written in places:
            try:
                read_pattern(written, self.lists)
            except PatternError as error:
                faults.append(f"{place}: {error}")
        if faults:
            raise ValueError("\n".join(faults))

    def cues(self) -> list[tuple[str, str, str]]:
        """Return every pattern of context: what it stands for, on which side, as written."""
        context = self.context
        kinds = [name for name in type(context).model_fields if name != "ends"]
        return [
            *(
                (kind, where, written)
                for kind in kinds
                for where in Cues.model_fields
                for written in getattr(getattr(context, kind), where)
            ),
            *(("", "ends", written) for written in context.ends),
            *(
                (role, "incident" if role == "incident" else "person", written)
                for role in People.model_fields
                for written in getattr(self.people, role)
            ),
            *(
                (key, key, written)
                for key in Speech.model_fields
                for written in getattr(self.speech, key)
            ),
        ]

    @property
    def engine(self) -> Engine:
        """The rules made ready to run; made at the first use."""
        if self._engine is None:
            self._engine = compile_rules(self)
        return self._engine

    def examples(self) -> list[tuple[str, str, Example]]:
        """Return every example: flag, rule, and the example."""
        return [
            (name, rule.name, example)
            for name, flag in self.flags.items()
            for rule in flag.rules
            for example in rule.examples
        ]


_Base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""libyaml's, where it is there: PyYAML's own takes a second over the rules."""


class _Loader(_Base):
    """YAML in which every value is text (“no” is a word) and no key stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the keys and values; an error names a key that stands twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value} stands twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


def _place(loc: tuple[int | str, ...], content: Mapping[str, Any]) -> str:
    """Say where a fault is: the flag, the rule by its name, and the key."""
    if loc[:1] != ("flags",) or len(loc) < 2:
        return "key " + ".".join(map(str, loc)) if loc else "the whole"
    told = [f"flag {loc[1]}"]
    rest = loc[2:]
    if len(rest) >= 2 and rest[0] == "rules":
        rule = content["flags"][loc[1]]["rules"][rest[1]]
        name = rule.get("name") if isinstance(rule, dict) else None
        told.append(f"rule {name or f'number {int(rest[1]) + 1}'}")
        rest = rest[2:]
    if rest:
        told.append("key " + ".".join(map(str, rest)))
    return ", ".join(told)


def _say(fault: Mapping[str, Any]) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "extra_forbidden":
        return "there is no such key. Is it misspelt?"
    if kind == "missing":
        return "this key is missing."
    if kind == "literal_error":
        return f"must be {context['expected']}."
    if kind == "value_error":
        return str(context["error"])
    return f"{fault['msg']}."
