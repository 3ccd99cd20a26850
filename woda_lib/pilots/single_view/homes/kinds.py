"""What kind of household it is: after the household composition of the Census 2021.

The Office for National Statistics tells households apart by who is whose partner, parent or child,
by whether children are dependent (under 16, or 16 to 18 in full-time education and with a parent)
and by whether people are 66 or over. Registers seldom say who is whose parent, so that ages and
surnames have to stand in: somebody 16 to 55 years younger, who is under age or bears the name or is
called a child by a claim or a tenancy, counts as a child of the elder. Where somebody pays the
council tax or rents the home, those who do not and are younger are the children of those who do, if
they bear their name or are 16 years younger than all of them.

Sources
    ONS, *Household composition variable: Census 2021* (hh_family_composition); *Families and
    households statistics explained* (2021), for dependent children; *Measurements used in Census
    2021 data*, for households and families; multi-generational households are those of more than
    two generations.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

KINDS = (
    "one_person",
    "older_one_person",
    "couple",
    "older_couple",
    "couple_with_children",
    "lone_parent",
    "grown_children",
    "three_generations",
    "house_share",
    "care_home",
    "other",
)
"""The kinds of household. `grown_children` live with one parent or two, and none is dependent."""

OLDER = 66
"""Years from which a person counts as older (ONS, Census 2021)."""
DEPENDENT, STUDENT = 16, 19  # years: below, or below and with a parent
PARENT, OLDEST_PARENT = 16, 55  # years by which a parent is older
COUPLE = 20  # years by which partners differ at most

_KINDS = """
with held as (
    select key, bool_or(holder) as any_holder, max(age) filter (holder) as eldest,
        min(age) filter (holder) as youngest
    from people group by key
),
pairs as (
    select a.key, a.i as p, b.i as c, a.age - b.age as gap, a.holder as by_holder,
        coalesce(a.family = b.family, false) as one_name,
        coalesce(b.kinship = 'child' or a.kinship = 'parent', false) as told
    from people a join people b on a.key = b.key and a.i != b.i
),
dependants as (
    select m.key, m.i, m.age < $dependent or (m.age < $student and not m.holder and exists (
        select 1 from pairs where pairs.c = m.i and gap between $parent and $oldest)) as dependent
    from people m where m.age < $student
),
-- Where somebody holds the account or the tenancy, who does not is nobody's parent but theirs.
parents as (
    select pairs.key, p, c, gap from pairs join held on held.key = pairs.key
    left join dependants d on d.i = pairs.c
    where gap between $parent and $oldest and (coalesce(d.dependent, false) or one_name or told)
        and (by_holder or not any_holder)
),
-- A parent's parent, whatever the name: too much older to be the parent's partner.
three as (
    select distinct lower.key from parents lower join pairs upper on upper.c = lower.p
    where upper.gap between $parent and $oldest
        and (upper.one_name or upper.told or upper.gap > $couple)
        and not exists (select 1 from dependants d where d.i = lower.p and d.dependent)
),
roles as (
    select m.*, coalesce(d.dependent, false) as dependent,
        coalesce(d.dependent, false) or m.i in (select c from parents)
        or (any_holder and not m.holder and coalesce(m.age < youngest, false) and (
            m.age <= youngest - $parent or m.kinship = 'child'
            or exists (select 1 from pairs where pairs.c = m.i and by_holder and one_name)))
        or (any_holder and not m.holder and m.kinship = 'child') as is_child,
        any_holder and not m.holder and coalesce(m.age >= eldest + $parent, false) as is_elder
    from people m join held on held.key = m.key left join dependants d on d.i = m.i
),
heads as (
    select key, count(*) as people, count(*) filter (dependent) as dependants,
        count(*) filter (is_child) as children, count(*) filter (is_elder) as elders,
        count(*) filter (not is_child and not is_elder) as heads,
        min(age) filter (not is_child and not is_elder) as youngest,
        max(age) filter (not is_child and not is_elder) as oldest,
        count(age) filter (not is_child and not is_elder) as ages,
        count(distinct sex) filter (not is_child and not is_elder and sex in ('M', 'F')) as sexes,
        count(sex) filter (not is_child and not is_elder and sex in ('M', 'F')) as sexed,
        count(distinct family) filter (not is_child and not is_elder) as families,
        bool_or(kinship = 'partner') as told_partner,
        bool_or(kinship = 'not_related') as told_unrelated,
        bool_or(care_home) as care_home
    from roles group by key
),
couples as (
    select *, heads = 2 and (ages < 2 or oldest - youngest <= $couple)
        and not coalesce(told_unrelated, false)
        and (children > 0 or sexes = 2 or sexed < 2 or families = 1
            or coalesce(told_partner, false)) as couple
    from heads
)
select c.key, case
    when care_home then 'care_home'
    when people = 1 and oldest >= $older then 'older_one_person'
    when people = 1 then 'one_person'
    when three.key is not null or (elders > 0 and children > 0) then 'three_generations'
    when elders > 0 and children = 0 and heads = 1 then 'grown_children'
    when elders > 0 then 'other'
    when couple and children = 0 and ages > 0 and youngest >= $older then 'older_couple'
    when couple and children = 0 then 'couple'
    when (couple or heads = 1) and children > 0 and dependants = 0 then 'grown_children'
    when couple and children > 0 then 'couple_with_children'
    when heads = 1 and children > 0 then 'lone_parent'
    when children = 0 and families = heads then 'house_share'
    else 'other' end as kind
from couples c left join three on three.key = c.key
order by c.key
"""


def kinds_of_one(people: pd.DataFrame) -> pd.Series:
    """Return the kind of households of one person: `key`, `age` and `care_home`, as for `kinds`."""
    older = people["age"] >= OLDER
    kind = np.select([people["care_home"], older], ["care_home", "older_one_person"], "one_person")
    return pd.Series(pd.Categorical(kind, KINDS), index=people["key"], name="kind")


def kinds(people: pd.DataFrame) -> pd.Series:
    """Return the kind of each household.

    Parameters
    ----------
    people
        A row a person of a household on the day in question: `key` (the household), `age` (years,
        missing where no birth date is known: nobody's child), `sex` (M, F, U), `family` (surname
        as it is compared, or its number; −1 is none), `kinship` (to the first named of a claim or
        tenancy; may be missing), `holder` (bool: of the council-tax account or the tenancy) and
        `care_home` (bool, of the property).

    Returns
    -------
    Series
        One of `KINDS`, by `key`.
    """
    columns = ["key", "age", "sex", "family", "kinship", "holder", "care_home"]
    table = people[columns].reset_index(drop=True)
    for name in ("sex", "kinship"):
        table[name] = table[name].astype("string")
    if table["family"].dtype == object:
        table["family"] = pd.factorize(table["family"])[0]
    table["family"] = table["family"].astype("Int64").where(table["family"] >= 0)
    with duckdb.connect() as con:
        con.register("given", table)
        con.execute(
            """
            create table people as select row_number() over () as i, key, age::double as age,
                sex::varchar as sex, family, kinship::varchar as kinship,
                holder, care_home from given
            """
        )
        found = con.execute(
            _KINDS,
            {
                "dependent": DEPENDENT,
                "student": STUDENT,
                "parent": PARENT,
                "oldest": OLDEST_PARENT,
                "couple": COUPLE,
                "older": OLDER,
            },
        ).df()
    return pd.Series(pd.Categorical(found["kind"], KINDS), index=found["key"], name="kind")
