"""What an enterprise is called, in one written form: each name that a record knows it by.

*SMITH & SONS (MALVERN) LTD T/A The Bean Cup* is two names, a legal one and one over the door.
Registers know a firm by its registered name, the ones before it, or by what it trades as, and each
of them is a way of being called. Legal forms are told apart from names by `cleanco`'s terms of the
United Kingdom and a few that it does not hold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import pandas as pd
from cleanco.clean import custom_basename, normalize_terms
from cleanco.termdata import terms_by_country

KINDS = ("registered", "trading", "previous")

_PARTS = {
    "trading": r"\b(?:t\s*/\s*as?|t/a|trading\s+as)\b\.?|\bt/a(?=\S)",
    "previous": r"\(?\b(?:formerly(?:\s+known\s+as)?|previously|f\s*/\s*k\s*/\s*a)\b",
}
_SPLITS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _PARTS.items()}
_APOSTROPHES = re.compile(r"['’`´]")
_INITIALS = re.compile(r"\b(?:[a-z]\.){2,}")
_NOT_WORDS = re.compile(r"[\W_]+")
_TITLES = re.compile(r"\b(?:mr|mrs|miss|ms|mx|dr|rev|messrs|exors\s+of|executors\s+of)\b")
_PERSON = re.compile(r"^\W*(?:mr|mrs|miss|ms|mx|dr|rev|messrs)\b", re.IGNORECASE)
_SHORTEST = 2
_THE = re.compile(r"^the\s+(?=\S)")
_TAIL = re.compile(r"(?:\s+and)?\s+(?:co|company)$|\s+uk$")
_LONG_FORMS = re.compile(
    r"\s+(?:public limited company|community interest company|limited liability partnership"
    r"|charitable incorporated organisation|limited partnership)$"
)
_TERMS = [
    (len(words), words)
    for words in sorted(
        (term.split() for term in normalize_terms(terms_by_country["United Kingdom"])),
        key=len,
        reverse=True,
    )
]
_SHORT = {
    "bros": "brothers",
    "eng": "engineering",
    "engs": "engineers",
    "svcs": "services",
    "servs": "services",
    "serv": "services",
    "intl": "international",
    "mfg": "manufacturing",
    "mgmt": "management",
    "mgt": "management",
    "assoc": "associates",
    "assocs": "associates",
    "bldrs": "builders",
    "constr": "construction",
    "dev": "developments",
    "devs": "developments",
    "props": "properties",
    "hldgs": "holdings",
    "gp": "group",
    "grp": "group",
    "st": "saint",
}
_FORMS: Mapping[str, str] = {
    "partnership": r"\b(?:llp|l\.l\.p\.|limited liability partnership|limited partnership)\W*$",
    "charity": r"\b(?:cio|charitable incorporated organisation|charity|charitable trust)\W*$",
    "company": r"\b(?:ltd|limited|plc|public limited company|cic|community interest company)\W*$",
}
_INCORPORATED = ("company", "partnership", "charity")
_PUBLIC = re.compile(
    r"\b(?:council|nhs|constabulary|fire authority|police and crime|academy trust|university)\b",
    re.IGNORECASE,
)


def parts(text: str) -> list[tuple[str, str]]:
    """Take a written name apart: ``(kind, name)`` of each that it holds, the registered first.

    Examples
    --------
    >>> parts("J Smith Ltd T/A The Bean Cup")
    [('registered', 'J Smith Ltd'), ('trading', 'The Bean Cup')]
    """
    found: list[tuple[str, str]] = [("registered", text)]
    for kind, pattern in _SPLITS.items():
        apart = []
        for of, name in found:
            first, *others = pattern.split(name)
            apart += [(of, first), *((kind, other) for other in others)]
        found = apart
    return [(kind, name.strip(" ()-,.:")) for kind, name in found if name.strip(" ()-,.:")]


def standard_name(text: str) -> str:
    """Return a name in its one form: lower case, plain words, without its legal form.

    Examples
    --------
    >>> standard_name("The Smith's & Sons (Malvern) Co. Ltd.")
    'smiths and sons malvern'
    """
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    plain = _INITIALS.sub(lambda found: found[0].replace(".", ""), plain)
    plain = _APOSTROPHES.sub("", plain).replace("&", " and ").replace("+", " and ")
    plain = _TITLES.sub(" ", _NOT_WORDS.sub(" ", plain)).strip()
    whole = " ".join(_SHORT.get(word, word) for word in plain.split())
    short = _LONG_FORMS.sub("", whole)
    short = custom_basename(short, _TERMS).strip()
    without = _TAIL.sub("", short)
    short = _THE.sub("", without if len(without) > _SHORTEST else short).strip()
    return short or whole


def legal_form(written: pd.Series) -> pd.Series:
    """Return what a written name says of the legal form; missing where it says nothing.

    Parameters
    ----------
    written
        Names as partners write them.

    Returns
    -------
    Series
        One of *company*, *partnership*, *charity*, *public*, *sole_trader*, or missing.
    """
    legal = written.astype("string").str.split(_SPLITS["trading"], n=1, regex=True).str[0]
    told = pd.Series(pd.NA, index=written.index, dtype="string")
    told = told.mask(legal.str.contains(_PERSON).fillna(False), "sole_trader")
    told = told.mask(legal.str.contains(_PUBLIC).fillna(False), "public")
    for form, pattern in _FORMS.items():
        told = told.mask(legal.str.contains(re.compile(pattern, re.IGNORECASE)).fillna(False), form)
    return told


def called(written: pd.DataFrame) -> pd.DataFrame:
    """Return every name by which each record is called.

    Parameters
    ----------
    written
        `source, id, kind` (one of `KINDS`), `written` (as the partner writes it); a row a name.

    Returns
    -------
    DataFrame
        `source, id, kind, name, incorporated`: each standard name of a record once, the registered
        one first. `incorporated` says whether it was written with the form of a body that is
        registered under it, *Ltd*, *LLP*, *CIC* and the like: no two of those bear one name at a
        time (Companies Act 2006, section 66).
    """
    distinct = pd.Series(written["written"].dropna().unique(), dtype=object)
    apart = pd.DataFrame(
        [
            (text, of, name, standard_name(name))
            for text, split in zip(distinct, distinct.map(parts), strict=True)
            for of, name in split
        ],
        columns=["written", "of", "part", "name"],
    )
    apart["incorporated"] = legal_form(apart["part"]).isin(_INCORPORATED)
    table = written.merge(apart, on="written")
    first = table["of"] == "registered"
    table["kind"] = table["of"].mask(first, table["kind"])
    table = table[table["name"] != ""]
    order = table.assign(place=table["kind"].map(KINDS.index)).sort_values(
        ["source", "id", "place"], kind="stable"
    )
    named = order.drop_duplicates(["source", "id", "name"], ignore_index=True)
    return named[["source", "id", "kind", "name", "incorporated"]]
