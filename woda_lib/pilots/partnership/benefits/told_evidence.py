"""What the pilots showed, told: the matrix of grades, a list for each question, a verdict."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.partnership.benefits.evidence import EvidenceRegister


def matrix(evidence: EvidenceRegister) -> pd.DataFrame:
    """Return the grade of every statement.

    Returns
    -------
    DataFrame
        A row a pilot: ``pilot``, and a column a question, under its short name.
    """
    return pd.DataFrame(
        [
            {
                "pilot": answers.title,
                **{
                    one.short: answers.statements[question].grade
                    for question, one in evidence.questions.items()
                },
            }
            for answers in evidence.pilots.values()
        ]
    )


def graded(evidence: EvidenceRegister, *, question: str | None = None, grade: str) -> int:
    """Count the statements of a grade, of one question or of all."""
    return sum(
        statement.grade == grade
        for answers in evidence.pilots.values()
        for name, statement in answers.statements.items()
        if question in (None, name)
    )


def prose(evidence: EvidenceRegister, question: str) -> str:
    """Return what the pilots showed of a question, best known first: a list for `Run.say`."""
    return "\n".join(
        f"- {evidence.pilots[pilot].title}, {statement.grade}: {statement.text}"
        for pilot, statement in evidence.answers_to(question)
    )


COUNTED = {
    "questions_answered": "Questions answered, over all pilots",
    "questions_measured": "Questions that were measured, over all pilots",
}
"""What each number of `counts` is called in a page."""


def counts(evidence: EvidenceRegister) -> dict[str, int]:
    """Count for the headline: all statements, and those that are measured."""
    return {
        "questions_answered": len(evidence.pilots) * len(evidence.questions),
        "questions_measured": graded(evidence, grade="measured"),
    }


def verdict(evidence: EvidenceRegister) -> str:
    """Say of how many pilots each question is measured, in words without a figure."""
    parts = [
        f"{one.claims} is measured in {_how_many(evidence, name)}"
        for name, one in evidence.questions.items()
    ]
    said = "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}."


def say_matrix(evidence: EvidenceRegister) -> str:
    """Say what the matrix shows, for its caption."""
    return verdict(evidence).rstrip(".")


def alt_of_matrix(matrix: pd.DataFrame) -> str:
    """Say every cell of the matrix, for those who cannot see it."""
    questions = [column for column in matrix.columns if column != "pilot"]
    said = [
        f"{row['pilot']}: " + ", ".join(f"{one.lower()} {row[one]}" for one in questions)
        for row in matrix.to_dict("records")
    ]
    return f"A table of pilots and questions. {'; '.join(said)}."


def _how_many(evidence: EvidenceRegister, question: str) -> str:
    titles = [
        evidence.pilots[pilot].title
        for pilot, statement in evidence.answers_to(question)
        if statement.grade == "measured"
    ]
    found, of = len(titles), len(evidence.pilots)
    if found in (0, of):
        return "every pilot" if found else "none"
    if found == 1:
        return f"{titles[0][:1].lower()}{titles[0][1:]} alone"
    return "most pilots" if found > of / 2 else "some pilots"
