"""`woda new-pilot`: a new pilot that runs as it stands."""

from __future__ import annotations

from typing import Annotated

import typer

from woda_lib.verbs.saying import say, settings_of, short

_OWNER = "Worcestershire Office of Data Analytics"


def new_pilot(
    name: Annotated[str, typer.Argument(metavar="NAME", help="In snake_case: bed_occupancy.")],
    title: Annotated[str, typer.Option(help="For people. [the name, in words]")] = "",
    question: Annotated[
        str, typer.Option(help="What a decision-maker asks. [the example's question]")
    ] = "",
    owner: Annotated[str, typer.Option(help="The role that decides by the answer.")] = _OWNER,
    agreement: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="One that is there already, or none for a study of made-up records. Left out, "
            "a draft is laid out.",
        ),
    ] = None,
) -> None:
    """Lay out a pilot of your own, which runs as it is.

    Notebook, parameters, agreement, rules and test are written, or nothing.
    """
    from woda_lib.workbench.desk.new_pilot import new_pilot as lay_out

    settings = settings_of()
    written = lay_out(
        name, settings, title=title, question=question, owner=owner, agreement=agreement
    )
    for path in written:
        say(f"{short(settings.root / path)}")
    say("")
    say("It runs as it is: it answers an example's question, and says that it is an example.")
    say(f"`woda run {name}` writes its report; `woda lab` opens its notebook, to make it your own.")
    if agreement is None:
        say("The agreement is a draft: until it is signed, only a made-up county may be read.")
