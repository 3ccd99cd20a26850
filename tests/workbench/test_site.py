"""The front page: every question with its last complete answer, and no run that is not complete."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup, Tag

from tests.workbench import executed, history
from woda_lib.partners import CONTRACTS
from woda_lib.records import Manifest, RunFolder, StepRecord, write_json
from woda_lib.records import standing as releases_room
from woda_lib.settings import Settings
from woda_lib.workbench.review import index
from woda_lib.workbench.review.answers import answer_paragraphs
from woda_lib.workbench.review.site import SiteError, build_site


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A workbench with two questions, neither run yet."""
    parameters = tmp_path / "parameters"
    parameters.mkdir()
    (tmp_path / "notebooks").mkdir()
    flow = executed.PILOT.model_dump(mode="json")
    assets = flow | {
        "pilot": "asset_map",
        "title": "Asset map",
        "question": "Which buildings could be <shared>?",
    }
    for pilot in (flow, assets):
        path = parameters / f"{pilot['pilot']}.yaml"
        path.write_text(yaml.safe_dump(pilot), encoding="utf-8")
    return Settings(root=tmp_path, outputs=tmp_path / "outputs")


def add_run(
    settings: Settings, name: str, *, answer: str = "", synthetic: bool = True
) -> RunFolder:
    run = RunFolder(settings.outputs_folder / "patient_flow" / name)
    records = [executed.step_record(step, synthetic=synthetic) for step in ("1_link", "2_evaluate")]
    if answer:
        records[-1] = StepRecord.model_validate(records[-1].model_dump() | {"answer": answer})
    for record in records:
        run.path.mkdir(parents=True, exist_ok=True)
        run.report(record.step).write_text("a report", encoding="utf-8")
    write_json(run.manifest, executed.manifest(name, *records))
    return run


def front_page(settings: Settings) -> BeautifulSoup:
    page = build_site(settings)
    assert page == settings.outputs_folder / "site" / "index.html"
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def said(page: Tag, selector: str) -> str:
    found = page.select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text().split())


def test_a_question_that_never_ran_says_so_and_how_to_run_it(settings: Settings) -> None:
    page = front_page(settings)
    assert said(page, "#patient_flow .said") == "This question has not been run yet."
    assert "woda run patient_flow" in said(page, "#patient_flow")
    assert said(page, "#patient_flow .state") == "Never run"
    assert said(page, ".states") == "2 never run Asset map, Patient flow"
    assert page.select(".questions a") == []
    assert "Which buildings could be <shared>?" in said(page, "#asset_map h2")


def test_the_last_complete_run_is_shown_with_its_answer_values_and_reports(
    settings: Settings,
) -> None:
    older, newest = "2026-11-17T06-00-00-aaaa", "2026-11-18T06-00-00-bbbb"
    add_run(settings, older, answer="An older answer.")
    add_run(settings, newest)
    add_run(settings, "2026-11-19T06-00-00-cccc", answer="Half a run.").manifest.unlink()
    add_run(settings, ".2026-11-20T06-00-00-dddd.partial", answer="A run in the making.")
    add_run(settings, "draft", answer="A draft.")
    page = front_page(settings)
    assert said(page, "#patient_flow .said").startswith(
        "The pathway saved 2.7 days (95% interval 2.1 to 3.3)"
    )
    assert [bold.get_text() for bold in page.select(".said strong")] == ["2.7 days", "£153,000"]
    values = [
        (said(value, "h3"), said(value, ".now b"), said(value, ".range"))
        for value in page.select("#patient_flow .value")
    ]
    assert values == [
        ("Days saved", "2.7 days", "95% interval 2.1 to 3.3"),
        ("Cost avoided per month", "£153,000", "95% interval £119,000 to £187,000"),
        ("Linkage rate", "93.1%", "95% interval 92.6 to 93.5"),
    ]
    assert [link["href"] for link in page.select("#patient_flow a")] == [
        f"../patient_flow/{newest}/2_evaluate.html",
        f"../patient_flow/{newest}/1_link.html",
        f"../patient_flow/{newest}/2_evaluate.html",
        *[f"patient_flow/{older}..{newest}.html"] * 3,
        "patient_flow/versions.html",
    ]
    for link in page.select("#patient_flow a"):
        assert (settings.outputs_folder / "site" / str(link["href"])).resolve().is_file()
    assert "Run 18 Nov 2026, on data up to 31 Mar 2025, synthetic" in said(
        page, "#patient_flow .standing"
    )


def test_answered_questions_come_first(settings: Settings) -> None:
    add_run(settings, "2026-11-18T06-00-00-bbbb")
    page = front_page(settings)
    assert [item["id"] for item in page.select(".questions > li")] == ["patient_flow", "asset_map"]


def test_a_damaged_manifest_is_named_and_does_not_hide_the_run_before_it(
    settings: Settings,
) -> None:
    add_run(settings, "2026-11-17T06-00-00-aaaa", answer="It <strong>stands</strong>.")
    damaged = add_run(settings, "2026-11-18T06-00-00-bbbb")
    damaged.manifest.write_text("{}", encoding="utf-8")
    page = front_page(settings)
    assert said(page, "#patient_flow .said") == "It stands."
    assert said(page, "#patient_flow .warning") == (
        "Cannot be read: run 2026-11-18T06-00-00-bbbb. What is shown is the last one that can. "
        "Run the pilot again, or remove its folder."
    )


@pytest.mark.parametrize("synthetic", [True, False])
def test_made_up_data_are_announced(settings: Settings, synthetic: bool) -> None:
    add_run(settings, "2026-11-18T06-00-00-bbbb", synthetic=synthetic)
    assert (front_page(settings).select_one(".synthetic") is not None) is synthetic


def test_an_answer_keeps_bold_and_nothing_else() -> None:
    answer = "A <strong>b</strong> &lt;i&gt; &amp; <em>c</em><script>d</script>\n\nSo what."
    assert answer_paragraphs(answer) == [
        "A <strong>b</strong> &lt;i&gt; &amp; &lt;em&gt;c&lt;/em&gt;&lt;script&gt;d&lt;/script&gt;",
        "So what.",
    ]


def test_after_one_more_run_only_its_manifest_and_its_pages_are_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilots = ("patient_flow", "asset_map", "single_view", "register", "triage", "roadmap", "plan")
    settings = history.workbench(tmp_path / "checkout", *pilots)
    for number in range(500):
        pilot = pilots[number % len(pilots)]
        history.add_run(settings, number, 2 + number % 9 / 10, pilot=pilot, write_reports=False)
    page = build_site(settings)
    assert page.stat().st_size < 300_000

    before = {path: path.stat().st_ino for path in page.parent.rglob("*.html")}
    opened: list[str] = []
    read = index.read_manifest

    def noted(run: RunFolder) -> Manifest:
        opened.append(run.path.name)
        return read(run)

    monkeypatch.setattr(index, "read_manifest", noted)
    history.add_run(settings, 500, 2.7, pilot="plan", write_reports=False)
    build_site(settings)
    assert opened == [history.run_name(500)]
    written = {path for path, inode in before.items() if path.stat().st_ino != inode}
    assert written == {
        page,
        page.parent / "lineage.html",
        page.parent / "pack.html",
        page.parent / "plan" / "versions.html",
    }
    old, new = (history.run_name(number) for number in (496, 500))
    assert (page.parent / "plan" / f"{old}..{new}.html").is_file()
    assert page.stat().st_size < 300_000


def test_a_whole_rebuild_reads_every_run_again(settings: Settings) -> None:
    run = add_run(settings, "2026-11-18T06-00-00-bbbb")
    build_site(settings)
    old = run.manifest.stat()
    text = run.manifest.read_text(encoding="utf-8")
    run.manifest.write_text(text.replace("The pathway", "Our pathway"), encoding="utf-8")
    os.utime(run.manifest, ns=(old.st_atime_ns, old.st_mtime_ns))
    assert "The pathway saved" in build_site(settings).read_text(encoding="utf-8")
    whole = build_site(settings, whole=True)
    assert "Our pathway saved" in whole.read_text(encoding="utf-8")


def test_a_site_that_cannot_be_written_says_so(settings: Settings) -> None:
    settings.outputs_folder.mkdir()
    (settings.outputs_folder / "site").write_text("in the way")
    with pytest.raises(SiteError, match="Complete runs are not touched"):
        build_site(settings)


def test_nothing_half_made_is_left_beside_the_pages(settings: Settings) -> None:
    add_run(settings, "2026-11-18T06-00-00-bbbb")
    site = build_site(settings).parent
    assert [path for path in site.rglob(".*") if path.is_file()] == []


def test_the_page_of_versions_lists_every_run_and_release_with_how_it_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = history.workbench(tmp_path / "checkout")
    for number, days in enumerate((1.0, 2.4, 2.7)):
        history.add_run(settings, number, days, data=str(number))
    made = [
        history.release_of_run(settings, "1.0", 0, state="withdrawn", why="a ward was missing"),
        history.release_of_run(settings, "1.1", 2, signers=("Imogen Quill", "Marcus Ledger")),
    ]
    monkeypatch.setattr(releases_room, "release_standings", lambda *_: made)
    path = build_site(settings).parent / "patient_flow" / "versions.html"
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    releases, runs = (
        [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in rows]
        for rows in (table.select("tbody tr") for table in page.select("table"))
    )
    assert [row[0] for row in releases] == ["1.1", "1.0"]
    assert releases[0][3:5] == [
        "2.7 days 2.1 to 3.3",
        "▲ up 1.7 days (0.9 to 2.5), more than chance",
    ]
    assert "Imogen Quill" in releases[0][1]
    assert "Withdrawn a ward was missing" in releases[1][1]
    assert [row[2] for row in runs] == [
        "2.7 days 2.1 to 3.3",
        "2.4 days 1.8 to 3.0",
        "1.0 days 0.4 to 1.6",
    ]
    links = [str(link["href"]) for link in page.select("table a")]
    assert [link for link in links if ".." in link.removeprefix("../../")] == [
        f"{history.run_name(1)}..{history.run_name(2)}.html"
    ]
    assert len(links) == 4
    for link in links:
        assert (path.parent / link).resolve().is_file()


def test_one_version_alone_is_compared_with_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = history.workbench(tmp_path / "checkout")
    history.add_run(settings, 0, 2.7, data="0")
    made = [history.release_of_run(settings, "1.0", 0, signers=("Imogen Quill",))]
    monkeypatch.setattr(releases_room, "release_standings", lambda *_: made)
    path = build_site(settings).parent / "patient_flow" / "versions.html"
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    assert "Since the one before" not in page.text
    for table in page.select("table"):
        assert len(table.select("thead th")) == len(table.select("tbody tr > *"))


def test_one_version_has_no_columns_of_moves_and_links_its_pdf_once_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = history.workbench(tmp_path / "checkout")
    history.add_run(settings, 0, 1.0)
    made = [history.release_of_run(settings, "1.0", 0, signers=("Imogen Quill", "Marcus Ledger"))]
    monkeypatch.setattr(releases_room, "release_standings", lambda *_: made)

    def pages() -> list[BeautifulSoup]:
        site = build_site(settings).parent
        found = (site / name for name in ("patient_flow/versions.html", "index.html", "pack.html"))
        return [BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in found]

    versions, *_ = before = pages()
    heads = [[head.get_text() for head in table.select("th[scope=col]")] for table in
             versions.select("table")]  # fmt: skip
    assert heads == [
        ["Version", "How it stands", "Released", "Days saved"],
        ["Run", "Data up to", "Days saved", "Steps"],
    ]
    assert all(not page.select("a[href$='.pdf']") for page in before)
    site = settings.outputs_folder / "site"
    for name in ("patient_flow/1.0.pdf", "pack.pdf"):
        (site / name).write_bytes(b"%PDF-1.7")
    links = [[str(link["href"]) for link in page.select("a[href$='.pdf']")] for page in pages()]
    assert links == [["1.0.pdf"], ["patient_flow/1.0.pdf"], ["pack.pdf"]]


AGREEMENT = yaml.safe_load(
    (Path(__file__).parents[2] / "parameters" / "agreements" / "patient_flow.yaml").read_text()
)


def sharing_page(settings: Settings) -> BeautifulSoup:
    page = build_site(settings).parent / "agreements.html"
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def test_a_page_says_which_report_uses_which_agreement_dataset_and_field(
    settings: Settings,
) -> None:
    name = executed.PILOT.agreement
    folder = settings.agreements_folder
    folder.mkdir(parents=True)
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(AGREEMENT | {"id": name}))
    run = add_run(settings, "2026-11-18T06-00-00-0001")
    handed = executed.step_record("2_evaluate").model_copy(
        update={
            "fields": {"hospital_spells": ("spell_id", "discharge_date")},
            "opt_outs": "Opt-outs left out 12 rows of hospital_spells.",
        }
    )
    records = [executed.step_record("1_link"), handed]
    write_json(run.manifest, executed.manifest(run.path.name, *records))
    page = sharing_page(settings)
    row = next(row for row in page.select("tbody tr") if "12 rows" in row.get_text())
    link = row.select_one("a")
    assert link is not None
    assert (settings.outputs_folder / "site" / str(link["href"])).resolve().is_file()
    assert said(row, "td:nth-of-type(3)") == "Pseudonym: spell_idOutcome: discharge_date"
    assert "Service evaluation" in row.get_text()
    assert "Hospital stays" in row.get_text()
    assert "Worcestershire Acute Hospitals (joint controller)" in page.get_text()
    assert "review by 31 March 2030" in page.get_text()


def test_an_agreement_that_cannot_be_read_does_not_take_the_site_with_it(
    settings: Settings,
) -> None:
    page = sharing_page(settings)
    assert said(page, ".warning").startswith("Cannot be read: There is no agreement")


def dictionary_page(settings: Settings) -> BeautifulSoup:
    page = build_site(settings).parent / "dictionary.html"
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def test_the_dictionary_says_of_each_column_what_it_is_and_who_may_read_it(
    settings: Settings,
) -> None:
    folder = settings.agreements_folder
    folder.mkdir(parents=True)
    (folder / "patient_flow.yaml").write_text(yaml.safe_dump(AGREEMENT))
    (folder / "torn.yaml").write_text("id: torn\n")
    page = dictionary_page(settings)
    section = page.select_one("#hospital_spells")
    assert section is not None
    rows = {said(row, "th code"): row for row in section.select("[data-row]")}
    assert list(rows) == list(CONTRACTS["hospital_spells"].columns)
    number = rows["nhs_number"].get_text(" ", strip=True)
    assert number.startswith("nhs_number NHS number, may be blank Personal")
    assert number.endswith("Patient flow: identifier, for linkage")
    assert rows["ethnic_group"].get_text(" ", strip=True).endswith("Nobody")
    rules = section.select_one("[data-rules]")
    assert rules is not None
    assert "A stay does not end before it begins." in rules.get_text()
    links = [link["href"] for link in page.select(".contents a")]
    groups = [group.get_text(" ", strip=True) for group in page.select(".contents [data-group]")]
    assert any(said.startswith("West Mercia Police in reports: Police ") for said in groups)
    assert said(page, "#h-marac_cases").startswith("MARAC cases ")
    assert "#hospital_spells" in links
    assert all(page.select_one(str(link)) for link in links)
    assert said(page, ".warning").startswith(
        "Cannot be read: torn.yaml"
    )  # and the others are there
