"""The data dictionary: what every dataset holds, and who may read which field of it for what.

Contracts say what a field is, agreements who may read it. The dictionary only puts the two side by
side, so that neither an analyst who looks for a field nor a partner who asks where one goes has to
read both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from woda_lib.partners.agreements import Agreement
from woda_lib.partners.clauses import Flow, Use
from woda_lib.partners.contracts import Column, Contract
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.names import say_partner
from woda_lib.records import say_name


@dataclass(frozen=True)
class Sharing:
    """How one agreement shares a field.

    Attributes
    ----------
    agreement : Agreement
    use : str
        What the field is for: *identifier*, *pseudonym*, *attribute* or *outcome*.
    purposes : tuple of str
        Those that are shown it, in the agreement's order.
    """

    agreement: Agreement
    use: Use
    purposes: tuple[str, ...]

    @property
    def says(self) -> str:
        """For what it is shared, in words."""
        if not self.purposes:
            return f"{self.use}, which no purpose is shown"
        if len(self.purposes) == len(self.agreement.purposes) > 1:
            return f"{self.use}, for every purpose"
        return f"{self.use}, for {say_all(say_name(name).lower() for name in self.purposes)}"


@dataclass(frozen=True)
class Entry:
    """One dataset of the dictionary.

    Attributes
    ----------
    contract : Contract
    flows : tuple of (Agreement, Flow)
        Each agreement that shares it, with how often it goes which way.
    shared : mapping of str to tuple of Sharing
        For each column the agreements that share it; none where nobody may read it.
    """

    contract: Contract
    flows: tuple[tuple[Agreement, Flow], ...]
    shared: Mapping[str, tuple[Sharing, ...]]


def dictionary(agreements: Mapping[str, Agreement]) -> list[Entry]:
    """Return every dataset that a contract describes, in the order of the contracts.

    Parameters
    ----------
    agreements : mapping by name
        Those that are asked who may read what.
    """
    return [_entry(contract, agreements) for contract in CONTRACTS.values()]


def by_partner(entries: list[Entry]) -> dict[str, list[Entry]]:
    """Return the datasets that each partner delivers, partners by what they are called."""
    named = {name for entry in entries for name in entry.contract.partners}
    partners = sorted(named, key=lambda name: say_partner(name).casefold())
    return {
        name: [entry for entry in entries if name in entry.contract.partners] for name in partners
    }


def say_kind(column: Column) -> str:
    """Return the type of a column in words."""
    words = column.kind.replace("_", " ")
    return {"nhs number": "NHS number"}.get(words, words)


def say_range(column: Column) -> str:
    """Return the accepted range of a whole number; nothing where it has none."""
    return "" if column.minimum is None else f"{column.minimum} to {column.maximum}"


def say_all(words: Iterable[str]) -> str:
    """Return words as a list that ends in *and*."""
    found = list(words)
    return " and ".join(filter(None, [", ".join(found[:-1]), *found[-1:]]))


def _entry(contract: Contract, agreements: Mapping[str, Agreement]) -> Entry:
    dataset = contract.dataset
    sharing = [each for each in agreements.values() if dataset in each.datasets]
    return Entry(
        contract=contract,
        flows=tuple((each, each.flows[dataset]) for each in sharing),
        shared={
            name: tuple(
                Sharing(each, each.datasets[dataset][name], _purposes(each, dataset, name))
                for each in sharing
                if name in each.datasets[dataset]
            )
            for name in contract.columns
        },
    )


def _purposes(agreement: Agreement, dataset: str, field: str) -> tuple[str, ...]:
    return tuple(name for name in agreement.purposes if agreement.covers(dataset, field, name))
