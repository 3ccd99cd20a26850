"""How well flags are found on wordings that their rules never saw, and how fast.

python -m benchmarks.flags                          speed, beside a plain search for words
python -m benchmarks.flags --spacy-python PYTHON    and beside spaCy's rule matcher, installed there
python -m benchmarks.flags --held-back              precision and recall, once rules are final

Texts are made up. ``--held-back`` writes them from the set of the generator's templates that
nobody who writes rules may read; it prints no text and no template. Each use is recorded in
docs/flags.md. Forenames of children are handed over, as police know them.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.contest import ROOT
from woda_lib.pilots.domestic_abuse.flags import (
    Rules,
    confusion,
    find_flags,
    flag_texts,
    measure,
    measure_templates,
)
from woda_lib.pilots.domestic_abuse.flags.patterns import NUMBER, SPECIAL, YEAR, read_pattern
from woda_lib.synthetic.domestic_abuse.texts import sample_texts

RULES = ROOT / "parameters" / "triage" / "flags.yaml"
SEED = 20230701
SPACY_PEER = Path(__file__).with_name("flags_spacy.py")


def made_texts(incidents: int, *, held_back: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return texts and labels with the columns that the rules read."""
    texts, labels = sample_texts(incidents, np.random.default_rng(SEED), held_back=held_back)
    names = {"incident": "incident_id"}
    return texts.rename(columns=names), labels.rename(columns=names)


def quality(rules: Rules, incidents: int, *, held_back: bool) -> None:
    """Print precision and recall by flag, the confusion of states, and wordings understood."""
    texts, labels = made_texts(incidents, held_back=held_back)
    if not (labels["held_back"] == held_back).all():
        raise SystemExit("The labels are of the wrong set.")
    known = texts.dropna(subset="child")
    names = {
        incident: [child]
        for incident, child in zip(*known[["incident_id", "child"]].to_numpy().T, strict=True)
    }
    found = flag_texts(texts, rules, names=names)
    print(measure(found, labels).round(3).to_string())
    print()
    print(confusion(found, labels).to_string())
    templates = measure_templates(found, labels)
    now = templates[templates["label"] == "now"]
    understood = now.assign(understood=now["right"] >= 0.9).groupby("flag")["understood"]
    print()
    print(understood.agg(wordings="size", understood="sum").to_string())
    for name, (low, high) in by_wordings(found, labels).items():
        print(f"\n{name}, 95% interval by resampling wordings: {low:.3f} to {high:.3f}")


def by_wordings(
    found: pd.DataFrame, labels: pd.DataFrame, draws: int = 4_000
) -> dict[str, tuple[float, float]]:
    """Return intervals that take wordings, not texts, as what was sampled.

    Flags raised where nothing is labelled have no wording; their number is held fixed.

    Parameters
    ----------
    found, labels
        As for `measure_templates`.
    draws
        Resamples of the wordings.
    """
    templates = measure_templates(found, labels)
    is_now = templates["label"].eq("now").to_numpy()
    texts, right = templates["texts"].to_numpy(), (templates["texts"] * templates["right"])
    raised = np.where(is_now, right, 0.0)
    wrong = np.where(is_now, 0.0, texts - right)
    true = np.where(is_now, texts, 0)
    elsewhere = int(measure(found, labels)["raised_wrongly"]["all flags"]) - wrong.sum()
    chosen = np.random.default_rng(SEED).integers(0, len(templates), size=(draws, len(templates)))
    rightly, wrongly = raised[chosen].sum(axis=1), wrong[chosen].sum(axis=1) + elsewhere
    rates = {
        "Precision": rightly / (rightly + wrongly),
        "Recall": rightly / true[chosen].sum(axis=1),
    }
    return {
        name: (float(np.quantile(rate, 0.025)), float(np.quantile(rate, 0.975)))
        for name, rate in rates.items()
    }


def speed(rules: Rules, incidents: int, rounds: int, spacy_python: str | None) -> None:
    """Print texts a second of the rules and of their peers, in turns, as medians."""
    frame, _ = made_texts(incidents, held_back=False)
    texts = [text for name in ("log_text", "referral_text") for text in frame[name].dropna()]
    search = plain_search(rules)
    contenders: dict[str, Callable[[], float]] = {
        "our rules, with context": lambda: seconds(lambda text: find_flags(text, rules), texts),
        "plain search for their words": lambda: seconds(search.findall, texts),
    }
    if spacy_python:
        contenders["spaCy: blank English, Matcher"] = lambda: spacy(rules, texts, spacy_python)
    taken = {name: [run() for _ in range(rounds)] for name, run in contenders.items()}
    ours = float(np.median(taken["our rules, with context"]))
    print(f"{len(texts):,} texts of {np.mean([len(text) for text in texts]):.0f} characters")
    for name, times in taken.items():
        median = float(np.median(times))
        rate = len(texts) / median
        print(f"{name:34} {rate:8,.0f} texts a second, {median / ours:5.2f} of our time")


def seconds(find: Callable[[str], object], texts: list[str]) -> float:
    """Return the processor seconds that all texts take."""
    began = time.process_time()
    for text in texts:
        find(text)
    return time.process_time() - began


def plain_search(rules: Rules) -> re.Pattern[str]:
    """Return one expression of the words that patterns are anchored at: no gaps, no context."""
    words = set()
    for _, written in mention_patterns(rules):
        pattern = read_pattern(written, rules.lists)
        words |= pattern.elements[pattern.anchor].words - SPECIAL
    told = sorted((re.escape(word.rstrip("*")) + r"\w*" * word.endswith("*")) for word in words)
    return re.compile(rf"\b(?:{'|'.join(told)})\b", re.IGNORECASE)


def mention_patterns(rules: Rules) -> list[tuple[str, str]]:
    """Return every pattern that raises a flag: the flag, and the pattern as written."""
    return [
        (name, written)
        for name, flag in rules.flags.items()
        for rule in flag.rules
        for written in rule.patterns
    ]


def spacy(rules: Rules, texts: list[str], python: str) -> float:
    """Return the processor seconds that spaCy's Matcher takes for the same patterns."""
    patterns = [
        (
            flag,
            [
                token
                for element in read_pattern(written, rules.lists).elements
                for token in spacy_tokens(element.words, element.optional, element.gap)
            ],
        )
        for flag, written in mention_patterns(rules)
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"patterns": patterns, "texts": texts}, file)
        file.flush()
        done = subprocess.run(
            [python, str(SPACY_PEER), file.name], check=True, capture_output=True, text=True
        )
    return float(json.loads(done.stdout)["seconds"])


def spacy_tokens(words: frozenset[str], optional: bool, gap: int) -> list[dict[str, object]]:
    """Return one element as spaCy writes it: wild cards for the gap, then the word."""
    plain = sorted(word for word in words - SPECIAL if not word.endswith("*"))
    begun = [rf"^{re.escape(word[:-1])}" for word in sorted(words) if word.endswith("*")]
    if words & {NUMBER, YEAR}:
        begun.append(r"^\d+$")
    one: dict[str, object] = (
        {"LOWER": {"IN": plain}}
        if not begun
        else {"LOWER": {"REGEX": "|".join([*begun, *(f"^{re.escape(w)}$" for w in plain)])}}
    )
    return [{"OP": "?"}] * gap + [one | ({"OP": "?"} if optional else {})]


def main(arguments: list[str]) -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--held-back", action="store_true")
    parser.add_argument("--tuning", action="store_true", help="quality on the sets for tuning")
    parser.add_argument("--incidents", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--spacy-python")
    asked = parser.parse_args(arguments)
    rules = Rules.read(RULES)
    if asked.held_back or asked.tuning:
        quality(rules, asked.incidents, held_back=asked.held_back)
    else:
        speed(rules, asked.incidents, asked.rounds, asked.spacy_python)


if __name__ == "__main__":
    main(sys.argv[1:])
