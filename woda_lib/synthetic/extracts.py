"""Writing a made-up county to disk: its partners' files, whole or not at all, and its truth."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from shutil import rmtree

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng

from woda_lib.disclosure import write_canaries
from woda_lib.errors import WodaError
from woda_lib.partners.folder import GENERATOR, MADE_UP_FORM, MARKER
from woda_lib.synthetic.assistance.floods import write_outlines
from woda_lib.synthetic.assistance.register import PARTNER, draw_register
from woda_lib.synthetic.businesses import SOUND
from woda_lib.synthetic.canaries import CANARIES
from woda_lib.synthetic.complex_dependencies.whole import ComplexDependencies
from woda_lib.synthetic.county import County, draw_county
from woda_lib.synthetic.deliveries import Delivery
from woda_lib.synthetic.estate import Estate
from woda_lib.synthetic.faults import plant_faults
from woda_lib.synthetic.profiles import Profile, get_profile
from woda_lib.synthetic.raw_forms import RAW_FORMS, RawForm, file_bytes, write_text
from woda_lib.synthetic.truth import write_known, write_truth

_REPEATED_SHARE = 0.002
_PLACE_COLUMNS = ["partner", "dataset", "row_id", "uprn"]
_FAULT_COLUMNS = ["partner", "dataset", "file", "line", "fault"]


class ExtractsInTheWay(WodaError):
    """The folder that a made-up county was to be written to holds something."""

    exit_code = 2


def make_extracts(folder: Path, truth: Path, *, profile: str, seed: int | None = None) -> Path:
    """Make a county's extracts and, apart from them, its truth.

    The same profile and seed give the same bytes on every machine with the locked packages.

    Parameters
    ----------
    folder : Path
        Where the extracts go: ``<folder>/<partner>/<dataset>_<YYYY-MM>.csv``. It must be absent or
        empty. It appears only when everything is written.
    truth : Path
        The folder of truths; this county's goes to ``<truth>/<name>``, with the name that
        ``SYNTHETIC.json`` in `folder` records. An older truth of that name is replaced.
    profile : {"quick", "demo", "county"}
    seed : int, optional
        The profile's own, if left out.

    Returns
    -------
    Path
        `folder`.

    Raises
    ------
    UnknownProfile
        If there is no such profile.
    ExtractsInTheWay
        If `folder` is not empty.
    """
    known, chosen, name = _asked_for(profile, seed)
    _require_empty(folder)
    county = draw_county(known, chosen)
    rng = default_rng([chosen, 1])
    # The truth appears first: extracts without a truth would be taken for broken.
    with _appearing(folder) as hidden, _appearing(truth / name) as hidden_truth:
        faults = [
            _write_dataset(hidden / partner, RAW_FORMS[partner], one, rng)
            for partner, deliveries in county.deliveries.items()
            for one in deliveries
        ]
        faults += _write_domestic_abuse(county, known, chosen, hidden)
        places = [pd.DataFrame(columns=_PLACE_COLUMNS, dtype=object)]
        for given in county.single_view.deliveries():
            at, form = hidden / given.partner, RAW_FORMS[given.partner]
            if given.sound:
                write_sound(at, form, given.delivery)
            else:
                own = _own_stream(chosen, given.partner, given.delivery.dataset)
                faults.append(_write_dataset(at, form, given.delivery, own))
            places.append(given.true_places())
        dependencies = ComplexDependencies(county.single_view)
        for partner, delivery in dependencies.deliveries():
            own = _own_stream(chosen, partner, delivery.dataset)
            faults.append(_write_dataset(hidden / partner, RAW_FORMS[partner], delivery, own))
        estate = Estate(known, county.single_view.world.places, chosen)
        assistance = draw_register(county.single_view.world)
        others = chain(
            county.businesses.deliveries(),
            estate.deliveries(),
            [(PARTNER, assistance.delivery)],
        )
        for partner, delivery in others:
            if delivery.dataset in SOUND:
                write_sound(hidden / partner, RAW_FORMS[partner], delivery)
                continue
            own = _own_stream(chosen, partner, delivery.dataset)
            faults.append(_write_dataset(hidden / partner, RAW_FORMS[partner], delivery, own))
        all_faults = pd.concat(faults, ignore_index=True)
        more = dependencies.truth() | county.businesses.truth() | estate.truth()
        more["ar_people"] = assistance.truth
        write_outlines(hidden_truth)
        write_truth(county, known, all_faults, places, more, hidden_truth)
        _mark(hidden, known, chosen, name)
    return folder


def make_domestic_abuse(
    folder: Path, truth: Path, *, profile: str, seed: int | None = None
) -> County:
    """Make the extracts that the domestic-abuse pilot reads, and what is true of them alone.

    For measurements at a size at which the other partners' files take minutes. What is written is,
    byte for byte, what `make_extracts` writes.

    Parameters
    ----------
    folder, truth, profile, seed
        As for `make_extracts`.

    Returns
    -------
    County
        What was drawn, for `make_day`.

    Raises
    ------
    UnknownProfile, ExtractsInTheWay
        As for `make_extracts`.
    """
    known, chosen, name = _asked_for(profile, seed)
    _require_empty(folder)
    county = draw_county(known, chosen)
    with _appearing(folder) as hidden, _appearing(truth / name) as hidden_truth:
        _write_domestic_abuse(county, known, chosen, hidden)
        write_known(county, known, known.as_of, hidden_truth, whole=False)
        write_canaries(CANARIES, hidden_truth)
        _mark(hidden, known, chosen, name)
    return county


def _asked_for(profile: str, seed: int | None) -> tuple[Profile, int, str]:
    """The profile, the seed, and what their truth is called."""
    known = get_profile(profile)
    chosen = known.seed if seed is None else seed
    return known, chosen, known.name if chosen == known.seed else f"{known.name}-{chosen}"


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExtractsInTheWay(
            f"{folder} is not empty, and a made-up county is never written over anything. "
            "Move it away first."
        )


def _write_domestic_abuse(
    county: County, known: Profile, seed: int, hidden: Path
) -> list[pd.DataFrame]:
    """Write people's choices and what the domestic-abuse pilot reads; return the faults.

    Drawn from numbers of their own, so that every other file is what it was without them.
    """
    for partner, delivery in county.opt_outs.items():
        write_sound(hidden / partner, RAW_FORMS[partner], delivery)
    return [
        _write_dataset(
            hidden / partner,
            RAW_FORMS[partner],
            one.between(known.opens, known.as_of),
            _own_stream(seed, partner, one.dataset),
        )
        for partner, deliveries in county.domestic_abuse.items()
        for one in deliveries
    ]


def _mark(hidden: Path, known: Profile, seed: int, truth: str) -> None:
    """Mark a folder as made up."""
    marker = {
        "generator": GENERATOR,
        "profile": known.name,
        "seed": seed,
        "truth": truth,
        "form": MADE_UP_FORM,
    }
    text = json.dumps(marker, indent=2) + "\n"
    (hidden / MARKER).write_text(text, encoding="utf-8")


@contextmanager
def _appearing(folder: Path) -> Iterator[Path]:
    """A hidden sibling to write to, which becomes `folder` at the end and vanishes on failure."""
    hidden = folder.with_name(f".{folder.name}.part")
    # What a killed process left behind under this name is of no use to anybody.
    rmtree(hidden, ignore_errors=True)
    hidden.mkdir(parents=True)
    try:
        yield hidden
        if folder.exists():
            rmtree(folder)
        hidden.rename(folder)
    except BaseException:
        rmtree(hidden, ignore_errors=True)
        raise


def _own_stream(seed: int, partner: str, dataset: str) -> Generator:
    """Random numbers of one dataset, which no other dataset uses up."""
    return default_rng([seed, 2, zlib.crc32(f"{partner}/{dataset}".encode())])


def _write_dataset(folder: Path, form: RawForm, delivery: Delivery, rng: Generator) -> pd.DataFrame:
    """Write one dataset's files and return the faults planted in them."""
    text, fault = plant_faults(delivery, write_text(delivery.rows, form), form, rng)
    text, fault, period = _repeat_some(text, fault, delivery.period, rng)
    names, edges = _write_files(folder, form, delivery, text, period)
    spoilt = np.flatnonzero(fault != "")
    return pd.DataFrame(
        {
            "partner": form.partner,
            "dataset": delivery.dataset,
            "file": np.array(names, dtype=object)[period[spoilt]],
            "line": spoilt - edges[period[spoilt]] + form.first_line,
            "fault": fault[spoilt],
        }
    )[_FAULT_COLUMNS]


def write_sound(folder: Path, form: RawForm, delivery: Delivery) -> None:
    """Write a delivery's files as they should be: no fault is planted in them."""
    _write_files(folder, form, delivery, write_text(delivery.rows, form), delivery.period)


def _write_files(
    folder: Path, form: RawForm, delivery: Delivery, text: pd.DataFrame, period: np.ndarray
) -> tuple[list[str], np.ndarray]:
    """Write a file a period; return their names, and where in the text each begins."""
    folder.mkdir(exist_ok=True)
    labels = delivery.periods.labels
    edges = np.searchsorted(period, np.arange(len(labels) + 1))
    names = [f"{delivery.dataset}_{label}.csv" for label in labels]
    for number, name in enumerate(names):
        rows = text.iloc[edges[number] : edges[number + 1]]
        late = number >= len(labels) // 2
        (folder / name).write_bytes(file_bytes(rows, form, late=late))
    return names, edges


def _repeat_some(
    text: pd.DataFrame, fault: np.ndarray, period: np.ndarray, rng: Generator
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Repeat a few sound rows exactly, straight after themselves, as a careless export does."""
    twice = (rng.random(len(text)) < _REPEATED_SHARE) & (fault == "")
    at = np.repeat(np.arange(len(text)), 1 + twice)
    return text.iloc[at].reset_index(drop=True), fault[at], period[at]
