"""The store's views, in SQL: values with their sources, households of a day, property, timeline.

``attributes``
    A row a value that a partner gave: ``entity_id, field, value, partner, dataset, local_id,
    row_id, on, until, delivered_on``. Every value is text, dates as ``1962-05-03``; ``uprn`` is the
    property at which the row's address was found.
``household_on(day)``
    Who lived in which household on a day: ``household_id, entity_id, kinship, uprn, kind, people,
    starts, ends``; ``people`` is how many of them are in the store.
``property_on(day)``
    A row a property, without names: what the gazetteer says of it, ``residents`` and ``households``
    on the day, and of the involvements that were open there ``partners`` and ``involvements``.
``timeline``
    A row an event: ``entity_id, on, until, what`` (involvement, home, identity), ``partner,
    dataset, detail``.
"""

from __future__ import annotations

FIELDS = (
    "nhs_number",
    "forename",
    "surname",
    "date_of_birth",
    "sex",
    "ethnic_group",
    "address",
    "postcode",
    "uprn",
)
"""What partners say of who somebody is and where they live."""

_TEXTS = ", ".join(
    f"strftime({name}, '%Y-%m-%d') AS {name}"
    if name == "date_of_birth"
    else f"{name}::VARCHAR AS {name}"
    for name in FIELDS
)

ATTRIBUTES = f"""
CREATE VIEW attributes AS
UNPIVOT (
    SELECT entity_id, partner::VARCHAR AS partner, dataset::VARCHAR AS dataset, local_id, row_id,
           started_on AS "on", ended_on AS until, delivered_on, {_TEXTS}
    FROM details
) ON {", ".join(FIELDS)} INTO NAME field VALUE value
"""

HOUSEHOLD_ON = """
CREATE MACRO household_on(day) AS TABLE
SELECT m.household_id, m.entity_id, m.kinship::VARCHAR AS kinship, h.uprn, h.kind::VARCHAR AS kind,
       count(*) OVER (PARTITION BY m.household_id) AS people,
       greatest(m.starts, h.starts) AS starts, m.ends
FROM members m JOIN households h USING (household_id)
WHERE m.starts <= day AND (m.ends IS NULL OR m.ends >= day)
  AND h.starts <= day AND (h.ends IS NULL OR h.ends >= day)
"""

PROPERTY_ON = """
CREATE MACRO property_on(day) AS TABLE
SELECT p.*, coalesce(r.residents, 0) AS residents, coalesce(h.households, 0) AS households,
       coalesce(i.partners, 0) AS partners, coalesce(i.involvements, 0) AS involvements
FROM properties p
LEFT JOIN (
    SELECT uprn, count(DISTINCT entity_id) AS residents FROM residences
    WHERE starts <= day AND (ends IS NULL OR ends >= day) GROUP BY uprn
) r USING (uprn)
LEFT JOIN (
    SELECT uprn, count(DISTINCT household_id) AS households FROM households
    WHERE starts <= day AND (ends IS NULL OR ends >= day)
      AND household_id IN (SELECT household_id FROM members) GROUP BY uprn
) h USING (uprn)
LEFT JOIN (
    SELECT uprn, count(DISTINCT partner) AS partners, count(*) AS involvements FROM involvements
    WHERE started_on <= day AND (ended_on IS NULL OR ended_on >= day) GROUP BY uprn
) i USING (uprn)
"""

TIMELINE = """
CREATE VIEW timeline AS
SELECT entity_id, started_on AS "on", ended_on AS until, 'involvement' AS what,
       partner::VARCHAR AS partner, dataset::VARCHAR AS dataset, service::VARCHAR AS detail
FROM involvements
UNION ALL
SELECT entity_id, starts, ends, 'home', NULL, NULL, uprn FROM residences
UNION ALL
SELECT entity_id, "on", NULL, 'identity', NULL, NULL, event::VARCHAR FROM identity_events
"""

VIEWS = (ATTRIBUTES, HOUSEHOLD_ON, PROPERTY_ON, TIMELINE)
