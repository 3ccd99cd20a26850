"""What only people can say of a model: who answers for it, why it is there, how to object.

``parameters/<pilot>/transparency.yaml`` holds it, key by key. Whatever the run knows stands in no
file: model card and transparency record take it from the run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from woda_lib.errors import WodaError
from woda_lib.records.named_files import read_named

UNWRITTEN = ("not written yet", "to be confirmed", "to be decided", "tbc", "tbd", "todo", "n/a")
"""How an answer begins that nobody has given. What does not apply is said with its reason."""


class TransparencyError(WodaError):
    """What people have to say of a model is missing, or not said."""

    exit_code = 2


def _answered(text: str) -> str:
    text = " ".join(text.split())
    if not text or text.casefold().startswith(UNWRITTEN):
        raise ValueError("nobody has answered it yet. Write the answer, or why it does not apply")
    return text


Answer = Annotated[str, AfterValidator(_answered)]


class Risk(BaseModel):
    """One thing that can go wrong, and what is done about it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    risk: Answer
    mitigation: Answer


class Transparency(BaseModel):
    """The answers of people, under the names of the transparency standard's fields.

    Attributes
    ----------
    document
        ``transparency``, the file's name.
    title, organisation, phase, region, one_sentence_description
        How the register files the record.
    name, description, website, contact_email
        What the public is told.
    team, senior_responsible_owner, third_party_involvement, third_party, companies_house_number
    third_party_role, procurement_procedure, third_party_data_access
        Who answers for it.
    intended_use, out_of_scope
        What it may be used for, and what for it may not.
    benefits, previous_process, alternatives
        Why it is there at all.
    integration, human_review, frequency_and_scale, required_training, appeals_and_review
        How it is used.
    system_architecture, maintenance
        Where it runs, and who keeps it.
    data_collection, completeness, data_cleaning, source_data_url, sensitive_attributes
    data_access_and_storage, data_sharing
        What is to be said of the data beyond what the run knows.
    legal_basis, impact_assessments, risks
        Why it is lawful, and what was thought of before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    title: Answer
    organisation: Answer
    phase: Answer
    region: Answer
    one_sentence_description: Answer
    name: Answer
    description: Answer
    website: Answer
    contact_email: Annotated[Answer, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
    team: Answer
    senior_responsible_owner: Answer
    third_party_involvement: Answer
    third_party: Answer
    companies_house_number: Answer
    third_party_role: Answer
    procurement_procedure: Answer
    third_party_data_access: Answer
    intended_use: Answer
    out_of_scope: Answer
    benefits: Answer
    previous_process: Answer
    alternatives: Answer
    integration: Answer
    human_review: Answer
    frequency_and_scale: Answer
    required_training: Answer
    appeals_and_review: Answer
    system_architecture: Answer
    maintenance: Answer
    data_collection: Answer
    completeness: Answer
    data_cleaning: Answer
    source_data_url: Answer
    sensitive_attributes: Answer
    data_access_and_storage: Answer
    data_sharing: Answer
    legal_basis: Answer
    impact_assessments: Answer
    risks: Annotated[tuple[Risk, ...], Field(min_length=1)]

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that people wrote, for what a report may say."""
        said = self.model_dump(exclude={"document", "risks"})
        risks = (text for each in self.risks for text in (each.risk, each.mitigation))
        return (*said.values(), *risks)


def transparency_file(parameters: Path, pilot: str) -> Path:
    """Return where a pilot's answers stand, below the folder of parameter files."""
    return parameters / pilot / "transparency.yaml"


def public_contacts(parameters: Path, pilot: str) -> tuple[str, ...]:
    """Return the addresses that a pilot's transparency record must name; none where it has none.

    They are the office's own, written into a file that is reviewed. No other address leaves.
    """
    path = transparency_file(parameters, pilot)
    return (read_transparency(path).contact_email,) if path.is_file() else ()


def read_transparency(path: Path) -> Transparency:
    """Read and check what people say of a model.

    Raises
    ------
    TransparencyError
        If the file is absent or not YAML, or a key is missing, unknown or not answered; the message
        names the file and the key.
    """
    return read_named(
        path,
        Transparency,
        key="document",
        shown=f"parameters/{path.parent.name}/{path.name}",
        absent=f"parameters/{path.parent.name}/{path.name} is missing",
        error=TransparencyError,
    )
