"""Clerical review in JupyterLab: one pair at a time, three buttons, every decision kept at once.

The widget works on the same file as `review.write_review`: who begins here may go on in a
spreadsheet, and `review.read_review` reads the outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd

from woda_lib.linkage.decisions import PAIR
from woda_lib.linkage.errors import DecisionError, LinkageError
from woda_lib.linkage.result import LinkageResult
from woda_lib.linkage.review import review_pairs
from woda_lib.linkage.review_markup import STYLE, pair_markup
from woda_lib.linkage.review_sheet import REVIEWED, new_sheet, read_sheet, write_sheet
from woda_lib.settings import in_a_run

_SAID = {"must_link": "must link", "cannot_link": "cannot link", "undecided": "undecided"}


class ReviewWidget(widgets.VBox):
    """One reviewer's review.

    The reviewer sees two records side by side with their differences marked, and neither the match
    probability nor what anybody else decided. A decision is in the file before the next pair
    is shown; whoever opens the review again goes on at the first pair that is not decided.

    Parameters
    ----------
    path
        The reviewer's file, as `review.write_review` writes it.
    kinds
        Field to kind, of the fields to show.
    shown
        What to show of each pair where the file does not hold it; see `of_pairs`.

    Attributes
    ----------
    must_link, cannot_link, undecided, later, back : ipywidgets.Button
        ``later`` leaves the pair for the end, ``back`` returns to the pair before.
    reason : ipywidgets.Text
        Kept with the decision.
    position : int
        Row of the pair that is shown; the number of pairs once all are decided.
    """

    def __init__(
        self, path: str | Path, kinds: Mapping[str, str], shown: pd.DataFrame | None = None
    ) -> None:
        _refuse_in_a_run()
        self._path = Path(path)
        self._kinds = dict(kinds)
        self._shown = {} if shown is None else shown.set_index(PAIR).to_dict("index")
        self._sheet = read_sheet(self._path)
        self.position = self._next_open(0)
        self._page = widgets.HTML()
        self._status = widgets.HTML()
        self.reason = widgets.Text(
            description="Reason",
            placeholder="optional, for those who come after you",
            layout=widgets.Layout(width="min(100%, 36rem)", margin="8px 0"),
            style={"description_width": "initial"},
        )
        self.must_link = _button("Must link", "The two records are about one", "link")
        self.cannot_link = _button(
            "Cannot link", "The two records are about different ones", "unlink"
        )
        self.undecided = _button("Undecided", "It cannot be told from these records", "question")
        self.back = _button("Back", "Return to the pair before", "arrow-left")
        self.later = _button("Later", "Leave this pair for the end", "clock-o")
        for decision in _SAID:
            getattr(self, decision).on_click(
                lambda button, decision=decision: self._decide(decision)
            )
        self.back.on_click(lambda button: self._go(self.position - 1))
        self.later.on_click(lambda button: self._go(self._next_open(self.position + 1)))
        self.back.layout.margin = "2px 2px 2px 24px"  # apart from the decisions
        buttons = [self.must_link, self.cannot_link, self.undecided, self.back, self.later]
        row = widgets.HBox(buttons, layout=widgets.Layout(flex_flow="row wrap"))
        super().__init__(
            [self._page, self._status, self.reason, row],
            layout=widgets.Layout(max_width="60rem", padding="4px"),
        )
        self._show()

    @classmethod
    def begin(
        cls, result: LinkageResult, path: str | Path, *, by: str, n: int = 50, seed: int = 0
    ) -> ReviewWidget:
        """Ask a reviewer for the pairs of a linkage that are worth most, or go on with a review.

        Parameters
        ----------
        result
            The linkage.
        path
            The reviewer's file. It is made where it is missing; where it is there, its decisions
            stand, and pairs that it does not have yet are added at its end.
        by
            The reviewer, as decisions shall name them.
        n, seed
            How many pairs (see `review.review_pairs`), and of their order.

        Raises
        ------
        LinkageError
            In a scheduled run: what is shown there is recorded, and this shows people's records.
        DecisionError
            The file is another reviewer's, or cannot be read.
        """
        _refuse_in_a_run()
        path = Path(path)
        asked = new_sheet(review_pairs(result, n), by=by, seed=seed)
        if path.exists():
            asked = _continued(read_sheet(path), asked, path, by)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_sheet(asked, path)
        kinds = {name: result.spec.kinds[name] for name in result.spec.comparison_names}
        return cls(path, kinds)

    @classmethod
    def of_pairs(
        cls,
        pairs: pd.DataFrame,
        kinds: Mapping[str, str],
        path: str | Path,
        *,
        by: str,
        seed: int = 0,
    ) -> ReviewWidget:
        """Ask a reviewer for pairs that were chosen before; their file names nobody.

        Parameters
        ----------
        pairs
            As `review.review_pairs` writes them. What both records say is kept in this session
            alone: the file holds the pairs' identifiers and the decisions.
        kinds
            Field to kind, of the fields to show.
        path, by, seed
            See `begin`.

        Raises
        ------
        LinkageError, DecisionError
            See `begin`.
        """
        _refuse_in_a_run()
        path = Path(path)
        sheet = new_sheet(pairs, by=by, seed=seed)
        asked = sheet[REVIEWED]
        if path.exists():
            asked = _continued(read_sheet(path), asked, path, by)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_sheet(asked, path)
        return cls(path, kinds, sheet.drop(columns=["decision", "by", "reason"]))

    def __repr__(self) -> str:
        """Keep the records out of what a saved notebook holds of this widget."""
        return f"Clerical review: {self.decided} of {len(self._sheet)} pairs decided"

    @property
    def decided(self) -> int:
        """How many pairs have a decision."""
        return int((self._sheet["decision"] != "").sum())

    def _decide(self, decision: str) -> None:
        """Keep a decision in the file, as it stands by now, and show the next open pair."""
        pair = self._sheet[PAIR].iloc[self.position]
        try:
            sheet = read_sheet(self._path)
            here = (sheet[PAIR] == pair).all(axis=1)
            if not here.any():
                raise DecisionError(f"{self._path} has lost this pair. Open the review again.")
            sheet.loc[here, ["decision", "reason"]] = [decision, self.reason.value.strip()]
            write_sheet(sheet, self._path)
        except (OSError, DecisionError) as failure:
            self._say(f"<b>Not saved.</b> {escape(str(failure))}")
            return
        self._sheet = sheet
        self._go(self._next_open(self.position + 1))

    def _next_open(self, start: int) -> int:
        """The first pair without a decision from `start` on, then from the beginning."""
        open_pairs = np.flatnonzero((self._sheet["decision"] == "").to_numpy())
        if not len(open_pairs):
            return len(self._sheet)
        after = open_pairs[open_pairs >= start]
        return int(after[0] if len(after) else open_pairs[0])

    def _go(self, position: int) -> None:
        self.position = min(max(position, 0), len(self._sheet))
        self._show()

    def _show(self) -> None:
        """Show the pair at `position`, or that there is none left."""
        total, ended = len(self._sheet), self.position == len(self._sheet)
        row: dict[Any, Any] = {} if ended else self._row(self.position)
        at = "All pairs are decided" if ended else f"Pair {self.position + 1} of {total}"
        body = f"<p>{_what_next(self._path)}</p>" if ended else pair_markup(row, self._kinds)
        self._page.value = (
            f'{STYLE}<div class="woda-review">'
            f'<p class="woda-at" role="status"><b>{at}</b> <span>{self.decided} of {total} decided'
            f'</span></p><progress aria-label="pairs decided" value="{self.decided}" '
            f'max="{max(total, 1)}"></progress>{body}</div>'
        )
        self.reason.value = row.get("reason", "")
        for each in (self.must_link, self.cannot_link, self.undecided, self.reason, self.later):
            each.disabled = ended
        self.back.disabled = self.position == 0
        if ended:
            self._say("")
        elif row["decision"]:
            self._say(f"You decided: <b>{_SAID[row['decision']]}</b>.")
        else:
            self._say("Not decided yet.")

    def _row(self, position: int) -> dict[Any, Any]:
        """One pair with its decision; what is shown of it may have gone since, with its records."""
        row = self._sheet.loc[position].to_dict()
        shown = self._shown.get(tuple(row[name] for name in PAIR), {})
        sides = ("left", "differs", "right")
        nothing = {f"{name}_{side}": "" for name in self._kinds for side in sides}
        return nothing | shown | row

    def _say(self, sentence: str) -> None:
        self._status.value = f'<div class="woda-review" role="status">{sentence}</div>'


def _continued(kept: pd.DataFrame, asked: pd.DataFrame, path: Path, by: str) -> pd.DataFrame:
    """Add to a review that was begun the pairs that it does not have, whichever side they stand."""
    if (kept["by"] != by).any():
        raise DecisionError(
            f"{path} is the review of somebody other than {by}. Give each reviewer a file of "
            f"their own, so that neither sees what the other decided."
        )
    turned = kept[[*PAIR[2:], *PAIR[:2]]].set_axis(PAIR, axis=1)
    known = pd.MultiIndex.from_frame(pd.concat([kept[PAIR], turned]))
    new = ~pd.MultiIndex.from_frame(asked[PAIR]).isin(known)
    return pd.concat([kept, asked[new]], ignore_index=True).fillna("")


def _what_next(path: Path) -> str:
    return (
        f"Thank you. Your decisions are in <code>{escape(str(path))}</code>. When the other "
        f"reviewer is done, <code>compare_reviews</code> says where you agree. <b>Back</b> "
        f"returns to a pair to change it."
    )


def _refuse_in_a_run() -> None:
    if in_a_run():
        raise LinkageError(
            "A clerical review shows people's records, and a scheduled run records all that it "
            "shows. Open the notebook in JupyterLab and review there."
        )


def _button(text: str, tooltip: str, icon: str) -> widgets.Button:
    size = widgets.Layout(width="auto", min_width="7rem", height="36px")
    return widgets.Button(description=text, tooltip=tooltip, icon=icon, layout=size)
