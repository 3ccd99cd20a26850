"""Every value of every field of a person: who gave it, when, and on what sources disagree.

A source is one number by which a partner knows the person. What it said before it said something
else is past: a former address is history, and no conflict. Sources disagree where what they say
now differs by more than the way it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from woda_lib.pilots.single_view.person.lines import FieldLine, Source, Value
from woda_lib.pilots.single_view.person.words import FIELDS, SEXES, as_day, text_of

SOURCE = ["partner", "dataset", "local_id"]
_NOTHING_SAID = {"sex": {"u"}, "ethnic_group": {"z"}}
_SAID_ELSEWHERE = re.compile(r"[^a-z0-9]+")


def field_lines(
    details: pd.DataFrame, person: Mapping[str, object], sources: Mapping[tuple, Source]
) -> tuple[FieldLine, ...]:
    """Return every field with its values, the best view first, then the newest.

    Parameters
    ----------
    details
        Rows of one person; see `facts.Facts`.
    person
        The best view.
    sources
        Who the sources are, by `SOURCE`.
    """
    rows = details.assign(on=details["started_on"].fillna(details["delivered_on"]))
    rows = rows.sort_values(["on", "delivered_on"], kind="stable")
    lines = (_line(rows, name, person.get(name), sources) for name in FIELDS if name in rows)
    return tuple(line for line in lines if line.values)


def written_form(name: str, values: pd.Series) -> pd.Series:
    """Return values without what is only a way of writing; missing where nothing is said.

    Examples
    --------
    >>> written_form("address", pd.Series(["2, High St.", "2 HIGH ST"])).tolist()
    ['2 high st', '2 high st']
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d")
    texts = values.astype("string").str.lower().str.replace(_SAID_ELSEWHERE, " ", regex=True)
    texts = texts.str.strip()
    if name in ("postcode", "nhs_number"):
        texts = texts.str.replace(" ", "")
    return texts.mask(texts.isin(_NOTHING_SAID.get(name, set()) | {""}))


def _line(
    rows: pd.DataFrame, name: str, best: object, sources: Mapping[tuple, Source]
) -> FieldLine:
    said = rows.assign(form=written_form(name, rows[name])).dropna(subset=["form"])
    if name == "address" and "uprn" in said:
        same = said.groupby("form", observed=True)["uprn"].transform("first")
        said = said.assign(place=same.fillna(said["form"]))
    else:
        said = said.assign(place=said["form"])
    newest = said.drop_duplicates(SOURCE, keep="last")
    conflict = newest["place"].nunique() > 1
    wanted = written_form(name, pd.Series([best])).iloc[0]
    values = []
    for form, here in said.groupby("form", observed=True, sort=False):
        latest = here.drop_duplicates(SOURCE, keep="last").sort_values("on", ascending=False)
        now = latest.index.isin(newest.index)
        values.append(
            Value(
                words=_said(name, latest[name].iloc[0]),
                sources=tuple(
                    _dated(sources, row, current)
                    for row, current in zip(latest.to_dict("records"), now, strict=True)
                ),
                best=form == wanted,
                current=bool(now.any()),
            )
        )
    values.sort(key=_order)
    return FieldLine(FIELDS[name], tuple(values), conflict)


def _dated(sources: Mapping[tuple, Source], row: Mapping, current: bool) -> Source:
    known = sources[tuple(str(row[name]) for name in SOURCE)]
    return Source(known.partner, known.dataset, known.number, as_day(row["on"]), current)


def _order(value: Value) -> tuple:
    newest = max((each.on.toordinal() for each in value.sources if each.on), default=0)
    return not value.best, not value.current, -newest, value.words


def _said(name: str, value: object) -> str:
    text = text_of(value)
    if name == "sex":
        return SEXES.get(text, text)
    if name == "nhs_number" and len(text) == 10:
        return f"{text[:3]} {text[3:6]} {text[6:]}"
    return text
