"""The build's tables and the partners' rows put together, as planning counts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from woda_lib.notebook import Run
from woda_lib.pilots.single_view.planning.doubt import readings
from woda_lib.pilots.single_view.planning.errors import PlanningError
from woda_lib.pilots.single_view.planning.facts import facts_of, free_meals_of, of_people
from woda_lib.pilots.single_view.planning.families import (
    families,
    households_on,
    members_on,
    with_facts,
)
from woda_lib.pilots.single_view.planning.fire import VISITS, last_visits, properties_at_risk
from woda_lib.pilots.single_view.planning.schema import Schema, read_headings

DATASETS = (
    "community_care",
    "care_services",
    "council_tax_accounts",
    "benefit_claims",
    "school_census",
    "tenancy_members",
    "police_contacts",
    VISITS,
    "support_clients",
)
"""Whose rows raise headings, show help, or say that a service knows somebody."""

TABLES = ("records", "doubts", "persons", "households", "members", "properties", "places")
"""What the build saved and planning reads."""


def schema_of(run: Run) -> Schema:
    """Return the early-help schema, which becomes an input of the run."""
    path = run.parameters_folder / "single_view" / "headings.yaml"
    run.record_input(path, path.name)
    return read_headings(path)


@dataclass(frozen=True)
class View:
    """Everything that is counted, on one day.

    Attributes
    ----------
    tables
        The build's, by the names of `TABLES`.
    loaded
        Partners' rows, by the names of `DATASETS`.
    schema
    as_of
    look_back_months
        How long what is over counts.
    """

    tables: Mapping[str, pd.DataFrame]
    loaded: Mapping[str, pd.DataFrame]
    schema: Schema
    as_of: date
    look_back_months: int

    def __post_init__(self) -> None:
        if "age_band" not in self.tables["persons"]:
            raise PlanningError(
                "The build saved persons without age_band, and planning is shown no birth date. "
                "Run 1_build again: it saves the band of each age."
            )

    @cached_property
    def members(self) -> pd.DataFrame:
        """Who belongs to which household; see `families.members_on`."""
        return members_on(self.tables["members"], self.tables["persons"], self.as_of)

    @cached_property
    def plain(self) -> pd.DataFrame:
        """The households of the day; see `families.households_on`."""
        return households_on(
            self.tables["households"], self.members, self.tables["properties"], self.as_of
        )

    @cached_property
    def facts(self) -> pd.DataFrame:
        """What partners' rows say, by their own numbers; see `facts.facts_of`."""
        found = facts_of(
            self.loaded, self.schema, as_of=self.as_of, look_back_months=self.look_back_months
        )
        meals = free_meals_of(self.loaded, as_of=self.as_of)
        return pd.concat([found, meals], ignore_index=True)

    @cached_property
    def households(self) -> pd.DataFrame:
        """Households with needs, services and help, as the build linked them."""
        return self.households_of(self.tables["records"])

    @property
    def families(self) -> pd.DataFrame:
        """Those of `households` with a child under 16."""
        return families(self.households)

    def households_of(self, records: pd.DataFrame) -> pd.DataFrame:
        """Return households with what is known of them by some reading of who is who."""
        known = of_people(self.facts, records, self.tables["persons"])
        return with_facts(self.plain, self.members, known, self.schema)

    def readings(self, *, sure: float, least: float, least_needs: int) -> pd.DataFrame:
        """Count families with doubtful links as they are, left out and taken in."""
        return readings(
            self.tables["records"],
            self.tables["doubts"],
            lambda records: families(self.households_of(records)),
            sure=sure,
            least=least,
            least_needs=least_needs,
        )

    def homes(self, visit_months: int) -> pd.DataFrame:
        """Return homes with what puts them at risk of fire; see `fire.properties_at_risk`."""
        visits = last_visits(self.loaded[VISITS], self.tables["places"], self.as_of)
        return properties_at_risk(
            self.tables["properties"],
            self.plain,
            self.members,
            visits,
            as_of=self.as_of,
            visit_months=visit_months,
        )
