"""Attempts with what people wrote: a log that the step has read, and somebody who wants it out.

Each is refused, with a message that quotes nothing, or shows nothing of a person. What is not
stopped stands at the end of docs/disclosure.md, and the last tests hold that list to the truth.
"""

import base64
import codecs
import json

import pandas as pd
import pytest
import yaml

from tests.adversary.desk import Step
from tests.notebook.conftest import PILOT, desk  # noqa: F401
from tests.partners.domestic_county import POLICE, RING, domestic_county
from tests.partners.small_county import deliver
from woda_lib.disclosure import DisclosureError
from woda_lib.figures import Picture

QUOTE = "she woke with Dezza's hands around her throat"
LOG = (
    f"IP states {QUOTE} and thought that she would die. Neighbour says Dezza sleeps at "
    "17 Quince Row in a blue van RX21KLM and has the dog called Biscuit with him."
)
OTHERS = [
    f"IP {n} states that her former partner came to the address, was shouting and had been drinking"
    for n in range(40)
]
LOGS = pd.DataFrame({"log_text": [LOG, *OTHERS], "district": ["Wychavon"] * 41})
SECRETS = ("dezza", "throat", "quince", "rx21klm", "biscuit", "klm")
WORDS = QUOTE.replace("'s", "").split()

PIECE = "words out of a free text"
NAME = "a name out of a free text"
PLACE = "a number of a house or plate out of a free text"
HIDDEN = "letters that may be a text in disguise"


@pytest.fixture
def step(tmp_path):
    """A step that has read the log, among others."""
    step = Step(tmp_path)
    step.loaded.note(LOGS, {"log_text"})
    return step


def counted(labels, people=20):
    return pd.DataFrame({"label": list(labels), "people": people})


def bars(figure, narrow, data):
    figure.add_axes((0.1, 0.1, 0.8, 0.8)).bar(range(len(data)), data["people"].astype(float))


def picture(draw=bars, labels=("Arrow", "Leam")):
    return Picture(draw=draw, data=counted(labels), counts=("people",))


def lettered(text):
    def draw(figure, narrow, data):
        bars(figure, narrow, data)
        figure.axes[0].set_title(text)

    return picture(draw)


SAFE = counted(["Arrow", "Leam"])
REFUSED = {
    "a sentence in a caption": (SAFE, {"caption": f"One says {QUOTE}"}, PIECE),
    "in capitals": (SAFE, {"caption": QUOTE.upper()}, PIECE),
    "word by word backwards": (SAFE, {"caption": " ".join(WORDS[::-1])}, PIECE),
    "letter by letter backwards": (SAFE, {"caption": QUOTE[::-1]}, PIECE),
    "in base 64": (SAFE, {"caption": base64.b64encode(QUOTE.encode()).decode()}, HIDDEN),
    "in hexadecimal": (SAFE, {"caption": QUOTE.encode().hex()}, HIDDEN),
    "a word to a cell, down a column": (counted(WORDS), {}, PIECE),
    "a word to a cell, across a row": (
        pd.DataFrame([[*WORDS, 20]], columns=[*"abcdefgh", "people"]),
        {},
        PIECE,
    ),
    "as headings": (pd.DataFrame([[20] * len(WORDS)], columns=WORDS), {}, PIECE),
    "a sentence as a category": (counted([QUOTE, "other"]), {}, PIECE),
    "a rare word as a category": (counted(["dezza", "other"]), {}, NAME),
    "a nickname in a caption": (SAFE, {"caption": "Most of it is by Dezza"}, NAME),
    "a pet's name in a caption": (SAFE, {"caption": "Who has Biscuit"}, NAME),
    "an address in a caption": (SAFE, {"caption": "All of it at 17 Quince Row"}, PLACE),
    "a number plate in a caption": (SAFE, {"caption": "A van, rx21klm"}, PLACE),
    "a cloud of words": (
        picture(labels=sorted({word for word in LOG.lower().split() if word.isalpha()})),
        {},
        NAME,
    ),
    "lettered into a figure": (lettered(f"One says {QUOTE}"), {}, PIECE),
    "a name lettered into a figure": (lettered("Dezza"), {}, NAME),
    "in what is read to the blind": (picture(), {"alt": f"One says {QUOTE}"}, PIECE),
    "in a figure's caption": (picture(), {"caption": f"One says {QUOTE}"}, PIECE),
}


@pytest.mark.parametrize("attempt", REFUSED)
def test_refused(step, attempt):
    shown, keywords, why = REFUSED[attempt]
    with pytest.raises(DisclosureError, match=why) as refusal:
        if isinstance(shown, Picture):
            step.figure(shown, **keywords)
        else:
            step.table(shown, **keywords)
    assert not any(secret in str(refusal.value).lower() for secret in SECRETS)
    assert step.exported == ""


@pytest.mark.parametrize(
    "caption",
    [
        "Incidents in which a former partner had been drinking, by district",
        "What the log says of strangulation, in Wychavon and elsewhere",
        "Strangulation was named in 41 logs; 12 of them speak of the past",
    ],
)
def test_what_a_report_needs_to_say_is_said(step, caption):
    assert caption in step.table(SAFE, caption=caption)


TINY = PILOT | {
    "agreement": "domestic_abuse",
    "steps": [PILOT["steps"][0] | {"purpose": "triage", "parameters": []}],
    "parameters": {},
}


@pytest.fixture
def run(desk, monkeypatch):  # noqa: F811
    """A run of the named pack's purpose, which has loaded the log of one night."""
    extracts = desk.root / "data" / "extracts" / "demo"
    domestic_county(extracts, opt_outs=[])
    logs = [LOG, *OTHERS]
    rows = [
        {"incident_id": f"I{n}", "record_status": "current", "log_text": text}
        for n, text in enumerate(logs)
    ]
    deliver(extracts, POLICE, "police_incidents", rows)
    (desk.root / "parameters" / "tiny.yaml").write_text(yaml.safe_dump(TINY))
    monkeypatch.setenv("WODA_KEY_RING", json.dumps(RING))
    run = desk.begin()
    assert len(run.load("police_incidents", fields=["incident_id", "log_text"])) == 41
    return run


class TestInARun:
    def test_through_the_answer(self, run):
        with pytest.raises(DisclosureError, match=PIECE):
            run.answer(f"One says {QUOTE}.")

    def test_a_word_of_the_rules_is_nobodys_name(self, run, tmp_path):
        rules = tmp_path / "rules.yaml"
        rules.write_text("title: Quince first", encoding="utf-8")
        with pytest.raises(DisclosureError, match=NAME):
            run.answer("Quince first.")
        run.record_input(rules, rules.name, public=["Quince first"])
        run.answer("Quince first.")
        with pytest.raises(DisclosureError, match=NAME):
            run.answer("Dezza first.")

    def test_through_the_unit_of_a_value(self, run):
        with pytest.raises(DisclosureError, match=PIECE):
            run.value("days", 2.0, unit=QUOTE)

    def test_through_the_label_of_a_value(self, run):
        with pytest.raises(DisclosureError, match=PIECE):
            run.value("days", 2.0, label=QUOTE)

    def test_through_the_name_of_a_file(self, run):
        with pytest.raises(DisclosureError, match=PIECE):
            run.show(SAFE, name="_".join(WORDS).lower(), caption="A table")

    def test_through_a_table_that_is_saved(self, run):
        frame = run.load("police_incidents", fields=["incident_id", "log_text"])
        with pytest.raises(Exception, match="holds log_text, which the agreement shares as"):
            run.save("logs", frame)

    @pytest.mark.parametrize("kind", ["markdown", "code"])
    def test_through_the_notebooks_own_prose(self, run, desk, kind):  # noqa: F811
        source = f"As one says, {QUOTE}." if kind == "markdown" else f"said = {QUOTE!r}"
        notebook = desk.root / "notebooks" / "tiny" / "1_count.ipynb"
        notebook.parent.mkdir()
        notebook.write_text(json.dumps({"cells": [{"cell_type": kind, "source": [source]}]}))
        run.answer("Forty-one.")
        with pytest.raises(DisclosureError, match=f"Cell 1 of the notebook holds {PIECE}"):
            run.finish()


NOT_STOPPED = {
    "in other words": "She came to and he was strangling her",
    "a few words": "hands around her",
    "by a cipher": codecs.encode(QUOTE, "rot13"),
    "a nickname in small letters inside a sentence": "most of it is by dezza",
    "by the first letters of words": "s w w d h a h t",
}


@pytest.mark.parametrize("attempt", NOT_STOPPED)
def test_what_the_page_says_is_not_stopped_is_not(step, attempt):
    assert NOT_STOPPED[attempt] in step.table(SAFE, caption=NOT_STOPPED[attempt])
