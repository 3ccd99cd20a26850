"""Formulas as they stand in a table: arithmetic over named quantities, and nothing else."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cached_property, reduce
from typing import Any

import numpy as np

from woda_lib.evaluation.errors import EvaluationError
from woda_lib.evaluation.money.distributions import Floats

_OPERATIONS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "min": lambda *values: reduce(np.minimum, values),
    "max": lambda *values: reduce(np.maximum, values),
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
}


class FormulaError(EvaluationError):
    """A formula cannot be read, or cannot be worked out."""


class Formula:
    """Arithmetic over named quantities.

    Parameters
    ----------
    text
        Numbers and names, + − * / ** and brackets, and `FUNCTIONS`.

    Raises
    ------
    FormulaError
        If it says anything else.

    Examples
    --------
    >>> Formula("days_saved * people * 306")({"days_saved": 2.7, "people": 185}).round(2).item()
    152847.0
    """

    def __init__(self, text: str) -> None:
        self.text = str(text).strip()
        try:
            self._tree = ast.parse(self.text, mode="eval").body
        except (SyntaxError, ValueError):
            raise FormulaError(
                f"The formula {self.text!r} cannot be read. Write it as in a spreadsheet, with * "
                "for times: days_saved * people * bed_day_cost."
            ) from None
        self._check(self._tree)

    def __call__(self, values: Mapping[str, Any], *, finite: bool = True) -> Floats:
        """Work it out.

        Parameters
        ----------
        values
            Numbers, or arrays that broadcast against each other.
        finite
            Whether to refuse what is no finite number.

        Raises
        ------
        FormulaError
            If it names a quantity that is not there, or gives no finite number.
        """
        for name in sorted(self.names - values.keys()):
            close = get_close_matches(name, list(values), n=1)
            hint = f"Is {close[0]} meant?" if close else f"There is {', '.join(values)}."
            raise FormulaError(
                f"The formula {self.text!r} names {name}, which is not known. {hint}"
            )
        with np.errstate(all="ignore"):
            found: Floats = np.asarray(self._value(self._tree, values), dtype=float)
        if finite and not np.isfinite(found).all():
            raise FormulaError(
                f"The formula {self.text!r} gives no finite number for some values of its inputs: "
                "something is divided by nought, or a root or logarithm is taken of less than that."
            )
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """The quantities that it names."""
        return frozenset(
            node.id
            for node in ast.walk(self._tree)
            if isinstance(node, ast.Name) and node.id not in FUNCTIONS
        )

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        """The numbers that stand in it as somebody wrote them."""
        found = (node.value for node in ast.walk(self._tree) if isinstance(node, ast.Constant))
        return tuple(float(each) for each in found)  # type: ignore[arg-type]

    def _check(self, node: ast.expr) -> None:
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return
            case ast.Name():
                return
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
                return self._check(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
                self._check(left)
                return self._check(right)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
                for each in args:
                    self._check(each)
                return
        raise FormulaError(
            f"The formula {self.text!r} holds {ast.unparse(node)!r}. A formula may hold names, "
            f"numbers, + − * / ** and brackets, and {', '.join(FUNCTIONS)}."
        )

    def _value(self, node: ast.expr, values: Mapping[str, Any]) -> Any:
        match node:
            case ast.Constant(value=value):
                return float(value)  # type: ignore[arg-type]
            case ast.Name(id=name):
                return np.asarray(values[name], dtype=float)
            case ast.UnaryOp(op=op, operand=operand):
                inner = self._value(operand, values)
                return -inner if isinstance(op, ast.USub) else inner
            case ast.BinOp(left=left, op=op, right=right):
                both = self._value(left, values), self._value(right, values)
                return _OPERATIONS[type(op)](*both)
            case ast.Call(func=ast.Name(id=name), args=args):
                return FUNCTIONS[name](*(self._value(each, values) for each in args))
        raise AssertionError(ast.dump(node))  # `_check` has passed it
