"""A choice spreads as if every round asked everything again, in whatever order and by whatever way.

`plainly` says what must come out, number by number: it looks at all rows in each round.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.partners.small_county import ACUTE, ANN, BEN, CAT, COUNCIL
from woda_lib.partners.datasets import CONTRACTS, NHS_NUMBER
from woda_lib.partners.following import Following
from woda_lib.partners.linked_choices import PERSON_COLUMNS
from woda_lib.partners.objectors import Objectors
from woda_lib.partners.opt_outs import PERSON_NUMBERS, REGISTERS
from woda_lib.partners.people_index import marks_of_rows
from woda_lib.partners.pseudonyms import hashed, pseudonymise
from woda_lib.partners.texts import ARROW_TEXTS

KEY = b"a key of this test alone"
POLICE = "west_mercia_police"
DATASETS = ["hospital_spells", "patient_registrations", "care_services", "school_census"]
DATASETS += ["police_contacts"]
HANDLES = {dataset: CONTRACTS[dataset].handles for dataset in DATASETS}
COLUMNS = sorted({name for names in HANDLES.values() for name in names} - {NHS_NUMBER})

Row = dict[str, str | None]
"""``partner`` and the dataset's handles."""


def told(number: str | None, column: str, partner: str, pseudonyms: Sequence[str]) -> str | None:
    """Return a number as a step is handed it."""
    if number is None or column not in pseudonyms:
        return number
    return pseudonymise(pd.Series([number]), field=column, partners=partner, key=KEY)[0]


class Desk:
    """A step that was handed some datasets, and what it must find."""

    def __init__(
        self,
        extracts: Path,
        tables: dict[str, list[Row]],
        choices: list[Row],
        *,
        pseudonyms: Sequence[str] = COLUMNS,
        handed_out: Sequence[str] = DATASETS,
        marked: Sequence[str] = DATASETS,
        kind: Any = "string",
        partners: Sequence[str] = (),
    ) -> None:
        self.tables = {dataset: tables.get(dataset, []) for dataset in DATASETS}
        self.choices, self.pseudonyms, self.handed_out = choices, pseudonyms, handed_out
        self.kind, self.earlier = kind, set[tuple[str, str]]()
        agreement: Any = SimpleNamespace(
            datasets=dict.fromkeys(DATASETS),
            pseudonyms=set(pseudonyms),
            partners=set(partners),
            clock=lambda _: date(2026, 1, 1),
        )
        self.objectors = Objectors(extracts, agreement, self.pseudonymise, self.accepted)
        for dataset in handed_out:
            frame, contract = self.frame(dataset), CONTRACTS[dataset]
            self.objectors.keep_register(dataset, frame)
            self.objectors.remember(frame, contract)
            if dataset in marked:
                hashes = [self.hashed(frame, name) for name in contract.handles]
                self.objectors.remember_marks(marks_of_rows(hashes), contract)

    def frame(self, dataset: str) -> pd.DataFrame:
        columns = ["partner", *HANDLES[dataset]]
        frame = pd.DataFrame(self.tables[dataset], columns=columns, dtype=object)
        return frame.astype({"partner": "string", **dict.fromkeys(HANDLES[dataset], self.kind)})

    def hashed(self, frame: pd.DataFrame, name: str) -> Any:
        partners = "" if name == NHS_NUMBER else frame["partner"]
        return hashed(frame[name], field=name, partners=partners, key=KEY)

    def pseudonymise(self, values: pd.Series, *, field: str, partners: Any) -> pd.Series:
        if field not in self.pseudonyms:
            return values
        return pseudonymise(values, field=field, partners=partners, key=KEY)

    def accepted(self, _: Any, contract: Any) -> Any:
        if contract.dataset in self.tables:
            return SimpleNamespace(frame=self.frame(contract.dataset))
        columns = ["partner", NHS_NUMBER, "person_number", "status"]
        choices = [{**choice, "status": "in_force"} for choice in self.choices]
        frame = pd.DataFrame(choices, columns=columns).astype("string")
        return SimpleNamespace(frame=frame, quarantine=pd.DataFrame({"outcome": []}))

    def people(self, known: list[tuple[str, str, str, str, str | None]]) -> pd.DataFrame:
        """Return who is whom, from ``column, partner, number, what stands after it, entity``."""
        rows = [
            (partner, f"{told(number, column, partner, self.pseudonyms)}{after}", entity)
            for column, partner, number, after, entity in known
        ]
        people = pd.DataFrame(rows, columns=["partner", "local_id", "entity_id"], dtype=object)
        return people.astype({"partner": "category", "entity_id": "string"})

    def plainly(self, people: pd.DataFrame) -> pd.DataFrame:
        records = list(zip(people["partner"], people["local_id"], people["entity_id"], strict=True))
        found: list[bool] = []
        while True:
            linked = self.earlier | {
                record[:2] for record, is_found in zip(records, found, strict=False) if is_found
            }
            seen = self._seen(linked)
            objecting = [record[:2] in seen for record in records]
            names = {
                record[2] for record, is_seen in zip(records, objecting, strict=True) if is_seen
            }
            names.discard(pd.NA)
            again = [
                is_seen or (record[2] is not pd.NA and record[2] in names)
                for record, is_seen in zip(records, objecting, strict=True)
            ]
            if again == found:
                break
            found = again
        self.earlier = linked
        kept = people[pd.Series(found, index=people.index, dtype=bool)]
        return kept.sort_values(["partner", "local_id"], ignore_index=True)

    def _seen(self, linked: set[tuple[str, str]]) -> set[tuple[str, str | None]]:
        """Return the numbers, as they were handed out, of everybody who opted out."""
        registers = [name for name in DATASETS if name in REGISTERS]
        known = {(NHS_NUMBER, "", choice[NHS_NUMBER]) for choice in self.choices}
        for choice in self.choices:
            partner = str(choice["partner"])
            known |= {(name, partner, choice["person_number"]) for name in PERSON_NUMBERS[partner]}
        for dataset in registers:
            for name in PERSON_COLUMNS & set(HANDLES[dataset]):
                for row in self.tables[dataset]:
                    if (row["partner"], self._told(row, name)) in linked:
                        known.add((name, str(row["partner"]), row[name]))
        before = 0
        while len(known) > before:
            before = len(known)
            for dataset in registers:
                for row in self.tables[dataset]:
                    own = self._numbers(dataset, row)
                    if own & known:
                        known |= own
        stems = {(partner, number.partition("/")[0]) for partner, number in linked}
        seen = set()
        for dataset in self.handed_out:
            others = [name for name in HANDLES[dataset] if name != NHS_NUMBER]
            for row in self.tables[dataset]:
                by_linkage = {(row["partner"], self._told(row, name)) for name in others} & stems
                if by_linkage or self._numbers(dataset, row) & known:
                    for name in PERSON_COLUMNS & set(others):
                        seen.add((str(row["partner"]), self._told(row, name)))
        return seen

    def _numbers(self, dataset: str, row: Row) -> set[tuple[str, str, str | None]]:
        partner = str(row["partner"])
        whose = {name: "" if name == NHS_NUMBER else partner for name in HANDLES[dataset]}
        return {(name, of, row[name]) for name, of in whose.items() if row[name] is not None}

    def _told(self, row: Row, name: str) -> str | None:
        return told(row[name], name, str(row["partner"]), self.pseudonyms)


NUMBER = st.sampled_from(["1", "2", "3"])
NHS = st.sampled_from([ANN, BEN, CAT])
PARTNERS = {dataset: sorted(CONTRACTS[dataset].partners) for dataset in DATASETS}
KNOWN_BY = [
    (name, partner)
    for dataset in DATASETS
    for name in HANDLES[dataset]
    for partner in PARTNERS[dataset]
    if name != NHS_NUMBER
]


def rows_of(dataset: str) -> st.SearchStrategy[list[Row]]:
    numbers = {
        name: (NHS if name == NHS_NUMBER else NUMBER) | st.none() for name in HANDLES[dataset]
    }
    row = st.fixed_dictionaries({"partner": st.sampled_from(PARTNERS[dataset]), **numbers})
    return st.lists(row, min_size=1, max_size=4)


CHOICE = st.fixed_dictionaries(
    {
        "partner": st.sampled_from([ACUTE, COUNCIL]),
        NHS_NUMBER: st.none() | NHS,
        "person_number": st.none() | NUMBER,
    }
)
KNOWN = st.tuples(
    st.sampled_from(KNOWN_BY),
    NUMBER,
    st.sampled_from(["", "", "/victim"]),
    st.sampled_from([None, "person-one", "person-two", "person-three"]),
).map(lambda drawn: (*drawn[0], *drawn[1:]))


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("extracts")


@examples(few=100, many=1_000)
@given(
    tables=st.fixed_dictionaries({dataset: rows_of(dataset) for dataset in DATASETS}),
    choices=st.lists(CHOICE, min_size=1, max_size=2),
    known=st.lists(st.lists(KNOWN, min_size=4, max_size=16), min_size=1, max_size=2),
    pseudonyms=st.sampled_from([COLUMNS, COLUMNS[1:], COLUMNS[:-2]]),
    handed_out=st.permutations(DATASETS).flatmap(
        lambda order: st.sampled_from([order, order, order[1:], order[3:]])
    ),
    marked=st.sampled_from([DATASETS, DATASETS[::2], []]),
    kind=st.sampled_from(["string", "object", ARROW_TEXTS]),
    numbered=st.booleans(),
)
def test_what_each_round_asks_anew_finds_what_asking_everything_finds(
    extracts: Path,
    tables: dict[str, list[Row]],
    choices: list[Row],
    known: list[list[tuple[str, str, str, str, str | None]]],
    pseudonyms: list[str],
    handed_out: list[str],
    marked: list[str],
    kind: Any,
    numbered: bool,
) -> None:
    desk = Desk(
        extracts,
        tables,
        choices,
        pseudonyms=pseudonyms,
        handed_out=handed_out,
        marked=marked,
        kind=kind,
    )
    for each in known:  # what one linkage found is known to the next
        people = desk.people(each)
        alike = pd.factorize(people["entity_id"])[0] if numbered else None
        found = desk.objectors.spread(people, alike)
        pd.testing.assert_frame_equal(found, desk.plainly(people))


CHAIN: dict[str, list[Row]] = {
    "hospital_spells": [
        {"partner": ACUTE, NHS_NUMBER: ANN, "patient_id": "1", "spell_id": "S1"},
        {"partner": ACUTE, NHS_NUMBER: None, "patient_id": "2", "spell_id": "S2"},
        {"partner": ACUTE, NHS_NUMBER: BEN, "patient_id": "2", "spell_id": "S3"},
    ],
    "care_services": [
        {"partner": COUNCIL, NHS_NUMBER: BEN, "care_number": "7"},
        {"partner": COUNCIL, NHS_NUMBER: CAT, "care_number": "8"},
    ],
    "police_contacts": [{"partner": POLICE, "contact_number": "9"}],
}
LINKED = [
    ("patient_id", ACUTE, "1", "", "person-one"),
    ("patient_id", ACUTE, "2", "", "person-one"),
    ("care_number", COUNCIL, "7", "", "person-two"),
    ("contact_number", POLICE, "9", "", "person-two"),
    ("care_number", COUNCIL, "8", "", "person-three"),
]
BY_ANN: list[Row] = [{"partner": ACUTE, NHS_NUMBER: ANN, "person_number": None}]


def test_a_choice_goes_on_from_patient_to_patient_to_council_to_police(extracts: Path) -> None:
    # Ann is patient 1; linkage takes 2 for the same, who bears Ben's number, as does the council's
    # 7, whom linkage takes for the police's 9. Cat is nobody of these.
    desk = Desk(extracts, CHAIN, BY_ANN)
    people = desk.people(LINKED)
    found = desk.objectors.spread(people)
    assert set(found["local_id"]) == set(people["local_id"][:4])


@pytest.mark.parametrize("alike", [[5, 5, 7, 7, 6], [-3, -3, 10**12, 10**12, 0]])
def test_numbers_of_entities_may_lie_anywhere(extracts: Path, alike: list[int]) -> None:
    desk = Desk(extracts, CHAIN, BY_ANN)
    people = desk.people(LINKED)
    found = desk.objectors.spread(people, np.array(alike, dtype=np.int64))
    assert set(found["local_id"]) == set(people["local_id"][:4])


@pytest.mark.parametrize("alike", [[0, 0, 0, 1, 2], [0, 0, 0, 0, 0], [0, 1], []])
def test_numbers_of_entities_that_are_not_those_of_the_rows_are_passed_over(
    extracts: Path, alike: list[int]
) -> None:
    desk = Desk(extracts, CHAIN, BY_ANN)
    people = desk.people(LINKED)
    found = desk.objectors.spread(people, np.array(alike, dtype=np.int64))
    pd.testing.assert_frame_equal(found, desk.plainly(people))


def test_a_number_that_was_known_once_stays_known_when_a_register_is_read_again(
    extracts: Path,
) -> None:
    desk = Desk(extracts, CHAIN, BY_ANN)
    spells, contract = desk.frame("hospital_spells"), CONTRACTS["hospital_spells"]
    nameless = spells.assign(**{NHS_NUMBER: pd.array([None] * len(spells), dtype="string")})
    before = desk.objectors.rows_of(nameless, contract)
    desk.objectors.keep_register("hospital_spells", nameless)
    desk.objectors.spread(desk.people([LINKED[-1]]))
    assert before.any()
    assert desk.objectors.rows_of(nameless, contract).tolist() == before.tolist()


def test_of_a_partner_without_a_list_nobody_is_known_to_object(extracts: Path) -> None:
    desk = Desk(extracts, CHAIN, BY_ANN, partners=[ACUTE])
    assert desk.objectors.spread(desk.people(LINKED)).empty


def test_what_was_handed_out_alone_leads_to_records(extracts: Path) -> None:
    desk = Desk(extracts, CHAIN, BY_ANN, handed_out=["police_contacts"])
    assert desk.objectors.spread(desk.people(LINKED)).empty
    assert desk.plainly(desk.people(LINKED)).empty


def test_a_number_is_followed_from_the_last_register_to_the_first(extracts: Path) -> None:
    desk = Desk(extracts, CHAIN, [])
    following = Following({name: desk.frame(name) for name in ["hospital_spells", "care_services"]})
    following.add({("care_number", COUNCIL): {"7"}})
    assert following.numbers == {
        ("care_number", COUNCIL): {"7"},
        (NHS_NUMBER, ""): {BEN},
        ("patient_id", ACUTE): {"2"},
        ("spell_id", ACUTE): {"S2", "S3"},
    }
