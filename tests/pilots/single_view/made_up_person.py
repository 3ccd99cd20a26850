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
from woda_lib.linkage import LinkageModel, LinkageSpec
from woda_lib.linkage.frequency import TermFrequencies
from woda_lib.pilots.single_view.person.dossier import dossier_of
from woda_lib.pilots.single_view.person.lines import Dossier
from woda_lib.pilots.single_view.person.reasons import Evidence
from woda_lib.pilots.single_view.store import Store
from woda_lib.pilots.single_view.store.opening import keep
from woda_lib.pilots.single_view.store.views import VIEWS

AS_OF, THEN = date(2025, 3, 31), date(2022, 1, 1)
AMBER, COLIN, IVY, GONE = (f"person-000000000000000{letter}" for letter in "abcd")
REASON = "to see what a page looks like"
_IDS = {"amber": AMBER, "colin": COLIN, "ivy": IVY, "gone": GONE}
_BY = {
    "hospital": ("worcestershire_acute", "patient_registrations"),
    "care": ("county_council", "care_services"),
    "landlord": ("housing_association", "tenancy_members"),
    "police": ("west_mercia_police", "police_contacts"),
    "charity": ("voluntary_sector", "support_clients"),
    "fire": ("fire_service", "safe_and_well_visits"),
}


def made(text: str, *dates: str) -> pd.DataFrame:
    """Read a small table: `_` for a space, `-` for a missing value.

    People go by their first names, and ``by`` stands for a partner and its dataset.
    """
    frame = table(text, dates=dates)
    texts = frame.columns.difference(dates)
    frame = frame.assign(**{name: frame[name].str.replace("_", " ") for name in texts})
    for name in ("entity_id", "other_entity_id"):
        if name in frame:
            frame[name] = frame[name].map(_IDS)
    if "by" in frame:
        frame["partner"], frame["dataset"] = zip(*frame.pop("by").map(_BY), strict=True)
    return frame


RECORDS = made(
    """
    by        local_id  entity_id  confidence  since
    hospital  h1        amber      0.9999      2024-03-31
    care      c1        amber      0.9999      2024-03-31
    care      c2        amber      -           2024-05-31
    landlord  t1        amber      0.998       2024-03-31
    police    p1        amber      0.83        2024-09-30
    charity   v1        amber      0.97        2024-03-31
    hospital  h2        colin      0.99        2024-03-31
    """,
    "since",
).astype({"confidence": float})

LINKS = made(
    """
    left      left_id  right     right_id  log2_odds
    care      c1       hospital  h1        14.2
    hospital  h1       landlord  t1        9.0
    care      c1       landlord  t1        7.5
    police    p1       landlord  t1        2.3
    hospital  h1       charity   v1        5.1
    hospital  h2       landlord  t1        3.0
    """
).astype({"log2_odds": float})
for _side in ("left", "right"):
    LINKS[f"{_side}_source"] = LINKS.pop(_side).map({by: names[1] for by, names in _BY.items()})

_SAID = made(
    """
    row_id  nhs_number  forename  surname  date_of_birth  sex  ethnic_group
    r1      9434765919  Amber     Reed     1991-05-04     F    A
    r2      9434765919  Amber     Hale     1991-05-04     F    A
    r3      9434765919  Amber     Hale     1991-05-04     F    A
    r4      -           Amber     Reed     1991-04-05     F    Z
    r5      -           Amber     Hale     1991-05-04     F    -
    r6      -           Amber     Hail     1991-05-04     F    -
    r7      -           Ambs      Hale     1991-05-04     U    -
    """,
    "date_of_birth",
)
DETAILS = made(
    """
    by        local_id  row_id  started_on  ended_on    address            postcode  uprn
    hospital  h1        r1      2015-02-01  2022-06-30  3_Mill_Row         WR1_1AA   101
    hospital  h1        r2      2022-07-01  -           Flat_2,_9_High_St  WR2_2BB   202
    care      c1        r3      2024-01-10  -           2/9_High_Street    WR2_2BB   202
    care      c2        r4      2012-03-01  2013-03-01  3_MILL_ROW.        WR1_1AA   101
    landlord  t1        r5      2022-07-01  -           Flat_2,_9_High_St  WR2_2BB   202
    police    p1        r6      2024-08-17  2024-08-17  14_Canal_Side      WR3_3CC   303
    charity   v1        r7      2023-11-02  -           Flat_2,_9_High_St  WR2_2BB   202
    """,
    "started_on",
    "ended_on",
).merge(_SAID, on="row_id")
DETAILS = DETAILS.assign(entity_id=AMBER, delivered_on=pd.Timestamp(2025, 3, 31))
PLACES = DETAILS[["dataset", "row_id", "uprn"]].assign(
    probability=1.0, how="exact", counted_off=pd.array([pd.NA] * len(DETAILS), dtype="string")
)

PERSONS = made(
    """
    entity_id  nhs_number  forename  surname  date_of_birth  sex  died_on  uprn  address
    amber      9434765919  Amber     Hale     1991-05-04     F    -        202   2/9_High_Street
    colin      -           Colin     Hale     1989-11-30     M    -        202   Flat_2,_9_High_St
    ivy        -           Ivy       Hale     2023-02-14     F    -        202   Flat_2,_9_High_St
    """,
    "date_of_birth",
    "died_on",
)
PERSONS = PERSONS.assign(
    postcode="WR2 2BB", ethnic_group="A", district="Worcester", area="E01", conflicts=3,
    deprivation_quintile=2, records=[6, 1, 1], partners=[5, 1, 1], confidence=[0.83, 0.99, np.nan],
    first_seen=pd.Timestamp(2012, 3, 1), last_seen=pd.Timestamp(2025, 3, 31),
)  # fmt: skip

PROPERTIES = made(
    """
    uprn  parent_uprn  kind    class_code  address                postcode
    101   -            house   RD04        3_Mill_Row,_Nulford    WR1_1AA
    202   200          flat    RD06        Flat_2,_9_High_Street  WR2_2BB
    200   -            shared  PP          9_High_Street          WR2_2BB
    303   -            house   RD04        14_Canal_Side          WR3_3CC
    """
).assign(
    town="Worcester", district="Worcester", area="E01", deprivation_quintile=2, easting=385_000,
    northing=255_000,
)  # fmt: skip

RESIDENCES = made(
    """
    entity_id  uprn  starts      ends        sources  sure  elsewhere
    amber      101   2012-03-01  2022-06-30  2        yes   no
    amber      202   2022-07-01  -           4        yes   no
    amber      303   2024-08-17  -           1        no    yes
    """,
    "starts",
    "ends",
).astype({"sources": int})
for _flag in ("sure", "elsewhere"):
    RESIDENCES[_flag] = RESIDENCES[_flag] == "yes"

HOUSEHOLDS = table(
    """
    household_id  uprn  starts      ends        kind                  people
    h-old         101   2012-03-01  2022-06-30  lone_person           1
    h-now         202   2022-07-01  -           couple_with_children  3
    h-next        202   2021-01-01  -           lone_person           1
    """,
    dates=("starts", "ends"),
).astype({"people": int})

MEMBERS = made(
    """
    household_id  entity_id  starts      ends        kinship
    h-old         amber      2012-03-01  2022-06-30  self
    h-now         amber      2022-07-01  -           self
    h-now         colin      2022-07-01  -           partner
    h-now         ivy        2023-02-14  -           child
    h-next        nora       2021-01-01  -           self
    """,
    "starts",
    "ends",
)

INVOLVEMENTS = made(
    """
    entity_id  by        row_id  local_id  service        started_on  ended_on    status  team
    amber      hospital  r2      h1        -              2022-07-01  -           open    -
    amber      care      r3      c1        early_help     2024-01-10  -           open    North_team
    amber      care      r4      c2        child_in_need  2012-03-01  2013-03-01  closed  -
    amber      landlord  r5      t1        -              2022-07-01  -           open    -
    amber      police    r6      p1        -              2024-08-17  2024-08-17  closed  -
    amber      charity   r7      v1        debt           2023-11-02  2024-02-01  closed  -
    colin      hospital  r8      h2        -              2020-01-01  -           open    -
    """,
    "started_on",
    "ended_on",
).merge(DETAILS[["row_id", "uprn"]], on="row_id", how="left")

EVENTS = made(
    """
    on          run  event    entity_id  other_entity_id  source  id  reason
    2024-03-31  r1   created  amber      -                -       -   new_record
    2024-05-31  r2   merged   gone       amber            -       -   decision
    2024-09-30  r3   joined   amber      -                police  p1  new_record
    """,
    "on",
).replace({"police": "police_contacts"})

HIDDEN = made(
    """
    by        field          description                use
    police    part           As_what                    outcome
    police    offence_group  Kind_of_crime_or_incident  outcome
    landlord  arrears        Whether_in_arrears         outcome
    fire      visitor        Who_visited                -
    """
).assign(values=1)
HIDDEN["field"] = HIDDEN["field"].str.replace(" ", "_")
HIDDEN["clause"] = (
    "single_view.datasets."
    + HIDDEN["dataset"]
    + "."
    + HIDDEN["field"]
    + " / purposes.early_help.uses"
)
HIDDEN["why"] = "Hidden: shared as outcome, which early_help does not cover."

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
        "sources": [{"name": names[1], "id": "id"} for names in _BY.values()],
        "fields": [
            {"name": "nhs_number", "kind": "nhs_number"},
            {"name": "forename", "kind": "name"},
            {"name": "surname", "kind": "name"},
            {"name": "date_of_birth", "kind": "date_of_birth"},
            {"name": "postcode", "kind": "postcode"},
        ],
        "comparisons": [
            {"field": "nhs_number", "levels": ["exact"]},
            {
                "field": "forename",
                "term_frequency": True,
                "levels": ["exact", {"test": "jaro_winkler", "at_least": 0.8}],
            },
            {"field": "surname", "levels": ["exact", {"test": "jaro_winkler", "at_least": 0.8}]},
            {"field": "date_of_birth", "levels": ["exact", "one_edit"]},
            {"field": "postcode", "levels": ["exact", "same_sector"]},
        ],
        "blocking": [["date_of_birth"]],
    }
)
MODEL = LinkageModel(
    comparisons=tuple(SPEC.comparisons),
    m=np.array(
        [[0.02, 0.98, 0], [0.05, 0.05, 0.9], [0.1, 0.1, 0.8], [0.01, 0.04, 0.95], [0.3, 0.1, 0.6]]
    ),
    u=np.array(
        [
            [0.999, 0.001, 0],
            [0.97, 0.02, 0.01],
            [0.98, 0.01, 0.01],
            [0.98, 0.01, 0.01],
            [0.9, 0.08, 0.02],
        ]
    ),
    h=None,
    prior=1e-4,
    household_prior=0.0,
    household=(),
    pairs=1_000_000,
)


def evidence() -> Evidence:
    """What compares the records again, and a decision that brought one of them here."""
    forenames = np.array(["amber", "ann"], dtype=object)
    counts = pd.DataFrame(
        {
            "field": "forename",
            "value": pd.util.hash_array(forenames, categorize=False),
            "count": [2, 998],
        }
    )
    decided = pd.DataFrame(
        [("care_services", "c2", "care_services", "c1", "must_link")],
        columns=["left_source", "left_id", "right_source", "right_id", "decision"],
    )
    return Evidence(SPEC, MODEL, TermFrequencies(counts), decided)


class FakeRun:
    """What a store asks of a run: a clock, what is hidden, and a record of look-ups."""

    def __init__(self) -> None:
        self.as_of = AS_OF
        self.hidden_fields = HIDDEN
        self.looked_up: list[tuple[str, str, int]] = []

    def look_up(self, records: pd.DataFrame, *, reason: str, what: str = "person") -> None:
        """Remember what was put on the record."""
        self.looked_up.append((what, reason, len(records)))

    def require_identifying(self, what: str) -> None:
        """Let everybody by."""


def new_store(**instead: pd.DataFrame) -> tuple[Store, FakeRun]:
    """A store of the tables, and the run on whose record it is asked."""
    run = FakeRun()
    connection = duckdb.connect()
    for name, frame in (TABLES | instead).items():
        keep(connection, name, frame)
    for view in VIEWS:
        connection.execute(view)
    return Store(connection, run), run  # type: ignore[arg-type]


@cache
def store() -> Store:
    """The store of the tables, made once."""
    return new_store()[0]


def dossier(*, weighed: bool = False, holds: Store | None = None) -> Dossier:
    """Amber's page, as data."""
    holds = holds or store()
    return dossier_of(
        holds.look_up(AMBER, reason=REASON),
        holds.look_up(AMBER, reason=REASON, on=THEN),
        holds.properties(on=AS_OF),
        numbers=NUMBERS,
        beside={("care_services", "r3"): "Jo Dale"},
        evidence=evidence() if weighed else None,
    )
