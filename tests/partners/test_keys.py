"""Keys: how they lie, how they open, and what is left when they are gone."""

import base64
import json
import os
import subprocess
import sys

import pytest

from woda_lib.partners.folder import SyntheticMarker
from woda_lib.partners.key_store import (
    CommandStore,
    FolderStore,
    KeyStoreError,
    VariableStore,
    folder_store,
    key_store,
    version_of,
)
from woda_lib.partners.keys import AgreementKey, key_for_made_up, key_of
from woda_lib.settings import Settings

SECRET = bytes(range(32))
TEXT = base64.b64encode(SECRET).decode()


@pytest.fixture(scope="module")
def ssh(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ssh")
    for kind in ("ed25519", "rsa"):
        command = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", folder / kind]
        subprocess.run(command, check=True)
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "words", "-f", folder / "locked"]
    subprocess.run(command, check=True)
    return folder


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "keys", passphrase="correct horse")


@pytest.fixture
def swift(tmp_path, ssh):
    """A store whose keys are locked to an SSH key, which takes no second as a passphrase does."""
    return FolderStore(tmp_path / "keys", identity=ssh / "ed25519")


def test_a_key_is_locked_with_a_passphrase_and_only_its_owner_can_read_it(store):
    record = store.create("flow", passphrase="correct horse")
    assert record.locked_with == "passphrase"
    path = store.folder / "flow.age"
    assert path.stat().st_mode & 0o777 == 0o600
    assert store.folder.stat().st_mode & 0o777 == 0o700
    assert path.read_bytes().startswith(b"age-encryption.org/v1")
    ring = store.ring("flow")
    assert ring.newest == record.versions[-1].version == version_of(ring.secrets[ring.newest])
    assert len(ring.secrets[ring.newest]) == 32


def test_another_passphrase_or_none_does_not_open_it(store):
    store.create("flow", passphrase="correct horse")
    with pytest.raises(KeyStoreError, match="does not open with this passphrase"):
        FolderStore(store.folder, passphrase="wrong").ring("flow")
    with pytest.raises(KeyStoreError, match="Set WODA_KEY_PASSPHRASE"):
        FolderStore(store.folder).ring("flow")


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_a_key_is_locked_to_an_ssh_key_and_opens_with_its_private_half(tmp_path, ssh, kind):
    store = FolderStore(tmp_path / "keys", identity=ssh / kind)
    assert store.create("flow", recipient=ssh / f"{kind}.pub").locked_with == "ssh key"
    assert len(store.ring("flow").secrets) == 1
    other = FolderStore(store.folder, identity=ssh / {"rsa": "ed25519"}.get(kind, "rsa"))
    with pytest.raises(KeyStoreError, match="does not open with this SSH key"):
        other.ring("flow")
    with pytest.raises(KeyStoreError, match="Set WODA_KEY_IDENTITY"):
        FolderStore(store.folder).ring("flow")


def test_an_ssh_key_that_is_itself_locked_is_refused_in_words(tmp_path, ssh):
    store = FolderStore(tmp_path / "keys", identity=ssh / "locked")
    store.create("flow", recipient=ssh / "locked.pub")
    with pytest.raises(KeyStoreError, match="itself without a passphrase"):
        store.ring("flow")


def test_a_real_key_is_never_left_unlocked(store):
    with pytest.raises(KeyStoreError, match="must be locked"):
        store.create("flow")
    assert not store.folder.exists()


def test_a_key_that_others_can_read_is_refused(store):
    store.create("flow.synthetic")
    (store.folder / "flow.synthetic.ring").chmod(0o640)
    with pytest.raises(KeyStoreError, match=r"can be read by others.*chmod 600"):
        store.ring("flow.synthetic")


def test_a_rotated_key_locks_anew_and_still_opens_what_it_locked(swift, ssh):
    before = swift.create("flow", recipient=ssh / "ed25519.pub").versions[0].version
    record = swift.rotate("flow", recipient=ssh / "ed25519.pub")
    ring = swift.ring("flow")
    assert list(ring.secrets) == [before, ring.newest] == [v.version for v in record.versions]
    assert ring.newest != before


def test_a_destroyed_key_leaves_a_record_and_nothing_else(swift, ssh):
    swift.create("flow", recipient=ssh / "ed25519.pub")
    secret_file = swift.folder / "flow.age"
    assert secret_file.exists()
    assert swift.destroy("flow").destroyed is not None
    assert not secret_file.exists()
    with pytest.raises(KeyStoreError, match="was destroyed on"):
        swift.ring("flow")
    with pytest.raises(KeyStoreError, match="a name is not used twice"):
        swift.create("flow", recipient=ssh / "ed25519.pub")
    assert [record.name for record in swift.records()] == ["flow"]


def test_a_key_that_nobody_made_says_who_makes_it(swift, ssh):
    with pytest.raises(KeyStoreError, match="woda keys create flow"):
        swift.ring("flow")
    swift.create("flow", recipient=ssh / "ed25519.pub")
    with pytest.raises(KeyStoreError, match="woda keys rotate flow"):
        swift.create("flow", recipient=ssh / "ed25519.pub")


def test_a_scheduler_injects_keys_as_json():
    ring = VariableStore(json.dumps({"flow": TEXT, "two": [TEXT, TEXT[:-2] + "A="]}))
    assert ring.ring("flow").secrets == {version_of(SECRET): SECRET}
    for content in ("", "{}", '{"flow": 3}', '{"flow": "AA=="}', '{"flow": "x"}'):
        with pytest.raises(KeyStoreError):
            VariableStore(content).ring("flow")


def test_a_vault_is_asked_with_a_command_and_never_quoted(tmp_path):
    script = tmp_path / "vault.py"
    script.write_text(f"import sys; print('{TEXT}' if sys.argv[1] == 'flow' else 'secret words')")
    store = CommandStore(f"{sys.executable} {script} {{name}}")
    assert store.ring("flow").secrets == {version_of(SECRET): SECRET}
    with pytest.raises(KeyStoreError) as refusal:
        store.ring("other")
    assert "secret" not in str(refusal.value)
    with pytest.raises(KeyStoreError, match="gave no key for flow"):
        CommandStore("/nowhere/vault").ring("flow")


@pytest.fixture
def settings(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("WODA_")]:
        monkeypatch.delenv(name)
    return Settings(root=tmp_path)


def test_keys_lie_beside_the_data_and_never_in_it(settings):
    assert settings.keys_folder == settings.root / "keys"
    assert not settings.keys_folder.is_relative_to(settings.data_folder)
    assert not settings.anchors_file.is_relative_to(settings.data_folder)


def test_the_settings_say_where_keys_come_from(settings):
    assert isinstance(key_store(settings), FolderStore)
    vault = settings.model_copy(update={"key_command": "vault {name}"})
    assert isinstance(key_store(vault), CommandStore)
    with pytest.raises(KeyStoreError, match="made, rotated and destroyed there"):
        folder_store(vault)


def test_the_key_of_a_made_up_county_is_made_by_itself_and_never_serves_real_data(settings):
    county = SyntheticMarker(generator="g", profile="quick", seed=1, truth="quick")
    assert key_for_made_up("flow", settings)
    assert not key_for_made_up("flow", settings)
    key = key_of("flow", county, settings)
    assert key.name == "flow.synthetic"
    with pytest.raises(KeyStoreError, match="There is no key for flow"):
        key_of("flow", None, settings)


def test_made_up_pseudonyms_are_the_same_on_every_machine_and_real_ones_are_not(tmp_path):
    county = SyntheticMarker(generator="g", profile="quick", seed=1, truth="quick")
    keys = []
    for machine in ("one", "two"):
        store = FolderStore(tmp_path / machine)
        store.create("flow.synthetic")
        keys.append(AgreementKey(store.ring("flow.synthetic"), county))
    assert keys[0].pseudonyms() == keys[1].pseudonyms()
    assert keys[0].tables(keys[0].version) != keys[1].tables(keys[1].version)
    real = [AgreementKey(key.ring) for key in keys]
    assert real[0].pseudonyms() != real[1].pseudonyms()
