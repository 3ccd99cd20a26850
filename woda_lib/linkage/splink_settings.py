"""A linkage specification and its fitted model, written as settings of Splink 5.

Splink decides the level of a pair by SQL conditions, best level first. Each condition here is the
very test of `levels`, so that both engines see the same level for every pair.

Method
    Linacre, R. and others (2022), Splink: Free software for probabilistic record linkage at
    scale, International Journal of Population Data Science 7(3).
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from woda_lib.linkage.errors import LinkageWarning, SpecificationError
from woda_lib.linkage.keys import Key
from woda_lib.linkage.levels import ROUNDING
from woda_lib.linkage.spec import ComparisonSpec, LevelSpec, LinkageSpec
from woda_lib.linkage.splink_tables import RECORD, SOURCE, Columns

if TYPE_CHECKING:
    from woda_lib.linkage.fellegi_sunter import LinkageModel

Backend = Literal["duckdb", "spark"]
# Our own Jaro–Winkler, which the engine registers where the backend's is not the same.
JARO_WINKLER = "woda_jaro_winkler"


class _Dialect(NamedTuple):
    """What DuckDB and Spark write differently."""

    quote: str
    common: str  # number of texts that two lists share
    size: str


DIALECTS: dict[str, _Dialect] = {
    "duckdb": _Dialect('"', "len(list_intersect({0}, {1}))", "len({0})"),
    "spark": _Dialect("`", "size(array_intersect({0}, {1}))", "size({0})"),
}

# Tests of one field; {l} and {r} are its values on either side.
_CONDITIONS = {
    "exact": "{l} = {r}",
    "initial": "(length({l}) = 1 or length({r}) = 1) and substr({l}, 1, 1) = substr({r}, 1, 1)",
    "one_edit": "damerau_levenshtein({l}, {r}) = 1",
    "day_month_swapped": (
        "concat(substr({l}, 1, 4), substr({l}, 7), substr({l}, 5, 2)) = {r} and {l} <> {r}"
    ),
    "same_year": "substr({l}, 1, 4) = substr({r}, 1, 4)",
    "same_day_and_month": "substr({l}, 5, 4) = substr({r}, 5, 4)",
    "same_sector": (
        "length({l}) > 2 and length({r}) > 2"
        " and substr({l}, 1, length({l}) - 2) = substr({r}, 1, length({r}) - 2)"
    ),
    "same_outward": (
        "length({l}) > 3 and length({r}) > 3"
        " and substr({l}, 1, length({l}) - 3) = substr({r}, 1, length({r}) - 3)"
    ),
}


def splink_settings(
    model: LinkageModel, spec: LinkageSpec, backend: Backend = "duckdb", *, by_letter: bool = False
) -> dict[str, Any]:
    """Write a model as a Splink settings dictionary.

    Parameters
    ----------
    model
        The fitted model.
    spec
        The specification it was fitted for.
    backend
        Whose SQL to write.
    by_letter
        Whether DuckDB shall compare letters by our own function where a text holds letters beyond
        ASCII; its built-in Jaro–Winkler compares bytes. The function must be registered.

    Returns
    -------
    dict
        Plain data, fit for `json.dump` and for ``splink.Linker``; its columns are those of
        `splink_tables`.

    Raises
    ------
    SpecificationError
        The specification has a test or a term frequency that Splink cannot follow.
    """
    columns = Columns.of(spec)
    writer = _Writer(columns, spec, backend, by_letter)
    return {
        "link_type": _link_type(spec),
        "unique_id_column_name": RECORD,
        "source_dataset_column_name": SOURCE,
        "probability_two_random_records_match": model.prior,
        "comparisons": [
            writer.comparison(place, comparison, model)
            for place, comparison in enumerate(model.comparisons)
        ],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": writer.blocking_rule(rule), "sql_dialect": backend}
            for rule in spec.rules
        ],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
    }


def warn_of_what_splink_lacks(model: LinkageModel) -> None:
    """Say which part of a model its Splink settings leave out, if any."""
    lacks = []
    if model.dependence:
        lacks.append("the dependence among non-matches")
    if model.h is not None:
        lacks.append("the household class")
    if lacks:
        warnings.warn(
            f"Splink takes comparisons as independent and pairs as matches or non-matches, so "
            f"these settings leave out {' and '.join(lacks)}; Splink's own scores will be too "
            f"high for some pairs. link(..., engine='splink') puts it back.",
            LinkageWarning,
            stacklevel=3,
        )


def needs_jaro_winkler(spec: LinkageSpec) -> list[str]:
    """List the fields that are compared by Jaro–Winkler."""
    return [
        comparison.field
        for comparison in spec.comparisons
        if any(level.test == "jaro_winkler" for level in comparison.levels)
    ]


class _Writer:
    """Writes the SQL of one specification for one backend."""

    def __init__(
        self, columns: Columns, spec: LinkageSpec, backend: Backend, by_letter: bool
    ) -> None:
        self._columns = columns
        self._spec = spec
        self._backend = backend
        self._by_letter = by_letter
        self._dialect = DIALECTS[backend]

    def comparison(
        self, place: int, comparison: ComparisonSpec, model: LinkageModel
    ) -> dict[str, Any]:
        """Write one comparison: missing, the levels from the best, whatever is left."""
        best = len(comparison.levels)
        levels: list[dict[str, Any]] = [
            {
                "sql_condition": self._missing(comparison),
                "label_for_charts": "missing",
                "is_null_level": True,
            }
        ]
        for number, level in zip(range(best, 0, -1), comparison.levels, strict=True):
            levels.append(
                {
                    "sql_condition": self._condition(comparison, level),
                    "label_for_charts": level.meaning,
                    "m_probability": float(model.m[place, number]),
                    "u_probability": float(model.u[place, number]),
                }
            )
        levels.append(
            {
                "sql_condition": "ELSE",
                "label_for_charts": comparison.meanings[0],
                "m_probability": float(model.m[place, 0]),
                "u_probability": float(model.u[place, 0]),
            }
        )
        if comparison.term_frequency:
            if comparison.levels[0].test != "exact":
                raise SpecificationError(
                    f"comparisons, {comparison.field}: Splink uses term frequencies of exact "
                    f"agreement only. Make 'exact' the first level, or drop term_frequency."
                )
            levels[1] |= {
                "tf_adjustment_column": self._columns.fields[comparison.field],
                "disable_tf_exact_match_detection": True,  # the level's own u is the base
            }
        return {
            "output_column_name": self._columns.fields[comparison.field],
            "comparison_description": comparison.field,
            "comparison_levels": levels,
        }

    def blocking_rule(self, rule: list[Key]) -> str:
        """Write one rule, with the pairs that a source free of duplicates forbids left out."""
        names = [self._quoted(self._columns.keys[key]) for key in rule]
        conditions = [f"l.{name} = r.{name}" for name in names]
        free = [each.name for each in self._spec.sources if each.free_of_duplicates]
        if free and len(self._spec.sources) == 1:
            conditions.append("1 = 0")
        elif free and len(free) < len(self._spec.sources):
            texts = ", ".join(f"'{self._columns.sources[name]}'" for name in free)
            conditions.append(f"(l.{SOURCE} <> r.{SOURCE} or l.{SOURCE} not in ({texts}))")
        return " and ".join(conditions)

    def _condition(self, comparison: ComparisonSpec, level: LevelSpec) -> str:
        """Write the test of one level."""
        left, right = self._sides(self._columns.fields[comparison.field])
        if level.other is not None:
            other_left, other_right = self._sides(self._columns.fields[level.other])
            return f"{left} = {other_right} and {other_left} = {right} and {left} <> {right}"
        if level.test == "alias":
            one, other = (self._canonical(side, comparison) for side in (left, right))
            return f"{left} <> {right} and {one} = {other}"
        if level.test == "jaro_winkler":
            least = f"cast({(level.at_least or 1.0) - ROUNDING!r} as double)"
            return f"{self._jaro_winkler(left, right)} >= {least}"
        if level.test == "shared_words":
            one, other = self._sides(self._columns.words[comparison.field])
            common = self._dialect.common.format(one, other)
            sizes = [self._dialect.size.format(side) for side in (one, other)]
            least = f"cast({(level.at_least or 1.0) - ROUNDING!r} as double)"
            return f"{common} >= {least} * least({', '.join(sizes)})"
        if level.test not in _CONDITIONS:
            raise SpecificationError(
                f"comparisons, {comparison.field}: the test {level.test!r} has not been put into "
                f"SQL. Use another test, or another engine."
            )
        condition = _CONDITIONS[level.test].format(l=left, r=right)
        if level.test == "exact" and comparison.field in self._columns.valid:
            condition += f" and {self._sides(self._columns.valid[comparison.field])[0]}"
        return condition

    def _canonical(self, side: str, comparison: ComparisonSpec) -> str:
        """Write the canonical form of a value that may be an alias."""
        if not comparison.aliases:
            return side
        cases = " ".join(
            f"when {_text(value)} then {_text(form)}" for value, form in comparison.aliases.items()
        )
        return f"case {side} {cases} else {side} end"

    def _missing(self, comparison: ComparisonSpec) -> str:
        """Write when a comparison says nothing, also where a check digit is wrong."""
        left, right = self._sides(self._columns.fields[comparison.field])
        missing = f"{left} is null or {right} is null"
        if comparison.field not in self._columns.valid:
            return missing
        valid = " and ".join(self._sides(self._columns.valid[comparison.field]))
        holds = " or ".join(
            f"({self._condition(comparison, level)})" for level in comparison.levels
        )
        # A level may compare with another field, which may be missing: not (null) would be null.
        return f"{missing} or not (({valid}) or coalesce({holds}, false))"

    def _jaro_winkler(self, left: str, right: str) -> str:
        """Write the similarity. Spark's own, in Splink's library, counts half transpositions."""
        if self._backend == "spark":
            return f"{JARO_WINKLER}({left}, {right})"
        plain = f"jaro_winkler_similarity({left}, {right})"
        if not self._by_letter:
            return plain
        one_byte = f"strlen({left}) = length({left}) and strlen({right}) = length({right})"
        return f"case when {one_byte} then {plain} else {JARO_WINKLER}({left}, {right}) end"

    def _sides(self, column: str) -> tuple[str, str]:
        return self._quoted(f"{column}_l"), self._quoted(f"{column}_r")

    def _quoted(self, name: str) -> str:
        return f"{self._dialect.quote}{name}{self._dialect.quote}"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _link_type(spec: LinkageSpec) -> str:
    if len(spec.sources) == 1:
        return "dedupe_only"
    free = all(source.free_of_duplicates for source in spec.sources)
    return "link_only" if free else "link_and_dedupe"
