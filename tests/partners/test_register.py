"""The register of agreements: out to CSV and back, and what is wrong with one."""

import csv
from pathlib import Path

import pytest

from woda_lib.partners import AgreementError, load_agreement
from woda_lib.partners.register import COLUMNS, export_register, import_register, write_agreements

FOLDER = Path(__file__).parents[2] / "parameters" / "agreements"


@pytest.fixture
def agreement():
    return load_agreement("patient_flow", FOLDER)


@pytest.fixture
def register(agreement, tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(export_register([agreement]), encoding="utf-8")
    return path


def change(register, row, **cells):
    rows = list(csv.DictReader(register.read_text().splitlines(keepends=True)))
    rows[row] |= cells
    with register.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(COLUMNS))
        writer.writeheader()
        writer.writerows(rows)


def test_what_is_exported_is_imported_alike(agreement, register):
    assert import_register(register) == [agreement]


def test_limits_and_reasons_of_every_clause_are_imported_alike(tmp_path):
    agreement = load_agreement("business_register", FOLDER)
    assert agreement.only_for
    assert agreement.purposes["resilience"].keeps_pages
    path = tmp_path / "register.csv"
    path.write_text(export_register([agreement]), encoding="utf-8")
    (imported,) = import_register(path)
    # A sentence that a file folds ends with a line's end, which no cell keeps.
    for said in ("only_for", "datasets", "flows", "disclosure"):
        assert getattr(imported, said) == getattr(agreement, said)
    pages = {name: (purpose.keeps_pages or "") for name, purpose in imported.purposes.items()}
    assert pages["resilience"] == agreement.purposes["resilience"].keeps_pages.strip()
    assert not any(text for name, text in pages.items() if name != "resilience")


def test_a_draft_is_in_no_register(agreement):
    draft = agreement.model_copy(update={"draft": True})
    assert export_register([draft]) == export_register([])


def test_an_imported_agreement_is_a_file_like_any_other(agreement, register, tmp_path):
    imported = import_register(register)
    write_agreements(imported, tmp_path / "agreements")
    assert load_agreement("patient_flow", tmp_path / "agreements") == agreement
    with pytest.raises(AgreementError, match="--replace"):
        write_agreements(imported, tmp_path / "agreements")


def test_a_row_is_a_dataset_with_its_fields_by_use(register):
    rows = {row["dataset"]: row for row in csv.DictReader(register.open())}
    assert rows["discharge_events"]["pseudonym"] == "spell_id"
    assert rows["discharge_events"]["identifier"] == ""
    assert rows["discharge_events"]["frequency"] == "monthly"


def test_a_cell_that_a_spreadsheet_would_run_is_made_inert_and_comes_back(agreement, tmp_path):
    odd = agreement.model_copy(update={"title": "=HYPERLINK(1)"})
    path = tmp_path / "register.csv"
    path.write_text(export_register([odd]))
    assert "'=HYPERLINK(1)" in path.read_text()
    assert import_register(path)[0].title == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("row", "cells", "says"),
    [
        (1, {"title": "Other"}, "row 3: the column title differs from row 2"),
        (0, {"starts": "1/4/2021"}, "row 2: the column starts must be a date such as 2021-04-01"),
        (0, {"parties": "county_council"}, "row 2: the column parties must hold on each line: par"),
        (0, {"outcome": "ward"}, "the field ward stands under attribute and under outcome"),
        (
            0,
            {"outcome": "warrd"},
            "agreement patient_flow: datasets.hospital_spells.warrd: no such",
        ),
        (1, {"dataset": "hospital_spells"}, "row 3: the dataset hospital_spells stands twice"),
        (0, {"frequency": "often"}, "flows.hospital_spells.frequency"),
    ],
)
def test_a_faulty_register_is_refused_with_file_row_and_column(register, row, cells, says):
    change(register, row, **cells)
    with pytest.raises(AgreementError) as refusal:
        import_register(register)
    said = str(refusal.value)
    assert said.startswith("register.csv")
    assert says.removeprefix("agreement patient_flow: ") in said


def test_a_register_without_a_column_is_refused(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text("agreement,title\npatient_flow,T\n")
    with pytest.raises(AgreementError, match=r"lacks the columns parties, purposes"):
        import_register(path)
