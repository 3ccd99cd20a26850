"""The graph of what was made from what, read from the last run of each pilot.

Nobody declares an edge: a step's record names every file that it read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from woda_lib.records import CITES, Manifest, Pilot, StepRecord, say_amount, say_label, say_name
from woda_lib.workbench.review.index import IndexedRelease
from woda_lib.workbench.review.pages import say_step

Kind = Literal["extract", "step", "values", "release"]

TRUTH = "truth"
_STATES = {"awaiting": "awaiting sign-off", "void": "signatures void"}
_NOUNS = {  # by folder of the parameters; elsewhere they are rules of a pilot
    "linkage": "linkage rules",
    "agreements": "what was agreed",
    "partnership": "paper",
    "money": "public figures",
}
EXTRACT, _MEASURED = "extract", "measured on arrival"
_MOST = 3  # values that a node names; the list has all


@dataclass(frozen=True)
class Node:
    """One box of the graph.

    Attributes
    ----------
    key : str
        Unlike any other's.
    kind : {"extract", "step", "values", "release"}
    band : str
        The pilot whose band it stands in; empty for extracts, which pilots share.
    lines : tuple of str
        What the box says, the first line loudest.
    said : str
        All of it in a sentence.
    href : str
        Where a click leads; empty where there is no page.
    items : tuple of str
        All values of a box that names a few.
    """

    key: str
    kind: Kind
    band: str
    lines: tuple[str, ...]
    said: str
    href: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graph:
    """Boxes in the order in which they were made, and the edges between their keys."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]

    def into(self, key: str) -> list[Node]:
        """What a node was made from."""
        by_key = {node.key: node for node in self.nodes}
        return [by_key[start] for start, end in self.edges if end == key]

    def related(self, key: str) -> frozenset[tuple[str, str]]:
        """Every edge that leads to a node or on from it, however far away."""
        found: set[tuple[str, str]] = set()
        for here, there in ((0, 1), (1, 0)):
            waiting, seen = [key], {key}
            while waiting:
                name = waiting.pop()
                for edge in self.edges:
                    if edge[here] == name:
                        found.add(edge)
                        if edge[there] not in seen:
                            seen.add(edge[there])
                            waiting.append(edge[there])
        return frozenset(found)


@dataclass(frozen=True)
class Links:
    """Where the boxes of one pilot lead."""

    reports: Mapping[str, str]
    versions: str
    agreements: str


def draw_up(
    pilots: Sequence[Pilot],
    runs: Mapping[str, Manifest],
    releases: Mapping[str, Sequence[IndexedRelease]],
    links: Mapping[str, Links],
) -> Graph:
    """Return the graph of the last runs.

    Parameters
    ----------
    pilots : sequence of Pilot
    runs : mapping of str to Manifest
        The last complete run of each pilot that has one.
    releases : mapping of str to sequence of IndexedRelease
        The oldest first; the newest is shown, and the others are counted.
    links : mapping of str to Links
        By pilot.
    """
    shown = [pilot for pilot in pilots if pilot.pilot in runs]
    nodes: dict[str, Node] = {}
    edges: dict[tuple[str, str], None] = {}
    for pilot in shown:
        for node, sources in _of_pilot(pilot, runs, releases, links[pilot.pilot]):
            for source in sources:
                if source.key not in nodes and source.kind == "extract":
                    nodes[source.key] = source
                edges[source.key, node.key] = None
            nodes[node.key] = node
    kept = [edge for edge in edges if edge[0] in nodes]
    return Graph(tuple(nodes.values()), tuple(kept))


def _of_pilot(
    pilot: Pilot,
    runs: Mapping[str, Manifest],
    releases: Mapping[str, Sequence[IndexedRelease]],
    links: Links,
) -> Iterator[tuple[Node, list[Node]]]:
    valued = []
    for record in runs[pilot.pilot].steps:
        step = _step(record, links)
        cited = [Node(key, "release", "", (), "") for key in _cited(record, runs)]
        yield step, [*_sources(record, links), *cited]
        if record.values:
            values = _values(record, links)
            valued.append(values)
            yield values, [step]
    if found := releases.get(pilot.pilot):
        yield _release(pilot, found, links), valued


def _step(record: StepRecord, links: Links) -> Node:
    return Node(
        f"step:{record.pilot}/{record.step}",
        "step",
        record.pilot,
        (say_step(record.step), record.question),
        f"Step {say_step(record.step)} of {record.pilot}: {record.question}",
        links.reports.get(record.step, ""),
    )


def _sources(record: StepRecord, links: Links) -> list[Node]:
    """The extracts and steps that a step read; of a step only the key counts."""
    # Here, because the room brings pandas.
    from woda_lib.partners.names import say_dataset

    files: dict[str, int] = {}
    paths: dict[str, str] = {}
    for item in record.inputs:
        # A step would stand before itself; and what is cited is told figure by figure.
        if not item.previous and not item.name.startswith(CITES):
            files[item.name] = files.get(item.name, 0) + 1
            paths[item.name] = item.path
    found = []
    for name, count in files.items():
        owner, colon, _ = name.partition(":")
        if owner == TRUTH and colon:
            lines = ("The made-up truth", "planted, to mark answers")
            found.append(Node(f"extract:{TRUTH}", "extract", "", lines, ": ".join(lines)))
        elif "/" in owner and (colon or "." not in owner):
            found.append(Node(f"step:{owner}", "step", "", (), ""))
        else:
            noun = _noun(paths[name])
            files_said = "1 file" if count == 1 else f"{count:,} files"
            path = PurePath(name)
            said = say_name(path.stem) if path.suffix or noun != EXTRACT else say_dataset(name)
            lines = (said, f"{noun}, {files_said}")
            found.append(
                Node(
                    f"extract:{name}",
                    "extract",
                    "",
                    lines,
                    ": ".join(lines),
                    links.agreements if noun == EXTRACT else "",
                )
            )
    return list({node.key: node for node in found}.values())


def _noun(path: str) -> str:
    """What a file is, by the folder that it lies in."""
    above = PurePath(path).parts[:-1]
    if "parameters" in above:
        place = above.index("parameters") + 1
        return _NOUNS.get(above[place] if place < len(above) else "", "rules")
    return _MEASURED if "accepted" in above else EXTRACT


def _cited(record: StepRecord, runs: Mapping[str, Manifest]) -> list[str]:
    """What a step cites: pilots' releases or, in a draft, the values of their runs; by key."""
    found: dict[str, None] = {}
    for figure in record.cited:
        if figure.kind != "cited":
            continue
        if figure.state != "run":
            found[f"release:{figure.owner}"] = None
        elif figure.owner in runs:
            steps = runs[figure.owner].steps
            said = (step for step in steps if figure.name in {v.name for v in step.values})
            found |= {f"values:{figure.owner}/{step.step}": None for step in said}
    return list(found)


def _values(record: StepRecord, links: Links) -> Node:
    said = [f"{say_label(value)}: {say_amount(value)}" for value in record.values]
    more = len(said) - _MOST
    lines = said if more <= 0 else [*said[: _MOST - 1], f"and {more + 1} more"]
    return Node(
        f"values:{record.pilot}/{record.step}",
        "values",
        record.pilot,
        tuple(lines),
        f"Values of step {say_step(record.step)} of {record.pilot}. {'; '.join(said)}",
        links.reports.get(record.step, ""),
        tuple(said),
    )


def _release(pilot: Pilot, releases: Sequence[IndexedRelease], links: Links) -> Node:
    newest = releases[-1]
    state = _STATES.get(newest.state, newest.state)
    earlier = len(releases) - 1
    lines = [f"Version {newest.version}", state]
    if earlier:
        lines.append(f"{earlier} earlier")
    return Node(
        f"release:{pilot.pilot}",
        "release",
        pilot.pilot,
        tuple(lines),
        f"Release {newest.version} of {pilot.title}, {state}, made from run {newest.run_id}",
        links.versions,
    )
