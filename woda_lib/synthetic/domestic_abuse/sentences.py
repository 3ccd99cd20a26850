"""How sentences make a text: a template for each mention, plain ones around, times in a log."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.histories import FLAGS
from woda_lib.synthetic.domestic_abuse.labels import STATES
from woda_lib.synthetic.domestic_abuse.templates import REGISTERS, SETS, Template, bank

_COUPLES = ("partner", "former_partner")
# Offences by what a plain sentence of the event can say without mentioning a flag.
_EVENTS = {
    "event_assault": (
        "attempted_murder",
        "grievous_bodily_harm_with_intent",
        "grievous_bodily_harm",
        "actual_bodily_harm",
        "common_assault",
        "strangulation",
        "false_imprisonment",
    ),
    "event_property": ("criminal_damage", "burglary", "theft"),
}
_EVENT_OF = {crime: kind for kind, crimes in _EVENTS.items() for crime in crimes}
_LOG_ENDS = (". ", ". ", ". ", ". ", " / ", "; ", " - ")
_TIME_BEFORE_A_SENTENCE = 0.35
_SHORT_LOG, _SHORT_REFERRAL = 22, 48
"""Words below which plain sentences are added."""
_DISTRACTED = 0.4
"""Share of texts with a flag's word in another sense."""


def choose_templates(
    mentions: pd.DataFrame, facts: pd.DataFrame, sets: np.ndarray, rng: Generator
) -> pd.DataFrame:
    """Give each mention a template of its incident's set that fits the facts.

    Mentions for which no template fits are left out: a pregnancy of a man, a victim's no to what
    the text elsewhere says is so.

    Parameters
    ----------
    sets : numpy.ndarray
        From which of `SETS` each incident's texts are written, as a position.

    Returns
    -------
    pandas.DataFrame
        The mentions, with ``template`` (its name), ``wording`` (fields still in braces) and
        ``also`` (the further mentions of the template).
    """
    of_facts = _fitting(facts)
    true = facts[list(FLAGS)].to_numpy(dtype=bool)
    rows, flags = mentions["row"].to_numpy(), mentions["flag"].to_numpy()
    contradicted = true[rows, flags] & (mentions["state"].to_numpy() == STATES.index("negated"))
    keys = {
        "of_set": sets[rows],
        "register": mentions["register"].to_numpy(),
        "flag": flags,
        "state": mentions["state"].to_numpy(),
        "kind": of_facts[rows],
        "contradicted": contradicted.astype(int),
    }
    chosen = np.full(len(mentions), None, dtype=object)
    ways = rng.random(len(mentions))
    numbered = pd.DataFrame(keys)
    group = numbered.groupby(list(keys)).ngroup().to_numpy()
    for number in range(group.max(initial=-1) + 1):
        places = np.flatnonzero(group == number)
        of_set, register, flag, state, kind, denied = numbered.iloc[places[0]].tolist()
        templates = bank(SETS[of_set], REGISTERS[register])[FLAGS[flag], STATES[state]]
        templates = [each for each in templates if _fits(each, kind, bool(denied))]
        if templates:
            options = np.array([*templates, None], dtype=object)[:-1]
            chosen[places] = options[rng.integers(0, len(options), len(places))]
            _mend(chosen, places, rows, templates, true, rng)
    kept = np.array([each is not None for each in chosen], dtype=bool)
    rest = mentions.loc[kept].reset_index(drop=True)
    picked: list[Template] = list(chosen[kept])
    rest["template"] = [each.name for each in picked]
    rest["also"] = pd.Series([list(each.also) for each in picked], dtype=object)
    rest["wording"] = [
        each.variants[int(way * len(each.variants))]
        for each, way in zip(picked, ways[kept], strict=True)
    ]
    return rest


def _fitting(facts: pd.DataFrame) -> np.ndarray:
    """Number the kinds of incident that marks tell apart: couple 1, woman 2."""
    couple = facts["relationship"].isin(_COUPLES).to_numpy()
    woman = facts["victim_female"].to_numpy(dtype=bool)
    return couple * 1 + woman * 2


def _fits(template: Template, kind: int, denied: bool) -> bool:
    needs = sum(bit for mark, bit in (("C", 1), ("F", 2)) if mark in template.marks)
    return kind & needs == needs and (not denied or "D" in template.marks)


def _mend(
    chosen: np.ndarray,
    places: np.ndarray,
    rows: np.ndarray,
    templates: list[Template],
    true: np.ndarray,
    rng: Generator,
) -> None:
    """Choose again where a template's further mentions go against the facts."""
    plain = [each for each in templates if not each.also]
    for place in places:
        facts = true[rows[place]]
        if any(_against(facts[FLAGS.index(flag)], state) for flag, state in chosen[place].also):
            chosen[place] = plain[int(rng.integers(len(plain)))] if plain else None


def _against(so: bool, state: str) -> bool:
    return (state == "now" and not so) or (state == "negated" and so)


def write_log(
    facts: pd.DataFrame,
    fields: dict[str, list[str]],
    mentions: pd.DataFrame,
    rows: np.ndarray,
    sets: np.ndarray,
    rng: Generator,
) -> list[str]:
    """Write the logs of the incidents at `rows`: entries in a hurry, some with their time.

    Returns
    -------
    list of str
        In the order of `rows`.
    """
    said, events = _by_row(mentions), _events(facts)
    started = pd.to_datetime(facts["occurred_at"])
    minute = (started.dt.hour * 60 + started.dt.minute).to_numpy()
    texts = []
    for row in rows:
        sentences = _around(said.get(row, []), events[row], "log", SETS[sets[row]], rng)
        own = {name: words[row] for name, words in fields.items()}
        end = _LOG_ENDS[int(rng.integers(len(_LOG_ENDS)))]
        timed = rng.random(len(sentences)) < _TIME_BEFORE_A_SENTENCE
        clock = int(minute[row]) + np.cumsum(rng.integers(1, 9, len(sentences)))
        entries = []
        for sentence, at, shown in zip(sentences, clock, timed, strict=True):
            entry = _capital(sentence.format_map(own))
            entries.append(f"{at // 60 % 24:02d}{at % 60:02d} {entry}" if shown else entry)
        texts.append(end.join(entries) + end[0].strip())
    return texts


def write_referral(
    facts: pd.DataFrame,
    fields: dict[str, list[str]],
    mentions: pd.DataFrame,
    rows: np.ndarray,
    sets: np.ndarray,
    rng: Generator,
) -> list[str]:
    """Write the referrals of the incidents at `rows`: whole sentences, some in two paragraphs.

    Returns
    -------
    list of str
        In the order of `rows`.
    """
    said, events = _by_row(mentions), _events(facts)
    texts = []
    for row in rows:
        sentences = _around(said.get(row, []), events[row], "referral", SETS[sets[row]], rng)
        own = {name: words[row] for name, words in fields.items()}
        texts.append(" ".join(_capital(each.format_map(own)) + "." for each in sentences))
    return texts


def _events(facts: pd.DataFrame) -> list[str]:
    """What kind of plain sentence can say what happened."""
    return [_EVENT_OF.get(crime, "event_other") for crime in facts["crime_type"]]


def _by_row(mentions: pd.DataFrame) -> dict[int, list[str]]:
    wordings = mentions["wording"].to_numpy()
    rows = mentions["row"].to_numpy()
    starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]]) if len(rows) else np.array([], int)
    bounds = [*starts.tolist(), len(rows)]
    return {int(rows[a]): list(wordings[a:b]) for a, b in pairwise(bounds)}


def _around(said: list[str], event: str, register: str, of_set: str, rng: Generator) -> list[str]:
    """Put plain sentences before, between and after what a text mentions."""
    templates = bank(of_set, register)

    def plain(kind: str) -> str:
        return _any_way(templates["plain", kind], rng)

    sentences = list(said)
    if rng.random() < _DISTRACTED:
        sentences.insert(int(rng.integers(len(sentences) + 1)), plain("distractor"))
    short = _SHORT_LOG if register == "log" else _SHORT_REFERRAL
    first = [plain("opening"), plain(event)]
    last = plain("closing")
    words = sum(text.count(" ") + 1 for text in [*first, *sentences, last])
    while words < short:
        filler = plain("filler")
        if filler not in sentences:
            sentences.insert(int(rng.integers(len(sentences) + 1)), filler)
            words += filler.count(" ") + 1
    return [*first, *sentences, last]


def _any_way(templates: list[Template], rng: Generator) -> str:
    variants = templates[int(rng.integers(len(templates)))].variants
    return variants[int(rng.integers(len(variants)))]


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
