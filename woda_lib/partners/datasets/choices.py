"""People's choices that their records are not used."""

from __future__ import annotations

from woda_lib.partners.contracts import Column, Contract, RowRule
from woda_lib.partners.datasets.common import (
    COUNCILS,
    NHS_NUMBER,
    OPT_OUTS,
    TRUSTS,
    not_in_the_future,
    plain,
)

CHOICES = Contract(
    dataset=OPT_OUTS,
    title="People's choices",
    description=(
        "One row a person's choice that their records are not used beyond their own care, "
        "delivered when made and again when withdrawn; a month without any is a heading alone"
    ),
    partners=(*TRUSTS, *COUNCILS),
    key="opt_out_id",
    columns={
        "opt_out_id": Column("text", "The partner's number of the choice"),
        NHS_NUMBER: Column(
            "nhs_number", "NHS number of who chose, ten digits", required=False, personal=True
        ),
        "person_number": Column(
            "text",
            "The partner's own number of who chose: `patient_id`, `attender_id` or `index_number`; "
            "`client_id`, `care_person_id`, `care_number`, `unique_pupil_number` or `pass_number`",
            required=False,
            personal=True,
        ),
        "kind": Column(
            "code",
            "A national data opt-out, or an objection made to the partner",
            codes=plain("national", "local"),
        ),
        "status": Column(
            "code", "Whether the choice still stands", codes=plain("in_force", "withdrawn")
        ),
        "recorded_on": Column("date", "Day on which the choice was recorded"),
    },
    rules=(
        RowRule(
            "names_nobody",
            "person_number",
            "a choice names a person by a valid NHS number or the partner's own number",
            lambda rows: rows[NHS_NUMBER].notna() | rows["person_number"].notna(),
        ),
        not_in_the_future("recorded_on"),
    ),
)
