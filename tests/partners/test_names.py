"""Every partner and dataset bears one name for people, wherever they read of it."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.partners.small_county import AGREEMENTS
from woda_lib.partners import CONTRACTS, load_agreements
from woda_lib.partners.contracts import LONGEST_TITLE
from woda_lib.partners.dictionary_document import dictionary_markdown
from woda_lib.partners.names import (
    LONGEST_SHORT,
    PARTNERS,
    say_dataset,
    say_partner,
    say_partner_shortly,
)
from woda_lib.pilots.partnership import benefits, roadmap

REGISTERS = Path(__file__).parents[2] / "parameters" / "partnership"
AGREED = load_agreements(AGREEMENTS)


def test_whoever_delivers_signs_or_is_asked_has_a_name_and_nobody_else_has() -> None:
    wanted = yaml.safe_load((REGISTERS / "roadmap.yaml").read_text(encoding="utf-8"))["wanted"]
    assert (
        {name for contract in CONTRACTS.values() for name in contract.partners}
        | {party.partner for agreement in AGREED.values() for party in agreement.parties}
        | {one["partner"] for one in wanted.values()}
    ) == set(PARTNERS)


def test_names_and_titles_tell_apart_and_fit() -> None:
    titles = [contract.title for contract in CONTRACTS.values()]
    for names in (
        [said.full for said in PARTNERS.values()],
        [said.short for said in PARTNERS.values()],
        titles,
    ):
        assert len(set(names)) == len(names)
    assert max(len(said.short) for said in PARTNERS.values()) <= LONGEST_SHORT
    assert max(map(len, titles)) <= LONGEST_TITLE


def test_proper_names_and_initials_are_spelt_as_they_are() -> None:
    assert say_partner("west_mercia_police") == "West Mercia Police"
    assert say_partner_shortly("west_mercia_police") == "Police"
    assert say_partner("companies_house") == "Companies House"
    assert say_dataset("marac_cases") == "MARAC cases"


def test_what_no_table_knows_is_said_in_words() -> None:
    assert say_partner("gas_network") == say_partner_shortly("gas_network") == "Gas network"
    assert say_dataset("sharing_register") == "Sharing register"


def test_the_dictionary_and_both_registers_say_the_names_of_the_table() -> None:
    page = dictionary_markdown(AGREED)
    assert "| West Mercia Police | [`police_incidents`]" in page
    assert "**MARAC cases**. " in page
    shorts = {name: said.short for name, said in PARTNERS.items()}
    assert roadmap.read_register(REGISTERS / "roadmap.yaml").partners == shorts
    register = benefits.read_register(REGISTERS / "benefits.yaml")
    assert {name: register.partners[name].title for name in PARTNERS} == shorts
