"""`woda model`: a look into a model's bundle, for those who have a copy of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from woda_lib.verbs.saying import noun, say, say_aligned

app = noun("Look into a model's bundle, or check that it is whole.")

_Bundle = Annotated[
    Path,
    typer.Argument(
        metavar="BUNDLE", help="Its folder, or the archive that `woda restricted open` wrote."
    ),
]


@app.command()
def show(bundle: _Bundle) -> None:
    """Say what a model is, what it was made of, and whether it may be used."""
    from woda_lib.prediction.bundle import read_bundle

    read = read_bundle(bundle)
    made = read.model.manifest
    say(read.index.verdict)
    say("")
    say_aligned(
        f"Version {read.index.version}",
        [
            ("trees", f"{made['trees']}, of the setting {made['chosen']['name']}"),
            ("trained on", f"{made['rows']:,} rows of {', '.join(made['index_dates'])}"),
            ("seed", str(made["seed"])),
            *((name, version) for name, version in read.index.created_by.items()),
        ],
    )
    say_aligned(
        f"{len(read.features)} features, in the model's order",
        [(told["name"], _of_a_feature(told)) for told in read.features],
    )
    for warning in read.warnings:
        say(warning)


@app.command()
def check(bundle: _Bundle) -> None:
    """Hold every file of a bundle to its hash, and the model to the packages at hand."""
    from woda_lib.prediction.bundle import read_bundle

    read = read_bundle(bundle)
    count = len(read.model.names)
    for warning in read.warnings:
        say(warning)
    say(f"Whole: {len(read.files)} files, each as it was written, and a model of {count} features.")
    say(f"Version {read.index.version}. {read.index.verdict}")


def _of_a_feature(told: dict[str, object]) -> str:
    window = f"{told['window_months']} months" if told["window_months"] else "the day"
    return f"{told['title']} ({told['kind']}; {window}; {told['source']})"
