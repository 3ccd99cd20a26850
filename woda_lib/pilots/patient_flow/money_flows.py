"""Who gains and who pays when somebody leaves hospital sooner, as flows of money a year."""

from __future__ import annotations

import pandas as pd

from woda_lib.partners.names import say_partner_shortly

_DAYS = "12 * days_saved * people"


def money_flows() -> pd.DataFrame:
    """Return the flows of one year, for `evaluation.monte_carlo_benefit`.

    The trust's benefit stands in two lines, because they are two kinds of money: what it can stop
    paying when a bed is empty, and the rest of the average cost, which pays for beds that others
    use. The council's support begins as many days sooner as the hospital's care ends.

    Returns
    -------
    DataFrame
        `flow, formula, kind, partner, cashable, first_year, last_year`.
    """
    hospital = say_partner_shortly("worcestershire_acute")
    council = say_partner_shortly("county_council")
    rows = [
        (
            "Spending that an empty bed ends",
            "marginal_bed_day_cost",
            "benefit",
            hospital,
            True,
        ),
        (
            "Beds that others can use",
            "(bed_day_cost - marginal_bed_day_cost)",
            "benefit",
            hospital,
            False,
        ),
        ("Support that begins sooner", "support_day_cost", "cost", council, True),
    ]
    columns = ["flow", "price", "kind", "partner", "cashable"]
    table = pd.DataFrame(rows, columns=columns).assign(first_year=0, last_year=0)
    return table.assign(formula=_DAYS + " * " + table.pop("price"))
