"""Which records are one enterprise: the cases that names, places or times alone get wrong."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.pilots.business_register.small_town import Town
from woda_lib.linkage import LinkageSpec
from woda_lib.notebook import Identities
from woda_lib.pilots.business_register import addresses, linking, names, register, sources
from woda_lib.pilots.business_register.enterprises import with_last_snapshot

SPEC = LinkageSpec.from_yaml(
    Path(__file__).parents[3] / "parameters" / "linkage" / "businesses.yaml"
)


@dataclass(frozen=True)
class Found:
    """What was planted, by a name, and the register that was made."""

    planted: dict[str, str]
    linked: linking.Linked
    made: register.Register
    again: linking.Linked

    def of(self, name: str) -> str:
        """Return the enterprise of a planted record."""
        members = self.made.members.set_index("record_id")["enterprise_id"]
        return str(members[self.planted[name]])

    def alone(self, name: str) -> bool:
        """Say whether a planted record is the only one of its enterprise."""
        return int((self.made.members["enterprise_id"] == self.of(name)).sum()) == 1


def _plant(town: Town) -> dict[str, str]:
    return {
        # Nobody but the rates office knows both of its names.
        "bean company": town.company("QUILL HOLDINGS LTD", at=300),
        "bean account": town.account("Quill Holdings Limited", at=301, trading_as="The Bean Cup"),
        "bean kitchen": town.kitchen("Bean Cup", at=301),
        # It told the rates office its former name, and that one over the door to nobody.
        "renamed company": town.company("ZENITH DINING LTD", at=310, previous="TANSY CATERING LTD"),
        "renamed account": town.account("Tansy Catering Limited", at=311),
        "unnamed kitchen": town.kitchen("The Crooked Spoon", at=311),
        # One failed in 2020, and rose again beside itself, at one property.
        "old company": town.company(
            "VELVET MOTORS LTD", at=320, dissolved_on="2020-03-01", incorporated_on="2008-01-01"
        ),
        "old account": town.account("Velvet Motors Ltd", at=320, ended_on="2019-12-31"),
        "phoenix": town.company("VELVET MOTORS (2020) LTD", at=320, incorporated_on="2019-12-01"),
        "phoenix account": town.account(
            "Velvet Motors 2020 Limited", at=320, started_on="2020-01-10"
        ),
        # Branches, of which one has the name without its form.
        "chain company": town.company("UMBER STORES LTD", at=330),
        "branch 1": town.account("Umber Stores Limited", at=331),
        "branch 2": town.account("UMBER STORES LTD", at=372),
        "branch 3": town.account("Umber Stores", at=413),
        # One name over the doors of two people, in two streets.
        "corner 1": town.account("Mr Ivo Nettle", at=340, trading_as="The Corner Shop"),
        "corner 2": town.account("Mrs Una Larch", at=391, trading_as="Corner Shop"),
        "corner kitchen": town.kitchen("The Corner Shop", at=391),
        # One pub, two landlords, one after the other.
        "landlord 1": town.account(
            "Ada Thorn", at=350, trading_as="The Plough", ended_on="2021-05-01"
        ),
        "landlord 2": town.account(
            "Max Reed", at=350, trading_as="The Plough", started_on="2021-05-02"
        ),
        "plough kitchen": town.kitchen("The Plough", at=350, rated_on="2023-02-01"),
        # A person who trades, known by an initial to one and a forename to the other.
        "trader account": town.account("Mr J Yarrow", at=360),
        "trader": town.firm("Jane Yarrow", at=360),
        # Two of a group, registered at one address.
        "group head": town.company("ONYX PUMPS GROUP LTD", at=365),
        "group member": town.company("ONYX PUMPS VALVES LTD", at=365),
        # Twenty companies at an agent's address have nothing else in common.
        **{
            f"agent {i}": town.company(f"{word} VENTURES LTD", at=370)
            for i, word in enumerate("ALPHA BETA GAMMA DELTA OMEGA SIGMA KAPPA LAMBDA".split() * 2)
        },
        "agent's own": town.account("Register Office Services Ltd", at=370),
    }


@pytest.fixture(scope="module")
def found() -> Found:
    town = Town()
    planted = _plant(town)
    loaded = town.loaded()
    loaded["companies"] = with_last_snapshot(loaded["companies"])
    records, written = sources.records(loaded), sources.written_names(loaded)
    index = addresses.index_of(loaded["premises"], loaded["gazetteer"])
    places = addresses.locate(records, index, mass_registration=12)

    def run(known: Identities) -> linking.Linked:
        return linking.link_businesses(
            known,
            records,
            places,
            names.called(written),
            SPEC,
            relearn_after_days=100,
            grace_days=270,
            handover_days=45,
        )

    first = run(Identities(on=date(2025, 3, 31), run="first", says="Began from nothing."))
    kept = Identities(
        on=date(2025, 4, 30),
        run="second",
        says="Began from run first.",
        tables=first.store.tables(),
        settled_with=first.store.settled_with,
        model=first.model.to_text(),
        linked_on=first.linked_on,
    )
    made = register.register(first.clusters, places, written, loaded)
    return Found(planted, first, made, run(kept))


def test_a_trading_name_chains_a_kitchen_to_its_company(found):
    assert found.of("bean company") == found.of("bean account") == found.of("bean kitchen")


def test_a_former_name_is_a_name(found):
    assert found.of("renamed company") == found.of("renamed account")


def test_whoever_cooks_where_only_one_ratepayer_is_is_that_ratepayer(found):
    assert found.of("unnamed kitchen") == found.of("renamed account")


def test_a_phoenix_is_another_enterprise_and_each_account_is_of_its_time(found):
    assert found.of("old company") == found.of("old account")
    assert found.of("phoenix") == found.of("phoenix account")
    assert found.of("phoenix") != found.of("old company")


def test_branches_are_one_enterprise_of_several_sites(found):
    branches = {found.of(f"branch {i}") for i in (1, 2, 3)}
    assert branches == {found.of("chain company")}
    of = found.made.enterprises.set_index("enterprise_id").loc[branches.pop()]
    assert of["sites"] == 4
    assert of["company_number"] == found.planted["chain company"]


def test_a_name_over_the_door_says_nothing_in_another_street(found):
    assert found.of("corner 1") != found.of("corner 2")
    assert found.of("corner kitchen") == found.of("corner 2")


def test_the_next_landlord_is_another_enterprise_under_the_same_sign(found):
    assert found.of("landlord 1") != found.of("landlord 2")
    assert found.of("plough kitchen") == found.of("landlord 2")


def test_an_initial_and_a_forename_at_one_place_are_one_person(found):
    assert found.of("trader") == found.of("trader account")


def test_companies_of_a_group_are_enterprises_of_their_own_and_name_it(found):
    assert found.of("group head") != found.of("group member")
    group = found.made.enterprises.set_index("enterprise_id")["group_name"]
    assert group[found.of("group member")] == "ONYX PUMPS GROUP LTD"
    assert pd.isna(group[found.of("chain company")])


def test_an_agents_address_links_nobody(found):
    assert found.alone("agent's own")
    assert all(found.alone(name) for name in found.planted if name.startswith("agent "))


def test_ordinary_firms_are_linked_and_none_with_another(found):
    """The background: each firm's name is its own, and its records say it whole."""
    members = found.made.members
    written = found.made.enterprises.set_index("enterprise_id")["name"]
    companies = members[members["source"] == "companies"]
    assert companies["enterprise_id"].is_unique
    ordinary = companies[~companies["record_id"].isin(found.planted.values())]
    own = members[members["enterprise_id"].isin(ordinary["enterprise_id"])]
    assert own["source"].value_counts().min() > 60
    assert written[ordinary["enterprise_id"]].str.endswith(" LTD").all()
    alone = members[~members["enterprise_id"].isin(companies["enterprise_id"])]
    strangers = alone[~alone["record_id"].isin(found.planted.values())]
    assert set(strangers["enterprise_id"]) <= {found.of("trader")}  # her earlier years


def test_the_next_run_keeps_every_name_and_the_weights(found):
    before, after = (
        run.clusters.set_index(["source", "id"])["entity_id"] for run in (found.linked, found.again)
    )
    pd.testing.assert_series_equal(before, after)
    assert found.again.changes.empty
    assert found.again.linked_on == date(2025, 3, 31)
    assert "The weights are those of 31 March 2025." in found.again.says


def test_workforce_rows_of_every_year_are_of_the_firm(found):
    years = found.made.workforce_by_year
    own = years[years["enterprise_id"] == found.of("trader")]
    assert own["year"].tolist() == [2023, 2024]
    assert own["employees"].tolist() == [13, 14]
    assert own["employees_band"].tolist() == ["10-19", "10-19"]


def test_confidence_is_a_share_and_high_where_names_and_place_agree(found):
    clusters = found.linked.clusters
    assert clusters["confidence"].between(0, 1).all()
    bean = clusters.set_index("id").loc[found.planted["bean kitchen"], "confidence"]
    assert bean > 0.95
