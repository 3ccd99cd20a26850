"""`woda extracts`: make a county up, or check a folder of real extracts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from woda_lib.verbs.asking import Profile
from woda_lib.verbs.saying import ERR, noun, say, settings_of, short

if TYPE_CHECKING:
    from woda_lib.partners import ExtractsReport

app = noun("Make a county up, or check a folder of real extracts.")


@app.command("make")
def make(
    profile: Annotated[
        Profile, typer.Option(help="20,000 residents, 60,000, or a county of 600,000.")
    ] = "demo",
    seed: Annotated[int | None, typer.Option(help="Another county of the same kind.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the county that is there.")] = (
        False
    ),
) -> None:
    """Make a county up, with what each partner would write about it."""
    from woda_lib.workbench import make_county

    settings = settings_of()
    make_county(settings, profile, seed=seed, force=force)
    say(f"Extracts: {short(settings.profile_folder(profile))}")


@app.command("next-day")
def next_day(
    profile: Annotated[Profile, typer.Option(help="Of which made-up county.")] = "demo",
) -> None:
    """Let police deliver one day more to a made-up county."""
    from woda_lib.synthetic import make_day
    from woda_lib.synthetic import next_day as day_after

    settings = settings_of()
    folder = settings.profile_folder(profile)
    for path in make_day(folder, settings.truth_folder, day_after(folder)):
        say(f"Delivered: {short(path)}")


@app.command("check")
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="<DIR>/<partner>/<dataset>_….csv")],
) -> None:
    """Say file by file what is wrong with a folder of extracts."""
    from woda_lib.partners import check_extracts

    report = check_extracts(folder)
    for problem in report.problems:
        say(problem, to=ERR, style="red")
    for doubt in report.doubts:
        say(f"Warning: {doubt}", to=ERR, style="yellow")
    if not report.files.empty:
        totals = report.files.groupby("partner")[["delivered", "quarantined"]].sum().astype(int)
        for partner, rows in totals.to_dict("index").items():
            say(f"{partner}: {rows['delivered']:,} rows, {rows['quarantined']:,} quarantined")
    place = ""
    for fault in report.faults.sort_values(["partner", "file"]).to_dict("records"):
        if place != (place := f"{fault['partner']}/{fault['file']}"):
            say(place)
        where = f"{fault['column']}, " if fault["column"] else ""
        say(f"  {fault['rows']:,} × {fault['outcome']}: {where}{fault['rule'].replace('_', ' ')}")
    if report.undelivered:
        names = ", ".join(report.undelivered)
        say(f"Nobody has delivered {names}. Pilots that read one of them will not run.")
    say(_in_all(report))
    if not report.usable:
        raise typer.Exit(1)
    say("A run can use this folder.")


def _in_all(report: ExtractsReport) -> str:
    """The end of a long list, which says whether there is anything to scroll up to."""
    rows = report.files[["delivered", "quarantined"]].sum().astype(int)
    read = report.files["delivered"].count()
    told = report.problems or report.doubts
    return (
        f"In all: files read {read:,}, refused {len(report.files) - read:,}; rows "
        f"{rows['delivered']:,}, of them quarantined {rows['quarantined']:,}; faults that stop a "
        f"run {len(report.problems):,}, warnings {len(report.doubts):,}"
        f"{' (at the top)' if told else ''}."
    )


@app.command("gazetteer")
def gazetteer(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="BS 7666, DTF 7.3, as CSV.")],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="The folder of extracts.")],
) -> None:
    """Turn a council's gazetteer in the transfer format into the extract that runs read."""
    from woda_lib.partners.transfer_format import read_transfer, write_extract

    transfer = read_transfer(file)
    path = write_extract(transfer, to)
    say(f"{len(transfer.frame):,} ways of addressing a property: {short(path)}")
    for reason, records in transfer.left_out.items():
        say(f"  {records:,} × left out: {reason}")
    say(f"Next: woda extracts check {short(to)}")
