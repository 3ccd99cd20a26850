"""What a purpose is not shown of somebody, in words: which field, and the clause that hides it."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.single_view.person.lines import Hidden
from woda_lib.pilots.single_view.person.words import say_dataset, say_partner


def hidden_lines(hidden: pd.DataFrame) -> tuple[Hidden, ...]:
    """Return what is hidden, whether or not there is anything behind it.

    Parameters
    ----------
    hidden
        Of `Person.hidden`: fields of the datasets that know the person.
    """
    return tuple(
        Hidden(
            partner=say_partner(row["partner"]),
            dataset=say_dataset(row["dataset"]),
            what=row["description"],
            clause=row["clause"],
            why=str(row["why"]).removeprefix("Hidden: "),
        )
        for row in hidden.to_dict("records")
    )
