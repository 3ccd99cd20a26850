"""Whatever tables hold, `suggest` says in a sentence what is wrong, or what it suggests is read."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from woda_lib.linkage import LinkageSpec, SourceError
from woda_lib.linkage.sources import gather

HEADINGS = (
    "name", "full_name", "first_name", "surname", "dob", "street_name", "house_number", "town",
    "postcode", "zip", "sex", "state", "ref", "id", "source", "entity_id", "Straße", "x",
)  # fmt: skip
DAYS = pd.Timestamp("1950-01-01") + pd.to_timedelta(np.arange(0, 20_000, 37), "D")
VALUES: tuple[st.SearchStrategy[object], ...] = (
    st.sampled_from(["ann", "bob smith", "O'Neil", "Zoë", "", " ", "محمد", "SMITH, John", None]),
    st.sampled_from(["a\ud83d", "x" * 300, "12 High Street", "WR1 2AB", "n/k", "99/99/9999"]),
    st.sampled_from(["m", "f", "M", "unknown", None]),
    st.sampled_from([f"{day:%d/%m/%Y}" for day in DAYS]),
    st.sampled_from([f"{day:%d-%b-%Y}" for day in DAYS]),
    st.sampled_from([f"{year}-05-29" for year in range(1000, 2090)]),
    st.sampled_from([*DAYS, None]),
    st.integers(-5, 10**10),
    st.floats(allow_infinity=True),
    st.booleans(),
    st.just(None),
    st.lists(st.integers(), max_size=1),
)
TYPES = ("category", "string[pyarrow]", "Int64", "datetime64[s]")


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    number = draw(st.sampled_from([1, 2, 5, 30]))
    headings = draw(st.lists(st.sampled_from(HEADINGS), min_size=1, max_size=6, unique=True))
    columns = {}
    for heading in headings:
        values = draw(st.sampled_from(VALUES))
        column = pd.Series(draw(st.lists(values, min_size=number, max_size=number)), dtype=object)
        try:
            columns[heading] = column.astype(draw(st.sampled_from((*TYPES, "object"))))
        except (TypeError, ValueError, OverflowError, UnicodeEncodeError):
            columns[heading] = column  # these values have no such type
    frame = pd.DataFrame(columns)
    if draw(st.booleans()):
        frame["key"] = [f"k{place}" for place in range(number)]
    return frame.set_axis(draw(st.lists(st.integers(0, 3), min_size=number, max_size=number)))


@examples(few=60, many=1_200)
@given(st.lists(tables(), min_size=1, max_size=3))
def test_any_tables(frames: list[pd.DataFrame]) -> None:
    sources = {f"source {place}": frame for place, frame in enumerate(frames)}
    before = {name: frame.copy() for name, frame in sources.items()}
    try:
        spec = LinkageSpec.suggest(sources, quiet=True)
    except SourceError as error:
        assert str(error).endswith((".", ")"))
    else:
        records = gather(sources, spec)
        assert len(records) == sum(map(len, frames))
        assert LinkageSpec.from_dict(spec.model_dump(by_alias=True)).rules == spec.rules
    for name, frame in sources.items():
        pd.testing.assert_frame_equal(frame, before[name])
