"""`woda audit`: the log of what was done with people's data."""

from __future__ import annotations

from typing import Annotated

import typer

from woda_lib.verbs.saying import ERR, noun, say, settings_of

app = noun("Prove the audit log whole, or ask who saw or opened what.")


@app.command()
def verify() -> None:
    """Prove the log whole against its chain, its anchors and the manifests of runs."""
    from woda_lib.workbench.auditing import verify_audit

    found = verify_audit(settings_of())
    if found.repairs:
        say(f"{found.repairs} repaired after a machine stopped; the log says where.")
    if found.broken:
        say(
            f"Record {found.broken.number} is not as it was written: {found.broken.why}. "
            f"The {found.records} records before it are whole.",
            to=ERR,
            style="red",
        )
        raise typer.Exit(1)
    say(f"The log is whole: {found.records} records.")


@app.command("who-saw")
def who_saw_(
    person: Annotated[
        str,
        typer.Option(
            help="An NHS number, or <partner>/<number>; - asks for it, so that it is not kept "
            "in your shell's history."
        ),
    ] = "-",
) -> None:
    """Say who loaded or saved rows of a person: when, for what, which fields."""
    from woda_lib.partners.who_saw import who_saw

    if person == "-":
        person = typer.prompt("Person", hide_input=True)
    seen = who_saw(person, settings_of())
    for record in seen.records:
        say(f"{record.at:%-d %B %Y, %H:%M} UTC  {record.who}  {record.kind}  {record.run}")
        say(f"  {record.dataset}, for {record.purpose} under {record.agreement}")
        say(f"  fields: {', '.join(record.fields)}")
    say(f"{len(seen.records)} records of the log are about rows of this person.")
    for sentence in seen.unsearched:
        say(sentence, to=ERR)


@app.command("opened")
def opened_(
    purpose: Annotated[
        str, typer.Option(help="Of an agreement, such as emergency; every one, if left out.")
    ] = "",
) -> None:
    """Say what was opened by break-glass: when, by whom, for how many, and why."""
    from woda_lib.partners.openings import openings

    found = list(openings(settings_of(), purpose=purpose))
    for record in found:
        rows = "" if record.rows is None else f", {record.rows:,} rows"
        say(f"{record.at:%-d %B %Y, %H:%M} UTC  {record.who}  record {record.number}")
        say(f"  {record.dataset or 'an earlier day'}, for {record.purpose or 'no purpose'}{rows}")
        say(f"  {record.detail or ''}")
    say(f"{len(found)} openings are on the record.")
