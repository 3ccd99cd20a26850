"""`woda agreements`: the register of data-sharing agreements."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from woda_lib.records import read_pilots
from woda_lib.verbs.saying import ERR, noun, say, settings_of, short

app = noun("Read, check and exchange data-sharing agreements.")


@app.command("list")
def list_() -> None:
    """Say which agreements there are, until when, and which pilots use them."""
    from woda_lib.partners import load_agreements
    from woda_lib.partners.standing import standing

    settings = settings_of()
    pilots = read_pilots(settings.parameters_folder)
    for agreement in load_agreements(settings.agreements_folder).values():
        used = [pilot.pilot for pilot in pilots.values() if pilot.agreement == agreement.id]
        say(f"{agreement.id}: {agreement.title}")
        say(f"  {standing(agreement, settings.today)}")
        say(f"  Parties: {', '.join(party.partner for party in agreement.parties)}.")
        say(f"  Used by: {', '.join(used) or 'no pilot'}.\n")


@app.command()
def show(agreement: Annotated[str, typer.Argument(metavar="AGREEMENT")]) -> None:
    """Say everything that an agreement says."""
    from woda_lib.partners import load_agreement
    from woda_lib.partners.standing import in_words

    settings = settings_of()
    for line in in_words(load_agreement(agreement, settings.agreements_folder)):
        say(line)


@app.command()
def check() -> None:
    """Check every agreement: its file, its dates, and that each pilot has one."""
    from woda_lib.partners.standing import check_register

    settings = settings_of()
    findings = check_register(
        settings.agreements_folder, read_pilots(settings.parameters_folder), settings.today
    )
    for note in findings.notes:
        say(note)
    for problem in findings.problems:
        say(problem, to=ERR, style="red")
    if findings.problems:
        raise typer.Exit(1)


@app.command("import")
def import_(
    register: Annotated[Path, typer.Argument(metavar="CSV", help="docs/governance.md says how.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over agreements that are there already.")
    ] = False,
) -> None:
    """Write the agreements of a CSV register as files; nothing is written if one is faulty."""
    from woda_lib.partners.register import import_register, write_agreements

    settings = settings_of()
    found = import_register(register)
    for path in write_agreements(found, settings.agreements_folder, replace=replace):
        say(f"Agreement: {short(path)}")


@app.command()
def export(
    register: Annotated[Path, typer.Argument(metavar="CSV", help="The file to write.")],
) -> None:
    """Write every agreement to a CSV register, a row a dataset."""
    from woda_lib.partners import load_agreements
    from woda_lib.partners.register import export_register

    found = load_agreements(settings_of().agreements_folder).values()
    signed = [agreement for agreement in found if not agreement.draft]
    register.write_text(export_register(signed), encoding="utf-8")
    say(f"{len(signed)} agreement{'s' if len(signed) != 1 else ''}: {short(register)}")
    if drafts := [agreement.id for agreement in found if agreement.draft]:
        say(f"Left out, because not signed: {', '.join(drafts)}.", to=ERR)
