"""What the roadmap is made of besides deliveries: the register, agreements and parameter files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from woda_lib.notebook import Run
from woda_lib.partners import Agreement, load_agreements
from woda_lib.partners.names import say_dataset
from woda_lib.pilots.partnership.roadmap.register import Register, check_waits, read_register
from woda_lib.records import AGREEMENT_FILES, PARAMETER_FILES, Pilot
from woda_lib.records.pilots import read_pilots


@dataclass(frozen=True)
class Sources:
    """The register, the agreements by name, and the pilots by name."""

    register: Register
    agreements: Mapping[str, Agreement]
    pilots: Mapping[str, Pilot]


def read_sources(run: Run) -> Sources:
    """Read them, each file of them an input of the step.

    Raises
    ------
    RoadmapError
        If the register is not valid, or lets a step wait that is not there.
    AgreementError, ParameterFileError
        If another file is not valid.
    """
    path = run.parameters_folder / run.pilot.pilot / "roadmap.yaml"
    register = read_register(path)
    said = [
        title for name, held in register.held.items() for title in (say_dataset(name), held.about)
    ]
    wanted = [title for each in register.wanted.values() for title in (each.title, each.unlocks)]
    run.record_input(path, "sharing register", public=[*register.partners.values(), *said, *wanted])
    folder = run.parameters_folder / "agreements"
    agreements = load_agreements(folder)
    for name in agreements:
        run.record_input(folder / f"{name}.yaml", AGREEMENT_FILES)
    pilots = read_pilots(run.parameters_folder)
    for name in pilots:
        run.record_input(run.parameters_folder / f"{name}.yaml", PARAMETER_FILES)
    check_waits(register, pilots)
    return Sources(register, agreements, pilots)
