"""The free text of made-up incidents: labels say what it says; sets of wordings share no words."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.random import default_rng

from woda_lib.synthetic.domestic_abuse import texts as texts_module
from woda_lib.synthetic.domestic_abuse.histories import FLAGS
from woda_lib.synthetic.domestic_abuse.labels import (
    FLAG_MEANINGS,
    STATES,
    label_texts,
)
from woda_lib.synthetic.domestic_abuse.slips import slip
from woda_lib.synthetic.domestic_abuse.templates import (
    REGISTERS,
    SETS,
    TUNING,
    Template,
    bank,
    wording_lines,
)
from woda_lib.synthetic.domestic_abuse.texts import sample_texts, write_texts

N = 3_000
PEOPLE = re.compile(r"\{\w+\}|\b(?:the )?(?:ap|susp?|suspect|ip|vic|victim|compl)\b")
"""Where a wording names somebody."""
Made = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def made_up_facts(n: int = N) -> pd.DataFrame:
    """Names that no made-up sentence holds, so that they can be looked for."""
    rng = default_rng(7)
    facts = pd.DataFrame(
        {
            "incident": rng.permutation(n) + 500,
            "victim": rng.choice(["Zuzanna", "Quentin", "Łucja"], n),
            "perpetrator": rng.choice(["Xanthe", "Vyvyan", None], n),
            "child": rng.choice(["Ottoline", None], n),
            "perpetrator_female": rng.random(n) < 0.3,
            "relationship": rng.choice(
                ["partner", "former_partner", "parent", "child", "sibling"], n
            ),
            "crime_type": rng.choice(["common_assault", "criminal_damage", "no_crime"], n),
            "reported_by": "victim",
            "occurred_at": pd.Timestamp("2023-03-04 22:50"),
            **{flag: rng.random(n) < 0.2 for flag in FLAGS},
        }
    )
    return facts.assign(victim_female=facts["victim"] != "Quentin")


@pytest.fixture(scope="module")
def made() -> Made:
    facts = made_up_facts()
    return facts, *write_texts(facts, default_rng(1))


@pytest.fixture(scope="module")
def careful() -> Made:
    """The same without slips, so that what a template says can be looked up in the text."""
    facts = made_up_facts(6_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts_module, "_MISTYPED", dict.fromkeys(REGISTERS, 0.0))
        patch.setattr(texts_module, "_APOSTROPHES_LEFT_OUT", dict.fromkeys(REGISTERS, 0.0))
        return facts, *write_texts(facts, default_rng(1))


def every_text(texts: pd.DataFrame) -> pd.Series:
    return texts.set_index("incident")[["log_text", "referral_text"]].stack().dropna()


def templates(of_set: str, register: str) -> dict[str, Template]:
    return {each.name: each for kind in bank(of_set, register).values() for each in kind}


def says(template: Template) -> re.Pattern[str]:
    """What a text looks like that holds one of the template's wordings."""
    ways = [
        re.sub(r"\\\{\w+\\\}", r"[\\w -]+", re.escape(variant)) for variant in template.variants
    ]
    return re.compile("|".join(ways), re.IGNORECASE)


def test_texts_and_labels_have_the_columns_that_others_read(made: Made) -> None:
    facts, texts, labels = made
    assert list(texts) == ["incident", "log_text", "referral_text", "held_back"]
    assert list(labels) == ["incident", "text", "flag", "state", "template", "held_back"]
    assert list(texts["incident"]) == list(facts["incident"])
    assert not labels.duplicated(["incident", "text", "flag"]).any()
    assert 0.35 < texts["held_back"].mean() < 0.45


def test_some_logs_and_referrals_are_missing_and_then_have_no_label(made: Made) -> None:
    _, texts, labels = made
    assert 0 < texts["log_text"].isna().mean() < 0.05
    assert 0.15 < texts["referral_text"].isna().mean() < 0.50
    written = every_text(texts).index
    assert set(zip(labels["incident"], labels["text"], strict=True)) <= set(written)


def test_the_same_seed_writes_the_same_words() -> None:
    facts = made_up_facts(200)
    first, again = (write_texts(facts, default_rng(3)) for _ in range(2))
    pd.testing.assert_frame_equal(first[0], again[0])
    pd.testing.assert_frame_equal(first[1], again[1])
    assert not write_texts(facts, default_rng(4))[0].equals(first[0])
    sample, repeated = (sample_texts(40, default_rng(3), held_back=True) for _ in range(2))
    pd.testing.assert_frame_equal(sample[0], repeated[0])


def test_the_codebook_explains_every_flag() -> None:
    assert set(FLAG_MEANINGS) == set(FLAGS)


@pytest.mark.parametrize("of_set", SETS)
def test_each_flag_can_be_said_in_each_state_in_logs_and_in_referrals(of_set: str) -> None:
    for register in REGISTERS:
        for flag in FLAGS:
            for state in STATES:
                assert bank(of_set, register)[flag, state], (register, flag, state)


@pytest.mark.parametrize(
    ("of_set", "ways"),
    [
        ("tuning", 25),
        ("second", 20),
        ("third", 50),
        ("fourth", 50),
        ("fifth", 50),
        ("sixth", 50),
        ("held_back", 50),
    ],
)
def test_what_is_so_can_be_said_in_many_ways(of_set: str, ways: int) -> None:
    lines = wording_lines(of_set)
    for flag in FLAGS:
        assert len(lines[flag, "now"]) >= 8
        said = {
            text
            for register in REGISTERS
            for each in bank(of_set, register)[flag, "now"]
            for text in each.variants
        }
        assert len(said) >= ways, flag


def test_what_is_held_back_is_said_in_enough_structures_to_measure_by() -> None:
    lines = wording_lines("held_back")
    for flag in FLAGS:
        assert len(lines[flag, "now"]) >= 10
        assert all(len(lines[flag, state]) >= 4 for state in STATES), flag
    assert len(lines["plain", "distractor"]) >= 4 * len(FLAGS)


def test_sets_share_no_run_of_five_words() -> None:
    runs: dict[str, set[tuple[str, ...]]] = {}
    for of_set in SETS:
        # Between people: names, pronouns and roles are the incident's own.
        spans = {
            tuple(re.findall(r"[a-z0-9']+", span))
            for register in REGISTERS
            for each in templates(of_set, register).values()
            for text in each.variants
            for span in PEOPLE.split(text.lower())
        }
        runs[of_set] = {words[at : at + 5] for words in spans for at in range(len(words) - 4)}
    for one, other in combinations(SETS, 2):
        assert not runs[one] & runs[other]


def test_held_back_wordings_say_in_their_first_line_who_must_not_read_them() -> None:
    files = sorted((Path(texts_module.__file__).parent / "wording" / "held_back").glob("*.yaml"))
    assert files
    assert all("must not read this file" in file.read_text().splitlines()[0] for file in files)


def test_an_incident_is_written_wholly_from_one_set(made: Made) -> None:
    _, texts, labels = made
    held_back = texts.set_index("incident")["held_back"]
    of_set = labels["template"].str.split("/").str[0]
    assert (labels["incident"].map(held_back) == labels["held_back"]).all()
    assert (of_set.eq("held_back") == labels["held_back"]).all()
    assert of_set.groupby(labels["incident"]).nunique().eq(1).all()


def test_incidents_that_are_not_held_back_are_shared_among_the_sets_for_tuning(made: Made) -> None:
    _, _, labels = made
    tuning = labels.loc[~labels["held_back"]].drop_duplicates("incident")
    shares = tuning["template"].str.split("/").str[0].value_counts(normalize=True)
    for_tuning = {"tuning", "second", "third", "fourth", "fifth", "sixth"}
    assert set(shares.index) == set(SETS[:TUNING]) == for_tuning
    assert shares.min() > 0.85 / TUNING


@pytest.mark.parametrize(
    ("template", "flag", "state", "words"),
    [
        ("tuning/strangulation/now/4", "strangulation", "now", "NFS disclosed"),
        ("tuning/strangulation/negated/3", "strangulation", "negated", "NFS - neg"),
        ("tuning/weapons/negated/1", "weapons", "negated", "no weapons"),
        ("tuning/pregnancy/negated/1", "pregnancy", "negated", "not pregnant"),
        ("tuning/mental_health/negated/3", "mental_health", "negated", "NFA re MH, none known"),
        ("tuning/strangulation/someone_else/1", "strangulation", "someone_else", "mother's ex"),
        ("tuning/strangulation/past/2", "strangulation", "past", "last year"),
        ("tuning/threats_to_kill/now/6", "threats_to_kill", "now", "would kill"),
        ("tuning/threats_to_kill/now/6", "separation", "hypothetical", "left"),
        ("tuning/threats_to_kill/hypothetical/2", "threats_to_kill", "hypothetical", "capable"),
    ],
)
def test_a_template_is_labelled_with_what_it_says(
    careful: Made, template: str, flag: str, state: str, words: str
) -> None:
    _, texts, labels = careful
    rows = labels.loc[labels["template"].eq(template) & labels["flag"].eq(flag)]
    assert len(rows) > 0
    assert set(rows["state"]) == {state}
    written = every_text(texts)
    said = [written[key] for key in zip(rows["incident"], rows["text"], strict=True)]
    assert all(words.lower() in text.lower() for text in said)


def test_every_label_has_its_sentence_in_the_text(careful: Made) -> None:
    _, texts, labels = careful
    written = every_text(texts)
    patterns: dict[tuple[str, str], re.Pattern[str]] = {}
    for row in labels.sample(1_200, random_state=1).itertuples():
        register = row.text.removesuffix("_text")
        template = templates_by_name(register)[row.template]
        _, flag, state, _ = row.template.split("/")
        assert (row.flag, row.state) in {(flag, state), *template.also}
        pattern = patterns.setdefault((register, row.template), says(template))
        assert pattern.search(written[row.incident, row.text])


@cache
def templates_by_name(register: str) -> dict[str, Template]:
    return {name: each for of_set in SETS for name, each in templates(of_set, register).items()}


def test_what_a_text_says_as_now_is_true_and_most_of_what_is_true_is_said(made: Made) -> None:
    facts, _, labels = made
    true = facts.set_index("incident")[list(FLAGS)].stack()
    now = labels.loc[labels["state"] == "now"]
    said = set(zip(now["incident"], now["flag"], strict=True))
    assert all(true[key] for key in said)
    share = len(said) / true.sum()
    assert 0.75 < share < 0.97


def test_the_label_is_the_strongest_of_what_a_text_says_of_a_flag() -> None:
    alcohol, drugs = FLAGS.index("alcohol"), FLAGS.index("drugs")
    now, past, negated = (STATES.index(state) for state in ("now", "past", "negated"))
    mentions = pd.DataFrame(
        [
            # row, register, flag, state, template, also
            (0, 0, alcohol, past, "sober since", []),
            (0, 0, alcohol, now, "drunk, no drugs", [("drugs", "negated")]),
            (0, 1, alcohol, negated, "denies drinking", []),
            (1, 0, drugs, negated, "no drugs", []),
            (1, 0, drugs, past, "clean since", []),
        ],
        columns=["row", "register", "flag", "state", "template", "also"],
    )
    labels = label_texts(mentions, incidents=np.array([70, 80]), held_back=np.array([False, True]))
    assert labels.to_numpy().tolist() == [
        [70, "log_text", "alcohol", "now", "drunk, no drugs", False],
        [70, "log_text", "drugs", "negated", "drunk, no drugs", False],
        [70, "referral_text", "alcohol", "negated", "denies drinking", False],
        [80, "log_text", "drugs", "past", "clean since", True],
    ]


def test_nobody_denies_what_is_true_but_the_suspect(made: Made) -> None:
    facts, _, labels = made
    true = facts.set_index("incident")[list(FLAGS)].stack()
    negated = labels.loc[labels["state"] == "negated"]
    against = [key for key in zip(negated["incident"], negated["flag"], strict=True) if true[key]]
    rows = negated.set_index(["incident", "flag"]).loc[against]
    assert len(rows) > 20
    for row in rows.itertuples():
        assert "D" in templates_by_name(row.text.removesuffix("_text"))[row.template].marks


def test_men_are_never_written_down_as_pregnant(made: Made) -> None:
    facts, _, labels = made
    men = facts.loc[~facts["victim_female"], "incident"]
    of_men = labels.loc[labels["incident"].isin(men) & labels["flag"].eq("pregnancy")]
    assert set(of_men["state"]) <= {"someone_else"}


def test_words_in_another_sense_carry_no_label(careful: Made) -> None:
    _, texts, labels = careful
    has = set(zip(labels["incident"], labels["text"], labels["flag"], strict=True))
    plain = {"knife and fork": "weapons", "pet name": "pets", "child benefit": "child_harm"}
    for words, flag in plain.items():
        held = every_text(texts).loc[lambda text, words=words: text.str.contains(words)]
        assert any((*key, flag) not in has for key in held.index), words


def test_slips_spare_names_negations_and_short_words() -> None:
    text = "Margaret Ashworth never denies that she was strangled, 2258 Margaret's account"
    slipped = [
        slip([text], [["Margaret Ashworth"]], share=20.0, rng=default_rng(seed))[0]
        for seed in range(30)
    ]
    assert all(each.count("Margaret") == 2 and "Ashworth never denies" in each for each in slipped)
    assert all("that she was" in each and "2258" in each for each in slipped)
    assert sum("strangled" not in each for each in slipped) > 15
    assert slip([text], [[]], share=0.0, rng=default_rng(1)) == [text]


def test_names_stand_in_the_texts_as_they_are(made: Made) -> None:
    _, texts, _ = made
    names = {"zuzanna", "quentin", "lucja", "xanthe", "vyvyan", "ottoline"}
    # A slip would leave most of a name: its first four letters without the rest.
    stumps = re.compile(r"\b(zuza|quen|lucj|xant|vyvy|otto)\w*", re.IGNORECASE)
    for text in every_text(texts):
        # Where apostrophes are left out, the s of a possessive stands against the name.
        assert {found[0].lower().removesuffix("s") for found in stumps.finditer(text)} <= names


def test_texts_are_as_long_as_such_texts_are(made: Made) -> None:
    _, texts, _ = made
    words = texts[["log_text", "referral_text"]].apply(lambda text: text.str.split().str.len())
    assert 20 <= words["log_text"].quantile(0.02) < words["log_text"].quantile(0.98) <= 85
    assert 40 <= words["referral_text"].min() < words["referral_text"].max() <= 180


def test_texts_fit_a_delivery(made: Made) -> None:
    _, texts, _ = made
    for text in every_text(texts):
        assert len(text) <= 20_000
        assert not set("{}[]|#") & set(text)
        text.encode("cp1252")


def test_a_sample_is_held_back_or_for_tuning() -> None:
    for held_back in (False, True):
        texts, labels = sample_texts(150, default_rng(2), held_back=held_back)
        assert len(texts) == 150
        assert set(texts["held_back"]) == set(labels["held_back"]) == {held_back}
        sets = set(labels["template"].str.split("/").str[0])
        tuning = {"tuning", "second", "third", "fourth", "fifth", "sixth"}
        assert sets == ({"held_back"} if held_back else tuning)
        assert set(labels["incident"]) <= set(texts["incident"])


def test_no_incidents_have_no_texts() -> None:
    texts, labels = write_texts(made_up_facts(5).head(0), default_rng(1))
    assert len(texts) == len(labels) == 0
