"""Places for the boxes of a layered graph: Sugiyama's method, with a band for each pilot.

Ranks come from the longest path, the order within a rank from barycentres, and an edge that passes
a rank is led through a gap there; edges from one box into one band share their gaps. It keeps edges
short and does not promise the fewest crossings. No maintained library in pure Python does this:
grandalf rests since 2023, networkx orders no layers, and igraph and Graphviz are compiled.

Sugiyama, K., Tagawa, S. and Toda, M. (1981). Methods for visual understanding of hierarchical
system structures. *IEEE Transactions on Systems, Man, and Cybernetics* 11(2), 109–125.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

_SWEEPS = 4
_GAP = 14.0  # pixels between boxes of one rank
_CLOSE = 5.0  # between those of the first column, which has the most
_LANE = 9.0  # height of the gap that an edge is led through
_BETWEEN = 30.0  # between bands
_HEAD = 26.0  # a band's name

Edge = tuple[str, str]


@dataclass(frozen=True)
class Layout:
    """Where everything goes.

    Attributes
    ----------
    rank : mapping of str to int
        The column of each box, from nought.
    top : mapping of str to float
        The upper edge of each box, in pixels.
    route : mapping of edge to sequence of (int, float)
        The columns that an edge passes between its ends, and the heights at which it does.
    bands : mapping of str to (float, float)
        Top and bottom of each band.
    height : float
    """

    rank: Mapping[str, int]
    top: Mapping[str, float]
    route: Mapping[Edge, Sequence[tuple[int, float]]]
    bands: Mapping[str, tuple[float, float]]
    height: float


def lay_out(
    heights: Mapping[str, float],
    bands: Mapping[str, str],
    edges: Sequence[Edge],
    last: Mapping[str, int],
) -> Layout:
    """Place the boxes of an acyclic graph in columns and bands.

    Parameters
    ----------
    heights : mapping of str to float
        The height of each box, in the order in which boxes were made.
    bands : mapping of str to str
        The band of each box; the empty one is the first column, which has no bands.
    edges : sequence of (str, str)
    last : mapping of str to int
        Boxes that stand in columns after all others, counted from one (values, releases).
    """
    rank = _ranks(heights, edges, last)
    lanes = _lanes(rank, bands, edges)
    sizes = dict(heights) | {lane: _LANE for _, passed in lanes.values() for lane in passed}
    home = dict(bands) | {lane: band for band, passed in lanes.values() for lane in passed}
    column = dict(rank) | {
        lane: rank[start] + place
        for (start, _), (_, passed) in lanes.items()
        for place, lane in enumerate(passed, start=1)
    }
    links = [
        pair
        for edge, (_, passed) in lanes.items()
        for pair in zip((edge[0], *passed), (*passed, edge[1]), strict=True)
    ]
    top, spans = _places(sizes, home, column, links)
    top |= _first_column([box for box in sizes if not home[box]], sizes, top, links)
    least = min(top.values(), default=0.0)
    top = {box: at - min(least, 0.0) for box, at in top.items()}
    spans = {band: (a - min(least, 0.0), b - min(least, 0.0)) for band, (a, b) in spans.items()}
    route = {
        edge: [(column[lane], top[lane] + _LANE / 2) for lane in passed]
        for edge, (_, passed) in lanes.items()
    }
    bottom = max((top[box] + sizes[box] for box in sizes), default=0.0)
    return Layout(rank, {box: top[box] for box in heights}, route, spans, bottom)


def _ranks(
    boxes: Mapping[str, float], edges: Sequence[Edge], last: Mapping[str, int]
) -> dict[str, int]:
    """The longest path to each box; what is made from the last columns has columns after them."""
    later = _after(edges, last)
    mine = [box for box in boxes if box not in later]
    rank = _longest(mine, [e for e in edges if later.isdisjoint(e)], last)
    if later:
        base = max(rank.values(), default=-1) + 1
        theirs = _longest(
            [box for box in boxes if box in later], [e for e in edges if later.issuperset(e)], last
        )
        rank |= {box: base + place for box, place in theirs.items()}
    return rank


def _after(edges: Sequence[Edge], last: Mapping[str, int]) -> set[str]:
    """The boxes that are made from values or releases, such as a case that cites them."""
    found = {end for start, end in edges if start in last and end not in last}
    waiting = list(found)
    while waiting:
        box = waiting.pop()
        more = {end for start, end in edges if start == box} - found
        found |= more
        waiting += more
    return found


def _longest(
    boxes: Sequence[str], edges: Sequence[Edge], last: Mapping[str, int]
) -> dict[str, int]:
    """The longest path to each box, which come in the order in which they were made."""
    rank = dict.fromkeys(boxes, 0)
    for _ in boxes:  # at most as many rounds as a path has boxes
        moved = False
        for start, end in edges:
            if end not in last and rank[end] <= rank[start]:
                rank[end] = rank[start] + 1
                moved = True
        if not moved:
            break
    deepest = max((rank[box] for box in boxes if box not in last), default=0)
    return rank | {box: deepest + place for box, place in last.items() if box in rank}


def _lanes(
    rank: Mapping[str, int], bands: Mapping[str, str], edges: Sequence[Edge]
) -> dict[Edge, tuple[str, list[str]]]:
    """For each edge the gaps that it is led through; edges of one source and band share them."""
    lanes = {}
    for start, end in edges:
        band = bands[end]
        passed = [f"{start} > {band} @ {place}" for place in range(rank[start] + 1, rank[end])]
        lanes[start, end] = (band, passed)
    return lanes


def _places(
    sizes: Mapping[str, float],
    home: Mapping[str, str],
    column: Mapping[str, int],
    links: Sequence[Edge],
) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Stack the boxes of each band, column by column, ordered by where their neighbours lie."""
    top: dict[str, float] = {}
    spans: dict[str, tuple[float, float]] = {}
    neighbours = _neighbours(links)
    at = 0.0
    for band in dict.fromkeys(band for band in home.values() if band):
        columns: dict[int, list[str]] = {}
        for box in (box for box in sizes if home[box] == band):
            columns.setdefault(column[box], []).append(box)
        _order(columns, neighbours)
        tallest = max(_stacked(boxes, sizes) for boxes in columns.values())
        for boxes in columns.values():
            here = at + _HEAD + (tallest - _stacked(boxes, sizes)) / 2
            for box in boxes:
                top[box] = here
                here += sizes[box] + _GAP
        spans[band] = (at, at + _HEAD + tallest)
        at += _HEAD + tallest + _BETWEEN
    return top, spans


def _order(columns: dict[int, list[str]], neighbours: Mapping[str, Sequence[str]]) -> None:
    place = {box: float(i) for boxes in columns.values() for i, box in enumerate(boxes)}
    for sweep in range(_SWEEPS):
        for number in sorted(columns, reverse=sweep % 2 == 1):
            boxes = columns[number]
            centre = {
                box: fmean(
                    [place[n] for n in neighbours.get(box, ()) if n in place] or [place[box]]
                )
                for box in boxes
            }
            boxes.sort(key=centre.__getitem__)
            place |= {box: float(i) for i, box in enumerate(boxes)}


def _first_column(
    boxes: Sequence[str],
    sizes: Mapping[str, float],
    top: Mapping[str, float],
    links: Sequence[Edge],
) -> dict[str, float]:
    """Put each shared box where its users' middle lies, and push neighbours apart."""
    users = _neighbours(links)
    wanted = {
        box: fmean(
            [top[user] + sizes[user] / 2 for user in users.get(box, ()) if user in top] or [0]
        )
        - sizes[box] / 2
        for box in boxes
    }
    ordered = sorted(boxes, key=wanted.__getitem__)
    placed: dict[str, float] = {}
    floor = float("-inf")
    for box in ordered:
        placed[box] = max(wanted[box], floor)
        floor = placed[box] + sizes[box] + _CLOSE
    # Pushed down only, they end up low: move all of them back by what they were pushed on average,
    # but not above the first band, which would begin with a blank.
    pushed = fmean([placed[box] - wanted[box] for box in ordered] or [0])
    pushed = min(pushed, min(placed.values(), default=0.0))
    return {box: at - pushed for box, at in placed.items()}


def _neighbours(links: Sequence[Edge]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for start, end in links:
        found.setdefault(start, []).append(end)
        found.setdefault(end, []).append(start)
    return found


def _stacked(boxes: Sequence[str], sizes: Mapping[str, float]) -> float:
    return sum(sizes[box] for box in boxes) + _GAP * (len(boxes) - 1)
