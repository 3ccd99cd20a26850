"""Orders on a card: which are shown, in which state, and whom they protect."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse.errors import DomesticAbuseError
from woda_lib.pilots.domestic_abuse.orders import orders_of

AS_OF = pd.Timestamp("2025-03-31")
TONIGHT = table("incident_id victim perpetrator\ni9 A R")
NAMES = table(
    """
    entity_id  forename  surname
    A          Amber     Exemplar
    A          Amber     Sample
    R          Rowan     Specimen
    """
)
DATES = ("starts_on", "ends_on", "breached_on")


def orders(text: str) -> pd.DataFrame:
    named = {"who": "entity_id", "forename": "protects_forename", "surname": "protects_surname"}
    return table(text, dates=DATES).assign(confidence=0.97).rename(columns=named)


def found(text: str) -> pd.DataFrame:
    return orders_of(TONIGHT, orders(text), NAMES, as_of=AS_OF, ended_days=28)


def test_orders_in_force_not_begun_and_ended_lately() -> None:
    rows = found(
        """
        who  kind                   forename  surname   starts_on   ends_on     breached_on
        R    licence                -         -         2024-01-01  -           2025-03-02
        R    community_order        -         -         2024-01-01  2025-03-31  -
        R    restraining_order      Amber     Exemplar  2025-04-02  -           -
        R    non_molestation_order  Amber     Exemplar  2024-03-01  2025-03-12  -
        R    protection_order       Amber     Exemplar  2024-01-01  2025-03-02  -
        X    licence                -         -         2024-01-01  -           -
        """
    )
    assert rows[["kind", "state"]].to_numpy().tolist() == [
        ["community_order", "in_force"],  # its last day is today
        ["licence", "in_force"],
        ["restraining_order", "not_begun"],
        ["non_molestation_order", "ended_lately"],
    ]  # the protection order ended 29 days ago; X is on no card
    assert rows.loc[rows["kind"] == "licence", "breached_on"].notna().all()


@pytest.mark.parametrize(
    ("forename", "surname", "protects"),
    [
        ("Amber", "Exemplar", "yes"),
        ("AMBER", "sample", "yes"),  # a name under which another agency knows her
        ("A", "Exemplar", "unsure"),
        ("-", "Exemplar", "unsure"),
        ("Amber", "Married", "unsure"),
        ("-", "-", "unsure"),
        ("Hazel", "Placeholder", "no"),
        ("Basil", "Exemplar", "no"),
    ],
)
def test_whether_an_order_protects_this_victim(forename: str, surname: str, protects: str) -> None:
    rows = found(
        f"""
        who  kind               forename    surname    starts_on   ends_on  breached_on
        R    restraining_order  {forename}  {surname}  2024-01-01  -        -
        """
    )
    assert rows["protects_victim"].tolist() == [protects]


def test_an_order_that_protects_nobody_protects_not_this_victim() -> None:
    rows = found(
        """
        who  kind             forename  surname   starts_on   ends_on  breached_on
        R    community_order  -         -         2024-01-01  -        -
        A    licence          Amber     Exemplar  2024-01-01  -        -
        """
    )
    assert rows[["role", "protects_victim"]].to_numpy().tolist() == [
        ["perpetrator", "no"],
        ["victim", "no"],
    ]


def test_a_table_without_whom_it_binds_is_refused() -> None:
    with pytest.raises(DomesticAbuseError, match=r"has no column .*entity_id"):
        orders_of(TONIGHT, pd.DataFrame(columns=["kind"]), NAMES, as_of=AS_OF, ended_days=28)
