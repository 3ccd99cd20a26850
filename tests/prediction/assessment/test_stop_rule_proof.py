"""Whether the registered stop rule stops what it should, and lets through what it may."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.prediction.assessment.trials import judged
from woda_lib.prediction.assessment import DO_NOT_DEPLOY, Verdict

PAGE = Path(__file__).parents[3] / "docs" / "stop_rule.md"
SEEDS = range(101, 121)
HOUSEHOLDS = 25_000


@pytest.mark.parametrize("seed", [1, 2])
def test_without_a_signal_the_answer_is_do_not_deploy(seed: int) -> None:
    verdict = judged(2000, seed, draws=30, signal=0.0)
    assert verdict.words == DO_NOT_DEPLOY
    assert "beats_the_rule" in {one.name for one in verdict.failed}


@pytest.mark.prove
def test_the_rule_over_twenty_seeds() -> None:
    """With the signal most seeds may be piloted; without it none; the table goes into docs."""
    arms: dict[str, dict[str, float]] = {"as planted": {}, "no signal": {"signal": 0.0}}
    verdicts = {
        name: [judged(HOUSEHOLDS, seed, **planted) for seed in SEEDS]
        for name, planted in arms.items()
    }
    _write(verdicts)
    stopped = {name: sum(not each.deploy for each in every) for name, every in verdicts.items()}
    assert stopped["no signal"] == len(SEEDS)
    assert stopped["as planted"] < len(SEEDS) / 2
    assert all(
        "beats_the_rule" in {one.name for one in each.failed} for each in verdicts["no signal"]
    )


def _write(verdicts: dict[str, list[Verdict]]) -> None:
    names = [one.name for one in next(iter(verdicts.values()))[0].conditions]
    lines = [
        "# What the stop rule stops",
        "",
        "Written by `make prove`. On made-up households (`draw_households`, about "
        f"{HOUSEHOLDS:,} a date, {len(SEEDS)} seeds an arm) a model of one fixed setting is "
        "trained, and held to the rule as `parameters/protocols/complex_dependencies.yaml` "
        "registers it. It is not the pilot's own model, whose settings are searched for.",
        "",
        "| planted | do not deploy | " + " | ".join(f"`{name}`" for name in names) + " |",
        "|---|---" + "|---" * len(names) + "|",
    ]
    for arm, every in verdicts.items():
        failed = Counter(one.name for each in every for one in each.failed)
        stopped = sum(not each.deploy for each in every)
        cells = " | ".join(str(failed[name]) for name in names)
        lines.append(f"| {arm} | **{stopped} of {len(every)}** | {cells} |")
    lines += [
        "",
        "Under each condition stands in how many seeds it was not met. A pass is no proof of "
        "fairness: of groups that are too small, and of gaps that these households cannot "
        "settle, the verdict says so by name.",
    ]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
