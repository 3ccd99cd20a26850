"""Updates of a store: in proportion to the change, and the same in the end as a full relink."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.linkage.people import A, B, specification, table
from woda_lib.linkage import (
    BlockingError,
    DecisionError,
    IdentityStore,
    LinkageModel,
    LinkageResult,
    LinkageSpec,
    ModelError,
    OpenStore,
    SourceError,
    StoreError,
    clusters_of,
    link,
    update,
)

MONDAY, TUESDAY, WEDNESDAY = (date(2024, 1, day) for day in (1, 2, 3))


def full(frames: dict, spec: LinkageSpec, model: LinkageModel | None = None) -> LinkageResult:
    return link(frames, spec, engine="recordlinkage", model=model, on=MONDAY, run="full")


def members(clusters: pd.DataFrame) -> set[str]:
    return {" ".join(sorted(group)) for _, group in clusters.groupby("entity_id")["id"]}


def told(changes: pd.DataFrame) -> list[str]:
    parts = changes[["event", "id", "reason"]].fillna("").astype(str).agg(" ".join, axis=1)
    return parts.str.split().str.join(" ").tolist()


@pytest.fixture(scope="module")
def first() -> LinkageResult:
    return full({"a": A, "b": B}, specification())


def reference(
    store: IdentityStore, frames: dict, spec: LinkageSpec, model: LinkageModel
) -> OpenStore:
    return OpenStore(store, frames, spec, model, engine="recordlinkage")


def opened(first: LinkageResult) -> OpenStore:
    return reference(first.store, {"a": A, "b": B}, first.spec, first.model)


def test_a_new_record_joins_the_entity_it_fits(first: LinkageResult) -> None:
    newcomer = table("id forename surname born postcode\nb4 Mary Smith 1931-09-20 WR1_2AB")
    store = opened(first)
    outcome = store.update(new={"b": newcomer}, on=TUESDAY, run="second")
    assert members(store.store.current) == {"a1 b1 b4", "a2 b2", "a3", "b3"}
    assert told(outcome.changes) == ["joined b4 new record"]
    assert outcome.compared == 2  # with a1 and b1, and nobody else
    entity = store.store.current.set_index("id")["entity_id"]
    assert entity["b4"] == first.clusters.set_index("id")["entity_id"]["a1"]


def test_what_is_new_since_a_store_was_opened_is_counted(first: LinkageResult) -> None:
    moved = B.assign(postcode=["WR1_2AB", "B9_9ZZ", "HR1_1HR"])
    newcomer = table("id forename surname born postcode\nb4 Mary Smith 1931-09-20 WR1_2AB")
    today = {"a": A.iloc[:2], "b": pd.concat([moved, newcomer])}
    store = reference(first.store, today, first.spec, first.model)
    store.update(on=TUESDAY, run="second")
    assert store.news() == {"here": 6, "new": 1, "changed": 1}


def test_a_decision_is_certain_in_the_clusters_of_an_open_store(first: LinkageResult) -> None:
    store = opened(first)
    decided = pd.DataFrame(
        {
            "left_source": ["a"],
            "left_id": ["a3"],
            "right_source": ["b"],
            "right_id": ["b3"],
            "decision": ["must_link"],
            "by": ["ANN"],
            "on": [pd.Timestamp(TUESDAY)],
            "reason": ["seen"],
        }
    )
    store.update(decisions=decided, on=TUESDAY, run="second")
    clusters = store.clusters()
    assert clusters.set_index("id")["confidence"][["a3", "b3"]].tolist() == [1.0, 1.0]
    pd.testing.assert_frame_equal(clusters, clusters_of(store.store))


def test_a_changed_record_leaves(first: LinkageResult) -> None:
    changed = table("id forename surname born postcode\nb2 Joan Green 1999-12-31 B2_2BB")
    store = opened(first)
    outcome = store.update(changed={"b": changed}, on=TUESDAY, run="second")
    assert members(store.store.current) == {"a1 b1", "a2", "b2", "a3", "b3"}
    assert told(outcome.changes) == ["split changed record"]


def test_a_store_stays_as_it_was_told_through_later_updates(first: LinkageResult) -> None:
    store = opened(first)
    changed = table("id forename surname born postcode\nb2 Joan Green 1999-12-31 B2_2BB")
    store.update(changed={"b": changed}, on=TUESDAY, run="second")
    before = store.store
    told_before = before.records.copy()
    store.update(withdrawn={"b": ["b3"]}, on=WEDNESDAY, run="third")
    pd.testing.assert_frame_equal(before.records, told_before)
    assert told_before["withdrawn"].isna().all()
    assert store.store.records["withdrawn"].notna().sum() == 1


def test_a_withdrawn_record_is_missed_and_remembered(first: LinkageResult) -> None:
    store = opened(first)
    outcome = store.update(withdrawn={"b": ["b2"]}, on=TUESDAY, run="second")
    assert members(store.store.current) == {"a1 b1", "a2", "a3", "b3"}
    assert told(outcome.changes) == ["withdrawn b2 withdrawn record"]
    back = store.update(new={"b": B.iloc[[1]]}, on=WEDNESDAY, run="third")
    assert told(back.changes) == ["joined b2 new record"]
    assert members(store.store.current) == {"a1 b1", "a2 b2", "a3", "b3"}


def test_a_record_that_comes_back_elsewhere_does_not_take_the_name_along() -> None:
    # b1 goes, comes back as somebody else, and fits a3, while a1 is who it was.
    start = full({"a": A, "b": B}, specification())
    store = reference(start.store, {"a": A, "b": B}, start.spec, start.model)
    store.update(withdrawn={"b": ["b1"]}, on=TUESDAY, run="second")
    other = table("id forename surname born postcode\nb1 Ann Lee 1960-05-05 B1_1AA")
    store.update(new={"b": other}, on=WEDNESDAY, run="third")
    assert members(store.store.current) == {"a1", "a2 b2", "a3 b1", "b3"}


def test_two_entities_merge_when_a_record_stands_between_them() -> None:
    # Maria Smith and Mary Jones have an address in common, and Mary Smith has both of theirs.
    spec = specification(blocking=[["born"], ["postcode"]])
    model = full({"a": A, "b": B}, specification()).model
    apart = table(
        """
        id  forename surname born       postcode
        a1  Mary     Smith   1931-09-20 -
        a2  Mary     Smith   -          WR1_2AB
        """
    )
    between = table("id forename surname born postcode\nb1 Mary Smith 1931-09-20 WR1_2AB")
    start = full({"a": apart, "b": B.iloc[[2]]}, spec, model)
    assert members(start.clusters) == {"a1", "a2", "b3"}
    store = reference(start.store, {"a": apart, "b": B.iloc[[2]]}, spec, model)
    outcome = store.update(new={"b": between}, on=TUESDAY, run="second")
    assert members(store.store.current) == {"a1 a2 b1", "b3"}
    assert told(outcome.changes) == ["merged new record", "joined b1 new record"]


def test_todays_extracts_alone_will_do(first: LinkageResult) -> None:
    today = B.iloc[1:].replace("Quill", "Quilt")  # b1 is gone, b3 has changed
    newcomer = table("id forename surname born postcode\na4 Peter Hill 1922-12-01 DY10_4PQ")
    store, outcome = update(
        first.store,
        frames={"a": pd.concat([A, newcomer]), "b": today},
        spec=first.spec,
        model=first.model,
        on=TUESDAY,
        run="second",
        engine="recordlinkage",
    )
    assert told(outcome.changes) == ["created new record", "withdrawn b1 withdrawn record"]
    assert members(store.current) == {"a1", "a2 b2", "a3", "b3", "a4"}


def test_nothing_new_changes_nothing(first: LinkageResult) -> None:
    store = opened(first)
    outcome = store.update(changed={"a": A}, on=TUESDAY, run="second")
    assert outcome.compared == 0
    assert outcome.changes.empty
    pd.testing.assert_frame_equal(store.store.records, first.store.records)


def test_a_store_goes_to_disk_and_back_between_updates(
    first: LinkageResult, tmp_path: Path
) -> None:
    first.store.save(tmp_path / "store")
    first.model.save(tmp_path / "model.json")
    newcomer = table("id forename surname born postcode\nb4 Mary Smith 1931-09-20 WR1_2AB")
    store, _ = update(
        IdentityStore.load(tmp_path / "store"),
        frames={"a": A, "b": pd.concat([B, newcomer])},
        spec=first.spec,
        model=LinkageModel.load(tmp_path / "model.json"),
        on=TUESDAY,
        run="second",
    )
    assert members(store.current) == {"a1 b1 b4", "a2 b2", "a3", "b3"}


def test_a_decision_made_since_is_followed(first: LinkageResult, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    heading = "left_source,left_id,right_source,right_id,decision,by,on,reason\n"
    path.write_text(heading + "a,a1,b,b1,cannot_link,Jo,2024-01-02,cousins\n")
    spec = first.spec.model_copy(update={"decisions": [str(path)]})
    frames = {"a": A, "b": B}
    store = reference(first.store, frames, spec, first.model)
    outcome = store.update(on=TUESDAY, run="second")
    assert told(outcome.changes) == ["split decision"]
    path.write_text(heading + "a,a1,b,b1,undecided,Jo,2024-01-03,no\n")
    outcome = store.update(on=WEDNESDAY, run="third")
    assert members(store.store.current) == {"a1 b1", "a2 b2", "a3", "b3"}
    path.write_text(heading + "a,a3,b,b3,must_link,Jo,2024-01-04,new name\n")
    outcome = store.update(on=WEDNESDAY, run="fourth")
    assert told(outcome.changes) == ["merged decision"]
    assert members(store.store.current) == {"a1 b1", "a2 b2", "a3 b3"}
    path.write_text(heading + "a,a3,b,b3,mustlink,Jo,2024-01-04,new name\n")
    with pytest.raises(DecisionError, match="row 2"):
        store.update(on=WEDNESDAY, run="fifth")


def test_both_engines_update_alike(first: LinkageResult) -> None:
    newcomer = table("id forename surname born postcode\nb4 Mary Smith 1931-09-20 WR1_2AB")
    frames = {"a": A, "b": pd.concat([B, newcomer])}
    found = []
    for engine in ("fast", "recordlinkage"):
        store = OpenStore(first.store, frames, first.spec, first.model, engine=engine)
        outcome = store.update(on=TUESDAY, run="second")
        found.append((store.store.links, outcome.clusters, outcome.changes))
    for one, other in zip(*found, strict=True):
        pd.testing.assert_frame_equal(one, other)


# Bad input: a sentence, before anything has changed.


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"new": {"a": A}}, "3 of 3 records given as new are in the store already"),
        ({"changed": {"a": A.assign(id=["a7", "a8", "a9"])}}, "3 of 3 .* not in the store"),
        ({"withdrawn": {"a": ["a1", "a9"]}}, "1 of 2 records to withdraw are not in the store"),
        ({"new": {"c": A}}, "no source 'c'"),
        ({"changed": {"a": A.drop(columns="born")}}, "has no column 'born'"),
    ],
)
def test_changes_that_cannot_be_are_refused(
    first: LinkageResult, changes: dict, sentence: str
) -> None:
    store = opened(first)
    with pytest.raises(SourceError, match=sentence):
        store.update(**changes, on=TUESDAY, run="second")
    assert members(store.store.current) == members(first.clusters)


def test_another_model_is_refused(first: LinkageResult) -> None:
    frames = {"a": A, "b": B}
    other = full({"a": A, "b": B.iloc[:2]}, first.spec).model
    with pytest.raises(StoreError, match="settled with another model"):
        OpenStore(first.store, frames, first.spec, other)
    narrower = specification(comparisons=[{"field": "surname", "levels": ["exact"]}])
    with pytest.raises(ModelError, match="other comparisons"):
        OpenStore(first.store, frames, narrower, first.model)


def test_a_rule_that_would_make_too_many_pairs_is_refused() -> None:
    spec = specification(max_pairs=20)
    start = full({"a": A, "b": B}, spec)
    crowd = pd.concat([A.iloc[[0]]] * 9).assign(id=[f"a{n}" for n in range(10, 19)])
    store = reference(start.store, {"a": A, "b": B}, spec, start.model)
    with pytest.raises(BlockingError, match="The blocking rule born would make about"):
        store.update(new={"a": crowd}, on=TUESDAY, run="second")


# The same as a full relink, whatever the order in which records came, changed and went.

PEOPLE = table(
    """
    id  forename surname born       postcode
    a1  Mary     Smith   1931-09-20 WR1_2AB
    a2  Mary     Smyth   1931-09-20 WR1_2AB
    a3  M        Smith   1931-09-02 WR1_2AC
    a4  Maria    Smith   1913-09-20 WR1_2AB
    a5  John     Smith   1931-09-20 WR1_2AB
    a6  John     Smith   1933-01-07 WR1_2AB
    a7  Jon      Smith   1933-07-01 -
    b1  Mary     Smith   -          WR1_2AB
    b2  Smith    Mary    1931-09-20 WR1_2AC
    b3  Mary     Jones   1931-09-20 WR5_1DD
    b4  Mary     Jones   1931-09-20 WR1_2AB
    b5  John     Smith   1933-01-07 WR5_1DD
    b6  Joan     Smith   1933-01-07 WR1_2AB
    b7  J        Smith   1933-01-07 WR1_2AB
    """
)
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)  # to make failures smaller takes minutes
ANCHOR = {  # who is there from the start, and always alone
    "a": table("id forename surname born postcode\na0 Ida Vole 1901-01-01 B9_9ZZ"),
    "b": table("id forename surname born postcode\nb0 Otto Marsh 1902-02-02 B8_8ZZ"),
}


def by_source(people: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {name: people[people["id"].str[0] == name] for name in ("a", "b")}


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[pd.DataFrame], list[list[str]]]:
    """Tables of batches: each record comes right or, at first, wrong; some go and come back."""
    order = draw(st.permutations(PEOPLE["id"].tolist()))
    wrong = draw(st.lists(st.sampled_from(order), unique=True, max_size=5))
    gone = draw(st.lists(st.sampled_from(order), unique=True, max_size=4))
    cuts = sorted(draw(st.lists(st.integers(1, len(order) - 1), max_size=4, unique=True)))
    right = PEOPLE.set_index("id", drop=False)
    other = right.assign(
        forename=right["forename"].iloc[::-1].to_numpy(),
        postcode=right["postcode"].iloc[::-1].to_numpy(),
    )
    batches, leavings = [], []
    for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True):
        here = order[start:end]
        rows = [other.loc[each] if each in wrong else right.loc[each] for each in here]
        batches.append(pd.DataFrame(rows))
        leavings.append([each for each in gone if each in order[:start]])
    for correction in (wrong, gone):
        batches.append(right.loc[list(correction)])
        leavings.append([])
    return batches, leavings


def settle_piecemeal(
    batches: list[pd.DataFrame], leavings: list[list[str]], spec: LinkageSpec, model: LinkageModel
) -> OpenStore:
    """Give the batches to a store one after another, one of them a day."""
    start = ANCHOR
    result = full(start, spec, model)
    store = reference(result.store, start, spec, model)
    seen: set[str] = set()
    for day, (batch, leaving) in enumerate(zip(batches, leavings, strict=True)):
        known = batch["id"].isin(seen)
        leaving = [each for each in leaving if each in seen]
        store.update(
            new=by_source(batch[~known]),
            changed=by_source(batch[known]),
            withdrawn={name: [x for x in leaving if x[0] == name] for name in ("a", "b")},
            on=TUESDAY + timedelta(days=day),
            run=f"day {day}",
        )
        seen |= set(batch["id"])
        seen -= set(leaving)
    return store


def everyone() -> dict[str, pd.DataFrame]:
    people = by_source(PEOPLE)
    return {name: pd.concat([ANCHOR[name], people[name]]) for name in ANCHOR}


@pytest.mark.parametrize("free", [False, True], ids=["duplicates", "free of duplicates"])
@given(history=histories())
@settings(max_examples=4, deadline=None, phases=QUICK)
def test_any_order_of_arrival_gives_the_clusters_of_a_full_relink(
    free: bool, history: tuple[list[pd.DataFrame], list[list[str]]]
) -> None:
    sources = [{"name": "a", "id": "id", "free_of_duplicates": free}, {"name": "b", "id": "id"}]
    spec = specification(sources=sources)
    model = full({"a": A, "b": B}, spec).model
    relinked = full(everyone(), spec, model)
    store = settle_piecemeal(*history, spec, model)
    assert members(store.store.current) == members(relinked.clusters)
    pd.testing.assert_frame_equal(store.clusters(), clusters_of(store.store))
    assert any(len(group.split()) > 2 for group in members(relinked.clusters))
    columns = ["left_source", "left_id", "right_source", "right_id"]
    assert_same_links(store.store.links, relinked.store.links, columns)
    settled = link(
        everyone(), spec, engine="recordlinkage", model=model, previous=store.store, on=TUESDAY
    )
    assert settled.changes.empty


def assert_same_links(one: pd.DataFrame, other: pd.DataFrame, columns: list[str]) -> None:
    turned = one.rename(columns=dict(zip(columns, columns[2:] + columns[:2], strict=True)))
    either = pd.concat([one, turned]).merge(other, on=columns, suffixes=("", "_full"))
    assert len(one) == len(other) == len(either)
    np.testing.assert_allclose(either["log2_odds"], either["log2_odds_full"], atol=1e-9)


@given(history=histories())
@settings(max_examples=4, deadline=None, phases=QUICK)
def test_with_term_frequencies_a_relink_moves_no_pair_by_more_than_the_drift(
    history: tuple[list[pd.DataFrame], list[list[str]]],
) -> None:
    comparisons = [*specification().model_dump(by_alias=True)["comparisons"]]
    levels = ["exact", {"test": "jaro_winkler", "at_least": 0.9}]
    comparisons[1] = {"field": "surname", "term_frequency": True, "levels": levels}
    for place in (0, 2, 3):
        comparisons[place] = specification().comparisons[place]
    spec = specification(comparisons=comparisons)
    model = full({"a": A, "b": B}, spec).model
    store = settle_piecemeal(*history, spec, model)
    relinked = full(everyone(), spec, model)
    drift = store.drift()
    assert drift.index.tolist() == ["surname"]
    by_pair = [
        {
            frozenset([row.left_id, row.right_id]): row.log2_odds
            for row in links.itertuples(index=False)
        }
        for links in (store.store.links, relinked.store.links)
    ]
    threshold = np.log2(spec.thresholds.link / (1 - spec.thresholds.link))
    for pair in by_pair[0].keys() | by_pair[1].keys():
        odds = [found.get(pair, threshold) for found in by_pair]
        assert abs(odds[0] - odds[1]) <= drift["surname"] + 1e-9
    settled = link(
        everyone(), spec, engine="recordlinkage", model=model, previous=store.store, on=TUESDAY
    )
    assert members(settled.clusters) == members(relinked.clusters)


def test_pairs_in_doubt_are_kept_as_a_full_relink_keeps_them(first: LinkageResult) -> None:
    strict = {"thresholds": {"link": 0.9999, "review": 0.5}}
    spec = specification(**strict)
    frames = {"a": A, "b": B}
    result = full(frames, spec)
    assert len(result.store.doubts) == len(result.review) > 0
    newcomer = table("id forename surname born postcode\nb4 Jon Brown 1948-02-11 WR9_8XY")
    opened = reference(result.store, frames, result.spec, result.model)
    opened.update(new={"b": newcomer}, withdrawn={"a": ["a1"]}, on=TUESDAY, run="second")
    after = {"a": A[A["id"] != "a1"], "b": pd.concat([B, newcomer])}
    again = link(
        after, spec, engine="recordlinkage", model=result.model, previous=result.store,
        on=TUESDAY, run="full",
    )  # fmt: skip
    pairs = [
        {frozenset(pair) for pair in store.doubts[["left_id", "right_id"]].to_numpy().tolist()}
        for store in (opened.store, again.store)
    ]
    assert pairs[0] == pairs[1]
    assert not any("a1" in pair for pair in pairs[0])


def test_decisions_given_to_an_update_are_the_only_ones(first: LinkageResult) -> None:
    made = pd.DataFrame(
        [["a", "a1", "b", "b1", "cannot_link", "Ann", pd.Timestamp(TUESDAY), ""]],
        columns=list(first.store.decisions),
    )
    opening = {"frames": {"a": A, "b": B}, "spec": first.spec, "model": first.model}
    run = {"engine": "recordlinkage", "run": "r"}
    parted, _ = update(first.store, **opening, decisions=made, on=TUESDAY, **run)
    assert "a1 b1" not in members(parted.current)
    joined, _ = update(parted, **opening, decisions=made.iloc[:0], on=WEDNESDAY, **run)
    assert "a1 b1" in members(joined.current)


def test_groups_merge_from_the_threshold_group_on(first: LinkageResult) -> None:
    # From 4/5 on, odds of four to one count for nothing: two bits less than from 1/2 on.
    limits = first.spec.thresholds.model_copy(update={"group": 0.8})
    stricter = link(
        {"a": A, "b": B}, first.spec.model_copy(update={"thresholds": limits}),
        engine="recordlinkage", model=first.model,
    )  # fmt: skip
    pairs = first._candidates
    before, after = (each._scorer.log2_odds(pairs) for each in (first, stricter))
    np.testing.assert_allclose(before - after, 2.0)
