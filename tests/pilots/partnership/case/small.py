"""A case small enough to be worked out by hand: one pilot under way, one to come, all known."""

from __future__ import annotations

import pandas as pd

from woda_lib.evaluation import uncertain_inputs
from woda_lib.pilots.partnership.case import (
    Appraisal,
    Costs,
    Options,
    appraise_options,
    option_flows,
)

PARTNERS = {"trust": "Acute trust", "council": "County council"}
OPTIMISM = pd.DataFrame({"grade": [1, 6], "benefits": [0.0, 0.4], "costs": [0.0, 0.4]})
DEFLATORS = pd.DataFrame({"year": ["2024-25"], "index": [100.0]})

# Wards: 100 of cost avoided a year. Map: from year 1 on 20 of cash a year, for 30 paid once in it.
BENEFITS = pd.DataFrame(
    [
        ("Beds", "wards", "beds", "benefit", "Acute trust", False, 0, 4, 1),
        ("Rent", "map", "rent", "benefit", "County council", True, 1, 4, 1),
        ("Moving", "map", "moving", "cost", "County council", True, 1, 1, 1),
    ],
    columns=[
        *("flow", "pilot", "formula", "kind", "partner", "cashable"),
        *("first_year", "last_year", "grade"),
    ],
)

COSTS = Costs.model_validate(
    {
        "contributions": {"council": "council_pays", "trust": "trust_pays"},
        "costs": [
            {
                "cost": "Team",
                "says": "Salaries.",
                "formula": "posts * salary",
                "runs": "running",
                "cash": True,
                "grade": 1,
                "options": ["stop", "permanent"],
            },
            {
                "cost": "Time",
                "says": "Partners' time.",
                "formula": "time",
                "runs": "running",
                "cash": False,
                "grade": 1,
                "options": ["permanent"],
            },
        ],
    }
)

OPTIONS = Options.model_validate(
    {
        "under_way": {"wards": "It runs, and fades."},
        "to_come": {"map": "Nothing is agreed."},
        "baseline": {
            "title": "Nothing is decided",
            "called": "deciding nothing",
            "says": "It fades.",
            "keeps": "half ** year",
        },
        "options": [
            {
                "option": "stop",
                "title": "Stop in order",
                "called": "stopping in order",
                "says": "It is handed over.",
                "posts": "1",
                "goes_on": False,
                "keeps": "half ** year",
            },
            {
                "option": "permanent",
                "title": "Permanent team",
                "called": "a permanent team",
                "says": "It is kept.",
                "posts": "team",
                "goes_on": True,
                "keeps": "1",
                "sees_through": ["map"],
            },
        ],
        "scenarios": [
            {
                "scenario": "wards_halved",
                "title": "Wards at {wards_counts}",
                "holds": {"wards_counts": 0.5},
            },
            {
                "scenario": "dearer",
                "title": "Costs at {costs_count}",
                "holds": {"costs_count": 1.2},
            },
        ],
    }
)

KNOWN = {
    "beds": 100.0,
    "rent": 20.0,
    "moving": 30.0,
    "team": 2.0,
    "salary": 10.0,
    "time": 5.0,
    "half": 0.5,
    "council_pays": 0.75,
    "trust_pays": 0.25,
    **dict.fromkeys(OPTIONS.counts, 1.0),
}


def flows(
    years: int = 3, *, options: Options = OPTIONS, beds_formula: str = "beds"
) -> pd.DataFrame:
    """The flows of the small case."""
    benefits = BENEFITS.replace({"formula": {"beds": beds_formula}})
    return option_flows(benefits, COSTS, options, years=years, partners=PARTNERS)


def appraised(
    table: pd.DataFrame,
    inputs: pd.DataFrame,
    options: Options = OPTIONS,
    *,
    trust: float = 0.25,
) -> Appraisal:
    """Flows worked out, of whose costs the council pays three quarters and the trust a part."""
    return appraise_options(
        table,
        inputs,
        options,
        contributions={"council": 0.75, "trust": trust},
        optimism=OPTIMISM,
        price_base="2024-25",
        deflators=DEFLATORS,
        seed=1,
        draws=2000,
    )


def appraisal(
    years: int = 3, *, options: Options = OPTIONS, beds_formula: str = "beds", **changed: object
) -> Appraisal:
    """The small case worked out, some of its inputs changed."""
    return appraised(
        flows(years, options=options, beds_formula=beds_formula),
        uncertain_inputs(**{**KNOWN, **options.as_planned(), **changed}),
        options,
    )
