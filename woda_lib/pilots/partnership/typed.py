"""What people write into the partnership's registers: sums and sentences without own figures.

Whatever stands in a register reaches tables and totals. A figure in it would have no citation, no
limits and nobody who signed it, so that it is refused as one in a text of the case is.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from woda_lib.evaluation import Formula, FormulaError
from woda_lib.notebook.typed_figures import typed_figure

UNITS = frozenset((0.0, 1.0, 12.0, 60.0, 100.0))
"""Numbers that a sum may hold: nought, a whole, months of a year, minutes of an hour, per cent."""


def require_formula(text: str) -> str:
    """Return a formula that can be read, and holds no figure; for pydantic.

    Raises
    ------
    ValueError
        Saying what it holds that a formula may not.
    """
    try:
        numbers = Formula(text).numbers
    except FormulaError as error:
        raise ValueError(str(error)) from None
    for number in numbers:
        if number not in UNITS:
            raise ValueError(
                f"the formula {text!r} holds {number:g}, typed by hand. Name a figure that is "
                "cited, assumed or reported in its place; only 0, 1, 12, 60 and 100 may stand"
            )
    return text


def require_said(text: str) -> str:
    """Return a text without a figure; for pydantic.

    Raises
    ------
    ValueError
        Quoting the figure.
    """
    if figure := typed_figure(text):
        raise ValueError(
            f"{text!r} says {figure!r}, typed by hand. Say it without a number; figures stand "
            "where they are cited, assumed or reported"
        )
    return text


FormulaText = Annotated[str, AfterValidator(require_formula)]
FormulaOrNone = Annotated[str, AfterValidator(lambda text: text and require_formula(text))]
"""Empty where there is nothing to work out."""
Said = Annotated[str, AfterValidator(require_said)]
