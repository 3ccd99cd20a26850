"""Formulas are arithmetic and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from woda_lib.evaluation import FormulaError
from woda_lib.evaluation.formula import Formula

VALUES = {"days": 2.7, "people": np.array([185.0, 200.0]), "price": 306}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("days * people * price", [2.7 * 185 * 306, 2.7 * 200 * 306]),
        ("-days + 2 ** 3", -2.7 + 8),
        ("(people - 185) / 5", [0, 3]),
        ("min(people, 190)", [185, 190]),
        ("max(days, 3, 1)", 3),
        ("exp(log(days)) + sqrt(9)", 5.7),
    ],
)
def test_what_it_works_out(text, expected):
    assert Formula(text)(VALUES) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("days x people", "cannot be read. Write it as in a spreadsheet"),
        ("", "cannot be read"),
        ("__import__('os')", 'holds "__import__'),
        ("days.real", "holds 'days.real'"),
        ("days if people else 1", "A formula may hold names"),
        ("'days'", "A formula may hold"),
        ("days * True", "holds 'True'"),
        ("days > 1", "holds 'days > 1'"),
        ("log(days, base=2)", "holds 'log"),
    ],
)
def test_nothing_else_is_a_formula(text, says):
    with pytest.raises(FormulaError, match=says):
        Formula(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("days * poeple", "names poeple, which is not known. Is people meant?"),
        ("days * zzz", "There is days, people, price"),
        ("days / (people - 185)", "something is divided by nought"),
        ("sqrt(-days)", "no finite number"),
    ],
)
def test_what_cannot_be_worked_out_is_said(text, says):
    with pytest.raises(FormulaError, match=says):
        Formula(text)(VALUES)
