"""The house's style sheet and what a page may do: one source for every page."""

from __future__ import annotations

import re

import pytest

from woda_lib.figures import TOKENS
from woda_lib.stationery import breakable, content_policy, house_style


def light(token: str) -> list[str]:
    """The light values of a token: on its own, and as the first half of a pair."""
    found = re.findall(rf"--{token}: (?:light-dark\()?(#[0-9a-f]+)", house_style())
    whole = {value: "#" + "".join(2 * digit for digit in value[1:]) for value in found}
    return [value if len(value) == 7 else whole[value] for value in found]


@pytest.mark.parametrize("token", sorted(set(TOKENS) - {"band"}))
def test_figures_are_drawn_in_the_colours_of_the_page(token: str) -> None:
    assert light(token) == [TOKENS[token], TOKENS[token]]


def test_a_long_name_ends_a_line_between_its_parts_and_never_within_a_word() -> None:
    assert breakable("flow@1.0/days_saved, <b>") == (
        "flow@<wbr>1.0/<wbr>days_<wbr>saved, &lt;b&gt;"
    )


def test_the_style_asks_nothing_of_any_network() -> None:
    assert re.findall(r"@import|url\(|https?:", house_style()) == []


def test_a_policy_knows_the_one_script_by_its_hash() -> None:
    # printf '' | openssl dgst -sha256 -binary | base64
    assert "script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='" in content_policy("")
    assert content_policy("").startswith("default-src 'none'; ")
