"""What is known of DASH and of predictive scores, with its numbers, and why no score decides here.

Every figure stands in the abstract or the page of the source that is named.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What a study found, in a sentence with its numbers; who says so, and where."""

    about: str
    found: str
    authors: str
    where: str


FINDINGS = (
    Finding(
        "DASH",
        "Each question was at best weakly predictive of another incident; officers’ grades were "
        "little better than chance, and a model of the answers did only modestly better.",
        "Turner, Medina and Brown",
        "British Journal of Criminology 59(5), 2019, 1013-1034",
    ),
    Finding(
        "DASH",
        "Of 67 victims of serious abuse in Dorset whose earlier abuse was known, 45 (67%) had not "
        "been graded high; of 12,301 assessments graded high, 22 were followed by serious abuse.",
        "Chalkley",
        "master’s thesis, Institute of Criminology, University of Cambridge, 2015",
    ),
    Finding(
        "DASH",
        "Among about 25,000 incidents of one Welsh force, the grade high was about five times as "
        "common before deadly violence as where nothing more followed.",
        "Caulfield, Gray, Edwards and Snowden",
        "Forensic Sciences 5(4), 2025, 64",
    ),
    Finding(
        "Predictive scores",
        "In 350,000 incidents a model of police history and area told who would be harmed again "
        "with an area under the curve of 0.748 (partners) and 0.763 (others). DASH added almost "
        "nothing to it, and groups of people were not told apart equally well.",
        "Turner, Brown and Medina-Ariza",
        "Psychosocial Intervention 31(3), 2022, 145-157",
    ),
    Finding(
        "Predictive scores",
        "Officers’ grades were less accurate than a rule that knows only how common a failure is; "
        "two years of criminal history did better, and DASH beside it added little.",
        "Grogger, Gupta, Ivandic and Kirchmaier",
        "Journal of Empirical Legal Studies 18(1), 2021, 90-130",
    ),
    Finding(
        "Harm indices",
        "Offence codes are an incomplete record of harm and escalation; the authors caution "
        "against using harm indices to decide who is helped first.",
        "Myhill and Kelly",
        "Policing, 2023, doi 10.1093/police/paad013",
    ),
    Finding(
        "Strangulation",
        "Prior non-fatal strangulation went with 6.70 times the odds of an attempted homicide (95% "
        "interval 3.91 to 11.49) and 7.48 times those of a completed one (4.53 to 12.35).",
        "Glass and others",
        "Journal of Emergency Medicine 35(3), 2008, 329-335",
    ),
)


def in_sentences() -> tuple[str, ...]:
    """Return the findings as a pack quotes them, each with its authors and source."""
    return tuple(
        f"{finding.about}. {finding.found} ({finding.authors}: {finding.where}.)"
        for finding in FINDINGS
    )


def for_a_report() -> tuple[str, ...]:
    """Return the findings without authors.

    A report may hold no name that stands in a log or a referral, whoever bears it.
    """
    return tuple(f"{finding.about}. {finding.found} ({finding.where}.)" for finding in FINDINGS)
