"""The registry of features, ``parameters/complex_dependencies/features.yaml``, checked.

It is the published list of variables as well: what a model may be told of a household, from where,
under which agreement, over how long, and which way it may move the risk. A feature that does not
stand there is not built, and a model is handed no other.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Literal, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from woda_lib.partners.contracts import Contract
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.prediction.errors import PredictionError
from woda_lib.records.findings import nearest
from woda_lib.records.named_files import read_named

How = Literal["column", "level", "count", "sum", "any", "open", "months_since", "last"]
"""How rows become a number.

``column``, ``level``
    The spine's column of the day; whether it is a level.
``count``, ``sum``
    Of what began within the window, the index date included: how many; their values added up.
``any``
    Whether anything went on within the window (0 or 1).
``open``
    Whether anything goes on on the day (0 or 1).
``months_since``
    Whole months since the last that began; missing where none is known or, with a window, where
    none began within it.
``last``
    The value of the last that began.
"""

WINDOWED = frozenset({"count", "sum", "any"})
_MAY_BE_WINDOWED = WINDOWED | {"months_since"}
_OF_THE_SPINE = frozenset({"column", "level"})
OF_A_TABLE = "/"
"""What a table of a step has in its name, and a dataset has not."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rows(_Part):
    """Which rows of a dataset are events of a kind.

    Attributes
    ----------
    dataset
    where
        To each field the values of which one must stand in it; every row, if left out.
    """

    dataset: str
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> Self:
        columns = _contract(self.dataset).columns
        for field, values in self.where.items():
            if field not in columns:
                raise ValueError(f"{self.dataset} has no field {field}. {nearest(field, columns)}")
            if unknown := set(values) - set(columns[field].codes or values):
                raise ValueError(f"{self.dataset}.{field} has no code {', '.join(sorted(unknown))}")
        return self


class Kind(_Part):
    """A kind of event, and how it comes to a household.

    Attributes
    ----------
    name
    of
        Of a ``person``: whoever belongs to the household on the index date brings it along. Of a
        ``property``: it is the household's that lived there when it began. Of a ``household``: its
        own.
    rows
        Which rows of the partners it is; several add up.
    need, known_by
        Instead of rows: a heading of the early-help schema, or the name of a service there.
    table
        Instead of rows: the table of the single view that it is read off.
    value
        The field that is the event's value; 1 each, if left out.
    of_a_day
        Whether it is over on the day on which it began.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    of: Literal["person", "property", "household"]
    rows: tuple[Rows, ...] = ()
    need: str | None = None
    known_by: str | None = None
    table: str | None = None
    value: str | None = None
    of_a_day: bool = False

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        given = [bool(self.rows), *(each is not None for each in (self.need, self.known_by))]
        if sum([*given, self.table is not None]) != 1:
            raise ValueError(
                f"the kind {self.name} says either rows, or need, or known_by, or table"
            )
        for each in self.rows:
            if self.value is not None and self.value not in _contract(each.dataset).columns:
                raise ValueError(f"{each.dataset} has no field {self.value}, the value of a kind")
        return self


class Feature(_Part):
    """One thing that a model is told of a household.

    Attributes
    ----------
    name
    title
        As a caseworker reads it.
    source
        ``<dataset>.<field>``, or ``single_view/1_build:<table>.<column>``.
    agreement
        The agreement under which all of `source` is shared.
    how
        See `How`.
    kind
        The kind of event that it is made of.
    column, level
        The spine's column, and the level that is asked for.
    levels
        Of a category: every level that there is.
    window_months
        How far it looks back; ``look_back`` in the file is what the pilot's parameter says.
    direction
        Which way it may move the risk, where that is known: the monotone constraint.
    if_missing
        What is done where a source is not there: the feature is left ``missing``, or building is
        ``refuse``\\ d.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=3)
    source: tuple[str, ...] = Field(min_length=1)
    agreement: str
    how: How
    kind: str | None = None
    column: str | None = None
    level: str | None = None
    levels: tuple[str, ...] = ()
    window_months: int | Literal["look_back"] | None = None
    direction: Literal["+", "-", "none"]
    if_missing: Literal["missing", "refuse"] = "missing"

    @field_validator("source")
    @classmethod
    def _exists(cls, source: tuple[str, ...]) -> tuple[str, ...]:
        for each in source:
            table, _, field = each.rpartition(".")
            if not table:
                raise ValueError(f"{each!r} must be <dataset>.<field>")
            if OF_A_TABLE not in table and field not in (columns := _contract(table).columns):
                raise ValueError(f"{table} has no field {field}. {nearest(field, columns)}")
        return source

    @model_validator(mode="after")
    def _fits(self) -> Self:
        of_spine = self.how in _OF_THE_SPINE
        if of_spine != (self.kind is None) or of_spine == (self.column is None):
            asks = "column and no kind" if of_spine else "kind and no column"
            raise ValueError(f"{self.name}: how is {self.how}, which asks for {asks}")
        if (self.how == "level") != (self.level is not None):
            raise ValueError(f"{self.name}: level goes with how: level, and with nothing else")
        windowed = self.window_months is not None
        must, may = self.how in WINDOWED, self.how in _MAY_BE_WINDOWED
        if (must and not windowed) or (windowed and not may):
            raise ValueError(
                f"{self.name}: window_months goes with how: count, sum and any, may go with "
                "months_since, and goes with nothing else"
            )
        if isinstance(self.window_months, int) and not 1 <= self.window_months <= 120:
            raise ValueError(f"{self.name}: window_months must lie between 1 and 120")
        if self.levels and (self.how != "column" or self.direction != "none"):
            raise ValueError(f"{self.name}: a category is a column and has no direction")
        return self

    @property
    def months(self) -> int:
        """The months of the window; 0 of what has none."""
        return self.window_months if isinstance(self.window_months, int) else 0

    @property
    def label(self) -> str:
        """The title, with how far it looks back."""
        if not self.months:
            return self.title
        within = "within the last" if self.how == "months_since" else "last"
        return f"{self.title}, {within} {self.months} months"

    @property
    def datasets(self) -> tuple[str, ...]:
        """The partners' datasets among its sources, each once."""
        tables = (each.rpartition(".")[0] for each in self.source)
        return tuple(dict.fromkeys(name for name in tables if OF_A_TABLE not in name))

    @property
    def sources_said(self) -> str:
        """The sources in short: ``police_contacts: part, offence_group``; tables of one alike."""
        fields: dict[str, list[str]] = {}
        for table, _, field in (each.rpartition(".") for each in self.source):
            name = table.replace("single_view/1_build:", "single view ")
            fields.setdefault(name, []).append(field)
        tables: dict[str, list[str]] = {}
        for name, of in fields.items():
            tables.setdefault(", ".join(of), []).append(name)
        return "; ".join(f"{', '.join(names)}: {of}" for of, names in tables.items())

    @property
    def is_category(self) -> bool:
        """Whether it is a category, and no number."""
        return bool(self.levels)


class FeatureSet(_Part):
    """The registry.

    Attributes
    ----------
    registry
        The file's name.
    kinds
        Kinds of events.
    features
        In the order of the table's columns.
    """

    registry: str
    kinds: tuple[Kind, ...]
    features: tuple[Feature, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        for word, names in (
            ("kinds", [kind.name for kind in self.kinds]),
            ("features", [feature.name for feature in self.features]),
        ):
            if twice := {name for name in names if names.count(name) > 1}:
                raise ValueError(f"{word}: {', '.join(sorted(twice))} stands twice")
        kinds = {kind.name: kind for kind in self.kinds}
        for feature in self.features:
            if feature.kind is None:
                continue
            if feature.kind not in kinds:
                raise ValueError(
                    f"features.{feature.name}.kind: there is no kind {feature.kind}. "
                    f"{nearest(feature.kind, kinds)}"
                )
            for each in kinds[feature.kind].rows:
                if each.dataset not in feature.datasets:
                    raise ValueError(
                        f"features.{feature.name}: it is made of rows of {each.dataset}, which "
                        "its source does not name"
                    )
        return self

    @property
    def names(self) -> list[str]:
        """The features' names, in order."""
        return [feature.name for feature in self.features]

    @property
    def directions(self) -> dict[str, int]:
        """To each feature 1, −1 or 0: the monotone constraint of LightGBM."""
        signs = {"+": 1, "-": -1, "none": 0}
        return {feature.name: signs[feature.direction] for feature in self.features}

    @property
    def titles(self) -> dict[str, str]:
        """To each feature its title, with how far it looks back."""
        return {feature.name: feature.label for feature in self.features}

    @property
    def levels(self) -> dict[str, tuple[str, ...]]:
        """To each category its levels."""
        return {each.name: each.levels for each in self.features if each.is_category}

    def kind_of(self, feature: Feature) -> Kind | None:
        """Return the kind of event that a feature is made of."""
        return next((kind for kind in self.kinds if kind.name == feature.kind), None)

    def only(self, names: Collection[str]) -> FeatureSet:
        """Return the registry of some features alone, in its own order.

        Raises
        ------
        PredictionError
            If one of them does not stand in it.
        """
        for name in names:
            if name not in self.names:
                raise PredictionError(
                    f"There is no feature {name!r} in {self.registry}.yaml. "
                    f"{nearest(name, self.names)}"
                )
        kept = tuple(feature for feature in self.features if feature.name in set(names))
        return self.model_copy(update={"features": kept})

    def table(self) -> pd.DataFrame:
        """Return the published list of variables.

        Returns
        -------
        DataFrame
            `feature, title, source, agreement, look_back, how, direction`, in words.
        """
        rows = [
            {
                "feature": each.name,
                "title": each.title,
                "source": each.sources_said,
                "agreement": each.agreement,
                "look_back": f"{each.months} months" if each.months else "",
                "how": _MADE[each.how],
                "direction": _SAID[each.direction],
            }
            for each in self.features
        ]
        return pd.DataFrame(rows)


_MADE: dict[str, str] = {
    "column": "as it is on the day",
    "level": "whether it is",
    "count": "how many",
    "sum": "added up",
    "any": "whether any",
    "open": "whether one is open",
    "months_since": "whole months",
    "last": "the last value",
}
_SAID = {"+": "more is riskier", "-": "more is safer", "none": "not fixed"}


def read_features(path: Path, *, look_back_months: int = 12) -> FeatureSet:
    """Read and check the registry.

    Parameters
    ----------
    path
    look_back_months
        What a window of ``look_back`` is.

    Raises
    ------
    PredictionError
        If the file is not there, or a key is missing, unknown or of the wrong form; names the file
        and the key.
    """
    found = read_named(
        path,
        FeatureSet,
        key="registry",
        shown=f"{path.parent.name}/{path.name}",
        absent=path.name,
        error=PredictionError,
    )
    features = tuple(
        each.model_copy(update={"window_months": look_back_months})
        if each.window_months == "look_back"
        else each
        for each in found.features
    )
    return found.model_copy(update={"features": features})


def _contract(dataset: str) -> Contract:
    if dataset not in CONTRACTS:
        raise ValueError(f"there is no dataset {dataset}. {nearest(dataset, CONTRACTS)}")
    return CONTRACTS[dataset]
