"""The fields of the Algorithmic Transparency Recording Standard, template 4.0, tiers 1 and 2.

Numbers and names are the published template's; ``docs/model_bundle.md`` says which of them were
looked up and where. The template's optional dataset card is left out: which tables there are, and
under which agreement, stands in 2.4.2.8 and 2.4.4.

References
----------
Government Digital Service, *Algorithmic Transparency Recording Standard: template*, version 4.0,
and *guidance for public sector bodies*, updated on 8 May 2025.
"""

from __future__ import annotations

from dataclasses import dataclass

STANDARD = "Algorithmic Transparency Recording Standard, template 4.0, tiers 1 and 2"


@dataclass(frozen=True)
class Field:
    """A field of the template: its number, its name, and how this room calls it."""

    number: str
    name: str
    key: str


@dataclass(frozen=True)
class Part:
    """A part of the template, with the fields that a record must fill."""

    title: str
    tier: int
    fields: tuple[Field, ...]


def _part(title: str, tier: int, *fields: tuple[str, str, str]) -> Part:
    return Part(title, tier, tuple(Field(*field) for field in fields))


TEMPLATE: tuple[Part, ...] = (
    _part(
        "Metadata and title information",
        0,
        ("0.1", "Title", "title"),
        ("0.2", "Organisation name", "organisation"),
        ("0.3", "Phase", "phase"),
        ("0.4", "Region", "region"),
        ("0.5", "One sentence description", "one_sentence_description"),
    ),
    _part(
        "Tier 1: overview",
        1,
        ("1.1", "Name", "name"),
        ("1.2", "Description", "description"),
        ("1.3", "Website URL", "website"),
        ("1.4", "Contact email", "contact_email"),
    ),
    _part(
        "Tier 2: owner and responsibility",
        2,
        ("2.1.1", "Organisation or department", "organisation"),
        ("2.1.2", "Team", "team"),
        ("2.1.3", "Senior responsible owner", "senior_responsible_owner"),
        ("2.1.4", "Third party involvement", "third_party_involvement"),
        ("2.1.4.1", "Third party", "third_party"),
        ("2.1.4.2", "Companies House number", "companies_house_number"),
        ("2.1.4.3", "Third party role", "third_party_role"),
        ("2.1.4.4", "Procurement procedure type", "procurement_procedure"),
        ("2.1.4.5", "Third party data access terms", "third_party_data_access"),
    ),
    _part(
        "Tier 2: description and rationale",
        2,
        ("2.2.1", "Detailed description", "detailed_description"),
        ("2.2.2", "Benefits", "benefits"),
        ("2.2.3", "Previous process", "previous_process"),
        ("2.2.4", "Alternatives considered", "alternatives"),
    ),
    _part(
        "Tier 2: deployment context",
        2,
        ("2.3.1", "Integration into broader operational process", "integration"),
        ("2.3.2", "Human review", "human_review"),
        ("2.3.3", "Frequency and scale of usage", "frequency_and_scale"),
        ("2.3.4", "Required training", "required_training"),
        ("2.3.5", "Appeals and review", "appeals_and_review"),
    ),
    _part(
        "Tier 2: tool specification",
        2,
        ("2.4.1.1", "System architecture", "system_architecture"),
        ("2.4.1.2", "System-level input", "system_input"),
        ("2.4.1.3", "System-level output", "system_output"),
        ("2.4.1.4", "Maintenance", "maintenance"),
        ("2.4.1.5", "Models", "models"),
    ),
    _part(
        "Tier 2: model specification",
        2,
        ("2.4.2.1", "Model name", "model_name"),
        ("2.4.2.2", "Model version", "model_version"),
        ("2.4.2.3", "Model task", "model_task"),
        ("2.4.2.4", "Model input", "model_input"),
        ("2.4.2.5", "Model output", "model_output"),
        ("2.4.2.6", "Model architecture", "model_architecture"),
        ("2.4.2.7", "Model performance", "model_performance"),
        ("2.4.2.8", "Datasets and their purposes", "datasets"),
    ),
    _part(
        "Tier 2: development data specification",
        2,
        ("2.4.3.1", "Development data description", "development_data"),
        ("2.4.3.2", "Data modality", "data_modality"),
        ("2.4.3.3", "Data quantities", "data_quantities"),
        ("2.4.3.4", "Sensitive attributes", "sensitive_attributes"),
        ("2.4.3.5", "Data completeness and representativeness", "completeness"),
        ("2.4.3.6", "Source data URL", "source_data_url"),
        ("2.4.3.7", "Data collection", "data_collection"),
        ("2.4.3.8", "Data cleaning", "data_cleaning"),
        ("2.4.3.9", "Data sharing agreements", "data_sharing"),
        ("2.4.3.10", "Data access and storage", "data_access_and_storage"),
    ),
    _part(
        "Tier 2: operational data specification",
        2,
        ("2.4.4.1", "Data sources", "operational_sources"),
        ("2.4.4.2", "Sensitive attributes", "sensitive_attributes"),
        ("2.4.4.3", "Data processing methods", "operational_processing"),
        ("2.4.4.4", "Data access and storage", "data_access_and_storage"),
        ("2.4.4.5", "Data sharing agreements", "data_sharing"),
    ),
    _part(
        "Tier 2: risks, mitigations and impact assessments",
        2,
        ("2.5.1", "Impact assessments", "impact_assessments"),
        ("2.5.2", "Risks and mitigations", "risks"),
    ),
)
"""Every part of the template, in order; a tier of 0 is what the register files a record by."""
