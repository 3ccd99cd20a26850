"""The register of enterprises: what each is called, what it is, and when it began and ended."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.business_register import trades
from woda_lib.pilots.business_register.names import legal_form, standard_name
from woda_lib.pilots.business_register.sources import company_number

ENTERPRISES = [
    "enterprise_id",
    "name",
    "legal_form",
    "company_number",
    "status",
    "born_on",
    "died_on",
    "died_before",
    "sic",
    "section",
    "sites",
    "group_name",
    "confidence",
]
_BY_CATEGORY = {
    "partnership": r"partnership|\bllp\b",
    "charity": r"charit",
    "public": r"public corporation|government",
}
_RANK = {"companies": 0, "business_rates": 1, "workforce": 2, "food_hygiene": 3}
"""Whose word on the name counts first: the register's, then whoever sends bills."""
_OF_A_GROUP = r"\b(?:group|holdings?)\b"


def with_last_snapshot(companies: pd.DataFrame) -> pd.DataFrame:
    """Say by when each company had gone from the register: `died_before` and `died_on`.

    Each delivery of the register is of all live companies. One that is in no later delivery died
    before the next; the day is given where the register said it.

    Parameters
    ----------
    companies
        `dissolved_on` and `last_delivered_on`, the day of the last delivery that held a company.
    """
    days = companies["last_delivered_on"]
    deliveries = pd.Series(days.dropna().unique()).sort_values(ignore_index=True)
    following = pd.Series(deliveries.shift(-1).to_numpy(), index=deliveries.to_numpy())
    before = days.map(following).astype("datetime64[ns]")
    return companies.assign(died_before=before, died_on=companies["dissolved_on"].fillna(before))


def enterprises(
    members: pd.DataFrame, loaded: dict[str, pd.DataFrame], names: pd.DataFrame
) -> pd.DataFrame:
    """Return a row an enterprise: `ENTERPRISES` but for `sites`.

    Parameters
    ----------
    members
        `source, record_id, enterprise_id, confidence`.
    loaded
        The datasets by name; companies from `with_last_snapshot`.
    names
        From `sources.written_names`.

    Returns
    -------
    DataFrame
        Ordered by `enterprise_id`. `died_on` is the register's day, or the end of the last rates
        account where no company, no inspection and no other account goes on; `confidence` is that
        of its least sure record.
    """
    whole = members.groupby("enterprise_id", sort=True)
    table = pd.DataFrame({"confidence": whole["confidence"].min()})
    company = _companies(members, loaded["companies"])
    accounts = _spans(members, loaded)
    table = table.join(company).join(accounts)
    written = _written(members, names)
    table["name"] = written["written"]
    form = table["form"].fillna(legal_form(written["written"])).fillna("other")
    registered = table["company_number"].notna()
    closed = ~registered & table["accounts_ended"].notna()
    told = table[["company_number", "died_before", "sic", "confidence", "name"]].assign(
        legal_form=form,
        status=_status(table, closed),
        born_on=table["incorporated_on"].fillna(table["accounts_began"]),
        died_on=table["dissolved_on"].where(~closed, table["accounts_ended"]),
        section=table["section"].fillna(table["trade_section"]),
        group_name=group_names(table),
    )
    texts = ["name", "legal_form", "company_number", "status", "sic", "section", "group_name"]
    told = told.reset_index().astype(dict.fromkeys(["enterprise_id", *texts], "string"))
    return told[[name for name in ENTERPRISES if name != "sites"]]


def group_names(table: pd.DataFrame) -> pd.Series:
    """Return the name of the group of each company, where its register tells.

    Companies are of one group where they begin with the same two words and are registered at one
    address, and one of them calls itself a group or a holding.

    Parameters
    ----------
    table
        `name` (as written) and `office` (where it is registered), missing for what is no company.
    """
    called = table["name"].fillna("").astype("string")
    words = called.map(standard_name).astype("string").str.split()
    stem = words.str[:2].str.join(" ").where(words.str.len() >= 2)
    key = (stem + "@" + table["office"].astype("string")).where(table["office"].notna())
    head = called.str.contains(_OF_A_GROUP, case=False, regex=True)
    several = key.map(key.value_counts()).fillna(0).gt(1)
    heads = called[head & several].groupby(key[head & several]).first()
    return key.map(heads).astype("string")


def _companies(members: pd.DataFrame, companies: pd.DataFrame) -> pd.DataFrame:
    own = members[members["source"] == "companies"]
    table = own.merge(companies, left_on="record_id", right_on="company_number", validate="1:1")
    sic = trades.sic_code(table["sic_1"])
    category = table["category"].astype("string").str.lower()
    form = pd.Series("company", index=table.index, dtype="string")
    for name, words in _BY_CATEGORY.items():
        form = form.mask(category.str.contains(words, regex=True).fillna(False), name)
    line = table["address_line_1"].astype("string").str.upper().str.replace(r"\W+", "", regex=True)
    return pd.DataFrame(
        {
            "company_number": company_number(table["company_number"]).to_numpy(),
            "register_status": table["status"].astype("string").to_numpy(),
            "incorporated_on": table["incorporated_on"].to_numpy(),
            "dissolved_on": table["dissolved_on"].to_numpy(),
            "died_before": table["died_before"].to_numpy(),
            "sic": sic.to_numpy(),
            "section": trades.section(sic).to_numpy(),
            "form": form.to_numpy(),
            "office": (line + "/" + table["postcode"].astype("string").fillna("")).to_numpy(),
        },
        index=pd.Index(table["enterprise_id"], name="enterprise_id"),
    )


def _spans(members: pd.DataFrame, loaded: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """When accounts began and, where all have ended and no inspection came after, ended."""
    rates = _of(members, loaded["business_rates"], "business_rates", "rates_account")
    hygiene = _of(members, loaded["food_hygiene"], "food_hygiene", "fhrs_id")
    told = pd.concat(
        [
            rates.assign(trade=trades.trade_described(rates["property_description"])),
            hygiene.assign(trade=trades.trade_described(hygiene["business_type"])),
        ]
    )
    trade = told.dropna(subset=["trade"]).groupby("enterprise_id")["trade"].first()
    by = rates.groupby("enterprise_id")
    ended = by["ended_on"].max().where(by["ended_on"].count() == by.size())
    rated = hygiene.groupby("enterprise_id")["rated_on"].max().reindex(ended.index)
    table = pd.DataFrame(
        {
            "accounts_began": by["started_on"].min(),
            "accounts_ended": ended.where(~(rated > ended)),
            "trade_section": trades.section_of_trade(trade),
        }
    )
    days = dict.fromkeys(["accounts_began", "accounts_ended"], "datetime64[ns]")
    return table.astype({**days, "trade_section": "string"})


def _of(members: pd.DataFrame, frame: pd.DataFrame, source: str, number: str) -> pd.DataFrame:
    own = members.loc[members["source"] == source, ["record_id", "enterprise_id"]]
    return own.merge(frame, left_on="record_id", right_on=number, validate="1:1")


def _written(members: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """The name that each enterprise is shown under, as it is written."""
    both = members.merge(names, left_on=["source", "record_id"], right_on=["source", "id"])
    both = both[both["kind"] != "previous"]
    place = both["source"].map(_RANK) * 2 + both["kind"].ne("registered")
    order = both.assign(place=place).sort_values(["enterprise_id", "place", "record_id"])
    return order.drop_duplicates("enterprise_id").set_index("enterprise_id")[["written"]]


def _status(table: pd.DataFrame, closed: pd.Series) -> pd.Series:
    """What the register says, or *gone* where a later snapshot has it no more; else by accounts."""
    status = table["register_status"].astype("string").str.lower()
    gone = table["died_before"].notna() & table["dissolved_on"].isna()
    by_accounts = closed.map({True: "closed", False: "open"}).astype("string")
    return status.mask(gone, "gone").fillna(by_accounts)
