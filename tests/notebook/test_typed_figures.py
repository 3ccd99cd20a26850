"""What counts as a figure that somebody typed by hand, and what does not."""

from __future__ import annotations

import json

import pytest

from woda_lib.notebook import NotebookError
from woda_lib.notebook.typed_code import refuse_typed_notebook
from woda_lib.notebook.typed_figures import typed_figure


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("It saved 2.7 days.", "2.7"),
        ("It saved £153,000, each month.", "£153,000"),
        ("Of all, 12% went home.", "12%"),
        ("A share of ½ remains.", "½"),
        ("It saved two days.", "two"),
        ("Twenty people work there.", "Twenty"),
        ("Half of them, or a quarter.", "Half"),
        ("It fell by a third.", "a third"),
        ("Three quarters of it", "Three"),
        ("It costs millions.", "millions"),
        ("In 2025 it saved 3 days.", "3"),
        ("It saved 2,025 days.", "2,025"),
        ("It saved £2025.", "£2025"),
        ("{days_saved} of 30", "30"),
        ("## 3 scenarios", "3"),
        ("- 3 scenarios", "3"),
        ("95% of them", "95%"),
        ("It saves 2016 bed-days a month.", "2016"),
        ("It costs 1950 pounds, of 2000 people.", "1950"),
        ("In all 2000–2500 cases", "2000"),
        ("It saves GBP153000 a month.", "GBP153000"),
        ("It saves S2.7 days.", "S2.7"),
        ("It fell by one-third.", "one-third"),
        ("It is an eighth of the beds.", "an eighth"),
        ("It costs a trillion.", "trillion"),
        ("Costs tripled, and harm is halving.", "tripled"),
        ("It grew tenfold.", "tenfold"),
        ("A couple of days are left.", "A couple of"),
        ("It costs zero pounds.", "zero"),
        ("It saves `153,000` pounds.", "153,000"),
        ("Every month it saves\n153000. That is much.", "153000"),
        ("Every month it saves\n15. That is little.", "15"),
    ],
)
def test_digits_and_words_for_numbers_are_figures(text, figure):
    assert typed_figure(text) == figure


@pytest.mark.parametrize(
    "text",
    [
        "It saved {patient_flow/days_saved} days, {flow/days:value} of them.",
        "From 1998 to 2025, at prices of 2015-16, in 2024/25 or 2024–2025.",
        "On 31 March 2025, in May 2026.",
        "Release `patient_flow@1.0` of `2_benefits`.",
        "See [the report](../patient_flow/2_evaluate.html).",
        "A SHA-256 of the A38, in Q1.",
        "The 95% interval, and 95% intervals.",
        "1. First of all\n2. And then",
        "As reported (HM Treasury, 2018), and since May 2026.",
        "In prices of the financial year 2024-25, in 2016 as well.",
        "## 2. The economic case",
        "One of them, and no other; each quarter; the third of May.",
    ],
)
def test_names_years_and_markers_are_none(text):
    assert typed_figure(text) is None


def written(folder, *cells):
    path = folder / "3_case.ipynb"
    kinds = [{"cell_type": kind, "source": source} for kind, source in cells]
    path.write_text(json.dumps({"cells": kinds}))
    return path


@pytest.mark.parametrize(
    ("kind", "source", "words"),
    [
        ("markdown", "It takes 3 people.", "says '3'"),
        ("code", 'run.show(t, name="a", caption="Costs of 3 people")', "says '3'"),
        ("code", 'run.say(f"{x} and 40 more", name="a")', "says '40'"),
        ("code", 'title = "£40m"', "says '£40'"),
        ("code", 'run.value("net", 153_000.0)', "records the value 153000.0"),
        ("code", 'run.value("net", net, low=-2, high=top)', "records the value -2"),
        ("code", 'x = 153000\nrun.value("net", x)', "records the value x"),
        ("code", 'run.value("net", 150000 + 3000)', r"records the value 150000 \+ 3000"),
        ("code", 'run.show(t, caption=f"It saves {153000} a month")', "says '153000'"),
        ("code", 'x = 9\ncaption = f"It saves {x:.1f} a month"', "says 'x'"),
        ("code", 'caption = "It saves " + str(153000)', "says '153000'"),
        ("code", 'caption = "It saves {} a month".format(153000)', "says '153000'"),
        ("code", 'pd.DataFrame({"what": ["Saved"], "pounds": ["153,000"]})', "says '153,000'"),
        ("code", 'pd.DataFrame({"what": ["Saved"], "pounds": [153000]})', "says '153000'"),
    ],
)
def test_a_notebook_is_refused_naming_the_cell(tmp_path, kind, source, words):
    path = written(tmp_path, ("markdown", "# Is it?"), (kind, source))
    with pytest.raises(NotebookError, match=rf"Cell 2 of 3_case\.ipynb {words}"):
        refuse_typed_notebook(path)


def test_codes_and_numbers_of_the_work_itself_are_no_prose(tmp_path):
    path = written(
        tmp_path,
        ("code", 'run = begin("case", "3_case")'),
        ("code", 'run.show(top.head(10), name="top_10", caption="The dearest")'),
        ("code", 'run.value("net", saved.value - cost, decimals=-3)'),
        ("code", "%matplotlib inline"),
        ("code", 'x = 0\nx += saved.value\nrun.value("all", x)'),
        ("code", 'text = f"In {place} it is {share:.1f} of {year}."'),
        ("raw", "3"),
    )
    refuse_typed_notebook(path)
    refuse_typed_notebook(tmp_path / "absent.ipynb")


def test_a_parameter_is_a_name_for_its_number(tmp_path):
    path = tmp_path / "3_case.ipynb"
    tagged = {"cell_type": "code", "source": "team = 3.0", "metadata": {"tags": ["parameters"]}}
    used = {"cell_type": "code", "source": 'run.value("team", team)'}
    path.write_text(json.dumps({"cells": [tagged, used]}))
    refuse_typed_notebook(path)
