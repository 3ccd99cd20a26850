"""Homes, households and best values are told by two threads as they are by one."""

from __future__ import annotations

from pathlib import Path
from threading import current_thread

import numpy as np
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.linkage.fast import threads
from woda_lib.pilots.single_view import build
from woda_lib.pilots.single_view.best_view import persons
from woda_lib.pilots.single_view.details import details
from woda_lib.pilots.single_view.homes import households
from woda_lib.pilots.single_view.homes.ties import records_of, ties

PARAMETERS = Path(__file__).parents[3] / "parameters"
AS_OF = pd.Timestamp("2025-03-31")
HOSPITAL = table(
    """
    partner registration_id index_number forename surname date_of_birth sex started_on ended_on uprn
    acute h1 p1 Ann Shaw 1985-05-05 F 2012-01-01 - oak1
    acute h2 p2 Bob Reid 1983-01-01 M 2012-01-01 2024-05-31 oak1
    acute h3 p3 Cat Reid 2014-06-01 F 2014-06-01 - oak1
    acute h4 p2 Bob Reed 1983-01-01 M 2024-06-01 - oak2
    """,
    dates=("date_of_birth", "started_on", "ended_on"),
)
TAX = table(
    """
    partner account_row_id liable_person_id account_id forename surname started_on ended_on   uprn
    council a1             l1               t1         Anne     Shaw    2012-02-01 -          oak1
    council a2             l2               t1         Bob      Reid    2012-02-01 2024-05-31 oak1
    council a3             l3               t2         R        Reid    2024-06-01 -          oak2
    """,
    dates=("started_on", "ended_on"),
).assign(discount=pd.Series(pd.NA, index=range(3), dtype="string"))
WHOM = table(
    """
    dataset               local_id entity_id
    council_tax_accounts  l1       ann
    council_tax_accounts  l2       bob
    council_tax_accounts  l3       bob
    patient_registrations p1       ann
    patient_registrations p2       bob
    patient_registrations p3       cat
    """
).assign(confidence=1.0)
STREET = table(
    """
    uprn parent_uprn kind  address     postcode district area deprivation_quintile
    oak1 -           house 1,Oak,Lane  WR1,1AA  Malvern  a1   2
    oak2 -           house 2,Oak,Lane  WR1,1AA  Malvern  a1   3
    """
)


def _lived() -> build.Homes:
    loaded = {
        name: frame.assign(delivered_on=AS_OF)
        for name, frame in (("patient_registrations", HOSPITAL), ("council_tax_accounts", TAX))
    }
    rows = build.with_entities(details(loaded), WHOM)
    uprn = {row.registration_id: row.uprn for row in HOSPITAL.itertuples()}
    uprn |= {row.account_row_id: row.uprn for row in TAX.itertuples()}
    places = rows[["dataset", "row_id"]].assign(uprn=rows["row_id"].map(uprn), probability=1.0)
    rules = build.read_rules(PARAMETERS)
    shown = build.Shown(rows, places, WHOM, np.arange(len(rows)))
    return build.live(shown, loaded, STREET, rules, as_of=AS_OF)


def test_two_threads_tell_what_one_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    alone, asked = _lived(), set()

    def noted(name: str):
        done = getattr(build, name)

        def call(*given, **named):
            asked.add((name, current_thread().name.split("_")[0]))
            return done(*given, **named)

        return call

    monkeypatch.setattr(threads, "threads", lambda: 2)
    for module in (build, persons, households):
        monkeypatch.setattr(module, "MANY_ROWS", 0)
    for name in ("chosen_first", "ties"):
        monkeypatch.setattr(build, name, noted(name))
    beside = _lived()
    assert asked == {("chosen_first", "woda-meanwhile"), ("ties", "woda-meanwhile")}
    for name in ("residences", "households", "members", "persons"):
        pd.testing.assert_frame_equal(getattr(beside, name), getattr(alone, name))
    assert alone.persons["surname"].tolist() == ["Shaw", "Reid", "Reid"]
    assert alone.persons["uprn"].tolist() == ["oak1", "oak2", "oak1"]
    kinds = ["couple", "couple_with_children", "lone_parent", "one_person"]
    assert sorted(alone.households["kind"]) == kinds


def test_whose_tie_it_is_is_known_or_looked_up_alike() -> None:
    loaded = {"patient_registrations": HOSPITAL, "council_tax_accounts": TAX}
    rows = build.with_entities(details(loaded), WHOM)
    looked_up = ties(loaded, WHOM)
    assert looked_up["entity_id"].tolist() == ["ann", "bob", "bob"]
    every = np.arange(len(rows))
    known = records_of(loaded, rows["registration"], every)
    pd.testing.assert_frame_equal(ties(loaded, WHOM, known), looked_up)
    # Of whom a row is left out nothing is told, and a register that stands nowhere ties nobody.
    shown = np.flatnonzero((rows["entity_id"] != "bob").to_numpy())
    known = records_of(loaded, rows["registration"].iloc[shown], shown)
    assert ties(loaded, WHOM, known)["entity_id"].tolist() == ["ann"]
    hospital = {"patient_registrations": HOSPITAL}
    assert ties(hospital, WHOM, records_of(hospital, rows["registration"][:4], every[:4])).empty
