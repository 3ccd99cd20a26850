"""The models and layout of everything that the workbench writes down or is told in files."""

from woda_lib.records.audit import AuditEvent, AuditHead, AuditKind, AuditRecord
from woda_lib.records.keys import KeyRecord, KeyVersion
from woda_lib.records.layout import (
    DRAFT,
    SWEEPS,
    ManifestError,
    RunFolder,
    complete_runs,
    every_run,
    new_run_id,
    partial_folder,
    read_manifest,
)
from woda_lib.records.made import Attempt, Fingerprint, StepMade, StepOutcome
from woda_lib.records.parameters import (
    Parameter,
    ParameterError,
    ParameterFileError,
    Pilot,
    Step,
    explain,
    nearest,
    read_pilot,
    read_pilots,
)
from woda_lib.records.phrases import (
    say_amount,
    say_interval,
    say_name,
    say_quantity,
    say_unexpected,
)
from woda_lib.records.releases import Release, ReleaseStanding, Signer, Withdrawal
from woda_lib.records.retention import Certificate, Tombstone
from woda_lib.records.runs import (
    Input,
    Manifest,
    RowCounts,
    Shown,
    StepRecord,
    Unexpected,
    Value,
    describe_input,
    sha256,
    text_sha256,
    write_json,
)
from woda_lib.records.schedules import Schedule
from woda_lib.records.slots import Notice, SlotState
from woda_lib.records.sweeps import Scenario, Sweep
from woda_lib.records.tables import TableNotFound, read_list, read_plain_table
from woda_lib.records.texts import split_values
from woda_lib.records.watching import Event, Expected, Notify, unexpected

__all__ = [
    "DRAFT",
    "SWEEPS",
    "Attempt",
    "AuditEvent",
    "AuditHead",
    "AuditKind",
    "AuditRecord",
    "Certificate",
    "Event",
    "Expected",
    "Fingerprint",
    "Input",
    "KeyRecord",
    "KeyVersion",
    "Manifest",
    "ManifestError",
    "Notice",
    "Notify",
    "Parameter",
    "ParameterError",
    "ParameterFileError",
    "Pilot",
    "Release",
    "ReleaseStanding",
    "RowCounts",
    "RunFolder",
    "Scenario",
    "Schedule",
    "Shown",
    "Signer",
    "SlotState",
    "Step",
    "StepMade",
    "StepOutcome",
    "StepRecord",
    "Sweep",
    "TableNotFound",
    "Tombstone",
    "Unexpected",
    "Value",
    "Withdrawal",
    "complete_runs",
    "describe_input",
    "every_run",
    "explain",
    "nearest",
    "new_run_id",
    "partial_folder",
    "read_list",
    "read_manifest",
    "read_pilot",
    "read_pilots",
    "read_plain_table",
    "say_amount",
    "say_interval",
    "say_name",
    "say_quantity",
    "say_unexpected",
    "sha256",
    "split_values",
    "text_sha256",
    "unexpected",
    "write_json",
]
