"""`woda lab`: JupyterLab on this checkout, with a page to start from."""

from __future__ import annotations

import os

import typer

from woda_lib.verbs.saying import ERR, say, settings_of


def lab(context: typer.Context) -> None:
    """Open JupyterLab on this checkout, at a page to start from.

    What follows `woda lab`, such as --no-browser, is handed on to JupyterLab.
    """
    from woda_lib.workbench.county import county_is_missing, make_county
    from woda_lib.workbench.desk.lab import command_of, environment_of
    from woda_lib.workbench.desk.start_page import write_start_page

    settings = settings_of()
    if county_is_missing(settings):
        say(f"Making the {settings.profile} county, once.", to=ERR)
        make_county(settings, settings.profile)
    page = write_start_page(settings)
    command = command_of(settings, page, context.args)
    os.execve(command[0], command, environment_of(settings))
