"""Texts in the order of their code points, told from their first letters where these differ."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from woda_lib.linkage.text_order import order_of_texts

LETTERS = st.text(alphabet="\0aå水\U0001f600", max_size=12)


@given(texts=st.lists(LETTERS, max_size=40), begins=st.sampled_from(["", "a", "10012000", "水"]))
@example(texts=["a\0", "a", "", "\0"], begins="")
@example(texts=[], begins="")
def test_texts_come_in_the_order_of_their_code_points_and_equal_ones_as_they_stand(texts, begins):
    given_texts = [begins + each for each in texts]
    order = order_of_texts(pa.array(given_texts, pa.string())).tolist()
    assert order == sorted(range(len(texts)), key=lambda place: (given_texts[place], place))


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_a_part_of_a_longer_column_is_sorted_by_its_own_texts(kind):
    whole = pa.array(["zz", "b" * 9 + "2", "b" * 9 + "1", "a", "b" * 9 + "1", "zz"], kind)
    assert order_of_texts(whole[1:5]).tolist() == [2, 1, 3, 0]


@pytest.mark.parametrize("longest", [10, 16, 24])
def test_where_most_begin_alike_what_comes_next_tells(longest):
    texts = [("x", "y")[n % 2] + f"{n * 37 % 101:012}{'z' * longest}"[:longest] for n in range(101)]
    texts += ["x" + "0" * 8, "y\0", "x", texts[7], texts[7] + "\0"]
    order = order_of_texts(pa.array(texts)).tolist()
    assert order == sorted(range(len(texts)), key=lambda place: (texts[place], place))


def test_where_most_begin_alike_all_are_compared_letter_by_letter():
    texts = [f"a{side}{'same to here':>20}{n % 7}" for n in range(50) for side in "ab"]
    order = order_of_texts(pa.array(texts)).tolist()
    assert order == sorted(range(len(texts)), key=lambda place: (texts[place], place))
