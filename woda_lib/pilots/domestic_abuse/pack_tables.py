"""The tables of the triage pack's report: counts of cards, in which no person stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from woda_lib.pilots.domestic_abuse.card import Card, Change, Pack
from woda_lib.pilots.domestic_abuse.flag_lines import FLAGS
from woda_lib.pilots.domestic_abuse.people_lines import CERTAINTIES
from woda_lib.pilots.domestic_abuse.telling import NOT_RECORDED
from woda_lib.pilots.domestic_abuse.urgency import Rule

_ROUTES = {
    "call_outs": "Call-outs",
    "dash": "DASH ticks",
    "repeat": "Repeat after a conference",
    "professional_judgement": "Professional judgement",
}
_MET = {"yes": "met", "no": "not met", "not_known": "not known", "yours": "for the meeting"}
_STATUS = {"raised": "raised", "contested": "raised, contested", "not_raised": "not raised"}
_CHANGES = {
    "new": "Another new incident of the same people",
    "late": "An incident that arrived late",
    "corrected": "An incident that police corrected",
    "withdrawn": "An incident that police withdrew",
    "order_began": "An order that began",
    "order_ended": "An order that ended",
    "order_breached": "An order that was breached",
    "involvement": "An agency that began or ended its work",
}
_MISSING = {
    "not_recorded": "Something was not recorded",
    "not_asked": "DASH not asked, or not in full",
    "doubtful": "A role, an order or a match is in doubt",
    "old": "An agency’s records are old",
}


def by_rule(cards: Sequence[Card], rules: Sequence[Rule]) -> pd.DataFrame:
    """Count cards by the first rule of the order that they meet: `rule, first_met, met`."""
    first = Counter(card.reasons[0].rule for card in cards if card.reasons)
    met = Counter(reason.rule for card in cards for reason in card.reasons)
    rows = [(rule.title, first[rule.rule], met[rule.rule]) for rule in rules]
    none = sum(not card.reasons for card in cards)
    return _table([*rows, ("None of them", none, none)], ["rule", "first_met", "met"])


def by_flag(cards: Sequence[Card]) -> pd.DataFrame:
    """Count cards by flag and by whether it is raised: `flag` and a column a status."""
    found: Counter[tuple[str, str]] = Counter(
        (line.flag, line.status) for card in cards for line in card.flags
    )
    rows = [(title, *(found[flag, status] for status in _STATUS)) for flag, title in FLAGS.items()]
    return _table(rows, ["flag", *_STATUS.values()])


def by_route(cards: Sequence[Card]) -> pd.DataFrame:
    """Count cards by route to the conference and by whether it is met."""
    found: Counter[tuple[str, str]] = Counter(
        (route.name, route.met) for card in cards for route in card.routes
    )
    rows = [(title, *(found[name, met] for met in _MET)) for name, title in _ROUTES.items()]
    return _table(rows, ["route", *_MET.values()])


def by_certainty(cards: Sequence[Card]) -> pd.DataFrame:
    """Count victims, perpetrators and children by how sure their match is."""
    found = Counter(
        (line.certainty, line.person.partition("_")[0]) for card in cards for line in card.matches
    )
    roles = ("victim", "perpetrator", "child")
    rows = [(word, *(found[word, role] for role in roles)) for word in CERTAINTIES]
    return _table(rows, ["certainty", "victims", "perpetrators", "children"])


def by_gap(cards: Sequence[Card]) -> pd.DataFrame:
    """Count cards on which something is missing: `missing, cards`."""
    found: Counter[str] = Counter(
        kind for card in cards for kind in {missing.kind for missing in card.missing}
    )
    return _table([(title, found[kind]) for kind, title in _MISSING.items()], ["missing", "cards"])


def by_change(pack: Pack) -> pd.DataFrame:
    """Count cards of today, and of the weeks before, on which a change is told."""
    today = _kinds(card.changes for card in pack.cards)
    before = _kinds(card.changes for card in pack.earlier)
    rows = [(title, today[kind], before[kind]) for kind, title in _CHANGES.items()]
    return _table(rows, ["change", "cards_today", "earlier_cards"])


def history_counts(cards: Sequence[Card]) -> pd.DataFrame:
    """Count cards by how many incidents the couple had in the 12 months before."""
    couples = [row.incidents_12 for card in cards for row in card.history if row.kind == "couple"]
    bands = (("none", 0, 0), ("one", 1, 1), ("two to four", 2, 4), ("five or more", 5, 10_000))
    rows = [(name, sum(low <= one <= high for one in couples)) for name, low, high in bands]
    return _table(rows, ["incidents_before", "cards"])


def victims(pack: Pack) -> tuple[int, int]:
    """Count the victims on today's cards, and those on earlier cards of which something changed."""
    today = {card.victim.numbers or card.victim.name for card in pack.cards if card.victim}
    before = {card.victim for card in pack.earlier if card.victim != NOT_RECORDED}
    return len(today), len(before)


def flag_shares(measured: pd.DataFrame) -> pd.DataFrame:
    """Return precision and recall in per cent, flag by flag, with 95% intervals.

    Parameters
    ----------
    measured
        From `flags.measure`.
    """
    table = measured.rename(index=FLAGS).rename_axis("flag").reset_index()
    columns = [
        f"{share}{end}" for share in ("precision", "recall") for end in ("", "_low", "_high")
    ]
    shares = (100 * table[columns].astype(float)).round(1)
    return pd.concat([table[["flag"]], shares], axis=1)


def overall(measured: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of all flags together: `name, label, value, low, high`, in per cent."""
    row = measured.loc["all flags"].astype(float)
    return pd.DataFrame(
        {
            "name": f"flag_{share}",
            "label": f"{share.capitalize()} of all flags together",
            "value": 100 * row[share],
            "low": 100 * row[f"{share}_low"],
            "high": 100 * row[f"{share}_high"],
        }
        for share in ("precision", "recall")
    )


def _kinds(changes: Iterable[Sequence[Change]]) -> Counter[str]:
    return Counter(kind for lines in changes for kind in {line.kind for line in lines})


def _table(rows: Sequence[tuple[object, ...]], columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns))
