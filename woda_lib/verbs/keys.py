"""`woda keys`: the keys of agreements."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from woda_lib.verbs.saying import noun, say, settings_of

app = noun("Make, rotate and destroy the keys of agreements.")

_Agreement = Annotated[str, typer.Argument(metavar="AGREEMENT", help="Whose key.")]
_SshKey = Annotated[
    Path | None,
    typer.Option(
        "--ssh-key",
        metavar="FILE",
        help="Lock it to this public SSH key. Left out: to the passphrase WODA_KEY_PASSPHRASE.",
    ),
]


@app.command()
def create(agreement: _Agreement, ssh_key: _SshKey = None) -> None:
    """Make the key of an agreement, locked to an SSH key or a passphrase."""
    from woda_lib.partners.key_events import create_key

    settings = settings_of()
    record = create_key(agreement, settings, recipient=ssh_key)
    version = record.versions[-1].version
    say(f"Key for {agreement}: version {version}, locked with a {record.locked_with}.")
    say(f"It lies in {settings.keys_folder}; keep a copy apart from the data, or in a vault.")


@app.command()
def rotate(agreement: _Agreement, ssh_key: _SshKey = None) -> None:
    """Add a version that locks from now on; pseudonyms before and after cannot be joined."""
    from woda_lib.partners.key_events import rotate_key

    record = rotate_key(agreement, settings_of(), recipient=ssh_key)
    say(f"Key for {agreement}: version {record.versions[-1].version} locks from now on.")
    say("Tables that were saved before still open. Run the pilot again before joining anything.")


@app.command()
def destroy(
    agreement: _Agreement,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Destroy a key: every restricted table under it becomes noise, for good."""
    from woda_lib.partners.key_events import destroy_key

    if not yes:
        typer.confirm(f"Every restricted table under {agreement} becomes noise. Go on?", abort=True)
    destroy_key(agreement, settings_of())
    say(f"The key for {agreement} is destroyed. Its record stays, in `woda keys list`.")


@app.command("list")
def list_() -> None:
    """Say which keys there are and were, and how they are locked."""
    from woda_lib.partners.key_events import key_records

    for record in key_records(settings_of()):
        versions = ", ".join(f"{v.version} ({v.created:%-d %B %Y})" for v in record.versions)
        state = f"locked with {record.locked_with}"
        if record.destroyed:
            state = f"destroyed {record.destroyed:%-d %B %Y}"
        say(f"{record.name}: {state}")
        say(f"  Versions: {versions}")
