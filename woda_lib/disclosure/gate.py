"""The gate that every table, value and sentence passes before a reviewer sees it.

A table goes through it in this order. What lists or names people is refused. Counts that are too
few, or everybody, and counts that differ from an earlier run by a few people, are withheld; so are
sums that one contributor dominates. Then what would let somebody work those out is withheld too:
within the table, from the tables and numbers shown before it, and from earlier runs. What is left
is rounded, and rates are made of the rounded counts.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from woda_lib.disclosure.columns import (
    Rate,
    as_numbers,
    count_columns,
    is_statistic,
    label_columns,
    rates_of,
)
from woda_lib.disclosure.differencing import EarlierTable
from woda_lib.disclosure.dominance import unsafe_sums
from woda_lib.disclosure.guard import Counts, total_costs
from woda_lib.disclosure.linked import CountTable, headline
from woda_lib.disclosure.models import refuse_weak_models
from woda_lib.disclosure.personal import personal_kinds
from woda_lib.disclosure.refusals import (
    EachRow,
    refuse_free_text,
    refuse_identifiers,
    refuse_records,
)
from woda_lib.disclosure.rounding import rate_of, rounded_counts, significant
from woda_lib.disclosure.rule import DisclosureError, Rule
from woda_lib.disclosure.secondary import protect
from woda_lib.disclosure.totals import equations_of, total_rows

_ENDS = (("low", "high"), ("lower", "upper"), ("ci_low", "ci_high"))


@dataclass(frozen=True)
class GatedTable:
    """A table that may be shown.

    Attributes
    ----------
    frame : DataFrame
        The same rows and columns as what was asked for; counts are nullable integers, rounded,
        and withheld cells are missing.
    withheld : DataFrame of bool
        True where a cell was withheld (and not merely missing); same shape.
    counted : CountTable
        Its true counts, for guarding what is shown after it. Restricted.
    checks : dict of str to int
        How many cells each rule withheld by itself: ``threshold``, ``full``, ``differencing``,
        ``dominance``, ``p_percent``; and ``secondary``, those withheld for others' sake.
    not_people : tuple of str
        Columns of whole numbers that the analyst says do not count people.
    """

    frame: pd.DataFrame
    withheld: pd.DataFrame
    counted: CountTable
    checks: Mapping[str, int] = field(default_factory=dict)
    not_people: tuple[str, ...] = ()

    @property
    def withheld_cells(self) -> int:
        """How many cells were withheld."""
        return int(self.withheld.to_numpy().sum())

    def of(self, columns: Sequence[str]) -> GatedTable:
        """Return some of its columns, for a page that holds fewer than the file beside it."""
        names = list(columns)
        return replace(self, frame=self.frame[names], withheld=self.withheld[names])


def gate_table(
    frame: pd.DataFrame,
    rule: Rule,
    *,
    name: str,
    counts: Iterable[str] | None = None,
    totals: Iterable[str] = (),
    contributions: Mapping[str, pd.DataFrame] | None = None,
    others: Sequence[CountTable] = (),
    earlier: Sequence[EarlierTable] = (),
    each_row: EachRow = "group",
) -> GatedTable:
    """Pass a table through the gate.

    Parameters
    ----------
    frame : DataFrame
        Aggregates; its index must be a plain one (0, 1, 2 …), labels standing in columns.
    rule : Rule
    name : str
        How to call the table in an error.
    counts : iterable of str, optional
        The columns that count people. Left out, every column of whole numbers of which none is
        negative does, whatever their type.
    totals : iterable of str
        Labels of rows and headings of columns that are totals, where they do not say so.
    contributions : mapping of str to DataFrame, optional
        For each column of sums (money, hours) the rows that were summed, a row a contributor, with
        the table's labels and a column of the same heading.
    others : sequence of CountTable
        What this run has shown already.
    earlier : sequence of EarlierTable
        What earlier complete runs show.
    each_row : {"group", "service"}
        What a row stands for; a list of services may be long.

    Raises
    ------
    DisclosureError
        If it names or lists people, holds free text, or comes from a model with too few degrees of
        freedom.
    """
    totals = list(totals)
    refuse_identifiers(frame, name=name)
    counted = count_columns(frame, counts, rule, name=name)
    refuse_records(frame, counted, name=name, each_row=each_row)
    refuse_free_text(frame, name=name)
    refuse_weak_models(frame, rule, name=name)
    found = Counts.of(frame, counted, totals, name=name)
    hidden, checks = found.withheld(rule, others, earlier)
    gated, withheld = frame.copy(), pd.DataFrame(False, index=frame.index, columns=frame.columns)
    shape = (len(frame), len(counted))
    rounded = rounded_counts(found.counts.ravel(), rule.rounding, found.equations, hidden).reshape(
        shape
    )
    mask = np.zeros(shape, dtype=bool)
    mask.flat[list(hidden)] = True
    for place, column in enumerate(counted):
        whole = pd.array(rounded[:, place], dtype="Float64").astype("Int64")
        gated[column] = pd.Series(whole, index=frame.index).mask(mask[:, place])
        withheld[column] = mask[:, place]
    labels = set(label_columns(frame, counted))
    rates = {rate.column: rate for rate in rates_of(frame, counted)}
    in_row = mask.any(axis=1) if counted else np.zeros(len(frame), dtype=bool)
    for column, rate in rates.items():
        gated[column], withheld[column] = _rated(rate, frame, gated, withheld, rule)
    for column in frame.columns:
        if column in {*counted, *rates, *labels} or not is_statistic(frame[column]):
            continue
        without = in_row.copy()
        for rate_column in rates:  # the ends of an interval give the rate between them away
            if not _has_an_interval_of_its_own(column, rate_column, frame):
                without |= withheld[rate_column].to_numpy(bool)
        without &= frame[column].notna().to_numpy(bool)
        if pd.api.types.is_float_dtype(frame[column]):
            gated[column] = significant(frame[column])
        gated[column] = gated[column].mask(without)
        withheld[column] = without
    if len(rates) == 1:
        _widen_interval(gated, next(iter(rates)))
    for column, behind in (contributions or {}).items():
        unsafe, why = _sums(frame, column, behind, labels, found, rule, totals, name)
        gated[column] = gated[column].mask(unsafe)
        withheld[column] |= unsafe
        checks = {**checks, **{key: checks.get(key, 0) + n for key, n in why.items()}}
    return GatedTable(
        gated,
        withheld,
        found.as_table(mask),
        {key: n for key, n in checks.items() if n},
        () if counts is None else _left_out(frame, counted, rule),
    )


def gate_count(
    count: float,
    rule: Rule,
    *,
    name: str = "count",
    others: Sequence[CountTable] = (),
    earlier: Sequence[EarlierTable] = (),
) -> float | None:
    """Return a count of people as it may be said: rounded, and nothing where it may not.

    Raises
    ------
    DisclosureError
        If it differs from an earlier run on the same extracts by a few people.
    """
    table = headline(name, float(count), hidden=False)
    found = Counts(name, table.labels, table.columns, table.counts, [])
    hidden, checks = found.withheld(rule, others, earlier)
    if checks["differencing"]:
        raise DisclosureError(
            f"The number {name} differs by fewer than {rule.threshold} people from what an earlier "
            "run on the same extracts says (rule: differencing). Choose parameters that move more "
            "people, or none; or remove that run's folder, if nobody has read its report."
        )
    return None if hidden else round(count / rule.rounding) * float(rule.rounding)


def gate_text(text: str, *, name: str) -> str:
    """Return `text` if it holds no identifier.

    Raises
    ------
    DisclosureError
        If it holds an NHS number, a full postcode, an e-mail address, a telephone number or a
        National Insurance number; the message says which kind, and never quotes it.
    """
    if kinds := personal_kinds([text]):
        raise DisclosureError(f"{name} holds {' and '.join(kinds)}. Take it out of the text.")
    return text


def _has_an_interval_of_its_own(column: Hashable, rate: Hashable, frame: pd.DataFrame) -> bool:
    """Whether a column is, by its name, of another estimate than the rate, or an end of it."""
    stem = str(column).rpartition("_")[0]
    named = {str(name) for name in frame.columns if str(name).rpartition("_")[0] == stem}
    ends = {f"{stem}_low", f"{stem}_high"}
    return bool(stem) and ends < named and str(rate) not in {*named, stem}


def _widen_interval(gated: pd.DataFrame, rate: Hashable) -> None:
    """Let the interval beside a rate hold it still: it was that of the rate before rounding."""
    for low, high in _ENDS:
        if low in gated and high in gated:
            known = gated[rate].notna() & gated[low].notna() & gated[high].notna()
            for end, furthest in ((low, np.fmin), (high, np.fmax)):
                ends = gated[end].astype("Float64")
                moved = furthest(
                    ends.to_numpy(float, na_value=np.nan),
                    gated[rate].to_numpy(float, na_value=np.nan),
                )
                gated[end] = ends.where(~known, pd.Series(moved, index=gated.index))


def _rated(
    rate: Rate, frame: pd.DataFrame, gated: pd.DataFrame, withheld: pd.DataFrame, rule: Rule
) -> tuple[pd.Series, np.ndarray]:
    """A rate of rounded counts, and where it must be withheld."""
    whole = gated[rate.whole].astype("Float64")
    without = withheld[rate.whole].to_numpy(bool)
    if rate.part is None:
        exact = as_numbers(frame[rate.column]) * as_numbers(frame[rate.whole]) / rate.scale
        exact = exact.round()
        part = (exact / rule.rounding).round() * rule.rounding
        small = ((exact > 0) & (exact < rule.threshold)).fillna(False).to_numpy(bool)
        if rule.rounding < rule.threshold:
            rest = as_numbers(frame[rate.whole]) - exact
            small |= ((rest > 0) & (rest < rule.threshold)).fillna(False).to_numpy(bool)
        without = without | small
    else:
        part = gated[rate.part].astype("Float64")
        without = without | withheld[rate.part].to_numpy(bool)
    without = without & frame[rate.column].notna().to_numpy(bool)
    made = significant(rate_of(rate, whole, part))
    return made.where(frame[rate.column].notna()).mask(without), without


def _sums(
    frame: pd.DataFrame,
    column: str,
    behind: pd.DataFrame,
    labels: set[Hashable],
    found: Counts,
    rule: Rule,
    totals: list[str],
    name: str,
) -> tuple[np.ndarray, dict[str, int]]:
    """The rows of a column of sums to withhold, and how many each rule asks for."""
    if column not in frame.columns:
        raise DisclosureError(f"{name} has no column {column!r} that contributions could be of.")
    amounts = as_numbers(frame[column]).to_numpy(float, na_value=np.nan)[:, None]
    equations = equations_of(found.labels, amounts, [column], totals)
    rows = total_rows(equations, 1)
    is_total = [row in rows for row in range(len(frame))]
    unsafe = unsafe_sums(found.labels, column, behind, is_total, rule, name=name)
    needs = {row: need for row, (_, need) in unsafe.items()}
    costs = total_costs(np.nan_to_num(amounts[:, 0]), equations)
    width = max((need.up for need in needs.values()), default=0.0)
    hidden = (
        protect(np.nan_to_num(amounts[:, 0]), equations, needs, width=width, costs=costs)
        if needs
        else set()
    )
    mask = np.zeros(len(frame), dtype=bool)
    mask[list(hidden)] = True
    counted: dict[str, int] = {"secondary": len(hidden) - len(needs)}
    for why, _ in unsafe.values():
        counted[why] = counted.get(why, 0) + 1
    return mask, counted


def _left_out(frame: pd.DataFrame, counted: list[Hashable], rule: Rule) -> tuple[str, ...]:
    every = count_columns(frame, None, rule, name="")
    return tuple(str(column) for column in every if column not in counted)
