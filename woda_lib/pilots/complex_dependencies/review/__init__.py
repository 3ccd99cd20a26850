"""The list for a human to review: making it, saying how sure it is, and the page it stands on."""

from woda_lib.pilots.complex_dependencies.review.certainty import links_of, newest_of
from woda_lib.pilots.complex_dependencies.review.listing import (
    Listing,
    likes,
    list_size,
    make_list,
    rule_says,
    who_is_told_of,
)
from woda_lib.pilots.complex_dependencies.review.page import card_page, cards, review_page

__all__ = [
    "Listing",
    "card_page",
    "cards",
    "likes",
    "links_of",
    "list_size",
    "make_list",
    "newest_of",
    "review_page",
    "rule_says",
    "who_is_told_of",
]
