"""The twelve visible records: what the notebook prints is what is linked; letters alone leave."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from woda_lib.disclosure import DisclosureError, Rule, gate_table, personal_kinds
from woda_lib.linkage.thresholds import Thresholds
from woda_lib.pilots import how_we_link

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "linkage" / "how_we_link.ipynb"
COLUMNS = ["record", "source", "forename", "surname", "date_of_birth", "sex", "postcode"]


def test_the_notebook_shows_the_records_that_are_linked():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    text = next("".join(c["source"]) for c in cells if "| held by |" in "".join(c["source"]))
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    shown = {tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows}
    linked = how_we_link.visible_records().assign(
        date_of_birth=lambda table: table["date_of_birth"].dt.strftime("%Y-%m-%d")
    )
    assert shown == set(linked[COLUMNS].itertuples(index=False, name=None))
    assert len(shown) == 12


def test_the_gate_would_not_let_the_records_themselves_through():
    with pytest.raises(DisclosureError):
        gate_table(how_we_link.visible_records(), Rule(), name="the twelve")


def test_their_postcodes_are_of_no_area():
    assert how_we_link.visible_records()["postcode"].str.startswith("XX").all()


def test_they_join_a_county_under_their_letters():
    columns = ["partner", "local_id", "forename", "surname", "date_of_birth", "sex", "postcode"]
    empty = pd.DataFrame(columns=columns)
    hospital, council = how_we_link.with_visible(
        empty.assign(patient_id=pd.Series(dtype=object)),
        empty.assign(client_id=pd.Series(dtype=object)),
    )
    assert hospital["patient_id"].tolist() == [f"visible/{letter}" for letter in "ABCDEF"]
    assert council["client_id"].tolist() == [f"visible/{letter}" for letter in "GHIJKL"]


def test_their_truth_joins_the_countys():
    truth = pd.DataFrame(
        columns=["partner", "dataset", "local_id", "person_id", "ethnic_group", "age", "sex"]
    )
    joined = how_we_link.with_visible_truth(truth)
    person = joined.set_index("local_id")["person_id"]
    assert (person < 0).all()
    same = {pair: person[pair[0]] == person[pair[1]] for pair in how_we_link.PAIRS}
    assert same == {"AG": True, "BH": True, "CI": False, "DJ": True, "EK": False, "FL": True}


def test_clusters_are_named_by_letters_and_marked():
    #  A and G rightly together; E and K, twins, wrongly; D and J wrongly apart
    together = {"A": 1, "G": 1, "B": 2, "H": 2, "C": 3, "I": 4, "D": 5, "J": 6, "E": 7, "K": 7}
    together |= {"F": 8, "L": 8}
    clusters = pd.DataFrame(
        [
            ("hospital" if letter in "ABCDEF" else "council", f"visible/{letter}", f"p{entity}")
            for letter, entity in together.items()
        ],
        columns=["source", "id", "entity_id"],
    )
    table = how_we_link.groups(SimpleNamespace(clusters=clusters)).set_index("records")["in_truth"]
    assert set(table[table == "a mistake"].index) == {"D", "J", "E and K"}
    assert table["A and G"] == "one person, complete"
    assert table["C"] == "one person, complete"


def test_sizes_of_clusters_end_with_five_or_more():
    clusters = pd.DataFrame({"entity_id": ["a"] * 7 + ["b"] * 2 + ["c"] + ["d"]})
    table = how_we_link.cluster_sizes(SimpleNamespace(clusters=clusters))
    assert table.to_numpy().tolist() == [["1", 2], ["2", 1], ["5 or more", 1]]


@pytest.mark.parametrize(
    ("bits", "said"),
    #       odds of 16 to 1, of 2 to 1, and of 1 to 2
    [(4, "one person"), (1, "a person decides"), (-1, "two people")],
)
def test_the_model_says_what_the_thresholds_make_of_the_evidence(bits, said):
    evidence = pd.DataFrame({"total": [-20.0, bits]})
    assert how_we_link.verdict(evidence, Thresholds(link=0.9, review=0.5)) == said


def test_the_commonest_causes_are_those_that_the_table_counts_most_of():
    table = pd.DataFrame(
        [
            ("missed", "shares no blocking rule", 2),
            ("missed", "too little evidence", 70),
            ("wrong", "people of one household", 9),
            ("wrong", "joined through a third record", 4),
        ],
        columns=["mistake", "because", "pairs"],
    )
    told = how_we_link.commonest_causes(table, fewest=9)
    cause = "The commonest cause: of missed pairs, “too little evidence”; of wrong pairs, "
    assert told == cause + "“people of one household”"
    assert how_we_link.commonest_causes(table, fewest=10) == cause + "not told of so few"


def test_letters_are_no_identifiers():
    assert personal_kinds(how_we_link.PAIRS) == []
