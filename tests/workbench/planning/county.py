"""The tiny bench with two partners that deliver, and a run of it that skips what is fresh."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tests.workbench.bench import AGREEMENT, PARTY, Bench, kernels_of_this_worker
from woda_lib.records import Manifest, Pilot
from woda_lib.settings import Settings
from woda_lib.workbench import StepState, make_plan, run_pilots
from woda_lib.workbench.planning.decide import Decisions, decide

TRUSTS = ("worcestershire_acute", "severnside_acute")
BOTH = AGREEMENT | {"parties": [PARTY | {"partner": trust} for trust in TRUSTS]}


class County(Bench):
    """A bench whose agreement is with the two trusts that deliver."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.write_agreement()

    today = date(2025, 4, 1)

    @property
    def settings(self) -> Settings:
        return super().settings.model_copy(update={"today": self.today})

    def write_agreement(self, **changes: Any) -> None:
        self.write("parameters/agreements/tiny.yaml", yaml.safe_dump(BOTH | changes))

    def deliver(self, name: str, text: str = "spell_id\n1\n") -> Path:
        """Write a file of extracts, ``<partner>/<dataset>_<month>``."""
        return self.write(f"data/extracts/demo/{name}.csv", text)

    def decide(self, overrides: Mapping[str, Any] | None = None, **given: Any) -> Decisions:
        plan = make_plan(self.pilot, settings=self.settings, overrides=overrides)
        return decide([plan], settings=self.settings, **given)

    def said(self, overrides: Mapping[str, Any] | None = None) -> dict[str, str]:
        """What is decided for each step, as ``action: reason; reason``."""
        return {
            step: ": ".join(filter(None, [made.action, "; ".join(made.reasons)]))
            for (_, step), made in self.decide(overrides).items()
        }

    def make(
        self, overrides: Mapping[str, Any] | None = None, *, breaks_off: bool = False
    ) -> Manifest | None:
        """Do what is decided; nothing where nothing is to be done."""
        return make_run(self.pilot, self.settings, overrides, breaks_off=breaks_off)


def make_run(
    pilot: Pilot,
    settings: Settings,
    overrides: Mapping[str, Any] | None = None,
    *,
    breaks_off: bool = False,
) -> Manifest | None:
    """Run what is to be run and take over the rest; nothing where nothing is to be done.

    With `breaks_off` the run is interrupted after its first step.
    """

    def stop(told: StepState) -> None:
        if breaks_off and told.state == "done":
            raise KeyboardInterrupt

    try:
        [run] = run_pilots(
            [pilot],
            settings=settings,
            overrides=overrides,
            on_state=stop,
            warm=kernels_of_this_worker(),
        )
    except KeyboardInterrupt:
        return None
    return run.manifest if run.new else None
