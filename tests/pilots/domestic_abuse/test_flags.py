"""Flags: every example of the rules, context, places in the text, marking, measuring, bad files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse.build import children_named
from woda_lib.pilots.domestic_abuse.flags import (
    FlagRulesError,
    Mention,
    Rules,
    confusion,
    failing_examples,
    find_flags,
    flag_texts,
    marked,
    measure,
    measure_templates,
    strongest,
    strongest_rows,
)
from woda_lib.pilots.domestic_abuse.flags.words import read_words
from woda_lib.synthetic.domestic_abuse.histories import FLAGS

PATH = Path(__file__).parents[3] / "parameters" / "triage" / "flags.yaml"


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules.read(PATH)


def only(text: str, flag: str, rules: Rules) -> Mention:
    (mention,) = [each for each in find_flags(text, rules) if each.flag == flag]
    return mention


def states(text: str, rules: Rules) -> dict[str, str]:
    return {flag: each.state for flag, each in strongest(find_flags(text, rules)).items()}


class TestTheFileOfRules:
    def test_every_example_holds(self, rules: Rules) -> None:
        assert len(rules.examples()) >= 150
        assert failing_examples(rules) == []

    def test_an_example_that_fails_is_told(self, rules: Rules) -> None:
        content = rules.model_dump()
        content["flags"]["weapons"]["rules"][0]["examples"] = [
            {"text": "He had a spoon", "state": "now"}
        ]
        (failure,) = failing_examples(Rules.model_validate(content))
        assert failure == "flag weapons, rule named: “He had a spoon” must be now, and is none."

    def test_its_flags_are_those_that_texts_are_labelled_with(self, rules: Rules) -> None:
        assert tuple(rules.flags) == FLAGS

    def test_each_flag_says_why_and_has_examples_of_more_than_one_state(self, rules: Rules) -> None:
        for name, flag in rules.flags.items():
            assert flag.why.strip(), name
            kinds = {each.state for rule in flag.rules for each in rule.examples}
            assert {"now", "negated"} <= kinds, name

    def test_a_review_is_due_after_the_last(self, rules: Rules) -> None:
        assert rules.owner
        assert rules.reviewed_on < rules.review_again_by


class TestContext:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("No weapons seen or mentioned", {"weapons": "negated"}),
            ("no weapons seen IP 20wks preg", {"weapons": "negated", "pregnancy": "now"}),
            (
                "No weapons, drugs or alcohol",
                dict.fromkeys(("weapons", "drugs", "alcohol"), "negated"),
            ),
            ("no injuries, he had a knife", {"weapons": "now"}),
            ("Denies being strangled", {"strangulation": "negated"}),
            ("He did not deny strangling her", {"strangulation": "now"}),
            ("He didn’t stop choking her until she passed out", {"strangulation": "now"}),
            ("IP has no support and feels suicidal", {"suicidal_thoughts": "now"}),
            ("Weapons - nil\nSUS drunk", {"weapons": "negated", "alcohol": "now"}),
            ("Pregnant? No. Drunk? Yes", {"pregnancy": "negated", "alcohol": "now"}),
            ("?preg", {"pregnancy": "hypothetical"}),
            ("He used to drink but now takes heroin", {"alcohol": "past", "drugs": "now"}),
            ("In 2019 he had a knife, tonight he was drunk", {"weapons": "past", "alcohol": "now"}),
            ("diagnosed with bipolar in 2019 and is still unwell", {"mental_health": "now"}),
            ("In case he comes back with a knife", {"weapons": "hypothetical"}),
            ("His brother is a heroin user", {"drugs": "someone_else"}),
            ("Her mother’s ex strangled her mother", {"strangulation": "someone_else"}),
            ("Neighbour reports he was drunk", {"alcohol": "now"}),
            ("The drunk neighbour rang police", {"alcohol": "someone_else"}),
        ],
    )
    def test_decides_the_state(self, text: str, expected: dict[str, str], rules: Rules) -> None:
        assert states(text, rules) == expected

    def test_a_relation_that_the_text_makes_the_suspect_is_nobody_else(self, rules: Rules) -> None:
        text = "Incident involving Jo and her brother Sam. Her brother was drunk."
        assert states(text, rules)["alcohol"] == "now"

    def test_a_name_that_is_neither_adult_is_a_child(self, rules: Rules) -> None:
        text = "An incident involving Jo and her partner Sam. Jo says that Sam hit {}."
        assert states(text.format("Ella"), rules) == {"child_harm": "now"}
        assert "child_harm" not in states(text.format("Jo"), rules)

    @pytest.mark.parametrize("text", ["SUS hit Ella", "SUS HIT ELLA", "sus hit ella's arm"])
    def test_a_forename_of_a_child_of_the_incident_is_a_child(
        self, text: str, rules: Rules
    ) -> None:
        found = strongest(find_flags(text, rules, children=["Ella Jane"]))
        assert found["child_harm"].state == "now"
        assert "child_harm" not in strongest(find_flags(text, rules, children=["Noah"]))

    @pytest.mark.parametrize(
        "text",
        [
            "He gave a strangled laugh",
            "They were watching a film about a murder",
            "IP works in a wine shop",
            "A toy gun lay under the table",
        ],
    )
    def test_words_in_another_sense_raise_nothing(self, text: str, rules: Rules) -> None:
        assert "now" not in states(text, rules).values()

    @pytest.mark.parametrize(
        "source", ["Neighbour rings to say", "As told by her sister,", "Per neighbour,"]
    )
    def test_whoever_tells_is_not_the_one_spoken_of(self, source: str, rules: Rules) -> None:
        assert states(f"{source} he was drunk", rules) == {"alcohol": "now"}

    def test_a_year_before_a_record_says_when_unless_a_time_is_near(self, rules: Rules) -> None:
        assert states("2018 NFS on IP, CPS no", rules) == {"strangulation": "past"}
        log = "2014 IP on line. 2018 NFS on IP, CPS no"
        assert states(log, rules) == {"strangulation": "now"}

    def test_a_query_that_begins_a_sentence_supposes(self, rules: Rules) -> None:
        assert states("Row re dinner. ?CCB, AP present", rules) == {
            "coercive_control": "hypothetical"
        }

    def test_who_a_thing_was_got_from_is_not_who_is_spoken_of(self, rules: Rules) -> None:
        text = "She takes more codeine than prescribed and gets it from friends"
        assert states(text, rules) == {"drugs": "now"}

    def test_a_year_before_a_dash_says_when_and_a_time_does_not(self, rules: Rules) -> None:
        assert states("2021 - SUS strangled her", rules) == {"strangulation": "past"}
        assert states("2021 SUS strangled her", rules) == {"strangulation": "now"}

    def test_says_which_words_made_the_state_and_where(self, rules: Rules) -> None:
        text = "IP denies that SUS strangled her"
        mention = only(text, "strangulation", rules)
        (against,) = mention.context
        assert (against.state, against.words) == ("negated", "denies")
        assert text[against.start : against.end] == "denies"

    @pytest.mark.parametrize(
        ("text", "who"),
        [
            ("IP states he strangled her", "victim"),
            ("SUS denies strangling her", "suspect"),
            ("Neighbour reports that she was strangled", "witness"),
            ("She was strangled", ""),
        ],
    )
    def test_says_who_says_so(self, text: str, who: str, rules: Rules) -> None:
        assert only(text, "strangulation", rules).said_by == who


class TestPlaces:
    @pytest.mark.parametrize(
        "text",
        [
            "İ “SUS strangled her”",
            "\n\n  SUS   strangled\nher  ",
            "SUS — strangled her…",
            "ＳＵＳ strangled ﬁrst",
        ],
    )
    def test_are_those_of_the_text_as_written(self, text: str, rules: Rules) -> None:
        mention = only(text, "strangulation", rules)
        assert text[mention.start : mention.end] == mention.words == "strangled"

    def test_a_slip_of_the_pen_is_found_and_shown_as_written(self, rules: Rules) -> None:
        assert only("vic stranlged", "strangulation", rules).words == "stranlged"
        assert only("had a kinfe", "weapons", rules).words == "kinfe"

    @pytest.mark.parametrize("text", ["a strong string", "high rating", "the chores", "stored"])
    def test_a_word_of_its_own_is_no_slip(self, text: str, rules: Rules) -> None:
        assert find_flags(text, rules) == []

    @pytest.mark.parametrize("text", ["", "   \n", None, float("nan"), pd.NA])
    def test_nothing_is_found_in_nothing(self, text: object, rules: Rules) -> None:
        assert find_flags(text, rules) == []

    def test_sentences_end_at_stops_lines_times_and_slashes(self) -> None:
        words = read_words("One two. Three\nFour 22:58 five / six - seven at 23:05 eight")
        begins = [words.tokens[place] for place in sorted(set(words.firsts))]
        assert begins == ["one", "three", "four", "five", "six", "seven"]


class TestLongTexts:
    @pytest.mark.parametrize(
        "piece", ["no ", "hands ", "said ", "threat* ", "\n", "?", "his neck ", "a" * 50, "knife, "]
    )
    def test_work_grows_with_the_length_and_no_faster(self, piece: str, rules: Rules) -> None:
        """Counts steps, not seconds: twice the text takes at most about twice the steps."""
        steps = [self._steps((piece * 20_000)[:length], rules) for length in (10_000, 20_000)]
        assert steps[1] <= 2.5 * steps[0] + 1_000

    @staticmethod
    def _steps(text: str, rules: Rules) -> int:
        from woda_lib.pilots.domestic_abuse.flags import matching

        count = 0
        reach = matching._reach

        def counted(*arguments: object) -> int:
            nonlocal count
            count += 1
            return reach(*arguments)  # type: ignore[arg-type]

        matching._reach = counted  # type: ignore[assignment]
        try:
            find_flags(text, rules)
        finally:
            matching._reach = reach
        return count


class TestTables:
    def test_hold_places_and_no_words(self, rules: Rules) -> None:
        frame = pd.DataFrame(
            {
                "incident_id": ["I2", "I1"],
                "log_text": ["No knife", None],
                "referral_text": ["", "SUS drunk. He used to drink vodka"],
            }
        )
        found = flag_texts(frame, rules)
        assert found.astype(str).to_numpy().tolist() == [
            ["I1", "referral_text", "alcohol", "now", "4", "9"],
            ["I1", "referral_text", "alcohol", "past", "22", "27"],
            ["I1", "referral_text", "alcohol", "past", "28", "33"],
            ["I2", "log_text", "weapons", "negated", "3", "8"],
        ]
        assert strongest_rows(found)["state"].tolist() == ["now", "negated"]

    def test_forenames_of_children_are_those_of_their_own_incident(self, rules: Rules) -> None:
        frame = pd.DataFrame(
            {"incident_id": ["I1", "I2"], "log_text": "SUS hit Zoe", "referral_text": None}
        )
        found = flag_texts(frame, rules, names={"I1": ["Zoë"]})
        assert found[["incident_id", "flag", "state"]].to_numpy().tolist() == [
            ["I1", "child_harm", "now"]
        ]

    def test_an_empty_table_has_the_columns(self, rules: Rules) -> None:
        frame = pd.DataFrame({"incident_id": [], "log_text": [], "referral_text": []})
        assert list(flag_texts(frame, rules)) == [
            *["incident_id", "text", "flag", "state", "start", "end"]
        ]

    def test_a_missing_column_is_named(self, rules: Rules) -> None:
        with pytest.raises(FlagRulesError, match="lacks referral_text"):
            flag_texts(pd.DataFrame({"incident_id": [], "log_text": []}), rules)


class TestForenamesOfChildren:
    INVOLVEMENTS = """
        incident_id  nominal_id  role     record_status
        I1           N1          child    current
        I1           N2          child    withdrawn
        I1           N3          victim   current
        I2           N1          child    current
        I2           N4          child    current
    """

    def test_are_what_children_who_stand_in_the_incident_are_called(self) -> None:
        persons = pd.DataFrame(
            {
                "nominal_id": ["N1", "N2", "N3", "N4"],
                "forename": ["Isabella", "Noah", "Jo", "Zoë"],
                "known_as": ["Ella", None, None, None],
            }
        )
        found = children_named(table(self.INVOLVEMENTS), persons)
        assert {key: sorted(names) for key, names in found.items()} == {
            "I1": ["Ella", "Isabella"],
            "I2": ["Ella", "Isabella", "Zoë"],
        }


class TestMarking:
    def test_pieces_are_the_text_with_what_raises_and_what_speaks_against(
        self, rules: Rules
    ) -> None:
        text = "He had a knife. SUS denies drinking"
        pieces = marked(text, find_flags(text, rules))
        assert "".join(piece.text for piece in pieces) == text
        told = {piece.text: piece for piece in pieces}
        assert told["knife"].raises == ("weapons",)
        assert told["drinking"].beside == ("alcohol",)
        assert told["denies"].against == (("alcohol", "negated"),)

    def test_a_text_without_mentions_is_one_piece(self) -> None:
        assert [piece.text for piece in marked("All quiet", [])] == ["All quiet"]


class TestMeasuring:
    FOUND = """
        incident_id  text      flag     state
        I1           log_text  weapons  past
        I1           log_text  weapons  now
        I2           log_text  weapons  now
        I3           log_text  weapons  negated
        I4           log_text  alcohol  now
    """
    LABELS = """
        incident_id  text      flag     state  template
        I1           log_text  weapons  now    a
        I2           log_text  weapons  past   b
        I3           log_text  weapons  now    a
        I4           log_text  alcohol  now    c
    """

    def test_counts_texts_in_which_a_flag_is_raised(self) -> None:
        measured = measure(table(self.FOUND), table(self.LABELS))
        counts = ["raised_rightly", "raised_wrongly", "missed"]
        assert measured.loc["weapons", counts].tolist() == [1, 1, 1]
        assert measured.loc["all flags", counts].tolist() == [2, 1, 1]
        assert measured.loc["all flags", ["precision", "recall"]].tolist() == [2 / 3, 2 / 3]
        mean = (1 / 2 + 1) / 2
        assert measured.loc["mean of flags", ["precision", "recall"]].tolist() == [mean, mean]

    def test_intervals_are_wilsons(self) -> None:
        """8 of 10: 0.4902 to 0.9433 (Wilson's score interval without correction)."""
        rows = [(f"I{each}", "log_text", "weapons", "now") for each in range(10)]
        columns = ["incident_id", "text", "flag", "state"]
        measured = measure(
            pd.DataFrame(rows, columns=columns), pd.DataFrame(rows[:8], columns=columns)
        ).loc["weapons"]
        low, high = measured["precision_low"], measured["precision_high"]
        assert (low, high) == pytest.approx((0.4902, 0.9433), abs=1e-4)

    def test_states_are_set_against_each_other(self) -> None:
        states = confusion(table(self.FOUND), table(self.LABELS))
        assert states.loc["now", "now"] == 2
        assert states.loc["past", "now"] == 1
        assert states.loc["now", "negated"] == 1
        assert states.to_numpy().sum() == 4

    def test_wordings_are_counted(self) -> None:
        by_template = measure_templates(table(self.FOUND), table(self.LABELS))
        right = by_template.set_index("template")["right"]
        assert right.to_dict() == {"a": 0.5, "b": 0.0, "c": 1.0}


SMALL = """
owner: A
reviewed_on: 2026-01-01
reviewed_by: [somebody]
review_again_by: 2027-01-01
context:
  negated: {before: [no]}
  past: {}
  hypothetical: {}
  someone_else: {}
  now: {}
  affirmed: {}
  ends: [but]
people: {victim: [ip], suspect: [sus], witness: [neighbour], officer: [pc], other: [brother]}
speech: {says: [says], denies: [denies]}
flags:
  weapons:
    why: DASH
    rules:
      - name: named
        patterns: [knife]
        examples: [{text: A knife, state: now}]
"""


class TestBadFiles:
    def read(self, folder: Path, content: str) -> Rules:
        path = folder / "parameters" / "triage" / "flags.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return Rules.read(path)

    def test_a_small_file_is_enough(self, tmp_path: Path) -> None:
        assert states("no knife", self.read(tmp_path, SMALL)) == {"weapons": "negated"}

    @pytest.mark.parametrize(
        ("there", "instead", "told"),
        [
            ("patterns: [knife]", "patern: [knife]", "flag weapons, rule named, key patern: there"),
            ("patterns: [knife]", "patterns: []", "flag weapons, rule named, key patterns"),
            ("state: now", "state: nwo", "rule named, key examples.0.state: must be"),
            ("why: DASH", "whi: DASH", "flag weapons, key why: this key is missing"),
            ("[knife]", '["..5 knife"]', "flag weapons, rule named, key patterns: “..5 knife”"),
            ("[knife]", '["@blade"]', "there is no list @blade"),
            ("[knife]", '["knife!"]', "“knife!” is no word"),
            ("[knife]", '["knife?"]', "must not be optional"),
            ("before: [no]", 'before: [".."]', "context negated, key before"),
            ("review_again_by: 2027", "review_again_by: 2025", "must be after reviewed_on"),
            ("owner: A", 'owner: A\nother_senses: ["a .."]', "key other_senses: “a ..”"),
            ("owner: A", "owner: A\nowner: B", "the key owner stands twice"),
            ("flags:", "flags: [", "this is not YAML"),
        ],
    )
    def test_the_file_the_flag_the_rule_and_the_key_are_named(
        self, tmp_path: Path, there: str, instead: str, told: str
    ) -> None:
        with pytest.raises(FlagRulesError) as raised:
            self.read(tmp_path, SMALL.replace(there, instead))
        assert "parameters/triage/flags.yaml" in str(raised.value)
        assert told in str(raised.value)

    def test_a_missing_file_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(FlagRulesError, match="cannot be read"):
            Rules.read(tmp_path / "flags.yaml")


class TestTheParties:
    def test_the_victim_is_read_as_a_name_is(self, rules: Rules) -> None:
        for who in ("her", "Claire", "the victim", "the IP"):
            (mention,) = find_flags(f"He bottled {who} outside", rules)
            assert (mention.flag, mention.state) == ("weapons", "now")
            assert mention.words == f"bottled {who}"

    def test_who_looks_on_is_not_who_does_it(self, rules: Rules) -> None:
        found = states("He groped her breasts in front of his friends", rules)
        assert found == {"sexual_violence": "now"}

    def test_relatives_who_hurt_the_victim_are_nobody_else(self, rules: Rules) -> None:
        assert states("IP was strangled by her brother", rules) == {"strangulation": "now"}
        found = states("Her parents hold her passport until she agrees to the nikah", rules)
        assert found["honour_based_abuse"] == "now"
        found = states("Her friend's parents forced her friend to marry", rules)
        assert found["honour_based_abuse"] == "someone_else"

    @pytest.mark.parametrize("child", ["The 6 yo", "The 3 yr old", "A 12 week old", "Jayden (7)"])
    def test_an_age_makes_a_child(self, child: str, rules: Rules) -> None:
        assert states(f"{child} was shoved into the radiator", rules) == {"child_harm": "now"}

    @pytest.mark.parametrize("adult", ["The 32 yo", "A man of 3 years' standing", "Jay (27)"])
    def test_other_numbers_make_none(self, adult: str, rules: Rules) -> None:
        assert "child_harm" not in states(f"{adult} was shoved into the radiator", rules)

    def test_short_spellings_are_what_they_mean(self) -> None:
        told = read_words("Injured party wont go w/ the vict, she doesnt").tokens
        assert told == ["ip", "won't", "go", "with", "victim", "she", "doesn't"]

    def test_two_denials_undo_each_other_only_where_one_denies_the_other(
        self, rules: Rules
    ) -> None:
        assert states("He did not deny drinking", rules) == {"alcohol": "now"}
        assert states("Denies drink, denies being drunk", rules) == {"alcohol": "negated"}

    def test_a_query_before_a_blank_supposes(self, rules: Rules) -> None:
        assert states("? alcohol on board", rules) == {"alcohol": "hypothetical"}
