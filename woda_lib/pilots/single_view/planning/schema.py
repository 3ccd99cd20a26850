"""The early-help schema, ``parameters/single_view/headings.yaml``, checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from woda_lib.partners.datasets import CONTRACTS
from woda_lib.pilots.single_view.ages import BANDS
from woda_lib.pilots.single_view.planning.errors import PlanningError
from woda_lib.records.named_files import read_named


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Part):
    """Which rows of a dataset count.

    Attributes
    ----------
    dataset
    where
        To each field the values of which one must stand in it; every row, if left out.
    ages
        Age bands of the persons whom it asks of; everybody, if left out.
    because
        Why it counts, for people.
    """

    dataset: str
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    ages: tuple[str, ...] = ()
    because: str = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.dataset not in CONTRACTS:
            raise ValueError(f"there is no dataset {self.dataset}")
        columns = CONTRACTS[self.dataset].columns
        for field, values in self.where.items():
            if field not in columns:
                raise ValueError(f"{self.dataset} has no field {field}")
            if unknown := set(values) - set(columns[field].codes or values):
                raise ValueError(f"{self.dataset}.{field} has no code {', '.join(sorted(unknown))}")
        if unknown := set(self.ages) - set(BANDS):
            raise ValueError(f"there is no age band {', '.join(sorted(unknown))}")
        return self


class Need(_Part):
    """A heading, its published title, and the rules any of which raises it."""

    heading: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: str
    raised_by: tuple[Rule, ...] = Field(min_length=1)


class Schema(_Part):
    """What raises which heading, what counts as help, and who knows a household.

    Attributes
    ----------
    headings
        The file's name.
    of_a_day
        Datasets whose rows are of one day.
    needs
        In the framework's order.
    help
        By kind of help the rules any of which shows that it is there.
    known_by
        A rule a service.
    """

    headings: str
    of_a_day: tuple[str, ...] = ()
    needs: tuple[Need, ...] = Field(min_length=1)
    help: dict[str, tuple[Rule, ...]]
    known_by: tuple[Rule, ...]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        named = [need.heading for need in self.needs]
        if len(set(named)) < len(named):
            raise ValueError("needs: a heading stands twice")
        if set(self.help) != {"early_help", "social_care"}:
            raise ValueError("help: it must hold early_help and social_care, and nothing else")
        return self

    @property
    def titles(self) -> dict[str, str]:
        """To each heading its published title."""
        return {need.heading: need.title for need in self.needs}

    def groups(self) -> Iterator[tuple[str, str, Rule]]:
        """Every rule with what it is for (need, help, service) and the name of that."""
        for need in self.needs:
            for rule in need.raised_by:
                yield "need", need.heading, rule
        for kind, rules in self.help.items():
            for rule in rules:
                yield "help", kind, rule
        for rule in self.known_by:
            yield "service", rule.because, rule


def read_headings(path: Path) -> Schema:
    """Read and check the schema.

    Raises
    ------
    PlanningError
        If the file is not there, or a key is missing, unknown or of the wrong form; names the key.
    """
    return read_named(
        path, Schema, key="headings", shown=path.name, absent=path.name, error=PlanningError
    )
