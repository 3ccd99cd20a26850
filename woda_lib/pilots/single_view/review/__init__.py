"""Which matches need a person's eye, in which order, and what people's decisions are worth."""

from woda_lib.pilots.single_view.review.page import review_page
from woda_lib.pilots.single_view.review.panel import review_panel
from woda_lib.pilots.single_view.review.pictures import worth_curve
from woda_lib.pilots.single_view.review.queue import waiting
from woda_lib.pilots.single_view.review.side_by_side import KINDS, side_by_side
from woda_lib.pilots.single_view.review.tables import (
    by_reason,
    decided_table,
    finding,
    headline,
    hours_table,
    learned,
    right_table,
)

__all__ = [
    "KINDS",
    "by_reason",
    "decided_table",
    "finding",
    "headline",
    "hours_table",
    "learned",
    "review_page",
    "review_panel",
    "right_table",
    "side_by_side",
    "waiting",
    "worth_curve",
]
