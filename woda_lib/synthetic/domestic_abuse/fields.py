"""What the templates' fields stand for in each incident: names, pronouns, kin, days and years."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.misspellings import without_diacritics

# Words for a woman and for a man.
_VICTIM = {
    "she": ("she", "he"),
    "her": ("her", "him"),
    "hers": ("her", "his"),
    "herself": ("herself", "himself"),
    "vsex": ("female", "male"),
}
_PERPETRATOR = {
    "he": ("she", "he"),
    "him": ("her", "him"),
    "his": ("her", "his"),
    "himself": ("herself", "himself"),
    "psex": ("female", "male"),
}
# What the perpetrator is to the victim: several words each, for a woman and for a man.
_KIN = {
    "partner": (("partner", "wife", "girlfriend"), ("partner", "husband", "boyfriend")),
    "former_partner": (("ex-partner", "ex-wife", "ex"), ("ex-partner", "ex-husband", "ex")),
    "parent": (("mother", "mum", "mother"), ("father", "dad", "father")),
    "child": (("daughter", "daughter", "adult daughter"), ("son", "son", "adult son")),
    "sibling": (("sister", "sister", "older sister"), ("brother", "brother", "older brother")),
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def fields_of(facts: pd.DataFrame, rng: Generator) -> dict[str, list[str]]:
    """Read off each incident's facts what its fields are.

    Names lose their accents, as in a force's log. Where a name is missing, the role stands for it.

    Returns
    -------
    dict of lists
        Field to its words, in the order of `facts`: ``victim, perpetrator, child``; the victim's
        ``she, her, hers, herself, vsex`` and the perpetrator's ``he, him, his, himself, psex``
        (``hers`` and ``his`` are possessives), pronouns also with a capital (``She``); ``rel``,
        what the perpetrator is to the victim; ``day`` and ``date`` of the incident; ``y1``, the
        year before it, and ``y2``, two to six years before.
    """
    n = len(facts)
    fields: dict[str, list[str]] = {}
    for name, unknown in (("victim", "victim"), ("perpetrator", "AP"), ("child", "the child")):
        known = facts[name].astype(object)
        filled = known.where(known.notna(), unknown).to_numpy(dtype=object)
        fields[name] = without_diacritics(filled).tolist()
    for column, words in (("victim_female", _VICTIM), ("perpetrator_female", _PERPETRATOR)):
        female = facts[column].to_numpy(dtype=bool)
        for name, (of_a_woman, of_a_man) in words.items():
            fields[name] = np.where(female, of_a_woman, of_a_man).tolist()
            fields[name.capitalize()] = [word.capitalize() for word in fields[name]]
    picks = rng.integers(0, 3, n)
    fields["rel"] = [
        _KIN[kind][0 if female else 1][pick]
        for kind, female, pick in zip(
            facts["relationship"], facts["perpetrator_female"], picks, strict=True
        )
    ]
    when = pd.to_datetime(facts["occurred_at"])
    fields["day"] = [_DAYS[day] for day in when.dt.dayofweek]
    fields["date"] = when.dt.strftime("%d/%m/%Y").tolist()
    fields["y1"] = (when.dt.year - 1).astype(str).tolist()
    fields["y2"] = (when.dt.year - rng.integers(2, 7, n)).astype(str).tolist()
    return fields
