"""The fingerprint of a step: all that its results follow from, as it is now."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from woda_lib.records import (
    CITES,
    DECISIONS,
    DELIVERIES,
    LISTED,
    PLACE_FILES,
    CitationError,
    Fingerprint,
    Ground,
    ManifestError,
    NothingToCite,
    Pilot,
    Registered,
    Step,
    evidence_of,
    protocol_file,
    proved_once,
    read_pilot,
    read_protocol,
    text_sha256,
)
from woda_lib.settings import Settings
from woda_lib.workbench.execution.provenance import installed
from woda_lib.workbench.planning.cells import (
    calls_of,
    code_sha256,
    prose_sha256,
    strings_of,
    woda_imports,
)
from woda_lib.workbench.planning.hashing import Remembered, remembered
from woda_lib.workbench.planning.modules import Library
from woda_lib.workbench.planning.plan import Plan, PlannedStep

if TYPE_CHECKING:
    from woda_lib.partners.reads import Reads

MadeBy = Callable[[str, str], str]
"""Returns `Fingerprint.results` of a step of a pilot, whose tables another one reads."""

MADE_BY = "made by"
"""What stands for the file in the data of a step whose tables are read."""

ASKED, LAST_RUN, REFUSED, PASSED = "asked", "last run", "refused", "passed over"
"""What stands in the data of what is cited of a pilot: the version that its file asks for; beside
it a release, such as *patient_flow@1.0*, or its last run, or why it cannot be cited; and the newer
releases that were withdrawn, which the study says too."""

_READ_BY = {
    DECISIONS: {"decisions", "decision_files"},
    PLACE_FILES: {"boundaries", "layer", "place_file"},
    DELIVERIES: {"deliveries", "delivery_faults", "delivery_columns"},
}
"""By which verbs a notebook says that it reads files that are listed."""

GONE = "not there"
# The table's own name is left out where a notebook puts it in: f"single_view/1_build:{name}".
_TABLE = re.compile(r"[a-z][a-z0-9_]*/[a-z0-9_]+:(?:[a-z][a-z0-9_]*)?")
_HAND = ("woda_lib.notebook",)
_RENDERER = ("woda_lib.workbench.review.report",)
_NO_COMMON_PART = {"woda_lib.workbench", "woda_lib.workbench.review"}


class Present:
    """Everything that can count for a step, as it is at this moment; each file is read once.

    Parameters
    ----------
    settings : Settings
    remembered : Remembered
    """

    def __init__(self, settings: Settings, remembered: Remembered) -> None:
        self.settings = settings
        self.remembered = remembered
        self.library = Library(remembered)
        self._reads: dict[str, Reads] = {}
        self._files: dict[Path, str] = {}
        self._evidence: dict[tuple[str, str], dict[str, str]] = {}

    def fingerprint(self, plan: Plan, planned: PlannedStep, *, made_by: MadeBy) -> Fingerprint:
        """Return the fingerprint of a step, as far as its notebook and parameter file tell.

        Parameters
        ----------
        plan : Plan
        planned : PlannedStep
            One of its steps.
        made_by : callable
        """
        notebook = planned.notebook
        reached = self.library.reached({*woda_imports(notebook), *_HAND})
        return Fingerprint(
            code=code_sha256(notebook),
            prose=prose_sha256(notebook),
            modules={**self.library.hashes(reached), **self._beside(planned)},
            parameters=dict(planned.parameters),
            data=self._declared(plan.pilot, planned, made_by),
            settings=self._settings_of(plan.pilot, planned.step),
            rendering=self._rendering(plan, planned.step),
        )

    def extended(
        self,
        fingerprint: Fingerprint,
        also: Mapping[str, Mapping[str, str]],
        *,
        pilot: Pilot,
        made_by: MadeBy,
    ) -> Fingerprint:
        """Return a fingerprint with what the step read in an earlier run, as it is now.

        A step may ask for data without its parameter file or its notebook saying so, through a
        function of the library; its record tells.

        Parameters
        ----------
        fingerprint : Fingerprint
        also : mapping of str to mapping of str to str
            The data of a fingerprint that was taken after the step had run.
        pilot : Pilot
        made_by : callable
        """
        from woda_lib.partners import CONTRACTS  # here: it brings pandas

        names = dict(also)
        if names.keys() & CONTRACTS.keys():
            names |= {name: {} for name in self.reads(pilot.agreement).beside()}
        data = dict(fingerprint.data)
        for name in names.keys() - data.keys():
            data[name] = self._now(name, names[name], pilot, made_by)
        return fingerprint.model_copy(update={"data": {name: data[name] for name in sorted(data)}})

    def reads(self, agreement: str) -> Reads:
        """Return what loads under an agreement read."""
        if agreement not in self._reads:
            from woda_lib.partners import load_agreement  # here: it brings pandas
            from woda_lib.partners.reads import Reads

            found = load_agreement(agreement, self.settings.agreements_folder)
            self._reads[agreement] = Reads(found, self.settings)
        return self._reads[agreement]

    def file(self, path: Path) -> str:
        """Return a file's SHA-256, or say that it is not there."""
        if path not in self._files:
            try:
                self._files[path] = self.remembered.sha256(path)
            except OSError:
                self._files[path] = GONE
        return self._files[path]

    def recorded_file(self, name: str) -> str:
        """Return the SHA-256 of a file as records name it."""
        there = (base / name for base in self.settings.bases if (base / name).is_file())
        path = next(there, None)
        return self.file(path) if path else GONE

    def _beside(self, planned: PlannedStep) -> dict[str, str]:
        """Modules that somebody put beside the notebook, where its imports would find them."""
        return {
            path.relative_to(self.settings.root).as_posix(): self.file(path)
            for path in sorted(planned.path.parent.rglob("*.py"))
        }

    def _declared(
        self, pilot: Pilot, planned: PlannedStep, made_by: MadeBy
    ) -> dict[str, dict[str, str]]:
        from woda_lib.partners import CONTRACTS  # here: it brings pandas

        texts = strings_of(planned.notebook)
        datasets = {*planned.step.datasets, *(texts & CONTRACTS.keys())}
        steps = {f"{pilot.pilot}/{need}" for need in planned.step.needs}
        steps |= {source for text in texts if (source := step_of(text))}
        if datasets or steps:
            datasets |= set(self.reads(pilot.agreement).beside())
        names = {name: {MADE_BY: ""} if name in steps else {} for name in datasets | steps}
        called = calls_of(planned.notebook)
        names |= {name: {} for name, verbs in _READ_BY.items() if verbs & called}
        for cited in pilot.cites:
            names[f"{CITES}{cited}"] = {}
            if LAST_RUN in self._evidence_for(cited, pilot):
                names |= {step: {MADE_BY: ""} for step in self._steps_of(cited)}
        return {name: self._now(name, names[name], pilot, made_by) for name in sorted(names)}

    def _steps_of(self, cited: str) -> list[str]:
        other = read_pilot(self.settings.parameters_folder / f"{cited}.yaml")
        return [f"{cited}/{step.name}" for step in other.steps]

    def _evidence_for(self, cited: str, pilot: Pilot) -> dict[str, str]:
        """What figures of a pilot are cited from: a release, or its last run, whose steps count.

        What cannot be cited stops the run itself, which says why; here it is one more state that
        things can be in, so that a study is stale once a release was withdrawn or changed.
        """
        version = pilot.cites.get(cited)
        if version is None:
            return {}
        if (cited, version) not in self._evidence:
            made_up = bool(self.reads(pilot.agreement).county)
            ground = Ground(self.settings.extracts_name, made_up)
            self._evidence[cited, version] = self._standing_of(cited, version, ground)
        return {ASKED: version, **self._evidence[cited, version]}

    def _standing_of(self, cited: str, version: str, ground: Ground) -> dict[str, str]:
        try:
            found = evidence_of(cited, version, self.settings, ground=ground)
        except NothingToCite:  # its first run may be on its way
            return {LAST_RUN: ""}
        except (CitationError, ManifestError) as error:
            return {REFUSED: str(error)}
        passed = {PASSED: " ".join(found.passed_over)} if found.passed_over else {}
        if found.state == "run":
            return {LAST_RUN: "", **passed}
        return {f"{cited}@{found.version}": f"{found.state} {found.sha256}", **passed}

    def _now(
        self, name: str, before: Mapping[str, str], pilot: Pilot, made_by: MadeBy
    ) -> dict[str, str]:
        """Return the files of one input as they are now, whatever they were before."""
        from woda_lib.partners import CONTRACTS  # here: it brings pandas

        if name in CONTRACTS:
            files = self.reads(pilot.agreement).files(name)
            return {item.name: self.file(item.path) for item in files}
        if name in LISTED:  # the first one, or a new file, shall count too
            paths = LISTED[name](self.settings, pilot.pilot)
            return {self._named(path): self.file(path) for path in paths}
        if name.startswith(CITES):
            return self._evidence_for(name.removeprefix(CITES), pilot)
        if MADE_BY in before:
            owner, _, step = name.partition("/")
            return {MADE_BY: made_by(owner, step)}
        return {path: self.recorded_file(path) for path in before}

    def _named(self, path: Path) -> str:
        """Return how records name a file that was read."""
        bases = (base for base in self.settings.bases if path.is_relative_to(base))
        return path.relative_to(next(bases, path.parent)).as_posix()

    def _settings_of(self, pilot: Pilot, step: Step) -> dict[str, str]:
        reads = self.reads(pilot.agreement)
        key = None if reads.county else reads.key  # made-up pseudonyms come of the county's name
        return {
            "question": step.question,
            "purpose": step.purpose,
            "needs": ", ".join(step.needs),
            "datasets": json.dumps({name: list(fields) for name, fields in step.datasets.items()}),
            "agreement": pilot.agreement,
            f"agreement {pilot.agreement}": reads.agreement.digest,
            "key": key.versions[-1].version if key and key.versions else "",
            "seed": str(pilot.seed),
            "example": "yes" if pilot.example else "",
            **{
                f"spread of {name}": pilot.parameters[name].spread
                for name in step.parameters
                if pilot.parameters[name].spread
            },
            # A study says its parameters in sentences, and a picture says what has a spread.
            **{
                f"{key} of {name}": words
                for name in step.parameters
                if pilot.cites or pilot.parameters[name].spread
                for key, words in (
                    ("unit", pilot.parameters[name].unit),
                    ("name", pilot.parameters[name].called),
                )
                if words
            },
            "clock": reads.clock,
            "extracts": self._extracts,
            "county": reads.county,
            **self._machine,
            **self._protocol(step),
        }

    def _protocol(self, step: Step) -> dict[str, str]:
        """The pre-registration whole, so that what changed in it can be said."""
        if step.protocol is None:
            return {}
        path = protocol_file(self.settings.parameters_folder, step.protocol)
        found = Registered(protocol=read_protocol(path), sha256=self.file(path))
        return {"protocol": found.model_dump_json(exclude={"departures"})}

    @cached_property
    def _machine(self) -> dict[str, str]:
        packages = ", ".join(f"{name} {version}" for name, version in installed().items())
        return {
            "lock": self.file(self.settings.root / "requirements.lock"),
            "python": platform.python_version(),
            "packages": packages,
        }

    @property
    def _extracts(self) -> str:
        folder, root = self.settings.extracts_folder, self.settings.root.resolve()
        return folder.relative_to(root).as_posix() if folder.is_relative_to(root) else folder.name

    def _rendering(self, plan: Plan, step: Step) -> dict[str, str]:
        pilot = plan.pilot
        said = {
            "title": pilot.title,
            "question": pilot.question,
            "owner": pilot.owner,
            "answered_by": pilot.answered_by,
            "steps": [(other.step.name, other.step.question) for other in plan.steps],
            "parameters": {
                name: pilot.parameters[name].model_dump(mode="json") for name in step.parameters
            },
        }
        text = json.dumps(said, sort_keys=True)
        return {**self._renderer, f"parameters/{pilot.pilot}.yaml": text_sha256(text)}

    @cached_property
    def _renderer(self) -> dict[str, str]:
        """What makes reports. The packages above it gather what the workbench does besides."""
        reached = self.library.reached(_RENDERER, packages=False)
        own = {name for name in reached if name.startswith("woda_lib.workbench.")}
        return self.library.hashes(own - _NO_COMMON_PART)


_PRESENT: ContextVar[Present | None] = ContextVar("present", default=None)


@contextmanager
def present(settings: Settings) -> Iterator[Present]:
    """Give everything as it is at this moment; within another such piece of work, as it was there.

    For work that only looks. A site that is built asks of every pilot whether its run still stands,
    and each asks for the same library, lock and extracts.

    Parameters
    ----------
    settings : Settings
    """
    around = _PRESENT.get()
    if around is not None and around.settings == settings:
        yield around
        return
    with proved_once(), remembered(settings) as known:
        found = Present(settings, known)
        token = _PRESENT.set(found)
        try:
            yield found
        finally:
            _PRESENT.reset(token)


def step_of(reference: str) -> str:
    """Return ``<pilot>/<step>`` of a table's name ``<pilot>/<step>:<table>``; else nothing."""
    return reference.partition(":")[0] if _TABLE.fullmatch(reference) else ""
