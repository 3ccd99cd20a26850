"""Whether a pilot's last run still says what a run today would."""

from __future__ import annotations

from dataclasses import dataclass

from woda_lib.errors import WodaError
from woda_lib.records import Pilot
from woda_lib.settings import Settings
from woda_lib.workbench.planning.decide import decide, standing
from woda_lib.workbench.planning.plan import make_plan
from woda_lib.workbench.planning.sources import Sources


@dataclass(frozen=True)
class Freshness:
    """Whether nothing that counts has changed since the last run; else what has, in words.

    `only_look` says that no result could come out otherwise: what changed is prose, or how reports
    are made.
    """

    fresh: bool
    reasons: tuple[str, ...] = ()
    only_look: bool = False


def freshness(pilot: Pilot, settings: Settings) -> Freshness:
    """Say whether a pilot's last complete run still stands, at the parameter file's own values.

    Never raises for what a person must mend, such as an agreement that has ended: then a run could
    not start, and that is the reason.

    Parameters
    ----------
    pilot : Pilot
    settings : Settings
    """
    try:
        plan = make_plan(pilot, settings=settings, on_record=False)
        decisions = decide([plan], settings=settings)
    except WodaError as error:
        return Freshness(False, (str(error),))
    if standing(plan, decisions, settings) is not None:
        return Freshness(True)
    reasons = dict.fromkeys(reason for made in decisions.values() for reason in made.reasons)
    newest = Sources(pilot.pilot, settings).newest
    return Freshness(
        False,
        tuple(reasons) or ("the last run was at other values",),
        only_look=newest is not None
        and all(d.action != "run" and d.source == newest[0] for d in decisions.values()),
    )
