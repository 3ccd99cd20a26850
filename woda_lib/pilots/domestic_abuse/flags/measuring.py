"""How often flags are right, and how many they miss, against labels."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.domestic_abuse.flags.errors import FlagRulesError
from woda_lib.pilots.domestic_abuse.flags.mentions import STATES, strongest_rows

_KEYS = ["incident_id", "text", "flag"]


def measure(found: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Count how well flags are raised, flag by flag.

    A flag of a text counts as raised where its strongest mention is of state ``now``.

    Parameters
    ----------
    found
        ``incident_id, text, flag, state``, from `flag_texts`.
    labels
        The same columns, as people (or the generator of texts) labelled them; a text and flag
        without a label does not speak of the flag.

    Returns
    -------
    DataFrame
        Index ``flag``, then ``all flags`` (every text and flag counted alike) and ``mean of
        flags`` (every flag counted alike, without interval): ``raised_rightly, raised_wrongly,
        missed``, and ``precision, recall``, each with ``_low`` and ``_high``, Wilson's 95%
        limits. These take texts as independent of each other, which texts from one template are
        not: `measure_templates` says how many templates stand behind them.
    """
    # here: it brings statsmodels and scipy.stats, and real texts have no labels
    from statsmodels.stats.proportion import proportion_confint

    both = _paired(found, labels)
    now_found, now_true = both["found"].eq("now"), both["label"].eq("now")
    counts = pd.DataFrame(
        {
            "raised_rightly": (now_found & now_true).groupby(both["flag"]).sum(),
            "raised_wrongly": (now_found & ~now_true).groupby(both["flag"]).sum(),
            "missed": (~now_found & now_true).groupby(both["flag"]).sum(),
        }
    ).astype(int)
    counts.loc["all flags"] = counts.sum()
    rates = pd.DataFrame(index=counts.index)
    for name, wrong in (("precision", "raised_wrongly"), ("recall", "missed")):
        of = counts["raised_rightly"] + counts[wrong]
        rates[name] = counts["raised_rightly"] / of.where(of > 0)
        low, high = proportion_confint(counts["raised_rightly"], of.clip(lower=1), method="wilson")
        rates[f"{name}_low"] = low.where(of > 0)
        rates[f"{name}_high"] = high.where(of > 0)
    table = counts.astype("Int64").join(rates)
    means = table.drop(index="all flags")[["precision", "recall"]].mean()
    table.loc["mean of flags", ["precision", "recall"]] = means
    return table.rename_axis("flag")


def confusion(found: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Count texts and flags by the labelled state (rows) and the one found (columns).

    Parameters
    ----------
    found, labels
        As for `measure`.

    Returns
    -------
    DataFrame
        Counts; ``none`` is a flag that was not found, or not labelled.
    """
    both = _paired(found, labels)
    states = [*STATES, "none"]
    return pd.crosstab(both["label"], both["found"]).reindex(
        index=states, columns=states, fill_value=0
    )


def measure_templates(found: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Count how many of the wordings behind the labels are understood.

    Parameters
    ----------
    found, labels
        As for `measure`; labels also with ``template``.

    Returns
    -------
    DataFrame
        ``flag, template, label, texts, right``, a row a template and labelled state; ``right`` is
        the share of its texts in which the flag was raised if, and only if, the label is ``now``.
    """
    both = _paired(found, labels).dropna(subset="template")
    both["right"] = both["found"].eq("now") == both["label"].eq("now")
    grouped = both.groupby(["flag", "template", "label"], sort=True)["right"]
    return grouped.agg(texts="size", right="mean").reset_index()


def _paired(found: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    for name, table in (("found", found), ("labels", labels)):
        missing = [key for key in (*_KEYS, "state") if key not in table]
        if missing:
            raise FlagRulesError(f"The table of {name} lacks {', '.join(missing)}.")
    held = [*_KEYS, "label", *(["template"] if "template" in labels else [])]
    one = strongest_rows(found)[[*_KEYS, "state"]].rename(columns={"state": "found"})
    other = strongest_rows(labels).rename(columns={"state": "label"})[held]
    both = one.merge(other, on=_KEYS, how="outer", validate="one_to_one")
    return both.fillna({"found": "none", "label": "none"})
