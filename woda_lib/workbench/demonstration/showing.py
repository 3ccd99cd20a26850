"""The order of a demonstration: what cites nothing first, each round run, released and signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from woda_lib.errors import WodaError
from woda_lib.records import (
    Pilot,
    Release,
    ReleaseFolder,
    released_pilots,
    releases_of,
    versions_in,
)
from woda_lib.records.signatures import NoSshKeygen
from woda_lib.settings import Settings
from woda_lib.workbench.demonstration.releasing import Released, release_and_sign
from woda_lib.workbench.demonstration.reviewers import (
    DemonstrationError,
    DemonstrationReviewer,
    demonstration_reviewers,
)
from woda_lib.workbench.execution.running import CompleteRun

_WRONG_FROM_THE_START = 2


Runner = Callable[[list[Pilot], Callable[[CompleteRun], None]], None]
"""Runs pilots as `run_pilots` does, and tells of each that has a complete run."""


@dataclass
class Demonstration:
    """What came of a demonstration so far.

    Attributes
    ----------
    released : dict of str to Released
        By pilot.
    unsigned : str
        Why nothing could be signed, where that is so.
    errors : list of WodaError
        What failed; everything else went on.
    """

    released: dict[str, Released] = field(default_factory=dict)
    unsigned: str = ""
    errors: list[WodaError] = field(default_factory=list)


def refuse_partners_data(settings: Settings) -> None:
    """Refuse a demonstration where it would read, or release beside, what partners delivered.

    Raises
    ------
    DemonstrationError
    """
    from woda_lib.partners import synthetic_marker  # here: it brings pandas

    folder = settings.extracts_folder
    if settings.extracts is not None or (folder.exists() and synthetic_marker(folder) is None):
        raise DemonstrationError(
            "A demonstration is for made-up data alone, and these extracts may be partners'. Take "
            "WODA_EXTRACTS away and name a made-up county with --profile; or use `woda run`, "
            "`woda release` and `woda sign`, which people answer for."
        )
    for release in _records(settings):
        if not release.synthetic:
            raise DemonstrationError(
                f"A demonstration would release beside {release.name}, which rests on partners' "
                "data. Let it have a folder of its own: set WODA_OUTPUTS to an empty one."
            )


def _records(settings: Settings) -> Iterator[Release]:
    """Give every release whose record can be read, as it stands there."""
    for pilot in released_pilots(settings):
        folder = releases_of(settings, pilot)
        for version in versions_in(folder):
            try:
                text = ReleaseFolder(folder / version).record.read_text(encoding="utf-8")
                yield Release.model_validate_json(text)
            except (OSError, ValueError):  # void; it is said where releases are proved
                continue


def rounds(pilots: Sequence[Pilot]) -> Iterator[list[Pilot]]:
    """Give pilots in rounds: in each, those that cite none but pilots of the rounds before.

    Raises
    ------
    DemonstrationError
        If some cite each other in a circle.
    """
    named = {pilot.pilot: pilot for pilot in pilots}
    order = TopologicalSorter(
        {name: pilot.cites.keys() & named.keys() for name, pilot in named.items()}
    )
    try:
        order.prepare()
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise DemonstrationError(
            f"These cite each other in a circle, so that none can be first: {circle}. Take one of "
            "them out of another's `cites`."
        ) from None
    while order.is_active():
        ready = order.get_ready()
        yield [named[name] for name in named if name in ready]
        order.done(*ready)


def demonstrate(
    pilots: Sequence[Pilot],
    settings: Settings,
    *,
    run: Runner,
    on_released: Callable[[Released], None] = lambda released: None,
    on_error: Callable[[WodaError], None] = lambda error: None,
) -> Demonstration:
    """Run pilots on a made-up county, release each complete run, and sign it.

    A pilot that fails is told of, and the others go on. Where nothing has changed, nothing is run,
    released or signed again.

    Parameters
    ----------
    pilots : sequence of Pilot
    settings : Settings
    run : Runner
    on_released : callable, optional
        Told of each release once it stands as it will.
    on_error : callable, optional
        Told of each failure at once.

    Raises
    ------
    DemonstrationError
        If the extracts may be partners', pilots cite each other in a circle, or a reviewer of the
        demonstration cannot be made.
    ReviewersError
        If a reviewer's file is not valid.
    """
    refuse_partners_data(settings)
    so_far = Demonstration()
    reviewers: Sequence[DemonstrationReviewer] = ()
    try:
        reviewers = demonstration_reviewers(settings)
    except NoSshKeygen as error:
        so_far.unsigned = str(error)

    def failed(error: WodaError) -> None:
        so_far.errors.append(error)
        on_error(error)

    for asked in list(rounds(pilots)):
        complete = _run(asked, run, failed)
        for pilot in asked:
            if pilot.pilot not in complete or pilot.example:
                continue
            try:
                released = release_and_sign(
                    pilot, complete[pilot.pilot].manifest, settings, reviewers
                )
            except WodaError as error:
                failed(error)
            else:
                so_far.released[pilot.pilot] = released
                on_released(released)
    return so_far


def _run(
    asked: list[Pilot], run: Runner, failed: Callable[[WodaError], None]
) -> Mapping[str, CompleteRun]:
    """Run pilots side by side; where one keeps all from being begun, each by itself."""
    complete: dict[str, CompleteRun] = {}

    def keep(done: CompleteRun) -> None:
        complete[done.manifest.pilot] = done

    try:
        run(asked, keep)
    except WodaError as error:
        if error.exit_code != _WRONG_FROM_THE_START or complete or len(asked) == 1:
            failed(error)
            return complete
        for pilot in asked:
            try:
                run([pilot], keep)
            except WodaError as own:
                failed(own)
    return complete
