"""Why each record is taken to be a person's: its best match among the others, compared again.

Of all links that hold a person's records together a page tells one a record: the strongest. The
two are compared again by the model that the build kept, so that what is shown adds up to the odds
by which they were linked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from woda_lib.figures import to_svg
from woda_lib.linkage import LinkageModel, LinkageSpec, explain_pairs, waterfall
from woda_lib.linkage.frequency import TermFrequencies
from woda_lib.notebook import Run
from woda_lib.phrases import say_count
from woda_lib.pilots.single_view.people import records
from woda_lib.pilots.single_view.person.fields import spaced
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
from woda_lib.pilots.single_view.store.views import FIELDS

PAIR = ["left_source", "left_id", "right_source", "right_id"]
ENDS = [*PAIR, "log2_odds"]
_COMPARISONS = {"prior": "to begin with"}
_MEANINGS = {
    "any two records that could be compared": "any two records are hardly ever one person’s",
    "anything else": "different",
    "missing": "missing on one side",
}
_LEFT_THERE = {
    "missing on one side": "not told on one side",
    "different": "each as somebody else",
}
"""What it means that records are counted off at an address, as whom; anything else: as one."""


@dataclass(frozen=True)
class Evidence:
    """What compares records as the build compared them.

    Attributes
    ----------
    spec, model
        By which they were linked.
    frequencies
        How many records held each value then.
    decisions
        What people decided about pairs of records.
    """

    spec: LinkageSpec
    model: LinkageModel
    frequencies: TermFrequencies
    decisions: pd.DataFrame


def kept_evidence(run: Run, name: str = "people", *, step: str = "1_build") -> Evidence:
    """Load what the build kept of how it linked.

    Parameters
    ----------
    run
        Of a step that needs `step`.
    name
        Under which `Run.save_identities` kept it.
    """
    path = run.parameters_folder / "linkage" / f"{run.pilot.pilot}.yaml"
    run.record_input(path, path.name)
    parts = {
        part: run.load(f"{run.pilot.pilot}/{step}:{name}_{part}")
        for part in ("identities", "frequencies", "decisions")
    }
    note = json.loads(str(parts["identities"]["identities"].iloc[0]))
    return Evidence(
        LinkageSpec.from_yaml(path),
        LinkageModel.of_text(note["model"]),
        TermFrequencies(parts["frequencies"]),
        parts["decisions"],
    )


def written_rows(person: Person) -> pd.DataFrame:
    """Return what partners wrote of a person, a row a row of theirs, for `people.records`."""
    keys = ["partner", "dataset", "local_id", "row_id"]
    values = person.values  # noqa: PD011 (a table of the store's)
    days = values.groupby(keys, sort=False)[["on", "delivered_on"]].first()
    wide = values.pivot(index=keys, columns="field", values="value").reindex(columns=FIELDS)
    wide = wide.join(days).rename(columns={"on": "started_on"}).reset_index()
    wide = wide.merge(person.counted, on=["dataset", "row_id"], how="left")
    return wide.assign(date_of_birth=pd.to_datetime(wide["date_of_birth"]))


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
    compared: Mapping[str, pd.DataFrame] = {}
    if evidence is not None and len(best):
        compared = records(written_rows(person))
        spec = _of(evidence.spec, compared)
        tables = explain_pairs(best[PAIR], compared, spec, evidence.model, evidence.frequencies)
    told = {
        (row["left_source"], row["left_id"]): (row, tables[place] if tables else None)
        for place, row in enumerate(best.astype(dict.fromkeys(PAIR, str)).to_dict("records"))
    }
    decided = _decided(evidence, sources)
    rows = person.records.sort_values("confidence", na_position="first", kind="stable")
    found = []
    for row in rows.to_dict("records"):
        key = (str(row["dataset"]), str(row["local_id"]))
        link, table = told.get(key, (None, None))
        steps = () if table is None or link is None else _steps(table, link, compared)
        found.append(_belonging(row, link, table, steps, sources, evidence, decided))
    return tuple(found)


def _belonging(
    row: Mapping[Any, Any],
    link: Mapping[Any, Any] | None,
    table: pd.DataFrame | None,
    steps: tuple[Step, ...],
    sources: Mapping[tuple, Source],
    evidence: Evidence | None,
    decided: set[tuple[str, str]],
) -> Belonging:
    confidence = None if pd.isna(row["confidence"]) else float(row["confidence"])
    key = (str(row["dataset"]), str(row["local_id"]))
    since = as_day(row["since"])
    source = sources[key]
    called = f"{key[0]}:{source.number}"
    other = sources.get((link["right_source"], link["right_id"])) if link else None
    why = _why(key in decided, link, other)
    if link is None or table is None or evidence is None:
        return Belonging(source, called, confidence, since, why, other)
    table = _in_plain_words(table)
    picture = waterfall(table, threshold=evidence.spec.thresholds.link)
    return Belonging(
        source,
        called,
        confidence,
        since,
        why,
        other,
        steps=steps,
        wide=to_svg(picture),
        narrow=to_svg(picture, narrow=True),
    )


def _why(decided: bool, link: Mapping[Any, Any] | None, other: Source | None) -> str:
    by_hand = "A person decided that it belongs with another record here"
    if link is None or other is None:
        return f"{by_hand}." if decided else "No other record matches it."
    chance = say_probability(1 / (1 + 2.0 ** -float(link["log2_odds"])))
    why = f"Best match {chance}, with {other.dataset} ({other.partner})."
    return f"{why} {by_hand}, which outranks any weight." if decided else why


def _in_plain_words(table: pd.DataFrame) -> pd.DataFrame:
    meaning = table["meaning"].replace(_MEANINGS)
    there = table["comparison"] == "counted_off"
    one = "the only one whom the names at the address on those dates leave"
    meaning = meaning.mask(there, meaning.map(_LEFT_THERE).fillna(one))
    return table.assign(comparison=table["comparison"].replace(_COMPARISONS), meaning=meaning)


def _steps(
    table: pd.DataFrame, link: Mapping[Any, Any], compared: Mapping[str, pd.DataFrame]
) -> tuple[Step, ...]:
    here = _values(compared[link["left_source"]], link["left_id"])
    there = _values(compared[link["right_source"]], link["right_id"])
    return tuple(
        Step(
            comparison=sentence(plain(row["comparison"])).replace("Nhs", "NHS"),
            meaning=_meaning(row),
            weight=float(row["weight"]),
            total=float(row["total"]),
            here=_said(row["comparison"], here),
            there=_said(row["comparison"], there),
        )
        for row in _in_plain_words(table).to_dict("records")
    )


def _meaning(row: Mapping[Any, Any]) -> str:
    rarity = row["term_frequency"]
    if pd.isna(rarity) or abs(rarity) < 0.5:
        return str(row["meaning"])
    return f"{row['meaning']}, and {'a rare' if rarity > 0 else 'a common'} value"


def _values(frame: pd.DataFrame, number: str) -> Mapping[Any, Any]:
    values: dict[Any, Any] = frame[frame["id"].astype(str) == number].iloc[0].to_dict()
    # Homes, and as whom somebody is counted off there, are words that only the linkage can read.
    homes, counted = (text_of(values.get(name)).split() for name in ("homes", "counted_off"))
    return values | {
        "homes": _so_many(len(homes), "home"),
        "counted_off": _so_many(len(counted), "home", before="at "),
        "nhs_number": spaced(values.get("nhs_number")),
    }


def _so_many(number: int, of: str, *, before: str = "") -> str:
    return f"{before}{say_count(number)} {of}{'s' * (number != 1)}" if number else ""


def _said(name: str, values: Mapping[Any, Any]) -> str:
    text = text_of(values.get(name))
    return SEXES.get(text, text) if name == "sex" else text


def _of(spec: LinkageSpec, compared: Mapping[str, pd.DataFrame]) -> LinkageSpec:
    """Leave of the sources only those that are compared here."""
    kept = [source for source in spec.sources if source.name in compared]
    return spec.model_copy(update={"sources": kept})


def _decided(evidence: Evidence | None, sources: Mapping[tuple, Source]) -> set[tuple[str, str]]:
    """Return the records that people said belong together with another of the person's."""
    if evidence is None or evidence.decisions.empty:
        return set()
    must = evidence.decisions.query("decision == 'must_link'")
    found = set()
    for left, left_id, right, right_id in must[PAIR].astype(str).itertuples(index=False):
        if {(left, left_id), (right, right_id)} <= sources.keys():
            found |= {(left, left_id), (right, right_id)}
    return found
