"""Looking somebody up in JupyterLab: a reason first, then a search, its hits, and one page.

Nothing is shown before a reason is given, and every search and every page is on the record before
it is shown. What was typed and what was found stays in this session: a saved notebook holds none
of it, and a scheduled run refuses the panel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import ipywidgets as widgets

from woda_lib.errors import WodaError
from woda_lib.pilots.single_view.person.errors import PersonError
from woda_lib.pilots.single_view.person.words import plain, say_day
from woda_lib.settings import in_a_run

FIELDS = {
    "name": ("Name", "forename and surname, in any order; a nickname or a near spelling will do"),
    "born": ("Birth date", "4 May 1991, 1991-05-04, May 1991 or 1991"),
    "address": ("Address", "now or before: house, street or postcode"),
    "number": ("Number", "as one partner knows the person: NHS number, tenancy, pupil …"),
}
"""What can be searched by: key, label and what may be typed."""

# The colours are JupyterLab's own, so that the panel follows its light and dark themes.
STYLE = """
<style>
.woda-look { color: var(--jp-ui-font-color1, #212121); font-size: 14px; line-height: 1.45; }
.woda-look p { margin: 4px 0; }
.woda-look small { font-size: 13px; color: var(--jp-ui-font-color2, #616161); }
.woda-look .woda-said { font-weight: 700; }
.woda-look iframe { width: 100%; height: 78vh; min-height: 24rem; margin-top: 8px;
  border: 1px solid var(--jp-border-color2, #bdbdbd); background: #fff; }
</style>
"""


@dataclass(frozen=True)
class Hit:
    """Somebody whom a search found.

    Attributes
    ----------
    entity_id
        The identifier.
    says
        Name and birth date, as the best view has them.
    lives
        The address.
    why
        What of the search agrees, and how.
    """

    entity_id: str
    says: str
    lives: str
    why: str


Search = Callable[[dict[str, str], str], Sequence[Hit]]
"""From what was typed, and the reason, to hits, the best first; put on the record inside."""

ShowPage = Callable[[str, date, str], str]
"""From an identifier, the day of the second household and the reason to a page of HTML."""


class LookUpPanel(widgets.VBox):
    """One worker's look-ups.

    Parameters
    ----------
    search, show
        What finds and what shows; both record the look-up and may refuse it.
    purpose, agreement
        For what and under which.
    then
        The day of the second household, to begin with.

    Attributes
    ----------
    reason : ipywidgets.Textarea
        What the look-up is for; without it nothing can be searched.
    boxes : dict of str to ipywidgets.Text
        By key of `FIELDS`.
    day : ipywidgets.DatePicker
        The day of the second household.
    find, clear : ipywidgets.Button
        `clear` takes everything off the screen.
    hits : ipywidgets.VBox
        A button a hit, with its reasons beside it.
    """

    def __init__(
        self, search: Search, show: ShowPage, *, purpose: str, agreement: str, then: date
    ) -> None:
        _refuse_in_a_run()
        self._search, self._show = search, show
        self.looked_up = 0
        wide = widgets.Layout(width="min(100%, 44rem)")
        self.reason = widgets.Textarea(
            description="Reason",
            style={"description_width": "6rem"},
            placeholder="who asked, and what the record is needed for; name nobody here",
            layout=widgets.Layout(width="min(100%, 44rem)", height="56px"),
            continuous_update=True,
        )
        self.boxes = {
            key: widgets.Text(
                description=label,
                placeholder=hint,
                layout=wide,
                style={"description_width": "6rem"},
                continuous_update=True,
            )
            for key, (label, hint) in FIELDS.items()
        }
        self.day = widgets.DatePicker(
            description="Household on", value=then, style={"description_width": "6rem"}
        )
        self.find = _button("Search", "Finds people; the search is recorded", "search")
        self.clear = _button("Clear", "Takes everything off the screen", "times")
        self.hits = widgets.VBox()
        self._status, self._page = widgets.HTML(), widgets.HTML()
        self.find.on_click(lambda button: self._find())
        self.clear.on_click(lambda button: self._clear())
        for each in (self.reason, *self.boxes.values()):
            each.observe(lambda change: self._allow(), names="value")
        head = widgets.HTML(
            f'{STYLE}<div class="woda-look"><p><b>1. What for?</b> Purpose: '
            f"{escape(plain(purpose))}, agreement {escape(plain(agreement))}. The reason goes on "
            "the audit log before anything is shown.</p></div>"
        )
        whom = widgets.HTML('<div class="woda-look"><p><b>2. Whom?</b> One line will do.</p></div>')
        row = widgets.HBox(
            [self.find, self.clear], layout=widgets.Layout(flex_flow="row wrap", margin="4px 0")
        )
        super().__init__(
            [head, self.reason, whom, *self.boxes.values(), self.day, row, self._status, self.hits,
             self._page],
            layout=widgets.Layout(max_width="80rem", padding="4px"),
        )  # fmt: skip
        self._allow()
        self._say("Give a reason, and whom to look for.")

    def __repr__(self) -> str:
        """Keep people out of what a saved notebook holds of this widget."""
        return f"Look-up of people: {self.looked_up} shown in this session"

    @property
    def wanted(self) -> dict[str, str]:
        """What was typed, by key; what is empty is left out."""
        typed = {key: box.value.strip() for key, box in self.boxes.items()}
        return {key: text for key, text in typed.items() if text}

    def _allow(self) -> None:
        """Let people be searched for once there is a reason and something to go by."""
        self.find.disabled = not (self.reason.value.strip() and self.wanted)

    def _find(self) -> None:
        """Search, on the record, and offer what was found."""
        self._page.value, self.hits.children = "", ()
        try:
            self._require_reason()
            found = self._search(self.wanted, self.reason.value)
        except WodaError as refusal:
            self._say(f"<b>Not searched.</b> {escape(str(refusal))}")
            return
        if not found:
            self._say(
                "Nobody was found. Try fewer lines: a surname and a year of birth, or a partner’s "
                "number. Somebody whom no partner shares is not here."
            )
            return
        self.hits.children = tuple(self._offered(hit, place) for place, hit in enumerate(found, 1))
        count = "One person" if len(found) == 1 else f"{len(found)} people"
        self._say(f"{count} found, the most likely first. Choose one: that is recorded too.")

    def _offered(self, hit: Hit, place: int) -> widgets.VBox:
        button = _button(f"{place}. {hit.says}", "Shows this person’s page; recorded", "user")
        button.layout.max_width = "100%"
        button.on_click(lambda pressed, hit=hit: self._choose(hit))
        where = f"<p>{escape(hit.lives or 'Address not known')}</p>"
        why = widgets.HTML(
            f'<div class="woda-look">{where}<p><small>{escape(hit.why)}</small></p></div>'
        )
        return widgets.VBox([button, why], layout=widgets.Layout(margin="0 0 8px"))

    def _choose(self, hit: Hit) -> None:
        """Show a person's page, on the record."""
        self._page.value = ""
        try:
            self._require_reason()
            page = self._show(
                hit.entity_id, self.day.value or date.today(), self.reason.value.strip()
            )
        except WodaError as refusal:
            self._say(f"<b>Not shown.</b> {escape(str(refusal))}")
            return
        self.looked_up += 1
        self._page.value = (
            f'<div class="woda-look"><iframe title="Page of {escape(hit.says)}" sandbox="" '
            f'referrerpolicy="no-referrer" srcdoc="{escape(page)}"></iframe></div>'
        )
        self._say(
            f"Shown: {escape(hit.says)}; household also as of {say_day(self.day.value)}. "
            "Clear takes it off the screen."
        )

    def _clear(self) -> None:
        for box in (self.reason, *self.boxes.values()):
            box.value = ""
        self._page.value, self.hits.children = "", ()
        self._say("Give a reason, and whom to look for.")

    def _require_reason(self) -> None:
        if not self.reason.value.strip():
            raise PersonError("A look-up needs its reason first: say what the record is for.")

    def _say(self, sentence: str) -> None:
        self._status.value = f'<div class="woda-look" role="status"><p>{sentence}</p></div>'


def _refuse_in_a_run() -> None:
    if in_a_run():
        raise PersonError(
            "The panel shows people's records, and a scheduled run records all that it shows. Open "
            "the notebook in JupyterLab, or give the run the parameter person, an identifier: its "
            "page is then kept encrypted."
        )


def _button(text: str, tooltip: str, icon: str) -> widgets.Button:
    size = widgets.Layout(width="auto", min_width="7rem", height="36px")
    return widgets.Button(description=text, tooltip=tooltip, icon=icon, layout=size)
