"""Who is who in the single view: the rules, and the table that later steps read.

`woda_lib.pilots.linking.link_from` finds who is who; its store holds `links`, `doubts` and `events`
as they are saved.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from woda_lib.linkage import LinkageSpec
from woda_lib.linkage.aliases import knowing, learn_aliases
from woda_lib.linkage.coding import categorical
from woda_lib.linkage.plain_forms import numbered_in_order
from woda_lib.linkage.standardise import standardise
from woda_lib.notebook import Run
from woda_lib.pilots.linking import Linked
from woda_lib.pilots.single_view.homes.coding import coded, one_after_another

NUMBERED = "nhs_number"


def specification(run: Run, records: Mapping[str, pd.DataFrame]) -> LinkageSpec:
    """Return how people are linked, with the short names that the records tell of.

    Parameters
    ----------
    run
        Notes ``parameters/linkage/single_view.yaml`` as an input.
    records
        From `people.records`.
    """
    path = run.parameters_folder / "linkage" / "single_view.yaml"
    run.record_input(path, path.name)
    return with_short_names(LinkageSpec.from_yaml(path), records)


def with_short_names(spec: LinkageSpec, records: Mapping[str, pd.DataFrame]) -> LinkageSpec:
    """Learn which forenames stand for one another from records that bear one NHS number.

    The number says that they are of one person before anything is linked, so that no first round
    of linkage is needed to learn it.

    Parameters
    ----------
    spec
    records
        From `people.records`; those with an NHS number tell.
    """
    held = [frame for frame in records.values() if NUMBERED in frame]
    told = (NUMBERED, "forename")
    named = {name: one_after_another([frame[name] for frame in held]) for name in told}
    return knowing(spec, _learned(pd.DataFrame(named, copy=False)))


def short_names(details: pd.DataFrame) -> dict[str, str]:
    """Return the short forenames that rows of one NHS number tell of, by what each stands for.

    Parameters
    ----------
    details
        `dataset, local_id, nhs_number, forename`; of a number's rows each forename counts once.
    """
    named = details[["dataset", "local_id", NUMBERED, "forename"]].dropna().drop_duplicates()
    learned = _learned(named[[NUMBERED, "forename"]])
    return dict(zip(learned["value"], learned["alias_of"], strict=True))


def _learned(named: pd.DataFrame) -> pd.DataFrame:
    whose = coded(named[NUMBERED])[0]
    rows = np.flatnonzero(whose >= 0)
    rows = rows[named["forename"].iloc[rows].notna().to_numpy()]
    number = whose[rows]
    rows = rows[np.bincount(number)[number] > 1] if len(rows) else rows
    told = standardise(named["forename"].iloc[rows], "name").to_frame("forename")
    return learn_aliases(told, pd.factorize(whose[rows])[0], ["forename"])


def records_table(linked: Linked, records: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return who is who.

    Parameters
    ----------
    linked
    records
        From `people.records`.

    Returns
    -------
    DataFrame
        `partner, dataset, local_id, entity_id, confidence, since`: a row a number by which a
        partner knows somebody, `since` the day from which it has been taken to be of this person.
    """
    clusters = linked.clusters
    dataset = _dataset(linked)
    partners = {name: frame["partner"].iloc[0] for name, frame in records.items() if len(frame)}
    whose, names = numbered_in_order(dataset.categories.map(partners).to_numpy(dtype=object))
    since = linked.store.records["since"][linked.store.records["withdrawn"].isna()]
    columns = {
        "partner": categorical(whose[dataset.codes], names),
        "dataset": dataset,
        "local_id": clusters["id"],
        "entity_id": clusters["entity_id"].astype("string"),
        "confidence": clusters["confidence"],
        "since": since.to_numpy(),  # clusters stand in the order of the store
    }
    return pd.DataFrame(columns, copy=False)


def _dataset(linked: Linked) -> pd.Categorical:
    """Return whose each record of the clusters is; the linkage has told, so no text is read."""
    codes = np.full(len(linked.clusters), -1, dtype=np.int32)
    places = linked.whereabouts.places if linked.whereabouts else {}
    stand = {name: at[at >= 0] for name, at in sorted(places.items()) if (at >= 0).any()}
    for number, at in enumerate(stand.values()):
        codes[at] = number
    if (codes < 0).any():
        return pd.Categorical(linked.clusters["source"])
    return categorical(codes, list(stand))
