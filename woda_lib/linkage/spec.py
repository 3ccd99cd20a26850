"""The linkage specification: what is compared, how, and when two records are called one.

A specification is data, not code. It is read from ``parameters/linkage/*.yaml``, checked as a
whole before any work, and followed by every engine.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)

from woda_lib.linkage.errors import SpecificationError, nearest
from woda_lib.linkage.keys import FUNCTIONS, Key
from woda_lib.linkage.levels import TESTS
from woda_lib.linkage.standardise import KINDS
from woda_lib.linkage.thresholds import Thresholds

if TYPE_CHECKING:
    import pandas as pd


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class SourceSpec(_Part):
    """One source: a table of records about entities, a row each.

    Attributes
    ----------
    name
        The name under which `link` is given the table.
    id
        Column that identifies a record within the source; never missing, never repeated.
    free_of_duplicates
        Whether the source is known to hold each entity once. Two of its records are then never
        compared, linked or put into one cluster.
    columns
        Field name to column name, where they differ; of several columns the values are written one
        after another, such as the pieces of an address.
    lacks
        Fields that this source does not hold.
    """

    name: str
    id: str
    free_of_duplicates: bool = False
    columns: dict[str, str | Annotated[list[str], Field(min_length=1)]] = {}
    lacks: list[str] = []


class FieldSpec(_Part):
    """One field and its kind, which decides how values are standardised (see `KINDS`).

    Attributes
    ----------
    date_order
        For dates held as text: year first, day first (20/09/1931, 20-SEP-1931) or month first
        (9/20/1931).
    """

    name: str
    kind: str
    date_order: Literal["ymd", "dmy", "mdy"] = "ymd"

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, kind: str) -> str:
        return _one_of(kind, KINDS, "kind")


class LevelSpec(_Part):
    """One comparison level: a test, its threshold where it is graded, and its partner field."""

    test: str
    at_least: float | None = Field(None, gt=0, le=1)
    other: str | None = Field(None, alias="with")

    @field_validator("test")
    @classmethod
    def _known_test(cls, test: str) -> str:
        return _one_of(test, TESTS, "test")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if TESTS[self.test].graded != (self.at_least is not None):
            verb = "needs" if TESTS[self.test].graded else "does not take"
            raise ValueError(f"The test {self.test!r} {verb} the key 'at_least'.")
        if (self.test == "swapped") != (self.other is not None):
            raise ValueError("The key 'with' names the other field of the test 'swapped' only.")
        return self

    @property
    def meaning(self) -> str:
        """What agreement at this level means, in words."""
        return TESTS[self.test].meaning.format(at_least=self.at_least or 0.0, other=self.other)


class ComparisonSpec(_Part):
    """The levels of one field, best first.

    The last level, "anything else", is implied. Levels are numbered upwards: 0 is anything
    else, 1 the last level listed, and so on; −1 stands for a missing value on either side.

    Attributes
    ----------
    term_frequency
        Whether exact agreement on a rare value shall weigh more than on a common one.
    aliases
        Value to canonical form, both in standard form (lower case): ``liz: elizabeth``. With a
        level ``alias``, linking learns more of them; see `aliases`.
    learns_aliases
        Whether it does: it takes a first round of linkage, which aliases that are known from
        elsewhere save.
    most_apart
        The largest share of matches that may agree at no level. Where relatives bear one name, EM
        may take them for one person with two birth dates; this keeps it from that.
    """

    field: str
    levels: list[LevelSpec] = Field(min_length=1)
    term_frequency: bool = False
    most_apart: float = Field(1.0, gt=0, le=1)
    aliases: dict[str, str] = {}
    learns_aliases: bool = True

    @field_validator("aliases")
    @classmethod
    def _one_form_each(cls, aliases: dict[str, str]) -> dict[str, str]:
        if set(aliases) & set(aliases.values()):
            raise ValueError(
                "The canonical form of an alias has an alias of its own. Give every value its "
                "last form, so that no chain leads from one to the next."
            )
        return aliases

    @property
    def knows_aliases(self) -> bool:
        """Whether one of the levels is ``alias``."""
        return any(level.test == "alias" for level in self.levels)

    @field_validator("levels", mode="before")
    @classmethod
    def _short_form(cls, levels: Any) -> Any:
        """Let a level without further keys be written as the bare name of its test."""
        if not isinstance(levels, list):
            return levels
        return [{"test": level} if isinstance(level, str) else level for level in levels]

    @property
    def meanings(self) -> list[str]:
        """What each level means, from level 0 upwards."""
        return ["anything else", *(level.meaning for level in reversed(self.levels))]


class LinkageSpec(_Part):
    """Everything that a linkage needs besides the records.

    Attributes
    ----------
    entity
        What the records are about; entity identifiers begin with it.
    sources, fields, comparisons
        What is linked, on what, and how; see their classes.
    blocking
        Rules; a pair is a candidate when it agrees on every key of at least one rule. A key is
        a field or a function of one, such as ``soundex(surname)``.
    household
        Compared fields that people of one household share. They let the model tell relatives
        from matches; leave empty where no such fields are.
    thresholds
        See `Thresholds`.
    max_pairs
        Most candidate pairs that one rule may make.
    largest_block
        Blocks of more records than this are split by the keys of the other rules (engine ``fast``
        only). By default none are.
    decisions
        CSV files of people's must-link and cannot-link decisions, which outrank the model; see
        `decisions.read_decisions`. In a YAML file, paths start at that file's folder.
    random_pairs
        Pairs drawn at random to learn how often records of different entities agree by chance.
    seed
        Of that draw.
    """

    entity: Literal["person", "address", "business"] = "person"
    sources: list[SourceSpec] = Field(min_length=1)
    fields: list[FieldSpec] = Field(min_length=1)
    comparisons: list[ComparisonSpec] = Field(min_length=1)
    blocking: list[list[str]] = Field(min_length=1)
    household: list[str] = []
    thresholds: Thresholds = Thresholds()
    max_pairs: int = Field(5_000_000, gt=0)
    largest_block: int | None = Field(None, ge=2)
    decisions: list[str] = []
    random_pairs: int = Field(1_000_000, ge=1_000)
    seed: int = 0
    _reasons: tuple[str, ...] = PrivateAttr(default=())

    @classmethod
    def from_yaml(cls, path: str | Path) -> Self:
        """Read a specification from a YAML file, usually in ``parameters/linkage/``.

        Raises
        ------
        SpecificationError
            The file is missing, is not YAML, or does not describe a linkage. The message names
            the file, each wrong key and, for a misspelt one, the nearest valid name.
        """
        path = Path(path)
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise SpecificationError(
                f"The linkage specification {path} cannot be read: {error.strerror}."
            ) from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            where = f", line {mark.line + 1}" if mark else ""
            raise SpecificationError(
                f"{path}{where}: this is not YAML. Check indentation, quotes and colons there."
            ) from error
        if not isinstance(content, dict):
            raise SpecificationError(
                f"{path}: a linkage specification is a list of keys with values, "
                f"the first of them 'entity'."
            )
        spec = cls.from_dict(content, origin=str(path))
        decisions = [str(path.parent / name) for name in spec.decisions]
        return spec.model_copy(update={"decisions": decisions})

    @classmethod
    def from_dict(cls, content: dict[str, Any], *, origin: str = "The specification") -> Self:
        """Check a specification held in a dictionary; see `from_yaml` for the errors."""
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            raise SpecificationError(
                "\n".join(f"{origin}: {_sentence(fault)}" for fault in error.errors())
            ) from error

    @classmethod
    def suggest(cls, frames: Mapping[str, pd.DataFrame], *, quiet: bool = False) -> Self:
        """Suggest a specification from the data alone, and say why.

        Kinds of fields, comparisons with their levels, blocking rules, sources without duplicates
        and household fields are all inferred from the values. What only repeats other fields, such
        as a full name beside its parts, is left out. It is a start to be read, not an oracle: look
        at `reasons`, then at what `link` finds.

        Parameters
        ----------
        frames
            A table for each source; one source is de-duplicated.
        quiet
            Whether to keep from writing the reasons to the standard output.

        Raises
        ------
        SourceError
            A source is empty or has no column that numbers its records, or nothing can be
            compared.
        """
        from woda_lib.linkage.suggest import suggest  # which builds specifications

        suggested, reasons = suggest(frames)
        spec = cls.model_validate(suggested.model_dump(by_alias=True))
        spec._reasons = tuple(reasons)
        if not quiet:
            sys.stdout.write("\n".join(reasons) + "\n")
        return spec

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why `suggest` chose what it did; empty for a specification that a person wrote."""
        return self._reasons

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        kinds = self.kinds
        for what, names in {
            "source": [source.name for source in self.sources],
            "field": [field.name for field in self.fields],
            "comparison": self.comparison_names,
        }.items():
            if repeated := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"The {what} {repeated[0]!r} is described more than once.")
        for source in self.sources:
            for name in [*source.columns, *source.lacks]:
                _one_of(name, kinds, f"field in sources, {source.name}")
        for comparison in self.comparisons:
            self._check_comparison(comparison, kinds)
        for number, rule in enumerate(self.blocking, start=1):
            _check_rule(number, rule, kinds)
        for name in self.household:
            _one_of(name, self.comparison_names, "compared field in household")
        if self.household and len(self.household) == len(self.comparisons):
            raise ValueError("A comparison must remain that people of one household do not share.")
        return self

    def _check_comparison(self, comparison: ComparisonSpec, kinds: dict[str, str]) -> None:
        where = f"comparisons, {comparison.field}"
        kind = kinds[_one_of(comparison.field, kinds, "field in comparisons")]
        for level in comparison.levels:
            allowed = TESTS[level.test].kinds
            if allowed and kind not in allowed:
                fitting = [name for name, test in TESTS.items() if not test.kinds - {kind}]
                fitting += [name for name, test in TESTS.items() if kind in test.kinds]
                raise ValueError(
                    f"{where}: the test {level.test!r} is not for a field of kind {kind!r}. "
                    f"Tests for it: {', '.join(dict.fromkeys(fitting))}."
                )
            if level.other is not None and kinds[_one_of(level.other, kinds, where)] != kind:
                raise ValueError(f"{where}: {level.other!r} is not of kind {kind!r}.")

    @property
    def kinds(self) -> dict[str, str]:
        """Field name to kind."""
        return {field.name: field.kind for field in self.fields}

    @property
    def comparison_names(self) -> list[str]:
        """The compared fields, in order; they name the level columns of the links."""
        return [comparison.field for comparison in self.comparisons]

    @property
    def rules(self) -> list[list[Key]]:
        """The blocking rules, parsed."""
        return [[key for text in rule if (key := Key.parse(text))] for rule in self.blocking]


def _check_rule(number: int, rule: list[str], kinds: dict[str, str]) -> None:
    if not rule:
        raise ValueError(f"Blocking rule {number} is empty; name at least one key.")
    for text in rule:
        key = Key.parse(text)
        if key is None:
            raise ValueError(
                f"Blocking rule {number}: {text!r} is neither a field nor a function of one, "
                f"such as soundex(surname)."
            )
        _one_of(key.field, kinds, f"field in blocking rule {number}")
        if key.function is not None:
            _one_of(key.function, FUNCTIONS, f"function in blocking rule {number}")


def _one_of(name: str, valid: Any, what: str) -> str:
    if name not in valid:
        raise ValueError(f"{name!r} is not a known {what}. {nearest(name, valid)}")
    return name


def _sentence(fault: Any) -> str:
    """Turn one of pydantic's findings into a sentence with the key's place in the file."""
    *parents, last = fault["loc"] or ("",)
    place = ", ".join(
        str(part) if isinstance(part, str) else f"entry {part + 1}" for part in fault["loc"]
    )
    if fault["type"] == "extra_forbidden":
        return f"{place}: there is no such key. {nearest(str(last), _keys_at(parents))}"
    if fault["type"] == "missing":
        return f"{place}: this key is missing. Add it."
    if fault["type"] == "value_error":
        return f"{place}: {fault['ctx']['error']}" if place else str(fault["ctx"]["error"])
    return f"{place}: {fault['msg']}."


def _keys_at(parents: list[Any]) -> list[str]:
    """List the keys that are valid below a place such as ``("comparisons", 0, "levels", 1)``."""
    parts: dict[str, type[BaseModel]] = {
        "sources": SourceSpec,
        "fields": FieldSpec,
        "comparisons": ComparisonSpec,
        "levels": LevelSpec,
        "thresholds": Thresholds,
    }
    names = [part for part in parents if part in parts]
    model = parts[names[-1]] if names else LinkageSpec
    return [field.alias or name for name, field in model.model_fields.items()]
