"""The data dictionary as a page of the documentation: who delivers what, and who may read it."""

from __future__ import annotations

from collections.abc import Mapping

from woda_lib.partners.agreements import Agreement
from woda_lib.partners.dictionary import Entry, by_partner, dictionary, say_all
from woda_lib.partners.names import say_partner

_OPENING = """\
# The data dictionary: who delivers what, and who may read it

This page is written from the contracts in `woda_lib/partners/datasets/` and the agreements in
`parameters/agreements/` by `make docs`; a test compares them. What each column holds, the codes
that are accepted and the rules that a row must keep stand in [extracts.md](extracts.md). The page
*Data dictionary* of the review site (`outputs/site/dictionary.html`) has both in one, with a box to
find a dataset, column, code or partner by.

An *identifier* names somebody and serves to link records; a *pseudonym* is a partner's own number
under the agreement's key; an *attribute* is what is known, an *outcome* what is measured. A purpose
that is not named is not shown the field. A field in **bold** identifies a person.

## By partner

| partner | dataset | delivered | columns | of them personal | shared under |
|---|---|---|---|---|---|
"""


def dictionary_markdown(agreements: Mapping[str, Agreement]) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    agreements : mapping by name
    """
    entries = dictionary(agreements)
    rows = "".join(
        _row(partner, entry) for partner, own in by_partner(entries).items() for entry in own
    )
    return _OPENING + rows + "\n## By dataset\n" + "".join(_section(entry) for entry in entries)


def _row(partner: str, entry: Entry) -> str:
    contract = entry.contract
    personal = sum(column.personal for column in contract.columns.values())
    under = say_all(agreement.id for agreement, _ in entry.flows) or "no agreement"
    return (
        f"| {say_partner(partner)} | [`{contract.dataset}`](#{contract.dataset}) "
        f"| every {contract.every} | {len(contract.columns)} | {personal} | {under} |\n"
    )


def _section(entry: Entry) -> str:
    contract = entry.contract
    rows = "".join(f"| {fields} | {who} |\n" for who, fields in _grouped(entry).items())
    return (
        f"\n### `{contract.dataset}`\n\n**{contract.title}**. {contract.description}. Its columns: "
        f"[extracts.md](extracts.md#{contract.dataset}).\n\n"
        f"| fields | who may read them, as what, for what |\n|---|---|\n{rows}"
    )


def _grouped(entry: Entry) -> dict[str, str]:
    """The fields that are shared alike, by who may read them."""
    alike: dict[str, list[str]] = {}
    for name, column in entry.contract.columns.items():
        who = "; ".join(f"{each.agreement.id}: {each.says}" for each in entry.shared[name])
        said = f"**`{name}`**" if column.personal else f"`{name}`"
        alike.setdefault(who or "nobody", []).append(said)
    return {who: ", ".join(fields) for who, fields in alike.items()}
