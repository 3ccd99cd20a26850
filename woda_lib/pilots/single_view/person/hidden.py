"""What a purpose is not shown, in the words of a page: which field, and the clause that hides it."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from woda_lib.pilots.single_view.person.lines import Hidden
from woda_lib.pilots.single_view.person.words import say_dataset, say_partner

KINDS_OF_SERVICE = ("service", "part", "offence_group")
"""The fields that say what a partner does for somebody, or in which matter."""


def hidden_lines(hidden: pd.DataFrame, datasets: Iterable[str]) -> tuple[Hidden, ...]:
    """Return what is hidden of some datasets, whether or not there is anything behind it.

    Parameters
    ----------
    hidden
        From `woda_lib.partners.hidden_fields`.
    datasets
        Those in which the person is, in the order in which they are told.
    """
    order = {name: place for place, name in enumerate(dict.fromkeys(map(str, datasets)))}
    found = hidden[hidden["dataset"].isin(list(order))]
    lines = [
        Hidden(
            partner=say_partner(row["partner"]),
            dataset=say_dataset(row["dataset"]),
            what=row["description"],
            clause=row["clause"],
            why=str(row["why"]).removeprefix("Hidden: "),
        )
        for row in found.sort_values("dataset", key=lambda names: names.map(order)).to_dict("records")
    ]
    return tuple(lines)


def hidden_services(hidden: pd.DataFrame) -> dict[str, str]:
    """Return, by dataset, the clause that hides what the partner does for somebody."""
    found = hidden[hidden["field"].isin(KINDS_OF_SERVICE)].drop_duplicates("dataset")
    return dict(zip(found["dataset"], found["clause"], strict=True))
