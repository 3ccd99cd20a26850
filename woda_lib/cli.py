"""The `woda` command: one verb a job. What a verb does is done by the rooms below."""

from __future__ import annotations

import signal
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from woda_lib import __version__
from woda_lib.errors import WodaError
from woda_lib.records import Parameter, RunFolder, proved_once
from woda_lib.settings import read_environment
from woda_lib.verbs import (
    agreements,
    audit,
    differences,
    due,
    extracts,
    identities,
    incident,
    keys,
    model,
    planning,
    releases,
    restricted,
    retention,
    review,
    reviewers,
    schedule,
    sweep,
)
from woda_lib.verbs.asking import Profile
from woda_lib.verbs.asking import day as _day
from woda_lib.verbs.asking import open_to as _open_to
from woda_lib.verbs.asking import overrides_of as _overrides
from woda_lib.verbs.asking import pilots_of as _pilots
from woda_lib.verbs.asking import source as _source
from woda_lib.verbs.demonstrate import demonstrate
from woda_lib.verbs.lab import lab
from woda_lib.verbs.new_pilot import new_pilot
from woda_lib.verbs.running import run_and_say, say_run
from woda_lib.verbs.saying import ERR, say, say_aligned, settings_of

# The workbench is imported by the verbs that need it: it brings papermill and Jupyter, which take
# seconds, and `woda --help` should not.

_INTERRUPTED = 130
_TERMINATED = 128 + signal.SIGTERM

HELP = """Ask the county's questions, and read the answers.

A pilot is one question, such as how many days the new discharge pathway saved. Its notebooks lie
in notebooks/, its parameters in parameters/, and what a run found in outputs/. Without real
extracts the workbench makes a county up, and every page says so.

\b
  woda list                                    what can be asked, and what can be changed
  woda run patient_flow                        answer one question
  woda run patient_flow -p bed_day_cost=350    the same, at another price
  woda run patient_flow -p horizon_days=60,90  two values of it, side by side
  woda run patient_flow --extracts ~/june      the same, on partners' files
  woda plan                                    what a run would do, step by step, and why
  woda status                                  what the last runs found
  woda diff patient_flow                       what changed since the run before, and why
  woda schedule                                what runs by itself, and when
  woda lab                                     look into the notebooks and try things out
  woda new-pilot bed_occupancy                 lay out a question of your own
  woda demonstrate                             the whole way on made-up data, signed and printed

Anything that goes wrong is said in a sentence, with what to do next. The last good report still
stands then, and the exit code is not nought.
"""


class _Woda(TyperGroup):
    """Shows a failure that is a person's to mend as its message, without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except WodaError as error:
            for text in (str(error), *getattr(error, "__notes__", ())):
                say(text, to=ERR, style="red" if text == str(error) else None)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            say("Stopped. What was complete before still stands.", to=ERR)
            raise typer.Exit(_INTERRUPTED) from None


app = typer.Typer(
    cls=_Woda,
    help=HELP,
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    # A pretty traceback prints local variables, and those hold rows.
    pretty_exceptions_enable=False,
)
for name, verbs in {
    "extracts": extracts,
    "agreements": agreements,
    "reviewers": reviewers,
    "identities": identities,
    "incident": incident,
    "keys": keys,
    "restricted": restricted,
    "model": model,
    "retention": retention,
    "review": review,
    "audit": audit,
}.items():
    app.add_typer(verbs.app, name=name)


def main() -> None:
    """Run the command; what `pyproject.toml` calls."""
    signal.signal(signal.SIGTERM, _leave_in_order)
    app(prog_name="woda")


def _version(asked: bool) -> None:
    if asked:
        say(f"woda {__version__}")
        raise typer.Exit


@app.callback()
def _woda(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")
    ] = False,
) -> None:
    pass


@app.command()
def run(
    pilots: Annotated[
        list[str] | None,
        typer.Argument(metavar="PILOT", help="Which questions; all of them if none is named."),
    ] = None,
    profile: Annotated[
        Profile | None,
        typer.Option(help="The made-up county to use; it is made if it is not there. [demo]"),
    ] = None,
    extracts: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Partners' extracts to use instead of a made-up county."),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "-p",
            metavar="NAME=VALUE",
            help="Another value for a parameter; several with commas between, to compare them.",
        ),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DAY",
            help="Ask agreements as of this day, to repeat a past run.",
        ),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why --as-of; it is recorded.")] = "",
    only_due: Annotated[
        bool, typer.Option("--due", help="Run what is due by schedule, and nothing else.")
    ] = False,
    env_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="WODA_… variables, for timers and cron."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Run every step, also where nothing has changed.")
    ] = False,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="Stop where somebody else runs the same pilot.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", min=1, metavar="N", help="How many steps at once. [2]"),
    ] = None,
    sweep_limit: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="The most scenarios of a sweep. [20]"),
    ] = None,
) -> None:
    """Answer questions: run their notebooks and write the reports."""
    if env_file:
        read_environment(env_file)
    if only_due:
        if parameter or as_of:
            raise typer.BadParameter("runs pilots as their files say.", param_hint="--due")
        due.run_due(settings_of(**_source(profile, extracts)), pilots, say_run)
        return
    settings = settings_of(**_source(profile, extracts), **_day(as_of, reason))
    asked = _pilots(settings, pilots)

    from woda_lib.workbench.execution.warm import begun_early

    # Before this process's own imports, which take as long as the checks themselves.
    with begun_early(asked, settings, again=again) as warm:
        from woda_lib.partners.opening import clear_expired
        from woda_lib.workbench import county_is_missing, keys_for_made_up, make_county
        from woda_lib.workbench.planning.plan import share_overrides

        clear_expired(settings)
        if not pilots and not county_is_missing(settings):
            asked = _open_to(settings, asked)
        overrides = _overrides(parameter or [])
        grid = sweep.grid_of(asked, overrides, sweep_limit)
        if not grid:
            overrides = sweep.unquoted(overrides)
            for pilot, own in zip(asked, share_overrides(overrides, asked).values(), strict=True):
                pilot.values(own)
        if county_is_missing(settings):
            say(f"Making the {settings.profile} county, once.", to=ERR)
            make_county(settings, settings.profile)
        for agreement in keys_for_made_up(asked, settings):
            say(f"Made a key for {agreement}, for made-up data only.", to=ERR)
        if grid:
            sweep.run_grid(grid, settings, jobs, warm)
        else:
            run_and_say(
                asked,
                settings=settings,
                overrides=overrides,
                again=again,
                wait=not no_wait,
                side_by_side=jobs,
                warm=warm,
            )


app.command("plan")(planning.plan)


@app.command()
def status(
    pilots: Annotated[
        list[str] | None,
        typer.Argument(metavar="PILOT", help="Which questions; all of them if none is named."),
    ] = None,
) -> None:
    """Say what the last runs found, and how each answer stands."""
    from woda_lib.workbench.review.index import update_index
    from woda_lib.workbench.review.states import say_standing, standing_of

    settings = settings_of()
    asked = _pilots(settings, pilots)
    with proved_once():
        index = update_index(settings)
        for pilot in asked:
            for name in index.newer_unreadable(pilot.pilot):
                say(f"{pilot.pilot}: the manifest of {name} cannot be read. Run the pilot again.")
            standing = standing_of(pilot, settings, index)
            if run := index.last_run(pilot.pilot):
                folder = RunFolder(settings.outputs_folder / pilot.pilot / run.run_id)
                say_run(pilot, folder, run, say_standing(standing))
            else:
                why = f" {say_standing(standing)}" if standing.failure else ""
                say(f"{pilot.pilot}: not run yet.{why} Use `woda run {pilot.pilot}`.\n")


app.command("diff")(differences.diff)


@app.command("list")
def list_() -> None:
    """Say what can be asked, and which parameters can be changed."""
    for pilot in _pilots(settings_of(), None):
        say(f"{pilot.pilot}: {pilot.question}")
        say(f"  Owner: {pilot.owner}. Agreement: {pilot.agreement}.")
        say_aligned("Notebooks", [(step.name, step.question) for step in pilot.steps])
        if pilot.parameters:
            say("  Parameters")
        for name, parameter in pilot.parameters.items():
            _say_parameter(name, parameter)
        say("")


app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(lab)
app.command("new-pilot")(new_pilot)
app.command()(demonstrate)
app.command("schedule")(schedule.schedule)


releases.add_to(app)


def _say_parameter(name: str, parameter: Parameter) -> None:
    value = f"{name} = {parameter.plain(parameter.value)} {parameter.unit}".rstrip()
    limits = []
    if parameter.minimum is not None:
        limits.append(f"from {parameter.minimum}")
    if parameter.maximum is not None:
        limits.append(f"up to {parameter.maximum}")
    if parameter.choices is not None:
        limits.append("one of " + ", ".join(str(choice) for choice in parameter.choices))
    say(f"    {value} ({' '.join(limits)})" if limits else f"    {value}")
    if parameter.spread:
        say(f"        Not known for sure: {parameter.spread}.")
    say(f"        {parameter.description}")


def _leave_in_order(signum: int, frame: FrameType | None) -> NoReturn:
    """End a kernel and remove what is half made, when a schedule's time limit ends the command."""
    raise SystemExit(_TERMINATED)
