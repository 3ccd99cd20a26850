"""How well each home of a person is supported: words in, a row a piece of time and home out."""

import numpy as np
import pandas as pd

from woda_lib.pilots.single_view.homes.support import supports


def _words(*rows):
    """Words about one person: property, dataset, first day, last day, trust, half-life."""
    table = pd.DataFrame(rows, columns=["u", "d", "starts", "ends", "trust", "half"])
    return table.astype({"trust": np.float32, "half": np.float32}).assign(e=0)


def _told(words, until):
    return supports(words, until=until)[["day", "u", "support", "first", "datasets"]]


def test_time_is_cut_where_a_word_begins_or_ends_and_on_the_last_day():
    found = _told(_words((7, 0, 100, 200, 0.5, np.inf), (8, 1, 150, 1000, 0.25, np.inf)), 300)
    assert found[["day", "u", "support"]].values.tolist() == [
        [100, 7, 0.5],
        [150, 7, 0.5],
        [150, 8, 0.25],
        [200, 8, 0.25],
        [300, 8, 0.25],
    ]


def test_a_word_weighs_half_after_its_half_life():
    found = _told(_words((7, 0, 0, 1000, 0.5, 100)), 200)
    assert found["support"].tolist() == [0.5, 0.5 / 2**2]


def test_two_rows_of_one_dataset_are_one_voice_that_of_the_later():
    found = _told(_words((7, 0, 0, 900, 0.5, 100), (7, 0, 100, 1000, 0.5, 100)), 100)
    last = found.iloc[-1]
    assert (last["support"], last["first"], last["datasets"]) == (0.5, 0, 1)


def test_two_datasets_are_two_voices_and_of_homes_as_good_the_one_that_was_named_last_leads():
    words = _words(
        (7, 0, 0, 1000, 0.25, np.inf), (7, 1, 0, 1000, 0.25, np.inf), (8, 2, 50, 1000, 0.5, np.inf)
    )
    found = _told(words, 50)
    assert found[found["day"] == 50].values.tolist() == [[50, 8, 0.5, 50, 1], [50, 7, 0.5, 0, 2]]


def test_a_piece_of_which_nobody_speaks_has_no_home():
    found = _told(_words((7, 0, 0, 10, 0.5, np.inf), (8, 0, 20, 30, 0.5, np.inf)), 25)
    assert found[["day", "u"]].values.tolist() == [[0, 7], [10, -1], [20, 8], [25, 8]]
    assert np.isnan(found["support"].iloc[1])


def test_there_is_room_for_however_many_homes_at_one_time():
    words = _words(*((home, home, 0, 100 + home, 0.5, np.inf) for home in range(20)))
    found = _told(words, 150)
    assert found.groupby("day").size().tolist() == [20, *range(19, 0, -1), 1, 1]
