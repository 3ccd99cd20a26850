"""Other plausible links: what step 1 keeps, and the evaluation made again over them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.evaluation import monthly_restricted_mean
from woda_lib.pilots.patient_flow import (
    LinksInDoubt,
    MissingColumnsError,
    alternative_links,
    discharge_clock,
    linked_otherwise,
    match_referrals_to_spells,
)

WINDOWS = {"window_before_days": 3, "window_after_days": 2}
SPELLS = table(
    """
    partner               spell_id  patient_id  admission_date  discharge_date  site
    worcestershire_acute  S1        P1          2023-05-10      2023-05-20      North
    worcestershire_acute  S2        P2          2023-05-09      2023-05-25      North
    worcestershire_acute  S3        P3          2023-05-11      2023-05-22      North
    worcestershire_acute  S4        P4          2022-01-01      2022-01-03      North
    severnside_acute      S5        P5          2023-05-10      2023-05-20      South
    """,
    dates=("admission_date", "discharge_date"),
)
REFERRALS = table(
    """
    partner         referral_id  client_id  received_on  source    site
    county_council  R1           C1         2023-05-12   hospital  North
    county_council  R2           C2         2023-05-12   hospital  North
    county_council  R3           C3         2023-05-12   hospital  North
    """,
    dates=("received_on",),
)
PATIENTS = SPELLS[["partner"]].assign(
    local_id=SPELLS["patient_id"], patient_id=SPELLS["partner"] + "/" + SPELLS["patient_id"]
)
CLIENTS = REFERRALS[["partner"]].assign(
    local_id=REFERRALS["client_id"], client_id=REFERRALS["partner"] + "/" + REFERRALS["client_id"]
)
RECORDS = pd.DataFrame(
    {
        "source": ["hospital"] * 5 + ["council"] * 3,
        "id": [*PATIENTS["patient_id"], *CLIENTS["client_id"]],
        # C1 is P1, and C2 is P2; nobody knows C3.
        "entity_id": ["E1", "E2", "E3", "E4", "E5", "E1", "E2", "E6"],
    }
)


class Draws:
    """Two groupings of the records that are in doubt: C2 is P3 in the first, and nobody then."""

    records = RECORDS
    uncertain = np.array([1, 2, 6])

    def __iter__(self):
        for who in ("E3", "E9"):
            yield RECORDS.assign(entity_id=RECORDS["entity_id"].where(RECORDS.index != 6, who))


def linked() -> pd.DataFrame:
    people = RECORDS.assign(
        partner=RECORDS["id"].str.partition("/")[0], local_id=RECORDS["id"].str.partition("/")[2]
    )
    return match_referrals_to_spells(REFERRALS, SPELLS, people, **WINDOWS)


def alternatives(wrong: int = 3) -> pd.DataFrame:
    linkage = SimpleNamespace(draws=lambda n, seed: Draws())
    return alternative_links(
        linkage, linked(), REFERRALS, SPELLS, PATIENTS, CLIENTS,
        seed=1, draws=2, thresholds=(), wrong=wrong, **WINDOWS,
    )  # fmt: skip


def test_only_what_a_draw_links_otherwise_is_kept():
    drawn = alternatives().query("kind == 'draw'").astype(object)
    drawn = drawn.where(drawn.notna(), None)
    assert drawn[["which", "referral_id", "hospital", "spell_id"]].to_numpy().tolist() == [
        [1.0, "R2", "worcestershire_acute", "S3"],
        [2.0, "R2", None, None],
    ]


def test_a_wrong_link_goes_to_a_stay_of_that_date_that_nobody_is_linked_to():
    wrong = alternatives(wrong=5).query("kind == 'wrong'")
    # R1 and R2 hold S1 and S2; S4 had long ended, and S5 is at the other hospital.
    assert set(wrong["spell_id"]) == {"S3"}
    assert wrong.groupby("which")["referral_id"].apply(list).to_list() == [["R1", "R2"]] * 5


def test_how_many_are_linked_otherwise():
    moved = linked_otherwise(alternatives(), linked())
    assert moved["percent"].to_list() == [50.0]
    assert "average of 2 draws" in moved["links"].iloc[0]


def test_columns_that_are_missing_are_named():
    with pytest.raises(MissingColumnsError, match="client_id"):
        alternative_links(
            SimpleNamespace(), linked().drop(columns="client_id"), REFERRALS, SPELLS, PATIENTS,
            CLIENTS, seed=1, **WINDOWS,
        )  # fmt: skip


@pytest.fixture(scope="module")
def county() -> dict[str, pd.DataFrame]:
    """Two hospitals over eleven months: referrals, stays, events, and other links of some."""
    rng = np.random.default_rng(4)
    number = 1500
    received = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 330, number), "D")
    waits = rng.integers(0, 60, number)
    hospital = rng.choice(["worcestershire_acute", "severnside_acute"], number)
    spell = np.array([f"S{n}" for n in range(number)], dtype=object)
    ended = np.where(rng.random(number) < 0.9, "usual", "died")
    discharged = pd.Series(received + pd.to_timedelta(waits, "D"))
    spells = pd.DataFrame(
        {
            "partner": hospital,
            "spell_id": spell,
            "discharge_date": discharged.where(discharged <= "2023-12-31"),
            "discharge_method": ended,
        }
    )
    some = rng.random(number) < 0.5
    events = pd.DataFrame(
        {
            "partner": hospital[some],
            "spell_id": spell[some],
            "event_type": "pathway_decision",
            "event_date": received[some] + pd.to_timedelta(rng.integers(-3, 4, some.sum()), "D"),
        }
    )
    # Every fourth referral is the second one for a stay, and every seventh has none.
    place = np.arange(number)
    stay = np.where(place % 4 == 3, place - 1, place)
    matched = pd.DataFrame(
        {
            "partner": "county_council",
            "referral_id": [f"R{n}" for n in place],
            "received_on": received,
            "hospital": hospital[stay],
            "spell_id": spell[stay],
        }
    )
    matched.loc[place % 7 == 0, ["hospital", "spell_id"]] = None
    other = rng.permutation(number)
    others = matched.assign(hospital=hospital[other], spell_id=spell[other])
    rows = [
        others.sample(30, random_state=n).assign(kind="draw", which=float(n)) for n in range(1, 7)
    ]
    rows += [others[matched["spell_id"].notna()].assign(kind="wrong", which=1.0)]
    rows += [others[:5].assign(kind="threshold", which=0.99, hospital=None, spell_id=None)]
    columns = ["kind", "which", "partner", "referral_id", "hospital", "spell_id"]
    alternatives = pd.concat(rows)[columns]
    return {"matched": matched, "spells": spells, "events": events, "alternatives": alternatives}


AS_OF = pd.Timestamp("2023-12-31")


def difference(series: pd.DataFrame) -> tuple[float, float]:
    apart = series["worcestershire_acute"] - series["severnside_acute"]
    return float(apart.mean()), float(apart.sem())


def in_doubt(county: dict[str, pd.DataFrame]) -> LinksInDoubt:
    return LinksInDoubt.of(
        county["matched"], county["alternatives"], county["spells"], county["events"],
        as_of=AS_OF, horizon=30, model=difference,
    )  # fmt: skip


def with_other_links(county: dict[str, pd.DataFrame], kind: str, which: float) -> pd.DataFrame:
    """The long way: every link in a table of its own."""
    others = county["alternatives"].query("kind == @kind and which == @which")
    links = county["matched"].set_index("referral_id")
    columns = ["hospital", "spell_id"]
    links.loc[others["referral_id"], columns] = others.set_index("referral_id")[columns]
    return links.reset_index()


@pytest.mark.parametrize(
    ("kind", "which"), [("", 0.0), ("draw", 1.0), ("draw", 6.0), ("threshold", 0.99)]
)
def test_the_short_way_gives_the_months_of_the_long_one(county, kind, which):
    doubt = in_doubt(county)
    links = doubt._links(kind)[which] if kind else doubt.linked
    long = with_other_links(county, kind, which) if kind else county["matched"]
    clocks = discharge_clock(long, county["spells"], county["events"], as_of=AS_OF)
    months = monthly_restricted_mean(
        clocks, started_on="started_on", duration="days", observed="observed", horizon=30,
        as_of=AS_OF, by=["hospital"],
    )  # fmt: skip
    expected = months.pivot(index="month", columns="hospital", values="restricted_mean")
    found = doubt.series(links).set_index("month")
    assert list(found.index) == list(expected.index)
    assert found.to_numpy() == pytest.approx(expected.to_numpy(), nan_ok=True)


def test_the_estimate_is_carried_over_draws_and_thresholds(county):
    over = in_doubt(county).over_linkages()
    assert len(over.by_draw) == 6
    assert list(over.by_threshold) == [0.99]
    assert over.pooled.between > 0
    assert 0 < over.wrong_share < 0.05
    assert over.unit == "days"


def test_wrong_links_go_to_the_stays_that_step_1_chose(county):
    doubt = in_doubt(county)
    point = doubt.tipping_point(doubt.over_linkages(), replications=2, shares=[0.5, 1.0])
    assert point.path.shape[1:] == (2, 3)
    assert point.known == pytest.approx(doubt.over_linkages().wrong_share)
