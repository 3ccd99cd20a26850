"""What became of such models elsewhere, with sources: why this one has a rule against its use."""

from __future__ import annotations

import pandas as pd

_ELSEWHERE = (
    (
        "Four English authorities, children's social care, 2020",
        "Eight outcomes, four designs of each, from records and case notes: no model met the "
        "threshold that was set beforehand",
        "Clayton, Sanders and others, Machine Learning in Children's Services: Technical Report, "
        "What Works for Children's Social Care, September 2020",
    ),
    (
        "Bristol, risk of exploitation of children",
        "Two models withdrawn for low accuracy after years of use; reviewers found neither source "
        "code nor a list of variables",
        "The Bristol Cable with Liberty Investigates, Lighthouse Reports and WIRED, June 2026",
    ),
    (
        "Hackney, Early Help Profiling System, until 2019",
        "Cost £361,400, and was dropped: it had not realised the expected benefits",
        "The Hackney Citizen, as quoted by the AIAAIC repository",
    ),
    (
        "Families in cities of the United States, six outcomes at 15, 2020",
        "160 teams, thousands of variables: the best were little better than a regression of four "
        "variables, with an R² of about 0.2 at most",
        "Salganik, Lundberg, Kindel and others 2020, PNAS 117: 8398-8403",
    ),
)


def elsewhere() -> pd.DataFrame:
    """Return a row a place: `where, what_became_of_it, source`."""
    return pd.DataFrame(_ELSEWHERE, columns=["where", "what_became_of_it", "source"])
