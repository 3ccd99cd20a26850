"""Attempts through tables: refused with the message that the analyst sees, or shown without it.

Each refusal is written out as far as it says what is wrong and what to do. None quotes a person.
"""

import numpy as np
import pandas as pd
import pytest

from tests.adversary.desk import CANARY, NAME, NHS, PEOPLE, RULE
from woda_lib.disclosure import DisclosureError, EarlierTable, gate_table, headline

LIST = "which identifies people or their records"
LOADED = "which identifies people or their records whatever the column is called"

REFUSED = {
    "the first rows of a table": (PEOPLE.head(), "has the column 'spell_id', " + LIST),
    "a name in an honest column": (PEOPLE[["surname", "age"]], "has the column 'surname', " + LIST),
    "a heading in other letters": (
        PEOPLE[["days"]].assign(**{"NHS-Number": "x"}),
        "has the column 'NHS-Number', " + LIST,
    ),
    "surnames called groups": (
        PEOPLE.groupby("surname").size().rename("people").rename_axis("group").reset_index(),
        f"column 'group', holds values of the field surname, {LOADED}",
    ),
    "surnames as an index label": (
        PEOPLE.groupby("surname").size().rename("people").rename_axis("group").to_frame(),
        f"column 'group', holds values of the field surname, {LOADED}",
    ),
    "a full name among the categories": (
        pd.DataFrame({"reason": ["care package", f"{NAME}'s daughter"], "people": [12, 13]}),
        f"column 'reason', holds values of the field forename and surname, {LOADED}",
    ),
    "a full name turned round": (
        pd.DataFrame(
            {"reason": ["care", f"{CANARY.surname}, {CANARY.forename}"], "people": [9, 8]}
        ),
        "holds values of the field forename and surname",
    ),
    "one record's number as a category": (
        pd.DataFrame({"reason": ["see WS10000", "other"], "people": [12, 13]}),
        f"column 'reason', holds values of the field spell_id, {LOADED}",
    ),
    "records' numbers as headings": (
        pd.DataFrame({"WS10000": [12], "WS10001": [13]}),
        f"its headings, holds values of the field spell_id, {LOADED}",
    ),
    "an NHS number as a heading": (
        pd.DataFrame({NHS: [12]}),
        "holds an NHS number. Turn the table, or group it",
    ),
    "an NHS number as a number": (
        pd.DataFrame({"figure": [9434765919.0]}),
        "column 'figure', holds an NHS number. Leave the column out or group it",
    ),
    "a National Insurance number in small letters": (
        pd.DataFrame({"label": ["ab123456c"], "people": [12]}),
        "holds a National Insurance number",
    ),
    "a telephone number": (
        pd.DataFrame({"label": ["call 07700 900123"], "people": [12]}),
        "holds a telephone number",
    ),
    "a postcode in two columns": (
        pd.DataFrame({"district": ["WR1"], "rest": ["2AB"], "people": [12]}),
        "in two of its columns together, a full postcode",
    ),
    "a list too long to be a summary": (
        pd.DataFrame({"age": PEOPLE["age"].repeat(10) / 7}),
        "600 rows, which is a list and not a summary. Show a count or a mean for groups",
    ),
    "days of single events": (
        pd.DataFrame(
            {"ward": ["Teme", "Arrow"], "left": pd.to_datetime(["2025-01-03", "2025-01-09"])}
        ),
        "counts nobody, and its column 'left' holds single days, as records do. Count by month",
    ),
    "a nurse's note": (
        pd.DataFrame({"note": ["She told us that her son had moved out and that " * 4]}),
        "free text. What people wrote is never shown: sort it into categories",
    ),
    "small counts declared to be something else": (
        pd.DataFrame({"ward": ["Teme"], "patients": [3]}),
        "its heading does and a number in it is below 5. Name the column in counts",
    ),
    "a regression through nearly every point": (
        pd.DataFrame({"term": ["age", "ward"], "estimate": [0.5, 1.5], "df_resid": [2.0, 2.0]}),
        "fewer than 10 residual degrees of freedom",
    ),
    "a tree that puts a person in a leaf": (
        pd.DataFrame({"rule": ["age > 90", "else"], "leaf_samples": [1, 59]}),
        "has 1 leaves of fewer than 5 people .* Grow it with at least 5 in a leaf",
    ),
}


@pytest.mark.parametrize("attempt", REFUSED)
def test_refused(step, attempt):
    frame, message = REFUSED[attempt]
    keywords = {"counts": ()} if "declared" in attempt else {}
    with pytest.raises(DisclosureError, match=message) as refusal:
        step.table(frame, **keywords)
    for secret in (CANARY.surname, NHS, NHS.replace(" ", ""), "WS10000"):
        assert secret not in str(refusal.value)
    assert step.exported == ""


def withheld(frame, column="people", **keywords):
    return gate_table(frame, RULE, name="t", **keywords).withheld[column].tolist()


WARDS = PEOPLE.groupby("ward").size().rename("people").reset_index()  # Arrow 20, Leam 37, Teme 3
SAYS_SO = "[c] withheld: fewer than 5 counted, a number from which so few would follow"


def test_a_small_count(step):
    seen = step.table(WARDS)
    assert SAYS_SO in seen
    assert "Teme,[c]" in seen


def test_a_small_count_written_as_text(step):
    assert "Teme,[c]" in step.table(WARDS.assign(people=WARDS["people"].astype(str)))


def test_a_small_count_as_a_fraction_of_itself(step):
    frame = WARDS.assign(people=WARDS["people"].astype(float))
    assert "Teme,[c]" in step.table(frame)


def test_a_sparse_crosstab(step):
    bands = pd.cut(PEOPLE["age"], [0, 50, 60, 70, 80, 90, 120]).astype(str)
    table = pd.crosstab(PEOPLE["ward"], bands)
    seen = step.table(table)
    teme = next(line for line in seen.splitlines() if line.startswith("Teme,"))
    assert set(teme.removeprefix("Teme,").split(",")) <= {"0", "[c]"}


def test_a_mean_of_three(step):
    frame = PEOPLE.groupby("ward").agg(people=("age", "size"), mean_days=("days", "mean"))
    seen = step.table(frame)
    assert "Teme,[c],[c]" in seen
    assert "15.5" not in seen


def test_the_oldest_age_of_three(step):
    frame = PEOPLE.groupby("ward").agg(people=("age", "size"), oldest=("age", "max")).astype(float)
    assert "91" not in step.table(frame, counts=["people"])


def test_a_date_beside_a_small_count(step):
    frame = WARDS.assign(first=pd.Timestamp("2025-01-09"))
    seen = step.table(frame)
    assert "Teme,[c],[c]" in seen


def test_subtraction_from_a_total():
    total = pd.DataFrame({"ward": ["Total"], "people": [60]})
    frame = pd.concat([WARDS, total], ignore_index=True)
    assert withheld(frame) == [True, False, True, False]


def test_subtraction_from_a_total_under_another_name():
    county = pd.DataFrame({"ward": ["Worcestershire"], "people": [60]})
    frame = pd.concat([WARDS, county], ignore_index=True)
    assert withheld(frame) == [True, False, True, False]


def test_subtraction_from_a_column_of_sums():
    frame = pd.DataFrame({"ward": ["a", "b"], "men": [2, 20], "women": [9, 20], "all": [11, 40]})
    gated = gate_table(frame, RULE, name="t")
    assert gated.withheld.iloc[0].tolist() == [False, True, True, False]


def test_subtraction_from_a_headline():
    assert withheld(WARDS, others=[headline("people", 60, hidden=False)]) == [True, False, True]


def test_subtraction_from_a_coarser_table():
    coarse = gate_table(
        pd.DataFrame({"site": ["N", "S"], "people": [23, 37]}), RULE, name="by_site"
    ).counted
    fine = WARDS.assign(site=["N", "S", "N"])
    assert withheld(fine, others=[coarse]) == [True, False, True]


def test_subtraction_between_two_ways_to_sort_the_same_people():
    frame = pd.DataFrame(
        {
            "by": ["ward"] * 3 + ["sex"] * 2,
            "group": ["Arrow", "Leam", "Teme", "men", "women"],
            "people": [20, 37, 3, 25, 35],
        }
    )
    assert withheld(frame) == [True, False, True, False, False]


def test_subtraction_between_two_runs():
    before = gate_table(WARDS.assign(people=[21, 37, 30]), RULE, name="t").counted
    now = WARDS.assign(people=[20, 37, 30])  # somebody was left out
    assert withheld(now, earlier=[EarlierTable("1", True, before)]) == [True, False, False]


def test_the_union_of_what_two_runs_withhold():
    frame = pd.concat([WARDS, pd.DataFrame({"ward": ["All"], "people": [60]})], ignore_index=True)
    before = gate_table(frame, RULE, name="t").counted
    turned = frame.iloc[::-1].reset_index(drop=True)
    again = withheld(turned, earlier=[EarlierTable("1", True, before)])
    assert again == before.hidden.ravel().tolist()[::-1]


def test_a_rate_that_tells_its_numerator():
    frame = pd.DataFrame({"ward": ["Arrow", "Leam"], "people": [40, 37], "percent": [7.5, 100.0]})
    gated = gate_table(frame, RULE, name="t")
    assert gated.withheld["percent"].tolist() == [True, False]  # three of forty


def test_the_digits_of_a_rate():
    frame = pd.DataFrame({"month": ["May", "June"], "sent": [182, 173]})
    frame["percent"] = [100 * 180 / 182, 100 * 171 / 173]
    shown = gate_table(frame, RULE, name="t").frame["percent"]
    assert shown.tolist() == [100.0, pytest.approx(97.14, abs=0.01)]  # 180 of 180, 170 of 175


def test_everybody_in_a_group():
    frame = pd.DataFrame({"ward": ["Arrow", "Leam"], "died": [12, 6], "left": [0, 30]})
    frame["total"] = frame["died"] + frame["left"]
    gated = gate_table(frame, RULE, name="t")
    assert gated.withheld.iloc[0].tolist() == [False, True, True, False]


def test_one_firm_in_a_sum():
    behind = pd.DataFrame({"town": ["E"] * 6, "pounds": [950.0, 10, 10, 10, 10, 10]})
    frame = pd.DataFrame({"town": ["E"], "pounds": [1000.0]})
    gated = gate_table(frame, RULE, name="t", counts=(), contributions={"pounds": behind})
    assert gated.withheld["pounds"].tolist() == [True]


def test_an_unrounded_statistic_that_identifies_a_sum(step):
    frame = WARDS.iloc[:2].assign(mean_days=[7.123456789, 9.987654321])
    assert "7.123456" not in step.table(frame)


def test_a_count_in_a_caption(step):
    with pytest.raises(DisclosureError, match="The caption of t holds the full name of somebody"):
        step.table(WARDS, caption=f"Seen by {NAME}")
    with pytest.raises(DisclosureError, match="The caption of t holds an NHS number"):
        step.table(WARDS, caption=f"Seen: {NHS}")


def test_a_formula_for_whoever_opens_the_export(step):
    frame = pd.DataFrame(
        {"label": ['=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\t=1"], "people": [9] * 5}
    )
    step.table(frame)
    for line in (step.root / "tiny/draft/shown/1_count/t.csv").read_text().splitlines():
        assert not line.startswith(("=", "+", "-", "@", "\t", '"='))
    assert "'=HYPERLINK" in step.exported


def test_a_script_in_a_label(step):
    frame = pd.DataFrame({"label": ["<script>alert(1)</script>"], "people": [9]})
    html = step.gallery.hang_table(frame, name="t", caption="<b>x</b>", counts=None).html
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_unseen_letters_in_a_label(step):
    frame = pd.DataFrame({"label": ["Te\u200bme\u202e"], "people": [9]})
    step.table(frame)
    assert "Teme,10" in step.exported


def test_counts_below_nought():
    with pytest.raises(DisclosureError, match="a number below nought"):
        gate_table(pd.DataFrame({"people": [-3]}), RULE, name="t", counts=["people"])


def test_a_person_as_the_only_row(step):
    frame = PEOPLE.iloc[[0]][["age", "days"]].assign(people=1)
    seen = step.table(frame)
    assert "40.5" not in seen
    assert "91" not in seen.replace("f91", "")


def test_what_is_gated_is_also_what_is_kept_for_the_next_run(step):
    step.table(WARDS)
    step.memory.write()
    assert not list((step.root / "tiny" / "draft" / "shown").rglob("*.parquet"))
    assert list((step.root / "tiny" / "draft" / "restricted").rglob("*.parquet"))


def test_numbers_that_are_not_finite_hide_nothing():
    frame = pd.DataFrame({"ward": ["a", "b"], "people": [3, 30], "mean": [np.inf, np.nan]})
    assert gate_table(frame, RULE, name="t").withheld["people"].tolist() == [True, False]
