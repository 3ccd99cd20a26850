"""What the house draws with: colours by role, the kinds of lines, widths and sizes of text."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

TOKENS: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#ffffff",
        "ink": "#1d1a21",
        "ink2": "#4f4a55",
        "rule": "#dedade",
        "edge": "#85808a",
        "plum": "#74214f",
        "blue": "#0a5ea6",
        "orange": "#ac4500",
        "green": "#1b6a4d",
        "red": "#a61f1b",
        "ctl": "#77727d",
        "band": "#eadee5",
    }
)
"""Colours by role, in their light value; `band` is plum at 15% on paper."""

LINES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "observed": {"color": TOKENS["ink"], "lw": 0.5, "marker": "o", "ms": 3.2, "mew": 0},
        "fitted": {"color": TOKENS["ink"], "lw": 1.8},
        "counterfactual": {"color": TOKENS["plum"], "lw": 1.8, "ls": (0, (2.9, 1.7))},
        "comparison": {"color": TOKENS["ctl"], "lw": 1.05},
        "event": {
            "color": TOKENS["ink"],
            "lw": 1.0,
            "ls": (0, (0.1, 2.6)),
            "dash_capstyle": "round",
        },
        "limit": {"color": TOKENS["ctl"], "lw": 0.9, "ls": (0, (2.0, 3.0))},
        "mean": {"color": TOKENS["ink"], "lw": 0.9},
        "target": {"color": TOKENS["ink"], "lw": 0.9, "ls": (0, (8.0, 2.5, 1.6, 2.5))},
        "primary": {"color": TOKENS["ink"], "lw": 1.8},
        "other": {"color": TOKENS["ctl"], "lw": 1.2},
    }
)
"""What each kind of line looks like: keyword arguments of `Axes.plot`, sizes in points."""

WIDTHS = {False: 7.6, True: 3.0}  # inches; 3.0 in is the text column of a 320 px screen
TEXT = {False: 10.25, True: 9.5}  # points
SMALLEST_TEXT = 9.0  # points: 12 px at the figure's natural size
