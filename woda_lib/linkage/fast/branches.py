"""Write the branches of a kernel: for each comparison of a specification what its levels ask."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from woda_lib.linkage.errors import LinkageError
from woda_lib.linkage.levels import ROUNDING
from woda_lib.linkage.spec import ComparisonSpec, LevelSpec, LinkageSpec

ALIAS = "alias_"  # begins the names of tables of aliases, which end with the place of the field

# What a level says of values x and y, given the tables that it needs.
_TESTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "exact": ("x == y", ()),
    "exact of nhs_number": ("x == y and {valid}[x]", ("valid",)),
    "alias": ("x != y and same_part(x, y, {alias})", ("alias",)),
    "one_edit": ("one_edit(x, y, {heads}, {letters})", ("heads", "letters")),
    "one_edit of date_of_birth": ("date_one_edit(x, y)", ()),
    "initial": ("initial(x, y, {heads})", ("heads",)),
    "shared_words": ("shared_words(x, y, {spans}, {words}) >= {at_least!r}", ("spans", "words")),
    "jaro_winkler": ("similarity >= {at_least!r}", ("heads", "letters")),
    "day_month_swapped": ("day_month_swapped(x, y)", ()),
    "same_year": ("same_year(x, y)", ()),
    "same_day_and_month": ("same_day_and_month(x, y)", ()),
    "same_sector": ("same_part(x, y, {sector})", ("sector",)),
    "same_outward": ("same_part(x, y, {outward})", ("outward",)),
}


@dataclass(frozen=True)
class Branches:
    """The comparisons of a specification as source, a branch a level."""

    spec: LinkageSpec

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Fields in the order in which a record's row holds them."""
        levels = [level for each in self.spec.comparisons for level in each.levels]
        others = [level.other for level in levels if level.other]
        return tuple(dict.fromkeys([*self.spec.comparison_names, *others]))

    @cached_property
    def tables(self) -> tuple[tuple[str, str], ...]:
        """Kind and name of each table that is read.

        Raises
        ------
        LinkageError
            A level uses a test that has no compiled form.
        """
        needed: dict[tuple[str, str], None] = {}
        for comparison in self.spec.comparisons:
            kind = self.spec.kinds[comparison.field]
            if kind == "nhs_number":  # says when a disagreement means nothing
                needed[kind, "valid"] = None
            for level in comparison.levels:
                if level.other is None:
                    alias = ALIAS + str(self.fields.index(comparison.field))
                    names = [alias if name == "alias" else name for name in _test(level, kind)[1]]
                    needed |= {(kind, name): None for name in names}
        return tuple(needed)

    @property
    def radices(self) -> tuple[int, ...]:
        """Number of codes of each comparison: its levels, "anything else" and missing."""
        return tuple(len(comparison.levels) + 2 for comparison in self.spec.comparisons)

    @property
    def similarities(self) -> int:
        """How many comparisons grade similarity."""
        return len(self._graded)

    @property
    def unpacked(self) -> list[str]:
        """The line that gives each table its name, if there is one."""
        names = [f"{name}_{kind}" for kind, name in self.tables]
        return [f"    {', '.join(names)}, = tables"] if names else []

    @property
    def _graded(self) -> list[str]:
        return [each.field for each in self.spec.comparisons if _grades(each)]

    def of(self, comparison: ComparisonSpec) -> list[str]:
        """Write the branches of one comparison, best level first, which find its `digit`."""
        kind, fields = self.spec.kinds[comparison.field], self.fields
        column = fields.index(comparison.field)
        names = {name: f"{name}_{kind}" for name in ("heads", "letters", "spans", "words", "valid")}
        names |= {name: f"{name}_{kind}" for name in ("sector", "outward")}
        names["alias"] = f"{ALIAS}{column}_{kind}"
        levels = list(enumerate(comparison.levels))
        base = "1" if kind != "nhs_number" else "1 if {valid}[x] and {valid}[y] else 0"
        lines = [
            f"    x, y = lefts[left, {column}], rights[right, {column}]",
            "    digit = 0",
            "    if x >= 0 and y >= 0:"
            if kind != "date_of_birth"
            else "    if x != -1 and y != -1:",
        ]
        indent = " " * 8
        known_to_be_least = False
        for place, level in levels:
            number = len(levels) - place + 1
            if level.other is not None:
                other = fields.index(level.other)
                test = f"x != y and x == rights[right, {other}] and y == lefts[left, {other}]"
            else:
                test = _test(level, kind)[0].format(
                    **names, at_least=(level.at_least or 1.0) - ROUNDING
                )
            if level.test == "jaro_winkler" and not known_to_be_least:
                known_to_be_least = True
                row = self._graded.index(comparison.field)
                lines.append(
                    f"{indent}similarity = jaro_winkler(min(x, y), max(x, y), {names['heads']}, "
                    f"{names['letters']}, memo, {row}, {min(_grades(comparison))!r})"
                )
            lines += [f"{indent}if {test}:", f"{indent}    digit = {number}", f"{indent}else:"]
            indent += "    "
        return [*lines, f"{indent}digit = {base.format(**names)}"]


def _grades(comparison: ComparisonSpec) -> list[float]:
    """Return the similarities that a comparison asks for."""
    graded = [each.at_least for each in comparison.levels if each.test == "jaro_winkler"]
    return [each for each in graded if each is not None]


def _test(level: LevelSpec, kind: str) -> tuple[str, tuple[str, ...]]:
    for name in (f"{level.test} of {kind}", level.test):
        if name in _TESTS:
            return _TESTS[name]
    raise LinkageError(
        f"The test {level.test!r} has no compiled form. Use engine 'recordlinkage' for it."
    )
