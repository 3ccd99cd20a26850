"""Write the kernel that compares a record with a row of others at once: what a glance tells.

For each comparison a function that says what a glance tells (see `glance`), written from the last
level to the first: each overrules what stands below it. A level without a form for a glance leaves
the pair open where no level above it holds, and its comparison is then asked in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from woda_lib.linkage.fast.branches import Branches
from woda_lib.linkage.fast.spread import Beside
from woda_lib.linkage.spec import ComparisonSpec, LevelSpec

# What is read of a value: of the heads of its text, or of a table of parts.
_OF_HEADS = ("mask", "head", "length")
_INLINE = "@njit(nogil=True, forceinline=True)"
_WIDE = ("mask", "head")
_EXACT, _SIMILAR, _EDIT = "exact", "jaro_winkler", "one_edit"
_OF_DATES = ("day_month_swapped", "same_year", "same_day_and_month")
_OF_PARTS = {"same_sector": "sector", "same_outward": "outward"}

# What tells of a row's pairs is a number for each: its code as far as it is known, above it a bit
# for each comparison that is open, and above these one for pairs that an earlier rule made.
_SHORT, _LONG = 31, 63


@dataclass(frozen=True)
class Glances:
    """The glances of a specification."""

    branches: Branches

    @property
    def similarities(self) -> int:
        """How many comparisons grade similarity."""
        return self.branches.similarities

    @property
    def bits(self) -> int:
        """How many bits the number of a pair needs: 32, 64, or 0 where these are too few."""
        needed = self._bits_of_codes + len(self._left_open) + 1
        return 32 if needed <= _SHORT else 64 if needed <= _LONG else 0

    @property
    def beside(self) -> Beside:
        """Which columns are read, and which table each comes from."""
        branches = self.branches

        def found(column: tuple[str, int]) -> tuple[str, int, int]:
            name, field = column
            table = "heads" if name in _OF_HEADS else name
            kind = branches.spec.kinds[branches.fields[field]]
            return name, field, branches.tables.index((kind, table))

        number = np.int32 if self.bits == 32 else np.int64
        ints, wides = (tuple(map(found, each)) for each in (self._ints, self._wides))
        return Beside(ints, wides, len(branches.fields), number)

    def written(self) -> list[str]:
        """Return the lines of `row_codes`, `opened_code` and what they call."""
        lines: list[str] = []
        row = [_INLINE, "def row_codes(left, begin, end, ints, wides, across, codes):"]
        row += [f"    begin_row(left, begin, end, across, {self._bit(None)}, codes)"]
        for place in range(len(self._comparisons)):
            lines += self._glance(place)
            row += [f"    glance_{place}(left, begin, end, ints, wides, codes)"]
        told = 1 << self._bits_of_codes
        opened = [_INLINE, "def opened_code(number, left, right, lefts, rights, memo, tables):"]
        opened += [*self.branches.unpacked, f"    code = number & {told - 1}"]
        for place in self._left_open:
            opened += [f"    if number & {self._bit(place)}:"]
            opened += [f"    {line}" for line in self.branches.of(self._comparisons[place])]
            opened += [f"        code += {self._weight(place)} * digit"]
        opened += ["    return code"]
        marks = [f"TOLD, SEEN = {told}, {self._bit(None)}"]
        return [*lines, *row, "", "", *opened, "", "", *marks, "", ""]

    @property
    def _comparisons(self) -> list[ComparisonSpec]:
        return list(self.branches.spec.comparisons)

    @property
    def _kinds(self) -> list[str]:
        return [self.branches.spec.kinds[each.field] for each in self._comparisons]

    @cached_property
    def _columns(self) -> list[tuple[str, int]]:
        """Name and field of what is read of values."""
        needed = {
            (name, place): None
            for place, (each, kind) in enumerate(zip(self._comparisons, self._kinds, strict=True))
            for level in each.levels
            for name in _needs(level, kind)
        }
        return list(needed)

    @property
    def _ints(self) -> list[tuple[str, int]]:
        return [each for each in self._columns if each[0] not in _WIDE]

    @property
    def _wides(self) -> list[tuple[str, int]]:
        return [each for each in self._columns if each[0] in _WIDE]

    @property
    def _bits_of_codes(self) -> int:
        return prod(self.branches.radices).bit_length()

    @cached_property
    def _left_open(self) -> list[int]:
        return [
            place
            for place in range(len(self._comparisons))
            if any(number is None for number, _ in self._told(place))
        ]

    def _weight(self, place: int) -> int:
        return prod(self.branches.radices[place + 1 :])

    def _bit(self, place: int | None) -> int:
        """Return the bit of an open comparison, or that of pairs that were made before."""
        open_ones = self._left_open
        above = len(open_ones) if place is None else open_ones.index(place)
        return 1 << (self._bits_of_codes + above)

    def _told(self, place: int) -> list[tuple[int | None, str]]:
        """Return digit and condition of each level from the lowest; None leaves the pair open."""
        comparison, kind = self._comparisons[place], self._kinds[place]
        if kind == "nhs_number":  # whether a disagreement means anything is asked of a table
            return [(None, "True")]
        levels = enumerate(reversed(comparison.levels), start=2)
        return [_told(number, level, kind, comparison) for number, level in levels]

    def _glance(self, place: int) -> list[str]:
        cast = f"int{self.bits}"
        lines = [_INLINE, f"def glance_{place}(left, begin, end, ints, wides, codes):"]
        lines += [f"    x = ints[{place}, left]"]
        beside = [f"        y = ints[{place}, other]"]
        fields = len(self.branches.fields)
        for table, first, held in (("ints", fields, self._ints), ("wides", 0, self._wides)):
            for number, (name, field) in enumerate(held, start=first):
                if field == place:
                    lines += [f"    {name}_x = {table}[{number}, left]"]
                    beside += [f"        {name}_y = {table}[{number}, other]"]
        weight = self._weight(place)
        lines += ["    for other in range(begin, end):", *beside]
        lines += [f"        told = {cast}({weight})"]
        for digit, condition in self._told(place):
            told = f"{cast}({self._bit(place) if digit is None else weight * digit})"
            chosen = told if condition == "True" else f"{told} if {condition} else told"
            lines += [f"        told = {chosen}"]
        dates = self._kinds[place] == "date_of_birth"
        missing = "(x == -1) | (y == -1)" if dates else "(x < 0) | (y < 0)"
        added = f"{cast}(0) if {missing} else told"
        return [*lines, f"        codes[other - begin] += {added}", "", ""]


def _needs(level: LevelSpec, kind: str) -> tuple[str, ...]:
    if kind == "nhs_number":  # which is always left open
        return ()
    if level.test == _SIMILAR:
        return _OF_HEADS
    if level.test == _EDIT and kind != "date_of_birth":
        return ("mask", "length")
    return (_OF_PARTS[level.test],) if level.test in _OF_PARTS else ()


def _told(
    number: int, level: LevelSpec, kind: str, comparison: ComparisonSpec
) -> tuple[int | None, str]:
    if level.other is None:
        if level.test == _EXACT:
            return number, "x == y"
        if level.test in _OF_DATES:
            return number, f"{level.test}(x, y)"
        if level.test in _OF_PARTS:
            part = _OF_PARTS[level.test]
            return number, f"({part}_x >= 0) & ({part}_x == {part}_y)"
        if level.test == _SIMILAR:
            least = min(each.at_least or 1.0 for each in comparison.levels if each.test == _SIMILAR)
            texts = "mask_x, head_x, length_x, mask_y, head_y, length_y"
            return None, f"may_be_alike({texts}, {least!r})"
        if level.test == _EDIT and kind == "date_of_birth":
            return None, "may_be_one_digit(x, y)"
        if level.test == _EDIT:
            return None, "may_be_one_edit(mask_x, length_x, mask_y, length_y)"
    return None, "True"
