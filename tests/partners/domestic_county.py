"""A county of three people and two incidents, as the agencies around them would deliver it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import SecretStr

from tests.partners.small_county import AGREEMENTS, ANN, BEN, deliver, settings_for
from woda_lib.partners import CONTRACTS, Door, load_agreement
from woda_lib.settings import Settings

POLICE, ACUTE, COUNCIL = "west_mercia_police", "worcestershire_acute", "county_council"
REFUGE, HOUSING = "refuge_service", "housing_association"
STANDS = {"record_status": "current"}
RING = {"domestic_abuse": base64.b64encode(b"k" * 32).decode()}

ROWS: dict[str, dict[str, list[dict[str, str]]]] = {
    POLICE: {
        "police_incidents": [STANDS | {"incident_id": f"I{n}"} for n in (1, 2, 3)],
        # Ann is the victim of I1 and told of I2; Ben is suspected of both; Cat was in I2 and I3.
        "police_involvements": [
            STANDS | {"involvement_id": "V1", "incident_id": "I1", "nominal_id": "N-ann"},
            STANDS | {"involvement_id": "V2", "incident_id": "I1", "nominal_id": "N-ben"},
            STANDS | {"involvement_id": "V3", "incident_id": "I2", "nominal_id": "N-cat"},
            STANDS | {"involvement_id": "V4", "incident_id": "I2", "nominal_id": "N-ann"},
            STANDS | {"involvement_id": "V5", "incident_id": "I3", "nominal_id": "N-cat"},
        ],
        "police_persons": [{"nominal_id": f"N-{who}"} for who in ("ann", "ben", "cat")],
        "missing_episodes": [
            STANDS | {"missing_id": "M1", "nominal_id": "N-ann"},
            STANDS | {"missing_id": "M2", "nominal_id": "N-cat"},
        ],
    },
    ACUTE: {
        "health_flags": [
            {"flag_id": "F1", "attender_id": "A1", "nhs_number": ANN},
            {"flag_id": "F2", "attender_id": "A2", "nhs_number": BEN},
        ]
    },
    COUNCIL: {
        "social_care_involvements": [
            {"care_involvement_id": "K1", "care_person_id": "P1", "nhs_number": ANN},
            {"care_involvement_id": "K2", "care_person_id": "P2", "nhs_number": ""},
        ],
        "marac_cases": [{"marac_case_id": "R1"}, {"marac_case_id": "R2"}],
        "return_interviews": [{"interview_id": f"X{n}", "missing_id": f"M{n}"} for n in (1, 2)],
        "front_door_contacts": [],
        "exploitation_referrals": [],
    },
    HOUSING: {
        "housing_tenancies": [
            {"tenancy_person_id": f"T{n}", "tenancy_id": "T", "tenant_id": f"H{n}"} for n in (1, 2)
        ]
    },
    REFUGE: {
        "victim_contacts": [{"contact_id": f"C{n}", "incident_id": f"I{n}"} for n in (1, 2, 3)]
    },
}
ROLES = {"V1": "victim", "V2": "perpetrator", "V3": "victim", "V4": "reporter", "V5": "victim"}


def domestic_county(folder: Path, *, opt_outs: list[dict[str, str]]) -> Path:
    """Write the county; `opt_outs` are the hospital's."""
    for partner, datasets in ROWS.items():
        for dataset, rows in datasets.items():
            roles = [
                {"role": ROLES[r["involvement_id"]]} if "involvement_id" in r else {} for r in rows
            ]
            deliver(
                folder, partner, dataset, [r | more for r, more in zip(rows, roles, strict=True)]
            )
    for partner in CONTRACTS["opt_outs"].partners:
        deliver(folder, partner, "opt_outs", opt_outs if partner == ACUTE else [])
    return folder


def domestic_settings(root: Path, opt_outs: list[dict[str, str]], **more: Any) -> Settings:
    """Settings of a workbench in a folder of its own, with a key for the agreement."""
    extracts = domestic_county(root / "extracts", opt_outs=opt_outs)
    return settings_for(root, extracts, key_ring=SecretStr(json.dumps(RING)), **more)


def domestic_door(settings: Settings, purpose: str, step: str = "3_evaluate") -> Door:
    agreement = load_agreement("domestic_abuse", AGREEMENTS)
    return Door(agreement, purpose, settings, run=f"domestic_abuse/draft/{step}")


def pseudonyms(opened: Door, field: str, numbers: list[str], partner: str) -> list[str]:
    """Numbers as a step is handed them."""
    return list(opened.pseudonymise(pd.Series(numbers), field=field, partners=partner))
