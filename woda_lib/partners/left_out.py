"""What opt-outs left out, in a sentence for the report."""

from __future__ import annotations

from collections.abc import Mapping


def say_left_out(rows: Mapping[str, int]) -> str:
    """Return how many rows opt-outs left out of what was read.

    Parameters
    ----------
    rows : mapping of str to int
        By dataset, or by reference of a step's table (``patient_flow/1_link:spells``).

    Examples
    --------
    >>> say_left_out({"spells": 2, "patient_flow/1_link:pairs": 1})
    'Opt-outs left out 2 rows of spells, 1 row of pairs (of step 1, link, of patient flow).'
    """
    parts = (
        f"{count:,} {'row' if count == 1 else 'rows'} of {_in_words(name)}"
        for name, count in rows.items()
    )
    return f"Opt-outs left out {', '.join(parts)}."


def _in_words(reference: str) -> str:
    made_by, _, name = reference.rpartition(":")
    pilot, _, step = made_by.partition("/")
    if not step:
        return name.replace("_", " ")
    number, _, verb = step.partition("_")
    words = (part.replace("_", " ") for part in (name, verb, pilot))
    return "{} (of step {number}, {}, of {})".format(*words, number=number)
