"""What is to become of each step: run, rendered again, or taken over as it is; and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from woda_lib.records import CITES, Fingerprint, Pilot, RunFolder, StepMade
from woda_lib.settings import Settings
from woda_lib.workbench.planning.citing import only_cited
from woda_lib.workbench.planning.fingerprints import GONE, Present, present
from woda_lib.workbench.planning.graph import Node, graph
from woda_lib.workbench.planning.plan import Plan, PlannedStep
from woda_lib.workbench.planning.reasons import why_render, why_run
from woda_lib.workbench.planning.soundness import unsound
from woda_lib.workbench.planning.sources import Source, Sources

NEVER = "never run"
ASKED = "asked to run again"
OTHERWISE = "something that it follows from changed"
UNTOLD = "its last run did not record what it followed from"


@dataclass(frozen=True)
class Decision:
    """What is to become of one step.

    Attributes
    ----------
    action : {"run", "render", "take over"}
        *take over*: nothing that counts has changed. *render*: only what the report shows has, so
        the report is made again from the executed notebook. *run*: anything else.
    reasons : tuple of str
        Why it is not simply taken over, in words; empty where it is.
    source : RunFolder, optional
        Where its results lie; none where it is run.
    fingerprint : Fingerprint
        As things are now.
    planned : PlannedStep
        The step, with the notebook whose prose a report is rendered with.
    made : StepMade, optional
        How the source says that the step came about.
    """

    action: Literal["run", "render", "take over"]
    reasons: tuple[str, ...]
    source: RunFolder | None
    fingerprint: Fingerprint
    planned: PlannedStep
    made: StepMade | None = None


Decisions = dict[Node, Decision]


def decide(plans: Sequence[Plan], *, settings: Settings, again: bool = False) -> Decisions:
    """Decide for each step of some pilots whether it must be run.

    Two fingerprints that are equal give equal results, so a step is run only where no earlier run,
    complete or broken off, had the fingerprint that it has now.

    Parameters
    ----------
    plans : sequence of Plan
    settings : Settings
    again : bool
        Run everything, whatever is there.

    Returns
    -------
    dict of (str, str) to Decision
        By pilot and step, in an order in which they can be done.

    Raises
    ------
    PlanError
        If pilots wait for each other in a circle.
    AgreementError
        If an agreement's file is not valid.
    """
    with present(settings) as now:
        making = _Deciding(settings, now, again)
        by_node = {(p.pilot.pilot, s.step.name): (p, s) for p in plans for s in p.steps}
        for node in graph(plans, settings).static_order():
            making.decisions[node] = making.decision(node, *by_node[node])
        return making.decisions


def standing(
    plan: Plan, decisions: Mapping[Node, Decision], settings: Settings
) -> RunFolder | None:
    """Return the pilot's last complete run where it says all that a new one would.

    Then nothing is to be done, and no run is made. Where some step is run or rendered, or its
    results lie in an older run, there is something to do, and nothing is returned.
    """
    newest = Sources(plan.pilot.pilot, settings).newest
    if newest is None:
        return None
    folder, manifest = newest
    steps = {planned.step.name for planned in plan.steps}
    own = [decisions[plan.pilot.pilot, step] for step in steps]
    whole = {record.step for record in manifest.steps} == steps
    stands = whole and all(d.action == "take over" and d.source == folder for d in own)
    return folder if stands else None


@dataclass
class _Deciding:
    settings: Settings
    present: Present
    again: bool
    decisions: Decisions = field(default_factory=dict)
    _sources: dict[str, Sources] = field(default_factory=dict)

    def decision(self, node: Node, plan: Plan, planned: PlannedStep) -> Decision:
        pilot, step = node
        now = self.present.fingerprint(plan, planned, made_by=self.made_by)
        if self.again:
            return Decision("run", (ASKED,), None, now, planned)
        nearest: tuple[tuple[str, ...], Fingerprint] | None = None
        fault: tuple[tuple[str, ...], Fingerprint] | None = None
        told = True
        for source in self.sources(pilot).of(step):
            before = source.made.fingerprint
            if before is None:
                told = False
                continue
            like = self.present.extended(now, before.data, pilot=plan.pilot, made_by=self.made_by)
            like = _as_it_cited(like, before, plan.pilot)
            why = why_run(before, like, pilot=pilot, running=self._running)
            if not why and before.results == like.results:
                wrong = unsound(source, plan.pilot.agreement, self.sources(pilot), self.present)
                if not wrong:
                    return self._from(source, like, planned)
                fault = fault or ((wrong,), like)
            elif nearest is None or len(why) < len(nearest[0]):
                nearest = (why or (OTHERWISE,), like)
        # What is wrong with results that would do says more than how the nearest others differ.
        why, fingerprint = fault or nearest or ((NEVER if told else UNTOLD,), now)
        return Decision("run", why, None, fingerprint, planned)

    def made_by(self, pilot: str, step: str) -> str:
        """The results of a step whose tables another one reads, as they are or will be."""
        if (pilot, step) in self.decisions:
            return self.decisions[pilot, step].fingerprint.results
        newest = self.sources(pilot).newest
        made = newest[1].made.get(step) if newest else None
        return made.fingerprint.results if made and made.fingerprint else GONE

    def sources(self, pilot: str) -> Sources:
        if pilot not in self._sources:
            self._sources[pilot] = Sources(pilot, self.settings)
        return self._sources[pilot]

    @property
    def _running(self) -> set[str]:
        done = self.decisions.items()
        return {"/".join(node) for node, decision in done if decision.action == "run"}

    @staticmethod
    def _from(source: Source, now: Fingerprint, planned: PlannedStep) -> Decision:
        assert source.made.fingerprint is not None
        why = why_render(source.made.fingerprint, now)
        action: Literal["render", "take over"] = "render" if why else "take over"
        return Decision(action, why, source.folder, now, planned, source.made)


def _as_it_cited(now: Fingerprint, before: Fingerprint, pilot: Pilot) -> Fingerprint:
    """Return a fingerprint without the pilots of which the step cited nothing when it was run."""
    cited = {name.removeprefix(CITES) for name in before.data if name.startswith(CITES)}
    data = only_cited(now.data, pilot, cited=cited, keep=before.data)
    return now.model_copy(update={"data": data})
