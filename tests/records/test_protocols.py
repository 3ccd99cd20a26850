"""A pre-registration: what its file must say, and how a change in it is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.protocols import PROTOCOL, changed, registered
from woda_lib.records import (
    ProtocolError,
    as_plain,
    protocol_changes,
    read_pilot,
    read_protocol,
    say_change,
)

OWN = Path(__file__).parents[2] / "parameters"


def write(folder: Path, content: Any, name: str = "tiny") -> Path:
    path = folder / "protocols" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), "utf-8")
    return path


def test_a_protocol_is_read_with_its_types(tmp_path):
    protocol = read_protocol(write(tmp_path, PROTOCOL))
    assert protocol.registered_on == date(2023, 9, 15)
    assert protocol.primary.settings == {"impact": "step", "season": 2}
    assert protocol.balance("died").margin == 1.5
    assert protocol.hypothesis("fewer_days").smallest == 1.0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (changed("window", None), r"protocols/tiny.yaml: window: Field required"),
        (changed("primary.model", None), r"primary.model: Field required"),
        (changed("primary.modle", "x"), r"primary.modle: Extra inputs"),
        (changed("hypotheses", []), r"hypotheses: "),
        (changed("hypotheses.0.direction", "sideways"), r"hypotheses.0.direction: .*'lower'"),
        (changed("hypotheses.0.smallest", 0), r"hypotheses.0.smallest: .*greater than 0"),
        (changed("secondary.0.margin", -1), r"secondary.0.margin: .*greater than 0"),
        (changed("secondary", PROTOCOL["secondary"] * 2), r"secondary names 'died' twice"),
        (changed("registered_on", "soon"), r"registered_on: "),
        (changed("version", 1.1), r'version: write it in quotes, "1.1"'),
        (changed("protocol", "other"), r"must be the file's name, 'tiny'"),
        (
            changed(
                "deviations", [{"decided_on": "2023-09-01", "what": "Less.", "why": "Because."}]
            ),
            r"a deviation of 2023-09-01 is older than the registration",
        ),
        ("[1, 2]", r"must hold keys and values"),
        ("a: [", r"is not valid YAML"),
    ],
)
def test_a_protocol_that_says_too_little_or_the_wrong_thing_is_refused_by_its_key(
    tmp_path, content, says
):
    with pytest.raises(ProtocolError, match=says):
        read_protocol(write(tmp_path, content))


def test_a_protocol_that_is_not_there_is_named_with_the_nearest_one(tmp_path):
    write(tmp_path, PROTOCOL)
    with pytest.raises(ProtocolError, match=r"no protocol 'tinny'.*Did you mean 'tiny'"):
        read_protocol(tmp_path / "protocols" / "tinny.yaml")


def test_an_outcome_that_was_never_registered_is_refused():
    with pytest.raises(ProtocolError, match="registers no secondary outcome 'dead'"):
        registered().protocol.balance("dead")


def test_a_run_departs_from_it_where_a_parameter_is_another():
    protocol = registered().protocol
    assert protocol.departures({"rate": 1.5, "other": 3}) == ()
    assert protocol.departures({"rate": 2.0}) == ("rate is 2, and 1.5 was registered",)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (
            "primary.model",
            "synthetic_control",
            "primary model interrupted_time_series → synthetic_control",
        ),
        ("primary.settings.season", 1, "primary settings season 2 → 1"),
        ("hypotheses.0.smallest", 2.0, "hypothesis fewer days: smallest 1 → 2"),
        ("secondary", [], "secondary outcome died dropped"),
        ("parameters.rate", 2.0, "parameters rate 1.5 → 2"),
        ("analyses", [], "analyses 1 dropped"),
        ("population", "Everybody who waits, and those who do not wait any more.", None),
    ],
)
def test_each_change_is_said_with_what_it_was_and_is(path, value, said):
    old, new = (as_plain(registered(content)) for content in (PROTOCOL, changed(path, value)))
    words = protocol_changes(old["protocol"], new["protocol"])
    assert words[0] == (said or f"population {PROTOCOL['population']} → {value}")
    # Whoever changes a protocol gives it a new version; who does not is told on.
    assert words[-1] == "its version still says 1.0"
    new["protocol"]["version"] = "1.1"
    assert "its version" not in " ".join(protocol_changes(old["protocol"], new["protocol"]))


def test_a_long_text_is_said_to_be_reworded_and_not_quoted():
    new = as_plain(registered(changed("population", "Everybody. " * 20)))
    assert protocol_changes(as_plain(registered())["protocol"], new["protocol"])[0] == (
        "population reworded"
    )


def test_the_change_of_a_file_says_what_kind_it_is():
    one, same = as_plain(registered()), as_plain(registered(sha256="b" * 64))
    assert say_change(one, one) == ""
    assert say_change(None, one) == "a protocol was registered for it (version 1.0)"
    assert say_change(one, None) == "its protocol is gone"
    assert say_change(one, same) == ("the protocol's file changed, in its comments or layout alone")


def pilot(folder: Path, **parameters: Any) -> Path:
    step = {"name": "1_count", "question": "?", "purpose": "p", "parameters": ["rate"]}
    content = {
        "pilot": "tiny",
        "title": "Tiny",
        "question": "?",
        "owner": "o",
        "agreement": "a",
        "answered_by": "1_count",
        "steps": [step | {"protocol": "tiny"}],
        "parameters": {"rate": {"type": "float", "value": 1, "maximum": 9, "description": "r"}},
    }
    write(folder, PROTOCOL | {"parameters": parameters})
    path = folder / "tiny.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def test_a_pilot_is_read_with_the_protocols_that_its_steps_name(tmp_path):
    assert read_pilot(pilot(tmp_path, rate=2.0)).step("1_count").protocol == "tiny"
    with pytest.raises(ProtocolError, match=r"parameters.rat is no parameter.*mean 'rate'"):
        read_pilot(pilot(tmp_path, rat=2.0))
    with pytest.raises(ProtocolError, match=r"tiny.yaml: parameters: rate is 10"):
        read_pilot(pilot(tmp_path, rate=10.0))
    (tmp_path / "protocols" / "tiny.yaml").unlink()
    with pytest.raises(ProtocolError, match="no protocol 'tiny'"):
        read_pilot(tmp_path / "tiny.yaml")


def test_our_own_protocol_registers_what_the_pilots_file_sets():
    """A default that drifted from the protocol would make every run a departure."""
    pilot = read_pilot(OWN / "patient_flow.yaml")
    for step in pilot.steps:
        if step.protocol:
            protocol = read_protocol(OWN / "protocols" / f"{step.protocol}.yaml")
            assert protocol.departures(pilot.values()) == ()
            assert protocol.registered_on < pilot.values()["go_live"]
