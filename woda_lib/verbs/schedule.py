"""`woda schedule`: what runs by itself and when, and what calls it every few minutes."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Annotated

import typer

from woda_lib.records import Pilot, Schedule, SlotState, read_pilot
from woda_lib.settings import Settings
from woda_lib.verbs.due import scheduled_pilots
from woda_lib.verbs.saying import ERR, say, settings_of, short

_SHOWN = 3


def schedule(
    install: Annotated[
        bool, typer.Option("--install", help="Call `woda run --due` every few minutes.")
    ] = False,
    uninstall: Annotated[bool, typer.Option("--uninstall", help="Stop doing so.")] = False,
    cron: Annotated[
        bool, typer.Option("--cron", help="With a line of the crontab instead of systemd.")
    ] = False,
    print_: Annotated[
        bool, typer.Option("--print", help="Show what --install would write, and write nothing.")
    ] = False,
    every: Annotated[int, typer.Option(metavar="MINUTES", help="How often.")] = 5,
    try_notify: Annotated[
        str | None,
        typer.Option(metavar="PILOT", help="Send whom its file names a message, to try the way."),
    ] = None,
) -> None:
    """Say what runs by itself and when; install what calls it."""
    settings = settings_of()
    if install and uninstall:
        raise typer.BadParameter("use --install or --uninstall, not both.")
    if try_notify:
        _try_notify(read_pilot(settings.parameters_folder / f"{try_notify}.yaml"), settings)
    elif uninstall:
        _uninstall(settings)
    elif install or print_:
        _install(settings, every, cron=cron, only_print=print_)
    else:
        _show(settings)


def _show(settings: Settings) -> None:
    from woda_lib.workbench.schedules.deciding import utc_now

    pilots, all_read = scheduled_pilots(settings, None)
    now = utc_now()
    for pilot in pilots:
        if pilot.schedule:
            _show_pilot(pilot, pilot.schedule, settings, now)
    if never := [pilot.pilot for pilot in pilots if not pilot.schedule]:
        say(f"Without a schedule: {', '.join(never)}\n")
    _show_caller(settings)
    if not all_read:
        raise typer.Exit(2)


def _show_pilot(pilot: Pilot, schedule: Schedule, settings: Settings, now: datetime) -> None:
    from woda_lib.workbench.schedules.deciding import decide
    from woda_lib.workbench.schedules.states import read_state

    state = read_state(settings, pilot.pilot)
    decision = decide(schedule, state, now)
    say(f"{pilot.pilot}: {schedule.words} ({schedule.cron}, {schedule.time_zone})")
    last = schedule.last_slot(now)
    say(f"  Last slot   {_when(schedule, last)}" if last else "  Last slot   none yet")
    if state:
        say(f"  Last run    {_when(schedule, state.slot)}: {_went(state)}")
    coming = [_when(schedule, slot) for slot in islice(schedule.slots_after(now), _SHOWN)]
    for number, slot in enumerate(coming):
        say(f"  {'Next slots' if number == 0 else '':<10}  {slot}")
    if decision.due:
        say(f"  Overdue: {decision.why}.", style="yellow")
    elif state and state.outcome != "complete":
        say(f"  Not due: {decision.why}.", style="yellow")
    if state:
        for notice in state.notices:
            if not notice.told:
                say(f"  Nobody was told by {notice.by}: {notice.problem}", style="red")
    say("")


def _show_caller(settings: Settings) -> None:
    from woda_lib.workbench.schedules.caller import caller_of
    from woda_lib.workbench.schedules.crontab import line_is_installed
    from woda_lib.workbench.schedules.timer import timer_standing

    caller = caller_of(settings)
    standing = timer_standing(caller)
    if standing:
        say(f"Timer {caller.name}: {standing}.")
    if line_is_installed(caller):
        say(f"A line of your crontab, marked {caller.name}, calls it.")
    elif not standing:
        say("Nothing calls `woda run --due` here yet: `woda schedule --install` sees to it.")
        return
    say(f"Log: {short(caller.log)}")


def _install(settings: Settings, every: int, *, cron: bool, only_print: bool) -> None:
    from woda_lib.workbench.schedules.caller import caller_of, variables_unseen
    from woda_lib.workbench.schedules.crontab import cron_line, install_line
    from woda_lib.workbench.schedules.timer import install_timer, unit_files, unit_folder

    caller = caller_of(settings, minutes=every)
    if only_print:
        if cron:
            say(cron_line(caller))
            return
        for name, text in unit_files(caller).items():
            say(f"# {unit_folder() / name}\n{text}")
        return
    made = caller.make_files()
    if cron:
        install_line(caller)
        say(f"Your crontab calls `woda run --due` every {every} minutes ({caller.name}).")
    else:
        installed = install_timer(caller)
        for path in installed.files:
            say(f"Unit: {path}")
        for command in installed.left_to_do:
            say(f"Still to do: {command}", style="yellow")
    say(f"Log: {caller.log}")
    say(f"Settings: {caller.environment}{' (new, for you to fill in)' if made else ''}")
    if unseen := variables_unseen(caller):
        say(
            f"Set here and unknown to a scheduled run, unless you write them there: "
            f"{', '.join(unseen)}",
            to=ERR,
            style="yellow",
        )


def _uninstall(settings: Settings) -> None:
    from woda_lib.workbench.schedules.caller import caller_of
    from woda_lib.workbench.schedules.crontab import uninstall_line
    from woda_lib.workbench.schedules.timer import uninstall_timer

    caller = caller_of(settings)
    removed = uninstall_timer(caller)
    for path in removed:
        say(f"Removed: {path}")
    if uninstall_line(caller):
        say(f"Removed from your crontab: the line marked {caller.name}")
    elif not removed:
        say("Nothing was installed.")
    if caller.environment.is_file():
        say(f"Left alone, since it may hold passwords: {caller.environment}")


def _try_notify(pilot: Pilot, settings: Settings) -> None:
    from woda_lib.workbench.schedules.messages import trial_message
    from woda_lib.workbench.schedules.telling import tell

    if pilot.notify is None:
        say(f"{pilot.pilot}.yaml names nobody to tell: it has no `notify`.", to=ERR, style="red")
        raise typer.Exit(2)
    failed = False
    for notice in tell(pilot.notify, trial_message(pilot), "test", settings=settings):
        if notice.told:
            say(f"Told by {notice.by}.")
        else:
            say(f"Nobody was told by {notice.by}: {notice.problem}", to=ERR, style="red")
            failed = True
    if failed:
        raise typer.Exit(1)


def _went(state: SlotState) -> str:
    words = {
        "complete": f"complete, run {state.run_id}",
        "failed": f"failed: {state.message.splitlines()[0] if state.message else ''}",
        "interrupted": "interrupted",
        "running": "running now, or cut off",
    }
    return words[state.outcome]


def _when(schedule: Schedule, slot: datetime) -> str:
    """A slot by its own zone's clocks, and by this machine's where they differ."""
    said, here = schedule.say(slot), slot.astimezone()
    if here.utcoffset() == slot.astimezone(schedule.zone).utcoffset():
        return said
    return f"{said} ({here:%a %H:%M} {here.tzname()} here)"
