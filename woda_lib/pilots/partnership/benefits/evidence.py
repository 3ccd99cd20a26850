"""The register of evidence: what each pilot showed of each question, and how that is known.

``parameters/partnership/evidence.yaml`` holds a *statement* for each pilot and question, whose
figures are placeholders, and a *grade*. A grade is a claim about the statement, and a reader would
take it on trust, so that it is refused where the statement does not earn it:

=================== =============================================================
measured            it cites a figure of the pilot's own that has an interval
modelled            it says an assumption, or which model or rule it rests on
reported elsewhere  it says a figure that others reported
not shown           it says why not
=================== =============================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic import Field, model_validator

from woda_lib.pilots.partnership.benefits.errors import EvidenceError
from woda_lib.pilots.partnership.benefits.flows import Part
from woda_lib.records import Value
from woda_lib.records.named_files import read_record

if TYPE_CHECKING:
    from woda_lib.notebook import Run

Grade = Literal["measured", "modelled", "reported elsewhere", "not shown"]
GRADES: tuple[Grade, ...] = get_args(Grade)
"""From what is known best to what is not known."""

_NAMED = re.compile(r"\{([a-z0-9_]+/[a-z0-9_]+)(?::(?:value|interval))?\}")


class Question(Part):
    """A question that the partnership asked of every pilot.

    Attributes
    ----------
    asks, short : str
        Whole, and in a word.
    claims : str
        What a pilot that answers yes has shown, as a clause: "that systems can be linked".
    """

    asks: str
    short: str
    claims: str


class Statement(Part):
    """What a pilot showed of a question.

    Attributes
    ----------
    grade : str
        One of `GRADES`.
    says : str
        Sentences with placeholders, as `Run.say` takes them.
    model : str
        Of what is modelled: the model or rule that it rests on, in a sentence.
    because : str
        Of what is not shown: why.
    """

    grade: Grade
    says: str = Field(min_length=1)
    model: str = ""
    because: str = ""

    @property
    def text(self) -> str:
        """All that is said, on one line."""
        return " ".join(" ".join((self.says, self.model, self.because)).split())

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures that it names, such as ``patient_flow/days_saved``, each once."""
        return tuple(dict.fromkeys(_NAMED.findall(self.text)))

    def own_figures(self, pilot: str) -> tuple[str, ...]:
        """Those of its figures that a pilot released itself."""
        return tuple(named for named in self.figures if named.startswith(f"{pilot}/"))

    @model_validator(mode="after")
    def _says_what_its_grade_asks(self) -> Statement:
        owners = {named.partition("/")[0] for named in self.figures}
        if self.grade == "measured" and not owners - {"assumed", "reported"}:
            raise ValueError(
                "it is graded measured and cites no figure of a pilot; cite one, such as "
                "{patient_flow/days_saved}, or take another grade"
            )
        if self.grade == "modelled" and not ("assumed" in owners or self.model):
            raise ValueError(
                "it is graded modelled and says neither an assumption, {assumed/…}, nor under "
                "`model` what it rests on"
            )
        if self.grade == "reported elsewhere" and "reported" not in owners:
            raise ValueError(
                "it is graded reported elsewhere and says no figure of reported.yaml, {reported/…}"
            )
        if (self.grade == "not shown") != bool(self.because):
            raise ValueError("write under `because` why it is not shown, and nowhere else")
        return self


class Answers(Part):
    """What one pilot showed, by question."""

    title: str
    statements: dict[str, Statement]

    @model_validator(mode="before")
    @classmethod
    def _questions_stand_beside_the_title(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {
            "title": given.get("title"),
            "statements": {key: value for key, value in given.items() if key != "title"},
        }


class EvidenceRegister(Part):
    """What ``evidence.yaml`` says: `questions` and, by pilot, the answers to each.

    Attributes
    ----------
    questions : mapping of str to Question
    pilots : mapping of str to Answers
    """

    questions: dict[str, Question] = Field(min_length=1)
    pilots: dict[str, Answers] = Field(min_length=1)

    @model_validator(mode="after")
    def _every_question_is_answered(self) -> EvidenceRegister:
        for name, answers in self.pilots.items():
            if missing := [one for one in self.questions if one not in answers.statements]:
                raise ValueError(
                    f"pilots.{name} says nothing of {missing[0]}; write a statement, and be it "
                    "that it is not shown"
                )
            for question, statement in answers.statements.items():
                if statement.grade == "measured" and not statement.own_figures(name):
                    raise ValueError(
                        f"pilots.{name}.{question} is graded measured and cites no figure of "
                        f"{name} itself; what another pilot measured it has not. Take another grade"
                    )
            if unknown := [one for one in answers.statements if one not in self.questions]:
                raise ValueError(f"pilots.{name}.{unknown[0]} is none of the questions")
        return self

    def answers_to(self, question: str) -> list[tuple[str, Statement]]:
        """Each pilot with its statement of a question, what is known best first."""
        found = [(name, answers.statements[question]) for name, answers in self.pilots.items()]
        return sorted(found, key=lambda one: GRADES.index(one[1].grade))

    def statement(self, pilot: str, question: str) -> Statement:
        """What a pilot showed of a question."""
        return self.pilots[pilot].statements[question]


def read_evidence_file(path: Path) -> EvidenceRegister:
    """Read the register as it stands.

    Raises
    ------
    EvidenceError
        If the file is absent or not YAML, a statement is missing or wrong, or does not say what
        its grade asks; naming pilot and question.
    """
    return read_record(
        path,
        EvidenceRegister,
        shown=path.name,
        absent=f"{path.name} is not in {path.parent.name}/. Write there what each pilot showed.",
        error=EvidenceError,
        holds="questions and pilots",
    )


def refuse_unearned(evidence: EvidenceRegister, *, cite: Callable[[str], Value]) -> None:
    """Refuse a statement that is graded measured and cites no figure of its own with an interval.

    Parameters
    ----------
    evidence
    cite
        `Run.cite`.

    Raises
    ------
    EvidenceError
        Naming pilot and question.
    """
    for question in evidence.questions:
        for pilot, statement in evidence.answers_to(question):
            # Every figure is taken in the order in which it will be read, and so is numbered.
            known = {named: cite(named).low is not None for named in statement.figures}
            cited = statement.own_figures(pilot)
            if statement.grade == "measured" and not any(known[one] for one in cited):
                raise EvidenceError(
                    f"{pilot}, {question}: it is graded measured, and no figure that it cites has "
                    f"an interval ({', '.join(cited)}). Cite one that has, or take another grade."
                )


def read_evidence(run: Run) -> EvidenceRegister:
    """Read the register of the run's pilot with its grades earned; it becomes an input of the run.

    Raises
    ------
    EvidenceError
        If a pilot that is cited says nothing, or a grade is not earned.
    CitationError, ParameterError, ReportedError
        If a figure does not stand where a statement says.
    """
    path = run.parameters_folder / run.pilot.pilot / "evidence.yaml"
    run.record_input(path, path.name)
    evidence = read_evidence_file(path)
    _require_all(evidence, run.pilot.cites, path.name)
    refuse_unearned(evidence, cite=run.cite)
    return evidence


def _require_all(evidence: EvidenceRegister, cited: Iterable[str], file: str) -> None:
    for pilot in cited:
        if pilot not in evidence.pilots:
            raise EvidenceError(
                f"{file}: {pilot} is cited and says nothing there. Write under pilots what it "
                "showed of each question, and be it that it is not shown."
            )
    if unknown := [pilot for pilot in evidence.pilots if pilot not in cited]:
        raise EvidenceError(
            f"{file}: pilots.{unknown[0]} is not among the pilots that are cited. Add it under "
            "cites in the parameter file, or take it out."
        )
