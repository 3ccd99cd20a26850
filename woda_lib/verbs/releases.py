"""`woda release`, `sign`, `verify` and `withdraw`: what people put their names to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from woda_lib.records import (
    ReleaseStanding,
    read_pilot,
    released_pilots,
    standing_of,
)
from woda_lib.records.releases import SIGNATURES_NEEDED
from woda_lib.records.standing import release_standings
from woda_lib.settings import Settings
from woda_lib.verbs.citing import cite_, say_fallen
from woda_lib.verbs.saying import ERR, say, settings_of, short

_PILOT = typer.Argument(metavar="PILOT")
_VERSION = typer.Argument(metavar="VERSION", help="Such as 1.3.")


def add_to(app: typer.Typer) -> None:
    """Add the verbs to a command."""
    for verb in (release_, sign, verify, withdraw, cite_):
        app.command(verb.__name__.rstrip("_"))(verb)


def release_(
    pilot: Annotated[str, _PILOT],
    run: Annotated[
        str | None, typer.Option(metavar="ID", help="Which run. [the last complete one]")
    ] = None,
    major: Annotated[
        bool, typer.Option("--major", help="Count the version's first number up.")
    ] = False,
    minor: Annotated[
        bool, typer.Option("--minor", help="Count its second number up, whatever has changed.")
    ] = False,
    allow_dirty: Annotated[
        bool,
        typer.Option("--allow-dirty", help="From uncommitted files; for made-up data alone."),
    ] = False,
    reason: Annotated[
        str, typer.Option(help="Why, although a value lies outside its expected range.")
    ] = "",
) -> None:
    """Freeze a run under a version, for two people to sign."""
    from woda_lib.workbench.releases import release_run

    if major and minor:
        raise typer.BadParameter("use --major or --minor, not both.")
    settings = settings_of()
    standing = release_run(
        read_pilot(settings.parameters_folder / f"{pilot}.yaml"),
        settings=settings,
        run_id=run,
        part="major" if major else "minor" if minor else None,
        allow_dirty=allow_dirty,
        reason=reason,
    )
    say_standing(standing)
    for change in standing.release.changes:
        say(f"  {change}")
    say(f"  {short(standing.folder)}")
    say(f"Two people sign it: `woda sign {pilot} {standing.release.version} --key …`.")
    _say_site(settings)


def sign(
    pilot: Annotated[str, _PILOT],
    version: Annotated[str, _VERSION],
    key: Annotated[
        Path,
        typer.Option(
            metavar="FILE", help="Your private SSH key, or the public half of one in an agent."
        ),
    ] = Path("~/.ssh/id_ed25519"),
    signature: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", exists=True, dir_okay=False, help="Made elsewhere, instead of a key."
        ),
    ] = None,
) -> None:
    """Put your name to a release, with your SSH key."""
    from woda_lib.workbench.releases import sign_release

    settings = settings_of()
    before = standing_of(pilot, version, settings)
    say(f"{pilot} {version}: {before.release.question}")
    say(f"Its record: SHA-256 {before.sha256}", to=ERR)
    standing = sign_release(pilot, version, settings=settings, key=key, signature=signature)
    say_standing(standing)
    _say_site(settings)


def verify(
    pilot: Annotated[str | None, typer.Argument(metavar="PILOT", help="All, if left out.")] = None,
    version: Annotated[str | None, _VERSION] = None,
) -> None:
    """Prove every byte and signature of releases.

    Exits 1 if one is void, or the audit log has been changed. Of a study it says which sentences
    no longer stand, where a release that they cite was withdrawn.
    """
    settings = settings_of()
    if pilot and version:
        standings = [standing_of(pilot, version, settings)]
    else:
        named = [path.stem for path in sorted(settings.parameters_folder.glob("*.yaml"))]
        pilots = [pilot] if pilot else dict.fromkeys([*named, *released_pilots(settings)])
        standings = [one for name in pilots for one in release_standings(settings, name)]
    if pilot and not standings:
        read_pilot(settings.parameters_folder / f"{pilot}.yaml")
    if not standings:
        say(f"Nothing{f' of {pilot}' if pilot else ''} has been released.")
    for standing in standings:
        say_standing(standing)
        say_fallen(standing, settings)
    whole = _say_log(settings)
    if not whole or any(standing.state == "void" for standing in standings):
        raise typer.Exit(1)


def withdraw(
    pilot: Annotated[str, _PILOT],
    version: Annotated[str, _VERSION],
    reason: Annotated[str, typer.Option(help="Why; readers of the site see it.")],
) -> None:
    """Take a release back.

    It is kept, marked with the reason, and can be signed no more.
    """
    from woda_lib.workbench.releases import withdraw_release

    settings = settings_of()
    say_standing(withdraw_release(pilot, version, reason=reason, settings=settings))
    _say_site(settings)


def say_standing(standing: ReleaseStanding) -> None:
    """Say how a release stands: state, files, who signed it, and what could not be proved."""
    release = standing.release
    void = standing.state == "void"
    say(
        f"{release.pilot} {release.version}: {_state(standing)}",
        to=ERR if void else None,
        style="red" if void else None,
    )
    if not void:
        by = f" by {release.released_by}" if release.released_by else ""
        data = ", on made-up data" if release.synthetic else ""
        dirty = ", from files that were not committed" if release.dirty else ""
        say(
            f"  {len(release.files)} files, every byte as released on "
            f"{release.released:%-d %B %Y}{by}{data}{dirty}."
        )
    for signer in standing.signers:
        at = f", {signer.at:%-d %B %Y}" if signer.at else ""
        say(f"  Signed by {signer.name} ({signer.role}){at}.")
    if standing.withdrawal:
        gone = standing.withdrawal
        say(f"  Withdrawn on {gone.at:%-d %B %Y} by {gone.by}.")
    for note in standing.notes:
        say(f"  {note}", to=ERR)


def _state(standing: ReleaseStanding) -> str:
    match standing.state:
        case "signed":
            return "signed."
        case "awaiting":
            missing = SIGNATURES_NEEDED - len(standing.signers)
            return f"awaits {missing} signature{'s' if missing > 1 else ''}."
        case state:
            return f"{state}. {standing.why}"


def _say_log(settings: Settings) -> bool:
    """Say if the audit log is broken, on which the days of signatures and much else rest."""
    from woda_lib.workbench.auditing import verify_audit

    if not settings.audit_file.is_file():
        return True
    if broken := verify_audit(settings).broken:
        say(f"The audit log is not as it was written: {broken.why}.", to=ERR, style="red")
    return broken is None


def _say_site(settings: Settings) -> None:
    from woda_lib.workbench import build_site

    say(f"The site: {short(build_site(settings))}")
