"""Nothing is counted twice: two flows that may hold the same thing are refused.

Pilots name what they save in their own words. One saves bed-days, another avoids admissions, and an
admission is bed-days. The register says what each resource is made of, so that two names of one
thing are seen through, and so are a partner and a group that it is a member of. Two populations
may share people unless the register says that they have none in common.

Two flows hold the same thing where they are of one kind, are both counted, meet in a year, have a
partner in common, and their resources come down to a common one. The register may still count
both, if it says which share of the second is something else, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from woda_lib.pilots.partnership.benefits.errors import BenefitsError
from woda_lib.pilots.partnership.benefits.flows import Flow
from woda_lib.pilots.partnership.benefits.register import Register


def common_resources(first: Flow, second: Flow, register: Register) -> tuple[str, ...]:
    """Return the resources that both flows count of one partner in one year, or none.

    Returns
    -------
    tuple of str
        In alphabetical order: ``("bed_days",)`` for bed-days and avoided admissions.
    """
    if first.kind != second.kind or not (first.counted and second.counted):
        return ()
    if max(first.first_year, second.first_year) > min(first.last_year, second.last_year):
        return ()
    members = {name: one.members for name, one in register.partners.items()}
    if not _all_of(first.partner, members) & _all_of(second.partner, members):
        return ()
    if _apart(first.population, second.population, register):
        return ()
    contains = {name: one.contains for name, one in register.resources.items()}
    both = _all_of(first.resource, contains) & _all_of(second.resource, contains)
    return tuple(sorted(both))


def refuse_twice(register: Register) -> None:
    """Refuse a register in which two flows hold the same thing, unless it says what remains.

    Raises
    ------
    BenefitsError
        Naming both flows and what they have in common; or an overlap that is none.
    """
    said = {frozenset((one.first, one.second)) for one in register.overlaps}
    for first, second in combinations(register.flows, 2):
        pair = frozenset((first.flow, second.flow))
        common = common_resources(first, second, register)
        if common and pair not in said:
            raise BenefitsError(
                f"{first.flow!r} ({first.pilot}) and {second.flow!r} ({second.pilot}) both count "
                f"{' and '.join(common)} of {_whose(first, second, register)}. Leave one of them "
                "out, say under populations that they have nobody in common, or write under "
                "overlaps which share of the second remains, and why."
            )
        if not common and pair in said:
            raise BenefitsError(
                f"overlaps names {first.flow!r} and {second.flow!r}, which have nothing in "
                "common. Take the overlap out, so that it does not stand for one that is there."
            )


def share_that_remains(flow: Flow, register: Register) -> float:
    """Return the share of a flow that no flow before it counts, as the register says."""
    share = 1.0
    for overlap in register.overlaps:
        if overlap.second == flow.flow:
            share *= overlap.remains
    return share


def _all_of(name: str, contains: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """A name with everything that it is made of, and they in turn."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        if (each := waiting.pop()) not in found:
            found.add(each)
            waiting.extend(contains[each])
    return frozenset(found)


def _apart(first: str, second: str, register: Register) -> bool:
    populations = register.populations
    return second in populations[first].apart_from or first in populations[second].apart_from


def _whose(first: Flow, second: Flow, register: Register) -> str:
    titles = dict.fromkeys(register.partners[flow.partner].title for flow in (first, second))
    return " and ".join(titles)
