"""Reviewers' files: who may sign, with which keys, and what is wrong with a file."""

from __future__ import annotations

from base64 import b64encode
from datetime import date

import pytest
import yaml

from woda_lib.records import ReviewersError, read_reviewers
from woda_lib.records.reviewers import add_reviewer


def public_key(letter, comment=""):
    """A public key whose private half nobody has."""
    parts = (b"ssh-ed25519", letter * 32)
    blob = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return f"ssh-ed25519 {b64encode(blob).decode()}{comment}"


KEYS = {"anna": public_key(b"a", " anna@desk"), "ben": public_key(b"b")}


def reviewer(who="anna", **changes):
    made = {
        "reviewer": who,
        "name": who.title(),
        "role": "Analytical lead",
        "signs": "real data",
        "keys": [{"key": KEYS.get(who, KEYS["anna"])}],
    }
    return made | changes


def write(folder, content, file=None):
    (folder / f"{file or content['reviewer']}.yaml").write_text(yaml.safe_dump(content))


def test_reviewers_are_read_by_name(tmp_path):
    write(tmp_path, reviewer("anna", known_as=["Anna@Woda.example"]))
    write(tmp_path, reviewer("ben"))
    found = read_reviewers(tmp_path)
    assert list(found) == ["anna", "ben"]
    assert found["anna"].keys[0].key == KEYS["anna"].removesuffix(" anna@desk")


def test_where_there_is_no_folder_there_is_no_reviewer(tmp_path):
    assert read_reviewers(tmp_path / "reviewers") == {}


def test_what_openssh_is_told_of_a_key_and_its_days(tmp_path):
    days = {"key": KEYS["ben"], "from": date(2026, 1, 1), "until": date(2027, 12, 31)}
    write(tmp_path, reviewer("ben", keys=[days]))
    assert read_reviewers(tmp_path)["ben"].allowed == (
        'ben namespaces="woda-release",valid-after="20260101",valid-before="20280101" '
        f"{KEYS['ben']}\n"
    )


NAMES = [
    (["Anna"], True),
    (["anna"], True),
    (["anna@woda.example"], True),
    (["A. Price <anna@woda.example>"], True),
    (["Ben", "ANNA"], True),
    (["Anna Maria"], False),
    (["root"], False),
    ([""], False),
]


@pytest.mark.parametrize(("authors", "same"), NAMES)
def test_a_person_is_known_by_every_name_that_git_or_the_system_gives(tmp_path, authors, same):
    write(tmp_path, reviewer("anna", known_as=["Anna@Woda.example"]))
    assert read_reviewers(tmp_path)["anna"].is_one_of(authors) is same


WRONG = [
    ({"role": ""}, "anna.yaml: role: "),
    ({"signs": "everything"}, "anna.yaml: signs: "),
    ({"keys": []}, "anna.yaml: keys: "),
    ({"email": "x"}, "anna.yaml: email: "),
    ({"keys": [{"key": "ssh-dss AAAA"}]}, "must be a public SSH key, whose first word is"),
    ({"keys": [{"key": "ssh-ed25519 AAAA"}]}, "is not a whole public key"),
    ({"keys": [{"key": "-----BEGIN OPENSSH PRIVATE KEY-----"}]}, "must be a public SSH key"),
    (
        {"keys": [{"key": KEYS["anna"], "from": date(2026, 2, 1), "until": date(2026, 1, 1)}]},
        "until comes before from",
    ),
]


@pytest.mark.parametrize(("changes", "words"), WRONG)
def test_a_faulty_file_is_named_with_the_key(tmp_path, changes, words):
    write(tmp_path, reviewer("anna", **changes))
    with pytest.raises(ReviewersError) as error:
        read_reviewers(tmp_path)
    assert words in str(error.value)
    assert "PRIVATE" not in str(error.value)


def test_a_file_bears_the_reviewers_name(tmp_path):
    write(tmp_path, reviewer("anna"), file="ben")
    with pytest.raises(ReviewersError, match=r"ben\.yaml: the key reviewer is 'anna'"):
        read_reviewers(tmp_path)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({"keys": [{"key": KEYS["anna"]}]}, "have the same key"),
        ({"name": "ANNA"}, "give the same name to two people"),
        ({"known_as": ["anna"]}, "give the same name to two people"),
    ],
)
def test_two_reviewers_are_two_people_with_keys_of_their_own(tmp_path, second, words):
    write(tmp_path, reviewer("anna"))
    write(tmp_path, reviewer("ben", **second))
    with pytest.raises(ReviewersError, match=words):
        read_reviewers(tmp_path)


def test_an_added_reviewer_is_read_like_any_other_and_not_written_over(tmp_path):
    path = add_reviewer(reviewer("anna", known_as=["aprice"]), tmp_path)
    assert path == tmp_path / "anna.yaml"
    assert read_reviewers(tmp_path)["anna"].known_as == ("aprice",)
    with pytest.raises(ReviewersError, match=r"anna\.yaml is there already"):
        add_reviewer(reviewer("anna"), tmp_path)


def test_nothing_is_written_of_a_reviewer_who_is_faulty_or_shares_a_key(tmp_path):
    add_reviewer(reviewer("anna"), tmp_path)
    with pytest.raises(ReviewersError, match="have the same key"):
        add_reviewer(reviewer("ben", keys=[{"key": KEYS["anna"]}]), tmp_path)
    with pytest.raises(ReviewersError, match=r"No reviewer was added\. role: "):
        add_reviewer(reviewer("ben", role=""), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["anna.yaml"]
