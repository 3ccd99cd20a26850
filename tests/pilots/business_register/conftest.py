"""A register of a made-up county in the tables of step 1, with its truth."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from woda_lib.pilots.business_register import growth

AS_OF = pd.Timestamp("2025-03-31")
FIRST_SNAPSHOT = pd.Timestamp("2024-03-31")
HISTORY_FROM = pd.Timestamp("2019-04-01")
YEARS = range(2019, 2026)
DISTRICTS = ["Bromsgrove", "Malvern Hills", "Redditch", "Worcester", "Wychavon", "Wyre Forest"]


class Register(NamedTuple):
    """The tables of step 1, and what is true."""

    enterprises: pd.DataFrame
    sites: pd.DataFrame
    members: pd.DataFrame
    workforce: pd.DataFrame
    truth: pd.DataFrame
    true_workforce: pd.DataFrame


@pytest.fixture(scope="session")
def register() -> Register:
    return made_register(20250310)


def made_register(seed: int, *, growers_share: float = 0.5) -> Register:
    """Draw a county, half of whose enterprises share their workforce; of fast growers, more."""
    rng = np.random.default_rng(seed)
    n = 16_000
    born = pd.Timestamp("1999-04-01") + pd.to_timedelta(rng.integers(0, 9_496, n), unit="D")
    ended = born + pd.to_timedelta((rng.weibull(0.9, n) * 3_200).astype(int) + 1, unit="D")
    company = rng.random(n) < 0.75
    truth = pd.DataFrame(
        {
            "enterprise_id": [f"true-{number:05d}" for number in range(n)],
            "legal_form": np.where(company, "company", "sole_trader"),
            "company_number": np.where(company, "01234567", None),
            "born_on": born,
            "died_on": pd.Series(ended).where(ended <= AS_OF),
            "section": rng.choice(list("CFGIM"), n, p=[0.1, 0.2, 0.3, 0.2, 0.2]),
            "district": rng.choice(DISTRICTS, n),
        }
    )
    fast = rng.random(n) < 0.08
    true_workforce = _workforce(truth, fast, rng)
    # A company is held if it lives on some snapshot's day, an account if it did since the history.
    since = np.where(company, FIRST_SNAPSHOT, HISTORY_FROM)
    held = truth[~(truth["died_on"] <= since)].reset_index(drop=True)
    vanished = held["died_on"].notna() & held["legal_form"].eq("company")
    month_end = held["died_on"] + pd.offsets.MonthEnd(0)
    enterprises = held[["enterprise_id", "legal_form", "born_on", "section"]].assign(
        died_on=held["died_on"].mask(vanished), died_before=month_end.where(vanished)
    )
    sites = pd.DataFrame(
        {
            "site_id": "s" + held["enterprise_id"],
            "enterprise_id": held["enterprise_id"],
            "kind": np.where(held["legal_form"] == "company", "registered_office", "premises"),
            "uprn": np.arange(len(held)).astype(str),
            "district": held["district"],
            "rateable_value": pd.array(rng.integers(2_000, 80_000, len(held)), dtype="Int64"),
            "started_on": held["born_on"],
        }
    )
    source = held["legal_form"].map({"company": "companies", "sole_trader": "business_rates"})
    members = pd.DataFrame({"source": source, "enterprise_id": held["enterprise_id"]})
    grows = held["enterprise_id"].isin(truth.loc[fast, "enterprise_id"])
    shares = held.loc[rng.random(len(held)) < np.where(grows, growers_share, 0.5), "enterprise_id"]
    shared = _shared(shares, true_workforce, rng)
    return Register(enterprises, sites, members, shared, truth, true_workforce)


def _workforce(truth: pd.DataFrame, fast: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    size = np.maximum(np.exp(rng.normal(1.6, 1.1, len(truth))), 1)
    growth = np.where(fast, 1.32, 1.01) * np.exp(rng.normal(0, 0.04, len(truth)))
    rows = []
    for year in YEARS:
        day = pd.Timestamp(year, 3, 31)
        lives = (truth["born_on"] <= day) & ~(truth["died_on"] <= day)
        people = np.rint(size * growth ** (year - 2019))
        table = pd.DataFrame({"enterprise_id": truth["enterprise_id"], "year": year})
        table["employees"] = people.astype(int)
        table["turnover"] = (80 * people).astype(int)
        rows.append(table[lives])
    return pd.concat(rows, ignore_index=True)


def _shared(
    shares: pd.Series, true_workforce: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    rows = true_workforce[true_workforce["enterprise_id"].isin(shares)]
    rows = rows[rng.random(len(rows)) < 0.9].reset_index(drop=True)
    as_band = rng.random(len(rows)) < 0.3
    edges = [-1, 0, 9, 19, 49, 249, np.inf]
    labels = ["0", "1-9", "10-19", "20-49", "50-249", "250+"]
    band = pd.cut(rows["employees"], edges, labels=labels).astype("string")
    return rows.assign(
        employees=rows["employees"].astype("Int64").mask(as_band),
        employees_band=band.where(as_band),
        turnover=rows["turnover"].astype("Int64"),
        turnover_band=pd.Series(pd.NA, index=rows.index, dtype="string"),
    )


def marked(register: Register) -> pd.DataFrame:
    """Lay what the notebook's calls find beside what is true, by measure."""
    known = growth.lives(
        register.enterprises,
        register.sites,
        register.members,
        as_of=AS_OF,
        first_snapshot=FIRST_SNAPSHOT,
        history_from=HISTORY_FROM,
        mass_registration=20,
    )
    _, curve, naive = growth.naive_and_right(known, as_of=AS_OF)
    companies = known[known["seen_by"] == "companies"]
    rule = growth.Rule()
    found = growth.over_spans(register.workforce, known, rule, last=YEARS[-1])
    measures = growth.Measures(
        growth.growing(found),
        growth.near_share(found),
        growth.rates_of_a_year(known, YEARS[-1]),
        growth.survival_of_both(known, as_of=AS_OF),
        naive,
        growth.births_by_year(companies, curve, range(2020, 2026), as_of=AS_OF),
    )
    return growth.marked(
        growth.true_lives(register.truth, as_of=AS_OF),
        register.true_workforce,
        rule,
        measures,
        as_of=AS_OF,
        history_from=HISTORY_FROM,
        last=YEARS[-1],
        rates_of=YEARS[-1],
    ).set_index("measure")
