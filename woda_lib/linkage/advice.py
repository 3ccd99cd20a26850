"""Advice on blocking: what each rule costs and catches, what escapes them all, what to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.block_sizes import Codes, block_pairs, crossed, key_codes, rule_codes
from woda_lib.linkage.blocking import Pairs, source_numbers
from woda_lib.linkage.keys import Key
from woda_lib.linkage.link import link
from woda_lib.linkage.propose import propose_rules
from woda_lib.linkage.quality import pairs_of, true_entities, wilson
from woda_lib.linkage.recapture import chao, chapman
from woda_lib.linkage.sources import gather
from woda_lib.linkage.spec import LinkageSpec

WORST = 5  # blocks of each rule that are listed
LOPSIDED = 0.25  # share of a rule's pairs in one block, from which that block is a problem
LARGE = 100  # records; smaller blocks are no problem however lopsided
LOW_RECALL = 0.99
Caught = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class BlockingAdvice:
    """What `blocking_advice` found.

    Attributes
    ----------
    rules
        One row a rule: ``rule``, ``pairs``, ``largest_block`` (records), ``matches`` (expected
        number among its pairs), ``only`` (matches that no other rule catches) and, with truth,
        ``true_pairs`` and ``recall`` of the rule by itself.
    worst
        The largest blocks: ``rule``, ``place`` (1 is the largest), ``records``, ``pairs`` and
        ``share`` of the rule's pairs. Which value makes the block is not said.
    recall
        Of all rules together: ``by`` (how it was found), ``recall``, ``low``, ``high`` (95%
        interval; only against truth), ``note``.
    suggestions
        Whole sentences.
    """

    rules: pd.DataFrame
    worst: pd.DataFrame
    recall: pd.DataFrame
    suggestions: list[str]


def blocking_advice(
    frames: Mapping[str, pd.DataFrame],
    spec: LinkageSpec,
    truth: pd.DataFrame | None = None,
) -> BlockingAdvice:
    """Say what the blocking rules of a specification cost, and how many matches escape them.

    Links the sources once. Candidate pairs count as matches by their match probability, and how
    many matches no rule caught is estimated from how often the rules caught the others (see
    `recapture`).

    Parameters
    ----------
    frames, spec
        As for `link`.
    truth
        ``source``, ``id`` and true ``entity_id`` of every record; recall is then also measured.

    Raises
    ------
    SourceError, BlockingError
        As `link` does.
    """
    records = gather(frames, spec)
    sources = source_numbers(records, spec)
    free = np.array([source.free_of_duplicates for source in spec.sources])
    blocks = [rule_codes(records, rule) for rule in spec.rules]
    result = link(frames, spec)
    pairs, probability = result._candidates, result._scores.probability
    caught = _caught(blocks, pairs)
    rules, worst = _costs(blocks, sources, free, spec)
    rules["matches"] = caught.T @ probability
    alone = caught.sum(axis=1) == 1
    rules["only"] = (caught & alone[:, None]).T @ probability
    recall = _estimated(caught, probability, spec)
    if truth is not None:
        true = pairs_of(pd.factorize(true_entities(records, truth))[0])
        same = sources[true.left] == sources[true.right]
        true = true.take(~(same & free[sources[true.left]]))
        found = _caught(blocks, true)
        rules["true_pairs"] = found.sum(axis=0)
        rules["recall"] = found.mean(axis=0) if len(true) else np.nan
        recall = pd.concat([recall, _measured(found)], ignore_index=True)
    suggestions = _suggestions(rules, worst, recall, blocks, records, sources, free, spec)
    return BlockingAdvice(rules, worst, recall, suggestions)


def _caught(blocks: list[Codes], pairs: Pairs) -> Caught:
    """Which rules make each pair, shape (pairs, rules)."""
    return np.stack(
        [(block[pairs.left] >= 0) & (block[pairs.left] == block[pairs.right]) for block in blocks],
        axis=1,
    )


def _costs(
    blocks: list[Codes], sources: Codes, free: npt.NDArray[np.bool_], spec: LinkageSpec
) -> tuple[pd.DataFrame, pd.DataFrame]:
    rules, worst = [], []
    for written, block in zip(spec.blocking, blocks, strict=True):
        size, pairs = block_pairs(block, sources, free)
        total = int(pairs.sum())
        rule = " and ".join(written)
        rules.append({"rule": rule, "pairs": total, "largest_block": int(size.max(initial=0))})
        largest = np.argsort(-pairs, kind="stable")[:WORST]
        largest = largest[pairs[largest] > 0]
        worst.append(
            pd.DataFrame(
                {
                    "rule": rule,
                    "place": np.arange(1, len(largest) + 1),
                    "records": size[largest],
                    "pairs": pairs[largest],
                    "share": pairs[largest] / max(total, 1),
                }
            )
        )
    return pd.DataFrame(rules), pd.concat(worst, ignore_index=True)


def _estimated(
    caught: Caught, probability: npt.NDArray[np.float64], spec: LinkageSpec
) -> pd.DataFrame:
    """Recall by capture–recapture: all rules at once, and pairs of rules that share no field."""
    every = chao(caught, probability)
    rows = [
        {
            "by": "capture–recapture, all rules",
            "recall": every.recall,
            "note": "At most this (Chao 1987): matches that are hard to catch are undercounted.",
        }
    ]
    weight = caught.T @ probability
    totals = []
    for one, other in combinations(range(len(spec.rules)), 2):
        if {key.field for key in spec.rules[one]} & {key.field for key in spec.rules[other]}:
            continue
        both = float((caught[:, one] & caught[:, other]) @ probability)
        totals.append(chapman(weight[one], weight[other], both))
    if totals:
        total = max(float(np.median(totals)), every.caught)
        rows.append(
            {
                "by": "capture–recapture, two rules",
                "recall": every.caught / total if total else np.nan,
                "note": f"Median of {len(totals)} pairs of rules that share no field (Chapman "
                f"1951); right where errors in different fields are independent.",
            }
        )
    return pd.DataFrame(rows).reindex(columns=["by", "recall", "low", "high", "note"])


def _measured(found: Caught) -> pd.DataFrame:
    hit, true = int(found.any(axis=1).sum()), len(found)
    low, high = wilson(hit, true)
    share = hit / true if true else np.nan
    note = f"{hit:,} of {true:,} true pairs share a rule."
    return pd.DataFrame([{"by": "truth", "recall": share, "low": low, "high": high, "note": note}])


def _suggestions(
    rules: pd.DataFrame,
    worst: pd.DataFrame,
    recall: pd.DataFrame,
    blocks: list[Codes],
    records: pd.DataFrame,
    sources: Codes,
    free: npt.NDArray[np.bool_],
    spec: LinkageSpec,
) -> list[str]:
    said = []
    largest = worst[worst["place"] == 1].set_index("rule")
    for place, rule in enumerate(rules["rule"]):
        name, pairs = f"Rule {place + 1} ({rule})", int(rules["pairs"].iloc[place])
        if not pairs:
            said.append(f"{name} makes no pair: drop it, or mend its fields.")
            continue
        if rules["only"].iloc[place] < 0.5 and len(rules) > 1:
            said.append(
                f"{name} catches no match that the other rules miss: dropping it saves up to "
                f"{pairs:,} pairs. Drop one rule at a time, and ask again."
            )
        share, size = float(largest["share"][rule]), int(largest["records"][rule])
        if share > LOPSIDED and size > LARGE:
            crossing = _best_crossing(place, blocks, records, sources, free, spec)
            said.append(
                f"{name}: one block of {size:,} records makes {share:.0%} of its pairs. Look there "
                f"for a placeholder value{crossing}."
            )
    if (recall["recall"] < LOW_RECALL).any():
        proposal = propose_rules(records, spec.kinds, sources, free)
        known = {frozenset(rule) for rule in spec.blocking}
        new = [rule for rule in proposal.rules if frozenset(rule) not in known]
        if new:
            said.append(
                f"Recall may be as low as {recall['recall'].min():.1%}. Add a rule on other "
                f"fields, such as {' and '.join(new[0])}."
            )
    return said or ["Nothing to change: every rule earns its pairs."]


def _best_crossing(
    place: int,
    blocks: list[Codes],
    records: pd.DataFrame,
    sources: Codes,
    free: npt.NDArray[np.bool_],
    spec: LinkageSpec,
) -> str:
    """Say which compared field, added to a rule, leaves the fewest pairs; nothing if none is."""
    used = {key.field for key in spec.rules[place]}
    left = {
        name: int(
            block_pairs(crossed([blocks[place], key_codes(records, Key(name))]), sources, free)[
                1
            ].sum()
        )
        for name in spec.comparison_names
        if name not in used
    }
    if not left:
        return ""
    best = min(left, key=lambda name: left[name])
    return f"; with {best} added, {left[best]:,} pairs remain"
