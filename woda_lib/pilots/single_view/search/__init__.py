"""Finding a resident by whatever is known of them, however it is spelled."""

from woda_lib.pilots.single_view.search.finding import NumberOf, Search
from woda_lib.pilots.single_view.search.index import Index, build_index
from woda_lib.pilots.single_view.search.terms import Terms, TermsError, read_terms

__all__ = [
    "Index",
    "NumberOf",
    "Search",
    "Terms",
    "TermsError",
    "build_index",
    "read_terms",
]
