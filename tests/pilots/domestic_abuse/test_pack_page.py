"""The pack's page: what stands where, what it never holds, and that nothing can be put into it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup, Tag

from tests.pilots.domestic_abuse.made_up_pack import AWKWARD, BARE, HEBREW, LONG, PACK, WHOLE
from woda_lib.partners.documents import OPENED, require_place
from woda_lib.pilots.domestic_abuse.card_lines import FlagLine, WholeText, Words
from woda_lib.pilots.domestic_abuse.pack import pack_page
from woda_lib.pilots.domestic_abuse.pack.overview import look_over
from woda_lib.pilots.domestic_abuse.pack.whole_texts import Piece, cut_up


@pytest.fixture(scope="module")
def html() -> str:
    return pack_page(PACK)


@pytest.fixture(scope="module")
def page(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def said(element: Tag | None) -> str:
    """What a reader reads, with runs of blanks as one."""
    assert element is not None
    return " ".join(element.get_text().split())


def section(page: BeautifulSoup, card: int, title: str) -> Tag:
    """A card's section of that title."""
    for heading in page.select(f"#card-{card} h3"):
        if said(heading) == title:
            assert heading.parent is not None
            return heading.parent
    raise AssertionError(f"card {card} has no section {title!r}")


class TestThePage:
    def test_who_opened_it_has_one_place_in_the_restricted_banner(
        self, html: str, page: BeautifulSoup
    ) -> None:
        require_place(html, "pack")
        banner = str(page.select_one("header .restricted"))
        assert OPENED in banner
        assert "Restricted: names people" in banner
        assert "under the agreement domestic abuse" in banner

    def test_it_holds_no_address_and_fetches_nothing(self, html: str, page: BeautifulSoup) -> None:
        address = r"(?i)\b(?:https?|ftp|wss?|file)://|(?<=[\"'(])//|@import|url\("
        assert re.findall(address, html) == []
        for attribute in ("src", "href", "srcset", "action", "poster"):
            for element in page.select(f"[{attribute}]"):
                assert str(element[attribute]).startswith("#") or element["href"] == "data:,"
        script = page.select_one("script")
        assert script is not None and len(page.select("script")) == 1
        digest = base64.b64encode(hashlib.sha256(script.get_text().encode()).digest()).decode()
        policy = page.select_one("meta[http-equiv]")["content"]
        assert policy.startswith("default-src 'none'; ")
        assert f"script-src 'sha256-{digest}'" in policy

    def test_every_way_on_the_page_leads_somewhere(self, page: BeautifulSoup) -> None:
        names = {element["id"] for element in page.select("[id]")}
        assert len(names) == len(page.select("[id]"))
        ways = {str(a["href"])[1:] for a in page.select("a[href], use[href]")}
        assert ways <= names
        first, second = ([a["href"] for a in page.select(f"#card-{n} .way a")] for n in (1, 2))
        assert first == ["#card-2", "#cards"]
        assert second == ["#card-1", "#card-3", "#cards"]

    def test_its_title_names_nobody(self, page: BeautifulSoup) -> None:
        # A browser keeps titles in its history, and shows them in lists of windows.
        assert said(page.select_one("title")) == "Triage pack of 31 March 2025 (restricted)"

    def test_no_card_speaks_of_a_score_or_ranks_anybody(self, page: BeautifulSoup) -> None:
        for card in page.select("article.card"):
            words = said(card).lower()
            found = re.findall(
                r"scor\w*|rating|points?|\brank\w*|likelihood of|high[- ]risk", words
            )
            assert found == []
        assert "no score decides or is shown" in said(page.select_one("#about"))

    def test_every_sheet_says_that_it_is_restricted_and_whether_made_up(self, html: str) -> None:
        sheet = html[html.index("@top-left") :]
        assert 'content: "Restricted: names people.' in html
        assert "card 2 of 3" in sheet
        assert 'content: "Synthetic data: a county that never was"' in html
        real = pack_page(replace(PACK, synthetic=False))
        assert "Synthetic" not in real.replace(".synthetic", "")
        assert "made up" not in real


class TestWhatIsWrittenIntoIt:
    def test_nothing_that_people_wrote_becomes_markup(self, html: str, page: BeautifulSoup) -> None:
        assert "alert('here')" not in str(page.select("script"))
        assert html.count("<script>") == 1
        title = said(page.select_one("#card-2 h2"))
        assert title == 'Siobhán O’Brien-O\'Connor, at Flat "<b>7</b>" & Sons'
        assert "<script>alert('here')</script><!--woda:opened-->" in said(
            section(page, 2, "What is missing")
        )

    def test_a_name_that_runs_from_right_to_left_stands_by_itself(
        self, page: BeautifulSoup
    ) -> None:
        names = [said(name) for name in page.select("#card-2 .people bdi")]
        assert HEBREW in names

    def test_a_long_text_is_there_whole_and_folded(self, page: BeautifulSoup) -> None:
        folded = page.select_one("#card-2 details.whole")
        assert folded is not None and not folded.has_attr("open")
        assert "20,530 characters" in said(folded.summary)
        pieces = folded.select_one(".text")
        assert pieces is not None
        for names in pieces.select(".names"):
            names.decompose()
        assert pieces.get_text() == AWKWARD.texts[0].words

    def test_letters_that_no_page_may_hold_are_shown_as_missing(self) -> None:
        odd = replace(BARE, position=1, of=1, place="3\x00 Nowhere\x1b Row")
        assert "3\ufffd Nowhere\ufffd Row" in pack_page(replace(PACK, cards=(odd,)))

    def test_an_agreements_name_cannot_leave_its_string_in_the_style(self) -> None:
        odd = pack_page(replace(PACK, agreement='x"; } body { display: none } </style>'))
        assert "display: none } </style>" not in odd.replace("&lt;/style&gt;", "")
        assert r"\000022\00003b\000020\00007d" in odd


class TestTheFirstPage:
    def test_the_answer_comes_first(self, page: BeautifulSoup) -> None:
        assert said(page.h1) == "What do we need to know about last night’s incidents?"
        assert said(page.select_one(".say")) == (
            "Three incidents came in. On two a route to the conference is met; on one a child was "
            "there; on two a person has to decide who is who."
        )

    def test_cards_stand_in_their_order_with_their_reasons(self, page: BeautifulSoup) -> None:
        rows = page.select(".cards li")
        assert [said(row.a) for row in rows] == [WHOLE.title, AWKWARD.title, BARE.title]
        assert [a["href"] for row in rows for a in row.select("a")] == [
            "#card-1",
            "#card-2",
            "#card-3",
        ]
        assert [said(reason) for reason in rows[0].select(".because span")] == [
            "Strangulation, or an attempt on a life",
            "A route to the conference is met",
            "More often, or graver, than before",
            "One match needs a person’s eye",
        ]
        assert "No rule of the order is met" in said(rows[2])

    def test_what_is_new_overall_and_what_changed_on_earlier_nights(
        self, page: BeautifulSoup
    ) -> None:
        news, earlier = (part.parent for part in page.select(".night h2")[1:3])
        assert [said(line).partition(":")[0] for line in news.select("li")] == [
            "Corrected by police",
            "Withdrawn by police",
            "Ended. The non-molestation order that binds Rowan ran out on 12 March 2025. card 1",
            "Social care, Clover",
        ]
        assert "Incident 22/388, 14 March 2025: Amber Exemplar (victim)" in said(earlier)
        assert "The roles were swapped" in said(earlier)

    def test_what_is_missing_everywhere_is_told_once(self) -> None:
        overview = look_over(PACK)
        assert [(told.words, told.cards) for told in overview.missing] == [
            ("GP and ambulance: no agreement.", (1, 2, 3))
        ]
        assert overview.missing_on_one == 4 + 1 + 1

    def test_rules_stand_in_the_order_of_the_board(self) -> None:
        backwards = replace(WHOLE, reasons=WHOLE.reasons[::-1])
        told = look_over(replace(PACK, cards=(backwards,))).rules
        assert [each.kind for each in told] == ["strangulation", "route_met", "escalating"]

    def test_a_night_without_incidents_says_so_and_still_tells_of_earlier_ones(self) -> None:
        page = BeautifulSoup(pack_page(replace(PACK, cards=())), "html.parser")
        assert said(page.select_one(".say")) == "No incident came in since yesterday."
        assert page.select("article") == []
        assert "Incident 22/388" in said(page.select_one(".earlier"))


class TestACard:
    def test_who_where_when_and_who_reported_it(self, page: BeautifulSoup) -> None:
        head = page.select_one("#card-1 .head")
        assert said(head.h2) == "Amber Exemplar, at 3 Nowhere Row, Nulford WR99 9ZZ"
        assert [said(fact) for fact in head.select(".meta > span")] == [
            "Sunday 30 March 2025, 22:40",
            "Strangulation",
            "Reported by a neighbour, at 22:58",
            "In the file of 31 March 2025",
            "Nulford",
            "DASH: 11 of 27 yes, two unanswered; the officer’s grade: medium",
            "Outcome so far: under investigation",
        ]
        late = said(page.select_one("#card-3 .meta"))
        assert "Reported Sunday 30 March 2025, 09:00" in late
        assert "DASH not asked" in late

    def test_tags_have_a_shape_and_words(self, page: BeautifulSoup) -> None:
        tags = page.select("#card-1 .tags li")
        assert [said(tag) for tag in tags] == [tag.words for tag in WHOLE.tags]
        shapes = [str(tag.use["href"]) for tag in tags if tag.use]
        assert shapes == ["#i-flag", "#i-flag", "#i-diamond", "#i-half"]

    def test_people_with_their_roles(self, page: BeautifulSoup) -> None:
        people = [said(person) for person in page.select("#card-1 .people > div")]
        assert people == [
            "Victim Amber Exemplar, 34 born 1 May 1990 3 Nowhere Row, Nulford WR99 9ZZ",
            "Perpetrator, former partner Rowan Specimen, 37 born 14 June 1987 also known as "
            "Ron Specimen",
            "Child of the household, there that night Clover Exemplar, 7 born 1 July 2017",
            "Reported it Basil Template, 41",
        ]

    def test_history_in_numbers(self, page: BeautifulSoup) -> None:
        rows = section(page, 1, "History, 24 months").select("tbody tr")
        assert [said(cell) for cell in rows[0].select("th, td")] == [
            "Amber and Rowan", "5", "7", "16", "214", "580", "strangulation",
        ]  # fmt: skip
        notes = said(section(page, 1, "History, 24 months"))
        assert "In one the roles were the other way round." in notes
        assert "Three with Hazel Placeholder, former partner, the last on 4 October 2024" in notes

    def test_flags_with_words_for_and_words_against(self, page: BeautifulSoup) -> None:
        rows = section(page, 1, "Flags, in the words that raised them").select(".flags > li")
        assert [said(row.p) for row in rows] == [
            "Strangulation raised",
            "Harm to a child raised",
            "Alcohol raised, contested",
            "Weapons not raised",
            "Pregnancy not raised",
        ]
        marked = [
            [said(mark) for mark in row.select(f".{side} mark")]
            for row in rows
            for side in ("for", "against")
        ]
        assert marked == [
            ["held her neck"], [],
            ["Daughter on the stairs"], [],
            ["smelled of drink"], ["denies drinking"],
            [], ["knife"],
            [], ["not pregnant"],
        ]  # fmt: skip
        assert "Raised before too, in one incident of this couple, last on 1 June 2024" in said(
            rows[0]
        )
        assert "about somebody else" in said(rows[3])

    def test_children_with_school_safeguarding_lead_and_social_worker(
        self, page: BeautifulSoup
    ) -> None:
        clover, unborn = section(page, 1, "Children").select(".lines > li")
        assert "Nulford Primary, safeguarding lead Mrs Juniper Mockup" in said(clover)
        assert "team North 2, social worker Sorrel Dummy" in said(clover)
        assert said(unborn) == (
            "Not yet born Known from a midwifery booking of Amber, 3 February 2025."
        )

    def test_orders_in_words(self, page: BeautifulSoup) -> None:
        [order] = section(page, 1, "Orders").select(".lines > li")
        assert said(order).startswith("Non-molestation order Ended Breached Ended on 12 March 2025")
        assert "None is known" in said(section(page, 3, "Orders"))

    def test_who_knows_whom_and_what_is_hidden_by_which_clause(self, page: BeautifulSoup) -> None:
        part = section(page, 1, "Who knows whom")
        rows = {
            said(row.th): [said(cell) for cell in row.select("td")]
            for row in part.select(".who tbody tr")
        }
        assert rows["Police"] == [
            "known 8 incidents, last Mar 2025",
            "known 11 incidents, last Mar 2025",
            "not known",
        ]
        assert rows["Midwifery"] == ["hidden", "hidden", "hidden"]
        assert "Conference" not in rows
        assert "Nobody here is known to Conference." in said(part)
        assert "Midwifery: hidden, purposes.triage.uses." in said(part)
        assert "West Mercia Police N1048112" in said(part)

    def test_routes_are_reasons(self, page: BeautifulSoup) -> None:
        rows = [said(row) for row in section(page, 1, "Routes to the conference").select("li")]
        assert rows[0].startswith("Call-outs, 5 in 12 months yes Here: 6. Six call-outs to this")
        assert rows[1] == "DASH, 14 ticks no Here: 11, two unanswered."
        assert "yours" in rows[3]

    def test_how_sure_each_match_is_in_words_and_as_a_probability(
        self, page: BeautifulSoup
    ) -> None:
        rows = section(page, 1, "How sure are the matches").select(".conf")
        assert [said(row.p) for row in rows] == [
            "Amber, 0.998: almost certain",
            "Rowan, 0.94: very likely",
            "Clover, 0.61: possible: a person decides",
        ]
        [lost] = section(page, 2, "How sure are the matches").select(".conf")
        assert said(lost.p) == "Siobhán, not matched"

    def test_the_timeline_is_drawn_twice_and_told_in_words(self, page: BeautifulSoup) -> None:
        part = section(page, 1, "History, 24 months")
        wide, narrow = part.select("svg.fig")
        assert wide["aria-label"] == narrow["aria-label"]
        words = str(wide["aria-label"])
        assert "Amber and Rowan: seven marks, the latest threats to kill, 14 March 2025." in words
        assert "Orders: two bars" in words
        listed = [said(line) for line in part.select("details li")]
        assert len(listed) == len(WHOLE.timeline)
        assert listed[-1] == "Orders: Rowan: licence, since 9 January 2022"

    def test_a_bare_card_says_what_it_does_not_have(self, page: BeautifulSoup) -> None:
        card = page.select_one("#card-3")
        assert said(card.h2) == "Victim not recorded"
        assert card.select("svg.fig") == []
        assert "There is no log and no referral" in said(card)
        assert "Nobody on this card could be matched." in said(card)


def piece(mark: str, text: str) -> Words:
    start = text.index(mark)
    return Words("", mark, "", "log", "1", date(2025, 3, 30), start, start + len(mark))


def test_words_that_raise_one_flag_and_speak_against_another_are_shown_as_raising() -> None:
    text = "He hid the knife. She denies it."
    flags = (
        FlagLine("weapons", "Weapons", "contested", (piece("knife", text),)),
        FlagLine("pets", "Pets", "not_raised", (), (piece("the knife. She denies", text),)),
    )
    assert cut_up(WholeText("1", "log", text), flags) == [
        Piece("He hid "),
        Piece("the ", "against", ("Pets",)),
        Piece("knife", "for", ("Weapons", "Pets")),
        Piece(". She denies", "against", ("Pets",)),
        Piece(" it."),
    ]


def test_words_that_are_not_where_they_should_be_are_left_unmarked() -> None:
    text = "He hid the knife."
    moved = replace(piece("knife", text), start=3, end=8)
    other = replace(piece("knife", text), incident="2")
    flags = (FlagLine("weapons", "Weapons", "raised", (moved, other)),)
    assert cut_up(WholeText("1", "log", text), flags) == [Piece(text)]


def test_the_made_up_long_text_is_as_long_as_a_contract_lets_it_be() -> None:
    assert len(LONG) >= 20_000
