"""`woda run --due`: what is due by schedule, now; safe to call every few minutes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from woda_lib.records import (
    Manifest,
    ParameterFileError,
    Pilot,
    RunFolder,
    SlotState,
    read_pilot,
)
from woda_lib.settings import Settings
from woda_lib.verbs.saying import ERR, OUT, say

if TYPE_CHECKING:
    from woda_lib.workbench.schedules.running import Slot

SayRun = Callable[[Pilot, RunFolder, Manifest], None]


def run_due(settings: Settings, names: list[str] | None, say_run: SayRun) -> None:
    """Run the due pilots among `names`, or among all; the exit code is 1 if one failed.

    Where nothing is due, that is said to a terminal only, so that a log stays short.
    """
    from woda_lib.workbench.schedules.deciding import utc_now
    from woda_lib.workbench.schedules.running import due_now, settle_cut_off
    from woda_lib.workbench.schedules.states import only_one

    pilots, all_read = scheduled_pilots(settings, names)
    failed = not all_read
    with only_one(settings) as alone:
        if not alone:
            say("Another `woda run --due` is at work; what is due is left to it.", to=ERR)
            raise typer.Exit(int(failed))
        # Pages of names lie among the outputs, whether anybody opened a copy of one or not.
        from woda_lib.partners.opening import clear_expired  # here: it brings pandas

        clear_expired(settings)
        for ran in settle_cut_off(pilots, settings):
            say(f"{ran.pilot.pilot}: given up. {ran.state.message}", to=ERR, style="red")
            _say_notices(ran.state)
            failed = True
        slots = due_now(pilots, settings, utc_now())
        if slots:
            failed |= not _all_complete(slots, settings, say_run)
        elif OUT.is_terminal:
            say("Nothing is due. `woda schedule` shows what runs when.")
    if failed:
        raise typer.Exit(1)


def _all_complete(slots: list[Slot], settings: Settings, say_run: SayRun) -> bool:
    """Run due slots, say how each went, and say whether all went well."""
    from woda_lib.workbench import shown_progress
    from woda_lib.workbench.schedules.running import run_due

    for slot in slots:
        schedule, when = slot.pilot.schedule, slot.decision.slot
        assert schedule is not None and when is not None
        say(f"{slot.pilot.pilot}: {slot.decision.why}, {schedule.say(when)}", to=ERR)
    complete = True
    with shown_progress(ERR) as board:
        for ran in run_due(slots, settings=settings, on_progress=board, on_state=board.state):
            if ran.complete:
                say_run(ran.pilot, ran.complete.folder, ran.complete.manifest)
            else:
                say(ran.state.message, to=ERR, style="red")
                complete = False
            _say_notices(ran.state)
    return complete


def scheduled_pilots(settings: Settings, names: list[str] | None) -> tuple[list[Pilot], bool]:
    """Read the parameter files, and say whether all could be read: one hinders no other pilot."""
    folder = settings.parameters_folder
    paths = [folder / f"{name}.yaml" for name in names] if names else sorted(folder.glob("*.yaml"))
    pilots, all_read = [], True
    for path in paths:
        try:
            pilots.append(read_pilot(path))
        except ParameterFileError as error:
            say(str(error), to=ERR, style="red")
            all_read = False
    return pilots, all_read


def _say_notices(state: SlotState) -> None:
    for notice in state.notices:
        if notice.at < state.started:
            continue  # of an earlier attempt
        if notice.told:
            say(f"  Told by {notice.by}.", to=ERR)
        else:
            say(f"  Nobody was told by {notice.by}: {notice.problem}", to=ERR, style="red")
