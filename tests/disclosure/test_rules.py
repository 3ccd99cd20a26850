"""Everybody, dominance, totals and rates of rounded counts, models: what is shown of them."""

import pandas as pd
import pytest

from woda_lib.disclosure import (
    DisclosureError,
    Rule,
    gate_degrees_of_freedom,
    gate_leaves,
    gate_table,
)

RULE = Rule(threshold=5, rounding=5)


def shown(frame, column, rule=RULE, **keywords):
    gated = gate_table(pd.DataFrame(frame), rule, name="the table", **keywords).frame[column]
    return [None if pd.isna(item) else item for item in gated]


def test_a_total_is_the_sum_of_the_rounded_parts_when_all_are_shown():
    frame = {"ward": ["a", "b", "c", "Total"], "people": [12, 12, 12, 36]}
    assert shown(frame, "people") == [10, 10, 10, 30]  # and not 35


def test_a_total_of_which_a_part_is_withheld_is_rounded_on_its_own():
    frame = {"ward": ["a", "b", "c", "Total"], "people": [12, 12, 2, 26]}
    assert shown(frame, "people") == [None, 10, None, 25]


def test_totals_of_totals_add_up():
    frame = pd.DataFrame(
        [("N", "a", 12), ("N", "b", 12), ("N", "All", 24), ("S", "c", 12), ("S", "All", 12),
         ("All", "All", 36)],
        columns=["site", "ward", "people"],
    )  # fmt: skip
    assert shown(frame, "people") == [10, 10, 20, 10, 10, 30]


def test_everybody_of_a_group_is_not_said_to_be_alike():
    frame = {"ward": ["Arrow", "Teme"], "died": [12, 6], "left": [0, 30], "total": [12, 36]}
    gated = gate_table(pd.DataFrame(frame), RULE, name="t")
    assert gated.checks["full"] == 1
    assert gated.withheld.iloc[0].tolist() == [False, True, True, False]
    assert not gated.withheld.iloc[1].any()


def test_nobody_may_be_shown_where_others_have_somebody():
    frame = {"ward": ["Arrow", "Teme"], "died": [0, 6], "left": [22, 30], "stays": [10, 0]}
    assert gate_table(pd.DataFrame(frame), RULE, name="t").withheld_cells == 0


@pytest.mark.parametrize(
    ("amounts", "why"),
    [
        ([10, 10, 10, 10, 10, 10], None),
        ([10, 10, 10, 10], "threshold"),
        ([80, 15, 2, 1, 1, 1], "dominance"),  # 95% of two
        ([60, 29, 2, 2, 1, 1, 1], "dominance"),
        ([500, 320, 45, 0.5, 0.5, 0.5, 50], None),
        ([500, 300, 20, 10, 5, 3, 1], "dominance"),
        ([], None),
    ],
)
def test_a_sum_that_one_or_two_make_up_is_withheld(amounts, why):
    behind = pd.DataFrame({"town": ["Evesham"] * len(amounts), "pounds": amounts})
    other = pd.DataFrame({"town": ["Malvern"] * 6, "pounds": [10.0] * 6})
    frame = pd.DataFrame({"town": ["Evesham", "Malvern"], "pounds": [sum(amounts) + 0.5, 60.5]})
    if not amounts:
        behind = pd.DataFrame({"town": ["Evesham"], "pounds": [0.0]})
    gated = gate_table(frame, RULE, name="t", contributions={"pounds": pd.concat([behind, other])})
    assert gated.withheld["pounds"].tolist() == [why is not None, False]
    assert gated.checks == ({why: 1} if why else {})


def test_the_p_per_cent_rule_catches_what_the_n_k_rule_lets_by():
    rule = Rule(dominance_n=1, dominance_k=95, p_percent=10)
    behind = pd.DataFrame({"town": ["E"] * 6, "pounds": [100.0, 80.0, 3.0, 2.0, 1.0, 1.0]})
    frame = pd.DataFrame({"town": ["E"], "pounds": [187.0]})  # the rest is 7, under 10% of 100
    gated = gate_table(frame, rule, name="t", counts=(), contributions={"pounds": behind})
    assert gated.checks == {"p_percent": 1}


def test_a_dominated_sum_does_not_follow_from_its_total():
    behind = pd.DataFrame(
        {"town": ["E"] * 6 + ["M"] * 6 + ["R"] * 6, "pounds": [90.0, 5, 2, 1, 1, 1] + [10.0] * 12}
    )
    frame = behind.groupby("town", as_index=False)["pounds"].sum()
    frame.loc[3] = ["Total", frame["pounds"].sum()]
    gated = gate_table(frame, RULE, name="t", counts=(), contributions={"pounds": behind})
    assert gated.withheld["pounds"].tolist() in ([True, True, False, False],
                                                 [True, False, True, False])  # fmt: skip


def test_contributions_must_be_those_of_the_table():
    frame = pd.DataFrame({"town": ["E"], "pounds": [187.5]})
    for behind, says in (
        (pd.DataFrame({"pounds": [1.0]}), "no column 'town'"),
        (pd.DataFrame({"town": ["M"], "pounds": [1.0]}), "no contribution behind"),
        (pd.DataFrame({"town": ["E"], "pounds": [-1.0]}), "negative"),
    ):
        with pytest.raises(DisclosureError, match=says):
            gate_table(frame, RULE, name="t", contributions={"pounds": behind})


def test_a_rate_of_two_counts_is_made_of_the_rounded_ones():
    frame = {"ward": ["a", "b"], "people": [182, 91], "seen": [180, 77]}
    frame["percent"] = [100 * 180 / 182, 100 * 77 / 91]
    assert shown(frame, "percent") == [100.0, pytest.approx(100 * 75 / 90, abs=0.01)]


def test_a_rate_whose_count_is_not_in_the_table_is_too():
    frame = {
        "month": ["May", "June"],
        "referrals": [182, 173],
        "found_percent": [180 / 1.82, 100.0],
    }
    assert shown(frame, "found_percent") == [100.0, 100.0]


def test_the_interval_beside_a_rounded_rate_still_holds_it():
    frame = {"group": ["a", "b"], "people": [112, 60], "found": [109, 52]}
    frame |= {
        "percent": [100 * 109 / 112, 100 * 52 / 60],
        "low": [92.4, 75.8],
        "high": [99.1, 93.1],
    }
    assert shown(frame, "percent") == [100.0, pytest.approx(83.33)]
    assert shown(frame, "high") == [100.0, 93.1]
    assert shown(frame, "low") == [92.4, 75.8]


def test_a_rate_of_few_is_withheld_though_the_whole_is_shown():
    frame = {"ward": ["a", "b"], "people": [40, 40], "percent": [100 * 3 / 40, 100 * 13 / 40]}
    assert shown(frame, "percent") == [None, pytest.approx(100 * 15 / 40)]


def test_the_interval_of_a_rate_that_is_withheld_is_withheld_too():
    # Wilson's ends of 3 of 40: solved for the share, they say 7.5% to the last digit.
    frame = {
        "ward": ["a", "b"],
        "people": [40, 40],
        "low": [2.58, 19.9],
        "high": [19.86, 48.1],
        "percent": [100 * 3 / 40, 100 * 13 / 40],
    }
    assert shown(frame, "low") == [None, 19.9]
    assert shown(frame, "high") == [None, 48.1]
    assert shown(frame, "people") == [40, 40]


def test_what_has_an_interval_of_its_own_name_stays_beside_a_rate_that_is_withheld():
    frame = pd.DataFrame(
        {
            "ward": ["a", "b"],
            "people": [40, 40],
            "right_percent": [100 * 3 / 40, 100 * 13 / 40],
            "right_low": [2.58, 19.9],
            "right_high": [19.86, 48.1],
            "known_percent": [91.23, 92.34],
            "known_low": [90.12, 91.23],
            "known_high": [92.34, 93.45],
            "ci_low": [2.5, 19.9],  # an interval without an estimate of its name may be anybody's
            "ci_high": [19.8, 48.1],
        }
    )
    gone = gate_table(frame, RULE, name="the table").withheld.loc[0]
    assert gone[gone].index.tolist() == [
        "right_percent", "right_low", "right_high", "ci_low", "ci_high"]  # fmt: skip


def test_the_ends_of_a_rate_that_they_are_named_by_are_withheld_with_it():
    frame = pd.DataFrame(
        {
            "ward": ["a", "b"],
            "people": [40, 40],
            "percent": [100 * 3 / 40, 100 * 13 / 40],
            "percent_low": [2.58, 19.9],
            "percent_high": [19.86, 48.1],
            "percent_before": [7.51, 32.6],
        }
    )
    gone = gate_table(frame, RULE, name="the table").withheld.loc[0]
    assert {"percent", "percent_low", "percent_high", "percent_before"} <= set(gone[gone].index)


def test_without_rounding_a_rate_that_leaves_few_is_withheld():
    frame = {"ward": ["a", "b"], "people": [40, 40], "percent": [100 * 38 / 40, 100 * 13 / 40]}
    exact = Rule(threshold=5, rounding=1)
    assert shown(frame, "percent", exact) == [None, pytest.approx(32.5)]


def test_statistics_carry_four_digits():
    frame = {"ward": ["a"], "people": [12], "mean_days": [8.3333333], "pounds": [154156.6605]}
    assert shown(frame, "mean_days") == [8.333]
    assert shown(frame, "pounds") == [154200.0]


def test_small_numbers_that_are_said_not_to_count_people_but_are_headed_so_are_refused():
    with pytest.raises(DisclosureError, match="Name the column in counts"):
        gate_table(pd.DataFrame({"ward": ["a"], "patients": [2]}), RULE, name="t", counts=())
    rows = pd.DataFrame({"dataset": ["spells"], "quarantined": [2]})
    gated = gate_table(rows, RULE, name="t", counts=())
    assert gated.not_people == ("quarantined",)  # for the output checker to see


def test_counts_written_as_text_are_counts():
    assert shown({"ward": ["a", "b"], "people": ["3", "23"]}, "people") == [None, 25]


def test_counts_may_not_be_below_nought():
    with pytest.raises(DisclosureError, match="below nought"):
        gate_table(pd.DataFrame({"people": [-3, 20]}), RULE, name="t", counts=["people"])


@pytest.mark.parametrize("text", ["Mrs Smith told the nurse that " * 8, "a note\nof two lines"])
def test_free_text_is_refused(text):
    with pytest.raises(DisclosureError, match="free text"):
        gate_table(pd.DataFrame({"note": [text], "people": [12]}), RULE, name="t")


def test_many_different_sentences_are_free_text():
    notes = [
        f"On day {n} the patient said something to the ward sister about home" for n in range(10)
    ]
    with pytest.raises(DisclosureError, match="10 different sentences"):
        gate_table(pd.DataFrame({"reason": notes, "people": [12] * 10}), RULE, name="t")


def test_records_are_refused_by_their_single_days():
    days = pd.to_datetime(["2024-01-03", "2024-02-12", "2024-02-14"])
    with pytest.raises(DisclosureError, match="single days, as records do"):
        gate_table(pd.DataFrame({"ward": list("abc"), "admitted": days}), RULE, name="t")
    months = pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01"])
    gated = gate_table(pd.DataFrame({"month": months, "mean": [1.5] * 3}), RULE, name="t")
    assert gated.withheld_cells == 0


def test_a_postcode_in_two_columns_is_a_postcode():
    frame = pd.DataFrame({"area": ["WR1"], "unit": ["2AB"], "people": [12]})
    with pytest.raises(DisclosureError, match="two of its columns together, a full postcode"):
        gate_table(frame, RULE, name="t")


def test_a_model_with_few_degrees_of_freedom_is_refused():
    gate_degrees_of_freedom(10, RULE, name="the model")
    with pytest.raises(DisclosureError, match=r"minimum_degrees_of_freedom.*fewer coefficients"):
        gate_degrees_of_freedom(9.5, RULE, name="the model")
    frame = pd.DataFrame({"term": ["step"], "estimate": [-2.5], "df_resid": [6.0]})
    with pytest.raises(DisclosureError, match="residual degrees of freedom"):
        gate_table(frame, RULE, name="coefficients")


def test_leaves_of_few_people_are_refused():
    gate_leaves([5, 50, 0], RULE, name="the tree")
    with pytest.raises(DisclosureError, match="2 leaves of fewer than 5 people"):
        gate_leaves([1, 4, 50], RULE, name="the tree")


def test_ten_long_references_of_one_word_are_no_sentences():
    long = (
        "patient_flow@2026-11-26T21-49-31-b6fb/cost_avoided_per_month_and_more_than_sixty_letters"
    )
    table = pd.DataFrame({"reference": [f"{long}_{n}" for n in range(12)]})
    assert gate_table(table, RULE, name="citations", counts=()).withheld_cells == 0
