"""Basic company data: every month a whole snapshot of the companies that live on its last day."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.partners import CONTRACTS
from woda_lib.synthetic.businesses.sectors import DORMANT, SECTORS
from woda_lib.synthetic.businesses.writing import numbered, parts
from woda_lib.synthetic.deliveries import Delivery
from woda_lib.synthetic.draws import as_days, left_out, take, weighted
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile

DATASET: Final = "companies"
# What the register's numbers had come to by the first day of some years.
_NUMBERED = ((1970, 969_000), (1980, 1_471_000), (1990, 2_456_000), (2000, 3_899_000),
             (2005, 5_323_000), (2010, 7_113_000), (2015, 9_369_000), (2020, 12_385_000),
             (2023, 14_560_000), (2026, 16_940_000))  # fmt: skip
_PRIVATE = "Private Limited Company"
_CATEGORIES = {
    "LLP": "Limited Liability Partnership",
    "charity": "PRI/LTD BY GUAR/NSC (Private, limited by guarantee, no share capital)",
}
_ACCOUNTS, _ACCOUNT_SHARES = (
    ("TOTAL EXEMPTION FULL", "MICRO ENTITY", "UNAUDITED ABRIDGED", "FULL", "SMALL", "GROUP"),
    (0.52, 0.36, 0.05, 0.03, 0.03, 0.01),
)
_STRIKE_OFF, _LIQUIDATION = 100, 400  # days before the end
_LIQUIDATED = 0.14
_URI = "http://business.data.gov.uk/id/company/"
_COUNTRIES, _COUNTRY_SHARES = ("ENGLAND", "UNITED KINGDOM", ""), (0.55, 0.25, 0.20)
_SECOND_SIC = 0.16


def company_numbers(enterprises: pd.DataFrame, llp: np.ndarray) -> np.ndarray:
    """Number companies as they are registered: eight characters, the older ones from 0 on."""
    born = as_days(enterprises["born"])
    year = 1970 + (born - np.datetime64("1970-01-01", "D")).astype(np.int64) / 365.25
    reached = np.interp(year, [at for at, _ in _NUMBERED], [count for _, count in _NUMBERED])
    order = np.argsort(reached, kind="stable")
    number = np.empty(len(born), dtype=np.int64)
    number[order] = reached[order].astype(np.int64) + np.arange(len(born))
    text = pd.Series(number.astype(str), dtype=object).str.zfill(8)
    return text.mask(llp, "OC3" + text.str[-5:]).to_numpy(dtype=object)


def deliver_companies(
    profile: Profile, companies: pd.DataFrame, offices: pd.DataFrame, rng: Generator
) -> Delivery:
    """Deliver the snapshots.

    Parameters
    ----------
    companies
        Those of enterprises that are registered, with their names: ``company_number, name,
        previous_1 … previous_2_until, sector, born, died, kind, dormant``.
    offices
        Of each company, where its registered office is.
    """
    labels = np.array(profile.shared.labels, dtype="datetime64[M]")
    days = (labels + 1).astype("datetime64[D]") - 1
    born, died = (as_days(companies[name]) for name in ("born", "died"))
    month, at = np.nonzero((born <= days[:, None]) & (died > days[:, None]))
    order = np.lexsort((companies["company_number"].to_numpy()[at].astype(str), month))
    month, at = month[order], at[order]
    day = days[month]
    fixed = _fixed(companies, offices, rng)
    columns: dict[str, np.ndarray] = {
        name: fixed[name].to_numpy(dtype=object)[at] for name in fixed.columns
    }
    columns |= _names(companies, at, day)
    columns["status"] = _status(died[at], day, rng.random(len(companies))[at])
    columns |= _dates(born[at], day, fixed["accounts_reference_month"].to_numpy()[at])
    rows = pd.DataFrame({name: columns.get(name) for name in CONTRACTS[DATASET].columns})
    return Delivery(DATASET, rows, month, profile.shared)


def _fixed(companies: pd.DataFrame, offices: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Return what stays the same from snapshot to snapshot."""
    n = len(companies)
    llp = companies["name"].str.endswith(" LLP").to_numpy()
    category = np.where(llp, _CATEGORIES["LLP"], _PRIVATE)
    category = np.where(companies["kind"].eq("charity"), _CATEGORIES["charity"], category)
    text = np.array([f"{sector.sic} - {sector.text}" for sector in SECTORS], dtype=object)
    sector = companies["sector"].to_numpy()
    dormant = companies["dormant"].to_numpy(dtype=bool)
    sic = np.where(dormant, " - ".join(DORMANT), text[sector])
    second = _second(text, n, rng)
    accounts = take(_ACCOUNTS, weighted(rng, n, _ACCOUNT_SHARES))
    charges = rng.poisson(0.25, n) * (rng.random(n) < 0.5)
    satisfied = rng.binomial(charges, 0.5)
    month = np.where(rng.random(n) < 0.35, 3, rng.integers(1, 13, n))
    ends = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[month]
    whole = {
        "company_number": companies["company_number"].to_numpy(),
        "category": category,
        "country_of_origin": "United Kingdom",
        "incorporated_on": companies["born"].to_numpy(),
        "accounts_reference_day": ends,
        "accounts_reference_month": month,
        "accounts_category": np.where(dormant, "DORMANT", accounts),
        "mortgage_charges": charges,
        "mortgages_outstanding": charges - satisfied,
        "mortgages_part_satisfied": 0,
        "mortgages_satisfied": satisfied,
        "sic_1": sic,
        "sic_2": left_out(second, dormant),
        "general_partners": 0,
        "limited_partners": 0,
        "uri": _URI + companies["company_number"].to_numpy(dtype=object),
    }
    return pd.DataFrame(whole).join(_addresses(offices, rng))


def _second(texts: np.ndarray, n: int, rng: Generator) -> np.ndarray:
    """Draw a second industry for some companies."""
    none = rng.random(n) >= _SECOND_SIC
    return left_out(texts[rng.integers(len(texts), size=n)], none)


def _addresses(offices: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Write registered offices in capitals, over the lines of the form."""
    n = len(offices)
    said = parts(offices, rng)
    premises, street = said["premises"].to_numpy(), said["street"].to_numpy()
    joined = numbered(premises) | (premises == "")
    first = np.where(joined, np.where(premises == "", street, premises + " " + street), premises)
    second = np.where(joined, said["locality"], street)
    near = offices["district"].notna().to_numpy()
    county = np.where(near & (rng.random(n) < 0.55), "WORCESTERSHIRE", "")
    lines = {
        "address_line_1": first,
        "address_line_2": second,
        "post_town": offices["town"].to_numpy(),
        "county": county,
        "country": take(_COUNTRIES, weighted(rng, n, _COUNTRY_SHARES)),
    }
    table = pd.DataFrame(lines).apply(lambda column: column.str.upper())
    return table.replace("", None).assign(postcode=said["postcode"])


def _names(companies: pd.DataFrame, at: np.ndarray, day: np.ndarray) -> dict[str, np.ndarray]:
    """The name on each day, and the former names by then, the newest first."""
    until = [
        companies[f"previous_{n}_until"].to_numpy().astype("datetime64[D]")[at] for n in (1, 2)
    ]
    former = [companies[f"previous_{n}"].to_numpy(dtype=object)[at] for n in (1, 2)]
    yet = until[0] > day  # NaT is no later day
    name = np.where(yet, former[0], companies["name"].to_numpy(dtype=object)[at])
    firsts = np.where(yet, former[1], former[0])
    seconds = np.where(yet, "", former[1])
    none = NOT_A_DAY
    return {
        "company_name": name,
        "previous_name_1": left_out(firsts, firsts == ""),
        "previous_name_1_until": np.where(yet, until[1], until[0]),
        "previous_name_2": left_out(seconds, seconds == ""),
        "previous_name_2_until": np.where(yet, none, until[1]),
    }


def _status(died: np.ndarray, day: np.ndarray, chance: np.ndarray) -> np.ndarray:
    left = (died - day).astype(np.int64)
    failing = (chance < _LIQUIDATED) & (left < _LIQUIDATION)
    status = np.where(left < _STRIKE_OFF, "Active - Proposal to Strike off", "Active")
    return np.where(failing, "Liquidation", status).astype(object)


def _dates(born: np.ndarray, day: np.ndarray, month: np.ndarray) -> dict[str, np.ndarray]:
    """When accounts and statements were last made up, and when the next are due."""
    now = day.astype("datetime64[M]")
    year = now.astype("datetime64[Y]")
    end = year.astype("datetime64[M]") + (month.astype(np.int64) - 1)
    # Accounts are filed within nine months of the year that they are of.
    last = np.where(end + 6 > now, end - 12, end)
    first = born.astype("datetime64[M]") + 11
    made_up = np.where(last >= first, _last_of(last), NOT_A_DAY)
    due = np.where(
        np.isnat(made_up), _last_of(born.astype("datetime64[M]") + 21), _last_of(last + 21)
    )
    in_year = (now - born.astype("datetime64[M]")).astype(np.int64) // 12
    stated_month = born.astype("datetime64[M]") + 12 * in_year
    stated = np.where(in_year > 0, _last_of(stated_month - 1), NOT_A_DAY)
    return {
        "accounts_made_up_on": made_up,
        "accounts_due_on": due,
        "statement_made_up_on": stated,
        "statement_due_on": _last_of(stated_month + 11) + 14,
    }


def _last_of(months: np.ndarray) -> np.ndarray:
    """The last day of each month."""
    out: np.ndarray = (months.astype("datetime64[M]") + 1).astype("datetime64[D]") - 1
    return out
