"""Why each record is taken to be a person's: its best match among the others, compared again.

Of all links that hold a person's records together a page tells one a record: the strongest. The
two are compared again by the model that the build kept, so that what is shown adds up to the odds
by which they were linked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from woda_lib.figures import to_svg
from woda_lib.linkage import IdentityStore, LinkageModel, LinkageSpec, explain_pairs, waterfall
from woda_lib.pilots.single_view.person.lines import Belonging, Source, Step
from woda_lib.pilots.single_view.person.words import (
    SEXES,
    as_day,
    plain,
    say_probability,
    sentence,
    text_of,
)
from woda_lib.pilots.single_view.store import Person

PAIR = ["left_source", "left_id", "right_source", "right_id"]
ENDS = [*PAIR, "log2_odds"]
_COMPARISONS = {"prior": "to begin with"}
_MEANINGS = {
    "any two records that could be compared": "any two records are hardly ever one person’s",
    "anything else": "different",
    "missing": "missing on one side",
}


@dataclass(frozen=True)
class Evidence:
    """What compares records as the build compared them.

    Attributes
    ----------
    frames
        Records by source, as they were linked; at least the person's.
    spec, model, store
        What they were linked by, and what the linkage kept.
    """

    frames: Mapping[str, pd.DataFrame]
    spec: LinkageSpec
    model: LinkageModel
    store: IdentityStore


def strongest_links(links: pd.DataFrame) -> pd.DataFrame:
    """Return the strongest link of each record, the record on its left.

    Parameters
    ----------
    links
        Between records of one person, as the store gives them.

    Returns
    -------
    DataFrame
        The columns of `ENDS`, a row a record that has any link.
    """
    links = links.rename(columns={"left_dataset": "left_source", "right_dataset": "right_source"})
    turned = links.rename(columns=dict(zip(PAIR, [*PAIR[2:], *PAIR[:2]], strict=True)))
    both = pd.concat([links[ENDS], turned[ENDS]], ignore_index=True)
    both = both.sort_values("log2_odds", ascending=False, kind="stable")
    return both.drop_duplicates(PAIR[:2]).reset_index(drop=True)


def belongings_of(
    person: Person, sources: Mapping[tuple, Source], evidence: Evidence | None
) -> tuple[Belonging, ...]:
    """Return every record of a person with why it is theirs, the least sure first.

    Parameters
    ----------
    person
        From the store.
    sources
        Who the records are, by dataset and number.
    evidence
        Without it records are told with their confidence alone.
    """
    best = strongest_links(person.links)
    tables: Sequence[pd.DataFrame] = []
    if evidence is not None:
        frames = _only(evidence.frames, best)
        tables = explain_pairs(
            best[PAIR], frames, evidence.spec, evidence.model, evidence.store.frequencies
        )
    told = {
        (row["left_source"], row["left_id"]): (row, tables[place] if tables else None)
        for place, row in enumerate(best.astype({name: str for name in PAIR}).to_dict("records"))
    }
    decided = _decided(evidence, sources)
    rows = person.records.sort_values("confidence", na_position="first", kind="stable")
    found = []
    for row in rows.to_dict("records"):
        key = (str(row["dataset"]), str(row["local_id"]))
        link, table = told.get(key, (None, None))
        found.append(_belonging(row, link, table, sources, evidence, decided))
    return tuple(found)


def _belonging(
    row: Mapping[str, Any],
    link: Mapping[str, Any] | None,
    table: pd.DataFrame | None,
    sources: Mapping[tuple, Source],
    evidence: Evidence | None,
    decided: set[tuple[str, str]],
) -> Belonging:
    confidence = None if pd.isna(row["confidence"]) else float(row["confidence"])
    key = (str(row["dataset"]), str(row["local_id"]))
    since = as_day(row["since"])
    source = sources[key]
    other = sources.get((link["right_source"], link["right_id"])) if link else None
    why = _why(key in decided, link, other)
    if link is None or table is None or evidence is None:
        return Belonging(source, confidence, since, why, other)
    table = _in_plain_words(table)
    picture = waterfall(table, threshold=evidence.spec.thresholds.link)
    return Belonging(
        source,
        confidence,
        since,
        why,
        other,
        steps=_steps(table, link, evidence),
        wide=to_svg(picture),
        narrow=to_svg(picture, narrow=True),
    )


def _why(decided: bool, link: Mapping[str, Any] | None, other: Source | None) -> str:
    by_hand = "A person decided that it belongs with another record here"
    if link is None or other is None:
        return f"{by_hand}." if decided else "No other record matches it."
    chance = say_probability(1 / (1 + 2.0 ** -float(link["log2_odds"])))
    why = f"Best match {chance}, with {other.dataset} ({other.partner})."
    return f"{why} {by_hand}, which outranks any weight." if decided else why


def _in_plain_words(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(
        comparison=table["comparison"].replace(_COMPARISONS),
        meaning=table["meaning"].replace(_MEANINGS),
    )


def _steps(table: pd.DataFrame, link: Mapping[str, Any], evidence: Evidence) -> tuple[Step, ...]:
    here = _values(evidence, link["left_source"], link["left_id"])
    there = _values(evidence, link["right_source"], link["right_id"])
    return tuple(
        Step(
            comparison=sentence(plain(row["comparison"])).replace("Nhs", "NHS"),
            meaning=_meaning(row),
            weight=float(row["weight"]),
            total=float(row["total"]),
            here=_said(row["comparison"], here),
            there=_said(row["comparison"], there),
        )
        for row in table.to_dict("records")
    )


def _meaning(row: Mapping[str, Any]) -> str:
    rarity = row["term_frequency"]
    if pd.isna(rarity) or abs(rarity) < 0.5:
        return str(row["meaning"])
    return f"{row['meaning']}, and {'a rare' if rarity > 0 else 'a common'} value"


def _values(evidence: Evidence, source: str, number: str) -> Mapping[str, Any]:
    its = next(each for each in evidence.spec.sources if each.name == source)
    frame = evidence.frames[source]
    row = frame[frame[its.id].astype(str) == number].iloc[0]
    return {
        field.name: row[its.columns.get(field.name, field.name)]
        for field in evidence.spec.fields
        if field.name not in its.lacks
    }


def _said(name: str, values: Mapping[str, Any]) -> str:
    text = text_of(values.get(name))
    return SEXES.get(text, text) if name == "sex" else text


def _only(frames: Mapping[str, pd.DataFrame], links: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Leave of the records only those that some links name."""
    names = set(links["left_source"].astype(str)) | set(links["right_source"].astype(str))
    return {name: frame for name, frame in frames.items() if name in names and len(frame)}


def _decided(evidence: Evidence | None, sources: Mapping[tuple, Source]) -> set[tuple[str, str]]:
    """Return the records that people said belong together with another of the person's."""
    if evidence is None or evidence.store.decisions.empty:
        return set()
    must = evidence.store.decisions.query("decision == 'must_link'")
    found = set()
    for left, left_id, right, right_id in must[PAIR].astype(str).itertuples(index=False):
        if {(left, left_id), (right, right_id)} <= sources.keys():
            found |= {(left, left_id), (right, right_id)}
    return found
