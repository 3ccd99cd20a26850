"""Names are opened for one incident, by somebody who is named, and on the record first."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from pydantic import SecretStr

from tests.partners.small_county import AGREEMENTS, ROOT, choice, deliver, settings_for
from tests.pilots.business_register import incident_county as county
from woda_lib.partners import AgreementError, Door, audit_log, load_agreement
from woda_lib.partners.fleeting import until, until_of
from woda_lib.partners.opening import clear_expired, open_restricted
from woda_lib.partners.openings import openings
from woda_lib.partners.who_saw import who_saw
from woda_lib.pilots.business_register.incident import IncidentError
from woda_lib.pilots.business_register.incident.breaking_glass import (
    FIELDS,
    PURPOSE,
    REGISTER,
    STEP,
    Glass,
    GlassNotBroken,
    Request,
)
from woda_lib.pilots.business_register.incident.people_page import lines
from woda_lib.records import TableNotFound, read_pilot
from woda_lib.verbs.due import run_due

PILOT = read_pilot(ROOT / "parameters" / "business_register.yaml")
WHOLE = Request(
    incident="WM-2025-0331-17",
    authoriser="Duty fire commander, Group Manager Ash",
    reason="Flood water rises and homes are evacuated",
    area=county.AREA,
)


@pytest.fixture(scope="module")
def extracts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("extracts")
    month = "2025-03"
    for partner, dataset, table in (
        ("district_councils", "gazetteer", county.gazetteer()),
        ("fire_service", REGISTER, county.register()),
    ):
        rows = table.astype("string").fillna("").to_dict("records")
        deliver(folder, partner, dataset, rows, month)
    # Somebody opted out: in an emergency they are looked for all the same.
    deliver(folder, "worcestershire_acute", "opt_outs", [choice(nhs_number="9990000018")], month)
    return folder


@pytest.fixture
def settings(tmp_path, extracts):
    ring = SecretStr(json.dumps({"business_register": base64.b64encode(b"k" * 32).decode()}))
    settings = settings_for(tmp_path, extracts, key_ring=ring)
    settings.agreements_folder.parent.mkdir(parents=True)
    settings.agreements_folder.symlink_to(AGREEMENTS)
    return settings


@pytest.fixture
def glass(settings):
    return Glass(PILOT, settings)


def log(settings):
    return list(audit_log(settings).records())


class TestRefused:
    @pytest.mark.parametrize(
        ("without", "says"),
        [
            ({"incident": ""}, "An incident reference is needed"),
            ({"incident": "Ada Quell 1 Mill Lane"}, "An incident reference is needed"),
            ({"incident": "Quell"}, "An incident reference is needed"),
            ({"incident": "ada.quell_1"}, "An incident reference is needed"),
            ({"authoriser": " "}, "An authoriser is needed"),
            ({"authoriser": "me"}, "An authoriser is needed: the office"),
            ({"reason": "urgent"}, "A reason is needed, in a sentence"),
            ({"area": ""}, "An area is needed"),
            ({"hours": 0}, "Names are kept for 1 to 72 hours"),
            ({"hours": 73}, "Names are kept for 1 to 72 hours"),
        ],
    )
    def test_without_each_of_them_and_the_refusal_is_recorded(self, glass, settings, without, says):
        with pytest.raises(GlassNotBroken, match=says):
            glass.break_for(replace(WHOLE, **without))
        (record,) = log(settings)  # nothing was loaded
        assert (record.kind, record.dataset, record.purpose) == ("denial", REGISTER, PURPOSE)

    def test_an_area_that_is_none_loads_no_name(self, glass, settings):
        with pytest.raises(IncidentError, match="wrong way round"):
            glass.break_for(replace(WHOLE, area="255000, 385100 / 400 m"))
        assert REGISTER not in {record.dataset for record in log(settings)}

    @pytest.mark.parametrize(
        "reason",
        ["Ada Quell must be fetched", "Fetch whoever is at WR11AA", "Ring 07700 900000 now"],
    )
    def test_a_reason_that_names_somebody_is_not_kept(self, glass, settings, reason):
        with pytest.raises(GlassNotBroken, match="The reason names somebody"):
            glass.break_for(replace(WHOLE, reason=reason))
        assert log(settings)[-1].kind == "denial"
        assert reason not in settings.audit_file.read_text()

    @pytest.mark.parametrize(
        "incident", ["Ada-Quell-1", "WR11AA/2025", "07700900000", "Ed-Umber/2"]
    )
    def test_a_reference_that_names_somebody_is_in_no_log_and_no_file_name(
        self, glass, settings, incident
    ):
        with pytest.raises(GlassNotBroken, match="The reference names somebody"):
            glass.break_for(replace(WHOLE, incident=incident))
        assert incident not in settings.audit_file.read_text()

    def test_nobody_is_named_who_lives_outside_either(self, glass):
        outside = county.register().query("assistance_id == 'AR4'").iloc[0]
        reason = f"Do not forget {outside['forename']} {outside['surname']}"
        with pytest.raises(GlassNotBroken, match="The reason names somebody"):
            glass.break_for(replace(WHOLE, reason=reason))

    def test_a_large_area_is_counted_and_not_named_at_once(self, glass, settings):
        with pytest.raises(GlassNotBroken, match=r"50 km² at most\. Open its parts one by one"):
            glass.break_for(replace(WHOLE, area="385100, 255000 / 4.1 km"))
        assert REGISTER not in {record.dataset for record in log(settings) if record.kind == "load"}
        assert glass.break_for(replace(WHOLE, area="385100, 255000 / 3.9 km")).area

    @pytest.mark.parametrize("purpose", ["linkage", "growth", "resilience", "assets"])
    @pytest.mark.parametrize("field", ["forename", "surname", "telephone"])
    def test_no_other_purpose_is_handed_a_name(self, settings, purpose, field):
        door = door_for(settings, purpose)
        with pytest.raises(AgreementError, match="assistance_register"):
            door.load(REGISTER, ["need", field])
        (record,) = log(settings)
        assert (record.kind, record.dataset) == ("denial", REGISTER)
        with pytest.raises(AgreementError, match="does not let the purpose"):
            door.reidentify(pd.DataFrame(), REGISTER)

    def test_every_other_purpose_was_asked(self):
        """A purpose that somebody adds is kept from the names too, or stands in the test above."""
        agreement = load_agreement("business_register", AGREEMENTS)
        others = {"linkage", "growth", "resilience", "assets"}
        assert set(agreement.purposes) == {*others, PURPOSE}
        for field in agreement.datasets[REGISTER]:
            known = {p for p in agreement.purposes if agreement.covers(REGISTER, field, p)}
            assert known <= {"resilience", PURPOSE}

    def test_without_naming_a_field_resilience_is_handed_no_name(self, settings):
        rows = door_for(settings, "resilience").load(REGISTER).frame
        assert not {"forename", "surname", "telephone"} & set(rows)
        assert "need" in rows

    @pytest.mark.parametrize("purpose", ["linkage", "growth", "assets"])
    def test_who_asked_for_help_is_no_business_of_other_purposes(self, settings, purpose):
        for fields in (None, ["need"], ["uprn"]):
            with pytest.raises(AgreementError, match="assistance_register"):
                door_for(settings, purpose).load(REGISTER, fields)

    def test_a_table_that_was_saved_with_names_is_blanked_for_other_purposes(
        self, settings, tmp_path
    ):
        saving = door_for(settings, PURPOSE)
        path = tmp_path / "named.parquet.enc"
        saving.save(path, "named", saving.load(REGISTER, ["surname", "need"]).frame)
        loading = door_for(settings, "resilience")
        table = loading.load_table(path, "named")
        assert table["surname"].isna().all()
        assert table["need"].notna().all()
        assert [blank.clause for blank in loading.hidden] == [
            "business_register.only_for.assistance_register.surname"
        ]


class TestOpened:
    def test_those_inside_are_named_and_nobody_else(self, glass):
        opened = glass.break_for(WHOLE)
        assert opened.people["surname"].tolist() == ["Quell", "Rusk", "Stent"]
        assert opened.people["how"].tolist() == ["home", "home", "postcode"]
        # The fire service's own number of the entry, and no pseudonym.
        assert opened.people["assistance_id"].tolist() == ["AR1", "AR2", "AR3"]
        assert opened.nowhere == 1

    def test_the_log_holds_the_opening_before_anything_is_handed_over(self, glass, settings):
        opened = glass.break_for(WHOLE)
        record = log(settings)[opened.head.number - 1]
        assert (record.kind, record.purpose, record.rows) == ("break_glass", PURPOSE, 3)
        for said in (WHOLE.incident, WHOLE.authoriser, WHOLE.reason, opened.area.sha256):
            assert said in record.detail
        assert record.who
        assert record.people
        written = settings.audit_file.read_text()
        for value in county.register()[["surname", "telephone", "address"]].stack():
            assert value not in written

    def test_if_it_cannot_be_recorded_nothing_is_opened(self, glass, settings, monkeypatch):
        def full(*args, **kwargs):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("woda_lib.partners.door.Door.look_up", full)
        with pytest.raises(OSError, match="No space left"):
            glass.break_for(WHOLE)
        assert not [path for path in settings.outputs_folder.rglob("*") if path.is_file()]

    def test_a_person_who_asks_is_told_of_it(self, glass, settings):
        opened = glass.break_for(WHOLE)
        glass.keep(opened)
        kinds = [record.kind for record in who_saw("fire_service/AR1", settings).records]
        assert kinds == ["load", "break_glass", "save"]
        outside = who_saw("fire_service/AR4", settings).records
        assert [record.kind for record in outside] == ["load"]

    def test_how_often_it_was_opened_for_an_incident_is_said(self, glass, settings):
        first = glass.break_for(WHOLE)
        glass.keep(first)
        other = glass.break_for(replace(WHOLE, incident="WM-2025-0331-1"))
        again = glass.break_for(replace(WHOLE, incident="wm-2025-0331-17"))
        assert (first.times, other.times, again.times) == (1, 1, 2)
        assert log(settings)[again.head.number - 1].detail.endswith("Opening 2 for this incident.")

    def test_what_was_opened_can_be_asked_of_the_log(self, glass, settings):
        glass.break_for(WHOLE)
        told = [record.detail for record in openings(settings, purpose=PURPOSE)]
        assert told[0].startswith("Incident WM-2025-0331-17, authorised by Duty fire commander")
        assert list(openings(settings, purpose="growth")) == []

    def test_whoever_opted_out_is_found_all_the_same_and_the_page_says_why(self, glass, settings):
        page = opened_page(glass, settings)
        assert "Opt-outs were not applied. Protecting life" in page
        assert "Quell" in page


class TestThePage:
    def test_it_is_encrypted_until_it_is_opened_on_the_record(self, glass, settings):
        name = glass.keep(glass.break_for(WHOLE))
        for path in settings.outputs_folder.rglob("*"):
            assert path.is_dir() or b"Quell" not in path.read_bytes()
        with pytest.raises(AgreementError, match="for that alone, and not for resilience"):
            opening(settings, name, purpose="resilience")
        page = opening(settings, name).path.read_text()
        assert "Opened by" in page
        assert log(settings)[-1].kind == "break_glass"

    def test_it_says_who_where_what_help_and_until_when(self, glass, settings):
        opened = glass.break_for(WHOLE)
        page = opening(settings, glass.keep(opened)).path.read_text()
        for said in (
            "Ada Quell",
            "Oxygen at home",
            "07700 900000",
            "1 Mill Lane, Worcester",
            "Group Manager Ash",
            f"{opened.destroy_by.astimezone():%-d %B %Y at %H:%M}",
            opened.area.sha256[:16],
        ):
            assert said in page
        for outside in ("Tarn", "Umber", "Vole"):
            assert outside not in page
        assert "http://" not in page
        assert "https://" not in page

    def test_it_is_gone_after_its_time(self, glass, settings):
        name = glass.keep(glass.break_for(WHOLE))
        copy = opening(settings, name, hours=72)
        assert copy.expires == until_of(name)  # a copy does not outlast the page
        (path,) = settings.outputs_folder.rglob("*.html.enc")
        past = path.with_name(
            f"{until('people_x', datetime.now(UTC) - timedelta(hours=1))}.html.enc"
        )
        path.rename(past)
        assert past in clear_expired(settings)
        with pytest.raises(TableNotFound):
            opening(settings, name)

    def test_the_schedule_removes_it_though_nobody_opened_a_copy(self, glass, settings):
        glass.keep(glass.break_for(WHOLE))
        (path,) = settings.outputs_folder.rglob("*.html.enc")
        name = until("people_x", datetime.now(UTC) - timedelta(hours=1))
        path = path.rename(path.with_name(f"{name}.html.enc"))
        assert not settings.opened_folder.exists()
        (settings.root / "parameters").mkdir(exist_ok=True)
        run_due(settings, None, lambda *_: None)
        assert not path.exists()
        (removed,) = [record for record in log(settings) if record.kind == "retention"]
        assert removed.dataset == f"business_register/{STEP}:{name}"
        assert removed.run == f"business_register/draft/{STEP}"
        run_due(settings, None, lambda *_: None)
        assert len([record for record in log(settings) if record.kind == "retention"]) == 1

    def test_a_page_that_is_kept_like_any_other_has_no_end(self):
        assert until_of("premises_inside") is None


def test_a_line_to_read_out_says_what_is_not_known():
    person = pd.DataFrame(
        [["AR9", pd.NA, "Quell", pd.NA, pd.NA, pd.NA, pd.NA, "bed", county.ON, pd.NaT]],
        columns=list(FIELDS),
    )
    assert lines(person).iloc[0].tolist() == [
        "Quell", "Cannot leave bed", "no number", "not told", "not told", "AR9", "March 2025",
    ]  # fmt: skip


def door_for(settings, purpose):
    agreement = load_agreement("business_register", AGREEMENTS)
    return Door(agreement, purpose, settings, run=f"business_register/draft/{STEP}")


def opening(settings, name, purpose=PURPOSE, hours=8):
    return open_restricted(
        PILOT,
        "draft",
        f"{STEP}:{name}",
        purpose=purpose,
        reason="WM-2025-0331-17",
        settings=settings,
        hours=hours,
    )


def opened_page(glass, settings):
    return opening(settings, glass.keep(glass.break_for(WHOLE))).path.read_text()
