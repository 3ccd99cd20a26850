"""A household of three that never was: the tables of a build in which one of them is looked up.

Amber Hale has six records of five partners. She moved in 2022, changed her surname and had a baby;
police know her under an address nobody else has, and her charity by a nickname.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import duckdb
import numpy as np
import pandas as pd

from tests.pilots.ascii_table import table
from woda_lib.linkage import IdentityStore, LinkageModel, LinkageSpec
from woda_lib.linkage.frequency import TermFrequencies
from woda_lib.pilots.single_view.person.dossier import dossier_of
from woda_lib.pilots.single_view.person.lines import Dossier
from woda_lib.pilots.single_view.person.reasons import Evidence
from woda_lib.pilots.single_view.store import Store
from woda_lib.pilots.single_view.store.opening import keep
from woda_lib.pilots.single_view.store.views import VIEWS

AS_OF, THEN = date(2025, 3, 31), date(2022, 1, 1)
AMBER = "person-000000000000000a"


def spaced(text: str, *dates: str) -> pd.DataFrame:
    """Read a small table: `_` for a space, `-` for a missing value."""
    frame = table(text, dates=dates)
    texts = frame.columns.difference(dates)
    return frame.assign(**{name: frame[name].str.replace("_", " ") for name in texts})


def plain(text: str, *dates: str) -> pd.DataFrame:
    """Read a small table of codes, in which `_` stands for itself."""
    return table(text, dates=dates)


RECORDS = plain(
    """
    partner               dataset                local_id  entity_id                confidence  since
    worcestershire_acute  patient_registrations  h1        person-000000000000000a  0.9999      2024-03-31
    county_council        care_services          c1        person-000000000000000a  0.9999      2024-03-31
    county_council        care_services          c2        person-000000000000000a  -           2024-05-31
    housing_association   tenancy_members        t1        person-000000000000000a  0.998       2024-03-31
    west_mercia_police    police_contacts        p1        person-000000000000000a  0.83        2024-09-30
    voluntary_sector      support_clients        v1        person-000000000000000a  0.97        2024-03-31
    worcestershire_acute  patient_registrations  h2        person-000000000000000b  0.99        2024-03-31
    """,
    "since",
).astype({"confidence": float})

LINKS = plain(
    """
    left_source            left_id  right_source     right_id  log2_odds
    care_services          c1       patient_registrations  h1  14.2
    patient_registrations  h1       tenancy_members  t1        9.0
    care_services          c1       tenancy_members  t1        7.5
    police_contacts        p1       tenancy_members  t1        2.3
    patient_registrations  h1       support_clients  v1        5.1
    patient_registrations  h2       tenancy_members  t1        3.0
    """
).astype({"log2_odds": float})

DETAILS = spaced(
    """
    partner               dataset                local_id  row_id  started_on  ended_on    delivered_on  nhs_number  forename  surname  date_of_birth  sex  ethnic_group  address             postcode  uprn
    worcestershire_acute  patient_registrations  h1        r1      2015-02-01  2022-06-30  2024-03-31    9434765919  Amber     Reed     1991-05-04     F    A             3_Mill_Row          WR1_1AA   101
    worcestershire_acute  patient_registrations  h1        r2      2022-07-01  -           2024-03-31    9434765919  Amber     Hale     1991-05-04     F    A             Flat_2,_9_High_St   WR2_2BB   202
    county_council        care_services          c1        r3      2024-01-10  -           2024-03-31    9434765919  Amber     Hale     1991-05-04     F    A             2/9_High_Street     WR2_2BB   202
    county_council        care_services          c2        r4      2012-03-01  2013-03-01  2024-03-31    -           Amber     Reed     1991-04-05     F    Z             3_MILL_ROW.         WR1_1AA   101
    housing_association   tenancy_members        t1        r5      2022-07-01  -           2024-03-31    -           Amber     Hale     1991-05-04     F    -             Flat_2,_9_High_St   WR2_2BB   202
    west_mercia_police    police_contacts        p1        r6      2024-08-17  2024-08-17  2024-09-30    -           Amber     Hail     1991-05-04     F    -             14_Canal_Side       WR3_3CC   303
    voluntary_sector      support_clients        v1        r7      2023-11-02  -           2024-03-31    -           Ambs      Hale     1991-05-04     U    -             Flat_2,_9_High_St   WR2_2BB   202
    """,
    "started_on", "ended_on", "delivered_on", "date_of_birth",
).assign(entity_id=AMBER)  # fmt: skip
DETAILS[["partner", "dataset"]] = DETAILS[["partner", "dataset"]].apply(
    lambda column: column.str.replace(" ", "_")
)

PERSONS = spaced(
    """
    entity_id                nhs_number  forename  surname  date_of_birth  sex  ethnic_group  died_on  uprn  address           postcode
    person-000000000000000a  9434765919  Amber     Hale     1991-05-04     F    A             -        202   2/9_High_Street   WR2_2BB
    person-000000000000000b  -           Colin     Hale     1989-11-30     M    A             -        202   Flat_2,_9_High_St WR2_2BB
    person-000000000000000c  -           Ivy       Hale     2023-02-14     F    A             -        202   Flat_2,_9_High_St WR2_2BB
    """,
    "date_of_birth", "died_on",
)  # fmt: skip
PERSONS = PERSONS.assign(
    district="Worcester", area="E01", deprivation_quintile=2, records=1, partners=1, conflicts=3,
    confidence=0.83, first_seen=pd.Timestamp(2012, 3, 1), last_seen=pd.Timestamp(2025, 3, 31),
)  # fmt: skip

PROPERTIES = spaced(
    """
    uprn  parent_uprn  kind   class_code  address                     postcode  town       district
    101   -            house  RD04        3_Mill_Row,_Nulford         WR1_1AA   Worcester  Worcester
    202   200          flat   RD06        Flat_2,_9_High_Street       WR2_2BB   Worcester  Worcester
    200   -            shared PP          9_High_Street               WR2_2BB   Worcester  Worcester
    303   -            house  RD04        14_Canal_Side               WR3_3CC   Worcester  Worcester
    """
)

PROPERTIES = PROPERTIES.assign(
    area="E01", deprivation_quintile=2, easting=385_000, northing=255_000
)

RESIDENCES = plain(
    """
    entity_id                uprn  starts      ends        sources  sure  elsewhere
    person-000000000000000a  101   2012-03-01  2022-06-30  2        True  False
    person-000000000000000a  202   2022-07-01  -           4        True  False
    person-000000000000000a  303   2024-08-17  -           1        False True
    """,
    "starts", "ends",
)  # fmt: skip
RESIDENCES["sources"] = RESIDENCES["sources"].astype(int)
for _flag in ("sure", "elsewhere"):
    RESIDENCES[_flag] = RESIDENCES[_flag] == "True"

HOUSEHOLDS = plain(
    """
    household_id  uprn  starts      ends        kind
    h-old         101   2012-03-01  2022-06-30  lone_person
    h-now         202   2022-07-01  -           couple_with_children
    h-next        202   2021-01-01  -           lone_person
    """,
    "starts", "ends",
)  # fmt: skip

HOUSEHOLDS = HOUSEHOLDS.assign(people=[1, 3, 1])

MEMBERS = plain(
    """
    household_id  entity_id                starts      ends        kinship
    h-old         person-000000000000000a  2012-03-01  2022-06-30  self
    h-now         person-000000000000000a  2022-07-01  -           self
    h-now         person-000000000000000b  2022-07-01  -           partner
    h-now         person-000000000000000c  2023-02-14  -           child
    """,
    "starts", "ends",
)  # fmt: skip

INVOLVEMENTS = plain(
    """
    entity_id                partner               dataset                row_id  local_id  service                started_on  ended_on    status  team        uprn
    person-000000000000000a  worcestershire_acute  patient_registrations  r2      h1        patient_registrations  2022-07-01  -           open    -           202
    person-000000000000000a  county_council        care_services          r3      c1        early_help             2024-01-10  -           open    North_team  202
    person-000000000000000a  county_council        care_services          r4      c2        child_in_need          2012-03-01  2013-03-01  closed  -           101
    person-000000000000000a  housing_association   tenancy_members        r5      t1        tenancy_members        2022-07-01  -           open    -           202
    person-000000000000000a  west_mercia_police    police_contacts        r6      p1        -                      2024-08-17  2024-08-17  closed  -           303
    person-000000000000000a  voluntary_sector      support_clients        r7      v1        debt                   2023-11-02  2024-02-01  closed  -           202
    """,
    "started_on", "ended_on",
)  # fmt: skip
INVOLVEMENTS["team"] = INVOLVEMENTS["team"].str.replace("_", " ")

EVENTS = plain(
    """
    on          run  event    entity_id                other_entity_id          source           id  reason
    2024-03-31  r1   created  person-000000000000000a  -                        -                -   new_record
    2024-05-31  r2   merged   person-000000000000000d  person-000000000000000a  -                -   decision
    2024-09-30  r3   joined   person-000000000000000a  -                        police_contacts  p1  new_record
    """,
    "on",
)
EVENTS["reason"] = EVENTS["reason"].str.replace("_", " ")

HIDDEN = spaced(
    """
    partner             dataset          field          description               use      clause
    west_mercia_police  police_contacts  part           As_what                   outcome  single_view.datasets.police_contacts.part_/_purposes.early_help.uses
    west_mercia_police  police_contacts  offence_group  Kind_of_crime_or_incident outcome  single_view.datasets.police_contacts.offence_group_/_purposes.early_help.uses
    housing_association tenancy_members  arrears        Whether_in_arrears        outcome  single_view.datasets.tenancy_members.arrears_/_purposes.early_help.uses
    fire_service        safe_and_well_visits  made_up   Something_else            -        single_view.datasets.safe_and_well_visits
    """
)  # fmt: skip
for _name in ("partner", "dataset", "field", "clause"):
    HIDDEN[_name] = HIDDEN[_name].str.replace(" ", "_").str.replace("_/_", " / ")
HIDDEN["why"] = "Hidden: " + HIDDEN["field"] + " is shared as outcome, which early_help does not cover."

PLACES = DETAILS[["dataset", "row_id", "uprn"]].assign(probability=1.0, how="exact")

TABLES = {
    "records": RECORDS,
    "links": LINKS,
    "places": PLACES,
    "details": DETAILS,
    "persons": PERSONS,
    "properties": PROPERTIES,
    "residences": RESIDENCES,
    "households": HOUSEHOLDS,
    "members": MEMBERS,
    "involvements": INVOLVEMENTS,
    "identity_events": EVENTS,
}
NUMBERS = {("care_services", "c1"): "SC-40017", ("patient_registrations", "h1"): "RWP 118"}

SPEC = LinkageSpec.from_dict(
    {
        "entity": "person",
        "sources": [{"name": name, "id": "id"} for name in DETAILS["dataset"].unique()],
        "fields": [
            {"name": "nhs_number", "kind": "nhs_number"},
            {"name": "forename", "kind": "name"},
            {"name": "surname", "kind": "name"},
            {"name": "date_of_birth", "kind": "date_of_birth"},
            {"name": "postcode", "kind": "postcode"},
        ],
        "comparisons": [
            {"field": "nhs_number", "levels": ["exact"]},
            {"field": "forename", "levels": ["exact", {"test": "jaro_winkler", "at_least": 0.8}]},
            {
                "field": "surname",
                "term_frequency": True,
                "levels": ["exact", {"test": "jaro_winkler", "at_least": 0.8}],
            },
            {"field": "date_of_birth", "levels": ["exact", "one_edit"]},
            {"field": "postcode", "levels": ["exact", "same_sector"]},
        ],
        "blocking": [["date_of_birth"]],
    }
)
_M = np.array([[0.02, 0.98, 0], [0.05, 0.05, 0.9], [0.1, 0.1, 0.8], [0.01, 0.04, 0.95], [0.3, 0.1, 0.6]])  # fmt: skip
_U = np.array([[0.999, 0.001, 0], [0.97, 0.02, 0.01], [0.98, 0.01, 0.01], [0.98, 0.01, 0.01], [0.9, 0.08, 0.02]])  # fmt: skip
MODEL = LinkageModel(
    comparisons=tuple(SPEC.comparisons), m=_M, u=_U, h=None, prior=1e-4, household_prior=0.0,
    household=(), pairs=1_000_000,
)  # fmt: skip
_NEWEST = DETAILS.sort_values("started_on").groupby(["dataset", "local_id"], observed=True).last()
FRAMES = {
    str(name): frame.rename(columns={"local_id": "id"}).reset_index(drop=True)
    for name, frame in _NEWEST.reset_index().groupby("dataset", observed=True)
}


def evidence() -> Evidence:
    """What compares the records again."""
    frequencies = TermFrequencies(
        pd.DataFrame(
            {
                "field": "surname",
                "value": pd.util.hash_array(np.array(["hale", "reed"], dtype=object), categorize=False),
                "count": [40, 900],
            }
        )
    )
    decided = pd.DataFrame(
        {
            "left_source": ["care_services"], "left_id": ["c2"],
            "right_source": ["care_services"], "right_id": ["c1"],
            "decision": ["must_link"], "by": ["Ann"], "on": [pd.Timestamp(2024, 5, 20)],
            "reason": ["same mother"],
        }
    )  # fmt: skip
    empty = IdentityStore.empty()
    store = IdentityStore(empty.records, empty.events, decided, LINKS, frequencies)
    return Evidence(FRAMES, SPEC, MODEL, store)


class FakeRun:
    """What a store asks of a run: a clock, what is hidden, and a record of look-ups."""

    def __init__(self) -> None:
        self.as_of = AS_OF
        self.hidden_fields = HIDDEN.assign(values=1)
        self.looked_up: list[tuple[str, str, int]] = []

    def look_up(self, records: pd.DataFrame, *, reason: str, what: str = "person") -> None:
        """Remember what was put on the record."""
        self.looked_up.append((what, reason, len(records)))

    def require_identifying(self, what: str) -> None:
        """Let everybody by."""


@cache
def store() -> tuple[Store, FakeRun]:
    """The store of the tables, and the run on whose record it is asked."""
    run = FakeRun()
    connection = duckdb.connect()
    for name, frame in TABLES.items():
        keep(connection, name, frame)
    for view in VIEWS:
        connection.execute(view)
    return Store(connection, run), run  # type: ignore[arg-type]


def dossier(*, weighed: bool = True) -> Dossier:
    """Amber's page, as data."""
    holds, _ = store()
    return dossier_of(
        holds.look_up(AMBER, reason="to see what a page looks like"),
        holds.look_up(AMBER, reason="to see what a page looks like", on=THEN),
        holds.properties(on=AS_OF),
        numbers=NUMBERS,
        evidence=evidence() if weighed else None,
    )
