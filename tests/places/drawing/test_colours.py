"""Ramps are told apart without colour vision, and letters are read on what they stand on."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from woda_lib.figures import TOKENS
from woda_lib.places.drawing.colours import HUES, contrast, kinds, luminance, ramp
from woda_lib.places.drawing.points import _TONES, letters_of

# Machado, Oliveira and Fernandes (2009), full severity, on linear RGB.
DEFICIENCIES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def _seen_with(colour: str, matrix: list[list[float]]) -> float:
    """The luminance of a colour as somebody with a deficiency sees it."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(np.clip(np.array(matrix) @ linear, 0, 1) @ np.array([0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("hue", HUES)
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_a_ramp_falls_from_light_to_dark_for_everybody(hue: str, deficiency: str) -> None:
    shades = ramp(7, hue)  # type: ignore[arg-type]
    seen = [_seen_with(shade, DEFICIENCIES[deficiency]) for shade in shades]
    assert seen == sorted(seen, reverse=True)
    steps = [(a + 0.05) / (b + 0.05) for a, b in pairwise(seen)]
    assert min(steps) > 1.15


@pytest.mark.parametrize("hue", HUES)
def test_the_ends_of_a_ramp_are_far_apart(hue: str) -> None:
    shades = ramp(5, hue)  # type: ignore[arg-type]
    assert contrast(shades[0], shades[-1]) > 7
    assert luminance(shades[0]) > 0.8


def test_no_two_kinds_look_alike_and_neighbours_differ_in_colour_and_pattern() -> None:
    looks = kinds(28)
    assert len(set(looks)) == 28
    for (colour, hatch), (other_colour, other_hatch) in pairwise(looks):
        assert colour != other_colour
        assert hatch != other_hatch


def test_letters_are_read_on_their_badges() -> None:
    assert min(contrast(TOKENS[tone], TOKENS["paper"]) for tone in _TONES) >= 4.5


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)  # WCAG's own example


def test_kinds_that_begin_alike_get_a_second_letter() -> None:
    given = letters_of(["clinic", "community centre", "depot", "care home"])
    assert given == {"clinic": "C", "community centre": "Co", "depot": "D", "care home": "Ca"}
