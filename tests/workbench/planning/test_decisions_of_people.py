"""Whoever decides who is who makes stale what links, and all that follows from it."""

from __future__ import annotations

import pytest

from tests.workbench.bench import COUNT, HAND
from tests.workbench.planning.county import County

# It reads what people decided, as `Run.decisions` does.
DECIDED = [
    HAND.replace("inputs=()", "inputs=read"),
    """
from woda_lib.records import DECISIONS, decision_files, describe_input


class Verbs:
    def decisions(self, sources):
        paths = decision_files(settings.decisions_folder, "tiny")
        return tuple(describe_input(DECISIONS, path, settings.root) for path in paths)


read = Verbs().decisions(["a", "b"])
""",
]
FILE = "data/decisions/tiny/identities.csv"
CHANGED = f"run: people's decisions changed ({FILE})"
FRESH = {"1_count": "take over", "2_double": "take over"}
STALE = {"1_count": CHANGED, "2_double": "run: 1_count is run again"}


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> County:
    """A county where nobody has decided anything yet."""
    county = County(tmp_path_factory.mktemp("bench"))
    county.write_notebook("1_count", [*COUNT[:2], *DECIDED, *COUNT[3:]])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in county.environment.items():
            patch.setenv(name, value)
        county.make()
    return county


def test_the_first_a_changed_and_a_further_file_make_stale_the_step_and_what_needs_it(county):
    assert county.said() == FRESH

    first = county.write(FILE, "left_source\na\n")
    assert county.said() == STALE
    assert county.make() is not None
    assert county.said() == FRESH

    county.write(FILE, "left_source\na\nb\n")
    assert county.said() == STALE

    county.write(FILE, "left_source\na\n")
    county.write("data/decisions/tiny/review.csv", "left_source\na\n")
    changed = CHANGED.replace("identities", "review")
    assert county.said() == {**STALE, "1_count": changed}

    first.unlink()
    (first.parent / "review.csv").unlink()
    assert county.said()["1_count"] == "take over"  # as the run before the decision was


def test_other_pilots_decisions_are_no_concern(county):
    county.write("data/decisions/other/identities.csv", "left_source\na\n")
    assert county.said() == FRESH
