"""What a caseworker reads of each value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import yaml

from tests.prediction.explanation.conftest import REGISTRY, WORDS
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.explanation import read_wording
from woda_lib.prediction.features import read_features

CAUSAL = ("because", "cause", "due to", "leads to", "result", "effect", "therefore", "risk factor")


@pytest.mark.parametrize(
    ("feature", "value", "said"),
    [
        ("arrears_notices", 0.0, "No notice about council tax owed in 12 months"),
        ("arrears_notices", 1.0, "One notice about council tax owed in 12 months"),
        ("arrears_notices", 2.0, "Two notices about council tax owed in 12 months"),
        ("police_contacts", 14.0, "14 police contacts in 12 months"),
        ("months_here", 0.4, "Came to live there less than a month ago"),
        ("months_here", 27.6, "Came to live there 28 months ago"),
        ("early_help_open", 1.0, "An early-help worker is there"),
        ("early_help_open", 0.0, "No early-help worker is there"),
        ("deprivation", 1.0, "In the most deprived fifth of neighbourhoods"),
        (
            "deprivation",
            np.nan,
            "Fifth of neighbourhoods by deprivation (1 most deprived): not known",
        ),
        ("arrears_notices", np.nan, "Notices about council tax owed: not known"),
        ("months_since_statutory", 3.0, "The last statutory intervention three months ago"),
        ("months_since_statutory", np.nan, "No statutory intervention in 12 months"),
    ],
)
def test_a_value_in_words(wording, feature, value, said):
    assert wording.say(feature, pd.Series([value])).tolist() == [said]


def test_a_category_in_words(wording):
    kinds = pd.Series(pd.Categorical(["lone_parent", None, "couple"]))
    assert wording.say("kind", kinds).tolist() == [
        "One parent with children",
        "Kind of household: not known",
        "A couple",
    ]


def test_the_look_back_is_said_as_it_was_set():
    said = read_wording(WORDS, read_features(REGISTRY, look_back_months=24)).say(
        "police_contacts", pd.Series([1.0])
    )
    assert said.tolist() == ["One police contact in 24 months"]


def test_a_level_without_words_and_a_feature_without_words_are_refused(wording):
    with pytest.raises(PredictionError, match="no words for a level of kind"):
        wording.say("kind", pd.Series(["palace"]))
    with pytest.raises(PredictionError, match="No words are given for shoe_size"):
        wording.require(["people", "shoe_size"])


def test_no_words_say_that_one_thing_brings_about_another():
    said = yaml.safe_load(WORDS.read_text(encoding="utf-8"))["features"]
    texts = [text.lower() for words in said.values() for text in map(str, words.values())]
    assert not [text for text in texts for word in CAUSAL if word in text]


def test_a_feature_is_said_in_one_way(tmp_path):
    path = tmp_path / "odd.yaml"
    path.write_text("wording: odd\nfeatures: {x: {one: One, many: Many, 'yes': Y, 'no': N}}")
    with pytest.raises(PredictionError, match="by one and many, by yes and no, or by levels"):
        read_wording(path, read_features(REGISTRY))


def test_every_feature_of_the_registry_has_words(tmp_path):
    told = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    del told["features"]["knows_fire"]
    path = tmp_path / "wording.yaml"
    path.write_text(yaml.safe_dump(told))
    with pytest.raises(PredictionError, match="No words are given for knows_fire"):
        read_wording(path, read_features(REGISTRY))
