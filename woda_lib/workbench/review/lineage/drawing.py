"""The graph as SVG: boxes that are links, edges that light up with their box, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import escape

from woda_lib.workbench.review.lineage.graph import EXTRACT, Graph, Node
from woda_lib.workbench.review.lineage.layers import Edge, Layout, lay_out

_WIDE, _BETWEEN = 188.0, 38.0  # a box, and the room for edges beside it
_LINE, _PAD = 16.0, 9.0
_TOP = 34.0  # the names of the columns
_LETTERS = 26  # of 13.5 px that fit into a box
_LAST = {"values": 1, "release": 2}
_COLUMNS = {"extract": "Extracts and rules", "values": "Values", "release": "Releases"}


def draw_graph(graph: Graph, titles: Mapping[str, str]) -> str:
    """Return the graph as SVG, each box a link with its title.

    Parameters
    ----------
    graph : Graph
    titles : mapping of str to str
        The name of each band's pilot.
    """
    lines = {node.key: _wrapped(node) for node in graph.nodes}
    heights = {key: len(said) * _LINE + 2 * _PAD for key, said in lines.items()}
    layout = lay_out(
        heights,
        {node.key: node.band for node in graph.nodes},
        graph.edges,
        {node.key: _LAST[node.kind] for node in graph.nodes if node.kind in _LAST},
    )
    number = {node.key: place for place, node in enumerate(graph.nodes)}
    lit: dict[Edge, list[str]] = {edge: [] for edge in graph.edges}
    for node in graph.nodes:
        for edge in graph.related(node.key):
            lit[edge].append(f"e{number[node.key]}")
    parts = [
        *_bands(layout, titles),
        *_columns(graph, layout),
        *(
            f'<path class="{" ".join(["edge", *lit[edge]])}" d="{_curve(edge, layout, heights)}"/>'
            for edge in graph.edges
        ),
        *(_box(node, lines[node.key], layout, number[node.key]) for node in graph.nodes),
    ]
    width = _left(max(layout.rank.values(), default=0)) + _WIDE + 2
    return (
        f'<svg class="lineage" viewBox="0 0 {width:.0f} {layout.height + _TOP + 4:.0f}" '
        f'style="min-width: {width * 0.9:.0f}px" role="group" aria-labelledby="l-title l-desc">'
        f'<title id="l-title">Where the numbers come from</title><desc id="l-desc">'
        f"{escape(_described(graph))}</desc>{''.join(parts)}</svg>"
    )


def light_rules(graph: Graph) -> str:
    """Return the style that marks the edges of the box under the pointer or with the focus."""
    return "".join(
        f".lineage:has(.n{i}:is(:hover,:focus)) .e{i}{{stroke:var(--plum);stroke-width:2.4}}"
        for i, _ in enumerate(graph.nodes)
    )


def _described(graph: Graph) -> str:
    def count(kind: str, one: str, several: str) -> str:
        number = sum(node.kind == kind for node in graph.nodes)
        return f"{number} {one if number == 1 else several}"

    return (
        f"A graph from left to right: {count('extract', 'extract', 'extracts')}, "
        f"{count('step', 'step', 'steps')}, the values of "
        f"{count('values', 'step', 'steps')} and {count('release', 'release', 'releases')}. "
        "The list below the graph says the same."
    )


def _bands(layout: Layout, titles: Mapping[str, str]) -> list[str]:
    left = _left(1)
    right = _left(max(layout.rank.values(), default=0)) + _WIDE
    parts = []
    for band, (top, _) in layout.bands.items():
        at = top + _TOP
        parts.append(f'<path class="rule" d="M{left:.0f} {at - 8:.1f}H{right:.0f}"/>')
        parts.append(
            f'<text class="band" x="{left:.0f}" y="{at + 10:.1f}">{escape(titles[band])}</text>'
        )
    return parts


def _columns(graph: Graph, layout: Layout) -> list[str]:
    named: dict[int, str] = {}
    ranks = [layout.rank[node.key] for node in graph.nodes if node.kind in _LAST]
    for node in graph.nodes:
        if node.kind == "step":
            rank = layout.rank[node.key]  # those that cite stand after what they cite
            named.setdefault(rank if rank > min(ranks, default=rank) else min(rank, 1), "Steps")
        else:
            named[layout.rank[node.key]] = _COLUMNS[node.kind]
    return [
        f'<text class="col" x="{_left(rank):.0f}" y="14">{name}</text>'
        for rank, name in sorted(named.items())
    ]


def _box(node: Node, lines: Sequence[str], layout: Layout, number: int) -> str:
    x, y = _left(layout.rank[node.key]), layout.top[node.key] + _TOP
    height = len(lines) * _LINE + 2 * _PAD
    words = "".join(
        f'<text class="{"first" if place == 0 else "more"}" x="{x + 10:.0f}" '
        f'y="{y + _PAD + 12 + place * _LINE:.1f}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    drawn = (
        f"<title>{escape(node.said)}</title>"
        f'<rect x="{x:.0f}" y="{y:.1f}" width="{_WIDE:.0f}" height="{height:.1f}"/>{words}'
    )
    classes = f"{node.kind} n{number}"
    if node.href:
        return (
            f'<a class="{classes}" href="{escape(node.href)}" '
            f'aria-label="{escape(node.said)}">{drawn}</a>'
        )
    return f'<g class="{classes}" role="img" aria-label="{escape(node.said)}">{drawn}</g>'


def _curve(edge: Edge, layout: Layout, heights: Mapping[str, float]) -> str:
    """From the right of one box to the left of another, level through each gap between."""
    start, end = edge
    x = _left(layout.rank[start]) + _WIDE
    y = layout.top[start] + heights[start] / 2 + _TOP
    path = f"M{x:.1f} {y:.1f}"
    for rank, height in layout.route[edge]:
        path += _bend(x, y, _left(rank), height + _TOP) + f"H{_left(rank) + _WIDE:.1f}"
        x, y = _left(rank) + _WIDE, height + _TOP
    return path + _bend(x, y, _left(layout.rank[end]), layout.top[end] + heights[end] / 2 + _TOP)


def _bend(x: float, y: float, to_x: float, to_y: float) -> str:
    half = (x + to_x) / 2
    return f"C{half:.1f} {y:.1f} {half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"


def _left(rank: int) -> float:
    return 1 + rank * (_WIDE + _BETWEEN)


def _wrapped(node: Node) -> list[str]:
    """The lines of a box; a question or a value may take two, and what is too long is cut."""
    if node.kind == "step":
        name, question = node.lines
        return [_cut(name), *_two_lines(question)]
    if node.kind == "extract":  # of which there are most: one line, and in it what it is, if other
        name, noun = node.lines
        return [_cut(name if noun.startswith(EXTRACT) else f"{name}, {noun.split(', ')[0]}")]
    if node.kind == "values":
        return [part for line in node.lines for part in _two_lines(line)]
    return [_cut(line) for line in node.lines]


def _two_lines(text: str) -> list[str]:
    first = ""
    words = text.split()
    while words and len(f"{first} {words[0]}".strip()) <= _LETTERS:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    return [line for line in (first, _cut(rest)) if line]


def _cut(line: str) -> str:
    """Shorten a line that is too long; of a value its name, and never its number."""
    if len(line) <= _LETTERS:
        return line
    name, colon, amount = line.rpartition(": ")
    room = _LETTERS - 1 - len(colon) - len(amount)
    if name and room > 0:
        return f"{name[:room].rstrip()}…{colon}{amount}"
    return f"{line[: _LETTERS - 1].rstrip()}…"
