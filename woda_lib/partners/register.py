"""The register of agreements as CSV, in the manner of the Information Sharing Gateway.

The Gateway is where councils and NHS bodies keep a register of whom they share what with: an entry
a data flow, with its parties, purpose, lawful basis, fields, dates and retention. Here a row is one
dataset of one agreement; what belongs to the whole agreement stands in each of its rows alike.
`COLUMNS` says what each column holds, and ``docs/governance.md`` prints it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from woda_lib.partners.agreements import Agreement
from woda_lib.partners.errors import AgreementError
from woda_lib.partners.spreadsheets import awake, inert
from woda_lib.records import explain

_USES = ("identifier", "pseudonym", "attribute", "outcome")

COLUMNS: Mapping[str, str] = {
    "agreement": "Identifier, and the name of its file",
    "title": "What it is called",
    "parties": "One a line: partner | role | signed by | signed on",
    "purposes": (
        "One a line: name | uses, spaced | description | why opt-outs are not applied | "
        "why people may be re-identified | why tables hold names | why pages name people (the last "
        "four may be blank)"
    ),
    "necessity": "Why it cannot be done with less",
    "article_6": "Lawful basis, UK GDPR Article 6",
    "article_9": "Condition for special categories, UK GDPR Article 9",
    "gateway": "The statute that allows the sharing",
    "data_subjects": "Whom the records are about",
    "dataset": "The dataset of this row",
    "identifier": "Its fields that name a person, spaced: for linkage only",
    "pseudonym": "Its fields that are handed out under the agreement's key, spaced",
    "attribute": "Its descriptive fields, spaced",
    "outcome": "Its measured fields, spaced",
    "only_for": "Its fields that some purposes alone read, spaced: field=purpose,purpose …",
    "direction": "to the hub, from the hub, or both ways",
    "frequency": "once, daily, weekly, monthly, quarterly or yearly",
    "onward_use": "To whom results may go",
    "publication": "Who may read gated results: open, parties or forbidden",
    "data_months": "Months for which extracts are kept after delivery",
    "results_months": "Months for which row-level results are kept after a run",
    "dpia": "Reference of the data protection impact assessment",
    "starts": "First day in force, as 2021-04-01",
    "review": "Day by which it is reviewed",
    "ends": "Last day in force",
    "contact": "The role that can change it",
    "disclosure": "Its disclosure rule, spaced: threshold=5 rounding=5 …",
}
_PLAIN = ("title", "necessity", "data_subjects", "onward_use", "publication", "dpia", "contact")
_OF_THE_DATASET = frozenset({"dataset", *_USES, "only_for", "direction", "frequency"})


def export_register(agreements: Iterable[Agreement]) -> str:
    """Return agreements as the text of a CSV register; `import_register` reads it back alike.

    Drafts are left out: a register says what has been agreed.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    for agreement in agreements:
        if agreement.draft:
            continue
        whole = _of_the_agreement(agreement)
        for dataset, fields in agreement.datasets.items():
            shared = {use: " ".join(f for f, u in fields.items() if u == use) for use in _USES}
            flow = agreement.flows[dataset].model_dump()
            alone = agreement.only_for.get(dataset, {}).items()
            kept = " ".join(f"{name}={','.join(purposes)}" for name, purposes in alone)
            row = whole | {"dataset": dataset, "only_for": kept} | shared | flow
            writer.writerow({name: inert(str(text)) for name, text in row.items()})
    return out.getvalue()


def import_register(path: Path) -> list[Agreement]:
    """Read agreements from a CSV register.

    Parameters
    ----------
    path : Path
        UTF-8, with every column of `COLUMNS` in any order.

    Raises
    ------
    AgreementError
        If the file cannot be read, lacks a column, or an agreement in it is not valid; the message
        names the file, the row as a spreadsheet numbers it, and the column or key.
    """
    rows = _rows(path)
    found: dict[str, dict[str, Any]] = {}
    first_row: dict[str, tuple[int, dict[str, str]]] = {}
    for number, row in enumerate(rows, start=2):
        where = f"{path.name}, row {number}"
        name = row["agreement"]
        if name not in found:
            first_row[name] = number, row
            found[name] = _agreement_of(row, where)
        first, there = first_row[name]
        for column in COLUMNS.keys() - _OF_THE_DATASET:
            if row[column] != there[column]:
                raise AgreementError(
                    f"{where}: the column {column} differs from row {first}, and both are of the "
                    f"agreement {name}. What belongs to the whole agreement must be the same in "
                    "all of its rows."
                )
        _add_dataset(found[name], row, where)
    return [_checked(content, path) for content in found.values()]


def write_agreements(
    agreements: Iterable[Agreement], folder: Path, *, replace: bool = False
) -> list[Path]:
    """Write agreements to ``<folder>/<id>.yaml``, all of them or none.

    Raises
    ------
    AgreementError
        If there is such a file already and `replace` is false.
    """
    paths = {folder / f"{agreement.id}.yaml": agreement for agreement in agreements}
    if there := [path.name for path in paths if path.exists() and not replace]:
        raise AgreementError(
            f"{', '.join(there)} is there already, and nothing was written. Use --replace to write "
            "over it; comments in it are lost."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for path, agreement in paths.items():
        content = agreement.model_dump(mode="json", exclude_none=True, exclude={"draft"})
        for day in ("starts", "review", "ends"):
            content[day] = getattr(agreement, day)
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
        path.write_text(text, encoding="utf-8")
    return list(paths)


def _of_the_agreement(agreement: Agreement) -> dict[str, Any]:
    parties = [
        f"{party.partner} | {party.role} | {party.signed_by} | {party.signed_on}"
        for party in agreement.parties
    ]
    purposes = [
        " | ".join(
            (
                name,
                " ".join(purpose.uses),
                purpose.description,
                purpose.exempt_from_opt_outs or "",
                purpose.may_reidentify or "",
                purpose.keeps_identifiers or "",
                purpose.keeps_pages or "",
            )
        ).rstrip()
        for name, purpose in agreement.purposes.items()
    ]
    rule = agreement.disclosure.model_dump()
    return {
        "agreement": agreement.id,
        **{name: getattr(agreement, name) for name in _PLAIN},
        "parties": "\n".join(parties),
        "purposes": "\n".join(purposes),
        **agreement.lawful_basis.model_dump(),
        **agreement.retention.model_dump(),
        **{day: getattr(agreement, day).isoformat() for day in ("starts", "review", "ends")},
        "disclosure": " ".join(f"{name}={value:g}" for name, value in rule.items()),
    }


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = [
                {name: awake((text or "").strip()) for name, text in row.items() if name}
                for row in reader
            ]
            heading = [name.strip() for name in reader.fieldnames or ()]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise AgreementError(
            f"{path} cannot be read as a CSV register in UTF-8 ({type(error).__name__})."
        ) from None
    if missing := [name for name in COLUMNS if name not in heading]:
        raise AgreementError(
            f"{path.name} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}. "
            "`woda agreements export` writes a register with all of them."
        )
    if not rows:
        raise AgreementError(f"{path.name} holds no agreement: there is no row below its heading.")
    return rows


def _agreement_of(row: Mapping[str, str], where: str) -> dict[str, Any]:
    days = {}
    for name in ("starts", "review", "ends"):
        try:
            days[name] = date.fromisoformat(row[name])
        except ValueError:
            raise AgreementError(
                f"{where}: the column {name} must be a date such as 2021-04-01."
            ) from None
    purposes = {}
    for parts in _lines(row, "purposes", where, least=3, most=7):
        name, uses, description, *reasons = parts
        said = (text or None for text in (*reasons, "", "", "", "")[:4])
        exempt, reidentify, keeps, pages = said
        purposes[name] = {
            "description": description,
            "uses": uses.split(),
            "exempt_from_opt_outs": exempt,
            "may_reidentify": reidentify,
            "keeps_identifiers": keeps,
            "keeps_pages": pages,
        }
    party = ("partner", "role", "signed_by", "signed_on")
    return {
        "id": row["agreement"],
        **{name: row[name] for name in _PLAIN},
        "parties": [
            dict(zip(party, parts, strict=True))
            for parts in _lines(row, "parties", where, least=4, most=4)
        ],
        "purposes": purposes,
        "lawful_basis": {name: row[name] for name in ("article_6", "article_9", "gateway")},
        "retention": {name: row[name] for name in ("data_months", "results_months")},
        "disclosure": dict(pair.partition("=")[::2] for pair in row["disclosure"].split()),
        "datasets": {},
        "only_for": {},
        "flows": {},
        **days,
    }


def _lines(
    row: Mapping[str, str], column: str, where: str, *, least: int, most: int
) -> list[list[str]]:
    found = []
    for line in row[column].splitlines():
        parts = [part.strip() for part in line.split("|")]
        if not least <= len(parts) <= most:
            raise AgreementError(
                f"{where}: the column {column} must hold on each line: "
                f"{COLUMNS[column].partition(': ')[2]}."
            )
        found.append(parts)
    return found


def _add_dataset(content: dict[str, Any], row: Mapping[str, str], where: str) -> None:
    dataset = row["dataset"]
    if dataset in content["datasets"]:
        raise AgreementError(f"{where}: the dataset {dataset} stands twice in {content['id']}.")
    fields: dict[str, str] = {}
    for use in _USES:
        for name in row[use].split():
            if name in fields:
                raise AgreementError(
                    f"{where}: the field {name} stands under {fields[name]} and under {use}. Each "
                    "field has one use."
                )
            fields[name] = use
    content["datasets"][dataset] = fields
    for pair in row["only_for"].split():
        name, _, purposes = pair.partition("=")
        alone = tuple(filter(None, purposes.split(",")))
        content["only_for"].setdefault(dataset, {})[name] = alone
    content["flows"][dataset] = {name: row[name] for name in ("direction", "frequency")}


def _checked(content: dict[str, Any], path: Path) -> Agreement:
    try:
        return Agreement.model_validate(content)
    except ValidationError as error:
        raise AgreementError(f"{path.name}, agreement {content['id']}: {explain(error)}") from None
