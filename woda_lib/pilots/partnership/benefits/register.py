"""The register of benefits: what each pilot brings a year, to whom, and by which sum.

``parameters/partnership/benefits.yaml`` holds the *flows* of money, a row a flow, and what they are
made of. A flow's sum is arithmetic over named *inputs*, each of which is cited, assumed or reported
elsewhere; no figure stands in the register itself but the months of a year and the like. Its
*resource* is what is saved or used, so that the same bed-day is not counted for two pilots
(`woda_lib.pilots.partnership.benefits.twice`).
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator, model_validator

from woda_lib.evaluation import Formula
from woda_lib.partners.names import PARTNERS
from woda_lib.pilots.partnership.benefits.errors import BenefitsError
from woda_lib.pilots.partnership.benefits.flows import Flow, FlowInput, Part
from woda_lib.pilots.partnership.typed import FormulaText, Said
from woda_lib.records import require_known
from woda_lib.records.named_files import read_record


class Partner(Part):
    """Who pays or gains: a partner, or several together, who are named under `members`."""

    title: Said
    members: tuple[str, ...] = ()


class Resource(Part):
    """What is saved or used, and which other resources it is made of."""

    says: Said
    contains: tuple[str, ...] = ()


class Population(Part):
    """Whose resource it is, and which other populations have nobody in common with it.

    Two populations may have people in common unless the register says that they have not.
    """

    says: Said
    apart_from: tuple[str, ...] = ()


class Overlap(Part):
    """Two flows that count the same, and which share of the second is something else."""

    first: str
    second: str
    remains: float = Field(ge=0, le=1)
    because: Said


class Agreement(Part):
    """A sum that must give a released figure to the last digit."""

    says: Said
    formula: FormulaText
    equals: str


class Register(Part):
    """What ``benefits.yaml`` says.

    Attributes
    ----------
    price_base : str
        The financial year whose prices everything is in.
    inputs, resources, populations : mapping by name
    partners : mapping by name
        Every partner of `PARTNERS`, by its short name, and the groups that the file describes.
    flows : tuple of Flow
    overlaps : tuple of Overlap
    agreements : tuple of Agreement
    """

    price_base: str
    inputs: dict[str, FlowInput]
    partners: dict[str, Partner]
    resources: dict[str, Resource]
    populations: dict[str, Population]
    flows: tuple[Flow, ...] = Field(min_length=1)
    overlaps: tuple[Overlap, ...] = ()
    agreements: tuple[Agreement, ...] = ()

    @field_validator("partners")
    @classmethod
    def _with_every_partner(cls, groups: dict[str, Partner]) -> dict[str, Partner]:
        for name in groups:
            if name in PARTNERS:
                raise ValueError(
                    f"{name} has its names in woda_lib/partners/names.py; take it out here, "
                    "where groups stand alone"
                )
        return {name: Partner(title=said.short) for name, said in PARTNERS.items()} | groups

    @model_validator(mode="after")
    def _names_agree(self) -> Register:
        names = [flow.flow for flow in self.flows]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"the flow {twice[0]!r} is twice")
        for name, partner in self.partners.items():
            require_known(partner.members, self.partners, f"partners.{name} names")
        for name, resource in self.resources.items():
            require_known(resource.contains, self.resources, f"resources.{name} names")
        for name, population in self.populations.items():
            require_known(population.apart_from, self.populations, f"populations.{name} names")
        for flow in self.flows:
            require_known([flow.partner], self.partners, f"the partner of {flow.flow!r} names")
            require_known([flow.resource], self.resources, f"the resource of {flow.flow!r} names")
            require_known(
                [flow.population], self.populations, f"the population of {flow.flow!r} names"
            )
            require_known(sorted(flow.inputs), self.inputs, f"the formula of {flow.flow!r} names")
        for overlap in self.overlaps:
            require_known([overlap.first, overlap.second], names, "overlaps names")
        for agreement in self.agreements:
            named = sorted(Formula(agreement.formula).names)
            require_known(named, self.inputs, f"the agreement {agreement.says!r} names")
        self._require_used()
        self._require_earned_grades()
        return self

    def of_counted(self) -> Register:
        """Return the register without flows that are in no sum, and their inputs."""
        used = frozenset[str]().union(*(flow.inputs for flow in self.counted))
        inputs = {name: one for name, one in self.inputs.items() if name in used}
        return self.model_copy(update={"flows": self.counted, "inputs": inputs})

    def _require_used(self) -> None:
        used = frozenset[str]().union(*(flow.inputs for flow in self.flows))
        if idle := sorted(self.inputs.keys() - used):
            raise ValueError(
                f"inputs.{idle[0]}: no flow uses it; name it in a formula or take it out"
            )

    def _require_earned_grades(self) -> None:
        for flow in self.flows:
            weakest = max(sorted(flow.inputs), key=lambda name: self.inputs[name].grade, default="")
            if weakest and self.inputs[weakest].grade > flow.grade:
                worst = self.inputs[weakest].grade
                raise ValueError(
                    f"the grade of {flow.flow!r} is {flow.grade}, and its sum rests on {weakest}, "
                    f"which is known no better than {worst}; grade it {worst}"
                )

    @property
    def counted(self) -> tuple[Flow, ...]:
        """The flows that are part of a sum."""
        return tuple(flow for flow in self.flows if flow.counted)

    @property
    def uncounted(self) -> tuple[Flow, ...]:
        """Those that are in none, each with why."""
        return tuple(flow for flow in self.flows if not flow.counted)


def read_register(path: Path) -> Register:
    """Read a register as it stands; whether it counts anything twice is `refuse_twice`'s to say.

    Raises
    ------
    BenefitsError
        If the file is absent or not YAML, a key is missing, unknown or wrong, or a name is not
        known; naming the file and the key.
    """
    return read_record(
        path,
        Register,
        shown=path.name,
        absent=f"{path.name} is not in {path.parent.name}/. Write the register of benefits there.",
        error=BenefitsError,
    )
