"""What a person decided about a pair outranks the model."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.linkage.people import A, specification, table
from woda_lib.linkage import DecisionError, LinkageSpec, link
from woda_lib.linkage.decisions import in_force, read_decisions

# Mary Smith of the hospital is b1 for the model; a3 shares nothing with anyone.
B = table(
    """
    id  forename surname born       postcode
    b1  Mary     Smith   1931-09-20 WR1_2AB
    b2  John     Brown   1948-02-11 WR9_8XY
    b3  Zoe      Quill   1988-08-08 HR1_1HR
    """
)
HEADING = "left_source,left_id,right_source,right_id,decision,by,on,reason\n"


def decided(folder: Path, *rows: str) -> str:
    path = folder / "people.csv"
    path.write_text(HEADING + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return str(path)


def members(clusters: pd.DataFrame) -> set[str]:
    return {" ".join(group) for _, group in clusters.groupby("entity_id")["id"]}


def linked(spec: LinkageSpec) -> set[str]:
    return members(link({"a": A, "b": B}, spec, engine="recordlinkage").clusters)


def test_without_decisions_the_model_decides() -> None:
    assert linked(specification()) == {"a1 b1", "a2 b2", "a3", "b3"}


def test_a_cannot_link_parts_what_the_model_links(tmp_path: Path) -> None:
    file = decided(tmp_path, "a,a1,b,b1,cannot_link,Jo,2024-05-31,two cousins")
    assert linked(specification(decisions=[file])) == {"a1", "b1", "a2 b2", "a3", "b3"}


def test_a_must_link_joins_records_that_share_nothing(tmp_path: Path) -> None:
    file = decided(tmp_path, "a,a3,b,b3,must_link,Jo,2024-05-31,changed her name")
    spec = specification(decisions=[file])
    result = link({"a": A, "b": B}, spec, engine="recordlinkage")
    assert members(result.clusters) == {"a1 b1", "a2 b2", "a3 b3"}
    pair = result.links.set_index("left_id").loc["a3"]
    assert pair["match_probability"] == 1  # the decision
    assert pair["match_weight"] < 0  # the evidence, which it outranks


def test_must_links_join_through_each_other(tmp_path: Path) -> None:
    file = decided(
        tmp_path,
        "a,a3,b,b3,must_link,Jo,2024-05-31,",
        "b,b3,a,a2,must_link,Jo,2024-05-31,",
    )
    assert linked(specification(decisions=[file])) == {"a1 b1", "a2 a3 b2 b3"}


def test_a_decision_outranks_what_is_said_of_a_source(tmp_path: Path) -> None:
    sources = [{"name": "a", "id": "id", "free_of_duplicates": True}, {"name": "b", "id": "id"}]
    file = decided(tmp_path, "a,a1,a,a3,must_link,Jo,2024-05-31,registered twice")
    spec = specification(sources=sources, decisions=[file])
    assert linked(spec) == {"a1 a3 b1", "a2 b2", "b3"}


def test_the_newest_decision_counts_and_undecided_takes_it_back(tmp_path: Path) -> None:
    rows = [
        "a,a1,b,b1,cannot_link,Jo,2024-05-31,",
        "b,b1,a,a1,must_link,Al,2024-06-30,the same pair, turned".replace(", turned", " turned"),
        "a,a2,b,b2,cannot_link,Jo,2024-06-30,",
        "a,a2,b,b2,undecided,Jo,2024-07-31,",
    ]
    counting = in_force(read_decisions([decided(tmp_path, *rows)], ["a", "b"]))
    assert counting[["left_id", "right_id", "decision", "by"]].to_numpy().tolist() == [
        ["a1", "b1", "must_link", "Al"]
    ]


def test_a_decision_waits_for_a_record_that_is_not_there(tmp_path: Path) -> None:
    file = decided(tmp_path, "a,a99,b,b3,must_link,Jo,2024-05-31,")
    assert linked(specification(decisions=[file])) == {"a1 b1", "a2 b2", "a3", "b3"}


def test_the_store_remembers_decisions_when_the_file_is_gone(tmp_path: Path) -> None:
    file = decided(tmp_path, "a,a1,b,b1,cannot_link,Jo,2024-05-31,two cousins")
    frames = {"a": A, "b": B}
    first = link(frames, specification(decisions=[file]), engine="recordlinkage")
    second = link(
        frames,
        specification(),
        engine="recordlinkage",
        previous=first.store,
        on=date(2024, 6, 1),
        run="second",
    )
    assert members(second.clusters) == {"a1", "b1", "a2 b2", "a3", "b3"}
    assert second.store.decisions["reason"].tolist() == ["two cousins"]


def test_identifiers_may_be_numbers(tmp_path: Path) -> None:
    file = decided(tmp_path, "a,3,b,b3,must_link,Jo,2024-05-31,")
    numbered = A.assign(id=np.array([1, 2, 3]))
    spec = specification(decisions=[file])
    clusters = link({"a": numbered, "b": B}, spec, engine="recordlinkage").clusters
    entity = clusters.set_index("id")["entity_id"]
    assert entity[3] == entity["b3"]


def test_a_path_starts_at_the_folder_of_the_specification(tmp_path: Path) -> None:
    import yaml

    decided(tmp_path, "a,a1,b,b1,cannot_link,Jo,2024-05-31,two cousins")
    content = specification(decisions=["people.csv"]).model_dump(by_alias=True, mode="json")
    for comparison in content["comparisons"]:
        comparison["levels"] = [
            {key: value for key, value in level.items() if value is not None}
            for level in comparison["levels"]
        ]
    (tmp_path / "people.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    assert "a1" in linked(LinkageSpec.from_yaml(tmp_path / "people.yaml"))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["a,a1,b,b1,must_lnk,Jo,2024-05-31,"], "row 2: 'decision' must be one of must_link"),
        (
            ["a,a1,b,b1,must_link,Jo,2024-05-31,", "a,a1,b,b2,must_link,Jo,31/05/2024,"],
            "row 3: 'on' must be a date such as 2024-05-31",
        ),
        (["a,a1,b,b1,must_link,,2024-05-31,"], "row 2: 'by' is empty"),
        (["a,,b,b1,must_link,Jo,2024-05-31,"], "row 2: an identifier is empty"),
        (["a,a1,c,b1,must_link,Jo,2024-05-31,"], "row 2: a source is none of the specification's"),
        (["a,a1,a,a1,must_link,Jo,2024-05-31,"], "row 2: both sides are the same record"),
        (
            [
                "a,a1,b,b1,must_link,Jo,2024-05-31,",
                "a,a2,b,b1,must_link,Jo,2024-05-31,",
                "a,a1,a,a2,cannot_link,Al,2024-05-31,",
            ],
            "row 4: this keeps two records apart that must_link decisions make one entity",
        ),
        (
            [f"a,a{n},a,a{n + 1},must_link,Jo,2024-05-31," for n in range(401)],
            "row 2: this belongs to must_link decisions that join more than 400 records",
        ),
    ],
)
def test_a_decision_that_cannot_stand_is_named_with_its_row(
    tmp_path: Path, rows: list[str], sentence: str
) -> None:
    spec = specification(decisions=[decided(tmp_path, *rows)])
    with pytest.raises(DecisionError, match=sentence) as caught:
        link({"a": A, "b": B}, spec, engine="recordlinkage")
    assert "people.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"left_source,left_id\na,a1\n", "row 1: there is no column 'right_source'"),
        (b"\xff\xfe\x00", "is not a CSV file in UTF-8"),
        (b"", "is not a CSV file in UTF-8"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_is_none_is_named(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    path = tmp_path / "people.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DecisionError, match=sentence):
        read_decisions([path], ["a", "b"])


def test_a_file_with_a_heading_only_is_no_decision(tmp_path: Path) -> None:
    assert linked(specification(decisions=[decided(tmp_path)])) == linked(specification())
