"""`woda demonstrate`: the whole way on a made-up county, to a signed case and its papers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from woda_lib.errors import WodaError
from woda_lib.records import Pilot
from woda_lib.settings import Settings
from woda_lib.verbs.asking import Profile, pilots_of, source
from woda_lib.verbs.releases import say_standing
from woda_lib.verbs.running import run_and_say
from woda_lib.verbs.saying import ERR, say, say_aligned, settings_of, short

if TYPE_CHECKING:
    from woda_lib.workbench import CompleteRun
    from woda_lib.workbench.demonstration.releasing import Released


def demonstrate(
    profile: Annotated[
        Profile | None,
        typer.Option(help="The made-up county to use; it is made if it is not there. [demo]"),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", min=1, metavar="N", help="How many steps at once. [2]"),
    ] = None,
) -> None:
    """Run, release, sign and print all on made-up data.

    Two throw-away keys sign, which count for nothing else.
    """
    settings = settings_of(**source(profile, None))
    asked = pilots_of(settings, None)

    from woda_lib.workbench.execution.warm import begun_early

    # Before this process's own imports, which take as long as the checks themselves.
    with begun_early(asked, settings, again=False) as warm:
        from woda_lib.workbench import county_is_missing, keys_for_made_up, make_county
        from woda_lib.workbench.demonstration.showing import demonstrate, refuse_partners_data

        refuse_partners_data(settings)
        if county_is_missing(settings):
            say(f"Making the {settings.profile} county, once.", to=ERR)
            make_county(settings, settings.profile)
        for agreement in keys_for_made_up(asked, settings):
            say(f"Made a key for {agreement}, for made-up data only.", to=ERR)

        def run(pilots: list[Pilot], on_complete: Callable[[CompleteRun], None]) -> None:
            run_and_say(
                pilots,
                on_complete=on_complete,
                settings=settings,
                side_by_side=jobs,
                warm=warm,
            )

        came = demonstrate(asked, settings, run=run, on_released=_say_released, on_error=_say_error)
    _say_how_all_stands(settings, asked)
    papers_failed = _say_papers(settings, [pilot for pilot in asked if pilot.cites])
    if came.unsigned:
        say(f"Nothing was signed, so every answer is still a draft. {came.unsigned}", to=ERR)
    if came.errors or papers_failed:
        say("What failed is said above. Everything else stands.", to=ERR, style="red")
        raise typer.Exit(max([1, *(error.exit_code for error in came.errors)]))


def _say_released(released: Released) -> None:
    if released.changed:
        say_standing(released.standing)


def _say_error(error: WodaError) -> None:
    for text in (str(error), *getattr(error, "__notes__", ())):
        say(text, to=ERR, style="red")


def _say_how_all_stands(settings: Settings, asked: list[Pilot]) -> None:
    """Build the site, say of each answer how it stands, and where the site is."""
    from woda_lib.workbench import build_site
    from woda_lib.workbench.review.index import update_index
    from woda_lib.workbench.review.states import say_standing, standing_of

    page = build_site(settings)
    index = update_index(settings)
    standings = [(one.pilot, say_standing(standing_of(one, settings, index))) for one in asked]
    say_aligned("How each answer stands", standings)
    say(f"Review site: {short(page)}")


def _say_papers(settings: Settings, cases: list[Pilot]) -> bool:
    """Print the papers, say where each is, and say whether one failed."""
    from woda_lib.workbench.demonstration.papers import print_case, print_pack
    from woda_lib.workbench.review.index import update_index
    from woda_lib.workbench.review.pdf import PrintError, find_browser

    try:
        find_browser()
    except PrintError as error:
        say(f"No PDF was printed. {error}", to=ERR)
        return False
    failed = False
    index = update_index(settings)
    papers = [(case.title, partial(print_case, settings, index, case)) for case in cases]
    papers.append(("Pack", partial(print_pack, settings)))  # last: it lets the site link to all
    for name, print_it in papers:
        try:
            say(f"{name}: {short(print_it())}")
        except WodaError as error:
            _say_error(error)
            failed = True
    return failed
