"""The page of agreements on the review site: which report uses which agreement, dataset, field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from woda_lib.records import Manifest, Pilot, RunFolder, Step, StepRecord
from woda_lib.settings import Settings
from woda_lib.workbench.review.pages import write_page
from woda_lib.workbench.review.places import AGREEMENTS, FRONT, site_folder

if TYPE_CHECKING:
    from woda_lib.partners import Agreement


@dataclass(frozen=True)
class Used:
    """One dataset that a step uses: its fields by what they are for."""

    dataset: str
    fields: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Use:
    """What one report uses, and what its last run said of opt-outs."""

    pilot: Pilot
    step: Step
    href: str
    purpose: str
    used: tuple[Used, ...]
    opt_outs: str


@dataclass(frozen=True)
class Shared:
    """One agreement: what it says, how it stands, and the reports under it.

    `agreement` is missing where its file cannot be read; `standing` then says why.
    """

    name: str
    agreement: Agreement | None
    standing: str
    uses: tuple[Use, ...]


def write_sharing(
    settings: Settings,
    latest: Mapping[str, tuple[RunFolder, Manifest]],
    pilots: Sequence[Pilot],
    *,
    synthetic: bool,
) -> Path:
    """Write the page from agreements, parameter files and what the last runs were handed.

    Parameters
    ----------
    settings : Settings
    latest : mapping of str to (RunFolder, Manifest)
        The last complete run of each pilot that has one.
    pilots : sequence of Pilot
    synthetic : bool
        Whether any of those runs read made-up data.
    """
    # Here, because the room brings pandas.
    from woda_lib.partners.names import say_dataset, say_partner

    names = dict.fromkeys(pilot.agreement for pilot in pilots)
    path = site_folder(settings.outputs_folder) / AGREEMENTS
    shared = [_shared(name, settings, latest, pilots) for name in names]
    shared.sort(key=lambda entry: entry.agreement is not None and entry.agreement.made_up_only)
    write_page(
        path,
        AGREEMENTS,
        shared=shared,
        say_partner=say_partner,
        say_dataset=say_dataset,
        synthetic=synthetic,
        front=FRONT,
        here=AGREEMENTS,
    )
    return path


def _shared(
    name: str,
    settings: Settings,
    latest: Mapping[str, tuple[RunFolder, Manifest]],
    pilots: Sequence[Pilot],
) -> Shared:
    # Here, because the room brings pandas.
    from woda_lib.partners import AgreementError, load_agreement
    from woda_lib.partners.standing import standing

    try:
        agreement: Agreement | None = load_agreement(name, settings.agreements_folder)
        says = standing(agreement, settings.today) if agreement else ""
    except AgreementError as error:
        agreement, says = None, str(error)
    uses = tuple(
        _use(pilot, step, agreement, latest.get(pilot.pilot))
        for pilot in pilots
        if pilot.agreement == name
        for step in pilot.steps
    )
    return Shared(name, agreement, says, uses)


def _use(
    pilot: Pilot,
    step: Step,
    agreement: Agreement | None,
    latest: tuple[RunFolder, Manifest] | None,
) -> Use:
    record, href = None, ""
    if latest is not None:
        run, manifest = latest
        record = next((found for found in manifest.steps if found.step == step.name), None)
        if run.report(step.name).is_file():
            href = f"../{pilot.pilot}/{run.path.name}/{run.report(step.name).name}"
    fields = record.fields if record and record.fields else step.datasets
    used = tuple(
        Used(dataset, _by_use(agreement, dataset, names)) for dataset, names in fields.items()
    )
    return Use(pilot, step, href, step.purpose, used, _opt_outs(record))


def _by_use(
    agreement: Agreement | None, dataset: str, names: Sequence[str]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    shared = agreement.datasets.get(dataset, {}) if agreement else {}
    grouped: dict[str, list[str]] = {}
    for name in names:
        grouped.setdefault(shared.get(name, "field"), []).append(name)
    return tuple((use, tuple(fields)) for use, fields in grouped.items())


def _opt_outs(record: StepRecord | None) -> str:
    return record.opt_outs if record and record.opt_outs else "Not run yet."
