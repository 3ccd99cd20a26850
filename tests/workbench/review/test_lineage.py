"""The graph of what was made from what, and the places of its boxes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.workbench.review.runs import BEFORE, inputs, pilot, record, workbench, write_run
from woda_lib.records import CitedFigure, Manifest, read_manifest
from woda_lib.workbench.review.index import Index, IndexedRelease
from woda_lib.workbench.review.lineage import write_lineage
from woda_lib.workbench.review.lineage.drawing import draw_graph
from woda_lib.workbench.review.lineage.graph import Graph, Links, draw_up
from woda_lib.workbench.review.lineage.layers import Layout, lay_out

NOWHERE = Links({}, "versions.html", "agreements.html")


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    link = record("1_link", inputs=inputs({"clients": {"a.csv": "1", "b.csv": "2"}}), values=())
    evaluate = record(
        inputs=inputs(
            {
                "patient_flow/1_link:pairs": {"pairs.parquet": "1"},
                "hospital_spells": {"a.csv": "1"},
                "truth:effect": {"effect.json": "1"},
            }
        )
    )
    return read_manifest(write_run(tmp_path / "outputs", BEFORE, link, evaluate))


@pytest.fixture
def graph(manifest: Manifest) -> Graph:
    return draw_up([pilot()], {"patient_flow": manifest}, {}, {"patient_flow": NOWHERE})


def test_edges_follow_what_each_step_read(graph: Graph) -> None:
    assert set(graph.edges) == {
        ("extract:clients", "step:patient_flow/1_link"),
        ("step:patient_flow/1_link", "step:patient_flow/2_evaluate"),
        ("extract:hospital_spells", "step:patient_flow/2_evaluate"),
        ("extract:truth", "step:patient_flow/2_evaluate"),
        ("step:patient_flow/2_evaluate", "values:patient_flow/2_evaluate"),
    }
    said = {node.key: node.lines for node in graph.nodes}
    assert said["extract:hospital_spells"] == ("Hospital stays", "extract, 1 file")
    assert said["extract:clients"] == ("Clients", "extract, 2 files")
    assert said["values:patient_flow/2_evaluate"] == ("Days saved: 2.4 days",)


@pytest.mark.parametrize(
    ("path", "noun"),
    [
        ("parameters/linkage/people.yaml", "linkage rules"),
        ("parameters/agreements/patient_flow.yaml", "what was agreed"),
        ("parameters/partnership/business_case.md", "paper"),
        ("parameters/money/gdp_deflators.yaml", "public figures"),
        ("parameters/triage/urgency.yaml", "rules"),
        ("accepted/demo/patient_flow/clients.quality.json", "measured on arrival"),
        ("demo/county_council/clients_2024-03.csv", "extract"),
    ],
)
def test_what_a_file_is_follows_from_its_folder(tmp_path: Path, path: str, noun: str) -> None:
    read = inputs({"what_is_read.yaml": {"x": "1"}})[0].model_copy(update={"path": path})
    run = write_run(tmp_path / "outputs", BEFORE, record("1_link", inputs=(read,), values=()))
    graph = draw_up([pilot()], {"patient_flow": read_manifest(run)}, {}, {"patient_flow": NOWHERE})
    box = next(node for node in graph.nodes if node.kind == "extract")
    assert box.lines == ("What is read", f"{noun}, 1 file")
    assert bool(box.href) == (noun == "extract")
    drawn = BeautifulSoup(draw_graph(graph, {"patient_flow": "Flow"}), "html.parser")
    line = "What is read" if noun == "extract" else f"What is read, {noun}"
    assert [text.get_text()[:25] for text in drawn.select(".extract text")] == [line[:25]]


def test_the_first_column_begins_where_the_first_band_does() -> None:
    read = {f"x{number}": "" for number in range(20)}
    layout = placed([(name, "a") for name in read], read | {"a": "p", "b": "p"}, {})
    assert min(layout.top[name] for name in read) >= layout.bands["p"][0] == 0
    assert layout.top["a"] < 100


def test_a_box_is_related_to_all_it_comes_from_and_leads_to_and_to_nothing_else(
    graph: Graph,
) -> None:
    related = graph.related("extract:clients")
    assert ("step:patient_flow/2_evaluate", "values:patient_flow/2_evaluate") in related
    assert ("extract:hospital_spells", "step:patient_flow/2_evaluate") not in related


def placed(
    edges: list[tuple[str, str]], bands: Mapping[str, str], last: Mapping[str, int]
) -> Layout:
    return lay_out(dict.fromkeys(bands, 40.0), bands, edges, last)


def test_a_box_stands_right_of_everything_it_comes_from() -> None:
    edges = [("x", "a"), ("a", "b"), ("x", "b"), ("b", "c"), ("a", "v")]
    layout = placed(edges, {"x": "", "a": "p", "b": "p", "c": "p", "v": "p"}, {"v": 1})
    assert layout.rank == {"x": 0, "a": 1, "b": 2, "c": 3, "v": 4}


def test_an_edge_that_passes_a_column_is_led_through_a_gap_there() -> None:
    edges = [("x", "a"), ("a", "b"), ("x", "b")]
    layout = placed(edges, {"x": "", "a": "p", "b": "p"}, {})
    assert layout.route["x", "a"] == []
    ((column, height),) = layout.route["x", "b"]
    assert column == 1
    assert not layout.top["a"] <= height <= layout.top["a"] + 40


def test_no_two_boxes_of_eight_pilots_overlap_and_no_gap_crosses_a_box() -> None:
    bands = {f"x{i}": "" for i in range(12)}
    edges, last = [], {}
    for p in range(8):
        own = [f"{p}:{step}" for step in range(4)]
        bands |= dict.fromkeys((*own, f"{p}:v", f"{p}:r"), f"pilot {p}")
        last |= {f"{p}:v": 1, f"{p}:r": 2}
        edges += [(own[0], own[1]), (own[0], own[2]), (own[1], own[3])]
        edges += [(own[3], f"{p}:v"), (own[1], f"{p}:v"), (f"{p}:v", f"{p}:r")]
        edges += [(f"x{(p + i) % 12}", own[i]) for i in range(4)]
    layout = placed(edges, bands, last)
    boxes = {box: (layout.rank[box], top, top + 40) for box, top in layout.top.items()}
    for (_, low, high), (_, other_low, other_high) in (
        pair for pair in combinations(boxes.values(), 2) if pair[0][0] == pair[1][0]
    ):
        assert high <= other_low or other_high <= low
    for passed in layout.route.values():
        for column, height in passed:
            crossed = [
                b for b, (rank, top, end) in boxes.items() if rank == column and top < height < end
            ]
            assert crossed == []
    for band, (top, end) in layout.bands.items():
        own = [box for box, home in bands.items() if home == band]
        assert all(top <= boxes[box][1] and boxes[box][2] <= end + 0.1 for box in own)


def test_the_page_links_its_boxes_and_says_the_same_as_a_list(
    tmp_path: Path, manifest: Manifest
) -> None:
    settings = workbench(tmp_path, pilot(), pilot(pilot="asset_map", title="Asset map"))
    run = write_run(settings.outputs_folder, BEFORE, *manifest.steps)
    page = write_lineage(
        settings,
        Index(),
        {"patient_flow": (run, manifest)},
        [pilot(), pilot(pilot="asset_map", title="Asset map")],
        synthetic=True,
    )
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    drawn = {link["href"] for link in soup.select("svg.lineage a")}
    listed = {link["href"] for link in soup.select(".aslist a")}
    report = f"../patient_flow/{BEFORE}/2_evaluate.html"
    assert report in drawn & listed
    assert "agreements.html#a-flow" in drawn & listed
    for link in drawn:
        target = (page.parent / link.partition("#")[0]).resolve()
        assert target.is_file() or target.name == "agreements.html"
    assert "Not run yet, and so without lineage: Asset map." in soup.text
    assert "Reads: step 1. Link" in " ".join(soup.select_one(".aslist").text.split())


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Days saved for each person", ["Days saved for each", "person: 2.4 days"]),
        (
            "Days saved without any comparison of hospitals",
            ["Days saved without any", "comparison of h…: 2.4 days"],
        ),
    ],
)
def test_a_value_takes_two_lines_and_keeps_its_number(
    manifest: Manifest, label: str, lines: list[str]
) -> None:
    long = record().values[0].model_copy(update={"label": label})
    steps = (*manifest.steps[:-1], manifest.steps[-1].model_copy(update={"values": (long,)}))
    graph = draw_up(
        [pilot()],
        {"patient_flow": manifest.model_copy(update={"steps": steps})},
        {},
        {"patient_flow": NOWHERE},
    )
    drawn = BeautifulSoup(draw_graph(graph, {"patient_flow": "Patient flow"}), "html.parser")
    assert [text.get_text() for text in drawn.select(".values text")] == lines


def test_a_case_stands_right_of_the_releases_that_it_cites() -> None:
    boxes = ["extract", "step", "values", "release", "aside", "case", "its values", "its release"]
    bands = dict.fromkeys(boxes[1:4], "flow") | dict.fromkeys(boxes[4:], "case") | {"extract": ""}
    last = {"values": 1, "release": 2, "its values": 1, "its release": 2}
    edges = [
        *(("extract", "step"), ("step", "values"), ("values", "release")),
        *(("release", "case"), ("case", "its values"), ("its values", "its release")),
    ]
    layout = lay_out(dict.fromkeys(boxes, 40.0), bands, edges, last)
    assert [layout.rank[box] for box in boxes] == [0, 1, 2, 3, 0, 4, 5, 6]


@pytest.mark.parametrize(
    ("state", "source"), [("signed", "release:flow"), ("run", "values:flow/2_evaluate")]
)
def test_a_case_is_made_from_what_it_cites(manifest: Manifest, state: str, source: str) -> None:
    flow = manifest.model_copy(update={"pilot": "flow"})
    figure = CitedFigure(
        named="flow/days_saved", kind="cited", source="flow@1.0/days_saved", value=2.4, state=state
    )
    cited = inputs({"cites flow": {"outputs/releases/flow/1.0/release.json": "1"}})
    step = record("1_case", inputs=cited, values=()).model_copy(
        update={"pilot": "case", "cited": (figure,)}
    )
    case = manifest.model_copy(update={"pilot": "case", "steps": (step,)})
    pilots = [pilot().model_copy(update={"pilot": name}) for name in ("case", "flow")]
    graph = draw_up(
        pilots,
        {"flow": _renamed(flow), "case": case},
        {"flow": [released("flow")]},
        {"flow": NOWHERE, "case": NOWHERE},
    )
    assert [node.key for node in graph.into("step:case/1_case")] == [source]
    assert not [node for node in graph.nodes if "cites" in node.said.lower()]


def _renamed(manifest: Manifest) -> Manifest:
    steps = tuple(step.model_copy(update={"pilot": manifest.pilot}) for step in manifest.steps)
    return manifest.model_copy(update={"steps": steps})


def released(name: str) -> IndexedRelease:
    return IndexedRelease(
        pilot=name,
        version="1.0",
        run_id=BEFORE,
        author="Anna",
        released=datetime(2025, 4, 1, tzinfo=UTC),
        question="How many?",
        answer="Some.",
        values=(),
        parameters={},
        synthetic=True,
        previous=None,
        changes=(),
        state="signed",
        signers=(),
        why="",
    )
