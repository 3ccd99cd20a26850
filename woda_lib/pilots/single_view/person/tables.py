"""What reviewers read of look-ups: how many people, conflicts, what is hidden, and look-ups made.

No person stands in these tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from woda_lib.notebook import Run
from woda_lib.partners.audit import audit_log
from woda_lib.pilots.single_view.best_view.conflicts import are_variants
from woda_lib.pilots.single_view.person.dossier import SURE
from woda_lib.pilots.single_view.person.planted import PLANTED
from woda_lib.pilots.single_view.person.words import (
    FIELDS,
    plain,
    say_dataset,
    say_partner,
    sentence,
)
from woda_lib.pilots.single_view.store import Store
from woda_lib.records import AuditRecord
from woda_lib.settings import Settings

_PEOPLE = f"""
WITH housed AS (SELECT DISTINCT entity_id FROM household_on($day)),
     helped AS (SELECT DISTINCT entity_id FROM involvements WHERE status = 'open')
SELECT count(*) AS "Who can be looked up",
       count(*) FILTER (partners > 1) AS "Known to two partners or more",
       count(*) FILTER (records = 1) AS "Known by one record alone",
       count(*) FILTER (records > 1 AND confidence < {SURE}) AS "With a record that is not sure",
       count(*) FILTER (entity_id IN (SELECT entity_id FROM housed)) AS "In a household today",
       count(*) FILTER (entity_id IN (SELECT entity_id FROM helped)) AS "With open work",
       count(*) FILTER (died_on IS NOT NULL) AS "Who have died"
FROM persons
"""

_EXAMPLE = """
WITH now AS (SELECT household_id, entity_id FROM household_on($day) WHERE people <= 8),
     open AS (
        SELECT n.household_id, n.entity_id, i.dataset, i.partner FROM now n
        JOIN involvements i USING (entity_id) WHERE i.status = 'open'),
     known AS (
        SELECT household_id, count(DISTINCT dataset) AS services FROM open GROUP BY 1
        ORDER BY services DESC, household_id LIMIT 1)
SELECT n.entity_id FROM now n JOIN involvements i USING (entity_id)
WHERE n.household_id IN (SELECT household_id FROM known)
GROUP BY n.entity_id
ORDER BY count(DISTINCT i.dataset) DESC, count(*) DESC, n.entity_id LIMIT 1
"""


def _bare(field: str) -> str:
    if field == "date_of_birth":
        return "strftime(date_of_birth, '%Y%m%d')"
    if field in ("forename", "surname"):
        return f"trim(regexp_replace(lower(strip_accents({field}::VARCHAR)), '[^a-z]+', ' ', 'g'))"
    return f"regexp_replace({field}::VARCHAR, '[^0-9]', '', 'g')"


_SAYS = {
    field: f"arg_max({_bare(field)}, started_on)"
    for field in ("nhs_number", "forename", "surname", "date_of_birth")
} | {
    "sex": "arg_max(sex::VARCHAR, started_on) FILTER (sex <> 'U')",
    "ethnic_group": "arg_max(ethnic_group::VARCHAR, started_on) FILTER (ethnic_group <> 'Z')",
    "address": (
        "arg_max(uprn, started_on) FILTER (started_on <= $day AND (ended_on IS NULL OR "
        "ended_on >= $day))"
    ),
}
_SAID = f"""
WITH said AS (
    SELECT entity_id, {", ".join(f"{said} AS {field}" for field, said in _SAYS.items())}
    FROM details GROUP BY entity_id, dataset, local_id)
"""
_COUNTED = f"""
{_SAID}, counted AS (
    SELECT {", ".join(f"count({field}) > 1 AS {field}" for field in _SAYS)}
    FROM said GROUP BY entity_id)
SELECT {", ".join(f"count(*) FILTER ({field}) AS {field}" for field in _SAYS)} FROM counted
"""
_PAIRS = """
{said}, latest AS (
    SELECT DISTINCT entity_id, {field}::VARCHAR AS v FROM said WHERE {field} IS NOT NULL)
SELECT a.entity_id, a.v AS one, b.v AS other
FROM latest a JOIN latest b ON a.entity_id = b.entity_id AND a.v < b.v
"""


def who_can_be_looked_up(store: Store, day: date) -> pd.DataFrame:
    """Return how many people can be looked up: ``what, people``."""
    row = store.counted(_PEOPLE, day=pd.Timestamp(day)).iloc[0]
    return pd.DataFrame({"what": row.index, "people": row.to_numpy(dtype=int)})


def conflicts_by_field(store: Store, day: date) -> pd.DataFrame:
    """Return on which fields those who know somebody disagree.

    What a source says is its newest value; of an address, the property that holds on the day.
    Another way of writing the same is no disagreement: see `best_view.conflicts`.

    Returns
    -------
    DataFrame
        ``field, people`` (whom two sources or more describe), ``written_otherwise`` (of them, with
        any difference), ``disagree`` (with one that is no variant) and ``share`` who disagree, %.
    """
    at = pd.Timestamp(day)
    people = store.counted(_COUNTED, day=at).iloc[0]
    rows = []
    for field in _SAYS:
        pairs = store.counted(_PAIRS.format(said=_SAID, field=field), day=at)
        sides = [pairs[side].to_numpy(dtype=object) for side in ("one", "other")]
        real = ~are_variants(sides[0], sides[1], field, store.aliases())
        everybody = int(people[field])
        differ, disagree = pairs["entity_id"].nunique(), pairs.loc[real, "entity_id"].nunique()
        share = 100 * disagree / everybody if everybody else float("nan")
        rows.append((FIELDS[field], everybody, differ, disagree, share))
    columns = ["field", "people", "written_otherwise", "disagree", "share"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("share", ascending=False, ignore_index=True)


def headline(seen: pd.DataFrame, conflicts: pd.DataFrame) -> tuple[int, float]:
    """Return how many people can be looked up, and of whom partners disagree where they live, %."""
    share = conflicts.set_index("field")["share"]
    return int(seen["people"].iloc[0]), float(share[FIELDS["address"]])


def example_person(store: Store, day: date) -> str:
    """Return whom most services ever knew, of the household that most services know today."""
    return str(store.counted(_EXAMPLE, day=pd.Timestamp(day))["entity_id"].iloc[0])


def hidden_table(hidden: pd.DataFrame) -> pd.DataFrame:
    """Return what the purpose is not shown: ``partner, dataset, field, shared_as, clause``."""
    table = hidden[["partner", "dataset", "field", "use", "clause"]]
    table = table.rename(columns={"use": "shared_as"})
    return table.assign(
        partner=table["partner"].map(say_partner),
        dataset=table["dataset"].map(say_dataset),
        field=table["field"].map(plain),
        shared_as=table["shared_as"].fillna("not shared"),
        clause=table["clause"].str.split(".", n=1).str[1],
    )


def look_ups_this_month(run: Run) -> pd.DataFrame:
    """Return how often people were searched for and shown this month; see `look_ups_of`."""
    settings = Settings()
    records = audit_log(settings).records()
    return look_ups_of(records, agreement=run.pilot.agreement, today=settings.today)


def look_ups_of(records: Iterable[AuditRecord], *, agreement: str, today: date) -> pd.DataFrame:
    """Return look-ups and refusals of a month by purpose, from records of the audit log.

    Planted searches are nobody's, and left out.

    Parameters
    ----------
    records
        Of the log.
    agreement
        Whose look-ups.
    today
        A day of the month.

    Returns
    -------
    DataFrame
        ``purpose, what`` (as whatever asked called it, or refused) and ``times``.
    """
    found = [
        (
            sentence(plain(each.purpose)),
            "refused" if each.kind == "denial" else plain((each.dataset or "").partition(":")[2]),
        )
        for each in records
        if each.kind in ("look_up", "denial")
        and each.detail != PLANTED
        and each.agreement == agreement
        and (each.at.year, each.at.month) == (today.year, today.month)
    ]
    counted = pd.DataFrame(found, columns=["purpose", "what"]).value_counts(sort=False)
    return counted.rename("times").reset_index()
