"""The lineage page: the graph where there is room for it, and always the same as a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from woda_lib.records import Manifest, Pilot, RunFolder
from woda_lib.settings import Settings
from woda_lib.workbench.review.index import Index
from woda_lib.workbench.review.lineage.drawing import draw_graph, light_rules
from woda_lib.workbench.review.lineage.graph import Graph, Links, Node, draw_up
from woda_lib.workbench.review.pages import write_page
from woda_lib.workbench.review.places import (
    AGREEMENTS,
    FRONT,
    LINEAGE,
    href,
    site_folder,
    versions_page,
)


def write_lineage(
    settings: Settings,
    index: Index,
    latest: Mapping[str, tuple[RunFolder, Manifest]],
    pilots: Sequence[Pilot],
    *,
    synthetic: bool,
) -> Path:
    """Write ``outputs/site/lineage.html`` from the records of the last runs.

    Parameters
    ----------
    settings : Settings
    index : Index
        Brought up to date; for releases.
    latest : mapping of str to (RunFolder, Manifest)
        The last complete run of each pilot that has one.
    pilots : sequence of Pilot
    synthetic : bool
        Whether any of those runs read made-up data.
    """
    page = site_folder(settings.outputs_folder) / LINEAGE
    graph = draw_up(
        pilots,
        {name: manifest for name, (_, manifest) in latest.items()},
        index.releases,
        {
            pilot.pilot: _links(settings, page, pilot, latest[pilot.pilot][0])
            for pilot in pilots
            if pilot.pilot in latest
        },
    )
    titles = {pilot.pilot: pilot.title for pilot in pilots}
    write_page(
        page,
        "lineage.html",
        graph=Markup(draw_graph(graph, titles)),
        bands=[_band(graph, pilot) for pilot in pilots if pilot.pilot in latest],
        waiting=[pilot for pilot in pilots if pilot.pilot not in latest],
        rules=Markup(light_rules(graph)),
        synthetic=synthetic,
        front=FRONT,
        here=LINEAGE,
    )
    return page


@dataclass(frozen=True)
class _Step:
    """A step of the list: what it read, and what it found."""

    node: Node
    sources: tuple[Node, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class _Band:
    """A pilot of the list."""

    pilot: Pilot
    steps: tuple[_Step, ...]
    release: Node | None


def _band(graph: Graph, pilot: Pilot) -> _Band:
    own = [node for node in graph.nodes if node.band == pilot.pilot]
    values = {node.key.removeprefix("values:"): node for node in own if node.kind == "values"}
    steps = []
    for node in own:
        if node.kind == "step":
            found = values.get(node.key.removeprefix("step:"))
            items = found.items if found else ()
            steps.append(_Step(node, tuple(graph.into(node.key)), items))
    release = next((node for node in own if node.kind == "release"), None)
    return _Band(pilot, tuple(steps), release)


def _links(settings: Settings, page: Path, pilot: Pilot, run: RunFolder) -> Links:
    reports = {
        step.name: href(run.report(step.name), page)
        for step in pilot.steps
        if run.report(step.name).is_file()
    }
    versions = href(versions_page(settings.outputs_folder, pilot.pilot), page)
    return Links(reports, versions, f"{AGREEMENTS}#a-{pilot.agreement}")
