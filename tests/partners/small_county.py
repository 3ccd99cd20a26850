"""A county of a handful of people, as real partners would deliver it, and a door into it."""

from __future__ import annotations

import base64
import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from woda_lib.partners import CONTRACTS, Agreement, Door, load_agreement
from woda_lib.settings import Settings

ROOT = Path(__file__).parents[2]
AGREEMENTS = ROOT / "parameters" / "agreements"
MONTH = "2022-01"
# Made by the rule for check digits; nobody has them.
ANN, BEN, CAT, DAN = "9990000018", "9990000026", "9990000034", "9990000042"
_FILLED = {
    "text": "x",
    "code": None,
    "date": "2022-01-05",
    "moment": "2022-01-05 20:15",
    "whole_number": "",
    "nhs_number": "",
    "postcode": "",
}
ACUTE, COUNCIL = "worcestershire_acute", "county_council"
OTHERS = {ACUTE: "severnside_acute", COUNCIL: "severnside_council"}

SPELLS = [
    {"spell_id": "S1", "patient_id": "P1", "nhs_number": ANN},
    {"spell_id": "S2", "patient_id": "P1", "nhs_number": ""},  # Ann again, without her number
    {"spell_id": "S3", "patient_id": "P2", "nhs_number": BEN},
    {"spell_id": "S4", "patient_id": "P3", "nhs_number": CAT},
]
EVENTS = [
    {"event_id": f"E{n}", "spell_id": f"S{n}", "event_type": "delay_review"} for n in (1, 2, 3, 4)
]
CLIENTS = [
    {"client_id": "C1", "nhs_number": ""},  # Ann, and only linkage can know it
    {"client_id": "C2", "nhs_number": BEN},
    {"client_id": "C3", "nhs_number": CAT},
]
REFERRALS = [{"referral_id": f"R{n}", "client_id": f"C{n}"} for n in (1, 2, 3)]


def deliver(
    folder: Path, partner: str, dataset: str, rows: list[dict[str, str]], month: str = MONTH
) -> Path:
    """Write one delivery; columns that a row does not give are filled so that it is accepted."""
    path = folder / partner / f"{dataset}_{month}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = CONTRACTS[dataset].columns
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(columns))
        writer.writeheader()
        for row in rows:
            writer.writerow({name: row.get(name, _filled(dataset, name)) for name in columns})
    return path


def _filled(dataset: str, name: str) -> str:
    column = CONTRACTS[dataset].columns[name]
    if not column.required:
        return ""
    return next(iter(column.codes)) if column.codes else str(_FILLED[column.kind])


def small_county(folder: Path, *, opt_outs: list[dict[str, str]] | None) -> Path:
    """Write the county; `opt_outs` are the hospital's, and None means that nobody sent any."""
    deliver(folder, ACUTE, "hospital_spells", SPELLS)
    deliver(folder, ACUTE, "discharge_events", EVENTS)
    deliver(folder, COUNCIL, "social_care_clients", CLIENTS)
    deliver(folder, COUNCIL, "social_care_referrals", REFERRALS)
    for dataset in CONTRACTS:
        for mine, other in OTHERS.items():
            if dataset != "opt_outs" and mine in CONTRACTS[dataset].partners:
                deliver(folder, other, dataset, [])
    if opt_outs is not None:
        for partner in CONTRACTS["opt_outs"].partners:
            deliver(folder, partner, "opt_outs", opt_outs if partner == ACUTE else [])
    return folder


def choice(number: int = 1, **who: str) -> dict[str, str]:
    """A row of `opt_outs` that is in force."""
    kind = "local" if "person_number" in who else "national"
    return {"opt_out_id": f"O{number}", "kind": kind, "status": "in_force"} | who


def settings_for(root: Path, extracts: Path, **more: Any) -> Settings:
    """Settings of a workbench in a folder of its own, with a key for the agreement."""
    ring = {"patient_flow": base64.b64encode(b"k" * 32).decode()}
    given = {"today": date.today(), "key_ring": SecretStr(json.dumps(ring))} | more
    return Settings(
        root=root, extracts=extracts, data=root / "data", outputs=root / "outputs", **given
    )


def agreement() -> Agreement:
    return load_agreement("patient_flow", AGREEMENTS)


def door(settings: Settings, purpose: str = "service_evaluation", step: str = "2_evaluate") -> Door:
    return Door(agreement(), purpose, settings, run=f"patient_flow/draft/{step}")
