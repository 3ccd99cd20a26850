"""Colours of a map: ramps from light to dark in one hue, and kinds that differ in more than hue.

A ramp goes evenly from light to dark in OKLab (Ottosson 2020), so that its order is seen without
any colour vision, on a grey print and on a poor projector. Kinds have no order: each has a colour
and, beside it, a pattern or a letter of its own.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from woda_lib.figures import TOKENS

Hue = Literal["plum", "blue", "orange", "green"]
HUES: tuple[Hue, ...] = ("plum", "blue", "orange", "green")
HATCHES = ("none", "diagonal", "dots", "horizontal", "cross", "vertical", "back")
"""Patterns that the page can draw over a colour; `none` is the plain colour."""

_LIGHT, _DARK = 0.95, 0.38
_OF_KINDS = 0.84  # lightness of a kind: dark enough to tell hues, light enough for a pattern
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def ramp(number: int, hue: Hue = "plum") -> tuple[str, ...]:
    """Return colours from light to dark.

    Parameters
    ----------
    number : int
        How many classes, 1 or more.
    hue : {"plum", "blue", "orange", "green"}
        A token of the house's figures.

    Returns
    -------
    tuple of str
        ``#rrggbb``, the lightest first.
    """
    lightness, a, b = _to_lab(TOKENS[hue])
    steps = np.linspace(_LIGHT, _DARK, number) if number > 1 else np.array([(_LIGHT + _DARK) / 2])
    # Chroma swells from a breath at the light end to the token's own, and stays inside sRGB.
    chroma = np.clip((_LIGHT + 0.03 - steps) / (_LIGHT - lightness), 0.12, 1.0)
    return tuple(
        _to_hex(np.array([light, a * c, b * c])) for light, c in zip(steps, chroma, strict=True)
    )


def kinds(number: int) -> tuple[tuple[str, str], ...]:
    """Return a colour and a pattern for each of some kinds that have no order.

    Returns
    -------
    tuple of (str, str)
        ``#rrggbb`` and one of `HATCHES`; no two pairs are alike for up to 28 kinds.
    """
    light = [_lightened(TOKENS[hue], _OF_KINDS) for hue in ("green", "blue", "orange", "plum")]
    pairs = [(colour, hatch) for hatch in HATCHES for colour in light]
    # Neighbours in the legend differ in both colour and pattern.
    order = sorted(range(len(pairs)), key=lambda i: (i // 4 + i % 4) % len(HATCHES) * 4 + i % 4)
    return tuple(pairs[order[i % len(pairs)]] for i in range(number))


def look(said: str) -> tuple[str, str]:
    """Return the colour and the pattern of a kind that the configuration calls ``green dots``."""
    hue, _, hatch = said.partition(" ")
    return _lightened(TOKENS[hue], _OF_KINDS), hatch or "none"


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``, 0 to 1 (WCAG 2.2)."""
    return float(_linear(colour) @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _lightened(colour: str, lightness: float) -> str:
    _, a, b = _to_lab(colour)
    return _to_hex(np.array([lightness, 0.6 * a, 0.6 * b]))


def _linear(colour: str) -> NDArray[np.float64]:
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def _to_lab(colour: str) -> NDArray[np.float64]:
    found: NDArray[np.float64] = _TO_LAB @ np.cbrt(_TO_LMS @ _linear(colour))
    return found


def _to_hex(lab: NDArray[np.float64]) -> str:
    linear = np.linalg.inv(_TO_LMS) @ (np.linalg.inv(_TO_LAB) @ lab) ** 3
    linear = np.clip(linear, 0, 1)
    parts = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(part) * 255):02x}" for part in parts)
