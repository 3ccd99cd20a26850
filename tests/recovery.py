"""The whole chain on one made-up county: files, contracts, linkage, clocks, evaluation, truth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from woda_lib import evaluation
from woda_lib.linkage import LinkageResult, LinkageSpec
from woda_lib.partners import as_of, load_agreement, synthetic_marker
from woda_lib.partners.loading import load
from woda_lib.pilots import patient_flow
from woda_lib.synthetic import make_extracts

PARAMETERS = Path(__file__).parents[1] / "parameters"
GO_LIVE = "2023-10-01"
HORIZON = 90
TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Recovery:
    """What one county's answer was, and what it should have been."""

    seed: int
    estimate: float
    low: float
    high: float
    planted: float
    precision: float
    recall: float

    @property
    def error(self) -> float:
        return self.estimate - self.planted

    @property
    def covers(self) -> bool:
        return self.low <= self.planted <= self.high


@dataclass(frozen=True)
class County:
    """A made-up county as a notebook meets it: its folder, its truth, its loader."""

    extracts: Path
    truth: Path

    @classmethod
    def made(cls, folder: Path, *, seed: int, profile: str = "quick") -> County:
        extracts = make_extracts(folder / "extracts", folder / "truth", profile=profile, seed=seed)
        marker = synthetic_marker(extracts)
        assert marker is not None
        return cls(extracts, folder / "truth" / marker.truth)

    def load(self, dataset: str) -> pd.DataFrame:
        agreement = load_agreement("patient_flow", PARAMETERS / "agreements")
        return load(
            dataset, extracts=self.extracts, agreement=agreement, purpose="linkage", today=TODAY
        ).frame


People = tuple[pd.DataFrame, pd.DataFrame, LinkageResult, pd.DataFrame]


def linked(county: County, stays: pd.DataFrame) -> People:
    """Patients, clients, their linkage and the truth about them."""
    patients = patient_flow.patients(stays)
    clients = patient_flow.clients(county.load("social_care_clients"))
    truth = pd.read_parquet(county.truth / "people.parquet")
    spec = LinkageSpec.from_yaml(PARAMETERS / "linkage" / "people.yaml")
    return patients, clients, patient_flow.link_people(patients, clients, spec, truth=truth), truth


def recover(county: County, *, seed: int) -> Recovery:
    """Evaluate a county, drawn from that seed, as the notebooks do."""
    stays, referrals = county.load("hospital_spells"), county.load("social_care_referrals")
    patients, clients, linkage, _ = linked(county, stays)
    shares = patient_flow.linkage_shares(linkage).set_index("measure")["percent"]
    matched = patient_flow.match_referrals_to_spells(
        referrals,
        stays,
        patient_flow.person_links(linkage, patients, clients),
        window_before_days=3,
        window_after_days=2,
    )
    newest = pd.Timestamp(as_of(county.extracts))
    clocks = patient_flow.discharge_clock(
        matched, stays, county.load("discharge_events"), as_of=newest
    )
    months = evaluation.monthly_restricted_mean(
        clocks,
        started_on="started_on",
        duration="days",
        observed="observed",
        horizon=HORIZON,
        as_of=newest,
        by=["hospital"],
    )
    saved = -evaluation.interrupted_time_series(
        months.pivot(index="month", columns="hospital", values="restricted_mean").reset_index(),
        outcome="worcestershire_acute",
        control="severnside_acute",
        time="month",
        start=GO_LIVE,
    ).interval
    planted = json.loads((county.truth / "effect.json").read_text())["days_saved"]
    return Recovery(
        seed, saved.estimate, saved.low, saved.high, planted, shares["precision"], shares["recall"]
    )
