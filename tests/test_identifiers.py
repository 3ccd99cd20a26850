"""The NHS number's check digit, by the data dictionary's own example."""

from woda_lib.identifiers import valid_nhs_numbers


def test_the_published_example_is_valid_and_its_neighbours_are_not():
    # 9x10 + 4x9 + 3x8 + 4x7 + 7x6 + 6x5 + 5x4 + 9x3 + 1x2 = 299; 299 mod 11 = 2; 11 - 2 = 9
    assert valid_nhs_numbers(["9434765919", "9434765918", "943476591"]).tolist() == [
        True,
        False,
        False,
    ]


def test_a_remainder_of_nought_is_written_nought_and_of_one_is_never_issued():
    #  1x10 + 1x1... : 100000000 -> 10 mod 11 = 10 -> 1;  000000000 -> 0 -> 11 -> 0
    assert valid_nhs_numbers(["1000000001", "0000000000"]).tolist() == [True, True]
    # 600000000 -> 60 mod 11 = 5 -> 6;  010000000: 9 -> 2;  000000006: 12 mod 11 = 1 -> 10, none
    assert not valid_nhs_numbers([f"000000006{digit}" for digit in range(10)]).any()


def test_what_is_not_ten_plain_digits_is_not_one():
    assert not valid_nhs_numbers(["", "943 476 5919", "x434765919", "٩٤٣٤٧٦٥٩١٩"]).any()


def test_half_a_letter_that_an_export_tore_is_no_number_and_spoils_no_other():
    assert valid_nhs_numbers(["9434765919", "\ud800", "Zoë"]).tolist() == [True, False, False]
