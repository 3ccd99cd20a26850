"""Run every cell of the proof in two processes, and judge what comes out."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from tests.evaluation.calibration.designs import DESIGNS
from tests.evaluation.calibration.score import (
    CELLS,
    EFFECT,
    FALSE_POSITIVES,
    LENGTHS,
    MIDDLE,
    Bar,
    Cell,
    Score,
    Verdict,
    coverage_bar,
)
from tests.evaluation.calibration.stress import STRESSES

PROCESSES = 2


@dataclass(frozen=True)
class Judgement:
    """One bar of one design at one length, and how it was met."""

    design: str
    months: int
    what: str
    share: float
    bar: Bar
    verdict: Verdict


def prove() -> tuple[list[Score], list[Score]]:
    """Count every cell of every design, and every stress, the longest first."""
    todo = [
        (name, months, cell, effect)
        for name in sorted(DESIGNS, key=lambda each: DESIGNS[each].histories)
        for months in LENGTHS
        for cell in CELLS
        for effect in (EFFECT, 0.0)
    ]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        scores = [score for cell in pool.map(_cell, *zip(*todo, strict=True)) for score in cell]
        stressed = list(pool.map(_stress, range(len(STRESSES))))
    return scores, stressed


def _cell(name: str, months: int, cell: Cell, effect: float) -> list[Score]:
    design = DESIGNS[name]
    few = design.few if effect else 0
    return list(design.run(months, cell, effect, design.histories, few=few))


def _stress(place: int) -> Score:
    return STRESSES[place].run()


def recommended(scores: list[Score], name: str, months: int) -> dict[tuple[Cell, float], Score]:
    """Scores of the recommended method of a design, by cell and effect."""
    return {
        (score.cell, score.effect): score
        for score in scores
        if score.design == name and score.months == months and not score.method
    }


def judge(scores: list[Score]) -> Iterator[Judgement]:
    """Hold the recommended methods to every bar."""
    for name, design in DESIGNS.items():
        for months in LENGTHS:
            mine = recommended(scores, name, months)
            for cell in CELLS:
                bar = coverage_bar(cell, lenient=design.lenient)
                if bar is not None:
                    score = mine[cell, EFFECT]
                    verdict = bar.verdict(score.held, histories=score.histories)
                    what = f"coverage at {say_cell(cell)}"
                    yield Judgement(name, months, what, score.held, bar, verdict)
            score = mine[MIDDLE, 0.0]
            verdict = FALSE_POSITIVES.verdict(score.found, histories=score.histories)
            what = f"false positives at {say_cell(MIDDLE)}"
            yield Judgement(name, months, what, score.found, FALSE_POSITIVES, verdict)


def worst_bias(scores: list[Score], name: str, months: int) -> float:
    """Return the bias that is farthest from nought over cells and effects."""
    return max((s.bias for s in recommended(scores, name, months).values()), key=abs)


def say_cell(cell: Cell) -> str:
    """Write a cell as the tables do: 0.3 / 0.6."""
    return f"{cell[0]:g} / {cell[1]:g}"
