"""A report: the answer first, nothing foreign, nothing that runs or fetches, all traceable."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.workbench import executed
from woda_lib.records import StepMade, StepRecord
from woda_lib.workbench.review.fragments import UnsafeOutput, checked_fragment, is_local
from woda_lib.workbench.review.prose import Heading, highlight_code, read_markdown
from woda_lib.workbench.review.reading import ReportError
from woda_lib.workbench.review.report import render_report


def render(
    folder: Path,
    notebook: nbformat.NotebookNode | None = None,
    *,
    record: StepRecord | None = None,
    commit: str | None = "4f2c91e" + "0" * 33,
    dirty: bool | None = False,
    made: StepMade | None = None,
    author: str = "",
) -> str:
    run = folder / "outputs" / "patient_flow" / ".2026-11-18T06-00-02-a1b2.partial"
    content = executed.whole_notebook() if notebook is None else notebook
    target = run / "2_evaluate.html"
    render_report(
        executed.write_notebook(run / "2_evaluate.ipynb", content),
        target,
        record=record or executed.step_record(),
        pilot=executed.PILOT,
        commit=commit,
        dirty=dirty,
        lock_sha256="7be1" * 16,
        steps=executed.PILOT.steps,
        made=made,
        author=author,
    )
    assert [path.name for path in run.iterdir() if path.suffix == ".partial"] == []
    return target.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def page(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def texts(page: BeautifulSoup, selector: str) -> list[str]:
    return [" ".join(found.get_text().split()) for found in page.select(selector)]


def provenance(page: BeautifulSoup) -> str:
    section = page.select_one("#provenance")
    assert section is not None
    return re.sub(r" ([,;])", r"\1", " ".join(section.get_text(" ").split()))


class TestOrder:
    def test_the_question_then_the_answer_then_the_facts_then_the_contents_then_the_work(
        self, html: str
    ) -> None:
        marks = (
            "<h1>",
            'class="say"',
            'id="f-days_by_month"',
            'class="facts"',
            'class="contents"',
            'id="about"',
            'id="s-what-we-loaded"',
            'id="provenance"',
        )
        places = [html.index(mark) for mark in marks]
        assert places == sorted(places)

    def test_the_one_first_level_heading_is_the_notebooks_question(
        self, page: BeautifulSoup
    ) -> None:
        assert texts(page, "h1") == [executed.QUESTION]

    def test_sections_and_contents_agree_and_a_repeated_heading_gets_its_own_place(
        self, page: BeautifulSoup
    ) -> None:
        anchors = [
            str(link["href"]) for link in page.select(".contents a") if "#" in str(link["href"])
        ]
        assert anchors == [
            "#answer",
            "#about",
            "#s-what-we-loaded",
            "#s-the-primary-result",
            "#s-who-gained",
            "#s-who-gained-2",
            "#s-a-second-title",
            "#provenance",
            "#versions",
        ]
        assert all(len(page.select(anchor)) == 1 for anchor in anchors)

    def test_no_two_elements_share_an_identifier(self, page: BeautifulSoup) -> None:
        identifiers = [element["id"] for element in page.select("[id]")]
        assert len(identifiers) == len(set(identifiers))

    def test_a_figure_of_the_answer_is_drawn_once_and_pointed_to_where_it_was_made(
        self, page: BeautifulSoup
    ) -> None:
        assert len(page.select("figure")) == 1
        assert page.select_one("#answer figure") is not None
        assert texts(page, "#s-the-primary-result .pointer") == ["Figure 1 stands with the answer."]

    def test_figures_are_numbered_as_a_reader_meets_them(self, tmp_path: Path) -> None:
        second = executed.figure().replace("days_by_month", "wait")
        second = second.replace("Figure 1", "Figure 2").replace("figure 1", "figure 2")
        begun = executed.made("answer", "2_evaluate", executed.answer(second))
        shown = (
            executed.made("figure", "days_by_month", executed.figure()),
            executed.made("figure", "wait", second),
        )
        html = render(tmp_path, executed.notebook(executed.code("a", begun, *shown)))
        page = BeautifulSoup(html, "html.parser")
        assert texts(page, "figcaption b") == ["Figure 1.", "Figure 2."]
        assert texts(page, "figcaption .vh") == ["of figure 1", "of figure 2"]
        assert [one["id"] for one in page.select("figcaption")] == ["f-wait", "f-days_by_month"]
        assert texts(page, "#about .pointer") == ["Figure 1 stands with the answer."]

    def test_a_table_of_the_answer_is_shown_once_too(self, tmp_path: Path) -> None:
        answer = executed.made("answer", "2_evaluate", executed.answer(executed.hostile_table()))
        shown = executed.made("table", "days_by_district", executed.hostile_table())
        html = render(tmp_path, executed.notebook(executed.code("a", answer, shown)))
        page = BeautifulSoup(html, "html.parser")
        assert len(page.select("#t-days_by_district")) == 1
        assert texts(page, "#about .pointer") == ["Table 1 stands with the answer."]

    def test_the_headline_values_stand_under_the_answer_and_where_neighbours_join(
        self, page: BeautifulSoup
    ) -> None:
        assert texts(page, "#answer .facts dt") == [
            "Days saved",
            "Cost avoided per month",
            "Linkage rate",
        ]
        assert len(page.select("#s-the-primary-result .facts")) == 1
        assert len(page.select("#s-the-primary-result .facts > div")) == 2

    def test_beyond_the_first_six_values_are_folded_and_stand_in_the_work_as_before(
        self, tmp_path: Path
    ) -> None:
        tiles = [
            executed.made("value", name, f'<dl class="facts"><div><dt>{name}</dt></div></dl>')
            for name in "abcdefgh"
        ]
        html = render(tmp_path, executed.notebook(executed.code("run.value(…)", *tiles)))
        page = BeautifulSoup(html, "html.parser")
        assert texts(page, "#answer > .facts dt") == list("abcdef")
        assert texts(page, "#answer > .more summary") == ["2 more values"]
        assert texts(page, "#answer > .more dt") == ["g", "h"]
        assert texts(page, "#about .facts dt") == list("abcdefgh")

    def test_a_notebook_without_an_answer_output_shows_the_recorded_answer(
        self, tmp_path: Path
    ) -> None:
        html = render(tmp_path, executed.notebook(executed.text("# Why?")))
        assert "<strong>2.7 days</strong> (95% interval" in html
        assert "frees beds &amp; shortens" in html


class TestSafety:
    def test_what_no_verb_of_the_run_made_is_left_out(self, html: str) -> None:
        assert "FOREIGN" not in html
        assert "FOOTER of the notebook" not in html  # the record says it better

    def test_scripts_in_prose_and_in_cells_are_words(self, page: BeautifulSoup) -> None:
        assert len(page.select("script")) == 1
        assert "<script>alert('prose')</script>" in page.get_text()
        assert "<script>alert('cell')</script>" in texts(page, "tbody th")
        assert not [name for tag in page.find_all() for name in tag.attrs if name.startswith("on")]

    def test_no_address_of_any_host_is_left_but_as_words(self, page: BeautifulSoup) -> None:
        addresses = [
            f"{tag.name} {name}={value}"
            for tag in page.find_all()
            for name, value in tag.attrs.items()
            if name != "xmlns"
            and re.search(r"https?:|//", str(value).replace("data:image/svg", ""))
        ]
        icon = [address for address in addresses if address.startswith("link href=data:,")]
        assert [a for a in addresses if a not in icon and "www.w3.org/2000/svg" not in a] == []
        assert "http" not in page.select_one("style").get_text()  # type: ignore[union-attr]
        assert "the standard (https://example.org/standard)" in page.get_text()
        assert "Picture left out: a remote picture." in page.get_text()

    def test_every_link_leads_to_this_page_or_this_folder_of_results(
        self, page: BeautifulSoup
    ) -> None:
        links = {str(link["href"]) for link in page.select("a")}
        assert {link for link in links if not link.startswith("#")} == {
            "../../site/index.html",
            "../../site/index.html#patient_flow",
            "../../site/agreements.html",
            "../../site/dictionary.html",
            "../../site/lineage.html",
            "../../site/pack.html",
            "../../site/patient_flow/versions.html",
            "1_link.html",
            "1_link.html#how",
            "2_evaluate.html",
            "3_flow_board.html",
            "shown/2_evaluate/days_by_district.csv",
            "shown/2_evaluate/days_by_month.csv",
        }
        inside = [link for link in links if link.startswith("#")]
        assert all(page.select_one(link) for link in inside)

    def test_the_policy_lets_only_this_pages_own_script_run_and_fetches_nothing(
        self, page: BeautifulSoup
    ) -> None:
        script = page.select_one("script").get_text()  # type: ignore[union-attr]
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        policy = page.select_one("meta[http-equiv]")["content"]  # type: ignore[index]
        assert "default-src 'none'" in policy
        assert f"script-src 'sha256-{digest}'" in policy

    @pytest.mark.parametrize(
        ("fragment", "culprit"),
        [
            ("<p>a<script>alert(1)</script></p>", "<script>"),
            ("<iframe srcdoc='x'></iframe>", "<iframe>"),
            ("<svg><foreignObject></foreignObject></svg>", "<foreignobject>"),
            ("<svg><style>*{color:red}</style></svg>", "<style>"),
            ("<svg onload='alert(1)'></svg>", "onload"),
            ("<img src='http://example.org/x.png'>", "src"),
            ("<a href='//example.org'>x</a>", "href"),
            ("<a href=' java\tscript:alert(1)'>x</a>", "href"),
            ("<svg><use xlink:href='https://example.org/#a'/></svg>", "xlink:href"),
            ("<p style='background: url(https://example.org)'>x</p>", "style"),
            ("<svg><path fill='URL( \"x.svg#a\")'/></svg>", "fill"),
            ("<!DOCTYPE html><p>x</p>", "declaration"),
        ],
    )
    def test_an_output_that_could_run_or_fetch_is_refused_by_cell_and_reason(
        self, fragment: str, culprit: str
    ) -> None:
        with pytest.raises(UnsafeOutput, match=r"^The output 'x' of cell 9 holds") as refused:
            checked_fragment(fragment, where="The output 'x' of cell 9")
        assert culprit in str(refused.value)

    def test_what_the_house_makes_is_not_refused(self) -> None:
        for fragment in (
            executed.answer(executed.figure()),
            executed.hostile_table(),
            '<svg><path clip-path="url(#a)"/><use href="#b"/></svg>',
            '<img alt="a url(x) in words" src="data:image/png;base64,AAAA">',
        ):
            assert checked_fragment(fragment, where="x") == fragment

    def test_a_tampered_notebook_leaves_no_report(self, tmp_path: Path) -> None:
        tampered = executed.notebook(
            executed.text("# Why?"),
            executed.code("run.show(t)", executed.made("table", "t", "<script>1</script>")),
        )
        with pytest.raises(UnsafeOutput, match="The output 't' of cell 2"):
            render(tmp_path, tampered)
        assert list(tmp_path.rglob("*.html")) == []

    def test_a_file_that_is_no_notebook_is_named(self, tmp_path: Path) -> None:
        broken = tmp_path / "2_evaluate.ipynb"
        broken.write_text("{", encoding="utf-8")
        with pytest.raises(ReportError, match=r"2_evaluate\.ipynb is not a notebook"):
            render_report(
                broken,
                tmp_path / "2_evaluate.html",
                record=executed.step_record(),
                pilot=executed.PILOT,
                commit=None,
                dirty=None,
                lock_sha256="0" * 64,
                steps=(),
            )

    @pytest.mark.parametrize(
        ("address", "local"),
        [
            ("#part", True),
            ("1_link.html", True),
            ("shown/a.csv", True),
            ("../../site/index.html", True),
            ("https://example.org", False),
            ("//example.org", False),
            ("\\\\host\\share", False),
            ("/etc/passwd", False),
            ("mailto:a", False),
            ("\x01javascript:alert(1)", False),
        ],
    )
    def test_local_means_this_page_or_a_relative_path(self, address: str, local: bool) -> None:
        assert is_local(address) is local


class TestReading:
    def test_every_figure_says_in_words_what_it_shows(self, page: BeautifulSoup) -> None:
        drawings = page.select("figure svg")
        assert [drawing["aria-label"] for drawing in drawings] == [executed.ALT, executed.ALT]
        assert all(drawing["role"] == "img" for drawing in drawings)

    def test_parameters_are_a_table_that_says_what_was_changed(self, page: BeautifulSoup) -> None:
        rows = [
            [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")]
            for row in page.select(".settings tbody tr")
        ]
        assert rows == [
            ["bed_day_cost", "350 changed from 306", "£ a bed-day", "Average cost, 2015/16."],
            ["go_live", "2023-10-01", "", "First day of the new pathway."],
        ]

    def test_code_is_folded_at_the_end_of_its_section_and_numbered_as_in_jupyterlab(
        self, page: BeautifulSoup
    ) -> None:
        opening = page.select("#about details.code .cell")
        assert [cell["aria-label"] for cell in opening] == [
            "Code of cell 2",
            "Code of cell 3",
        ]
        assert not page.select("details.code[open]")
        assert "run.load('hospital_spells')" in page.select("details.code")[1].get_text()
        assert page.select(".body pre")[0].find_parent("details") is not None

    def test_the_provenance_section_names_code_data_agreement_and_rows(
        self, page: BeautifulSoup
    ) -> None:
        said = provenance(page)
        for words in (
            "patient_flow/2026-11-18T06-00-02-a1b2",
            "step 2_evaluate, 18 November 2026, 06:00 UTC, 1 min 3 s",
            "commit 4f2c91e0, clean",
            "SHA-256 7be17be1",
            "31 March 2025, synthetic",
            "patient_flow_2026, for service evaluation",
            "20260101",
            "Parameters bed_day_cost 350, go_live 2023-10-01",
            "Quarantined 312 rows of 61,204 delivered",
            "1 table or figure passed the gate, 2 cells withheld",
            "hospital_spells: 12 files, 1.4 MB",
            "referral_spells.parquet, SHA-256 ab12ab12",
            "61,204 60,700 180 12 312",
        ):
            assert words in said

    def test_a_step_that_was_taken_over_says_which_run_executed_it(self, tmp_path: Path) -> None:
        earlier = StepMade(run_id="2026-11-11T06-00-00-0001", reasons=("never run",))
        said = provenance(BeautifulSoup(render(tmp_path, made=earlier), "html.parser"))
        assert "Executed by run patient_flow/2026-11-11T06-00-00-0001; its results" in said
        assert "never run" not in said

    def test_a_step_that_ran_says_why_and_by_whom(self, tmp_path: Path) -> None:
        made = StepMade(run_id="2026-11-18T06-00-02-a1b2", reasons=("bed_day_cost 306 → 350",))
        page = render(tmp_path, made=made, author="Ada Plumb")
        said = provenance(BeautifulSoup(page, "html.parser"))
        assert "by Ada Plumb" in said
        assert "Executed because bed_day_cost 306 → 350" in said

    def test_uncommitted_changes_and_no_checkout_are_said(self, tmp_path: Path) -> None:
        assert "changes that were not committed" in render(tmp_path, dirty=True)
        assert "no commit is known" in render(tmp_path, commit=None, dirty=None)

    def test_made_up_data_are_announced_at_the_top_and_on_every_printed_sheet(
        self, html: str, tmp_path: Path
    ) -> None:
        real = render(tmp_path, record=executed.step_record(synthetic=False))
        for marked in ('<p class="synthetic">', "@bottom-left { content:"):
            assert marked in html
            assert marked not in real

    def test_the_other_steps_of_the_run_are_linked_by_their_questions(
        self, page: BeautifulSoup
    ) -> None:
        assert texts(page, ".onward a") == [
            "Which council referral belongs to which hospital stay?",
            "Who is waiting, where, and for what?",
        ]
        assert texts(page, ".steps [aria-current]") == ["2. Evaluate"]

    def test_the_same_notebook_gives_the_same_bytes(self, html: str, tmp_path: Path) -> None:
        assert render(tmp_path) == html


class TestProse:
    def test_headings_of_two_levels_divide_and_deeper_ones_do_not(self) -> None:
        parts = read_markdown("# A *b*\n\nc\n\n## D & e\n\n### f\n\ng")
        assert parts == [
            Heading(1, "A <em>b</em>"),
            "<p>c</p>",
            Heading(2, "D &amp; e"),
            "<h3>f</h3>\n<p>g</p>",
        ]
        assert Heading(2, "D &amp; <em>e</em>").text == "D & e"

    def test_a_picture_held_in_the_text_is_shown_and_a_number_column_is_one(self) -> None:
        (picture,) = read_markdown("![dot](data:image/png;base64,AAAA)")
        assert picture == '<p><img src="data:image/png;base64,AAAA" alt="dot"></p>'
        (table,) = read_markdown("| a | b |\n|---|--:|\n| c | 1 |")
        assert '<th scope="col" class="n">b</th>' in str(table)

    def test_code_keeps_its_characters_and_gains_classes(self) -> None:
        html = highlight_code('if a < "b":  # c\n    pass')
        assert BeautifulSoup(f"<pre>{html}</pre>", "html.parser").get_text() == (
            'if a < "b":  # c\n    pass'
        )
        assert '<span class="hl-k">if</span>' in html


FRAME = (
    '<iframe class="live" src="shown/1_map/where.html" sandbox="allow-scripts allow-downloads" '
    'loading="lazy" title="Most live in A." style="height:560px"></iframe>'
)


def test_a_map_stands_in_a_frame_that_is_shut_off():
    assert checked_fragment(FRAME, where="here") == FRAME


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("allow-scripts ", "allow-scripts allow-same-origin "),
        (' sandbox="allow-scripts allow-downloads"', ""),
        ("shown/1_map/where.html", "https://example.org/where.html"),
        ("shown/1_map/where.html", "shown/../../other/where.html"),
        ("shown/1_map/where.html", "data:text/html,x"),
        ('title="Most live in A."', 'title=""'),
        ("loading=", 'srcdoc="x" loading='),
        ("loading=", 'allow="geolocation" loading='),
    ],
)
def test_no_other_frame_may_stand_in_a_report(was, becomes):
    with pytest.raises(UnsafeOutput, match=r"an? <iframe> element|the attribute"):
        checked_fragment(FRAME.replace(was, becomes), where="here")


def test_a_report_with_a_map_lets_files_beside_it_be_framed_and_no_other_does(tmp_path, html):
    figure = f'<figure class="picture map"><figcaption id="m-where">x</figcaption>{FRAME}</figure>'
    cell = executed.code("run.show(a_map)", executed.made("map", "where", figure))
    with_map = render(tmp_path, executed.notebook(executed.text("# Where?"), cell))
    assert "; frame-src &#39;self&#39; file:" in with_map
    assert "frame-src" not in html
