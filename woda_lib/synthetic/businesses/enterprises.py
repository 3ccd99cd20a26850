"""Which enterprises there are: who each tenant is, and the companies that rent nothing."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.businesses.lives import BIRTHS_A_YEAR, YEARS_OF_HISTORY, alive_on, begins
from woda_lib.synthetic.businesses.lives import born_between as born_in
from woda_lib.synthetic.businesses.sectors import NO_PREMISES, SECTORS
from woda_lib.synthetic.businesses.tenancies import kinds_of_tenants
from woda_lib.synthetic.draws import add_days, as_days, weighted
from woda_lib.synthetic.profiles import Profile

COMPANIES_A_THOUSAND: Final = 65  # residents; that live at some time of the history
FAR_OFF: Final = np.datetime64("2100-01-01", "D")

_BRANCHES = 3.4  # of a firm that has several
_NATIONAL = 0.45  # of such firms: their head office is elsewhere
_PARTNERSHIPS = 0.22  # of those who trade without a company
_CHARITIES = 0.02  # of companies without premises, and
_CHARITY_SHOPS = 0.08  # of firms with several shops
_PHOENIX_WITHIN, _PHOENIX = 75, 0.40  # days, and of companies that follow a company so soon
_GROUPS, _MEMBERS = 0.022, (1, 2, 3, 4)  # heads among companies, and how many belong to each
_DORMANT = 0.09  # of companies without premises
_BEFORE_ITS_FIRST_DOOR, _AFTER_ITS_LAST = 120.0, 110.0  # days
_YEARS_OF_A_FIRM = 6.0


def draw_enterprises(
    profile: Profile, tenancies: pd.DataFrame, rng: Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    """Draw the enterprises of the county.

    Parameters
    ----------
    tenancies
        From `woda_lib.synthetic.businesses.tenancies.draw_tenancies`.

    Returns
    -------
    enterprises : pandas.DataFrame
        ``kind`` (company, group_member, branch_firm, sole_trader, partnership, phoenix, charity,
        public), ``legal_form`` (company, partnership, sole_trader, charity, public), ``sector``
        (position in `SECTORS`), ``born, died`` (days; far off for whoever lives), ``group`` (number
        of its group, -1 for none) and ``is_head``, ``predecessor`` (of a phoenix: the position of
        the company that it follows, else -1), ``dormant`` and ``national``.
    tenant : numpy.ndarray
        Of each tenancy, the position of its enterprise.
    """
    kind = kinds_of_tenants(tenancies, rng)
    tenant, firms = _firms(tenancies, kind, rng)
    starts, ends = (as_days(tenancies[name]) for name in ("starts", "ends"))
    alone = np.flatnonzero(kind != "branch")
    tenant[alone] = len(firms) + np.arange(len(alone))
    of = tenancies.iloc[alone]
    own = pd.DataFrame(
        {
            "kind": pd.Series(kind[alone]).replace({"trader": "sole_trader"}).to_numpy(),
            "sector": _sectors(of["use"].to_numpy(dtype=object), rng),
            "born": starts[alone],
            "died": ends[alone],
        }
    )
    shared = own["kind"].eq("sole_trader") & (rng.random(len(own)) < _PARTNERSHIPS)
    own.loc[shared, "kind"] = "partnership"
    _as_companies(own, rng)
    without = _without_premises(profile, int(own["kind"].eq("company").sum()) + len(firms), rng)
    firms["dormant"] = own["dormant"] = own["national"] = False
    table = pd.concat([firms, own, without], ignore_index=True)
    table["died"] = np.minimum(as_days(table["died"]), FAR_OFF)
    table["predecessor"] = -1
    _rise_again(table, tenancies, tenant, rng)
    _group(table, len(table) - len(without), rng)
    forms = {"sole_trader": "sole_trader", "partnership": "partnership", "public": "public"}
    table["legal_form"] = table["kind"].map(forms).fillna("company")
    table.loc[table["kind"].eq("charity"), "legal_form"] = "charity"
    return table, tenant


def _sectors(uses: np.ndarray, rng: Generator) -> np.ndarray:
    """Draw an industry for each use of premises."""
    out = np.empty(len(uses), dtype=np.int64)
    of = np.array([sector.use for sector in SECTORS])
    weights = np.array([sector.weight for sector in SECTORS])
    for use in np.unique(uses):
        pool, rows = np.flatnonzero(of == use), np.flatnonzero(uses == use)
        out[rows] = pool[weighted(rng, len(rows), weights[pool])]
    return out


def _firms(
    tenancies: pd.DataFrame, kind: np.ndarray, rng: Generator
) -> tuple[np.ndarray, pd.DataFrame]:
    """Gather branches of one use into firms."""
    tenant = np.full(len(tenancies), -1)
    branches = np.flatnonzero(kind == "branch")
    use = tenancies["use"].to_numpy(dtype=object)[branches]
    _, of, counts = np.unique(use.astype(str), return_inverse=True, return_counts=True)
    firms = np.maximum(1, (counts / _BRANCHES).astype(np.int64))
    number = np.cumsum(firms)[of] - firms[of] + rng.integers(0, firms[of])
    _, tenant[branches] = np.unique(number, return_inverse=True)
    spans = tenancies.iloc[branches].groupby(tenant[branches])
    first = spans["starts"].min().to_numpy().astype("datetime64[D]")
    last = spans["ends"].max().to_numpy().astype("datetime64[D]")
    n = len(first)
    table = pd.DataFrame(
        {
            "kind": "branch_firm",
            "sector": _sectors(spans["use"].first().to_numpy(dtype=object), rng),
            "born": add_days(first, -np.floor(rng.exponential(365 * _YEARS_OF_A_FIRM, n))),
            "died": add_days(last, 30 + np.floor(rng.exponential(_AFTER_ITS_LAST, n))),
            "national": rng.random(n) < _NATIONAL,
        }
    )
    table.loc[table["national"], "died"] = FAR_OFF
    shops = np.array([SECTORS[at].use == "shop" for at in table["sector"]])
    table.loc[shops & (rng.random(n) < _CHARITY_SHOPS), "kind"] = "charity"
    return tenant, table


def _as_companies(own: pd.DataFrame, rng: Generator) -> None:
    """A company is registered before it opens a door, and struck off after it closed the last."""
    rows = np.flatnonzero(own["kind"].eq("company"))
    for name, sign, mean in (
        ("born", -1, _BEFORE_ITS_FIRST_DOOR),
        ("died", 1, _AFTER_ITS_LAST),
    ):
        moved = sign * (20 + np.floor(rng.exponential(mean, len(rows))))
        days = as_days(own[name]).copy()
        days[rows] = add_days(days[rows], moved)
        own[name] = np.minimum(days, FAR_OFF)


def _without_premises(profile: Profile, others: int, rng: Generator) -> pd.DataFrame:
    wanted = max(20, int(COMPANIES_A_THOUSAND * profile.residents / 1_000) - others)
    first = begins(profile.as_of)
    stock = int(wanted / (1 + BIRTHS_A_YEAR * YEARS_OF_HISTORY))
    there = alive_on(first, stock, rng)
    new = born_in(first, profile.as_of, wanted - stock, rng)
    table = pd.DataFrame(
        {name: np.concatenate([there[i], new[i]]) for i, name in enumerate(("born", "died"))}
    )
    table["kind"] = np.where(rng.random(wanted) < _CHARITIES, "charity", "company").astype(object)
    table["sector"] = _sectors(np.full(wanted, NO_PREMISES, dtype=object), rng)
    social = next(i for i, sector in enumerate(SECTORS) if sector.sic == "88990")
    table.loc[table["kind"].eq("charity"), "sector"] = social
    table["dormant"] = table["kind"].eq("company") & (rng.random(wanted) < _DORMANT)
    return table.assign(national=False)


def _rise_again(
    table: pd.DataFrame, tenancies: pd.DataFrame, tenant: np.ndarray, rng: Generator
) -> None:
    """Let some companies that soon follow a company be the same people under another number."""
    company = table["kind"].eq("company").to_numpy()[tenant]
    follows = tenancies["gap"].between(0, _PHOENIX_WITHIN).to_numpy()
    follows &= company & np.roll(company, 1)
    rows = np.flatnonzero(follows & (rng.random(len(tenancies)) < _PHOENIX))
    new, old = tenant[rows], tenant[rows - 1]
    table.loc[new, "kind"] = "phoenix"
    table.loc[new, "predecessor"] = old
    table.loc[new, "sector"] = _inherited(table, new, old)
    opened = as_days(tenancies["starts"])[rows]
    table.loc[new, "born"] = add_days(opened, -rng.integers(5, 60, len(rows)))


def _inherited(table: pd.DataFrame, new: np.ndarray, old: np.ndarray) -> np.ndarray:
    """The industry of each phoenix: that of the first of its line."""
    sector = table["sector"].to_numpy(copy=True)
    before = dict(zip(new, old, strict=True))
    first = old.copy()
    while (again := np.isin(first, new)).any():
        first[again] = [before[at] for at in first[again]]
    return sector[first]


def _group(table: pd.DataFrame, first_without: int, rng: Generator) -> None:
    """Put some companies without premises under heads, with which they share a name."""
    table["group"], table["is_head"] = -1, False
    companies = table["kind"].isin(["company", "branch_firm"]).to_numpy() & ~table["national"]
    heads = np.flatnonzero(companies & (rng.random(len(table)) < _GROUPS))
    sizes = rng.choice(_MEMBERS, len(heads))
    free = first_without + np.flatnonzero(table["kind"].iloc[first_without:].eq("company"))
    free = np.setdiff1d(free, heads)
    members = rng.permutation(free)[: int(sizes.sum())]
    group = np.repeat(np.arange(len(heads)), sizes)[: len(members)]
    table.loc[members, "group"] = group
    table.loc[members, "kind"] = "group_member"
    heads = heads[np.unique(group)]
    table.loc[heads, "group"] = np.unique(group)
    table.loc[heads, "is_head"] = True
