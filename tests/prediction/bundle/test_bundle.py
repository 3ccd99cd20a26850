"""A bundle is written whole, read back the same, and refused where one byte of it is another."""

import json
import pickle
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.prediction.bundle.small_model import REGISTRY, households, small_bundle, small_model
from woda_lib.partners.packages import zipped
from woda_lib.prediction.bundle import (
    Bundle,
    load_bundle,
    make_bundle,
    read_bundle,
    save_bundle,
)
from woda_lib.prediction.bundle import environment as versions
from woda_lib.prediction.bundle.index import CONTENTS, INDEX, with_index
from woda_lib.prediction.errors import PredictionError


@pytest.fixture
def folder(tmp_path) -> Path:
    return save_bundle(small_bundle(), tmp_path / "models" / "model")


def rewritten(**files: bytes | None) -> Bundle:
    """A bundle with other files, whose index is true of them: for what hashes cannot find."""
    index = small_bundle().index
    there = {name: small_bundle().files[name] for name in CONTENTS}
    there |= {name.replace("_", "."): content for name, content in files.items()}
    return Bundle(with_index(there, verdict=index.verdict, created_by=index.created_by))


def changed(name: str, change) -> bytes:
    told = json.loads(small_bundle().files[name])
    change(told)
    return json.dumps(told).encode()


class TestRoundTrip:
    def test_a_loaded_model_predicts_the_same_bytes(self, folder):
        model, rows = small_model(), households()
        back = load_bundle(folder)
        assert back.predict(rows).to_numpy().tobytes() == model.predict(rows).to_numpy().tobytes()
        assert back.contributions(rows).equals(model.contributions(rows))
        assert back.booster.model_to_string() == model.booster.model_to_string()
        assert (back.features, back.calibration) == (model.features, model.calibration)
        assert back.manifest == json.loads(json.dumps(model.manifest))

    def test_the_same_model_makes_the_same_bytes(self):
        first = small_bundle()
        again = make_bundle(first.model, registry=REGISTRY, card=first.card, record=first.record)
        assert again.files == first.files

    def test_it_holds_what_it_promises_and_no_pickle(self, folder):
        assert {path.name for path in folder.iterdir()} == {*CONTENTS, INDEX}
        for path in folder.iterdir():
            path.read_text(encoding="utf-8")
            with pytest.raises(Exception):  # noqa: B017 - any, so long as it is no pickle
                pickle.loads(path.read_bytes())

    def test_each_feature_says_where_it_is_from(self, folder):
        first = read_bundle(folder).features[0]
        assert first["name"] == "police_contacts"
        assert first["fields"] == ["police_contacts.part"]
        assert (first["agreement"], first["window_months"]) == ("single_view", 12)
        assert (first["direction"], first["title"]) == (1, "Contacts with police")

    def test_the_manifest_says_what_it_was_trained_on(self, folder):
        told = json.loads((folder / "manifest.json").read_text())
        assert told["index_dates"] == ["2022-03-31", "2022-09-30"]
        assert told["rows"] == 1600
        assert {"seed", "tried", "chosen", "data_sha256", "versions"} <= told.keys()

    def test_an_archive_of_it_is_read_like_the_folder(self, tmp_path):
        path = tmp_path / "model.zip"
        path.write_bytes(zipped(small_bundle().files))
        assert read_bundle(path).files == small_bundle().files
        path.write_bytes(path.read_bytes()[:-100])
        with pytest.raises(PredictionError, match="is no model bundle"):
            read_bundle(path)

    def test_a_bundle_is_never_written_over(self, folder):
        with pytest.raises(PredictionError, match="is there already"):
            save_bundle(small_bundle(), folder)

    def test_a_write_that_breaks_off_leaves_nothing(self, tmp_path, monkeypatch):
        def full(self, content):
            raise OSError("No space left on device")

        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space"):
            save_bundle(small_bundle(), tmp_path / "model")
        assert list(tmp_path.iterdir()) == []

    def test_a_registry_that_lacks_a_feature_is_refused(self):
        first = small_bundle()
        with pytest.raises(PredictionError, match="made with the feature 'kind'"):
            make_bundle(first.model, registry=REGISTRY[:2], card=first.card, record=first.record)

    def test_papers_that_disagree_are_refused(self):
        first = small_bundle()
        other = replace(first.card, verdict="Use it freely.")
        with pytest.raises(PredictionError, match="say different things"):
            make_bundle(first.model, registry=REGISTRY, card=other, record=first.record)


class TestTampering:
    @pytest.mark.parametrize("name", CONTENTS)
    def test_a_byte_that_is_changed_is_found_and_the_file_named(self, folder, name):
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)
        with pytest.raises(PredictionError, match=f"{name} was changed since"):
            load_bundle(folder)

    @pytest.mark.parametrize("name", CONTENTS)
    def test_a_file_that_is_missing_is_named(self, folder, name):
        (folder / name).unlink()
        with pytest.raises(PredictionError, match=f"lacks {name}"):
            load_bundle(folder)

    @pytest.mark.parametrize("name", ["model.pkl", ".hidden", "more/model.txt"])
    def test_a_file_that_is_foreign_is_named(self, folder, name):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
        with pytest.raises(PredictionError, match=f"holds {name}, which is no part"):
            load_bundle(folder)

    @pytest.mark.parametrize("key", ["verdict", "version", "created_by", "files", "sha256"])
    def test_the_index_itself_cannot_be_changed(self, folder, key):
        told = json.loads((folder / INDEX).read_text())
        told[key] = {**told[key], "x": "y"} if isinstance(told[key], dict) else "x"
        (folder / INDEX).write_text(json.dumps(told))
        with pytest.raises(PredictionError, match=r"bundle\.json was changed since"):
            load_bundle(folder)

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"form": "x"}'])
    def test_what_is_no_index_is_refused(self, folder, content):
        (folder / INDEX).write_bytes(content)
        with pytest.raises(PredictionError, match=r"bundle\.json"):
            load_bundle(folder)

    def test_a_folder_that_is_no_bundle_is_refused(self, tmp_path):
        with pytest.raises(PredictionError, match="is no model bundle"):
            load_bundle(tmp_path)
        with pytest.raises(PredictionError, match="There is no folder"):
            load_bundle(tmp_path / "none")

    def test_another_format_is_refused(self, folder):
        told = json.loads((folder / INDEX).read_text()) | {"format": 2}
        (folder / INDEX).write_text(json.dumps(told))
        with pytest.raises(PredictionError, match="is of the format 2"):
            load_bundle(folder)


class TestVersions:
    def made_with(self, **other: str) -> Bundle:
        return rewritten(
            environment_json=changed("environment.json", lambda told: told.update(other))
        )

    def test_another_major_version_of_lightgbm_is_refused(self):
        major = int(versions.environment()["lightgbm"].partition(".")[0])
        with pytest.raises(PredictionError, match=f"made with LightGBM {major + 1}.0.0"):
            _ = self.made_with(lightgbm=f"{major + 1}.0.0").model

    @pytest.mark.parametrize("name", ["lightgbm", "numpy", "pandas", "python", "scikit-learn"])
    def test_another_version_is_said_in_words(self, name):
        here = versions.environment()[name]
        other = f"{here.partition('.')[0]}.99.0"
        bundle = self.made_with(**{name: other})
        assert bundle.warnings == (
            f"The model was made with {name} {other}, and is used with {here}.",
        )
        assert bundle.model.names == small_model().names

    def test_the_same_versions_need_no_word(self):
        assert small_bundle().warnings == ()

    def test_a_bundle_that_does_not_say_is_refused(self):
        with pytest.raises(PredictionError, match="with which version of numpy"):
            _ = self.made_with(numpy="").model


class TestPartsThatDoNotBelongTogether:
    """Their hashes are true, and they are still refused."""

    def of_features(self, change) -> Bundle:
        return rewritten(features_json=changed("features.json", change))

    def test_features_in_another_order(self):
        with pytest.raises(PredictionError, match=r"feature 1 is 'police_contacts' in model\.txt"):
            _ = self.of_features(lambda told: told["features"].reverse()).model

    def test_a_feature_too_few(self):
        with pytest.raises(PredictionError, match="'kind' stands in one of them alone"):
            _ = self.of_features(lambda told: told["features"].pop()).model

    def test_a_level_too_few(self):
        def drop(told):
            told["features"][2]["levels"].pop()

        with pytest.raises(PredictionError, match="more levels of 'kind'"):
            _ = self.of_features(drop).model

    def test_a_number_that_is_said_to_be_a_category(self):
        def turn(told):
            told["features"][0] |= {"kind": "category", "levels": ["a"]}

        with pytest.raises(PredictionError, match="'police_contacts' is a category in one"):
            _ = self.of_features(turn).model

    def test_a_direction_to_which_the_trees_were_not_held(self):
        def turn(told):
            told["features"][0]["direction"] = -1

        with pytest.raises(PredictionError, match="direction of 'police_contacts'"):
            _ = self.of_features(turn).model

    def test_a_feature_of_which_something_is_not_said(self):
        with pytest.raises(PredictionError, match="does not say 'agreement'"):
            _ = self.of_features(lambda told: told["features"][0].pop("agreement")).model

    def of_trees(self, text: bytes) -> Bundle:
        def of_them(told):
            told["booster_sha256"] = sha256(text).hexdigest()

        return rewritten(model_txt=text, manifest_json=changed("manifest.json", of_them))

    def test_trees_that_another_training_made(self):
        text = small_bundle().files["model.txt"].replace(b"num_leaves=2", b"num_leaves=3")
        with pytest.raises(PredictionError, match=r"manifest\.json tells of other trees"):
            _ = rewritten(model_txt=text).model

    @pytest.mark.parametrize("text", [b"", b"tree\n", b"tree\nend of trees\n"])
    def test_trees_that_are_no_trees(self, text):
        with pytest.raises(PredictionError, match=r"model\.txt"):
            _ = self.of_trees(text).model

    def test_trees_that_were_cut_short(self):
        text = small_bundle().files["model.txt"]
        with pytest.raises(PredictionError, match=r"model\.txt is not LightGBM's text"):
            _ = self.of_trees(text[: text.index(b"Tree=1")]).model

    @pytest.mark.parametrize("told", [b"{}", b'{"method": "logistic"}', b'{"a": 1, "odds": []}'])
    def test_a_calibration_that_is_none(self, told):
        with pytest.raises(PredictionError, match=r"calibration\.json does not say"):
            _ = rewritten(calibration_json=told).model
