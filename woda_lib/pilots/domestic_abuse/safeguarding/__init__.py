"""Who went missing, who already knew them, and what was done when they came back."""

from woda_lib.pilots.domestic_abuse.safeguarding.episodes import born_on, episodes, went_again
from woda_lib.pilots.domestic_abuse.safeguarding.history import (
    domestic_abuse,
    known_before,
    who_knew,
)
from woda_lib.pilots.domestic_abuse.safeguarding.interviews import (
    in_time_chart,
    in_time_over_time,
    in_time_picture,
    interviews_after,
)
from woda_lib.pilots.domestic_abuse.safeguarding.listing import hub_list, with_names
from woda_lib.pilots.domestic_abuse.safeguarding.loading import Rows, load_rows
from woda_lib.pilots.domestic_abuse.safeguarding.page import hub_page
from woda_lib.pilots.domestic_abuse.safeguarding.people import enough, people_of, share
from woda_lib.pilots.domestic_abuse.safeguarding.responses import contacts_after, exploitation
from woda_lib.pilots.domestic_abuse.safeguarding.tables import (
    abuse_links,
    against_truth,
    agencies_that_knew,
    by_group,
    decisions_table,
    how_many_knew,
    how_often,
    in_time_by,
    interview_checks,
    interview_states,
    left_out,
    referrals_table,
)

__all__ = [
    "Rows",
    "abuse_links",
    "against_truth",
    "agencies_that_knew",
    "born_on",
    "by_group",
    "contacts_after",
    "decisions_table",
    "domestic_abuse",
    "enough",
    "episodes",
    "exploitation",
    "how_many_knew",
    "how_often",
    "hub_list",
    "hub_page",
    "in_time_by",
    "in_time_chart",
    "in_time_over_time",
    "in_time_picture",
    "interview_checks",
    "interview_states",
    "interviews_after",
    "known_before",
    "left_out",
    "load_rows",
    "people_of",
    "referrals_table",
    "share",
    "went_again",
    "who_knew",
    "with_names",
]
