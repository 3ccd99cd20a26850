"""What a step of a study cites, and in words why it is not fresh: what became of that."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from woda_lib.records import CITES, Pilot
from woda_lib.records.releases import numbers_of
from woda_lib.workbench.planning.fingerprints import ASKED, LAST_RUN, PASSED, REFUSED

_KINDS = (ASKED, LAST_RUN, PASSED, REFUSED)


Data = dict[str, dict[str, str]]
"""That of a fingerprint: by what was read its files, or what stands for them."""


def only_cited(data: Data, pilot: Pilot, *, cited: Collection[str], keep: Collection[str]) -> Data:
    """Leave out the pilots that a study's file cites and one of its steps did not.

    Parameters
    ----------
    data : dict of str to dict of str to str
        Of the step's fingerprint.
    pilot : Pilot
        The study.
    cited : collection of str
        The pilots of which the step cited a figure.
    keep : collection of str
        What counts all the same, since the step read it.
    """
    others = set(pilot.cites) - set(cited)
    return {
        name: files
        for name, files in data.items()
        if name in keep or name.removeprefix(CITES).partition("/")[0] not in others
    }


def why_cited(pilot: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """Give what became of what is cited of a pilot.

    Parameters
    ----------
    pilot : str
        Whose figures are cited.
    old, new : mapping of str to str
        Of two fingerprints: under *asked* the version that the study's file asks for; beside it
        a release with its state and the SHA-256 of its record, the last run, or why there is
        nothing to be cited. Empty where the study does not cite the pilot.
    """
    if not new:
        yield f"figures of {pilot} are cited no longer"
    elif not old:
        yield f"figures of {pilot} are cited, which they were not before"
    elif REFUSED in new:
        yield new[REFUSED].rstrip(".")
    elif old[ASKED] != new[ASKED]:
        yield f"{pilot} is cited from {new[ASKED]} (before: {old[ASKED]})"
    else:
        yield _moved(pilot, old, new)


def _moved(pilot: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    before, after = _release_of(old), _release_of(new)
    if before == after and old.get(PASSED) != new.get(PASSED):
        return new.get(PASSED, f"no release of {pilot} is passed over any more").rstrip(".")
    if not after:
        return f"{before} was withdrawn" if before else f"another run of {pilot} is cited"
    state = new[after].partition(" ")[0]
    versions = [numbers_of(name.partition("@")[2]) for name in (before, after) if name]
    if before and versions[1] < versions[0]:
        return f"{before} was withdrawn, so that {after} is cited"
    return f"{after} was signed" if state == "signed" else f"{after} was released, not signed yet"


def _release_of(data: Mapping[str, str]) -> str:
    return next((name for name in data if name not in _KINDS), "")
