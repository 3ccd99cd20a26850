"""A step that was registered: its protocol is shown, kept to, and told on where it is not."""

from __future__ import annotations

import pytest
import yaml

from tests.protocols import PROTOCOL
from woda_lib.notebook import NotebookError
from woda_lib.records import sha256

from .conftest import PILOT


@pytest.fixture
def registered(desk):
    """The desk with a protocol for its first step."""
    first, *others = PILOT["steps"]
    content = PILOT | {"steps": [first | {"protocol": "tiny"}, *others]}
    file = desk.root / "parameters" / "protocols" / "tiny.yaml"
    file.parent.mkdir()
    file.write_text(yaml.safe_dump(PROTOCOL), encoding="utf-8")
    (desk.root / "parameters" / "tiny.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return desk


def finished(run) -> None:
    run.show_protocol()
    run.primary_settings()
    run.answer("It did.")
    run.finish()


def test_the_record_keeps_the_protocol_with_the_hash_of_its_file(registered):
    finished(registered.begin())
    record = registered.record()
    assert record.protocol.sha256 == sha256(registered.root / "parameters/protocols/tiny.yaml")
    assert record.protocol.protocol.version == "1.0"
    assert record.protocol.departures == ()
    assert "not the registered analysis" not in record.answer


def test_the_block_says_it_all_and_holds_no_markup_of_its_own(registered):
    run = registered.begin()
    run.show_protocol()
    html = registered.cells[-1].bundle["text/html"]
    for said in (
        "Registered on 15 September 2023, version 1.0",
        "Everybody who waits.",
        "Interrupted time series: impact step, season 2.",
        "Waits are shorter (lower, and it matters from 1 day on)",
        "Death in hospital: by less than 1.5 percentage points.",
        "Pretended dates.",
        "<dt>Deviations</dt><dd>None.</dd>",
    ):
        assert said in html
    assert registered.cells[-1].metadata["woda"]["kind"] == "protocol"


def test_the_notebook_takes_the_settings_as_they_are_registered(registered):
    run = registered.begin()
    assert run.primary_settings() == {"impact": "step", "season": 2}
    assert run.protocol.balance("died").margin == 1.5


def test_a_run_with_another_parameter_says_so_in_its_block_its_answer_and_its_record(registered):
    run = registered.begin(rate=2)
    finished(run)
    record = registered.record()
    assert record.protocol.departures == ("rate is 2, and 1.5 was registered",)
    assert record.answer.endswith(
        "This is not the registered analysis: rate is 2, and 1.5 was registered."
    )
    shown = [c for c in registered.cells if c.metadata["woda"]["kind"] == "protocol"]
    assert "This run is not the registered analysis" in shown[0].bundle["text/html"]


@pytest.mark.parametrize(
    ("forgotten", "says"),
    [
        ("show_protocol", "its report does not show it. Call run.show_protocol()"),
        ("primary_settings", r"never took the settings .* Pass \*\*run.primary_settings\(\)"),
    ],
)
def test_a_notebook_that_leaves_its_protocol_aside_does_not_finish(registered, forgotten, says):
    run = registered.begin()
    for verb in {"show_protocol", "primary_settings"} - {forgotten}:
        getattr(run, verb)()
    run.answer("It did.")
    with pytest.raises(NotebookError, match=says):
        run.finish()


def test_a_step_without_a_protocol_has_none_to_show(desk):
    with pytest.raises(NotebookError, match="No protocol is registered for 1_count"):
        desk.begin().show_protocol()
