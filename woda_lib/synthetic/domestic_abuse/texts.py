"""The free text of made-up police incidents, a log and a referral each, with labels of its flags.

A text is made of sentences from templates (`templates`), one mention each (`plan_mentions`), among
plain sentences and others that hold a flag's words in another sense. An incident's texts are made
wholly of one set of templates (`templates.SETS`); whoever writes rules never reads the last.
What counts as a mention is the codebook's to say (`labels`).
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.fields import fields_of
from woda_lib.synthetic.domestic_abuse.histories import FLAGS
from woda_lib.synthetic.domestic_abuse.labels import label_texts
from woda_lib.synthetic.domestic_abuse.mentions import plan_mentions
from woda_lib.synthetic.domestic_abuse.sentences import choose_templates, write_log, write_referral
from woda_lib.synthetic.domestic_abuse.slips import slip
from woda_lib.synthetic.domestic_abuse.templates import REGISTERS, SETS, TUNING

_HELD_BACK = 0.4
"""Share of incidents whose texts are of the held-back set; the others' are of the first ones."""
_NO_LOG = 0.02
# A referral is written oftener the more there is to say.
_NO_REFERRAL, _EACH_FLAG_LESS, _NO_REFERRAL_LEAST = 0.50, 0.08, 0.10
# Share of the longer words that are mistyped: logs are written while somebody speaks.
_MISTYPED = {"log": 0.015, "referral": 0.004}
_APOSTROPHES_LEFT_OUT = {"log": 0.30, "referral": 0.05}
_ALL_CAPITALS, _ALL_SMALL = 0.06, 0.04
_ENDING = re.compile(r"(?<=[a-z])'(?=(?:s|t|ll|re)\b)")
"""The apostrophe of a possessive or of a shortened word, and none in a name."""
_NAMED = ["victim", "perpetrator", "child"]


def write_texts(facts: pd.DataFrame, rng: Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write the texts of incidents and label them.

    Parameters
    ----------
    facts : pandas.DataFrame
        A row an incident: ``incident`` (whole number, each once), ``victim, perpetrator, child``
        (forenames; missing where unknown), ``victim_female, perpetrator_female``,
        ``relationship`` (partner, former_partner, parent, child, sibling: what the perpetrator is
        to the victim), ``crime_type, reported_by, occurred_at``, and a boolean column a flag of
        `FLAGS`: what is true of it now.
    rng : numpy.random.Generator

    Returns
    -------
    texts : pandas.DataFrame
        A row an incident, in the order of `facts`: ``incident, log_text, referral_text`` (missing
        where there is none), ``held_back`` (whether of the held-back set).
    labels : pandas.DataFrame
        A row a text and flag mentioned in it: ``incident, text`` (``log_text`` or
        ``referral_text``), ``flag, state`` (the strongest, in the order of `labels.STATES`),
        ``template`` (that said so), ``held_back``. A flag without a row is not mentioned. Labels
        say what a text says, which is not always what is true.
    """
    facts = facts.reset_index(drop=True)
    n = len(facts)
    held_back = rng.random(n) < _HELD_BACK
    sets = np.where(held_back, SETS.index("held_back"), rng.integers(0, TUNING, n))
    none = np.clip(
        _NO_REFERRAL - _EACH_FLAG_LESS * facts[list(FLAGS)].sum(axis=1), _NO_REFERRAL_LEAST, 1
    )
    written = {"log": rng.random(n) >= _NO_LOG, "referral": rng.random(n) >= none.to_numpy()}
    mentions = plan_mentions(facts, written, rng)
    mentions = choose_templates(mentions, facts, sets, rng)
    fields = fields_of(facts, rng)
    names = [
        [name for name in row if isinstance(name, str)]
        for row in zip(*(fields[name] for name in _NAMED), strict=True)
    ]
    texts = pd.DataFrame({"incident": facts["incident"].to_numpy()})
    for position, register in enumerate(REGISTERS):
        rows = np.flatnonzero(written[register])
        said = mentions.loc[mentions["register"] == position]
        write = write_log if register == "log" else write_referral
        made = write(facts, fields, said, rows, sets, rng)
        made = slip(made, [names[row] for row in rows], _MISTYPED[register], rng)
        made = _carelessly(made, register, rng)
        column = np.full(n, None, dtype=object)
        column[rows] = made
        texts[f"{register}_text"] = column
    texts["held_back"] = held_back
    return texts, label_texts(mentions, facts["incident"].to_numpy(), held_back)


def sample_texts(
    n: int, rng: Generator, *, held_back: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write texts of `n` incidents with made-up facts, for tuning or held back.

    Parameters
    ----------
    n : int
        Incidents.
    rng : numpy.random.Generator
    held_back : bool
        From the held-back set, or from those for tuning: whoever writes rules uses only these.

    Returns
    -------
    texts, labels : pandas.DataFrame
        As `write_texts` returns them; texts also with ``child``, the forename of a child of the
        incident, which police know (missing where there is none).
    """
    # A few more than are needed, for each incident's set is drawn.
    facts = _made_up_facts(int(n / min(_HELD_BACK, 1 - _HELD_BACK) * 1.3) + 30, rng)
    texts, labels = write_texts(facts, rng)
    texts["child"] = facts["child"]
    texts = texts.loc[texts["held_back"] == held_back].head(n).reset_index(drop=True)
    return texts, labels.loc[labels["incident"].isin(texts["incident"])].reset_index(drop=True)


def _made_up_facts(n: int, rng: Generator) -> pd.DataFrame:
    women, men = "Claire Priya Margaret Agnieszka Jo".split(), "Mark Imran Kevin Piotr Dale".split()
    children = np.array(["Ella", "Noah", "Aaliyah", "Tomasz", None], dtype=object)
    victim_female = rng.random(n) < 0.75
    perpetrator_female = rng.random(n) < 0.2
    kinds = ["partner", "former_partner", "parent", "child", "sibling"]
    reporters = ["victim", "child", "family", "neighbour", "professional", "officer"]
    crimes = ["actual_bodily_harm", "common_assault", "harassment", "criminal_damage", "no_crime"]
    minutes = rng.integers(0, 4 * 365 * 24 * 60, n).astype("timedelta64[m]")
    names = {
        role: np.where(female, rng.choice(women, n), rng.choice(men, n)).astype(object)
        for role, female in (("victim", victim_female), ("perpetrator", perpetrator_female))
    }
    return pd.DataFrame(
        {
            "incident": np.arange(n),
            **names,
            "child": children[rng.integers(0, len(children), n)],
            "victim_female": victim_female,
            "perpetrator_female": perpetrator_female,
            "relationship": rng.choice(kinds, n, p=[0.40, 0.30, 0.08, 0.14, 0.08]),
            "crime_type": rng.choice(crimes, n),
            "reported_by": rng.choice(reporters, n),
            "occurred_at": np.datetime64("2021-04-01T00:00") + minutes,
            **{flag: rng.random(n) < 0.15 for flag in FLAGS},
        }
    )


def _carelessly(texts: list[str], register: str, rng: Generator) -> list[str]:
    """Leave apostrophes out of some texts; write some logs all in capitals or none."""
    bare = rng.random(len(texts)) < _APOSTROPHES_LEFT_OUT[register]
    texts = [_ENDING.sub("", text) if out else text for text, out in zip(texts, bare, strict=True)]
    if register == "referral":
        return texts
    case = rng.random(len(texts))
    return [
        text.upper()
        if drawn < _ALL_CAPITALS
        else text.lower()
        if drawn < _ALL_CAPITALS + _ALL_SMALL
        else text
        for text, drawn in zip(texts, case, strict=True)
    ]
