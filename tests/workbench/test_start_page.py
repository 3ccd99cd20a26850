"""The page that JupyterLab opens with: what stands on it, whatever has and has not been run."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.workbench.bench import Bench
from woda_lib.records import Attempt, read_manifest, write_json
from woda_lib.records.layout import RunFolder
from woda_lib.workbench.desk.start_page import NAME, write_start_page


def page_of(bench: Bench) -> list[str]:
    return write_start_page(bench.settings).read_text(encoding="utf-8").splitlines()


def test_before_any_run_it_lists_notebooks_parameters_and_commands(bench):
    page = page_of(bench)
    expected = """
    **How many are that twice over?** Not run yet.

    | notebook | asks | run before it |
    |---|---|---|
    | [2\\_double](notebooks/tiny/2_double.ipynb) | How many are that twice over? | 1\\_count |
    | [1\\_count](notebooks/tiny/1_count.ipynb) | How many are there? |  |

    | parameter | value | range | what it is | in |
    |---|---|---|---|---|
    | `start` | 3 visits |  | To begin with. | 1\\_count |
    | `factor` | 2.0 times | 0 to 10 | How often. | 2\\_double |
    | `since` | 2023-10-01 |  | First day. | 2\\_double |

    ```
    woda run tiny
    woda run tiny -p start=4
    ```
    """
    lines = [line.strip() for line in expected.strip().splitlines()]
    start = page.index(lines[0])
    assert page[start : start + len(lines)] == lines
    assert "| **Tiny** | How many are that twice over? | Not run yet. |" in page


def test_it_says_whose_records_notebooks_read(bench):
    assert "**partners' extracts** (`data/extracts/demo`)" in "\n".join(page_of(bench))
    marker = '{"generator": "woda_lib.synthetic", "profile": "demo", "seed": 1, "truth": "t"}'
    bench.write("data/extracts/demo/SYNTHETIC.json", marker)
    assert "**made-up county** (`data/extracts/demo`)" in "\n".join(page_of(bench))


def test_after_a_run_it_gives_the_answer_the_values_and_the_report(finished):
    run = finished.run.folder.path.name
    page = page_of(finished.bench)
    assert any(f"[Its report](outputs/tiny/{run}/2_double.html)." in line for line in page)
    assert "| `doubled` | 7.5 days (6.5 to 8.5) |" in page
    assert "<p>There are <strong>7.5 days</strong> &amp; more.</p>" in page
    assert any("([open it](outputs/site/index.html))" in line for line in page)


def test_what_was_found_under_a_draft_is_not_on_it(bench):
    bench.write("outputs/tiny/draft/manifest.json", "{}")
    assert "**How many are that twice over?** Not run yet." in page_of(bench)


def attempt(moment: datetime, outcome: str = "failed") -> Attempt:
    return Attempt(
        pilot="tiny",
        run_id=f"{moment:%Y-%m-%dT%H-%M-%S}-0000",
        started=moment,
        finished=moment,
        outcome=outcome,
        steps={},
        message="tiny stopped in step 1_count.",
        notebook="data/failed/1_count.ipynb",
    )


def test_an_attempt_that_failed_is_told_of_until_a_run_is_complete(finished):
    bench = finished.bench
    path = bench.root / "outputs" / "tiny" / "attempt.json"
    complete = read_manifest(RunFolder(finished.run.folder.path)).finished
    write_json(path, attempt(complete + timedelta(hours=1)))
    told = [line for line in page_of(bench) if line.startswith("> The last attempt")]
    assert len(told) == 1
    assert told[0].endswith("tiny stopped in step 1\\_count.")
    bench.write("data/failed/1_count.ipynb", "{}")
    link = "[The notebook as it stopped](data/failed/1_count.ipynb)."
    assert any(line.endswith(link) for line in page_of(bench))
    write_json(path, attempt(complete - timedelta(hours=1)))
    assert not any("The last attempt" in line for line in page_of(bench))
    path.unlink()


@pytest.mark.parametrize(
    ("outcome", "said"), [("failed", "failed"), ("interrupted", "was stopped")]
)
def test_a_first_attempt_that_came_to_nothing_is_told_of_too(bench, outcome, said):
    path = bench.root / "outputs/tiny/attempt.json"
    write_json(path, attempt(datetime(2025, 4, 1, tzinfo=UTC), outcome))
    asked = "**How many are that twice over?** Not run yet."
    assert f"{asked} The last attempt {said}." in page_of(bench)


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ("parameters/tiny.yaml", "> **Cannot be read.** tiny.yaml must hold keys and values"),
        ("outputs/tiny/2025-01-01T00-00-00-aaaa/manifest.json", "cannot be read"),
        ("outputs/tiny/attempt.json", "Not run yet."),
    ],
)
def test_a_file_that_cannot_be_read_does_not_keep_anybody_from_their_notebooks(bench, spoilt, said):
    bench.write(spoilt, "- neither")
    assert any(said in line for line in page_of(bench))


def test_text_is_shown_as_it_is_and_breaks_no_table(bench):
    bench.write_pilot(question="Is a|b < *c* in [d](e)?")
    assert r"**Is a\|b &lt; \*c\* in \[d\](e)?** Not run yet." in page_of(bench)


def test_a_pilot_that_is_still_the_example_says_so(bench):
    bench.write_pilot(example=True)
    assert any("Still the example that a new pilot begins with." in line for line in page_of(bench))


def test_git_never_takes_it(bench):
    checkout = Path(__file__).parents[2]
    ignored = subprocess.run(["git", "check-ignore", NAME], cwd=checkout, capture_output=True)
    assert ignored.returncode == 0
