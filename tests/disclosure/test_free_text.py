"""Free text that was loaded is recognised by its pieces, and stock phrases are not."""

import numpy as np
import pandas as pd
import pytest

from woda_lib.disclosure import IDENTIFIERS, DisclosureError, Loaded, free_text
from woda_lib.disclosure.free_text import MANY, FreeText
from woda_lib.partners import CONTRACTS

TEXT = (
    "Caller states that Spud put both hands around her throat and squeezed until she blacked out. "
    "She has been staying with Bernadetta at 14 Larch Close, Spud drives a van KX19ABC."
)
STOCK = "Police attended the address and all was calm when they arrived there. Log {} closed"


@pytest.fixture
def texts():
    known = FreeText()
    known.note([TEXT, *(STOCK.format(f"n{n}") for n in range(MANY))])
    known.know(["Wychavon", "Larkhill Road"])
    return known


@pytest.mark.parametrize(
    "said",
    [
        "One wrote: put both hands around her throat",
        "ONE WROTE: PUT BOTH HANDS AROUND HER THROAT!",
        "One wrote: put – both, hands … around (her) throat",
        "put_both_hands_around_her_throat",
        "throat her around hands both put",
        "taorht reh dnuora sdnah htob tup",
    ],
)
def test_a_quotation_is_recognised_however_it_is_set(texts, said):
    assert texts.found_in(said) == "words out of a free text"


def test_a_run_of_small_words_is_recognised_when_it_is_long(texts):
    texts.note(["I was in the house with him and she had to go to us for that"])
    assert texts.found_in("he was in the house") == ""
    assert texts.found_in("was in the house with him and she had") == "words out of a free text"


@pytest.mark.parametrize(
    "said",
    [
        "What police wrote of twelve months was sorted into fifteen kinds.",
        "When police attended the address all was calm",
        "Police attended the address and all was calm when they arrived",
        "In Wychavon it is higher",
        "",
    ],
)
def test_what_is_nobodys_is_said(texts, said):
    assert texts.found_in(said) == ""


def test_titles_side_by_side_quote_nobody_and_one_beside_other_words_may(texts):
    texts.note(["He made a threat to kill a child of the neighbours who was harmed before"])
    titles = ["A threat to kill", "A child was harmed"]
    assert texts.found_in_cells(["Rule", *titles]) == "words out of a free text"
    texts.know(titles)
    assert texts.found_in_cells(["Rule", *titles, "None of them"]) == ""
    assert texts.found_in_cells(["A threat to kill!", "a child was harmed"]) == ""
    for cells in (
        ["A threat to kill", "a child of the neighbours"],
        ["A threat to kill a child"],
        ["A threat to kill", "A child", "was harmed"],
        ["child a kill to threat", "A threat to kill"],
        ["A threat to kill", "\0", "made a threat to kill"],
    ):
        assert texts.found_in_cells(cells) == "words out of a free text", cells
    assert texts.found_in("A threat to kill a child was harmed") == "words out of a free text"


def test_names_and_places_are_recognised_by_their_capital(texts):
    assert texts.found_in("He is called Spud.") == "a name out of a free text"
    assert texts.found_in("Near 14 Larch") == "a number of a house or plate out of a free text"
    assert texts.found_in("A van, kx19abc") == "a number of a house or plate out of a free text"
    assert texts.found_in("There were 15 Larch trees") == "a name out of a free text"  # Larch


def test_a_name_that_is_a_word_too_does_not_keep_the_word_from_beginning_a_sentence(texts):
    texts.note(["He went to see Rose at work."])
    assert texts.found_in("Rose bushes. The number rose.") == ""
    assert texts.found_in("He knew Rose.") == "a name out of a free text"


def test_a_text_in_disguise_is_not_let_through(texts):
    assert texts.found_in("Q2FsbGVyIHN0YXRlcyB0aGF0IFNwdWQ=") == (
        "letters that may be a text in disguise"
    )


def test_where_no_text_was_loaded_everything_may_be_said():
    assert FreeText().found_in("Q2FsbGVyIHN0YXRlcyB0aGF0IFNwdWQ=") == ""


def test_what_another_process_notes_is_recognised_alike(texts, monkeypatch):
    monkeypatch.setattr(free_text, "_MANY_TEXTS", 1)
    many = FreeText()
    for start in range(2):  # as if they came with two tables, some with both
        many.note([TEXT, *(f"He hit her with a lamp, {n} times." for n in range(start, start + 6))])
    few = FreeText()
    monkeypatch.setattr(free_text, "_MANY_TEXTS", 100)
    few.note([TEXT, *(f"He hit her with a lamp, {n} times." for n in range(7))])
    for kind in ("runs", "names", "places"):
        assert np.array_equal(getattr(many._now, kind), getattr(few._now, kind)), kind
    assert len(few._now.runs)
    assert many.found_in("put both hands around her throat") == "words out of a free text"
    kept = repr([vars(noted) for noted in many._noted])
    assert "throat" not in kept


def test_a_text_that_is_loaded_twice_is_counted_once(texts):
    for _ in range(MANY):
        texts.note([TEXT])
    assert texts.found_in("both hands around her throat")


def test_only_words_and_no_letters_are_kept(texts):
    kept = repr(vars(texts)) + repr(texts._now)
    assert not any(word in kept for word in ("Spud", "spud", "throat", "Larch"))


def test_a_column_is_free_text_by_what_stands_in_it():
    loaded = Loaded()
    loaded.note(pd.DataFrame({"notes": [TEXT], "ward": ["Teme"]}), identifiers={"notes"})
    with pytest.raises(DisclosureError, match="words out of a free text that was loaded"):
        loaded.refuse_text("put both hands around her throat", name="The caption")
    with pytest.raises(DisclosureError, match="several together"):
        words = "put both hands around her throat".split()
        loaded.refuse_table(pd.DataFrame({"word": words, "people": 20}), name="words")


@pytest.mark.parametrize("known", ["upfdegmrbtbyyjkkaikkikmmhh", "upfdegm47b3b5y266kai33kkmm"])
def test_a_pseudonym_is_refused_in_a_text_whether_it_holds_a_figure_or_not(known):
    loaded = Loaded()
    loaded.note(pd.DataFrame({"local_id": [known]}), identifiers={"local_id"})
    with pytest.raises(DisclosureError, match="a value of the field local_id"):
        loaded.refuse_text(f"see {known}, who waits", name="The caption")
    loaded.refuse_text("see abcdefghijklmnopqrstuvwxyz, who waits", name="The caption")


def test_every_identifying_column_of_the_contracts_is_an_identifier():
    missing = {
        name
        for contract in CONTRACTS.values()
        for name, column in contract.columns.items()
        if (
            column.personal
            or column.kind == "free_text"
            or name in (contract.key, *contract.handles)
            or name.endswith("_id")
        )
        and name not in IDENTIFIERS
    }
    assert missing == set()
