"""Deciding in JupyterLab: a household after the other, a decision, a reason, kept at once.

What is shown stays in this session: a saved notebook holds none of it, and a run shows no panel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from woda_lib.errors import WodaError
from woda_lib.pilots.complex_dependencies.errors import ReviewError
from woda_lib.pilots.complex_dependencies.overrides.choices import AGREE, DECISIONS, REASONS
from woda_lib.pilots.complex_dependencies.overrides.files import read_decisions, write_decision
from woda_lib.pilots.complex_dependencies.overrides.remarks import Named
from woda_lib.settings import in_a_run

# The colours are JupyterLab's own, so that the panel follows its light and dark themes.
STYLE = """
<style>
.woda-override { color: var(--jp-ui-font-color1, #212121); font-size: 14px; line-height: 1.45; }
.woda-override p { margin: 4px 0; }
.woda-override iframe { width: 100%; height: 60vh; min-height: 22rem; margin-top: 4px;
  border: 1px solid var(--jp-border-color2, #bdbdbd); background: #fff; }
</style>
"""
_NONE = ("no reason needed", "")


class OverridePanel(widgets.VBox):
    """One caseworker's decisions about a list.

    Parameters
    ----------
    households
        Identifiers, in the order of the list.
    show
        From an identifier to a page of HTML.
    path
        The caseworker's file; see `files`.
    list_of
        The day of the list.
    by
        The caseworker.
    named
        What a remark may not hold.
    record
        Called with a sentence before a decision is kept, to put it on the audit log.

    Attributes
    ----------
    decision : ipywidgets.ToggleButtons
        None is chosen to begin with, so that agreeing takes as much as disagreeing.
    reason : ipywidgets.Dropdown
    remark : ipywidgets.Textarea
    keep, back, later : ipywidgets.Button
    position : int
        The household that is shown; how many there are, once all are decided.
    """

    def __init__(
        self,
        households: Sequence[str],
        show: Callable[[str], str],
        *,
        path: Path,
        list_of: date,
        by: str,
        named: Named,
        record: Callable[[str], None],
    ) -> None:
        _refuse_in_a_run()
        self._households, self._show = list(households), show
        self._path, self._list_of, self._by = path, list_of, by
        self._named, self._record = named, record
        self._decided = self._kept()
        self.position = self._next_open(0)
        self._page, self._status = widgets.HTML(), widgets.HTML()
        self.decision = widgets.ToggleButtons(
            options=[(said, code) for code, said in DECISIONS.items()],
            value=None,
            style={"button_width": "auto"},
        )
        wide = widgets.Layout(width="min(100%, 44rem)")
        style = {"description_width": "5rem"}
        self.reason = widgets.Dropdown(
            description="Reason", options=[_NONE], layout=wide, style=style
        )
        self.remark = widgets.Textarea(
            description="Remark",
            placeholder="optional; name nobody: no name, address or number",
            layout=widgets.Layout(width="min(100%, 44rem)", height="56px"),
            style=style,
        )
        self.keep = _button("Keep", "Keeps the decision at once", "check")
        self.back = _button("Back", "Returns to the household before", "arrow-left")
        self.later = _button("Later", "Leaves this household for the end", "clock-o")
        self.decision.observe(lambda change: self._offer(), names="value")
        self.keep.on_click(lambda button: self._keep())
        self.back.on_click(lambda button: self._go(self.position - 1))
        self.later.on_click(lambda button: self._go(self._next_open(self.position + 1)))
        buttons = widgets.HBox(
            [self.keep, self.back, self.later], layout=widgets.Layout(flex_flow="row wrap")
        )
        super().__init__(
            [self._page, self._status, self.decision, self.reason, self.remark, buttons],
            layout=widgets.Layout(max_width="64rem", padding="4px"),
        )
        self._go(self.position)

    def __repr__(self) -> str:
        """Keep what is shown out of a saved notebook."""
        return f"Decisions about a list: {len(self._decided)} of {len(self._households)} households"

    def _kept(self) -> dict[str, dict[Any, Any]]:
        """What this caseworker has decided about this list, by household."""
        if not self._path.exists():
            return {}
        mine = read_decisions([self._path]).in_force
        mine = mine[mine["list_of"].dt.date.eq(self._list_of) & mine["by"].eq(self._by)]
        known = mine[mine["household_id"].isin(self._households)]
        return known.set_index("household_id").to_dict("index")

    def _offer(self) -> None:
        """Offer the reasons of the decision that is chosen."""
        chosen = self.decision.value
        them = [(said, code) for code, said in REASONS.get(str(chosen), {}).items()]
        self.reason.options = [_NONE, *them] if chosen in (AGREE, None) else them
        self.reason.value = self.reason.options[0][1]
        self.keep.disabled = chosen is None

    def _keep(self) -> None:
        """Put the decision on the record, write it down, and show the next household."""
        household, decision = self._households[self.position], self.decision.value
        if decision is None:
            self._say("Choose a decision first.")
            return
        remark = " ".join(self.remark.value.split())
        if why := self._named.why(remark):
            self._say(f"<b>Not kept.</b> {escape(why)}")
            return
        try:
            self._record(f"{household} on the list of {self._list_of}: {decision}, by {self._by}")
            write_decision(
                self._path,
                list_of=self._list_of,
                household_id=household,
                decision=decision,
                reason=self.reason.value or "",
                remark=remark,
                by=self._by,
                on=datetime.now(UTC).replace(tzinfo=None),
            )
        except (OSError, WodaError) as failure:
            self._say(f"<b>Not kept.</b> {escape(str(failure))}")
            return
        self._decided = self._kept()
        self._go(self._next_open(self.position + 1))

    def _next_open(self, start: int) -> int:
        """The first household without a decision from `start` on, then from the beginning."""
        numbers = [n for n, each in enumerate(self._households) if each not in self._decided]
        return next(
            (n for n in numbers if n >= start), numbers[0] if numbers else len(self._households)
        )

    def _go(self, position: int) -> None:
        self.position = min(max(position, 0), len(self._households))
        ended = self.position == len(self._households)
        household = "" if ended else self._households[self.position]
        at = (
            "Every household is decided."
            if ended
            else f"Household {self.position + 1} of {len(self._households)}"
        )
        body = "" if ended else (
            f'<iframe title="The household" sandbox srcdoc="{escape(self._show(household))}">'
            "</iframe>"
        )  # fmt: skip
        self._page.value = (
            f'{STYLE}<div class="woda-override"><p role="status"><b>{at}</b> '
            f"{len(self._decided)} decided.</p>{body}</div>"
        )
        before = self._decided.get(household, {})
        self.decision.value = before.get("decision")
        self._offer()
        if before:
            self.reason.value = before["reason"]
        self.remark.value = str(before.get("remark", ""))
        for each in (self.decision, self.reason, self.remark, self.later):
            each.disabled = ended
        self.keep.disabled = ended or self.decision.value is None
        self.back.disabled = self.position == 0
        said = DECISIONS.get(str(before.get("decision")), "")
        self._say(f"You decided: <b>{said}</b>." if said else "")

    def _say(self, sentence: str) -> None:
        self._status.value = f'<div class="woda-override" role="status">{sentence}</div>'


def _refuse_in_a_run() -> None:
    if in_a_run():
        raise ReviewError(
            "The panel shows households, and a run records all that it shows. Open the notebook in "
            "JupyterLab, or fill in the form."
        )


def _button(text: str, tooltip: str, icon: str) -> widgets.Button:
    size = widgets.Layout(width="auto", min_width="7rem", height="36px")
    return widgets.Button(description=text, tooltip=tooltip, icon=icon, layout=size)
